use super::Head;
use super::chunks::Chunks;

/// Why bytes are not a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Malformed {
    /// It does not begin with a status line and fields.
    #[error("the answer is no HTTP/1 response")]
    NoResponse,
    /// The head does not end.
    #[error("the head of the response is too long")]
    HeadTooLong,
    /// The head has too many fields.
    #[error("the head of the response has too many fields")]
    TooManyFields,
    /// Two lengths, or one that is no number: nobody can tell where the body ends.
    #[error("the response gives no length that can be relied on")]
    Length,
    /// A transfer coding other than `chunked`, which was not asked for.
    #[error("the response has a transfer coding that is not known here")]
    TransferCoding,
    /// A chunk without a size, or with other bytes behind it than a line end.
    #[error("the chunks of the response cannot be told apart")]
    Chunk,
}

/// Why a response that was kept is not whole (ISO 28500:2017, 5.13).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Truncated {
    /// It is longer than was allowed.
    Length,
    /// It took longer than was allowed.
    Time,
    /// The other side ended it.
    Disconnect,
    /// It could not be followed further.
    Unspecified,
}

impl Truncated {
    /// Returns the word that the standard has for it.
    pub fn name(self) -> &'static str {
        match self {
            Truncated::Length => "length",
            Truncated::Time => "time",
            Truncated::Disconnect => "disconnect",
            Truncated::Unspecified => "unspecified",
        }
    }
}

/// Takes in a response as it comes over the wire, and knows when it has ended (RFC 9112, 6.3).
#[derive(Debug)]
pub struct Receiver {
    /// How many bytes all heads together may take.
    most_head: usize,
    raw: Vec<u8>,
    /// Where the head that is being read begins: behind any interim responses (RFC 9110, 15.2).
    head_at: usize,
    /// How far the end of that head was looked for.
    searched: usize,
    head: Option<Head>,
    body: Body,
    joined: Vec<u8>,
    /// How many bytes came behind the end.
    surplus: u64,
}

#[derive(Debug)]
enum Body {
    /// The head has not ended yet.
    NotYet,
    Length(u64),
    Chunked(Chunks),
    UntilClose,
    Ended,
}

/// A response as it came.
#[derive(Debug)]
pub struct Received {
    /// Exactly what came over the wire, interim responses among it.
    pub raw: Vec<u8>,
    /// The head of the final response.
    pub head: Head,
    /// Why it is not whole, if it is not.
    pub truncated: Option<Truncated>,
    /// How many bytes came behind its end. They are not kept.
    pub surplus: u64,
    pub(crate) body_at: usize,
    pub(crate) joined: Option<Vec<u8>>,
}

impl Received {
    /// Returns what came before the body, interim responses among it.
    pub fn head_bytes(&self) -> &[u8] {
        &self.raw[..self.body_at]
    }

    /// Returns the body as it was sent, with its chunks joined.
    pub fn payload(&self) -> &[u8] {
        self.joined.as_deref().unwrap_or(&self.raw[self.body_at..])
    }
}

impl Receiver {
    /// Makes one for one response to a GET, whose heads together take up at most so many bytes.
    pub fn new(most_head: usize) -> Receiver {
        Receiver {
            most_head,
            raw: Vec::new(),
            head_at: 0,
            searched: 0,
            head: None,
            body: Body::NotYet,
            joined: Vec::new(),
            surplus: 0,
        }
    }

    /// Takes in what came next, and tells whether the response is whole now.
    ///
    /// # Errors
    /// The response cannot be followed further. What came so far is in [`abandon`](Receiver::abandon).
    pub fn take(&mut self, bytes: &[u8]) -> Result<bool, Malformed> {
        let before = self.raw.len();
        self.raw.extend(bytes);
        let body_from = match self.body {
            Body::NotYet => self.take_heads()?,
            _ => before,
        };
        self.take_body(body_from)?;
        Ok(self.is_whole())
    }

    /// Returns how many bytes of the body have come, with the sizes of its chunks.
    pub fn body_length(&self) -> u64 {
        self.head.as_ref().map_or(0, |_| (self.raw.len() - self.body_at()) as u64)
    }

    /// Returns the status, as soon as it is known.
    pub fn status(&self) -> Option<u16> {
        self.head.as_ref().map(Head::status)
    }

    /// Returns how many bytes have come.
    pub fn received(&self) -> u64 {
        self.raw.len() as u64 + self.surplus
    }

    /// Ends with the connection: whole if it is whole, or if only the end of the connection could tell.
    ///
    /// # Errors
    /// [`Malformed::NoResponse`] if there is no whole head.
    pub fn end(mut self) -> Result<Received, Malformed> {
        if matches!(self.body, Body::UntilClose) {
            self.body = Body::Ended;
        }
        let truncated = (!self.is_whole()).then_some(Truncated::Disconnect);
        self.into_received(truncated)
    }

    /// Ends before the response has, for the reason given.
    ///
    /// # Errors
    /// [`Malformed::NoResponse`] if there is no whole head.
    pub fn abandon(self, truncated: Truncated) -> Result<Received, Malformed> {
        self.into_received(Some(truncated))
    }

    fn into_received(self, truncated: Option<Truncated>) -> Result<Received, Malformed> {
        let body_at = self.body_at();
        let Some(head) = self.head else { return Err(Malformed::NoResponse) };
        let joined = is_chunked(&head).then_some(self.joined);
        Ok(Received { raw: self.raw, head, truncated, surplus: self.surplus, body_at, joined })
    }

    fn is_whole(&self) -> bool {
        match &self.body {
            Body::NotYet | Body::UntilClose => false,
            Body::Length(left) => *left == 0,
            Body::Chunked(chunks) => chunks.is_done(),
            Body::Ended => true,
        }
    }

    fn body_at(&self) -> usize {
        self.head_at + self.head.as_ref().map_or(0, Head::length)
    }

    /// Reads heads up to the one that is final, and returns where its body begins.
    fn take_heads(&mut self) -> Result<usize, Malformed> {
        while let Some(end) = end_of_head(&self.raw, self.head_at, &mut self.searched) {
            if end > self.most_head {
                return Err(Malformed::HeadTooLong);
            }
            let head = Head::parse(&self.raw[self.head_at..end])?;
            if matches!(head.status(), 100..=199) {
                self.head_at += head.length();
                self.searched = self.head_at;
                continue;
            }
            self.body = body_behind(&head)?;
            self.head = Some(head);
            return Ok(self.body_at());
        }
        if self.raw.len() > self.most_head { Err(Malformed::HeadTooLong) } else { Ok(self.raw.len()) }
    }

    fn take_body(&mut self, from: usize) -> Result<(), Malformed> {
        let bytes = &self.raw[from..];
        let taken = match &mut self.body {
            Body::NotYet | Body::UntilClose => bytes.len(),
            Body::Ended => 0,
            Body::Length(left) => {
                let taken = usize::try_from(*left).unwrap_or(usize::MAX).min(bytes.len());
                *left -= taken as u64;
                taken
            }
            Body::Chunked(chunks) => chunks.take(bytes, &mut self.joined)?,
        };
        self.surplus += (bytes.len() - taken) as u64;
        self.raw.truncate(from + taken);
        Ok(())
    }
}

/// Finds the empty line behind a head; every byte is looked at once.
fn end_of_head(raw: &[u8], from: usize, searched: &mut usize) -> Option<usize> {
    while let Some(found) = raw[*searched..].iter().position(|byte| *byte == b'\n') {
        let line_end = *searched + found;
        let line = &raw[from..line_end];
        if line_end > from && (line.ends_with(b"\n") || line.ends_with(b"\n\r")) {
            return Some(line_end + 1);
        }
        *searched = line_end + 1;
    }
    *searched = raw.len();
    None
}

fn is_chunked(head: &Head) -> bool {
    head.list("transfer-encoding").next().is_some()
}

/// Finds out how the end of the body will be known (RFC 9112, 6.3).
fn body_behind(head: &Head) -> Result<Body, Malformed> {
    if matches!(head.status(), 204 | 304) {
        return Ok(Body::Ended);
    }
    if is_chunked(head) {
        let mut codings = head.list("transfer-encoding");
        let only = codings.next().is_some_and(|coding| coding.eq_ignore_ascii_case("chunked"));
        return match codings.next() {
            None if only => Ok(Body::Chunked(Chunks::default())),
            _ => Err(Malformed::TransferCoding),
        };
    }
    let mut lengths = head.list("content-length");
    let Some(first) = lengths.next() else { return Ok(Body::UntilClose) };
    let is_number = first.bytes().all(|byte| byte.is_ascii_digit());
    match first.parse() {
        Ok(length) if is_number && lengths.all(|other| other == first) => Ok(Body::Length(length)),
        _ => Err(Malformed::Length),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The payload of a response that comes in pieces of `step` bytes and then ends, and why it is not whole.
    fn receive(bytes: &[u8], step: usize) -> Result<(String, Option<Truncated>, u64), Malformed> {
        let mut receiver = Receiver::new(200);
        for piece in bytes.chunks(step) {
            receiver.take(piece)?;
        }
        let received = receiver.end()?;
        assert_eq!(received.raw, bytes[..bytes.len() - usize::try_from(received.surplus).unwrap()]);
        Ok((String::from_utf8_lossy(received.payload()).into(), received.truncated, received.surplus))
    }

    fn check(bytes: &str, payload: &str, truncated: Option<Truncated>, surplus: u64) {
        for step in [1, 2, 7, 1000] {
            let found = receive(bytes.as_bytes(), step);
            assert_eq!(found, Ok((payload.into(), truncated, surplus)), "{bytes:?} by {step}");
        }
    }

    fn check_malformed(bytes: &str, malformed: Malformed) {
        for step in [1, 1000] {
            assert_eq!(receive(bytes.as_bytes(), step), Err(malformed), "{bytes:?} by {step}");
        }
    }

    #[test]
    fn the_end_is_known() {
        check("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nТес", "Тес", None, 0);
        check("HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\nabcd", "ab", None, 2);
        check("HTTP/1.1 200\nTransfer-Encoding: Chunked\n\n1\na\n0\n\nb", "a", None, 1);
        check("HTTP/1.0 200 OK\r\n\r\nabc", "abc", None, 0);
        check("HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", "", None, 0);
        check("HTTP/1.1 103 Early\r\nA: b\r\n\r\nHTTP/1.1 204 None\r\n\r\n", "", None, 0);
    }

    #[test]
    fn cut_short() {
        check("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nab", "ab", Some(Truncated::Disconnect), 0);
        check(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
            "ab",
            Some(Truncated::Disconnect),
            0,
        );
        check_malformed("HTTP/1.1 200 OK\r\nContent-", Malformed::NoResponse);
        check_malformed("", Malformed::NoResponse);
    }

    #[test]
    fn what_cannot_be_followed() {
        check_malformed(
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nab",
            Malformed::Length,
        );
        check_malformed("HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\nab", Malformed::Length);
        check_malformed(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
            Malformed::TransferCoding,
        );
        check_malformed("<html>\n\n<p>", Malformed::NoResponse);
        check_malformed(&format!("HTTP/1.1 200 OK\r\nA: {}", "b".repeat(300)), Malformed::HeadTooLong);
        check_malformed(&"HTTP/1.1 100 Go on\r\n\r\n".repeat(20), Malformed::HeadTooLong);
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>, chunked: bool) {
            let coding = if chunked { "Transfer-Encoding: chunked\r\n" } else { "" };
            let head = format!("HTTP/1.1 200 OK\r\n{coding}\r\n");
            for bytes in [&bytes[..], &[head.as_bytes(), &bytes].concat()] {
                let _ = (receive(bytes, 3), crate::http::unpack(bytes, 1000));
            }
        }
    }
}
