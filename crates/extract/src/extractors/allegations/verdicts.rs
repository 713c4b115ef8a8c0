//! Which allegation a deed amounts to, if any: the act by what it hit.

use std::ops::Range;

use model::{Act, Certainty, ObjectClass};

use super::acts::Reading;
use super::deeds::Deed;
use super::grammar::Words;
use super::lexicon::{Harm, LEXICON, Needs};
use super::polarity;
use super::targets::{self, Target, TargetKind};

/// An act with one target of one class.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Charge {
    pub(super) act: Act,
    pub(super) target: Option<Target>,
    pub(super) classes: Vec<ObjectClass>,
}

/// Tells which acts a deed amounts to: one for each class of target, none for combat.
pub(super) fn charges(words: &Words<'_>, deed: &Deed) -> Vec<Charge> {
    if !has_company(words, deed)
        || is_combat(words, deed)
        || is_bare(words, deed)
        || polarity::is_aim(words, deed)
    {
        return Vec::new();
    }
    match deed.harm {
        Harm::Attack if deed.indiscriminate => vec![whole(Act::IndiscriminateAttack, deed)],
        Harm::Attack => attack(deed),
        Harm::Wounding => people(Act::AttackOnCivilians, deed)
            .into_iter()
            .filter(|charge| charge.target.as_ref().is_some_and(|target| target.kind == TargetKind::Person))
            .collect(),
        Harm::Done(Act::Destruction) => destruction(deed),
        Harm::Done(Act::Killing) => killing(words, deed),
        Harm::Done(act) if deed.trigger.entry().turned => by_class(act, deed),
        Harm::Done(act) if deed.trigger.entry().placing => sheltered(words, act, deed),
        Harm::Done(act) if deed.trigger.entry().people => sufferers(words, act, deed),
        Harm::Done(Act::AbductionOrDeportation) if deed.trigger.entry().ergative => {
            people(Act::AbductionOrDeportation, deed)
        }
        Harm::Done(act) => vec![whole(act, deed)],
    }
}

/// Tells whether one of the words that a trigger needs beside it stands in its clause.
fn has_company(words: &Words<'_>, deed: &Deed) -> bool {
    let with = &deed.trigger.entry().with;
    with.is_empty() || deed.tokens.clone().any(|i| with.contains(words.lower(i)) || words.is_designation(i))
}

/// Tells whether only fighters and their things were hit.
fn is_combat(words: &Words<'_>, deed: &Deed) -> bool {
    let combat = [Harm::Attack, Harm::Wounding, Harm::Done(Act::Killing), Harm::Done(Act::Destruction)];
    let executed = deed.harm == Harm::Done(Act::Killing) && deed.trigger.entry().needs == Needs::Crime;
    combat.contains(&deed.harm)
        && !executed
        && !is_execution(words, deed)
        && !deed.tokens.clone().any(|i| targets::is_disarming(words.lower(i)))
        && deed.targets.iter().any(|target| target.kind == TargetKind::Combatant)
        && !deed
            .targets
            .iter()
            .any(|target| matches!(target.kind, TargetKind::Person | TargetKind::Object(_)))
}

/// Tells whether a general word stands alone, with nobody and nothing that it is said of: "war crimes", "a siege".
fn is_bare(words: &Words<'_>, deed: &Deed) -> bool {
    let general = match deed.harm {
        Harm::Done(Act::WarCrimesUnspecified) => {
            polarity::certainty(words, &deed.tokens, None) == Certainty::Certain
        }
        Harm::Done(Act::SiegeOrStarvation | Act::Other | Act::GenocideOrCah | Act::HostageTaking) => true,
        _ => false,
    };
    let adjective = deed.trigger.reading == Reading::Adjectival
        && matches!(deed.harm, Harm::Done(Act::SiegeOrStarvation) | Harm::Attack | Harm::Wounding);
    let noun = deed.trigger.reading == Reading::Noun && deed.tokens.len() < 4 + deed.trigger.tokens.len();
    // "A raid freed a hostage": nobody is said to hold them.
    let freed =
        noun_alone(deed, Act::HostageTaking) && words.lower(deed.trigger.tokens.start).starts_with("hostage");
    adjective || freed || general && noun && deed.actor.is_none() && deed.targets.is_empty()
}

/// Tells whether a noun of an act stands without anybody who did it.
fn noun_alone(deed: &Deed, act: Act) -> bool {
    deed.harm == Harm::Done(act) && deed.trigger.reading == Reading::Noun && deed.actor.is_none()
}

fn attack(deed: &Deed) -> Vec<Charge> {
    let objects = by_class(Act::AttackOnObject, deed);
    if !objects.is_empty() { objects } else { people_or_place(Act::AttackOnCivilians, deed) }
}

fn destruction(deed: &Deed) -> Vec<Charge> {
    let objects = by_class(Act::Destruction, deed);
    if !objects.is_empty() {
        return objects;
    }
    let named = !deed.trigger.entry().ergative;
    let place = deed
        .targets
        .iter()
        .find(|target| target.kind == TargetKind::Populated || named && target.kind == TargetKind::Named);
    let certain = deed.trigger.reading == Reading::Phrase && deed.trigger.entry().needs != Needs::Target;
    match place {
        Some(place) => vec![one(Act::Destruction, place)],
        None if certain => vec![whole(Act::Destruction, deed)],
        None => Vec::new(),
    }
}

fn killing(words: &Words<'_>, deed: &Deed) -> Vec<Charge> {
    let named = people(Act::Killing, deed);
    let certain = deed.trigger.entry().needs == Needs::Crime || is_execution(words, deed);
    // "Shot at ambulances".
    let aimed = words.lower(deed.trigger.tokens.start).starts_with("sho")
        && words.lower(deed.trigger.tokens.end) == "at"
        && is_by_force(words, deed);
    if aimed {
        let hit = by_class(Act::AttackOnObject, deed);
        if named.is_empty() || !hit.is_empty() {
            return hit;
        }
    }
    if !named.is_empty() || !certain { named } else { vec![whole(Act::Killing, deed)] }
}

/// Executions are told apart from combat by their word alone.
fn is_execution(words: &Words<'_>, deed: &Deed) -> bool {
    words.lower(deed.trigger.tokens.start).starts_with("execut") && !deed.targets.is_empty()
}

fn people(act: Act, deed: &Deed) -> Vec<Charge> {
    let person = deed.targets.iter().find(|target| target.kind == TargetKind::Person);
    let person = person.or_else(|| deed.targets.iter().find(|target| target.kind.is_people()));
    person.map(|person| one(act, person)).into_iter().collect()
}

fn sufferers(words: &Words<'_>, act: Act, deed: &Deed) -> Vec<Charge> {
    // "Drove families to their homes".
    let away = |i: usize| matches!(words.lower(i), "from" | "out" | "off");
    if act == Act::ForcedDisplacement && !deed.tokens.clone().any(away) {
        return Vec::new();
    }
    let suffers = |target: &&Target| target.kind == TargetKind::Person;
    deed.targets.iter().find(suffers).map(|target| one(act, target)).into_iter().collect()
}

/// Makes a charge for what stands beside civilians or what the law protects: other things may be put beside arms.
fn sheltered(words: &Words<'_>, act: Act, deed: &Deed) -> Vec<Charge> {
    // "Hid rockets in a school", but not "hid in a school from rockets".
    let trigger = &deed.trigger.tokens;
    let with = &deed.trigger.entry().with;
    let names = |mut tokens: Range<usize>| tokens.any(|i| with.contains(words.lower(i)));
    let put =
        |target: &Target| names(trigger.end..target.tokens.start) || names(deed.tokens.start..trigger.start);
    if !deed.targets.iter().any(put) {
        return Vec::new();
    }
    let is_sheltered = |class: &ObjectClass| {
        matches!(
            class,
            ObjectClass::Hospital
                | ObjectClass::School
                | ObjectClass::Residential
                | ObjectClass::Cultural
                | ObjectClass::Religious
                | ObjectClass::Shelter
                | ObjectClass::Humanitarian
        )
    };
    let mut charges = by_class(act, deed);
    let beside = |target: &&Target| matches!(target.kind, TargetKind::Beside(_));
    charges.extend(deed.targets.iter().filter(beside).map(|target| one(act, target)));
    charges.retain(|charge| charge.classes.iter().any(is_sheltered));
    charges
}

fn people_or_place(act: Act, deed: &Deed) -> Vec<Charge> {
    let named = people(act, deed);
    if !named.is_empty() {
        let bare = deed.trigger.reading == Reading::Noun
            && deed.targets.iter().all(|target| target.kind == TargetKind::Counted);
        return if bare { Vec::new() } else { named };
    }
    let place = |target: &&Target| matches!(target.kind, TargetKind::Populated | TargetKind::Beside(_));
    deed.targets.iter().find(place).map(|place| one(act, place)).into_iter().collect()
}

/// Makes one charge for each class of object among the targets.
fn by_class(act: Act, deed: &Deed) -> Vec<Charge> {
    let mut charges: Vec<Charge> = Vec::new();
    for target in &deed.targets {
        let TargetKind::Object(classes) = &target.kind else { continue };
        let alike = |charge: &&mut Charge| charge.classes == *classes || is_wide(&charge.classes, classes);
        match charges.iter_mut().find(alike) {
            Some(known) => add_closer(&mut known.classes, classes),
            None => charges.push(Charge { act, target: Some(target.clone()), classes: classes.clone() }),
        }
    }
    charges
}

/// Tells whether two objects are of one class of the guide, which only their closer classes tell apart.
fn is_wide(one: &[ObjectClass], other: &[ObjectClass]) -> bool {
    let wide = [ObjectClass::Infrastructure, ObjectClass::Other];
    one.first() == other.first() && one.first().is_some_and(|class| wide.contains(class))
}

/// Adds the closer classes of another target of the same first class.
fn add_closer(known: &mut Vec<ObjectClass>, classes: &[ObjectClass]) {
    for class in classes {
        if !known.contains(class) {
            known.push(*class);
        }
    }
}

fn one(act: Act, target: &Target) -> Charge {
    let classes = match &target.kind {
        TargetKind::Beside(classes) => classes.clone(),
        _ => Vec::new(),
    };
    Charge { act, target: Some(target.clone()), classes }
}

fn whole(act: Act, deed: &Deed) -> Charge {
    // Where war crimes were committed is their place, not what they hit.
    let place = |target: &&Target| act == Act::WarCrimesUnspecified && target.kind == TargetKind::Populated;
    let known =
        deed.targets.iter().filter(|target| !place(target)).find(|target| target.kind != TargetKind::Unknown);
    let target = known.or(deed.targets.first().filter(|target| !place(target))).cloned();
    let classes = match &target {
        Some(Target { kind: TargetKind::Object(classes), .. }) => classes.clone(),
        _ => Vec::new(),
    };
    Charge { act, target, classes }
}

/// The weight of different words of war that makes each sentence of a report one about a war.
const WAR_WEIGHT: usize = 3;

/// Tells whether a report speaks of a war: by its different words of war.
pub(super) fn speaks_of_war(doc: &language::Doc<'_>) -> bool {
    let mut met: Vec<&str> = Vec::new();
    let mut weight = 0;
    (0..doc.tokens().len()).any(|i| {
        if let Some((word, one)) = LEXICON.war_words.get_key_value(doc.lower(i))
            && !met.contains(&word.as_str())
        {
            met.push(word);
            weight += one;
        }
        if doc.lower(i) == "war" && is_prisoners_of(doc, i) {
            weight += WAR_WEIGHT;
        }
        weight >= WAR_WEIGHT
    })
}

/// Tells whether "prisoners of" stands before a token: nobody is a prisoner of war but in a war.
fn is_prisoners_of(doc: &language::Doc<'_>, war: usize) -> bool {
    let [prisoners, of] = [2, 1].map(|back| war.checked_sub(back).map_or("", |at| doc.lower(at)));
    of == "of" && matches!(prisoners, "prisoner" | "prisoners")
}

/// A text of at most this many tokens is a note: one or two sentences that cannot say more than they hold.
const NOTE: usize = 60;

/// Tells whether a text is too short to show that it speaks of a war.
pub(super) fn is_note(doc: &language::Doc<'_>) -> bool {
    doc.tokens().len() <= NOTE
}

/// Tells whether an event noun by itself says that a weapon hit where people live: an explosion or a crater there, or a
/// strike that a second word of harm shows to be no walkout.
pub(super) fn tells_blow(words: &Words<'_>, deed: &Deed, charge: &Charge) -> bool {
    let populated = charge.target.as_ref().is_some_and(|target| target.kind == TargetKind::Populated);
    let cue = |&i: &usize| {
        let cue = LEXICON.cues.at(words.context.doc, i, words.tokens.end);
        cue.is_some_and(|(_, cue)| !LEXICON.entries[cue.entry].turned)
    };
    let harm = || words.tokens.clone().filter(cue).take(2).count() == 2;
    let noun = deed.trigger.reading == Reading::Noun;
    noun && match words.lower(deed.trigger.tokens.start) {
        "explosion" | "explosions" | "blast" | "blasts" | "crater" | "craters" | "damage" => populated,
        "strike" | "strikes" => harm() || words.tokens.clone().any(|i| words.lower(i) == "aftermath"),
        _ => false,
    }
}

/// Tells whether a sentence itself has a word of war.
pub(super) fn names_war(words: &Words<'_>) -> bool {
    words.tokens.clone().any(|i| LEXICON.war_words.contains_key(words.lower(i)))
}

/// Tells whether a sentence has a word for those who bear arms or guard others.
pub(super) fn names_force(words: &Words<'_>) -> bool {
    let named =
        |i: usize| [&LEXICON.forces, &LEXICON.guards].iter().any(|list| list.contains(words.lower(i)));
    words.tokens.clone().any(named)
}

/// Tells whether those who bear arms are said to have done it: a killing by soldiers needs no word of war beside it. What
/// guards and police do is told of where the act is a crime whoever its victim is.
pub(super) fn is_by_force(words: &Words<'_>, deed: &Deed) -> bool {
    let crime = deed.trigger.entry().needs == Needs::Crime;
    let by = |i: usize| {
        LEXICON.forces.contains(words.lower(i)) || crime && LEXICON.guards.contains(words.lower(i))
    };
    deed.actor.clone().is_some_and(|actor| actor.into_iter().any(by))
}
