//! Standard output for data, standard error for talk.

use std::io::{self, Write as _};

use anstream::AutoStream;

use crate::cli::Colour;

/// Standard output, with or without colour.
pub(crate) type Out = AutoStream<io::StdoutLock<'static>>;

/// Opens standard output, with colour as asked.
pub(crate) fn out(colour: Colour) -> Out {
    let choice = match colour {
        Colour::Auto => AutoStream::choice(&io::stdout()),
        Colour::Always => anstream::ColorChoice::Always,
        Colour::Never => anstream::ColorChoice::Never,
    };
    AutoStream::new(io::stdout().lock(), choice)
}

/// Says something to the user. Nobody can be told if that fails.
pub(crate) fn talk(words: &str) {
    let _ = writeln!(io::stderr().lock(), "{words}");
}
