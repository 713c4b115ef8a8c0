use std::fmt::Write as _;

/// The lines of an `application/warc-fields` block (ISO 28500:2017, 6.3), one `name: value` each.
///
/// A value cannot break its line: `%`, control characters, and white space at its ends are written as `%XX`
/// (RFC 3986, 2.1), so what is read back is what was given.
#[derive(Debug, Default)]
pub(crate) struct Fields(String);

impl Fields {
    /// Adds a field.
    pub(crate) fn add(&mut self, name: &str, value: &str) {
        self.0.push_str(name);
        self.0.push_str(": ");
        escape(value, &mut self.0);
        self.0.push_str("\r\n");
    }

    /// Adds a field that may be absent.
    pub(crate) fn add_known(&mut self, name: &str, value: Option<impl ToString>) {
        if let Some(value) = value {
            self.add(name, &value.to_string());
        }
    }

    pub(crate) fn into_block(self) -> Vec<u8> {
        self.0.into_bytes()
    }
}

fn escape(value: &str, out: &mut String) {
    let inner = value.trim();
    let inside = value.len() - value.trim_start().len()..value.trim_end().len();
    for (at, c) in value.char_indices() {
        // The line and paragraph separators end a line for some readers.
        let breaks = c.is_control() || matches!(c, '%' | '\u{2028}' | '\u{2029}');
        if breaks || inner.is_empty() || !inside.contains(&at) {
            let mut bytes = [0; 4];
            for byte in c.encode_utf8(&mut bytes).bytes() {
                write!(out, "%{byte:02X}").expect("a string takes all that is written to it");
            }
        } else {
            out.push(c);
        }
    }
}

/// Turns each `%XX` back into its byte; `None` if it is not what [`Fields::add`] writes.
pub(crate) fn unescape(value: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        if first != b'%' {
            bytes.push(first);
            rest = after;
            continue;
        }
        let digits = std::str::from_utf8(after.get(..2)?).ok()?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        rest = &after[2..];
    }
    String::from_utf8(bytes).ok()
}

/// Finds the first `name: value` line of that name. Names are read without regard to case.
pub(crate) fn find<'a>(lines: &'a str, name: &str) -> Option<&'a str> {
    find_all(lines, name).next()
}

/// Finds all `name: value` lines of that name, in their order.
pub(crate) fn find_all<'a>(lines: &'a str, name: &str) -> impl Iterator<Item = &'a str> {
    lines.split("\r\n").filter_map(move |line| {
        let (found, value) = line.split_once(':')?;
        found.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_value_cannot_break_its_line() {
        let mut fields = Fields::default();
        fields.add("source", "/cases/Тесмин\r\nkind: row\u{2028}100 % ");
        let block = String::from_utf8(fields.into_block()).unwrap();
        assert_eq!(block, "source: /cases/Тесмин%0D%0Akind: row%E2%80%A8100 %25%20\r\n");
    }

    proptest! {
        #[test]
        fn what_is_read_back_is_what_was_given(value in any::<String>()) {
            let mut fields = Fields::default();
            fields.add("before", "x");
            fields.add("value", &value);
            let block = String::from_utf8(fields.into_block()).unwrap();
            prop_assert_eq!(block.lines().count(), 2);
            prop_assert_eq!(unescape(find(&block, "value").unwrap()), Some(value));
        }
    }
}
