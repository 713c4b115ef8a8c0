use jiff::civil::Date;
use model::{
    Act, Allegation, Bound, Claim, ClaimKind, Figure, Measure, ObjectClass, Period, Polarity, Precision,
    Scope, Span, When,
};

use crate::places;
use crate::speakers::{added, shown, side, tokens};
use crate::{ClaimRef, Read, Subject};

/// One claim on its way into a matter.
#[derive(Debug, Clone)]
pub(crate) struct Carried {
    pub(crate) at: ClaimRef,
    /// What it is about; where, is told by the spot.
    pub(crate) subject: Subject,
    pub(crate) polarity: Polarity,
    pub(crate) spot: Spot,
    /// The day of what happened, if one day is named.
    pub(crate) day: Option<Date>,
    /// Counts a stretch of time, or only a part of those that another figure counts.
    pub(crate) apart: Apart,
    /// The number of a figure, if one is stated.
    pub(crate) number: Option<u64>,
    /// The stretch of time that a figure is of, where no day is named: "in August last year".
    pub(crate) stretch: Option<(Date, Date)>,
    pub(crate) span: Span,
}

/// Where something is said to have happened.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Spot {
    /// A town, or another place that holds no other.
    Point(String),
    /// A region or country.
    Broad(String),
    /// Not said.
    Unsaid,
}

/// Why a figure is not compared with the tolls of one event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Apart {
    /// It may be compared.
    No,
    /// It counts all of a stretch of time.
    Cumulative,
    /// It counts some of those that another figure of the report counts, under the same name.
    Part,
    /// It counts those who came to the ones that an earlier figure of the report counts.
    More,
}

impl Carried {
    /// Tells whether it says that something was done, rather than how much, and by no denial.
    fn is_allegation(&self) -> bool {
        matches!(self.subject, Subject::Allegation { .. }) && self.polarity != Polarity::Denied
    }
}

impl Spot {
    /// Tells whether a closer place would not contradict it.
    pub(crate) fn is_open(&self) -> bool {
        !matches!(self, Spot::Point(_))
    }

    pub(crate) fn name(&self) -> Option<&String> {
        match self {
            Spot::Point(name) | Spot::Broad(name) => Some(name),
            Spot::Unsaid => None,
        }
    }
}

/// Says what each claim is about. Statements are about nothing that can be compared, and what is only imagined or
/// asked is not carried.
pub(crate) fn carried(reads: &[Read<'_>]) -> Vec<Carried> {
    reads.iter().flat_map(of_report).collect()
}

fn of_report(read: &Read<'_>) -> Vec<Carried> {
    let mut carried: Vec<Carried> = Vec::new();
    for (number, claim) in read.claims.iter().enumerate() {
        if matches!(claim.polarity, Polarity::Questioned | Polarity::Hypothetical) || is_taken_back(claim) {
            continue;
        }
        let at = ClaimRef { report: read.key, claim: number };
        carried.extend(about(read, claim).into_iter().map(|about| Carried {
            at,
            subject: about.subject,
            polarity: claim.polarity,
            spot: about.spot,
            day: about.day,
            apart: about.apart,
            number: stated(claim),
            stretch: stretch(claim),
            span: claim.span,
        }));
    }
    set_additions_apart(read, &mut carried);
    share_sentences(read, &mut carried);
    carried
}

fn stated(claim: &Claim) -> Option<u64> {
    match &claim.kind {
        ClaimKind::Figure(figure) => figure.stated,
        _ => None,
    }
}

fn stretch(claim: &Claim) -> Option<(Date, Date)> {
    match &claim.kind {
        ClaimKind::Figure(figure) => figure.period.and_then(|period| period.from.zip(period.to)),
        _ => None,
    }
}

/// Tells whether a correction quotes it as what the outlet no longer says: "An earlier version of this report said …".
fn is_taken_back(claim: &Claim) -> bool {
    let by = claim.said_by.first().map(|speaker| speaker.name.to_lowercase()).unwrap_or_default();
    by.contains("version of this")
}

struct About {
    subject: Subject,
    spot: Spot,
    day: Option<Date>,
    apart: Apart,
}

fn about(read: &Read<'_>, claim: &Claim) -> Vec<About> {
    let plain = |subject| About { subject, spot: Spot::Unsaid, day: None, apart: Apart::No };
    match &claim.kind {
        ClaimKind::Statement(_) => Vec::new(),
        ClaimKind::Allegation(allegation) if allegation.comparison => Vec::new(),
        ClaimKind::Allegation(allegation) => alleged(read, claim, allegation),
        ClaimKind::Figure(figure) => vec![counted(read, claim, figure)],
        ClaimKind::Determination(determination) => {
            vec![plain(Subject::Determination { standard: determination.standard })]
        }
    }
}

fn alleged(read: &Read<'_>, claim: &Claim, allegation: &Allegation) -> Vec<About> {
    let actor = accused(claim, allegation);
    let spot = spot(read, claim, allegation.place.as_ref());
    let spot = called_town(read, claim, allegation.place.as_ref()).map_or(spot, Spot::Point);
    let dateline = read.report.dateline.as_ref().map(|line| line.span);
    let time = allegation.time.as_ref().filter(|time| dateline.is_none_or(|line| !line.overlaps(time.span)));
    let day = time.filter(|time| time.bound == Bound::Within).and_then(|time| one_day(&time.when));
    let about = |object: Option<ObjectClass>| About {
        subject: Subject::Allegation {
            act: comparable(allegation.act, object),
            object,
            place: None,
            actor: actor.clone(),
        },
        spot: spot.clone(),
        day,
        apart: Apart::No,
    };
    let classes = classes(allegation);
    if classes.is_empty() {
        vec![about(None)]
    } else {
        classes.into_iter().map(|class| about(Some(class))).collect()
    }
}

/// Returns what the words of a claim call a town where no closer place than its surroundings was read: "the town of Zarvo in
/// Ludrava" is not all of Ludrava.
fn called_town(read: &Read<'_>, claim: &Claim, place: Option<&model::Place>) -> Option<String> {
    let words = read.report.text.quote(claim.span);
    let town = only(places::towns(words))?;
    let place = place.map(|place| read.report.text.quote(place.span));
    let around = |place: &str| {
        let (_, behind) = words.split_once(town).unwrap_or_default();
        behind.find(place).is_some_and(|at| at < SURROUNDINGS)
    };
    place.is_some_and(|place| !place.contains(town) && around(place)).then(|| town.to_owned())
}

/// Bytes behind the name of a town in which its region or country stands: "in the northern province of".
const SURROUNDINGS: usize = 40;

/// The classes of what was hit. A building that also shelters people counts as what it is, not twice.
pub(crate) fn classes(allegation: &Allegation) -> Vec<ObjectClass> {
    let mut classes = allegation.object_class.clone();
    classes.sort_unstable();
    classes.dedup();
    // "The infrastructure" of one report is the bridge of another.
    if classes.contains(&ObjectClass::Infrastructure) {
        classes.retain(|class| !is_infrastructure(*class));
    }
    for vague in [ObjectClass::Other, ObjectClass::Shelter] {
        if classes.len() > 1 {
            classes.retain(|class| *class != vague);
        }
    }
    classes
}

/// Tells whether a class is a closer one under infrastructure.
fn is_infrastructure(class: ObjectClass) -> bool {
    matches!(class, ObjectClass::Transport | ObjectClass::Industrial | ObjectClass::Agriculture)
}

/// Brings acts together that only wording tells apart: an attack on an object and its destruction, an attack on a
/// place in which people are and one that is called indiscriminate.
fn comparable(act: Act, object: Option<ObjectClass>) -> Act {
    match (act, object) {
        (Act::AttackOnCivilians | Act::IndiscriminateAttack | Act::Destruction, Some(_)) => {
            Act::AttackOnObject
        }
        (Act::IndiscriminateAttack, None) => Act::AttackOnCivilians,
        _ => act,
    }
}

/// Who is accused. "Its forces" are those of the speaker, and who denies without saying more denies for himself.
fn accused(claim: &Claim, allegation: &Allegation) -> Option<String> {
    let named = allegation.actor.as_ref().map(|actor| actor.name.as_str());
    let own = named.is_some_and(|name| name.starts_with("its ") || name.starts_with("their "));
    let silent = named.is_none() && claim.polarity == Polarity::Denied;
    if own || silent {
        return claim.said_by.first().and_then(|speaker| side(&speaker.name));
    }
    named.and_then(side)
}

fn counted(read: &Read<'_>, claim: &Claim, figure: &Figure) -> About {
    let spot = spot(read, claim, figure.place.as_ref());
    let whole = figure.subset_of.and_then(|whole| match &read.claims.get(whole)?.kind {
        ClaimKind::Figure(whole) => Some(whole),
        _ => None,
    });
    let part =
        whole.is_some_and(|whole| (whole.measure, &whole.population) == (figure.measure, &figure.population));
    let apart = match figure.scope {
        Scope::Cumulative => Apart::Cumulative,
        _ if part => Apart::Part,
        _ => Apart::No,
    };
    let day = match figure.period {
        Some(Period { from: Some(from), to: Some(to) }) if from == to => Some(from),
        _ => None,
    };
    About {
        subject: Subject::Figure {
            measure: figure.measure,
            population: figure.population.clone(),
            place: None,
        },
        spot,
        day,
        apart,
    }
}

/// Sets figures apart that add to an earlier one of the same harm: "two more bodies". "Two died and another ten were
/// hurt" gives the whole number of the hurt.
fn set_additions_apart(read: &Read<'_>, carried: &mut [Carried]) {
    let mut told: Vec<Measure> = Vec::new();
    for claim in carried {
        let Subject::Figure { measure, .. } = &claim.subject else { continue };
        if claim.apart == Apart::No && told.contains(measure) && adds(read.report.text.quote(claim.span)) {
            claim.apart = Apart::More;
        }
        if !told.contains(measure) {
            told.push(*measure);
        }
    }
}

/// Tells whether words count in addition: "two more bodies", "another ten", but not "more than ten".
pub(crate) fn adds(words: &str) -> bool {
    let words: Vec<String> = words.split_whitespace().map(str::to_lowercase).collect();
    (0..words.len()).any(|at| added(&words[at]) && words.get(at + 1).is_none_or(|next| next != "than"))
}

/// Where it was by the words of the claim. A dateline says where the reporter was, and a name inside the name of a
/// speaker says where the speaker belongs.
fn spot(read: &Read<'_>, claim: &Claim, place: Option<&model::Place>) -> Spot {
    let Some(place) = place else { return Spot::Unsaid };
    let dateline = read.report.dateline.as_ref().map(|line| line.span);
    let speakers = claim.said_by.iter().filter_map(|speaker| speaker.mention);
    if dateline.into_iter().chain(speakers).any(|other| other.overlaps(place.span)) {
        return Spot::Unsaid;
    }
    if let Some(located) = &place.located {
        let broad = located.precision >= Precision::Region;
        return if broad { Spot::Broad(located.name.clone()) } else { Spot::Point(located.name.clone()) };
    }
    let tokens = tokens(read.report.text.quote(place.span));
    let name = shown(&tokens.join("-"));
    // A road is in a town, and does not say in which.
    if tokens.last().is_some_and(|last| crate::speakers::is("ways", last)) {
        return Spot::Unsaid;
    }
    // Most countries that no list knows end so, and their people in "-ian".
    let broad = tokens.last().is_some_and(|last| crate::speakers::region(last) || last.ends_with("ia"));
    if broad { Spot::Broad(name) } else { Spot::Point(name) }
}

fn one_day(when: &When) -> Option<Date> {
    match when {
        When::Day(day) => Some(*day),
        _ => None,
    }
}

/// Lets the claims of one sentence share the place and the day that one of its allegations names.
fn share_sentences(read: &Read<'_>, carried: &mut [Carried]) {
    let ends: Vec<usize> =
        read.report.body.iter().flat_map(|piece| &piece.sentences).map(Span::end).collect();
    let sentence = |claim: &Carried| ends.partition_point(|end| *end <= claim.span.start());
    let numbers: Vec<usize> = carried.iter().map(sentence).collect();
    let mut order: Vec<usize> = (0..carried.len()).collect();
    order.sort_by_key(|&at| (numbers[at], at));
    for group in order.chunk_by(|&a, &b| numbers[a] == numbers[b]) {
        share(carried, group);
    }
}

fn share(carried: &mut [Carried], group: &[usize]) {
    let told: Vec<Carried> =
        group.iter().map(|&at| carried[at].clone()).filter(Carried::is_allegation).collect();
    let point =
        only(told.iter().filter(|told| matches!(told.spot, Spot::Point(_))).map(|told| told.spot.clone()));
    let day = only(told.iter().filter_map(|told| told.day));
    for &at in group {
        let claim = &mut carried[at];
        let around = told.iter().find(|told| told.span.contains(claim.span) && told.at != claim.at);
        let counted = matches!(claim.subject, Subject::Figure { .. });
        if let Some(Spot::Point(point)) = around.filter(|_| counted).map(|around| &around.spot) {
            claim.spot = Spot::Point(point.clone());
        } else if let (Some(point), true) = (&point, claim.apart != Apart::Cumulative && claim.spot.is_open())
        {
            claim.spot = point.clone();
        }
        if counted || claim.day.is_none() {
            claim.day = day.or(claim.day);
        }
    }
}

/// Returns the one value that is there, however often.
fn only<T: PartialEq>(values: impl Iterator<Item = T>) -> Option<T> {
    let mut values = values;
    let first = values.next()?;
    values.all(|value| value == first).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ReportKey;
    use crate::fixture::{Said, allegation, claim, report};

    /// Says where an attack was by the words of its claim and the place that was read.
    fn check(words: &str, place: &str) -> Spot {
        let report = report("Post", "2031-03-12", words);
        let said = Said { words: words.trim_end_matches('.'), by: &[], polarity: Polarity::Asserted };
        let claims = vec![claim(&report, &said, allegation(&report, Act::AttackOnCivilians, ["", place]))];
        carried(&[Read { key: ReportKey(1), report: &report, claims: &claims }]).remove(0).spot
    }

    #[test]
    fn a_town_is_closer_than_its_region() {
        let point = |name: &str| Spot::Point(name.to_owned());
        assert_eq!(check("Shells hit the town of Zarvo Mill in Ludrava.", "Ludrava"), point("Zarvo Mill"));
        assert_eq!(check("Shells hit the village of Tarn, Sorvenia.", "Sorvenia"), point("Tarn"));
        assert_eq!(check("Shells hit the town of Zarvo.", "Zarvo"), point("Zarvo"));
        assert_eq!(check("Shells from the town of Lesk fell on Sorvenia.", ""), Spot::Unsaid);
        let from =
            "Shells that soldiers in the town of Lesk had fired on the other side of the river hit Zarvo.";
        assert_eq!(check(from, "Zarvo"), point("Zarvo"));
    }

    #[test]
    fn a_road_does_not_tell_the_town() {
        assert_eq!(check("Shells hit Castle Road.", "Castle Road"), Spot::Unsaid);
        assert_eq!(check("Shells hit Zarvo.", "Zarvo"), Spot::Point("Zarvo".to_owned()));
    }
}
