//! Markup as it reads: two ways to write the same are the same.

/// A piece of markup.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Words, with references replaced.
    Words(String),
    /// A tag by its name, with its attributes in order.
    Tag(String, Vec<(String, String)>),
}

/// Takes markup apart. White space around tags does not count, nor does the slash of an empty tag.
pub(super) fn parts(markup: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest = markup.trim();
    while !rest.is_empty() {
        let end = if rest.starts_with('<') { rest.find('>').map(|end| end + 1) } else { rest.find('<') };
        let (piece, after) = rest.split_at(end.unwrap_or(rest.len()));
        match piece.strip_prefix('<').and_then(|piece| piece.strip_suffix('>')) {
            Some(inside) => parts.push(tag(inside)),
            None => parts.push(Part::Words(words(piece))),
        }
        rest = after;
    }
    without_div(parts)
}

/// Leaves out a `div` around the whole, which Atom asks for and which is not of the content (RFC 4287, 3.1.1.3).
fn without_div(mut parts: Vec<Part>) -> Vec<Part> {
    let is_div = |part: &Part, wanted: &str| matches!(part, Part::Tag(name, attributes) if name == wanted && attributes.is_empty());
    let divs = parts.iter().filter(|part| is_div(part, "div")).count();
    if let [first, .., last] = &parts[..]
        && divs == 1
        && is_div(first, "div")
        && is_div(last, "/div")
    {
        parts.pop();
        parts.remove(0);
    }
    parts
}

fn tag(inside: &str) -> Part {
    let inside = inside.trim_end_matches('/').trim();
    let (name, mut rest) = inside.split_once(char::is_whitespace).unwrap_or((inside, ""));
    let mut attributes = Vec::new();
    while let Some((name, value)) = rest.trim_start().split_once('=') {
        let value = value.trim_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let (value, after) = match quote {
            Some(quote) => value[1..].split_once(quote).unwrap_or((&value[1..], "")),
            None => value.split_once(char::is_whitespace).unwrap_or((value, "")),
        };
        // Where a namespace is declared, and by which prefix, is of no account.
        if !name.trim().starts_with("xmlns") {
            attributes.push((name.trim().to_lowercase(), words(value)));
        }
        rest = after;
    }
    attributes.sort();
    let (slash, name) = name.strip_prefix('/').map_or(("", name), |name| ("/", name));
    let name = name.split_once(':').map_or(name, |(_, name)| name);
    Part::Tag(format!("{slash}{}", name.to_lowercase()), attributes)
}

/// Replaces the references that stand for the signs of markup, and numbers.
fn words(text: &str) -> String {
    let mut words = String::new();
    let mut pieces = text.split('&');
    words.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        match piece.split_once(';').and_then(|(name, after)| Some((reference(name)?, after))) {
            Some((c, after)) => words.extend([c.to_string().as_str(), after]),
            None => words.extend(["&", piece]),
        }
    }
    words
}

fn reference(name: &str) -> Option<char> {
    let code = match name {
        "amp" => return Some('&'),
        "lt" => return Some('<'),
        "gt" => return Some('>'),
        "quot" => return Some('"'),
        "apos" => return Some('\''),
        name => name.strip_prefix('#')?,
    };
    let number = match code.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16).ok()?,
        None => code.parse().ok()?,
    };
    match number {
        // Windows-1252, as browsers read them.
        0x80..=0x9f => {
            let bytes = [number as u8];
            encoding_rs::WINDOWS_1252.decode_without_bom_handling(&bytes).0.chars().next()
        }
        _ => char::from_u32(number),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_ways_to_write_the_same() {
        assert_eq!(
            parts("<a href='/x' id=\"b\">R&amp;D</a><br/>"),
            parts("<a id='b' href=\"/x\">R&#38;D</a><br />")
        );
        assert_ne!(parts("<b>Тесмін</b>"), parts("<i>Тесмін</i>"));
        assert_ne!(parts("&lt;b&gt;"), parts("<b>"));
    }
}
