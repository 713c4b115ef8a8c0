use url::Url;

use super::Hints;

/// Returns what the links of a document are relative to (RFC 3986, 5.1).
pub(super) fn base(hints: &Hints<'_>) -> Option<Url> {
    let address = hints.address.and_then(|address| Url::parse(address.trim()).ok());
    let location = hints.content_location.and_then(|location| {
        let location = location.trim();
        address.as_ref().map_or_else(|| Url::parse(location), |address| address.join(location)).ok()
    });
    // A location that a browser would run as a program is none.
    location.filter(|location| matches!(location.scheme(), "http" | "https")).or(address)
}

/// Resolves links against their bases, as long as the results are not much longer than the document.
pub(super) struct Resolver {
    left: usize,
}

/// What the links of a document may grow by.
const ALLOWANCE: usize = 16 << 20;

impl Resolver {
    pub(super) fn new() -> Resolver {
        Resolver { left: ALLOWANCE }
    }

    /// Resolves a link; one that cannot be resolved, or is absolute, stays as it was written.
    pub(super) fn resolve(&mut self, href: &str, base: Option<&Url>) -> String {
        let href = href.trim();
        let Some(base) = base.filter(|_| !is_absolute(href)) else { return href.to_owned() };
        let Ok(resolved) = base.join(href) else { return href.to_owned() };
        match self.left.checked_sub(resolved.as_str().len()) {
            Some(left) => {
                self.left = left;
                resolved.into()
            }
            None => href.to_owned(),
        }
    }
}

/// Tells whether an address begins with a scheme (RFC 3986, 3.1).
fn is_absolute(href: &str) -> bool {
    href.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_links_are_resolved_and_absolute_ones_left_alone() {
        let base = Url::parse("https://tesmin.example/a/feed.xml").unwrap();
        let mut resolver = Resolver::new();
        let mut check = |href, expected| assert_eq!(resolver.resolve(href, Some(&base)), expected);
        check("/3", "https://tesmin.example/3");
        check(" ../b?c ", "https://tesmin.example/b?c");
        check("//mirror.example/3", "https://mirror.example/3");
        check("http://tesmin.example", "http://tesmin.example");
        check("tag:tesmin.example,2031:3", "tag:tesmin.example,2031:3");
        assert_eq!(Resolver::new().resolve("/3", None), "/3");
    }

    #[test]
    fn a_location_beats_the_address_unless_it_is_none() {
        let with = |content_location| {
            let hints = Hints { address: Some("http://a.example/b/c"), content_location, ..Hints::default() };
            base(&hints).unwrap().to_string()
        };
        assert_eq!(with(None), "http://a.example/b/c");
        assert_eq!(with(Some("/d")), "http://a.example/d");
        assert_eq!(with(Some("javascript:alert(1)")), "http://a.example/b/c");
    }
}
