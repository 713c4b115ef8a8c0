//! Standard output for data, standard error for talk.

use std::io::{self, Write as _};
use std::time::{Duration, Instant};

use anstream::AutoStream;

use crate::cli::Colour;
use crate::terminal::plain_piece;

/// Standard output, with or without colour.
pub(crate) type Out = AutoStream<io::StdoutLock<'static>>;

/// Opens standard output for text, with colour as asked. Not for JSON: what is taken out of text for a pipe includes
/// characters that a quotation may hold.
pub(crate) fn text(colour: Colour) -> Out {
    let choice = match colour {
        Colour::Auto => AutoStream::choice(&io::stdout()),
        Colour::Always => anstream::ColorChoice::Always,
        Colour::Never => anstream::ColorChoice::Never,
    };
    AutoStream::new(io::stdout().lock(), choice)
}

/// Says something to the user. Names in it may come from outside, so control characters are shown as spaces, all but
/// line breaks. Nobody can be told if it fails.
pub(crate) fn talk(words: &str) {
    for line in words.lines() {
        let _ = writeln!(io::stderr().lock(), "{}", plain_piece(line));
    }
}

/// Says how far something is that may take long: nothing for ten seconds, and then a line every ten seconds.
pub(crate) struct Far {
    said: Instant,
}

const EVERY: Duration = Duration::from_secs(10);

impl Far {
    pub(crate) fn new() -> Far {
        Far { said: Instant::now() }
    }

    pub(crate) fn say<E>(&mut self, words: impl FnOnce() -> Result<String, E>) -> Result<(), E> {
        if self.said.elapsed() >= EVERY {
            talk(&words()?);
            self.said = Instant::now();
        }
        Ok(())
    }
}
