use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::civil::Date;
use model::{Caveat, Figure, Measure};

use crate::carried::adds;
use crate::speakers::Speakers;
use crate::{ClaimRef, FamilyKey, ReportKey};

/// A figure as a report states it.
#[derive(Debug, Clone, PartialEq)]
pub struct Stated {
    /// The claim.
    pub at: ClaimRef,
    /// What it counts, and between which bounds.
    pub figure: Figure,
    /// Its words.
    pub words: String,
    /// Who says it, nearest to the fact first; nobody if it is the outlet's own.
    pub said_by: Vec<String>,
    /// The fullest name by which its story knows the first of these, if it knows another than the claim's own.
    pub known_as: Option<String>,
    /// The day for which it stands: the last that it counts, else that of saying it, else that of the report.
    pub day: Option<Date>,
    /// The copy family of the report, if it is in one.
    pub family: Option<FamilyKey>,
    /// The claim of the same report that it corrects or brings up to date.
    pub supersedes: Option<ClaimRef>,
}

impl Stated {
    fn voice(&self) -> Option<&str> {
        self.known_as.as_deref().or(self.said_by.first().map(String::as_str))
    }
}

/// All figures of one measure and population, beside each other. None is added to another.
#[derive(Debug, Clone, PartialEq)]
pub struct Ledger {
    /// What happened to those counted.
    pub measure: Measure,
    /// Those counted.
    pub population: String,
    /// The least that any figure of the whole gives; `None` if none sets a least.
    pub least: Option<u64>,
    /// The most that any figure of the whole gives; `None` where one sets no upper bound, or is said to be too low.
    pub most: Option<u64>,
    /// The figures, by day and number, those without a day last.
    pub lines: Vec<Line>,
}

impl Ledger {
    /// Returns the highest number of those that figures of the whole set as the least. One that was withdrawn counts for nothing.
    pub fn highest(&self) -> Option<u64> {
        let whole = self.lines.iter().filter(|line| line.share == Share::Whole && !line.withdrawn);
        whole.filter_map(|line| line.figure.lower).max()
    }
}

/// One figure of a ledger. Whoever repeats it adds no other.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// The claims that state it, by day.
    pub claims: Vec<ClaimRef>,
    /// Who says it, by the name that the first claim gives; `None` if that is nobody in particular.
    pub speaker: Option<String>,
    /// A number for each speaker in these ledgers: one speaker may have several names.
    pub(super) voice: Option<usize>,
    /// Who says it in the words of the report that states it first, nearest to the fact first.
    pub said_by: Vec<String>,
    /// The day for which it is first stated.
    pub day: Option<Date>,
    /// The last day for which its speaker repeats it. Copies that come later say nothing of that day.
    pub last: Option<Date>,
    /// The figure as it is first stated, with the caveats of all who state it.
    pub figure: Figure,
    /// What it counts of those that the ledger counts.
    pub share: Share,
    /// The claims that this one is said to correct or bring up to date.
    pub supersedes: Vec<ClaimRef>,
    /// Whether a report says that it was wrong. It stays, and counts for neither end.
    pub withdrawn: bool,
}

/// What a figure counts of those that its ledger counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Share {
    /// All of them, as far as the words say.
    Whole,
    /// Some of those that another figure of the same report counts under the same name.
    Part,
    /// Those who came to the ones counted before: "another ten".
    Addition,
}

impl Share {
    /// Returns the fixed name in formats.
    pub fn name(self) -> &'static str {
        match self {
            Share::Whole => "whole",
            Share::Part => "part",
            Share::Addition => "addition",
        }
    }
}

/// Sets figures of one incident or situation beside each other, by measure and population.
///
/// A figure that is repeated is one line: by the same speaker without another in between, in a copy of the same text,
/// or by a report without a name that gives a name to it elsewhere. The order of `stated` changes nothing.
pub fn ledgers(stated: &[Stated]) -> Vec<Ledger> {
    let speakers = Speakers::named(stated.iter().filter_map(Stated::voice));
    let mut accounts: BTreeMap<(Measure, &str), Vec<&Stated>> = BTreeMap::new();
    for stated in stated {
        let figure = &stated.figure;
        accounts.entry((figure.measure, &figure.population)).or_default().push(stated);
    }
    let told = Told::of(stated);
    let ledger = |((measure, population), mut of_it): ((Measure, &str), Vec<&Stated>)| {
        of_it.sort_by(|a, b| order(a).cmp(&order(b)));
        let mut lines = Lines::of(&speakers);
        of_it.into_iter().for_each(|stated| lines.put(stated, told.share(stated)));
        let mut lines = lines.lines;
        withdraw(&mut lines);
        Ledger {
            measure,
            population: population.to_owned(),
            least: counted(&lines).filter_map(|figure| figure.lower).min(),
            most: most(&lines),
            lines,
        }
    };
    accounts.into_iter().map(ledger).collect()
}

/// Whoever names a speaker comes before those who repeat the number without one.
type Order<'a> =
    ((bool, Option<Date>), (Option<u64>, Option<u64>, Option<u64>), bool, &'a [String], &'a str, ClaimRef);

fn order(stated: &Stated) -> Order<'_> {
    let Stated { at, figure, words, said_by, day, .. } = stated;
    let number = (figure.stated.or(figure.lower).or(figure.upper), figure.lower, figure.upper);
    ((day.is_none(), *day), number, said_by.is_empty(), said_by, words, *at)
}

/// What each report counts.
struct Told<'a> {
    figures: HashMap<ClaimRef, &'a Figure>,
    /// The first figure of each measure in each report.
    first: HashMap<(ReportKey, Measure), usize>,
}

impl<'a> Told<'a> {
    fn of(stated: &'a [Stated]) -> Told<'a> {
        let mut told = Told { figures: HashMap::new(), first: HashMap::new() };
        for Stated { at, figure, .. } in stated {
            told.figures.insert(*at, figure);
            let first = told.first.entry((at.report, figure.measure)).or_insert(at.claim);
            *first = at.claim.min(*first);
        }
        told
    }

    fn share(&self, stated: &Stated) -> Share {
        let Stated { at, figure, .. } = stated;
        let whole = figure.subset_of.and_then(|claim| self.figures.get(&ClaimRef { claim, ..*at }));
        let same =
            |whole: &Figure| (whole.measure, &whole.population) == (figure.measure, &figure.population);
        if whole.is_some_and(|whole| same(whole)) {
            return Share::Part;
        }
        // "Two died and another ten were hurt" gives the whole number of the hurt.
        let later = self.first.get(&(at.report, figure.measure)).is_some_and(|first| *first < at.claim);
        if later && adds(&stated.words) { Share::Addition } else { Share::Whole }
    }
}

/// Marks the figures that others correct, and where the corrector said the same elsewhere. One that only grew was not
/// wrong.
fn withdraw(lines: &mut [Line]) {
    let mut wrong: HashSet<(Option<usize>, Bounds)> = HashSet::new();
    let places: HashMap<ClaimRef, usize> = lines
        .iter()
        .enumerate()
        .flat_map(|(at, line)| line.claims.iter().map(move |&claim| (claim, at)))
        .collect();
    let mut withdrawn = Vec::new();
    for line in lines.iter() {
        let earlier = line.supersedes.iter().filter_map(|claim| places.get(claim));
        for &at in earlier.filter(|&&at| !grew(&lines[at].figure, &line.figure)) {
            withdrawn.push(at);
            wrong.insert((line.voice, bounds(&lines[at].figure)));
        }
    }
    for line in lines.iter_mut().filter(|line| line.voice.is_some()) {
        line.withdrawn = wrong.contains(&(line.voice, bounds(&line.figure)));
    }
    withdrawn.into_iter().for_each(|at| lines[at].withdrawn = true);
}

/// The numbers that a figure allows; `None` if it allows all. "About 50" is taken for half as many up to twice as many.
pub(super) fn range(figure: &Figure) -> Option<(u64, u64)> {
    match bounds(figure) {
        (None, None, None) => None,
        (None, None, Some(about)) => Some((about / 2, about.saturating_mul(2))),
        (lower, upper, _) => Some((lower.unwrap_or(0), upper.unwrap_or(u64::MAX))),
    }
}

/// Tells whether a figure is higher than an earlier one, as one end or both.
pub(super) fn grew(earlier: &Figure, later: &Figure) -> bool {
    let (Some(one), Some(other)) = (range(earlier), range(later)) else { return false };
    other.0 > one.0 && (other.0 > one.1 || other.1 > one.1 || one.1 == u64::MAX)
}

/// The figures that count all of those that a ledger counts; if there are none, those that count some. What was
/// withdrawn is none of them.
fn counted(lines: &[Line]) -> impl Iterator<Item = &Figure> {
    let stand = || lines.iter().filter(|line| !line.withdrawn);
    let any = stand().any(|line| line.share == Share::Whole);
    stand().filter(move |line| !any || line.share == Share::Whole).map(|line| &line.figure)
}

fn most(lines: &[Line]) -> Option<u64> {
    let open = |figure: &Figure| figure.upper.is_none() || figure.caveats.contains(&Caveat::Undercount);
    match counted(lines).any(open) {
        true => None,
        false => counted(lines).filter_map(|figure| figure.upper).max(),
    }
}

/// The lines of a ledger while they are put.
struct Lines<'a> {
    speakers: &'a Speakers,
    lines: Vec<Line>,
    /// The last line of each speaker.
    last: HashMap<usize, usize>,
    /// The lines of each text that give a number.
    texts: HashMap<(Text, Bounds, Share), Vec<usize>>,
}

/// In which text a figure is stated: copies are one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Text {
    Family(FamilyKey),
    Report(ReportKey),
}

impl<'a> Lines<'a> {
    fn of(speakers: &'a Speakers) -> Lines<'a> {
        Lines { speakers, lines: Vec::new(), last: HashMap::new(), texts: HashMap::new() }
    }

    fn put(&mut self, stated: &Stated, share: Share) {
        let speaker = stated.voice().and_then(|name| self.speakers.number(name));
        let text = stated.family.map_or(Text::Report(stated.at.report), Text::Family);
        let key = (text, bounds(&stated.figure), share);
        if let Some(line) = self.in_text(&key, speaker) {
            // A copy comes late, and says nothing of what its speaker says now.
            self.adopt(line, (stated, speaker));
            return;
        }
        let last = speaker.and_then(|speaker| self.last.get(&speaker).copied());
        let same = |line: &usize| {
            let line = &self.lines[*line];
            bounds(&line.figure) == key.1 && line.share == share
        };
        let line = match last.filter(same) {
            Some(line) => {
                self.lines[line].repeat(stated);
                self.lines[line].last = self.lines[line].last.max(stated.day);
                line
            }
            None => self.begin((stated, speaker), share),
        };
        self.last.extend(speaker.map(|speaker| (speaker, line)));
        self.texts.entry(key).or_default().push(line);
    }

    /// Finds the line of a text with that number, of the same speaker or of nobody by name. Two speakers who give one
    /// number agree, and are two lines.
    fn in_text(&self, key: &(Text, Bounds, Share), speaker: Option<usize>) -> Option<usize> {
        let lines = self.texts.get(key)?;
        let by = |line: &&usize| self.lines[**line].voice == speaker;
        let open = |line: &&usize| self.lines[**line].voice.is_none() || speaker.is_none();
        lines.iter().find(by).or_else(|| lines.iter().find(open)).copied()
    }

    fn adopt(&mut self, at: usize, (stated, speaker): (&Stated, Option<usize>)) {
        let line = &mut self.lines[at];
        line.repeat(stated);
        if line.voice.is_none() && speaker.is_some() {
            (line.voice, line.speaker) = (speaker, stated.said_by.first().cloned());
            self.last.extend(speaker.map(|speaker| (speaker, at)));
        }
    }

    fn begin(&mut self, (stated, speaker): (&Stated, Option<usize>), share: Share) -> usize {
        let name = stated.said_by.first().filter(|_| speaker.is_some()).cloned();
        self.lines.push(Line::new(stated, (name, speaker), share));
        self.lines.len() - 1
    }
}

/// Least, most, and the number in the words.
type Bounds = (Option<u64>, Option<u64>, Option<u64>);

fn bounds(figure: &Figure) -> Bounds {
    (figure.lower, figure.upper, figure.stated)
}

impl Line {
    fn new(stated: &Stated, (speaker, voice): (Option<String>, Option<usize>), share: Share) -> Line {
        Line {
            claims: vec![stated.at],
            speaker,
            voice,
            said_by: stated.said_by.clone(),
            day: stated.day,
            last: stated.day,
            figure: stated.figure.clone(),
            share,
            supersedes: stated.supersedes.into_iter().collect(),
            withdrawn: false,
        }
    }

    fn repeat(&mut self, stated: &Stated) {
        self.claims.push(stated.at);
        self.supersedes.extend(stated.supersedes);
        let caveats = stated.figure.caveats.iter().copied();
        self.figure.caveats.extend(caveats);
        self.figure.caveats.sort_unstable();
        self.figure.caveats.dedup();
    }
}
