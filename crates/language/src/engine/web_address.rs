//! What counts as a web address, and is left in one piece.
//!
//! The pattern is the one of spaCy, after Diego Perini's (MIT): scheme, user and password, an IPv4 address outside
//! the private networks or a host name, port, path. It is decided here without going back: a host ends at the
//! first `/`, `?`, `#` or `:`, and may begin at the start, after the scheme, or after any `@`.

use super::characters::{Characters, Class};

/// Tells whether all of `word` is a web address.
pub(super) fn is_web_address(word: &str, characters: &Characters) -> bool {
    // Every address has a full stop between two characters.
    if !word.bytes().skip(1).any(|byte| byte == b'.') {
        return false;
    }
    let reader = Reader { characters };
    let after_scheme = reader.after_scheme(word);
    let hosts = word.match_indices('@').filter(|(at, _)| *at > 0).map(|(at, _)| at + 1);
    [Some(0), after_scheme]
        .into_iter()
        .flatten()
        .chain(hosts)
        .any(|start| reader.is_host_and_rest(&word[start..]))
}

struct Reader<'c> {
    characters: &'c Characters,
}

impl Reader<'_> {
    /// Returns where the text after a scheme and `://` begins.
    fn after_scheme(&self, word: &str) -> Option<usize> {
        let (scheme, _) = word.split_once("://")?;
        let fits = |c: char| matches!(c, '+' | '-' | '.') || self.characters.is(c, Class::Word);
        (scheme.chars().nth(1).is_some() && scheme.chars().all(fits)).then_some(scheme.len() + 3)
    }

    fn is_host_and_rest(&self, text: &str) -> bool {
        // A host holds no `@`, so that the search for its end stays as long as the host.
        let end = text.find(['/', '?', '#', ':', '@']).unwrap_or(text.len());
        (self.is_host_name(&text[..end]) || self.is_public_ip(&text[..end]))
            && self.is_port_and_path(&text[end..])
    }

    fn is_port_and_path(&self, rest: &str) -> bool {
        let Some(port) = rest.strip_prefix(':') else { return rest.is_empty() || is_path(rest) };
        let after = port.trim_start_matches(|c| self.is_digit(c));
        let digits = port[..port.len() - after.len()].chars().count();
        (2..=5).contains(&digits) && (after.is_empty() || is_path(after))
    }

    fn is_digit(&self, c: char) -> bool {
        self.characters.is(c, Class::Decimal)
    }

    /// Tells whether labels parted by full stops end in a name of letters without capitals.
    fn is_host_name(&self, host: &str) -> bool {
        let Some((labels, top)) = host.rsplit_once('.') else { return false };
        let length = top.chars().take(64).count();
        (2..=63).contains(&length)
            && top.chars().all(|c| self.characters.is(c, Class::Lower))
            && labels.split('.').all(is_label)
    }

    /// Tells whether this is an IPv4 address that is neither private nor reserved.
    fn is_public_ip(&self, host: &str) -> bool {
        let mut octets = host.split('.');
        let [Some(a), Some(b), Some(c), Some(d), None] = std::array::from_fn(|_| octets.next()) else {
            return false;
        };
        let short =
            |octet: &str| (1..=3).contains(&octet.chars().count()) && octet.chars().all(|c| self.is_digit(c));
        if ![a, b, c, d].into_iter().all(short) {
            return false;
        }
        let is_private = match a {
            "10" | "127" => true,
            "169" => b == "254",
            "192" => b == "168",
            "172" => matches!(b.as_bytes(), [b'1', b'6'..=b'9'] | [b'2', _] | [b'3', b'0' | b'1']),
            _ => false,
        };
        let value = |octet: &str| octet.parse::<u8>().ok();
        !is_private
            && !a.starts_with('0')
            && value(a).is_some_and(|a| a <= 223)
            && value(b).is_some()
            && value(c).is_some()
            && !d.starts_with('0')
            && value(d).is_some_and(|d| d <= 254)
    }
}

fn is_path(rest: &str) -> bool {
    rest.starts_with(['/', '?', '#'])
}

fn is_label(label: &str) -> bool {
    let is_inner = |c: char| c.is_ascii_alphanumeric() || ('\u{a1}'..='\u{ffff}').contains(&c);
    label.chars().take(65).count() <= 64
        && label.starts_with(is_inner)
        && label.ends_with(is_inner)
        && label.chars().all(|c| is_inner(c) || c == '_' || c == '-')
}
