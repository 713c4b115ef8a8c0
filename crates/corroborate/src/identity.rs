use model::{Digest, Report};

/// What tells reports apart and puts them in order, whatever number they were given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Identity(pub(crate) [u8; 16]);

impl Identity {
    pub(crate) fn of(report: &Report) -> Identity {
        let known = &report.metadata;
        let published = known.published.map(|day| day.to_string());
        let parts = [
            Some(&known.id),
            known.outlet.as_ref(),
            published.as_ref(),
            known.url.as_ref(),
            known.title.as_ref(),
        ];
        let mut bytes = report.text.original().as_bytes().to_vec();
        bytes.extend_from_slice(Digest::of(report.text.read().as_bytes()).as_bytes());
        for part in parts {
            bytes.extend_from_slice(part.map_or("", |part| part.as_str()).as_bytes());
            bytes.push(0);
        }
        let mut first = [0; 16];
        first.copy_from_slice(&Digest::of(&bytes).as_bytes()[..16]);
        Identity(first)
    }
}
