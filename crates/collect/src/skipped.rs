use std::fmt::{self, Write as _};

/// Something that was not taken in: where, and why. Written in one line that a user can act on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// The file, folder or pattern, as the user named it, made absolute; or `standard input`.
    pub source: String,
    /// The line, counted from 1, if it is one line of a file.
    pub line: Option<u64>,
    /// Why, and what can be done.
    pub reason: Reason,
}

/// Why something was not taken in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// Nothing of that name is there.
    #[error("there is no such file or folder; check the name")]
    Missing,
    /// A pattern that fits nothing.
    #[error("no file fits this pattern; check it, and put it in quotes")]
    NoMatch,
    /// A pattern that cannot be read.
    #[error("the pattern cannot be read: {0}")]
    BadPattern(String),
    /// A file that was listed in its folder and is gone.
    #[error("it vanished before it was read; collect again if it comes back")]
    Vanished,
    /// The system refused, in its own words.
    #[error("it cannot be read: {0}; check its permissions")]
    Unreadable(String),
    /// A link to a folder, found inside a folder.
    #[error("it is a link to a folder, which may lead round in a circle; name the folder itself to read it")]
    LinkedFolder,
    /// A link to nothing.
    #[error("it is a link that leads nowhere")]
    DanglingLink,
    /// A device, pipe or socket.
    #[error("it is a device, pipe or socket, not a file; pass its content on standard input, as -")]
    Special,
    /// Standard input, named a second time.
    #[error("standard input was named more than once; it can be read only once")]
    StdinAgain,
    /// No bytes, or only white space.
    #[error("it is empty")]
    Empty,
    /// More than is allowed.
    #[error("it is larger than {limit} bytes; to take it in, raise the limit with --max-size")]
    TooLarge {
        /// The most that is allowed.
        limit: u64,
    },
    /// A kind of file that holds no text, by its first bytes.
    #[error("it is {0}, not text; {1}")]
    NotText(&'static str, &'static str),
    /// So many control characters that it is no text.
    #[error("it is binary, not text; convert it to text or HTML first")]
    Binary,
    /// Something in an archive that cannot be read.
    #[error("{0}")]
    Archive(crate::archives::Fault),
    /// A record of an archive that has a page which cannot be read.
    #[error("the record at byte {offset}: {why}")]
    Record {
        /// Where the record begins.
        offset: u64,
        /// What is wrong with it.
        why: String,
    },
    /// A WACZ on standard input.
    #[error("a WACZ is read from its end, which a stream does not have; name the file instead")]
    NoFile,
    /// JSON, but not one object a line.
    #[error("it is JSON, but not JSON Lines; write one object a line, or read it as text with --kind text")]
    NotJsonLines,
    /// JSON Lines in an encoding in which lines cannot be found.
    #[error("JSON Lines have to be UTF-8 (RFC 8259, 8.1), and this is UTF-16; convert it first")]
    Utf16Lines,
    /// A line that is no JSON object.
    #[error("the line is not a JSON object: {0}")]
    NotAnObject(String),
    /// A row that has no wording.
    #[error("the row has no \"text\" that is a string")]
    NoText,
}

impl fmt::Display for Skipped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.source.chars() {
            // A file can be named so that its name would break the line, or command the terminal.
            if c.is_control() { write!(f, "{}", c.escape_default())? } else { f.write_char(c)? }
        }
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": {}", self.reason)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stays_in_its_line() {
        let skipped = Skipped { source: "/Тес/a\n\u{1b}[2J".into(), line: Some(3), reason: Reason::Empty };
        assert_eq!(skipped.to_string(), "/Тес/a\\n\\u{1b}[2J:3: it is empty");
    }
}
