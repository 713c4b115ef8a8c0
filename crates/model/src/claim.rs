use jiff::civil::Date;

use crate::{Period, Place, Span, TimeMention};

/// One thing that somebody says in a report, at the words where it is said.
///
/// A claim says that the report contains it. It does not say that it is true.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    /// The words of the claim.
    pub span: Span,
    /// Who says it, nearest to the fact first, outermost speaker last. Empty: the outlet itself, unattributed.
    pub said_by: Vec<Speaker>,
    /// The verb or phrase of attribution: "said", "according to".
    pub cue: Option<Span>,
    /// Whether it is asserted, denied or left open.
    pub polarity: Polarity,
    /// The claim of the same report that this one denies, by its position in the list of claims.
    pub denies: Option<usize>,
    /// The claim of the same report that this one corrects or brings up to date, by its position in the list.
    pub supersedes: Option<usize>,
    /// The rule that found it, such as `figure-counted-noun`.
    pub rule: &'static str,
    /// The words by which the rule fired, in the order of the text: number, noun and word of harm of a figure; act,
    /// actor and target of an allegation; source, cue and quotation marks of a statement.
    pub evidence: Vec<Span>,
    /// What kind of claim it is, with the fields of that kind.
    pub kind: ClaimKind,
}

/// The kinds of claim, after part 1 of the annotation guide.
///
/// The larger ones are boxed: most claims are statements, and a long report has a hundred thousand.
#[derive(Debug, Clone, PartialEq)]
pub enum ClaimKind {
    /// Reported speech or belief.
    Statement(Statement),
    /// A quantity of people harmed, or of objects or attacks.
    Figure(Box<Figure>),
    /// That somebody did harm that could breach the laws of war.
    Allegation(Box<Allegation>),
    /// A formal act of an authority on harm, law or responsibility.
    Determination(Box<Determination>),
}

/// Somebody who says something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Speaker {
    /// The fullest form of the name in the report, without a leading article.
    pub name: String,
    /// The words that govern the claim: a name, "he", "the ministry". `None` if no words do.
    pub mention: Option<Span>,
    /// How the name was found from the mention.
    pub resolution: Resolution,
}

/// How a speaker's name was found from the words that mention the speaker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Resolution {
    /// The mention is itself the name.
    Stated,
    /// A shorter form of a name that stands in full elsewhere: "Orlova" for "Mira Orlova".
    ShortForm,
    /// "He", "she", "it", "they".
    Pronoun,
    /// "The ministry", "the official", "the group".
    Description,
    /// "Who", "which": the noun that the clause belongs to.
    Relative,
    /// No words of this sentence: the speaker of the sentence before goes on.
    CarriedOn,
}

/// Whether a claim is asserted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Polarity {
    /// Said to be so.
    Asserted,
    /// Said not to be so.
    Denied,
    /// Doubted or asked.
    Questioned,
    /// Said of a case that is only imagined.
    Hypothetical,
    /// The accused's own, different version of the same event.
    CounterVersion,
}

/// Reported speech or reported belief.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// Whether the words are quoted.
    pub form: Form,
    /// What is said, in one or more stretches, with its quotation marks.
    pub content: Vec<Span>,
    /// The day of saying, if the report fixes it. Never the day of the event.
    pub said_on: Option<Date>,
}

/// Whether reported words are quoted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// All in quotation marks.
    Direct,
    /// Partly in quotation marks.
    Mixed,
    /// In the reporter's words.
    Indirect,
}

/// A quantity of people harmed, or of objects or attacks.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// What happened to those counted.
    pub measure: Measure,
    /// Those counted: a lower-case plural noun such as "civilians"; "people" if nothing closer is said.
    pub population: String,
    /// The least it can be by the words; `None` if they set no lower bound.
    pub lower: Option<u64>,
    /// The most it can be by the words; `None` if they set no upper bound.
    pub upper: Option<u64>,
    /// The plain number in the text.
    pub stated: Option<u64>,
    /// "About", "some", "nearly".
    pub approx: bool,
    /// "Dozens", "several": a quantity without a number.
    pub vague: bool,
    /// Whether it counts one event or a stretch of time.
    pub scope: Scope,
    /// The figure that this one is a part of, by its position in the list of claims.
    pub subset_of: Option<usize>,
    /// Where, if the words say.
    pub place: Option<Place>,
    /// When, if the words say.
    pub period: Option<Period>,
    /// Reservations that are stated about the figure.
    pub caveats: Vec<Caveat>,
}

/// What happened to those counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Measure {
    /// Killed or found dead.
    Killed,
    /// Wounded.
    Injured,
    /// "Casualties", "killed or wounded": not told apart.
    KilledOrInjured,
    /// Unaccounted for.
    Missing,
    /// Fled, evacuated, driven out.
    Displaced,
    /// Held, arrested, captured.
    Detained,
    /// Taken by force.
    Abducted,
    /// Unable to leave; under rubble.
    Trapped,
    /// In need, at risk, without water.
    Exposed,
    /// Strikes, shellings, raids.
    Attacks,
    /// Houses, vehicles, schools hit or damaged.
    ObjectHits,
    /// The same, destroyed.
    ObjectsDestroyed,
    /// Anything else.
    Other,
}

/// Whether a figure counts one event or a stretch of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// One event.
    Incident,
    /// All of a stretch of time: "since the invasion", "so far".
    Cumulative,
    /// The words do not say.
    Unclear,
}

/// A reservation stated about a figure or an allegation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Caveat {
    /// "The true toll is likely higher".
    Undercount,
    /// "Could not be independently verified".
    Unverified,
    /// "Preliminary", "so far", "initial reports".
    Preliminary,
    /// Another speaker gives another figure or denies it.
    Disputed,
    /// "Estimates", "is thought to".
    Estimate,
}

/// That somebody did harm that could breach the laws of war, or that such harm happened.
#[derive(Debug, Clone, PartialEq)]
pub struct Allegation {
    /// The verb or noun of the act, or the words that lay at somebody's door what other words tell: "responsible".
    pub trigger: Span,
    /// What was done.
    pub act: Act,
    /// Who did it, if that is said.
    pub actor: Option<Mention>,
    /// Whom or what it hit, if that is said.
    pub target: Option<Mention>,
    /// The classes of object hit: first that of the annotation guide, then a closer one where the guide's is wide.
    pub object_class: Vec<ObjectClass>,
    /// Where, if that is said.
    pub place: Option<Place>,
    /// When, if that is said.
    pub time: Option<TimeMention>,
    /// With what, if that is said.
    pub weapon: Option<Mention>,
    /// How firmly it is said.
    pub certainty: Certainty,
    /// Reservations that are stated about it.
    pub caveats: Vec<Caveat>,
    /// Another war or event that this one is likened to. Its place is never the place of the incident.
    pub comparison: bool,
}

/// Words that name somebody or something in a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// The words.
    pub span: Span,
    /// The fullest form in the report, where the words are a pronoun or a short form; else the words.
    pub name: String,
}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Act {
    /// An attack on persons or a populated place.
    AttackOnCivilians,
    /// An attack on a protected or civilian object.
    AttackOnObject,
    /// "Indiscriminate", in so many words.
    IndiscriminateAttack,
    /// Executions, killings, massacres.
    Killing,
    /// Torture, beating, ill-treatment.
    Torture,
    /// Rape and other sexual violence.
    SexualViolence,
    /// Abduction, enforced disappearance, deportation.
    AbductionOrDeportation,
    /// Unlawful detention.
    Detention,
    /// Siege, blocked aid, starvation.
    SiegeOrStarvation,
    /// Driving people from their homes.
    ForcedDisplacement,
    /// Cluster munitions, chemical weapons, mines, phosphorus.
    ProhibitedWeapon,
    /// Destruction of property.
    Destruction,
    /// Looting.
    Pillage,
    /// Human shields.
    HumanShields,
    /// Hostage-taking.
    HostageTaking,
    /// Trials without guarantees.
    UnfairTrial,
    /// Feigning protected status.
    Perfidy,
    /// "War crimes", "atrocities", without saying which.
    WarCrimesUnspecified,
    /// Genocide or crimes against humanity.
    GenocideOrCah,
    /// The war itself.
    Aggression,
    /// Anything else.
    Other,
}

/// The class of an object that was hit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ObjectClass {
    /// Hospitals, clinics, ambulances.
    Hospital,
    /// Schools, kindergartens, universities.
    School,
    /// Homes, apartment blocks.
    Residential,
    /// Theatres, museums, monuments.
    Cultural,
    /// Churches, mosques, monasteries.
    Religious,
    /// Shelters, camps of the displaced.
    Shelter,
    /// Power, water, fuel, communications; with a closer class behind it, transport, industry and farms too.
    Infrastructure,
    /// Relief convoys and warehouses.
    Humanitarian,
    /// Markets, shops, shopping centres, hotels, offices: where goods and services are sold.
    Market,
    /// Civilian vehicles.
    Vehicle,
    /// Nuclear plants.
    Nuclear,
    /// Roads, bridges, railways, stations, ports, airports.
    Transport,
    /// Factories, depots, mines, warehouses.
    Industrial,
    /// Farms, fields, crops, herds, greenhouses.
    Agriculture,
    /// Town halls, ministries, courts, police and fire stations, prisons.
    Administrative,
    /// Anything else.
    Other,
}

/// How firmly something is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Certainty {
    /// Without reservation.
    Certain,
    /// "Credible reports", "likely", "appears".
    Probable,
    /// "Allegedly", "may have", "suspected".
    Possible,
}

/// A formal act of an authority on harm, law or responsibility. Only a conviction recorded here speaks of guilt,
/// and it is the court that speaks.
#[derive(Debug, Clone, PartialEq)]
pub struct Determination {
    /// Who decided.
    pub authority: Option<Speaker>,
    /// What was decided, in a few words taken from the report.
    pub finding: String,
    /// What kind of act it was.
    pub standard: Standard,
    /// What it rests on, if that is said.
    pub basis: Option<Span>,
    /// The day it was announced, if the report fixes it.
    pub said_on: Option<Date>,
}

/// What kind of formal act a determination is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standard {
    /// "Assesses", "concluded": a judgement from incomplete information.
    Assessed,
    /// "Found", "verified", "documented".
    Found,
    /// Charged, indicted, put on trial.
    Charged,
    /// Convicted or sentenced.
    Convicted,
    /// Acquitted.
    Acquitted,
    /// An inquiry was opened.
    InquiryOpened,
    /// An inquiry or trial was called for.
    CalledFor,
    /// An inquiry or trial was declined.
    Declined,
}

/// Implements a fixed machine name for each variant: the word used in JSON, in the database and in filters.
macro_rules! names {
    ($($kind:ident { $($variant:ident = $name:literal),+ $(,)? })+) => {$(
        impl $kind {
            /// All variants, in order.
            pub const ALL: &'static [$kind] = &[$($kind::$variant),+];

            /// Returns the fixed name of this variant in formats and filters.
            pub fn name(self) -> &'static str {
                match self { $($kind::$variant => $name),+ }
            }

            /// Finds the variant of that name.
            pub fn from_name(name: &str) -> Option<$kind> {
                $kind::ALL.iter().copied().find(|kind| kind.name() == name)
            }
        }

        impl std::fmt::Display for $kind {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.name())
            }
        }
    )+};
}

pub(crate) use names;

names! {
    Polarity { Asserted = "asserted", Denied = "denied", Questioned = "questioned", Hypothetical = "hypothetical", CounterVersion = "counter_version" }
    Form { Direct = "direct", Mixed = "mixed", Indirect = "indirect" }
    Resolution { Stated = "stated", ShortForm = "short_form", Pronoun = "pronoun", Description = "description", Relative = "relative", CarriedOn = "carried_on" }
    Measure {
        Killed = "killed", Injured = "injured", KilledOrInjured = "killed_or_injured", Missing = "missing",
        Displaced = "displaced", Detained = "detained", Abducted = "abducted", Trapped = "trapped",
        Exposed = "people_exposed", Attacks = "attacks", ObjectHits = "object_hits",
        ObjectsDestroyed = "objects_destroyed", Other = "other",
    }
    Scope { Incident = "incident", Cumulative = "cumulative", Unclear = "unclear" }
    Caveat { Undercount = "undercount", Unverified = "unverified", Preliminary = "preliminary", Disputed = "disputed", Estimate = "estimate" }
    Act {
        AttackOnCivilians = "attack_on_civilians", AttackOnObject = "attack_on_object",
        IndiscriminateAttack = "indiscriminate_attack", Killing = "killing", Torture = "torture",
        SexualViolence = "sexual_violence", AbductionOrDeportation = "abduction_or_deportation",
        Detention = "detention", SiegeOrStarvation = "siege_or_starvation",
        ForcedDisplacement = "forced_displacement", ProhibitedWeapon = "prohibited_weapon",
        Destruction = "destruction", Pillage = "pillage", HumanShields = "human_shields",
        HostageTaking = "hostage_taking", UnfairTrial = "unfair_trial", Perfidy = "perfidy",
        WarCrimesUnspecified = "war_crimes_unspecified", GenocideOrCah = "genocide_or_cah",
        Aggression = "aggression", Other = "other",
    }
    ObjectClass {
        Hospital = "hospital", School = "school", Residential = "residential", Cultural = "cultural",
        Religious = "religious", Shelter = "shelter", Infrastructure = "infrastructure",
        Humanitarian = "humanitarian", Market = "market", Vehicle = "vehicle", Nuclear = "nuclear",
        Transport = "transport", Industrial = "industrial", Agriculture = "agriculture",
        Administrative = "administrative", Other = "other",
    }
    Certainty { Certain = "certain", Probable = "probable", Possible = "possible" }
    Standard {
        Assessed = "assessed", Found = "found", Charged = "charged", Convicted = "convicted",
        Acquitted = "acquitted", InquiryOpened = "inquiry_opened", CalledFor = "called_for", Declined = "declined",
    }
}

impl ClaimKind {
    /// Returns the fixed name of the kind: `statement`, `figure`, `allegation` or `determination`.
    pub fn name(&self) -> &'static str {
        match self {
            ClaimKind::Statement(_) => "statement",
            ClaimKind::Figure(_) => "figure",
            ClaimKind::Allegation(_) => "allegation",
            ClaimKind::Determination(_) => "determination",
        }
    }
}
