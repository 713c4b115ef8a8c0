use jiff::Timestamp;

use crate::fields::{self, Fields};

/// How an original came to be in an archive of the web, as that archive says.
///
/// Nobody here saw it: where a digest of the archive does not fit, or the archive breaks off, that is said too.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Capture {
    /// The address it was captured from.
    pub url: String,
    /// When.
    pub at: Option<Timestamp>,
    /// The name of the archive's record.
    pub record: Option<String>,
    /// What the server said it is, with its encoding.
    pub content_type: Option<String>,
    /// The digests of the archive that are not those of what is there, or could not be checked: a verdict, a field and
    /// what stands in it, with blanks between.
    pub digest_notes: Vec<String>,
    /// Why it is not whole, if it is not.
    pub cut: Option<String>,
}

const URL: &str = "captured-url";
const AT: &str = "captured-at";
const RECORD: &str = "captured-record";
const CONTENT_TYPE: &str = "captured-type";
const DIGEST_NOTE: &str = "digest-note";
const CUT: &str = "cut";

impl Capture {
    /// Adds its lines to the record of a sighting.
    pub(crate) fn add_to(&self, fields: &mut Fields) {
        let Capture { url, at, record, content_type, digest_notes, cut } = self;
        fields.add(URL, url);
        fields.add_known(AT, *at);
        fields.add_known(RECORD, record.as_ref());
        fields.add_known(CONTENT_TYPE, content_type.as_ref());
        for note in digest_notes {
            fields.add(DIGEST_NOTE, note);
        }
        fields.add_known(CUT, cut.as_ref());
    }

    /// Reads its lines again. The inner `None`: there are none. The outer one: they are not what was written.
    pub(crate) fn read(block: &str) -> Option<Option<Capture>> {
        let words =
            |name| fields::find(block, name).map_or(Some(None), |value| fields::unescape(value).map(Some));
        let Some(url) = words(URL)? else { return Some(None) };
        Some(Some(Capture {
            url,
            at: fields::find(block, AT).map_or(Some(None), |at| at.parse().ok().map(Some))?,
            record: words(RECORD)?,
            content_type: words(CONTENT_TYPE)?,
            digest_notes: fields::find_all(block, DIGEST_NOTE)
                .map(fields::unescape)
                .collect::<Option<Vec<_>>>()?,
            cut: words(CUT)?,
        }))
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use proptest::prelude::*;

    use super::*;

    fn block(capture: &Capture) -> String {
        let mut fields = Fields::default();
        capture.add_to(&mut fields);
        String::from_utf8(fields.into_block()).unwrap()
    }

    #[test]
    fn its_lines() {
        let capture = Capture {
            url: "https://tesmin.example/новини".into(),
            at: "2031-03-12T05:30:00.25Z".parse().ok(),
            record: Some("<urn:uuid:7>".into()),
            content_type: Some("text/html; charset=koi8-u".into()),
            digest_notes: vec![
                "differs WARC-Payload-Digest sha1:AAAA".into(),
                "unchecked WARC-Block-Digest blake3:00\r\nkind: row".into(),
            ],
            cut: Some("its archive breaks off inside it".into()),
        };
        let block = block(&capture);
        expect![[r#"
            captured-url: https://tesmin.example/новини
            captured-at: 2031-03-12T05:30:00.25Z
            captured-record: <urn:uuid:7>
            captured-type: text/html; charset=koi8-u
            digest-note: differs WARC-Payload-Digest sha1:AAAA
            digest-note: unchecked WARC-Block-Digest blake3:00%0D%0Akind: row
            cut: its archive breaks off inside it
        "#]]
        .assert_eq(&block.replace("\r\n", "\n"));
        assert_eq!(Capture::read(&block), Some(Some(capture)));
        assert_eq!(Capture::read("source: a\r\n"), Some(None), "a record of before, or of no archive");
        assert_eq!(Capture::read("captured-url: a\r\ncaptured-at: soon\r\n"), None);
    }

    proptest! {
        #[test]
        fn what_is_read_back_is_what_was_given(url: String, record: Option<String>, notes: Vec<String>) {
            let capture = Capture { url, record, digest_notes: notes, ..Capture::default() };
            prop_assert_eq!(Capture::read(&block(&capture)), Some(Some(capture)));
        }
    }
}
