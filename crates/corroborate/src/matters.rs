use std::collections::{BTreeMap, BTreeSet};

use model::{Act, Allegation, Claim, ClaimKind, Figure, Measure, ObjectClass, Place, Polarity, Standard};

use crate::speakers::{shown, side, tokens};
use crate::{ClaimRef, Denial, Origin, Read, Relay, ReportKey, Unknown};

/// One thing that the reports of a story allege, count or find, and where that comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct Matter {
    /// What it is about.
    pub subject: Subject,
    /// The same in words: "attack on object: school, in Halvorek, by Kaldria".
    pub title: String,
    /// Every claim that carries it; denials are apart.
    pub claims: Vec<ClaimRef>,
    /// The reports that carry it, earliest first.
    pub reports: Vec<ReportKey>,
    /// Those behind it who are independent of one another, by how many reports relay them.
    pub independent: Vec<Origin>,
    /// Reports that only relay an origin that is counted already.
    pub dependent: Vec<Relay>,
    /// Claims that nobody stands behind by name, once for each family of copies. Never independent.
    pub unknown: Vec<Unknown>,
    /// Who denies it.
    pub denials: Vec<Denial>,
}

/// What a matter is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// That somebody did harm.
    Allegation {
        /// What was done.
        act: Act,
        /// The class of what was hit, if any is named.
        object: Option<ObjectClass>,
        /// Where, if that is said.
        place: Option<String>,
        /// Who is accused, if that is said: a country for its forces and officials, else a name.
        actor: Option<String>,
    },
    /// A quantity.
    Figure {
        /// What happened to those counted.
        measure: Measure,
        /// Those counted.
        population: String,
        /// Where, if that is said.
        place: Option<String>,
    },
    /// A formal act of an authority.
    Determination {
        /// What kind of act.
        standard: Standard,
    },
}

impl Subject {
    pub(crate) fn title(&self) -> String {
        let words = |name: &str| name.replace('_', " ");
        let of = |name: String, place: &Option<String>| match place {
            Some(place) => format!("{name}, in {place}"),
            None => name,
        };
        match self {
            Subject::Allegation { act, object, place, actor } => {
                let act =
                    object.map_or(words(act.name()), |object| format!("{}: {object}", words(act.name())));
                let act = of(act, place);
                actor.as_ref().map_or(act.clone(), |actor| format!("{act}, by {}", shown(actor)))
            }
            Subject::Figure { measure, population, place } => {
                of(format!("{population} {}", words(measure.name())), place)
            }
            Subject::Determination { standard } => words(standard.name()),
        }
    }
}

/// One claim on its way into a matter.
#[derive(Debug, Clone)]
pub(crate) struct Carried {
    pub(crate) at: ClaimRef,
    pub(crate) subject: Subject,
    pub(crate) polarity: Polarity,
}

/// Says what each claim is about. Statements are about nothing that can be compared, and what is only imagined or
/// asked is not carried.
pub(crate) fn carried(reads: &[Read<'_>]) -> Vec<Carried> {
    let mut carried = Vec::new();
    for read in reads {
        for (number, claim) in read.claims.iter().enumerate() {
            let at = ClaimRef { report: read.key, claim: number };
            let subjects = subjects(read, claim);
            carried.extend(subjects.into_iter().map(|subject| Carried {
                at,
                subject,
                polarity: claim.polarity,
            }));
        }
    }
    carried.retain(|claim| !matches!(claim.polarity, Polarity::Questioned | Polarity::Hypothetical));
    carried
}

fn subjects(read: &Read<'_>, claim: &Claim) -> Vec<Subject> {
    match &claim.kind {
        ClaimKind::Statement(_) => Vec::new(),
        ClaimKind::Allegation(allegation) if allegation.comparison => Vec::new(),
        ClaimKind::Allegation(allegation) => alleged(read, allegation),
        ClaimKind::Figure(figure) => vec![counted(read, figure)],
        ClaimKind::Determination(determination) => {
            vec![Subject::Determination { standard: determination.standard }]
        }
    }
}

fn alleged(read: &Read<'_>, allegation: &Allegation) -> Vec<Subject> {
    let place = allegation.place.as_ref().map(|place| name_of(read, place));
    let actor = allegation.actor.as_ref().and_then(|actor| side(&actor.name));
    let subject = |object| Subject::Allegation {
        act: allegation.act,
        object,
        place: place.clone(),
        actor: actor.clone(),
    };
    let classes: BTreeSet<ObjectClass> = allegation.object_class.iter().copied().collect();
    if classes.is_empty() {
        vec![subject(None)]
    } else {
        classes.into_iter().map(|class| subject(Some(class))).collect()
    }
}

fn counted(read: &Read<'_>, figure: &Figure) -> Subject {
    let place = figure.place.as_ref().map(|place| name_of(read, place));
    Subject::Figure { measure: figure.measure, population: figure.population.clone(), place }
}

fn name_of(read: &Read<'_>, place: &Place) -> String {
    match &place.located {
        Some(located) => located.name.clone(),
        None => shown(&tokens(read.report.text.quote(place.span)).join("-")),
    }
}

/// Puts subjects together that differ only in that one says less: without a place or an actor where only one place
/// or actor is named for the same act in the story.
pub(crate) fn completed(carried: &mut Vec<Carried>) {
    // Who is accused is known from the accusers: the accused name others, and deny for themselves.
    let (accused, others): (Vec<Carried>, Vec<Carried>) =
        carried.drain(..).partition(|claim| claim.polarity == Polarity::Asserted);
    *carried = accused;
    complete(carried, |subject| match subject {
        Subject::Allegation { actor, .. } => Some(actor),
        _ => None,
    });
    carried.extend(others);
    complete(carried, |subject| match subject {
        Subject::Allegation { place, .. } | Subject::Figure { place, .. } => Some(place),
        Subject::Determination { .. } => None,
    });
}

fn complete(carried: &mut [Carried], field: impl Fn(&mut Subject) -> Option<&mut Option<String>>) {
    let mut named: BTreeMap<Subject, BTreeSet<String>> = BTreeMap::new();
    for claim in carried.iter() {
        let mut bare = claim.subject.clone();
        let Some(name) = field(&mut bare).and_then(Option::take) else { continue };
        // The other field may be missing on either side, so it does not decide what is alike.
        named.entry(kind(bare)).or_default().insert(name);
    }
    for claim in carried.iter_mut() {
        let alike = named.get(&kind(claim.subject.clone()));
        let Some(slot) = field(&mut claim.subject) else { continue };
        if let (None, Some(names)) = (&slot, alike.filter(|names| names.len() == 1)) {
            *slot = names.first().cloned();
        }
    }
}

/// A subject by act and object, or by measure and population.
pub(crate) fn kind(mut subject: Subject) -> Subject {
    match &mut subject {
        Subject::Allegation { place, actor, .. } => (*place, *actor) = (None, None),
        Subject::Figure { place, .. } => *place = None,
        Subject::Determination { .. } => {}
    }
    subject
}
