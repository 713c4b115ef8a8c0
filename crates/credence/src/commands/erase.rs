use std::io::Write as _;

use anyhow::bail;
use model::Digest;
use preserve::log::check_reason;

use super::{Desk, Outcome};
use crate::cli::Erase;
use crate::corroborating::{Stories, corroborate};
use crate::record::Record;
use crate::{clock, parallel};

/// What does not go with an original.
const LEFT_OF_THE_WEB: &str = "it came over the web, and no command removes these:
- its address, in the queue (record.db), so that it is not fetched again
- redirects that led to it, in originals/
- feeds, sitemaps and pages that name it, in originals/, with what they say of it; a feed may hold the whole text
docs/formats/record.md, section 5, says how to be rid of them";

/// Removes one original for good.
pub(super) fn run(desk: &Desk, asked: &Erase) -> anyhow::Result<Outcome> {
    let reason = asked.reason.trim();
    if reason.is_empty() || reason.chars().any(char::is_control) {
        bail!("--reason has to say why, on one line: the order, the law, who asked");
    }
    check_reason(reason)?;
    let mut record = Record::open(&desk.folder, parallel::jobs(None))?;
    let found = record.store().find_reports(&asked.what)?;
    let [report] = found.as_slice() else {
        super::collect::end(record, false)?;
        match found.len() {
            0 => bail!("there is no report {:?}; `credence reports` lists them", asked.what),
            count => bail!("{count} reports are called {:?}; give the digest of the original", asked.what),
        }
    };
    let digest = Digest::from_bytes(report.row.digest);
    let sightings = record.store().sightings(digest.as_bytes())?;
    let is_of_the_web = |source: &str| source.starts_with("http://") || source.starts_with("https://");
    let came_over_the_web = sightings.iter().any(|sighting| is_of_the_web(&sighting.source));
    record.erase(digest, reason, clock::now()?)?;
    corroborate(&mut record, Stories::All)?;
    // Before anything is printed: whoever reads it may have gone, and that must not leave the record unsealed.
    let outcome = super::collect::end(record, true)?;
    let mut out = desk.out(false);
    writeln!(out, "erased; what stays is that something was erased, when and why")?;
    if came_over_the_web {
        writeln!(out, "{LEFT_OF_THE_WEB}")?;
    }
    Ok(outcome)
}
