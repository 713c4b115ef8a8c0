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
        let is_private = match a {
            "10" | "127" => true,
            "169" => b == "254",
            "192" => b == "168",
            "172" => matches!(b.as_bytes(), [b'1', b'6'..=b'9'] | [b'2', _] | [b'3', b'0' | b'1']),
            _ => false,
        };
        let ends = |octet: &str, most| !octet.starts_with('0') && self.is_octet(octet, most);
        let are_middle = [b, c].iter().all(|octet| self.is_octet(octet, ['5', '5']));
        !is_private && ends(a, ['2', '3']) && are_middle && ends(d, ['5', '4'])
    }

    /// Tells whether this is a number of at most three digits, up to 2 and the digits of `most`. Only numbers of two
    /// digits may begin with 0; where the pattern allows digits of any script, so does this.
    fn is_octet(&self, octet: &str, most: [char; 2]) -> bool {
        let mut chars = octet.chars();
        let is_digit = |c| self.is_digit(c);
        match std::array::from_fn(|_| chars.next()) {
            [Some(a), None, _, _] => is_digit(a),
            [Some(a), Some(b), None, _] => is_digit(a) && is_digit(b),
            [Some('1'), Some(b), Some(c), None] => is_digit(b) && is_digit(c),
            [Some('2'), Some(b @ '0'..='5'), Some(c), None] => {
                (b < most[0] && is_digit(c)) || (b == most[0] && ('0'..=most[1]).contains(&c))
            }
            _ => false,
        }
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

#[cfg(test)]
mod tests {
    use super::super::model::Engine;
    use super::is_web_address;

    fn check(words: &[&str], expected: bool) {
        let characters = &Engine::shipped().tokenizer.affixes.characters;
        for word in words {
            assert_eq!(is_web_address(word, characters), expected, "{word}");
        }
    }

    #[test]
    fn addresses() {
        check(
            &["example.org", "www.example.co.uk/a?b#c", "ftp://files.example.net:2121/x", "x_y.example.org"],
            true,
        );
        check(
            &["a@example.org", "mailto:a@example.org", "приклад.укр", "223.0.0.1", "8.8.8.8:53", "1.01.2.3"],
            true,
        );
    }

    #[test]
    fn not_addresses() {
        check(
            &[
                "example",
                "example.Org",
                ".org",
                "a..org",
                "-a.org",
                "a-.org",
                "a.b",
                "example.org:1",
                "a b.c",
            ],
            false,
        );
        check(
            &["10.1.2.3", "192.168.0.1", "172.16.0.1", "224.0.0.1", "1.002.3.4", "1.2.3.255", "1.2.3", "@"],
            false,
        );
    }

    #[test]
    fn time_grows_with_the_word_alone() {
        check(&[&"a@".repeat(500_000), &"a.@".repeat(300_000), &("@".repeat(1_000_000) + ".x")], false);
    }
}
