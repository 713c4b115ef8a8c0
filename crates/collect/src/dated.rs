/// Tells whether a text begins with `date YYYY-MM-DD`, leading white space aside. Whether there is such a day is not asked:
/// a wrong date is for the reader to note.
pub(crate) fn begins_dated(text: &[u8]) -> bool {
    let Some(rest) = text.trim_ascii_start().strip_prefix(b"date ") else { return false };
    let shaped = rest.len() >= DAY.len()
        && rest
            .iter()
            .zip(DAY)
            .all(|(byte, form)| if *form == b'0' { byte.is_ascii_digit() } else { byte == form });
    shaped && rest.get(DAY.len()).is_none_or(u8::is_ascii_whitespace)
}

/// The form of a day: a digit for each zero.
const DAY: &[u8] = b"0000-00-00";

/// Returns where the report ends that begins at the start of `text`: at the next line that begins with a date of its
/// own, or at the end.
///
/// Blank lines in front of a report belong to it, so that no bytes are left over between two.
pub(crate) fn end_of_report(text: &[u8]) -> usize {
    let blank = |byte: &u8| byte.is_ascii_whitespace() || crate::lines::BYTE_ORDER_MARK.contains(byte);
    let mut at = text.iter().position(|byte| !blank(byte)).unwrap_or(text.len());
    while let Some(line) = text[at..].iter().position(|byte| *byte == b'\n') {
        at += line + 1;
        // Only spaces and tabs: white space that begins with another line break is of another line.
        let indent = text[at..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let line = &text[at + indent..];
        if line.starts_with(b"date") && begins_dated(&line[..line.len().min(b"date 0000-00-00 ".len())]) {
            return at;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str, expected: Expect) {
        expected.assert_debug_eq(&reports(text));
    }

    fn reports(mut text: &str) -> Vec<&str> {
        let mut reports = Vec::new();
        while !text.is_empty() {
            let (report, rest) = text.split_at(end_of_report(text.as_bytes()));
            reports.push(report);
            text = rest;
        }
        reports
    }

    #[test]
    fn one_report_is_the_whole() {
        check(
            "\u{feff}\n\n date 2031-03-12 Three were hurt.\n\nThe date 2031-03-12 stands.\n",
            expect![[r#"
                [
                    "\u{feff}\n\n date 2031-03-12 Three were hurt.\n\nThe date 2031-03-12 stands.\n",
                ]
            "#]],
        );
    }

    #[test]
    fn several_reports() {
        check(
            "date 2031-03-12 One.\r\n\r\ndate 2031-03-13 Two,\nhe said.\n  date 9999-99-99 Three.",
            expect![[r#"
                [
                    "date 2031-03-12 One.\r\n\r\n",
                    "date 2031-03-13 Two,\nhe said.\n",
                    "  date 9999-99-99 Three.",
                ]
            "#]],
        );
    }

    #[test]
    fn a_word_is_no_date() {
        check(
            "date 2031-03-12 One.\ndate 2031-03-1 two\ndates 2031-03-12\ndate\n",
            expect![[r#"
            [
                "date 2031-03-12 One.\ndate 2031-03-1 two\ndates 2031-03-12\ndate\n",
            ]
        "#]],
        );
    }

    proptest! {
        #[test]
        fn laid_end_to_end_they_are_the_file(text in "(\n|\r\n| |date 2031-03-12 |date|Три|\u{feff}){0,30}") {
            let reports = reports(&text);
            prop_assert_eq!(reports.concat(), text.as_str());
            prop_assert!(reports.iter().skip(1).all(|report| begins_dated(report.as_bytes())));
        }
    }
}
