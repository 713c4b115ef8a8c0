//! Character references: `&eacute;`, `&#233;`, `&#xE9;`.

use std::collections::HashMap;
use std::sync::LazyLock;

use encoding_rs::WINDOWS_1252;

static NAMED: LazyLock<HashMap<&'static str, String>> = LazyLock::new(|| {
    include_str!("../../../lexicons/character-references.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| {
            let (name, codes) = line.split_once(' ')?;
            let chars =
                codes.split(' ').filter_map(|code| char::from_u32(u32::from_str_radix(code, 16).ok()?));
            Some((name, chars.collect()))
        })
        .collect()
});

/// The length of the longest name with its semicolon, and of the longest that may stand without one.
const LONGEST: (usize, usize) = (32, 6);

/// Reads the reference at the start of `text`, which begins with `&`: how many bytes it takes, and what it stands for.
pub(super) fn read(text: &str) -> Option<(usize, String)> {
    let name = text.strip_prefix('&')?;
    match name.strip_prefix('#') {
        Some(digits) => numeric(digits).map(|(len, c)| (2 + len, c.to_string())),
        None => named(name).map(|(len, words)| (1 + len, words.clone())),
    }
}

fn named(name: &str) -> Option<(usize, &'static String)> {
    let letters = name.bytes().take(LONGEST.0).take_while(u8::is_ascii_alphanumeric).count();
    if name[letters..].starts_with(';')
        && let Some(words) = NAMED.get(&name[..=letters])
    {
        return Some((letters + 1, words));
    }
    let longest = letters.min(LONGEST.1);
    (2..=longest).rev().find_map(|len| Some((len, NAMED.get(&name[..len])?)))
}

fn numeric(digits: &str) -> Option<(usize, char)> {
    let (digits, radix, prefix) = match digits.strip_prefix(['x', 'X']) {
        Some(digits) => (digits, 16, 1),
        None => (digits, 10, 0),
    };
    let len = digits.bytes().take_while(|byte| char::from(*byte).is_digit(radix)).count();
    let ended = usize::from(digits[len..].starts_with(';'));
    let code = u32::from_str_radix(&digits[..len], radix);
    (len > 0).then(|| (prefix + len + ended, code.map_or(char::REPLACEMENT_CHARACTER, character)))
}

/// Returns the character of a number. Those from 128 to 159 are read as Windows-1252 (HTML standard, 13.2.5.84).
fn character(code: u32) -> char {
    match code {
        0 => char::REPLACEMENT_CHARACTER,
        0x80..=0x9F => {
            let byte = [code as u8];
            let (decoded, _) = WINDOWS_1252.decode_without_bom_handling(&byte);
            decoded.chars().next().unwrap_or(char::REPLACEMENT_CHARACTER)
        }
        _ => char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER),
    }
}

/// Replaces all references in the value of an attribute.
pub(super) fn resolved(value: &str) -> String {
    let mut resolved = String::with_capacity(value.len());
    let mut rest = value;
    while let Some(at) = rest.find('&') {
        resolved.push_str(&rest[..at]);
        let (taken, words) = read(&rest[at..]).unwrap_or((1, "&".to_owned()));
        resolved.push_str(&words);
        rest = &rest[at + taken..];
    }
    resolved.push_str(rest);
    resolved
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references() {
        for (written, expected) in [
            ("caf&eacute;", "café"),
            ("A&ampB &AMP; &amp;lt;", "A&B & &lt;"),
            ("&#8220;hit&#x201D; &#147;hit&#148", "“hit” “hit”"),
            (
                "&nosuch; & &; &# &#x; &#0; &#xD800; &#99999999999;",
                "&nosuch; & &; &# &#x; \u{fffd} \u{fffd} \u{fffd}",
            ),
            ("&notit; &copy2031", "¬it; ©2031"),
        ] {
            assert_eq!(resolved(written), expected);
        }
    }

    #[test]
    fn the_table_is_whole() {
        assert_eq!(NAMED.len(), 2231);
        assert_eq!(NAMED.keys().map(|name| name.len()).max(), Some(LONGEST.0));
        assert_eq!(
            NAMED.keys().filter(|name| !name.ends_with(';')).map(|name| name.len()).max(),
            Some(LONGEST.1)
        );
    }
}
