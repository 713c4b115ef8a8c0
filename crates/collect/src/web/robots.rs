use std::fmt;
use std::time::Duration;

use preserve::http::codings;
use url::Url;

use super::{Exchange, Fault, FetchError, Visit};

/// What a site wants left alone by programs (RFC 9309).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Robots {
    known: Known,
    rules: Vec<Rule>,
    delay: Option<Duration>,
    sitemaps: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Known {
    /// The file was read.
    File,
    /// The site has none: everything may be fetched (2.3.1.3).
    None,
    /// Whether it has one cannot be known now: nothing may be fetched (2.3.1.4).
    Unreachable,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Rule {
    allows: bool,
    /// The path as it is compared: see [`normal`].
    path: String,
    /// The line of the file, counted from 1.
    line: u32,
}

/// Whether an address may be fetched, and why: to be recorded beside what was fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// No rule speaks against it.
    Allowed {
        /// The rule that allows it, where one does: `line 3: allow /news`.
        rule: Option<String>,
    },
    /// A rule speaks against it, or the rules cannot be had.
    Disallowed {
        /// The rule, or what stands for one.
        rule: String,
    },
    /// A rule speaks against it, and a person decided otherwise.
    Overridden {
        /// The rule.
        rule: String,
        /// Why, in that person's words.
        reason: String,
    },
}

/// A rule can be overridden only for a reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("to fetch what a site wants left alone, a reason has to be written down")]
pub struct NoReason;

/// What the standard asks to be read at least (2.5), and as much as is read.
const MOST_READ: usize = 500 << 10;
/// Addresses are no longer than this; of a longer one, the beginning is compared.
const LONGEST_PATH: usize = 8 << 10;

impl Robots {
    /// The largest file that is taken of a site. The standard asks for 500 KiB at least (2.5); of more, the beginning is
    /// read.
    pub const MOST_BYTES: u64 = 512 << 10;

    /// Returns where the rules for an address are.
    pub fn address_for(address: &str) -> Option<String> {
        let url = Url::parse(address).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
        let authority = &url[url::Position::BeforeHost..url::Position::AfterPort];
        Some(format!("{}://{authority}/robots.txt", url.scheme()))
    }

    /// Reads the rules for the program of that name out of what was had at [`address_for`](Robots::address_for).
    pub fn of(fetched: Result<&Visit, &FetchError>, product: &str) -> Robots {
        if let Err(FetchError { fault: Fault::TooLarge { .. }, exchanges, .. }) = fetched
            && let Some(exchange) = exchanges.last().filter(|exchange| is_plain(exchange))
        {
            return Robots::read(exchange.response.payload(), product);
        }
        match fetched.map(|visit| (visit.last().status(), visit.last())) {
            Ok((200..=299, exchange)) => Robots::read(&exchange.body, product),
            // Too many requests (RFC 6585, 4) says nothing about what may be fetched.
            Ok((429 | 500..=599, _)) | Err(_) => Robots::known(Known::Unreachable),
            Ok(_) => Robots::known(Known::None),
        }
    }

    /// Reads the rules in a file for the program of that name, or those for all where none are for it.
    pub fn read(file: &[u8], product: &str) -> Robots {
        let text = String::from_utf8_lossy(&file[..file.len().min(MOST_READ)]);
        let mut reading = Reading::new(product);
        for (number, line) in (1..).zip(text.trim_start_matches('\u{feff}').split(['\n', '\r'])) {
            let line = line.split('#').next().unwrap_or_default();
            if let Some((key, value)) = line.split_once(':') {
                reading.take(number, &key.trim().to_ascii_lowercase(), value.trim());
            }
        }
        reading.finish()
    }

    /// Returns how many bytes of memory it takes, about.
    pub fn size(&self) -> usize {
        let rules = self.rules.iter().map(|rule| size_of::<Rule>() + rule.path.len());
        let sitemaps = self.sitemaps.iter().map(|sitemap| size_of::<String>() + sitemap.len());
        size_of::<Robots>() + rules.chain(sitemaps).sum::<usize>()
    }

    fn known(known: Known) -> Robots {
        Robots { known, rules: Vec::new(), delay: None, sitemaps: Vec::new() }
    }

    /// Decides on an address of this site: the longest rule that fits decides, and of two, the one that allows (2.2.2).
    pub fn decide(&self, address: &str) -> Decision {
        if self.known == Known::Unreachable {
            return Decision::Disallowed { rule: "the rules of the site cannot be had now".to_owned() };
        }
        let Ok(url) = Url::parse(address) else { return Decision::Allowed { rule: None } };
        let path = &url[url::Position::BeforePath..url::Position::AfterQuery];
        let path = normal(path.get(..LONGEST_PATH).unwrap_or(path));
        if path == "/robots.txt" {
            return Decision::Allowed { rule: None };
        }
        let fitting = self.rules.iter().filter(|rule| fits(&rule.path, &path));
        match fitting.max_by_key(|rule| (rule.path.len(), rule.allows)) {
            None => Decision::Allowed { rule: None },
            Some(rule) if rule.allows => Decision::Allowed { rule: Some(rule.to_string()) },
            Some(rule) => Decision::Disallowed { rule: rule.to_string() },
        }
    }

    /// Returns the pause between two requests that the site asks for. Not in the standard, but widely used.
    pub fn delay(&self) -> Option<Duration> {
        self.delay
    }

    /// Returns the sitemaps that the site names.
    pub fn sitemaps(&self) -> &[String] {
        &self.sitemaps
    }
}

impl Decision {
    /// Tells whether the address may be fetched.
    pub fn permits(&self) -> bool {
        !matches!(self, Decision::Disallowed { .. })
    }

    /// Lets an address be fetched all the same, for a reason that is recorded. One that is allowed stays as it is.
    ///
    /// # Errors
    /// The reason is blank.
    pub fn overridden(self, reason: &str) -> Result<Decision, NoReason> {
        match self {
            Decision::Disallowed { .. } if reason.trim().is_empty() => Err(NoReason),
            Decision::Disallowed { rule } => {
                Ok(Decision::Overridden { rule, reason: reason.trim().to_owned() })
            }
            decided => Ok(decided),
        }
    }
}

impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Decision::Allowed { rule: None } => f.write_str("allowed: no rule speaks against it"),
            Decision::Allowed { rule: Some(rule) } => write!(f, "allowed by {rule}"),
            Decision::Disallowed { rule } => write!(f, "disallowed: {rule}"),
            Decision::Overridden { rule, reason } => write!(f, "overridden: {rule}; reason: {reason}"),
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = if self.allows { "allow" } else { "disallow" };
        write!(f, "line {}: {word} {}", self.line, self.path)
    }
}

/// Tells whether the beginning of a body can be read without its end: it is what was asked for, and not packed.
fn is_plain(exchange: &Exchange) -> bool {
    let head = &exchange.response.head;
    (200..=299).contains(&exchange.status()) && codings(head).is_ok_and(|codings| codings.is_empty())
}

/// The groups of a file as they are read (2.1): those that name the program, and those for all others.
struct Reading<'a> {
    product: &'a str,
    own: Option<Group>,
    others: Group,
    /// Which groups the lines belong to that are being read.
    in_own: bool,
    in_others: bool,
    /// Whether the line before named a program too: lines of names belong together.
    naming: bool,
    sitemaps: Vec<String>,
}

#[derive(Default, Clone)]
struct Group {
    rules: Vec<Rule>,
    delay: Option<Duration>,
}

impl<'a> Reading<'a> {
    fn new(product: &'a str) -> Reading<'a> {
        let others = Group::default();
        Reading {
            product,
            own: None,
            others,
            in_own: false,
            in_others: false,
            naming: false,
            sitemaps: Vec::new(),
        }
    }

    fn take(&mut self, line: u32, key: &str, value: &str) {
        match key {
            "user-agent" => return self.name(value),
            // It belongs to no group and ends none.
            "sitemap" => return self.sitemaps.push(value.to_owned()),
            "allow" | "disallow" if !value.is_empty() => {
                let rule = Rule { allows: key == "allow", path: normal(value), line };
                self.each(|group| group.rules.push(rule.clone()));
            }
            "crawl-delay" => {
                let delay = value.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
                self.each(|group| group.delay = delay.or(group.delay));
            }
            _ => {}
        }
        self.naming = false;
    }

    fn name(&mut self, value: &str) {
        if !self.naming {
            (self.in_own, self.in_others) = (false, false);
        }
        self.naming = true;
        // A name ends where its version begins (2.2.1).
        let name = value.split(['/', ' ', '\t']).next().unwrap_or_default();
        self.in_others |= name == "*";
        if name.eq_ignore_ascii_case(self.product) {
            self.in_own = true;
            self.own.get_or_insert_default();
        }
    }

    fn each(&mut self, change: impl Fn(&mut Group)) {
        if let Some(own) = self.own.as_mut().filter(|_| self.in_own) {
            change(own);
        }
        if self.in_others {
            change(&mut self.others);
        }
    }

    fn finish(self) -> Robots {
        let Group { rules, delay } = self.own.unwrap_or(self.others);
        Robots { known: Known::File, rules, delay, sitemaps: self.sitemaps }
    }
}

/// Writes a path so that two that mean the same are the same (2.2.2): what is not ASCII is percent-encoded, and what
/// need not be is not.
fn normal(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let digits = after.get(..2).filter(|_| first == b'%').and_then(|two| std::str::from_utf8(two).ok());
        let decoded = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        rest = if decoded.is_some() { &after[2..] } else { after };
        match decoded.unwrap_or(first) {
            byte if decoded.is_some() && !is_unreserved(byte) => out.push_str(&format!("%{byte:02X}")),
            byte if byte.is_ascii() => out.push(char::from(byte)),
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// RFC 3986, 2.3.
fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)
}

/// Tells whether a rule fits a path: from its beginning on, `*` for anything, `$` for the end (2.2.3). Linear in both.
fn fits(rule: &str, path: &str) -> bool {
    let (rule, to_the_end) = rule.strip_suffix('$').map_or((rule, false), |rule| (rule, true));
    let mut parts = rule.split('*');
    let Some(mut rest) = parts.next().and_then(|first| path.strip_prefix(first)) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    let last = if to_the_end { parts.pop() } else { None };
    for part in &parts {
        match rest.split_once(part) {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    match last {
        Some(last) => rest.ends_with(last),
        None => !to_the_end || rest.is_empty(),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    use super::*;

    const FILE: &str = "\
\u{feff}# rules
User-agent: other
User-agent: Credence/2.0
Disallow: /private # not for programs
Allow: /private/notices
Sitemap: https://quillhaven.example/map.xml
Disallow: /*.pdf$
Crawl-delay: 1.5

user-agent: *
disallow: /
disallow:

USER-AGENT: credence
DISALLOW : /новини
Allow: /a%2fb
Disallow: /a
";

    fn check(path: &str, expected: Expect) {
        let robots = Robots::read(FILE.as_bytes(), "Credence");
        expected.assert_eq(&robots.decide(&format!("https://quillhaven.example{path}")).to_string());
    }

    #[test]
    fn rules() {
        check("/", expect!["allowed: no rule speaks against it"]);
        check("/private/x", expect!["disallowed: line 4: disallow /private"]);
        check("/private/notices?a", expect!["allowed by line 5: allow /private/notices"]);
        check("/x/y.pdf", expect!["disallowed: line 7: disallow /*.pdf$"]);
        check("/x/y.pdf?a", expect!["allowed: no rule speaks against it"]);
        check("/новини/1", expect!["disallowed: line 15: disallow /%D0%BD%D0%BE%D0%B2%D0%B8%D0%BD%D0%B8"]);
        check("/a%2Fb", expect!["allowed by line 16: allow /a%2Fb"]);
        check("/%61b", expect!["disallowed: line 17: disallow /a"]);
        check("/robots.txt", expect!["allowed: no rule speaks against it"]);
    }

    #[test]
    fn rules_for_all_are_for_those_that_are_not_named() {
        let robots = Robots::read(FILE.as_bytes(), "Another");
        assert!(!robots.decide("https://quillhaven.example/x").permits());
        assert_eq!(robots.delay(), None);
        let robots = Robots::read(FILE.as_bytes(), "Credence");
        assert_eq!(robots.delay(), Some(Duration::from_millis(1500)));
        assert_eq!(robots.sitemaps(), ["https://quillhaven.example/map.xml"]);
        assert!(Robots::read(b"Disallow: /", "Credence").decide("https://a.example/x").permits());
    }

    #[test]
    fn a_reason_overrides() {
        let decision = Robots::read(FILE.as_bytes(), "Credence").decide("https://a.example/private");
        assert_eq!(decision.clone().overridden(" "), Err(NoReason));
        let overridden = decision.overridden("the ministry's only notice").unwrap();
        assert!(overridden.permits());
        let expected = expect!["overridden: line 4: disallow /private; reason: the ministry's only notice"];
        expected.assert_eq(&overridden.to_string());
    }

    #[test]
    fn stars_and_ends() {
        for (rule, path, fit) in [
            ("/", "/a", true),
            ("/a*c", "/abbbc/d", true),
            ("/a*c$", "/abbbc/d", false),
            ("/a*c$", "/abcbc", true),
            ("/a$", "/a", true),
            ("/a$", "/ab", false),
            ("*b*", "/ab", true),
            ("/*a*a*a*a*b", &"a".repeat(5000), false),
            ("/ab*b$", "/ab", false),
            ("$", "", true),
        ] {
            assert_eq!(fits(rule, path), fit, "{rule} {path}");
        }
    }

    #[test]
    fn where_the_rules_are() {
        let address = Robots::address_for("https://ana:pw@Quillhaven.example:8443/a/b?c#d").unwrap();
        assert_eq!(address, "https://quillhaven.example:8443/robots.txt");
        assert_eq!(Robots::address_for("file:///robots.txt"), None);
    }

    proptest! {
        #[test]
        fn no_file_makes_it_panic(file: Vec<u8>, lines in "(allow:|disallow:|user-agent:\\*|[*$%/a-z\n])*", path in "\\PC*") {
            for file in [&file[..], lines.as_bytes()] {
                let robots = Robots::read(file, "a");
                let _ = robots.decide(&format!("https://a.example/{path}"));
            }
        }
    }
}
