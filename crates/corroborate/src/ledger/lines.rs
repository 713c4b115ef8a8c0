use std::collections::{BTreeMap, HashMap};

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
    /// The day for which it stands: the last that it counts, else that of saying it, else that of the report.
    pub day: Option<Date>,
    /// The copy family of the report, if it is in one.
    pub family: Option<FamilyKey>,
    /// The claim of the same report that it corrects or brings up to date.
    pub supersedes: Option<ClaimRef>,
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

/// One figure of a ledger. Whoever repeats it adds no other.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// The claims that state it, by day.
    pub claims: Vec<ClaimRef>,
    /// Who says it: the fullest name; `None` if nobody is named.
    pub speaker: Option<String>,
    /// The day for which it is first stated.
    pub day: Option<Date>,
    /// The last such day.
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
/// or by a report without a name that gives a name to it elsewhere. `origins` are names of which is known that they stand
/// for one origin. The order of `stated` changes nothing.
pub fn ledgers(stated: &[Stated], origins: &[Vec<String>]) -> Vec<Ledger> {
    let names = stated.iter().filter_map(|stated| stated.said_by.first());
    let speakers = Speakers::named(names.map(String::as_str), origins);
    let mut accounts: BTreeMap<(Measure, &str), Vec<&Stated>> = BTreeMap::new();
    for stated in stated {
        let figure = &stated.figure;
        accounts.entry((figure.measure, &figure.population)).or_default().push(stated);
    }
    let told = Told::of(stated);
    let ledger = |((measure, population), mut of_it): ((Measure, &str), Vec<&Stated>)| {
        of_it.sort_by(|a, b| order(a).cmp(&order(b)));
        let mut lines = Lines { speakers: &speakers, lines: Vec::new(), last: HashMap::new() };
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

/// Marks the figures that others correct. One that only grew was not wrong.
fn withdraw(lines: &mut [Line]) {
    let later = lines.iter().flat_map(|line| line.supersedes.iter().map(|&at| (at, line.figure.clone())));
    let later: HashMap<ClaimRef, Figure> = later.collect();
    for line in lines {
        let instead = line.claims.iter().find_map(|at| later.get(at));
        line.withdrawn = instead.is_some_and(|instead| instead.lower < line.figure.lower);
    }
}

/// The figures that count all of those that a ledger counts; if there are none, those that count some.
fn counted(lines: &[Line]) -> impl Iterator<Item = &Figure> {
    let stands = |line: &&Line| line.share == Share::Whole && !line.withdrawn;
    let any = lines.iter().any(|line| stands(&line));
    lines.iter().filter(move |line| !any || stands(line)).map(|line| &line.figure)
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
    /// The last line of each voice.
    last: HashMap<Voice, usize>,
}

/// By whom, or in which text, a figure is stated.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Voice {
    Speaker(usize),
    Family(FamilyKey),
    Report(ReportKey),
}

impl Lines<'_> {
    fn put(&mut self, stated: &Stated, share: Share) {
        let speaker = stated.said_by.first().and_then(|name| self.speakers.number(name));
        let text = stated.family.map_or(Voice::Report(stated.at.report), Voice::Family);
        let repeated = |voice: &Voice| {
            let line = *self.last.get(voice)?;
            (bounds(&self.lines[line].figure) == bounds(&stated.figure) && self.lines[line].share == share)
                .then_some(line)
        };
        let own = speaker.map(Voice::Speaker);
        let by_text = || {
            let line = repeated(&text)?;
            // In one text two speakers may give one number, and so agree.
            let same = self.lines[line].speaker.is_none() || speaker.is_none();
            same.then_some(line)
        };
        let line = own.as_ref().and_then(repeated).or_else(by_text);
        let line = match line {
            Some(line) => {
                self.lines[line].repeat(stated);
                line
            }
            None => {
                let name = speaker.and_then(|number| self.speakers.names(number).first().copied());
                self.lines.push(Line::new(stated, (name.map(str::to_owned), share)));
                self.lines.len() - 1
            }
        };
        self.last.extend(own.into_iter().chain([text]).map(|voice| (voice, line)));
    }
}

fn bounds(figure: &Figure) -> (Option<u64>, Option<u64>, Option<u64>) {
    (figure.lower, figure.upper, figure.stated)
}

impl Line {
    fn new(stated: &Stated, (speaker, share): (Option<String>, Share)) -> Line {
        Line {
            claims: vec![stated.at],
            speaker,
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
        self.last = self.last.max(stated.day);
        self.supersedes.extend(stated.supersedes);
        let caveats = stated.figure.caveats.iter().copied();
        self.figure.caveats.extend(caveats);
        self.figure.caveats.sort_unstable();
        self.figure.caveats.dedup();
    }
}
