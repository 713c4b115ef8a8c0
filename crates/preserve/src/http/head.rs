use super::Malformed;

/// The status line and the fields of a response (RFC 9112, 4 and 5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    status: u16,
    fields: Vec<(String, String)>,
    length: usize,
}

/// Four times what a page with many cookies and policies sends.
const MOST_FIELDS: usize = 256;

impl Head {
    /// Reads a head from the beginning of `bytes`, which end with the empty line behind it.
    ///
    /// Blanks before a colon, lines that go on in the next one and lines that are no field are taken as browsers take
    /// them: servers send them, and nobody stands behind us who could be told something else by the same bytes.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Head, Malformed> {
        let mut fields = [httparse::EMPTY_HEADER; MOST_FIELDS];
        let mut response = httparse::Response::new(&mut fields);
        let mut config = httparse::ParserConfig::default();
        config
            .allow_spaces_after_header_name_in_responses(true)
            .allow_obsolete_multiline_headers_in_responses(true)
            .allow_multiple_spaces_in_response_status_delimiters(true)
            .ignore_invalid_headers_in_responses(true);
        let length = match config.parse_response(&mut response, bytes) {
            Ok(httparse::Status::Complete(length)) => length,
            Err(httparse::Error::TooManyHeaders) => return Err(Malformed::TooManyFields),
            Ok(httparse::Status::Partial) | Err(_) => return Err(Malformed::NoResponse),
        };
        let status = response.code.ok_or(Malformed::NoResponse)?;
        let fields = response.headers.iter().map(|field| (field.name.to_owned(), text(field.value)));
        Ok(Head { status, fields: fields.collect(), length })
    }

    /// Returns the status code, such as 200.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// Returns the value of the first field of that name, whatever its case. Bytes that are no UTF-8 are replaced.
    pub fn field(&self, name: &str) -> Option<&str> {
        let (_, value) = self.fields.iter().find(|(found, _)| found.eq_ignore_ascii_case(name))?;
        Some(value)
    }

    /// Returns the values of all fields of that name, in their order.
    pub fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let named = move |(found, _): &&(String, String)| found.eq_ignore_ascii_case(name);
        self.fields.iter().filter(named).map(|(_, value)| value.as_str())
    }

    /// Returns the parts of a list that may be spread over several fields (RFC 9110, 5.6.1), without blanks.
    pub(crate) fn list<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.values(name).flat_map(|value| value.split(',')).map(str::trim).filter(|part| !part.is_empty())
    }

    /// Returns how many bytes the head takes, with the empty line behind it.
    pub(crate) fn length(&self) -> usize {
        self.length
    }
}

fn text(value: &[u8]) -> String {
    String::from_utf8_lossy(value.trim_ascii()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found_whatever_their_case() {
        let head = b"HTTP/1.1 200 OK\r\nVary: a\r\nvary : b , c\r\nX: \xd0\xa2\xff\r\nno field\r\n\r\n";
        let head = Head::parse(head).unwrap();
        assert_eq!(head.status(), 200);
        assert_eq!(head.list("VARY").collect::<Vec<_>>(), ["a", "b", "c"]);
        assert_eq!(head.field("x"), Some("Т\u{fffd}"));
        assert_eq!(head.field("y"), None);
    }

    #[test]
    fn what_is_no_response() {
        for bytes in ["", "\r\n\r\n", "GET / HTTP/1.1\r\n\r\n", "<html>\n\n", "HTTP/2 200\r\n\r\n"] {
            assert_eq!(Head::parse(bytes.as_bytes()), Err(Malformed::NoResponse), "{bytes}");
        }
    }
}
