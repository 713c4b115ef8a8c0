//! `credence.toml` in the folder of a record: what is watched, how it is fetched, and who vouches for the log.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, anyhow, bail};
use collect::web::{Network, Proxy, Settings, without_password};
use jiff::SignedDuration;
use serde::Deserialize;

/// Everything that can be set. A record without the file has the defaults.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Configuration {
    pub(crate) fetch: Fetch,
    #[serde(rename = "source")]
    pub(crate) sources: Vec<Source>,
    #[serde(rename = "authority")]
    pub(crate) authorities: Vec<Authority>,
    #[serde(rename = "witness")]
    pub(crate) witnesses: Vec<Witness>,
}

/// How everything is fetched.
#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Fetch {
    /// What is said to be asking.
    user_agent: Option<String>,
    /// `http://HOST:PORT` or `socks5://HOST:PORT`, with or without `NAME:PASSWORD@` before the host.
    proxy: Option<String>,
    /// Addresses that are not public and may be fetched from: `10.1.2.0/24`, `::1`.
    allow: Vec<String>,
    /// A file of certificates in PEM that are trusted beside those that browsers trust; from the record's folder.
    extra_roots: Option<PathBuf>,
    /// How many connections at a time, to all hosts and to one.
    pub(crate) connections: usize,
    pub(crate) connections_per_host: usize,
    /// Seconds for one address, redirects among them.
    timeout: Option<u64>,
    /// The largest page, in bytes.
    max_size: Option<u64>,
    /// After so many failures in a row an address is left for a person to decide on.
    pub(crate) attempts: u32,
}

/// One thing that is watched.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Source {
    /// What it is called here.
    pub(crate) name: String,
    pub(crate) kind: SourceKind,
    /// An address of the web; for a folder, a path from the record's folder.
    pub(crate) address: String,
    /// How often it is asked: `15m`, `6h`, `1d`.
    #[serde(default = "quarter_of_an_hour", deserialize_with = "duration")]
    pub(crate) every: Duration,
    /// When a page that was collected is looked at again, counted from the last look.
    #[serde(default = "again", deserialize_with = "durations")]
    pub(crate) again: Vec<Duration>,
    /// Who publishes it.
    pub(crate) outlet: Option<String>,
    /// Its language, two letters after ISO 639-1.
    pub(crate) language: Option<String>,
    /// Who may see it: a label of the Traffic Light Protocol 2.0.
    pub(crate) marking: Option<Marking>,
    /// Whether anybody could have read it.
    #[serde(default)]
    pub(crate) handling: Handling,
    /// Why it is fetched though its site asks programs not to.
    pub(crate) ignore_robots: Option<String>,
}

/// What a source is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum SourceKind {
    /// RSS, Atom or JSON Feed: the pages that it lists are collected.
    Feed,
    /// One page.
    Page,
    /// A sitemap: the pages that it lists are collected.
    Sitemap,
    /// A folder of files.
    Folder,
}

/// Whether anybody could have read what a source gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Handling {
    /// It is published.
    #[default]
    Public,
    /// It is not to be shown to others.
    Restricted,
}

/// The labels of the Traffic Light Protocol 2.0 (FIRST, 2022).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(crate) enum Marking {
    #[serde(rename = "TLP:RED")]
    Red,
    #[serde(rename = "TLP:AMBER+STRICT")]
    AmberStrict,
    #[serde(rename = "TLP:AMBER")]
    Amber,
    #[serde(rename = "TLP:GREEN")]
    Green,
    #[serde(rename = "TLP:CLEAR")]
    Clear,
}

/// An authority that puts time stamps on checkpoints (RFC 3161).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Authority {
    /// What it is called here, and in the names of its stamps.
    pub(crate) name: String,
    /// Where it takes requests.
    pub(crate) address: String,
    /// A file of the certificates in PEM that its own leads up to; from the record's folder.
    pub(crate) roots: Option<PathBuf>,
}

/// A witness that cosigns checkpoints (C2SP tlog-witness).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Witness {
    /// Where it takes requests; `/add-checkpoint` is put behind it.
    pub(crate) address: String,
    /// Its key, as it publishes it: `NAME+ID+KEY`.
    pub(crate) key: String,
}

/// What stands for a source where addresses are given on the command line.
pub(crate) const BY_HAND: &str = "by hand";

/// Each connection is a thread with a page in memory.
const MOST_CONNECTIONS: usize = 256;

/// An hour: what has not come by then holds up all else.
const LONGEST_TIMEOUT: u64 = 60 * 60;

impl Default for Fetch {
    fn default() -> Fetch {
        Fetch {
            user_agent: None,
            proxy: None,
            allow: Vec::new(),
            extra_roots: None,
            connections: 8,
            connections_per_host: 2,
            timeout: None,
            max_size: None,
            attempts: 8,
        }
    }
}

impl Configuration {
    /// Reads the configuration of a record.
    pub(crate) fn of(record: &Path) -> anyhow::Result<Configuration> {
        let path = record.join("credence.toml");
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Configuration::default()),
            Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
        };
        Configuration::read(&text).with_context(|| format!("in {}", path.display()))
    }

    fn read(text: &str) -> anyhow::Result<Configuration> {
        let configuration: Configuration = toml::from_str(text).map_err(|error| wrong(text, &error))?;
        let mut names = BTreeSet::new();
        for source in &configuration.sources {
            source.check().with_context(|| format!("in the source {:?}", source.name))?;
            if !names.insert(&source.name) {
                bail!("two sources are called {:?}; what is kept is told apart by the name", source.name);
            }
        }
        let of_authorities = configuration.authorities.iter().map(|authority| &authority.address);
        let of_witnesses = configuration.witnesses.iter().map(|witness| &witness.address);
        of_authorities.chain(of_witnesses).try_for_each(|address| check_address(address))?;
        let Fetch { connections, connections_per_host, attempts, timeout, .. } = configuration.fetch;
        if connections == 0 || connections_per_host == 0 || attempts == 0 {
            bail!("connections, connections_per_host and attempts under [fetch] have to be 1 or more");
        }
        if timeout.is_some_and(|timeout| !(1..=LONGEST_TIMEOUT).contains(&timeout)) {
            bail!("timeout under [fetch] has to be from 1 to {LONGEST_TIMEOUT} seconds");
        }
        if connections > MOST_CONNECTIONS {
            bail!(
                "connections under [fetch] is {connections}: at most {MOST_CONNECTIONS} at a time, each holds a page"
            );
        }
        Ok(configuration)
    }

    /// Returns the settings of the fetcher.
    pub(crate) fn fetcher(&self, record: &Path) -> anyhow::Result<Settings> {
        let Fetch { user_agent, proxy, allow, extra_roots, timeout, max_size, .. } = &self.fetch;
        let mut settings = Settings { clock: crate::clock::or_now, ..Settings::default() };
        if let Some(user_agent) = user_agent {
            settings.user_agent.clone_from(user_agent);
        }
        settings.proxy = proxy.as_deref().map(str::parse::<Proxy>).transpose()?;
        settings.allowed =
            allow.iter().map(|network| network.parse()).collect::<Result<Vec<Network>, _>>()?;
        if let Some(path) = extra_roots {
            let path = record.join(path);
            settings.extra_roots = std::fs::read_to_string(&path)
                .with_context(|| format!("cannot read the extra roots in {}", path.display()))?;
        }
        settings.limits.total = timeout.map_or(settings.limits.total, Duration::from_secs);
        if let Some(max_size) = max_size {
            // What is sent without packing is the page itself.
            (settings.limits.original, settings.limits.body) = (*max_size, *max_size);
        }
        Ok(settings)
    }

    /// Returns the source of that name.
    pub(crate) fn source(&self, name: &str) -> Option<&Source> {
        self.sources.iter().find(|source| source.name == name)
    }
}

/// Says what is wrong without the line that is: it may hold the password of a proxy.
fn wrong(text: &str, error: &toml::de::Error) -> anyhow::Error {
    let before = error.span().and_then(|span| text.as_bytes().get(..span.start));
    let line = before.map_or(1, |before| 1 + before.iter().filter(|byte| **byte == b'\n').count());
    match error.message() {
        message if message.contains('@') => {
            anyhow!("line {line}: the value is not of the kind that is expected")
        }
        message => anyhow!("line {line}: {message}"),
    }
}

/// An address with a name and a password is refused: it is kept beside what comes from it, and shown.
fn check_address(address: &str) -> anyhow::Result<()> {
    match without_password(address) {
        Some(without) if address.contains("://") => {
            bail!("the address holds a name or a password, which are not used; write {without:?}")
        }
        _ => Ok(()),
    }
}

impl Source {
    /// Makes the source of an address that was given on the command line, which is asked for once.
    pub(crate) fn once(name: &str) -> Source {
        Source {
            name: name.to_owned(),
            kind: SourceKind::Page,
            address: String::new(),
            every: quarter_of_an_hour(),
            again: Vec::new(),
            outlet: None,
            language: None,
            marking: None,
            handling: Handling::Public,
            ignore_robots: None,
        }
    }

    fn check(&self) -> anyhow::Result<()> {
        if self.name.trim().is_empty() {
            bail!("a source needs a name");
        }
        if self.name == BY_HAND {
            bail!(
                "{BY_HAND:?} stands for the addresses that are given on the command line; choose another name"
            );
        }
        check_address(&self.address)?;
        let is_web = self.address.starts_with("http://") || self.address.starts_with("https://");
        if (self.kind == SourceKind::Folder) == is_web {
            bail!("the address is {:?}: a folder needs a path, all else http:// or https://", self.address);
        }
        if self.ignore_robots.as_ref().is_some_and(|reason| reason.trim().is_empty()) {
            bail!("ignore_robots is empty: it has to hold the reason");
        }
        if self.every < Duration::from_secs(1) {
            bail!("every has to be 1s or longer");
        }
        Ok(())
    }
}

impl SourceKind {
    /// Returns the word in the configuration.
    pub(crate) fn name(self) -> &'static str {
        match self {
            SourceKind::Feed => "feed",
            SourceKind::Page => "page",
            SourceKind::Sitemap => "sitemap",
            SourceKind::Folder => "folder",
        }
    }
}

impl Marking {
    /// Returns the label as the protocol writes it.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Marking::Red => "TLP:RED",
            Marking::AmberStrict => "TLP:AMBER+STRICT",
            Marking::Amber => "TLP:AMBER",
            Marking::Green => "TLP:GREEN",
            Marking::Clear => "TLP:CLEAR",
        }
    }
}

impl Handling {
    /// Returns the word in the configuration.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Handling::Public => "public",
            Handling::Restricted => "restricted",
        }
    }
}

fn quarter_of_an_hour() -> Duration {
    Duration::from_secs(15 * 60)
}

/// Most corrections come within hours, most removals within weeks.
fn again() -> Vec<Duration> {
    [1, 24, 7 * 24, 30 * 24].map(|hours| Duration::from_secs(hours * 60 * 60)).to_vec()
}

fn duration<'de, D: serde::Deserializer<'de>>(reader: D) -> Result<Duration, D::Error> {
    parse(&String::deserialize(reader)?).map_err(serde::de::Error::custom)
}

fn durations<'de, D: serde::Deserializer<'de>>(reader: D) -> Result<Vec<Duration>, D::Error> {
    let texts = Vec::<String>::deserialize(reader)?;
    texts.iter().map(|text| parse(text).map_err(serde::de::Error::custom)).collect()
}

/// Reads `90s`, `15m`, `1h 30m`, `2d`: a day is 24 hours.
fn parse(text: &str) -> Result<Duration, String> {
    let days = |text: &str| text.trim().strip_suffix('d')?.trim().parse::<u32>().ok();
    if let Some(days) = days(text) {
        return Ok(Duration::from_secs(u64::from(days) * 24 * 60 * 60));
    }
    let wrong = || format!("{text:?} is no length of time: expected one such as 15m, 6h or 2d");
    let length: SignedDuration = text.parse().map_err(|_| wrong())?;
    Duration::try_from(length).map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check(text: &str, expected: Expect) {
        let read = match Configuration::read(text) {
            Ok(configuration) => format!("{:#?}", configuration.sources),
            Err(error) => format!("{error:#}"),
        };
        expected.assert_eq(&read);
    }

    #[test]
    fn a_source() {
        check(
            r#"
            [[source]]
            name = "Тесмин"
            kind = "feed"
            address = "https://tesmin.example/feed"
            every = "1h 30m"
            again = ["2d"]
            marking = "TLP:AMBER+STRICT"
            handling = "restricted"
            "#,
            expect![[r#"
                [
                    Source {
                        name: "Тесмин",
                        kind: Feed,
                        address: "https://tesmin.example/feed",
                        every: 5400s,
                        again: [
                            172800s,
                        ],
                        outlet: None,
                        language: None,
                        marking: Some(
                            AmberStrict,
                        ),
                        handling: Restricted,
                        ignore_robots: None,
                    },
                ]"#]],
        );
    }

    #[test]
    fn the_largest_page_is_as_large_however_it_is_sent() {
        let configuration = Configuration::read("[fetch]\nmax_size = 7").unwrap();
        let limits = configuration.fetcher(Path::new("")).unwrap().limits;
        assert_eq!((limits.original, limits.body), (7, 7));
    }

    #[test]
    fn what_is_wrong_is_named() {
        let with = |line: &str| {
            format!("[[source]]\nname = \"a\"\nkind = \"page\"\naddress = \"https://a.example/\"\n{line}")
        };
        for (line, words) in [
            ("every = \"soon\"", "no length of time"),
            ("ignore_robots = \" \"", "has to hold the reason"),
            ("kinds = 3", "unknown field"),
            ("[[source]]\nname = \"a\"\nkind = \"folder\"\naddress = \"in\"", "two sources are called"),
            ("[[source]]\nname = \"b\"\nkind = \"folder\"\naddress = \"https://b.example\"", "needs a path"),
            ("[fetch]\nconnections = 0", "1 or more"),
            ("[fetch]\ntimeout = 0", "from 1 to 3600 seconds"),
            ("[fetch]\ntimeout = 9223372036854775807", "from 1 to 3600 seconds"),
            ("[fetch]\nproxy = socks5://ana:pw@127.0.0.1", "line 6: "),
            ("[fetch]\nallow = \"http://ana:pw@127.0.0.1\"", "line 6: the value is not"),
            (
                "[[authority]]\nname = \"b\"\naddress = \"https://ana:pw@b.example/\"",
                "write \"https://b.example/\"",
            ),
            (
                "[[source]]\nname = \"b\"\nkind = \"page\"\naddress = \"https://ana:pw@b.example/\"",
                "write \"https://b.example/\"",
            ),
            ("[fetch]\nconnections = 1000000", "at most 256"),
            ("[[source]]\nname = \"by hand\"\nkind = \"folder\"\naddress = \"in\"", "choose another name"),
        ] {
            let error = format!("{:#}", Configuration::read(&with(line)).unwrap_err());
            assert!(error.contains(words) && !error.contains("pw"), "{error}");
        }
    }
}
