use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::LazyLock;

use model::{Claim, ClaimKind, Span};

use crate::families::Joined;
use crate::voice::voices;
use crate::{Read, ReportKey};

/// The speakers of one story, with different names of one speaker brought together.
///
/// Names are one speaker where they differ in article, title or case; where both stand for one government; where
/// the shorter is part of one longer name only ("Orlova", "Mira Orlova"); and where the reports say that one speaks
/// for the other.
pub(crate) struct Speakers {
    places: BTreeMap<String, usize>,
    roots: Vec<usize>,
    names: Vec<String>,
    reasons: BTreeMap<usize, BTreeSet<String>>,
    vague: Vec<bool>,
    /// Descriptions that a report gives a name to further down.
    described: BTreeMap<(ReportKey, String), usize>,
}

impl Speakers {
    pub(crate) fn of(reads: &[Read<'_>]) -> Speakers {
        let own = reads.iter().flat_map(|read| voices(read).into_values());
        let named = reads.iter().flat_map(|read| read.claims).flat_map(chain);
        let names: BTreeSet<&str> = named.chain(own).map(str::trim).collect();
        let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
        let mut joining = Joining::new(&names);
        joining.same_key();
        joining.initials();
        joining.spokesmen(reads);
        joining.short_forms();
        joining.titles(reads);
        let mut speakers = joining.done();
        for read in reads {
            speakers.identify(read);
        }
        speakers
    }

    /// Returns the number of the speaker whom a report calls so; `None` for "officials", "reports" and others who are
    /// nobody in particular.
    pub(crate) fn number_in(&self, report: ReportKey, name: &str) -> Option<usize> {
        let described = self.described.get(&(report, name.trim().to_owned()));
        described.copied().or_else(|| self.number(name))
    }

    /// Finds whom a report means by "a monitor", "officials", "the mayor of the town" before it gives the name.
    ///
    /// Reports put what somebody is into the lead and who it is into one of the next sentences. So the next speaker who
    /// has a name is taken, if the name does not stand before and the description fits it.
    fn identify(&mut self, read: &Read<'_>) {
        let text = read.report.text.read();
        let mut spoken: Vec<(Span, &str)> = read
            .claims
            .iter()
            .filter_map(|claim| Some((claim.span, claim.said_by.first()?.name.trim())))
            .collect();
        spoken.sort_by_key(|(span, _)| (span.start(), span.end()));
        let mut met: Vec<usize> = Vec::new();
        let courts: BTreeSet<usize> = authorities(read).filter_map(|name| self.number(name)).collect();
        for (at, (span, name)) in spoken.iter().enumerate() {
            if let (Some(&court), 1, true) = (courts.first(), courts.len(), is("bench", name)) {
                self.described.insert((read.key, (*name).to_owned()), court);
                continue;
            }
            let Some(description) = Description::of(name) else {
                met.extend(self.number(name).filter(|number| !met.contains(number)));
                continue;
            };
            // Behind somebody whom it fits it takes up that one: "Dr Vey said … the surgeon added".
            if lone(name) && met.iter().any(|&number| description.fits(&self.names(number))) {
                continue;
            }
            let near = |other: &&(Span, &str)| other.0.start() < span.end() + INTRODUCED;
            let next = spoken[at + 1..].iter().take_while(near).find(|(_, other)| other != name);
            let Some((_, other)) = next else { continue };
            let is_new = text.find(other).is_some_and(|first| first >= span.start());
            let Some(number) = self.number(other).filter(|_| is_new && Description::of(other).is_none())
            else {
                continue;
            };
            if description.fits(&self.names(number)) {
                self.described.entry((read.key, (*name).to_owned())).or_insert(number);
            }
        }
    }

    /// Brings names together by what they say alone, without a report to tell who speaks for whom.
    pub(crate) fn named<'n>(names: impl Iterator<Item = &'n str>) -> Speakers {
        let names: BTreeSet<&str> = names.map(str::trim).collect();
        let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
        let mut joining = Joining::new(&names);
        joining.same_key();
        if names.len() > MANY {
            return joining.done();
        }
        joining.short_forms();
        joining.done()
    }

    /// Returns the number of the speaker of that name; `None` for "officials", "reports" and others who are nobody
    /// in particular.
    pub(crate) fn number(&self, name: &str) -> Option<usize> {
        let at = *self.places.get(name.trim())?;
        (!self.vague[self.roots[at]]).then(|| self.roots[at])
    }

    /// Returns the names that stand for a speaker, fullest first.
    pub(crate) fn names(&self, number: usize) -> Vec<&str> {
        let mut names: Vec<&str> = (0..self.names.len())
            .filter(|&at| self.roots[at] == number)
            .map(|at| self.names[at].as_str())
            .collect();
        names.sort_by_key(|name| (std::cmp::Reverse(rank(name)), *name));
        names
    }

    /// Returns the names of each speaker who has several, fullest first.
    pub(crate) fn several(&self) -> Vec<Vec<String>> {
        let numbers: BTreeSet<usize> = self.roots.iter().copied().filter(|&root| !self.vague[root]).collect();
        let names =
            numbers.into_iter().map(|number| self.names(number).into_iter().map(str::to_owned).collect());
        names.filter(|names: &Vec<String>| names.len() > 1).collect()
    }

    /// Returns why the names of a speaker are taken for one.
    pub(crate) fn reasons(&self, number: usize) -> impl Iterator<Item = &str> {
        self.reasons.get(&number).into_iter().flatten().map(String::as_str)
    }
}

/// Bytes between a description and the name that it is of: three long sentences.
const INTRODUCED: usize = 700;

/// What somebody is called by who has no name yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Description {
    Body,
    Person,
    Official,
}

impl Description {
    /// Reads a name that is none: "monitor", "regional governor", "mayor of the besieged town of Lesk".
    fn of(name: &str) -> Option<Description> {
        let noun = [" of ", " for ", " in ", " at ", " from "]
            .iter()
            .fold(name, |front, word| front.split_once(word).map_or(front, |(front, _)| front));
        // The first word may stand at the start of a sentence; another with a capital letter is a name.
        let named = noun.split(' ').skip(1).any(|word| word.starts_with(char::is_uppercase));
        if named || state(&tokens(name)).is_some() {
            return None;
        }
        let head = noun.rsplit(' ').next()?.to_lowercase();
        let head = head.as_str();
        let kinds = [
            ("bodies_described", Description::Body),
            ("people_described", Description::Person),
            ("officials_described", Description::Official),
        ];
        kinds.iter().find(|(list, _)| is(list, head)).map(|&(_, kind)| kind)
    }

    /// Tells whether a speaker of these names may be described so.
    fn fits(self, names: &[&str]) -> bool {
        let tokens: Vec<Vec<String>> = names.iter().map(|name| tokens(name)).collect();
        let any =
            |list: &[&str]| tokens.iter().flatten().any(|token| list.iter().any(|list| is(list, token)));
        match self {
            Description::Body => !tokens.iter().any(|tokens| state(tokens).is_some()),
            Description::Person => !any(&["organs", "lone_bodies"]),
            Description::Official => any(&["organs", "lone_bodies", "titles"]),
        }
    }
}

/// Returns the names of each speaker in the reports of one story who has several, fullest first.
pub fn names_of_speakers(reads: &[Read<'_>]) -> Vec<Vec<String>> {
    Speakers::of(reads).several()
}

/// The body that somebody speaks for is shown before the person, and a full name before a short one.
fn rank(name: &str) -> (bool, bool, bool, usize) {
    let tokens = tokens(name);
    let body = tokens.iter().any(|token| is("organs", token) || COUNTRIES.names.contains(token));
    let speaks = tokens.iter().any(|token| is("speaks", token));
    (!speaks, body, tokens.iter().any(|token| token == "government"), name.chars().count())
}

/// The speakers of a claim, nearest to the fact first; for a determination the authority before all.
pub(crate) fn chain(claim: &Claim) -> impl Iterator<Item = &str> {
    let authority = match &claim.kind {
        ClaimKind::Determination(determination) => determination.authority.as_ref(),
        _ => None,
    };
    authority.into_iter().chain(&claim.said_by).map(|speaker| speaker.name.as_str())
}

/// Returns who decided what a report tells of: "the judges" there are those of that court.
fn authorities<'r>(read: &Read<'r>) -> impl Iterator<Item = &'r str> {
    read.claims
        .iter()
        .filter_map(|claim| match &claim.kind {
            ClaimKind::Determination(determination) => determination.authority.as_ref(),
            _ => None,
        })
        .map(|speaker| speaker.name.as_str())
}

/// Tells whether a text says that somebody speaks for a body or heads it.
pub(crate) fn speaks_for(text: &str, name: &str, body: &[String]) -> bool {
    let Some(surname) = name.split_whitespace().next_back() else { return false };
    let found = behind(text, &Person { name, surname });
    found.iter().any(|words| body.iter().all(|word| words.contains(word)))
}

struct Joining<'a> {
    names: &'a [String],
    tokens: Vec<Vec<String>>,
    joined: Joined,
    /// The government that a joined speaker is, by its root.
    states: BTreeMap<usize, String>,
    reasons: Vec<(usize, String)>,
}

impl<'a> Joining<'a> {
    fn new(names: &'a [String]) -> Joining<'a> {
        let tokens: Vec<Vec<String>> = names.iter().map(|name| tokens(name)).collect();
        let states = tokens.iter().enumerate().filter_map(|(at, tokens)| Some((at, state(tokens)?)));
        let (states, joined) = (states.collect(), Joined::new(names.len()));
        Joining { names, tokens, joined, states, reasons: Vec::new() }
    }

    fn join(&mut self, a: usize, b: usize, reason: impl FnOnce() -> String) {
        let roots = [a, b].map(|at| self.joined.root(at));
        let [one, other] = roots.map(|root| self.states.get(&root).cloned());
        // Two governments are never one speaker, whoever seems to speak for both.
        if roots[0] != roots[1] && (one.is_none() || other.is_none() || one == other) {
            self.joined.join(a, b);
            if let Some(state) = one.or(other) {
                self.states.insert(self.joined.root(a), state);
            }
            self.reasons.push((a, reason()));
        }
    }

    /// Joins names that are the same but for article, title and case, or that stand for one government.
    fn same_key(&mut self) {
        let mut first: BTreeMap<Vec<String>, usize> = BTreeMap::new();
        for at in 0..self.names.len() {
            let state = state(&self.tokens[at]);
            let key =
                state.clone().map_or_else(|| person(&self.tokens[at]), |state| vec!["=".to_owned(), state]);
            if key.is_empty() {
                continue;
            }
            let before = *first.entry(key).or_insert(at);
            let (one, two) = (self.names[before].clone(), self.names[at].clone());
            self.join(before, at, || match state {
                Some(state) => {
                    format!("“{one}” and “{two}” both stand for the government of {}", shown(&state))
                }
                None => format!("“{one}” and “{two}” are one name"),
            });
        }
    }

    /// Joins "SRM" to "Sorvenian Register of the Missing".
    fn initials(&mut self) {
        let mut of: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, name) in self.names.iter().enumerate().filter(|(_, name)| name.contains(' ')) {
            let capitals = name.split([' ', '-']).filter_map(|word| word.chars().next());
            let initials: String = capitals.filter(|first| first.is_uppercase()).collect();
            of.entry(initials).or_default().push(at);
        }
        for at in 0..self.names.len() {
            let bare = self.names[at].trim_end_matches("'s").trim_end_matches("’s");
            let is_short = bare.len() > 2 && bare.chars().all(char::is_uppercase);
            let Some(longer) = of.get(bare).filter(|_| is_short) else { continue };
            let speakers: BTreeSet<usize> = longer.iter().map(|&other| self.joined.root(other)).collect();
            if let (1, Some(&other)) = (speakers.len(), longer.first()) {
                let (one, two) = (self.names[at].clone(), self.names[other].clone());
                self.join(other, at, || format!("“{one}” are the initials of “{two}”"));
            }
        }
    }

    /// Joins a shorter name to the one longer name that holds all its words.
    fn short_forms(&mut self) {
        let sets: Vec<BTreeSet<String>> =
            self.tokens.iter().map(|tokens| person(tokens).into_iter().collect()).collect();
        // One government is no short name of two.
        let joint: Vec<bool> = self.names.iter().map(|name| joint(name).is_some()).collect();
        // Longer names come together first: then a short one that stands in several of them has one to belong to.
        let mut order: Vec<usize> = (0..self.names.len()).collect();
        order.sort_by_key(|&at| std::cmp::Reverse(sets[at].len()));
        for at in order {
            if sets[at].is_empty() || state(&self.tokens[at]).is_some() {
                continue;
            }
            let longer: Vec<usize> = (0..sets.len())
                .filter(|&other| {
                    !joint[other] && sets[other].len() > sets[at].len() && sets[at].is_subset(&sets[other])
                })
                .collect();
            let speakers: BTreeSet<usize> = longer.iter().map(|&other| self.joined.root(other)).collect();
            if let (1, Some(&other)) = (speakers.len(), longer.first()) {
                let (one, two) = (self.names[at].clone(), self.names[other].clone());
                self.join(other, at, || format!("“{one}” is short for “{two}”, the only such name here"));
            }
        }
    }

    /// Joins a person to the body or government that the reports say the person speaks for.
    fn spokesmen(&mut self, reads: &[Read<'_>]) {
        for at in 0..self.names.len() {
            let bare = person(&self.tokens[at]);
            // "The Sorvenian president" is a government and no surname.
            let is_person = bare.len() > 1 && state(&self.tokens[at]).is_none();
            if !is_person || !self.names[at].contains(char::is_uppercase) {
                continue;
            }
            let Some(surname) = self.names[at].split_whitespace().next_back().map(str::to_owned) else {
                continue;
            };
            let behind: BTreeSet<Vec<String>> = reads
                .iter()
                .flat_map(|read| {
                    behind(read.report.text.read(), &Person { name: &self.names[at], surname: &surname })
                })
                .collect();
            for body in behind {
                self.join_body(at, &body);
            }
        }
    }

    /// Joins a person to "the ministry" whose spokesman it is, if only one ministry speaks.
    fn join_lone_body(&mut self, person_at: usize, organ: &String) {
        let bears = |at: &usize| *at != person_at && self.tokens[*at].contains(organ);
        let bodies: Vec<usize> = (0..self.names.len()).filter(bears).collect();
        let speakers: BTreeSet<usize> = bodies.iter().map(|&at| self.joined.root(at)).collect();
        if let (1, Some(&body)) = (speakers.len(), bodies.iter().max_by_key(|&&at| self.tokens[at].len())) {
            let (one, two) = (self.names[person_at].clone(), self.names[body].clone());
            self.join(body, person_at, || format!("{one} speaks for “{two}”"));
        }
    }

    fn join_body(&mut self, person_at: usize, body: &[String]) {
        if let [article, organ] = body
            && article == "the"
        {
            return self.join_lone_body(person_at, organ);
        }
        let wanted: BTreeSet<&String> = body.iter().collect();
        let wanted_state = state(body);
        for other in (0..self.names.len()).filter(|&other| other != person_at) {
            let same_state = wanted_state.is_some() && state(&self.tokens[other]) == wanted_state;
            let own: BTreeSet<&String> = self.tokens[other].iter().collect();
            let same_body =
                own.len() > 1 && (own.is_subset(&wanted) || wanted.len() > 1 && wanted.is_subset(&own));
            if same_state || same_body && wanted_state.is_none() {
                let (one, two) = (self.names[person_at].clone(), self.names[other].clone());
                self.join(other, person_at, || format!("{one} speaks for “{two}”"));
            }
        }
    }

    /// Joins a bare title to the one speaker who bears it: "the mayor" to "Mayor Ila Brann".
    fn titles(&mut self, reads: &[Read<'_>]) {
        let bare: Vec<usize> = (0..self.names.len())
            .filter(|&at| lone(&self.names[at]) && is("titles", &self.names[at]))
            .collect();
        if bare.is_empty() {
            return;
        }
        let texts: Vec<String> = reads.iter().map(|read| read.report.text.read().to_lowercase()).collect();
        for at in bare {
            let bears = |other: &usize| {
                let titled = format!("{} {}", self.names[at], self.names[*other].to_lowercase());
                texts.iter().any(|text| text.contains(&titled))
            };
            let bearers: Vec<usize> = (0..self.names.len()).filter(bears).collect();
            let speakers: BTreeSet<usize> = bearers.iter().map(|&other| self.joined.root(other)).collect();
            if let (1, Some(&other)) = (speakers.len(), bearers.first()) {
                let (one, two) = (self.names[at].clone(), self.names[other].clone());
                self.join(other, at, || format!("{two} is the only {one} here"));
            }
        }
    }

    fn done(mut self) -> Speakers {
        let roots: Vec<usize> = (0..self.names.len()).map(|at| self.joined.root(at)).collect();
        let mut vague = vec![true; roots.len()];
        for (at, name) in self.names.iter().enumerate() {
            vague[roots[at]] &= is_nobody(name);
        }
        let mut reasons: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
        for (at, reason) in self.reasons {
            reasons.entry(roots[at]).or_default().insert(reason);
        }
        let places = self.names.iter().enumerate().map(|(at, name)| (name.clone(), at)).collect();
        let described = BTreeMap::new();
        Speakers { places, roots, names: self.names.to_vec(), reasons, vague, described }
    }
}

/// One word without a capital letter: "surgeon", "official". Nobody can tell two of them apart.
fn lone(name: &str) -> bool {
    !name.contains(char::is_whitespace) && !name.contains(char::is_uppercase)
}

/// Tells whether a name is nobody's in particular: "officials", "activists in Lesk".
pub(crate) fn is_nobody(name: &str) -> bool {
    lone(name) || nobody(&tokens(name)) || crowd(name)
}

/// Nobody in particular: only words such as "sources", or such people of some place.
fn nobody(tokens: &[String]) -> bool {
    let many = |token: &String| is("vague", token) && token.ends_with('s');
    // "Two senior Western diplomats": what stands before the noun names nobody either.
    let any = |token: &String| is("vague", token) || is("generic", token);
    tokens.iter().all(any) || tokens.first().is_some_and(many)
}

/// People of whom no more is said than what they are: "conservative estimates", "a Post source in Lesk", but not "a
/// source at the ministry".
fn crowd(name: &str) -> bool {
    let tokens = tokens(name);
    let body = |token: &String| is("organs", token) || is("lone_bodies", token);
    let source = tokens.iter().any(|token| token == "source" || token == "sources");
    // "Local media", "Syrian media", but not "state media".
    let media = tokens.len() == 2 && tokens[1] == "media" && tokens[0] != "state";
    let small =
        media || !name.contains(char::is_uppercase) && tokens.last().is_some_and(|last| is("crowd", last));
    small || source && !name.contains(" at ") && !tokens.iter().any(body)
}

struct Person<'a> {
    name: &'a str,
    surname: &'a str,
}

/// Names beyond which short forms are no longer looked for: each is laid beside each.
const MANY: usize = 1024;
/// Words before and after a name that are read for whom the person speaks for.
const AROUND: usize = 8;
/// Characters behind a name that are read for whom the person speaks for.
const AFTER: usize = 240;
/// Words in the name of a body that somebody speaks for.
const BODY: usize = 5;
/// Mentions of one name in one report that are read.
const MENTIONS: usize = 8;

/// Finds whom a person speaks for, as the words around the name say: "the ministry's spokesman, NAME", "NAME, a
/// spokesman for the council", "US secretary of state NAME". Leaves other offices alone: a mayor is an origin.
fn behind(text: &str, person: &Person<'_>) -> Vec<Vec<String>> {
    let found = text.match_indices(person.name).map(|(at, _)| (at, at + person.name.len())).take(MENTIONS);
    let by_surname = text
        .match_indices(person.surname)
        .filter(|_| !text.contains(person.name))
        .map(|(at, _)| (at, at + person.surname.len()))
        .take(MENTIONS);
    found
        .chain(by_surname)
        .flat_map(|(start, end)| before(&text[..start]).into_iter().chain(after(&text[end..])))
        .collect()
}

fn before(text: &str) -> Vec<Vec<String>> {
    let from = text.char_indices().rev().take(120).last().map_or(0, |(at, _)| at);
    // The full stops of "U.S." end no sentence.
    let near = text[from..].replace("U.S.", "US").replace("U.N.", "UN").replace("U.K.", "UK");
    let clause = near.rsplit(['.', ';', '“', '”', '"', '\n']).next().unwrap_or("");
    let mut words = tokens(clause);
    words = words.split_off(words.len().saturating_sub(AROUND));
    let leads = |word: &String| is("offices", word) || is("heads", word);
    let Some(office) = words.iter().rposition(leads) else { return Vec::new() };
    let between = &words[office + 1..];
    if !between.iter().all(|word| is("titles", word)) {
        let of_body = is("speaks", &words[office]) || is("heads", &words[office]);
        return if of_body && clause.ends_with(' ') { vec![between.to_vec()] } else { Vec::new() };
    }
    if is("speaks", &words[office]) || is("heads", &words[office]) {
        // The body may have any name: the words in front of the office, as many as fit a name that is known.
        let longest = office.min(BODY);
        // A country begins the name: "Ana Orr warned the Kaldrian president, Ila Brann" names no body with Orr in it.
        let whole = |len: &usize| !words[office - len..office].iter().skip(1).any(|word| is_country(word));
        let named = (1..=longest).take_while(whole).map(|len| words[office - len..office].to_vec());
        return named.chain(lone_body(clause, &words[..office])).collect();
    }
    let government = words[..=office].iter().rposition(|word| !is("organs", word) && !is("titles", word));
    let named = government.map(|start| &words[start..=office]).filter(|name| state(name).is_some());
    named.map(<[String]>::to_vec).into_iter().collect()
}

/// Finds "the ministry" in front of an office, a body that its article alone tells.
fn lone_body(clause: &str, before: &[String]) -> Option<Vec<String>> {
    let organ = before.last().filter(|word| is("lone_bodies", word))?;
    let lower = clause.to_lowercase();
    let (front, _) = lower.rsplit_once(organ.as_str())?;
    // "Observatory director": a name made of a plain noun begins with a capital letter.
    let written = clause.get(front.len()..).is_some_and(|rest| rest.starts_with(char::is_uppercase));
    (front.ends_with("the ") || written).then(|| vec!["the".to_owned(), organ.clone()])
}

fn after(text: &str) -> Option<Vec<String>> {
    let near = text.char_indices().nth(AFTER).map_or(text, |(end, _)| &text[..end]);
    let text = near
        .replace("Secretary General", "Secretary-General")
        .replace("secretary general", "secretary-general");
    let text = text.as_str();
    let set_off = text.strip_prefix(", ");
    // Without a comma only what follows at once: "NAME who heads the council".
    let rest = set_off.or(text.strip_prefix(' '))?;
    let clause: &str = rest.split([',', ';', '“', '”', '"', '\n']).next()?;
    let clause = clause.split(". ").next()?;
    let words: Vec<String> = plain_tokens(clause).into_iter().take(AROUND + 4).collect();
    if let Some(government) = set_off.and_then(|_| of_government(clause)) {
        return Some(government);
    }
    if let [who, leads, ..] = &words[..]
        && who == "who"
        && matches!(leads.as_str(), "heads" | "leads" | "runs" | "chairs")
    {
        return Some(tokens(&words[2..].join(" ")));
    }
    let told = |word: &str| words.iter().position(|other| other == word);
    let leads = |word: &String| is("speaks", word) || word == "speaks" || is("heads", word);
    let farthest = if set_off.is_some() { 4 } else { 0 };
    let speaks = words.iter().position(leads).filter(|&at| at <= farthest)?;
    let start = told("for").or(told("of")).filter(|&at| at > speaks)?;
    let end = words.iter().position(|word| word == "told" || word == "said").unwrap_or(words.len());
    let body = words.get(start + 1..end)?.join(" ");
    let body = tokens(body.trim_end_matches('.'));
    (!body.is_empty()).then_some(body)
}

/// Reads an office behind a name: "NAME, US secretary of state, demanded".
fn of_government(clause: &str) -> Option<Vec<String>> {
    let words = tokens(&clause.replace("U.S.", "US").replace("U.K.", "UK"));
    let office = words.iter().take(AROUND).position(|word| is("offices", word) && !is("speaks", word))?;
    let government = words[..=office].to_vec();
    state(&government).is_some().then_some(government)
}

/// Returns the government that a name stands for: a country by itself or with words such as "ministry".
fn state(tokens: &[String]) -> Option<String> {
    let mut others = tokens.iter().filter(|token| !is("organs", token));
    let country = others.next()?;
    let known = COUNTRIES.names.contains(country);
    let named_by_organ =
        tokens.len() > 1 && tokens.iter().any(|token| is("organs", token) && !is("speaks", token));
    // A country that no list knows is told from "health officials" by the ending that most countries have.
    let place = named_by_organ && country.ends_with("ia") && !is("vague", country);
    (others.next().is_none() && (known || place)).then(|| country.clone())
}

/// Takes titles off the front of a name, as long as a name is left.
fn person(tokens: &[String]) -> Vec<String> {
    let titled =
        tokens.iter().take_while(|token| is("titles", token) || COUNTRIES.names.contains(*token)).count();
    let rest = &tokens[titled..];
    let named = !rest.is_empty() && !rest.iter().all(|token| is("organs", token));
    if named { rest.to_vec() } else { tokens.to_vec() }
}

/// The words of a name for comparison: lower case, without articles and possessive endings, countries by one name.
pub(crate) fn tokens(name: &str) -> Vec<String> {
    let spaced = format!(" {} ", plain_tokens(name).join(" "));
    let named = ARMED_GROUPS.replaced(COUNTRIES.replaced(spaced));
    named.split(' ').filter(|token| !token.is_empty() && !is("articles", token)).map(kin).collect()
}

fn plain_tokens(text: &str) -> Vec<String> {
    let joined: String = text.chars().filter(|c| *c != '.').collect();
    joined
        .split(|c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '’' | 'ʼ' | '-'))
        .map(|word| {
            let lower = word.to_lowercase();
            let bare = lower.strip_suffix("'s").or(lower.strip_suffix("’s")).unwrap_or(&lower);
            bare.trim_matches(['\'', '’', '-']).to_owned()
        })
        .filter(|word| !word.is_empty())
        .collect()
}

/// Brings "regional" to "region", "defense" to "defence", and the people of a country that no list knows to it.
fn kin(token: &str) -> String {
    match token {
        "defense" => "defence".to_owned(),
        "regional" => "region".to_owned(),
        "tv" => "television".to_owned(),
        _ if token.len() > 5 && token.ends_with("ian") => token.trim_end_matches('n').to_owned(),
        _ => token.to_owned(),
    }
}

/// Shows the name of a country: its words begin with capitals.
pub(crate) fn shown(country: &str) -> String {
    let capital = |word: &str| {
        let mut chars = word.chars();
        chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
    };
    country.split('-').map(capital).collect::<Vec<_>>().join(" ")
}

/// Returns the side that an accused belongs to: a country for its forces, else the name. A person with an office is
/// that person: who accuses a president need not accuse the army.
pub(crate) fn side(name: &str) -> Option<String> {
    let all = tokens(name);
    let office = all.iter().any(|token| is("offices", token));
    let capitals: Vec<&str> =
        name.split_whitespace().filter(|word| word.starts_with(|c: char| c.is_uppercase())).collect();
    let written: Vec<String> = tokens(&capitals.join(" "))
        .into_iter()
        .filter(|token| !is("organs", token) && !is("weekdays", token))
        .collect();
    let country = |token: &&String| COUNTRIES.names.contains(*token);
    let person =
        written.iter().rev().find(|token| !country(token) && !is("titles", token)).filter(|_| office);
    let ending = |token: &&String| token.ends_with("ia");
    person.or(written.iter().find(country)).or(written.iter().find(ending)).or(written.last()).cloned()
}

/// Returns the country whose government a name stands for: "Kaldria’s defence ministry".
pub(crate) fn governs(name: &str) -> Option<String> {
    state(&tokens(name))
}

/// Takes two governments apart that are named in one breath: "Sorvenian and Kaldrian officials".
pub(crate) fn joint(name: &str) -> Option<[String; 2]> {
    let (one, rest) = name.trim_start_matches("both ").split_once(" and ")?;
    let (two, noun) = rest.split_once(' ')?;
    let names = [one, two].map(|side| format!("{side} {noun}"));
    let [one_side, two_side] = [governs(&names[0])?, governs(&names[1])?];
    (one_side != two_side).then_some(names)
}

/// Returns the countries that words name, by their names or by what is called after them: "a Sorvenian town".
pub(crate) fn countries(words: &str) -> BTreeSet<String> {
    let written = words.split_whitespace().filter(|word| word.starts_with(|c: char| c.is_uppercase()));
    written.flat_map(tokens).filter(|token| is_country(token)).collect()
}

/// Tells whether a word says that a name is one of a region: "Zarvo district".
pub(crate) fn region(word: &str) -> bool {
    is("regions", word)
}

/// Tells whether a word says that a name is one of a town: "the village of Tarn".
pub(crate) fn settlement(word: &str) -> bool {
    is("settlements", word)
}

/// Tells whether a word counts in addition to what was counted: "another".
pub(crate) fn added(word: &str) -> bool {
    is("added", word)
}

/// Tells whether a side is a country, by the list or by the ending that most countries have.
pub(crate) fn is_country(side: &str) -> bool {
    COUNTRIES.names.contains(side) || side.ends_with("ia")
}

/// Tells whether a name means forces or officials of a side and nothing closer: "Kaldrian forces".
pub(crate) fn forces(name: &str, side: &str) -> bool {
    tokens(name).iter().all(|token| is("organs", token) || token == side)
}

pub(crate) fn is(list: &str, word: &str) -> bool {
    LISTS.get(list).is_some_and(|words| words.contains(word))
}

static LISTS: LazyLock<BTreeMap<&'static str, BTreeSet<&'static str>>> = LazyLock::new(|| {
    rows(include_str!("../lexicons/speakers.txt"))
        .map(|(name, words)| (name, words.split_whitespace().collect()))
        .collect()
});

fn rows(file: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    file.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(": "))
}

struct Aliases {
    /// Other words for a country or an armed group, longest first, each between spaces, and its name with hyphens for
    /// spaces.
    aliases: Vec<(String, String)>,
    /// The places in that list of those that begin with a word.
    beginning: HashMap<String, Vec<usize>>,
    names: BTreeSet<String>,
}

impl Aliases {
    fn read(file: &'static str) -> Aliases {
        let mut aliases = Vec::new();
        let mut names = BTreeSet::new();
        for (shown, others) in rows(file) {
            let name = shown.replace(' ', "-");
            let others = others.split(", ").chain([shown]).filter(|alias| *alias != name);
            aliases.extend(others.map(|alias| (format!(" {alias} "), name.clone())));
            names.insert(name);
        }
        aliases.sort_by_key(|(alias, _)| (std::cmp::Reverse(alias.len()), alias.clone()));
        let mut beginning: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, (alias, _)) in aliases.iter().enumerate() {
            let first = alias.split_whitespace().next().unwrap_or_default();
            beginning.entry(first.to_owned()).or_default().push(at);
        }
        Aliases { aliases, beginning, names }
    }

    fn replaced(&self, mut spaced: String) -> String {
        let beginning = |word: &str| self.beginning.get(word).into_iter().flatten().copied();
        let mut due: BTreeSet<usize> = spaced.split(' ').flat_map(beginning).collect();
        while let Some(at) = due.pop_first() {
            let (alias, name) = &self.aliases[at];
            if spaced.contains(alias.as_str()) {
                spaced = spaced.replace(alias.as_str(), &format!(" {name} "));
                due.extend(beginning(name).filter(|&later| later > at));
            }
        }
        spaced
    }
}

static COUNTRIES: LazyLock<Aliases> =
    LazyLock::new(|| Aliases::read(include_str!("../lexicons/countries.txt")));

/// Armed groups that reports call by several names. They are sides, and no governments.
static ARMED_GROUPS: LazyLock<Aliases> =
    LazyLock::new(|| Aliases::read(include_str!("../lexicons/armed-groups.txt")));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_read() {
        assert!(is("titles", "mayor") && is("vague", "sources") && COUNTRIES.names.len() > 90);
        assert!(
            ["articles", "titles", "organs", "offices", "speaks", "vague"]
                .iter()
                .all(|list| LISTS.contains_key(list))
        );
    }

    #[test]
    fn names_of_a_government() {
        let state = |name: &str| state(&tokens(name)).unwrap_or_default();
        for name in
            ["the U.S. government", "United States", "Washington", "US officials", "the American government"]
        {
            assert_eq!(state(name), "united-states", "{name}");
        }
        assert_eq!(state("Kaldria’s defence ministry"), "kaldria");
        assert_eq!(state("the Kaldrian government"), "kaldria");
        for name in [
            "Ludrava regional administration",
            "Mira Orlova",
            "the ministry",
            "witnesses",
            "district hospital",
        ] {
            assert_eq!(state(name), "", "{name}");
        }
    }

    #[test]
    fn two_governments_in_one_breath() {
        let named = ["Sorvenian officials".to_owned(), "Kaldrian officials".to_owned()];
        assert_eq!(joint("Sorvenian and Kaldrian officials"), Some(named));
        assert_eq!(joint("Ana and Ila Orr"), None);
        assert_eq!(joint("Kaldrian officials"), None);
    }

    #[test]
    fn whom_a_person_speaks_for() {
        let of = |text: &str, name: &str| {
            let surname = name.split(' ').next_back().unwrap();
            behind(text, &Person { name, surname }).into_iter().map(|body| body.join(" ")).collect::<Vec<_>>()
        };
        assert_eq!(
            of("said Ana Orr, a spokesman for the Zarvo city council, on Monday", "Ana Orr"),
            ["zarvo city council"]
        );
        assert_eq!(of("U.S. Secretary of State Ana Orr said", "Ana Orr"), ["united-states secretary"]);
        assert_eq!(
            of("the Zarvo council’s spokesman, Major General Ana Orr, told", "Ana Orr"),
            ["council", "zarvo council"]
        );
        assert_eq!(of("the ministry’s spokesman, Ana Orr, told", "Ana Orr"), ["ministry", "the ministry"]);
        assert_eq!(of("Mayor Ana Orr of Zarvo said", "Ana Orr"), [""; 0]);
    }

    #[test]
    fn another_government_is_not_in_front_of_a_name() {
        let text = "Ila Brann warned the Kaldrian president, Ana Orr, of a war. The Sorvenian president, Ila Brann, left.";
        let of = |name: &str| {
            let surname = name.split(' ').next_back().unwrap();
            behind(text, &Person { name, surname })
        };
        assert_eq!(of("Ana Orr"), [["kaldria"]]);
        assert_eq!(of("Ila Brann"), [["sorvenia"]]);
    }

    #[test]
    fn two_governments_are_never_one_speaker() {
        let names = ["Ana Orr", "Kaldrian officials", "Sorvenian officials"].map(str::to_owned);
        let mut joining = Joining::new(&names);
        joining.join(1, 0, String::new);
        joining.join(2, 0, String::new);
        let speakers = joining.done();
        assert_eq!(speakers.number("Ana Orr"), speakers.number("Kaldrian officials"));
        assert_ne!(speakers.number("Ana Orr"), speakers.number("Sorvenian officials"));
    }

    #[test]
    fn sides_of_several_names() {
        for name in ["ISIS", "the Islamic State group", "Daesh militants", "ISIL fighters"] {
            assert_eq!(side(name).as_deref(), Some("islamic-state"), "{name}");
        }
        assert_eq!(side("Boko Haram"), side("Boko Haram fighters"));
        assert_eq!(side("Friday"), None);
        assert_eq!(side("Kaldrian forces").as_deref(), Some("kaldria"));
    }
}
