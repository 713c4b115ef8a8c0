//! Incidents: who did what to whom, where, when, with what, and how it ended, put together from all of one report.

mod armed;
mod grouping;
mod lexicon;
mod nouns;
mod quarters;
mod sentence;
mod tellings;
#[cfg(test)]
mod tests;
mod things;
mod verbs;

use language::Doc;
use model::{Span, When};
use serde::Deserialize;

use crate::extractors::paragraphs;
use crate::syntax::Syntax;
use crate::{Reading, capitals, places};

/// One alleged event, as one report tells it.
///
/// That an incident is found says that the report tells of it, not that it happened. Spans are the words of the report.
#[derive(Debug, Clone, PartialEq)]
pub struct Incident {
    /// What was done.
    pub deed: IncidentDeed,
    /// How far it came.
    pub stage: Stage,
    /// The verbs and nouns that tell of it, in order.
    pub told_at: Vec<Span>,
    /// When, if the report says.
    pub when: Option<When>,
    /// The day that the report speaks from, before which it happened if no time is stated.
    pub anchor: Option<jiff::civil::Date>,
    /// The places that are named with it, the largest first.
    pub places: Vec<model::Place>,
    /// The part of a town: "the Orova neighbourhood".
    pub quarter: Option<Span>,
    /// The country, two letters after ISO 3166-1: where it happened if that is stated, else the one that the report is about.
    pub country: Option<String>,
    /// With what.
    pub weapons: Vec<Weapon>,
    /// People who are said to have done it.
    pub individuals: Vec<Party>,
    /// Groups and forces that are said to have done it.
    pub organisations: Vec<Party>,
    /// Whom and what it befell.
    pub targets: Vec<Target>,
}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IncidentDeed {
    /// Killing, wounding, shooting, storming.
    Attack,
    /// Explosives.
    Bombing,
    /// Fire.
    Arson,
    /// Taking people away.
    Kidnapping,
    /// Taking things away.
    Robbery,
}

/// How far an incident came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// It happened.
    Accomplished,
    /// It was tried.
    Attempted,
    /// It was threatened or planned.
    Threatened,
}

/// How firmly somebody is named as the one who did it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// "Possibly", "presumed".
    Possible,
    /// Somebody accuses them.
    Accused,
    /// An authority accuses them.
    AccusedByAuthorities,
    /// The report states it.
    Stated,
    /// They say so themselves.
    Claimed,
}

/// Somebody who is said to have done it.
#[derive(Debug, Clone, PartialEq)]
pub struct Party {
    /// The words.
    pub words: Span,
    /// How firmly.
    pub confidence: Confidence,
    /// Whether it is the state, its forces or its officials.
    pub is_state: bool,
}

/// A means.
#[derive(Debug, Clone, PartialEq)]
pub struct Weapon {
    /// The words; none where the verb implies it ("shot").
    pub words: Option<Span>,
    /// Its kind.
    pub kind: WeaponKind,
}

/// Somebody or something that it befell.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// The name of a person.
    pub name: Option<Span>,
    /// What the person or object is called.
    pub description: Option<Span>,
    /// A person or an object, and which.
    pub class: TargetClass,
    /// How many.
    pub count: Count,
    /// The country that they are from, two letters after ISO 3166-1, if it is another than where it happened.
    pub nation: Option<String>,
    /// How it ended for them.
    pub effect: Option<Effect>,
}

/// Whom or what an incident befell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TargetClass {
    /// A person, or people.
    Person(PersonClass),
    /// An object.
    Object(ObjectClass),
}

/// How many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Count {
    /// So many.
    Exact(u64),
    /// About so many.
    About(u64),
    /// So many at least.
    AtLeast(u64),
    /// More than one.
    Many,
}

/// How it ended for somebody or something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// Died.
    Killed,
    /// Hit by a shot; whether they died is not said.
    Shot,
    /// Hurt.
    Injured,
    /// Not hurt.
    Unharmed,
    /// Destroyed.
    Destroyed,
    /// Damaged.
    Damaged,
    /// Not damaged.
    Undamaged,
    /// Stolen, or stolen from.
    Taken,
    /// Set free.
    Freed,
}

/// What kind of person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum PersonClass {
    Civilian,
    PoliticalFigure,
    Official,
    Judicial,
    Police,
    Military,
    Guard,
    Diplomat,
    FormerOfficial,
    FormerMilitary,
    /// Members of armed groups.
    Fighter,
}

/// What kind of object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum ObjectClass {
    TransportRoute,
    TransportFacility,
    Vehicle,
    Commercial,
    Financial,
    Energy,
    Communication,
    Water,
    Government,
    Police,
    Military,
    Diplomatic,
    Political,
    Residence,
    Organization,
    Other,
}

/// What kind of weapon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum WeaponKind {
    Bomb,
    VehicleBomb,
    Explosive,
    Dynamite,
    Grenade,
    Mine,
    Molotov,
    Mortar,
    Rocket,
    Missile,
    Gun,
    MachineGun,
    Rifle,
    Handgun,
    AerialBomb,
    Cutting,
    Stone,
    Fire,
}

impl WeaponKind {
    /// Tells whether it explodes where somebody put or threw it.
    pub fn is_explosive(self) -> bool {
        use WeaponKind::{Bomb, Dynamite, Explosive, Grenade, Mine, Molotov, VehicleBomb};
        matches!(self, Bomb | VehicleBomb | Explosive | Dynamite | Grenade | Mine | Molotov)
    }
}

/// A sentence of more words is a list or no sentence, and is not read for incidents.
const LONGEST: usize = 300;

/// Puts together the incidents that a report tells of, in the order of their first words.
///
/// Left alone: what is denied, imagined or foretold, and attacks in general.
pub fn incidents(reading: &Reading) -> Vec<Incident> {
    let report = &reading.report;
    if !report.is_in_english() {
        return Vec::new();
    }
    let paragraphs = paragraphs(report);
    let words = capitals::restored(report.text.read(), &paragraphs);
    let doc = Doc::read(&words, &paragraphs);
    let syntax = Syntax::of(&doc);
    let places = places::find(report, &doc, &syntax).mentions;
    let mut tellings = Vec::new();
    for (number, tokens) in doc.sentences().iter().enumerate() {
        let told =
            tokens.len() <= LONGEST && tokens.clone().any(|at| lexicon::LEXICON.cues.contains(doc.lower(at)));
        if told {
            tellings.extend(tellings::tellings(&sentence::Sentence::new(&doc, &syntax, number)));
        }
    }
    let armed = armed::named(&doc);
    let report = grouping::Report {
        report,
        doc: &doc,
        syntax: &syntax,
        times: &reading.times,
        places: &places,
        armed: &armed,
    };
    grouping::group(&report, tellings)
}
