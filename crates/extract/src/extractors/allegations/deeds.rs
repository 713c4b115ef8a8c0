//! From a trigger to the clause around it: who did what to whom.

use std::ops::Range;

use model::{Act, ObjectClass};

use super::actors;
use super::acts::{self, Reading, Trigger};
use super::circumstances;
use super::clauses;
use super::grammar::{Class, Words};
use super::lexicon::{Harm, LEXICON, VerbForm};
use super::phrases;
use super::targets::{self, Target, TargetKind};

/// What one clause says was done.
#[derive(Debug, Clone)]
pub(super) struct Deed {
    pub(super) trigger: Trigger,
    /// The clause.
    pub(super) tokens: Range<usize>,
    pub(super) actor: Option<Range<usize>>,
    pub(super) targets: Vec<Target>,
    pub(super) harm: Harm,
    /// "Indiscriminate", in so many words.
    pub(super) indiscriminate: bool,
}

/// Reads the clause around a trigger.
pub(super) fn read(words: &Words<'_>, trigger: &Trigger) -> Deed {
    let mut deed = match trigger.reading {
        Reading::Active => active(words, trigger),
        Reading::Passive => passive(words, trigger),
        Reading::Gerund => gerund(words, trigger),
        Reading::Adjectival => adjectival(words, trigger),
        Reading::Noun => noun(words, trigger),
        Reading::Phrase => phrase(words, trigger),
    };
    let open = matches!(trigger.reading, Reading::Active | Reading::Gerund | Reading::Noun);
    if deed.actor.is_none() && open && !trigger.entry().landing {
        deed.actor = actors::shared_subject(words, deed.tokens.start);
    }
    if trigger.entry().impersonal {
        deed.actor = None;
    }
    accuse(words, &mut deed);
    deed.indiscriminate = is_indiscriminate(words, &deed);
    deed
}

fn deed(trigger: &Trigger, tokens: Range<usize>) -> Deed {
    Deed {
        trigger: trigger.clone(),
        tokens,
        actor: None,
        targets: Vec::new(),
        harm: trigger.entry().harm,
        indiscriminate: false,
    }
}

fn active(words: &Words<'_>, trigger: &Trigger) -> Deed {
    let group = clauses::group_start(words, trigger.tokens.start);
    let subject = clauses::subject_start(words, group);
    let end = clauses::clause_end(words, trigger.tokens.end);
    let behind = trigger.tokens.end;
    let second = acts::coordinate(words, behind).or_else(|| acts::shares_object(words, behind));
    let object = second.unwrap_or(behind);
    // "Shot dead two priests".
    let object = object + usize::from(words.lower(object) == "dead");
    if trigger.entry().landing {
        let direct = listed(words, object, end);
        let known = direct.iter().any(|target| target.kind != TargetKind::Unknown);
        let targets = if known { direct } else { behind_preposition(words, object, end) };
        return Deed { targets, ..deed(trigger, subject..end) };
    }
    let told = clauses::told_subject(words, group).unwrap_or(subject);
    let targets = done_to(words, trigger, object, end);
    Deed { actor: actors::of_subject(words, told..group), targets, ..deed(trigger, subject..end) }
}

/// Returns the pronoun that is the whole subject of a deed, and the verb behind it: "said | it had | bombed the bridge", "it |
/// carried out the strike".
pub(super) fn pronoun_subject(words: &Words<'_>, deed: &Deed) -> Option<(usize, usize)> {
    let at = deed.tokens.start;
    let stands_by = |i: usize| words.is_any(i, &[Class::Have, Class::Adverb]);
    let trigger = deed.trigger.tokens.start;
    let verb = (at + 1..deed.trigger.tokens.end).find(|&i| !stands_by(i))?;
    let does = match deed.trigger.reading {
        Reading::Active => verb == trigger,
        Reading::Noun => (verb..=verb + MOST_LINKS).contains(&trigger) && needs_person(words.lower(verb)),
        _ => false,
    };
    (does && matches!(words.lower(at), "it" | "they")).then_some((at, verb))
}

/// Tells whether only those who act can be the subject of a verb: a missile hits, but does not target.
pub(super) fn needs_person(verb: &str) -> bool {
    let stems = [
        "target",
        "shell",
        "bomb",
        "fire",
        "firing",
        "launch",
        "carri",
        "carry",
        "conduct",
        "storm",
        "raid",
        "execut",
        "detain",
        "arrest",
        "seiz",
        "abduct",
        "behead",
        "stage",
        "staging",
        "commit",
        "perpetrat",
    ];
    stems.iter().any(|stem| verb.starts_with(stem))
}

/// Classifies what a weapon came down on or beside: "landed in the yard of a school".
fn behind_preposition(words: &Words<'_>, from: usize, end: usize) -> Vec<Target> {
    let behind = (from..end).filter(|&i| is_whereabouts(words.lower(i))).take(MOST_LINKS);
    let mut hit = behind.clone().map(|i| listed(words, i + 1, end));
    let known = |targets: &Vec<Target>| targets.iter().any(|target| target.kind != TargetKind::Unknown);
    let first = hit.find(known).unwrap_or_default();
    let beside = || behind.map(|i| behind_link(words, i, end)).find(|targets| is_beside(targets));
    if is_roadway(words, &first) { beside().unwrap_or(first) } else { first }
}

fn is_beside(targets: &[Target]) -> bool {
    targets.iter().any(|target| matches!(target.kind, TargetKind::Beside(_)))
}

/// Tells whether a road was hit: where a weapon came down on one, that is only the spot, and what stands beside it tells
/// more.
fn is_roadway(words: &Words<'_>, targets: &[Target]) -> bool {
    let road = |word: &str| matches!(word, "road" | "street" | "pavement" | "sidewalk" | "highway");
    targets.iter().any(|target| target.tokens.clone().any(|i| road(words.lower(i))))
}

/// Tells whether a word can stand between a blow and the spot that it fell on.
fn is_whereabouts(word: &str) -> bool {
    let prepositions = [
        "in", "inside", "into", "within", "on", "onto", "at", "near", "through", "outside", "by", "to", "of",
        "behind", "over", "against", "across", "around", "beside", "between", "upon", "toward", "towards",
        "opposite",
    ];
    prepositions.contains(&word)
}

fn passive(words: &Words<'_>, trigger: &Trigger) -> Deed {
    let group = clauses::group_start(words, trigger.tokens.start);
    let subject = clauses::subject_start(words, group);
    let subject = if group == trigger.tokens.start { behind_verb(words, subject..group) } else { subject };
    let end = clauses::clause_end(words, trigger.tokens.end);
    let targets = match trigger.entry().placing {
        true => behind_preposition(words, trigger.tokens.end, end),
        false => subjects(words, clauses::told_subject(words, group).unwrap_or(subject), group),
    };
    Deed {
        actor: actors::agent(words, trigger.tokens.end, end)
            .or_else(|| cause(words, trigger.tokens.end..end)),
        targets,
        ..deed(trigger, subject..end)
    }
}

/// Returns where the noun starts that a participle tells more of, behind the verb of its clause: "the army buried | 14 farmers
/// killed by rebels".
fn behind_verb(words: &Words<'_>, tokens: Range<usize>) -> usize {
    let is_verb =
        |i: &usize| words.is_tagged(*i, "VBD") && !words.is_compounded(*i) && words.starts_phrase(i + 1);
    let verb = (tokens.start + 1..tokens.end).rev().find(is_verb);
    verb.map_or(tokens.start, |verb| phrases::noun_phrase_before(words, tokens.end).start.max(verb + 1))
}

/// Finds the actor of a passive in the event that it happened in: "killed in Vardian shelling".
fn cause(words: &Words<'_>, tokens: Range<usize>) -> Option<Range<usize>> {
    let doc = words.context.doc;
    let noun = tokens.clone().find_map(|i| {
        LEXICON.cues.at(doc, i, tokens.end).filter(|(_, cue)| cue.noun).map(|(next, _)| i..next)
    })?;
    actors::of_noun(words, noun, tokens.end)
}

fn gerund(words: &Words<'_>, trigger: &Trigger) -> Deed {
    let start = clauses::group_start(words, trigger.tokens.start);
    let end = clauses::clause_end(words, trigger.tokens.end);
    let targets = done_to(words, trigger, trigger.tokens.end, end);
    let before = start.wrapping_sub(1);
    let open = [Class::Preposition, Class::Conjunction, Class::Saying, Class::Subordinator];
    // "Called on Vardia to stop | bombing".
    let after_noun = words.is_word(before)
        && !words.is_any(before, &open)
        && !words.is_verbish(before)
        && !words.is_tagged_verb(before);
    let owner = if after_noun { phrases::noun_phrase_before(words, start) } else { start..start };
    let known = targets::classify(words, owner.clone()).kind;
    let first = if after_noun { owner.start } else { start };
    let actor =
        (after_noun && !matches!(known, TargetKind::Object(_))).then(|| actors::of_subject(words, owner));
    Deed { actor: actor.flatten(), targets, ..deed(trigger, first..end) }
}

fn adjectival(words: &Words<'_>, trigger: &Trigger) -> Deed {
    let noun = phrases::noun_phrase(words, trigger.tokens.end, words.tokens.end);
    let tokens = clauses::event_phrase(words, trigger.tokens.start..noun.end);
    Deed { targets: vec![targets::classify(words, noun)], ..deed(trigger, tokens) }
}

fn noun(words: &Words<'_>, trigger: &Trigger) -> Deed {
    let phrase = clauses::event_phrase(words, trigger.tokens.clone());
    let mut actor = actors::of_noun(words, trigger.tokens.clone(), phrase.end);
    let mut targets = noun_targets(words, trigger, &phrase);
    if let Some(actor) = &mut actor {
        // "The killing by police of a boy", but "rape by members of the armed forces".
        let within = |target: &Target| actor.contains(&target.tokens.start);
        let person = targets.iter().find(|target| target.kind == TargetKind::Person && within(target));
        let of = person
            .and_then(|person| person.tokens.start.checked_sub(1))
            .filter(|&of| words.lower(of) == "of");
        let first = actor.start;
        actor.end = of.filter(|&of| of > first).unwrap_or(actor.end);
        targets.retain(|target| !actor.contains(&target.tokens.start));
    }
    let mut found = Deed { actor, targets, ..deed(trigger, phrase.clone()) };
    if words.is_quote(trigger.tokens.end) {
        found.tokens.end = trigger.tokens.end;
    }
    if found.trigger.entry().turned {
        found.targets.clear();
    }
    lighten(words, &mut found);
    found
}

/// Finds what an event noun says was hit: "of NP", "on NP", "against NP", and "civilian" in front.
///
/// Of several phrases the one that names a thing or persons counts: "the explosion in a school of Varden".
fn noun_targets(words: &Words<'_>, trigger: &Trigger, phrase: &Range<usize>) -> Vec<Target> {
    let mut onto = linked(words, trigger.tokens.end..phrase.end, is_onto);
    let mut within = linked(words, trigger.tokens.end..phrase.end, is_within);
    within.retain(|found| {
        matches!(found[0].kind, TargetKind::Populated | TargetKind::Object(_) | TargetKind::Beside(_))
    });
    let thing = |found: &Vec<Target>| found.iter().any(|target| matches!(target.kind, TargetKind::Object(_)));
    let people = |found: &Vec<Target>| {
        found.iter().any(|target| matches!(target.kind, TargetKind::Object(_) | TargetKind::Person))
    };
    let civilian = (phrase.start..trigger.tokens.end)
        .find(|&i| matches!(words.lower(i), "civilian" | "civilians"))
        .map(|i| vec![Target { tokens: i..i + 1, kind: TargetKind::Person }]);
    if let Some(at) = onto.iter().position(people) {
        return onto.swap_remove(at);
    }
    if let Some(at) = within.iter().position(thing) {
        let hit = within.swap_remove(at);
        let beside = onto.into_iter().find(|found| is_beside(found));
        return beside.filter(|_| is_roadway(words, &hit)).unwrap_or(hit);
    }
    let attribute = attribute(words, trigger, phrase).map(|target| vec![target]);
    onto.into_iter().next().or(attribute).or(civilian).or(within.into_iter().next()).unwrap_or_default()
}

/// Finds the object in front of an event noun: "the hospital bombing". A vehicle there may be the means.
fn attribute(words: &Words<'_>, trigger: &Trigger, phrase: &Range<usize>) -> Option<Target> {
    let target = targets::classify(words, phrase.start..trigger.tokens.start);
    match &target.kind {
        TargetKind::Object(classes) if !classes.contains(&ObjectClass::Vehicle) => Some(target),
        _ => None,
    }
}

/// Classifies what stands behind each of the prepositions in `tokens` that `is_link` knows.
fn linked(words: &Words<'_>, tokens: Range<usize>, is_link: fn(&str) -> bool) -> Vec<Vec<Target>> {
    // "A raid to rescue him" hits nobody; "what appears to be a school" is one.
    let opens = [Class::Determiner, Class::Possessive, Class::Subject];
    let infinitive = |&i: &usize| {
        let object = words.is_any(i + 2, &opens) || words.is_object_pronoun(i + 2) || words.is_capital(i + 2);
        let verb = words.is_tagged(i + 1, "VB") && !words.is(i + 1, Class::Be) && !words.is_capital(i + 1);
        words.lower(i) == "to" && verb && object
    };
    let tokens = tokens.start..tokens.clone().find(infinitive).unwrap_or(tokens.end);
    let links = tokens.clone().filter(|&i| is_link(words.lower(i)) && !is_destination(words, i));
    let named_time = |link: &usize| LEXICON.calendar.contains(words.lower(link + 1));
    let links = links.filter(|link| !named_time(link));
    let found = links.take(MOST_LINKS).map(|link| behind_link(words, link, tokens.end));
    found.filter(|targets| !targets.is_empty()).collect()
}

/// Classifies what stands behind a preposition. What a blow fell near was not hit: it only tells where.
fn behind_link(words: &Words<'_>, link: usize, end: usize) -> Vec<Target> {
    let mut targets = listed(words, link + 1, end);
    let beside = |word: &str| matches!(word, "next" | "near" | "close" | "adjacent" | "vicinity" | "front");
    if matches!(words.lower(link), "near" | "outside") || beside(words.lower(link.wrapping_sub(1))) {
        for target in &mut targets {
            if let TargetKind::Object(classes) = &mut target.kind {
                target.kind = TargetKind::Beside(std::mem::take(classes));
            }
        }
    }
    targets
}

/// Tells whether a preposition leads to where the wounded and the dead were brought: "arrived at the hospital".
fn is_destination(words: &Words<'_>, link: usize) -> bool {
    let from = link.saturating_sub(3).max(words.tokens.start);
    (from..link).any(|i| {
        matches!(
            words.lower(i),
            "arrived"
                | "arrive"
                | "transferred"
                | "taken"
                | "brought"
                | "rushed"
                | "admitted"
                | "evacuated"
                | "moved"
                | "treated"
                | "transported"
                | "carried"
                | "referred"
        )
    })
}

/// An event noun is followed by no more phrases than this.
const MOST_LINKS: usize = 6;

fn is_onto(word: &str) -> bool {
    matches!(
        word,
        "of" | "on" | "against" | "into" | "at" | "near" | "to" | "targeting" | "over" | "onto" | "upon"
    )
}

fn is_within(word: &str) -> bool {
    matches!(word, "in" | "inside" | "across" | "around" | "outside")
}

/// Widens an event noun to the light verb that carries it: "troops have committed atrocities".
fn lighten(words: &Words<'_>, deed: &mut Deed) {
    let after = deed.tokens.end;
    let before = deed.tokens.start;
    // "Claims" carries lives, and clauses.
    let light =
        |i: usize| LEXICON.light_verbs.get(words.lower(i)).copied().filter(|_| !words.is(i, Class::Saying));
    // "Turned the school of the village into a barracks".
    let reach = if deed.trigger.entry().turned { 10 } else { 5 };
    let from = before.saturating_sub(reach).max(words.tokens.start);
    let verb = (from..before)
        .rev()
        .take_while(|&i| !words.is_stop(i) && words.lower(i) != "," && !is_time_link(words.lower(i)))
        // "Hold the army responsible for the massacre".
        .find(|&i| light(i).is_some() && !(actors::holds(words, i) && is_held(words, i..before)));
    if let Some(verb) = verb {
        let group = clauses::group_start(words, verb);
        deed.tokens.end = clauses::clause_end(words, deed.trigger.tokens.end);
        let put_to_use = matches!(words.lower(deed.tokens.start.wrapping_sub(1)), "as" | "into");
        let passive = (group..verb).any(|i| words.is(i, Class::Be));
        if put_to_use && passive && deed.trigger.entry().turned {
            let subject = clauses::subject_start(words, group);
            deed.targets = subjects(words, subject, group);
            deed.actor = actors::agent(words, deed.trigger.tokens.end, deed.tokens.end);
            deed.tokens.start = subject;
            return;
        }
        if (deed.targets.is_empty() || deed.trigger.entry().turned) && put_to_use {
            deed.targets = listed(words, verb + 1, deed.tokens.start);
        }
        let progressive = (group..verb).any(|i| words.is(i, Class::Be));
        if light(verb) == Some(VerbForm::Ing) && !progressive {
            let owner = phrases::noun_phrase_before(words, group);
            if is_suffering(words.lower(verb)) && deed.targets.is_empty() {
                deed.tokens.start = owner.start;
                deed.targets = subjects(words, owner.start, owner.end);
                return;
            }
            deed.tokens.start = verb;
            if !owner.is_empty() && !words.is_any(group.wrapping_sub(1), &[Class::Preposition]) {
                deed.actor = deed.actor.take().or_else(|| actors::of_subject(words, owner));
            }
            return;
        }
        let subject = clauses::subject_start(words, group);
        deed.tokens.start = subject;
        if is_suffering(words.lower(verb)) {
            if deed.targets.is_empty() {
                deed.targets = subjects(words, subject, group);
            }
            return;
        }
        deed.actor = deed.actor.take().or_else(|| actors::of_subject(words, subject..group));
    } else if is_predicated(words, deed) {
        deed.tokens.end = clauses::clause_end(words, after + 2).max(deed.tokens.end);
        deed.actor = deed.actor.take().or_else(|| actors::agent(words, after, deed.tokens.end));
        if deed.targets.is_empty() && tells_occurrence(words, after) {
            let near = (after..deed.tokens.end).find(|&i| {
                matches!(
                    words.lower(i),
                    "near" | "at" | "against" | "on" | "outside" | "inside" | "through" | "over" | "across"
                )
            });
            deed.targets = near.map(|near| behind_link(words, near, deed.tokens.end)).unwrap_or_default();
        }
    } else {
        predicate(words, deed);
    }
}

/// Tells whether a word tells when: "received the wounded after | the shelling" tells of no shelling that was received.
fn is_time_link(word: &str) -> bool {
    matches!(
        word,
        "after"
            | "before"
            | "since"
            | "following"
            | "amid"
            | "amidst"
            | "despite"
            | "when"
            | "while"
            | "during"
    )
}

/// Tells whether somebody is called responsible in `within`.
fn is_held(words: &Words<'_>, mut within: Range<usize>) -> bool {
    within.any(|i| matches!(words.lower(i), "responsible" | "accountable"))
}

/// Tells whether the subject of a verb is whoever the harm befell: "the school suffered damage".
fn is_suffering(verb: &str) -> bool {
    let stems = ["suffer", "sustain", "endur", "show", "receiv", "bear"];
    stems.iter().any(|stem| verb.starts_with(stem))
}

/// Tells whether the verb group at `at` says that an event took place: "a blast occurred", "an explosion was heard".
fn tells_occurrence(words: &Words<'_>, at: usize) -> bool {
    (at..at + 4).any(|i| {
        matches!(
            words.lower(i),
            "occurred"
                | "happened"
                | "place"
                | "erupted"
                | "off"
                | "ripped"
                | "tore"
                | "rocked"
                | "shook"
                | "continued"
                | "carried"
                | "launched"
                | "reported"
                | "heard"
                | "felt"
                | "fell"
                | "landed"
                | "began"
                | "resumed"
                | "intensified"
                | "directed"
                | "aimed"
        )
    })
}

/// Tells whether a verb follows an event noun whose phrase does not say what was hit: "a blast occurred near".
fn is_predicated(words: &Words<'_>, deed: &Deed) -> bool {
    let after = deed.tokens.end;
    let inside = |target: &Target| target.tokens.end > deed.trigger.tokens.end;
    let verb = words.is_verbish(after) && !words.is(after, Class::Saying)
        || words.is(after, Class::Adverb) && words.is_verbish(after + 1);
    verb && !deed.targets.iter().any(inside)
}

/// Widens a noun that is said of somebody: "NP is a war criminal", "described NP as".
fn predicate(words: &Words<'_>, deed: &mut Deed) {
    let mut link = deed.tokens.start;
    while link > words.tokens.start && (words.is_quote(link - 1) || words.is(link - 1, Class::Determiner)) {
        link -= 1;
    }
    let Some(link) = link.checked_sub(1) else { return };
    let named = phrases::noun_phrase_before(words, link + 1);
    let naming = matches!(
        words.lower(named.start.wrapping_sub(1)),
        "called"
            | "calls"
            | "calling"
            | "branded"
            | "branding"
            | "labelled"
            | "labeled"
            | "dubbed"
            | "declared"
    );
    if naming && !named.is_empty() {
        deed.tokens.start = named.start;
        deed.actor = deed.actor.take().or(Some(named));
    } else if words.is(link, Class::Be) {
        let group = clauses::group_start(words, link);
        let subject = clauses::subject_start(words, group);
        if subject < group {
            deed.tokens.start = subject;
            deed.actor = deed.actor.take().or_else(|| actors::of_subject(words, subject..group));
        }
    } else if words.lower(link) == "as" {
        let named = phrases::noun_phrase_before(words, link);
        if !named.is_empty() && named.len() < 6 && words.lower(named.end - 1) != "well" {
            deed.tokens.start = named.start;
            deed.actor = deed.actor.take().or(Some(named));
        }
    }
}

fn phrase(words: &Words<'_>, trigger: &Trigger) -> Deed {
    let start = behind_copula(words, trigger.tokens.start);
    let from = start.saturating_sub(4).max(words.tokens.start);
    let light = (from..start).rev().find(|&i| LEXICON.light_verbs.contains_key(words.lower(i)));
    let group = clauses::group_start(words, light.unwrap_or(start));
    let is_passive = light.is_none() && (group..trigger.tokens.start).any(|i| words.is(i, Class::Be));
    let is_state = light.is_none() && words.lower(trigger.tokens.start) == "under";
    let mut deed = match is_passive {
        true => passive(words, trigger),
        // "Came under fire": whoever does is hit.
        false if is_state => {
            let subject = state_subject(words, group, trigger.tokens.start);
            let end = clauses::clause_end(words, trigger.tokens.end);
            let actor = actors::agent(words, trigger.tokens.end, end)
                .or_else(|| actors::source(words, trigger.tokens.end));
            let targets = subjects(words, subject.start, subject.end);
            Deed { actor, targets, ..deed(trigger, subject.start..end) }
        }
        false => {
            let subject = clauses::subject_start(words, group);
            let end = clauses::clause_end(words, trigger.tokens.end);
            let actor = actors::of_subject(words, subject..group);
            Deed { actor, targets: objects(words, trigger.tokens.end, end), ..deed(trigger, subject..end) }
        }
    };
    if deed.targets.is_empty() {
        let patient = trigger.entry().ergative.then(|| actors::shared_patient(words, group)).flatten();
        let subject = patient.unwrap_or(deed.tokens.start..group);
        deed.tokens.start = subject.start;
        deed.targets = subjects(words, subject.start, subject.end);
        deed.actor = deed.actor.filter(|_| !trigger.entry().ergative);
    }
    deed
}

/// Returns who is in a state: the subject of its verb, and without one the noun phrase in front: "the city | under siege".
fn state_subject(words: &Words<'_>, group: usize, state: usize) -> Range<usize> {
    let is_adverb = |at: usize| words.is(at, Class::Adverb) || words.lower(at).ends_with("ly");
    let mut end = group;
    while end > words.tokens.start && is_adverb(end - 1) {
        end -= 1;
    }
    let verb = clauses::group_start(words, end);
    if verb < end || (end..state).any(|at| !is_adverb(at)) {
        return clauses::subject_start(words, verb)..verb;
    }
    phrases::noun_phrase_before(words, end)
}

/// Returns where the verb starts that says no more than that its subject is in the state named behind it: "came under".
fn behind_copula(words: &Words<'_>, state: usize) -> usize {
    let copula = state.checked_sub(1).filter(|&i| {
        matches!(
            words.lower(i),
            "come" | "comes" | "came" | "coming" | "remains" | "remained" | "stands" | "stood" | "seen"
        )
    });
    copula.unwrap_or(state)
}

/// Gives a deed the actor of "accused NP of" and "blamed NP for", and begins its clause with that actor.
fn accuse(words: &Words<'_>, deed: &mut Deed) {
    if let Some(actor) = actors::held_responsible(words, deed) {
        deed.actor = Some(actor);
        return;
    }
    let Some(accused) = actors::accused(words, deed.trigger.tokens.start) else { return };
    // "Jailed a journalist for reporting on the massacre".
    if LEXICON.telling.contains(words.lower(accused.charge)) {
        return;
    }
    let between = accused.charge..deed.trigger.tokens.start;
    // Behind another clause edge the charge is over.
    if between.clone().any(|i| words.is_stop(i) || words.is_any(i, &[Class::Subordinator, Class::Subject])) {
        return;
    }
    let direct = between.clone().all(|i| words.lower(i) != ",");
    deed.actor = Some(words.trim(accused.actor.clone()));
    if direct {
        deed.tokens.start = accused.actor.start.min(deed.tokens.start);
    }
}

/// Classifies what a verb says was hit, or where something was put.
fn done_to(words: &Words<'_>, trigger: &Trigger, from: usize, end: usize) -> Vec<Target> {
    match trigger.entry().placing {
        true => behind_preposition(words, from, end),
        false => objects(words, from, end),
    }
}

/// Classifies what follows an active verb, behind its weapon if it has one: "fired rockets at a market".
fn objects(words: &Words<'_>, from: usize, end: usize) -> Vec<Target> {
    let first = listed(words, from, end);
    let none = first.is_empty();
    if none || first.iter().all(|target| target.kind == TargetKind::Unknown) {
        let onto = |i: &usize| {
            matches!(
                words.lower(*i),
                "at" | "into"
                    | "on"
                    | "onto"
                    | "against"
                    | "toward"
                    | "towards"
                    | "near"
                    | "through"
                    | "upon"
            )
        };
        if let Some(link) = (from..end).find(onto) {
            let second = listed(words, link + 1, end);
            if second.iter().any(|target| target.kind != TargetKind::Unknown) {
                return second;
            }
        }
    }
    first
}

/// Classifies the members of a list, and the examples that "such as" and "including" add to it.
fn listed(words: &Words<'_>, from: usize, end: usize) -> Vec<Target> {
    let mut found: Vec<Target> =
        phrases::list(words, from, end).into_iter().map(|item| targets::classify(words, item)).collect();
    let named = found.last().map_or(from, |target| target.tokens.end);
    let example = (named..end)
        .find(|&i| words.lower(i) == "such" && words.lower(i + 1) == "as" || words.lower(i) == "including");
    if let Some(at) = example {
        let first = if words.lower(at) == "such" { at + 2 } else { at + 1 };
        found.extend(phrases::list(words, first, end).into_iter().map(|item| targets::classify(words, item)));
    }
    let first = found.first().map_or(from, |target| target.tokens.end);
    found.extend(singled_out(words, first, end).map(|item| targets::classify(words, item)));
    found.retain(|target| !target.tokens.is_empty());
    found
}

/// Returns what one of the things listed before `from` is said to be: "two buildings, one reportedly a school".
fn singled_out(words: &Words<'_>, from: usize, end: usize) -> Option<Range<usize>> {
    let near = from..end.min(from + MOST_BETWEEN);
    let one = near.clone().find(|&i| words.lower(i) == "," && words.lower(i + 1) == "one")? + 2;
    let article = (one..end.min(one + 5)).find(|&i| matches!(words.lower(i), "a" | "an"))?;
    let item = phrases::noun_phrase(words, article, end);
    matches!(targets::classify(words, item.clone()).kind, TargetKind::Object(_)).then_some(item)
}

/// How far behind a list one of its things may be singled out: "damage to buildings in the old town of Lesk, one".
const MOST_BETWEEN: usize = 10;

/// Classifies the subject of a passive.
fn subjects(words: &Words<'_>, from: usize, group: usize) -> Vec<Target> {
    let mut at = from;
    if words.lower(from) == "with" {
        at += 1;
    }
    let comma = (from..group).find(|&i| words.lower(i) == ",");
    if at == from && words.is(from, Class::Preposition) && !words.is(from, Class::Determiner) {
        at = comma.map_or(from, |comma| comma + 1);
    }
    // "In which 22 people", "of which 30".
    let relative = at + usize::from(matches!(words.lower(at), "in" | "of"));
    if matches!(words.lower(relative), "which" | "whom") && relative + 1 < group {
        at = relative + 1;
    }
    while at < group
        && (words.is(at, Class::Adverb) || words.is_quote(at) || words.is(at, Class::Conjunction))
    {
        at += 1;
    }
    if let Some(meant) = antecedent(words, at, group) {
        return vec![meant];
    }
    let mut found: Vec<Target> =
        phrases::list(words, at, group).into_iter().map(|item| targets::classify(words, item)).collect();
    if found.is_empty() && at < group {
        found.push(targets::classify(words, at..group));
    }
    found.retain(|target| !target.tokens.is_empty());
    found
}

/// Returns what "it" stands for in a clause of time: the thing that the clause before is about, as in "the mosque was full when |
/// it was hit".
fn antecedent(words: &Words<'_>, at: usize, group: usize) -> Option<Target> {
    let link = at.checked_sub(1).filter(|&link| link > words.tokens.start)?;
    let is_alone = group == at + 1 && words.lower(at) == "it";
    if !is_alone
        || !matches!(words.lower(link), "when" | "after" | "before" | "as" | "while" | "since" | "until")
    {
        return None;
    }
    let near = link.saturating_sub(CLAUSE).max(words.tokens.start)..link;
    let verb = near.rev().find(|&i| words.is_any(i, &[Class::Be, Class::Have]))?;
    let group = clauses::group_start(words, verb);
    let meant = targets::classify(words, words.trim(clauses::subject_start(words, group)..group));
    matches!(meant.kind, TargetKind::Object(_)).then_some(meant)
}

/// Words of a clause in front of one that tells when.
const CLAUSE: usize = 16;

/// Finds "indiscriminate" beside the trigger.
fn is_indiscriminate(words: &Words<'_>, deed: &Deed) -> bool {
    let near =
        deed.trigger.tokens.start.saturating_sub(4).max(deed.tokens.start)..deed.trigger.tokens.end + 8;
    deed.harm == Harm::Attack
        && near
            .take_while(|&i| !words.is_stop(i) && words.lower(i) != ",")
            .any(|i| matches!(words.lower(i), "indiscriminate" | "indiscriminately"))
}

/// Joins deeds that tell one act: the attack, its hits and its dead.
pub(super) fn join(words: &Words<'_>, deeds: Vec<Deed>) -> Vec<Deed> {
    let mut joined: Vec<Deed> = Vec::new();
    for deed in deeds {
        match joined.iter_mut().rev().take(2).find(|earlier| is_same(words, earlier, &deed)) {
            Some(earlier) => absorb(earlier, deed),
            None => joined.push(deed),
        }
    }
    share(&mut joined);
    joined
}

/// Gives an event that stands within the clause of another the whole clause: "died under siege and bombardment".
fn share(deeds: &mut [Deed]) {
    let clauses: Vec<_> = deeds.iter().map(|deed| deed.tokens.clone()).collect();
    for (at, deed) in deeds.iter_mut().enumerate() {
        let around = at.checked_sub(1).map(|before| &clauses[before]);
        if let Some(around) =
            around.filter(|around| around.start <= deed.tokens.start && deed.tokens.end <= around.end)
            && deed.harm == Harm::Done(Act::SiegeOrStarvation)
        {
            deed.tokens = around.clone();
        }
    }
}

/// Tells whether a later deed only says more of an earlier one.
fn is_same(words: &Words<'_>, earlier: &Deed, later: &Deed) -> bool {
    let overlap = later.tokens.start < earlier.tokens.end && earlier.tokens.start < later.tokens.end;
    let adjacent = later.tokens.start >= earlier.tokens.end
        && later.tokens.start - earlier.tokens.end <= 2
        && (later.trigger.reading == Reading::Gerund || later.harm == Harm::Wounding)
        && (earlier.tokens.end..later.tokens.start)
            .all(|i| words.lower(i) == "," || words.is(i, Class::Conjunction));
    if !(overlap || adjacent) {
        return false;
    }
    // "The worst attack on the city since the truce collapsed": no ruin of the attack.
    let unknown = |target: &Target| target.kind == TargetKind::Unknown;
    let alien = !later.targets.is_empty() && later.targets.iter().all(unknown);
    match (earlier.harm, later.harm) {
        (one, other) if one == other => overlap,
        (one, other) => is_blow(one) && is_blow(other) || overlap && is_ruin(one, other) && !alien,
    }
}

/// Attacks and the dead and wounded of attacks.
fn is_blow(harm: Harm) -> bool {
    matches!(harm, Harm::Attack | Harm::Wounding | Harm::Done(Act::Killing))
}

fn is_ruin(one: Harm, other: Harm) -> bool {
    let destruction = Harm::Done(Act::Destruction);
    (one == destruction && other == Harm::Attack) || (one == Harm::Attack && other == destruction)
}

/// Adds what a later deed says to an earlier one.
fn absorb(earlier: &mut Deed, later: Deed) {
    earlier.tokens = earlier.tokens.start.min(later.tokens.start)..earlier.tokens.end.max(later.tokens.end);
    earlier.indiscriminate |= later.indiscriminate;
    let attack = earlier.harm != Harm::Attack && later.harm == Harm::Attack;
    let event = earlier.harm == later.harm
        && later.trigger.reading == Reading::Noun
        && earlier.trigger.reading != Reading::Noun;
    let ruin = is_ruin(earlier.harm, later.harm);
    let verb = if earlier.harm == Harm::Attack { later.trigger.reading } else { earlier.trigger.reading };
    let known = |targets: &[Target]| targets.iter().any(|target| target.kind != TargetKind::Unknown);
    if attack && later.targets.iter().any(|target| matches!(target.kind, TargetKind::Object(_)))
        || !known(&earlier.targets) && known(&later.targets)
    {
        let dead = std::mem::replace(&mut earlier.targets, later.targets);
        earlier.targets.extend(dead.into_iter().filter(|target| target.kind == TargetKind::Person));
    } else {
        earlier.targets.extend(later.targets.into_iter().filter(|target| target.kind != TargetKind::Unknown));
    }
    earlier.actor = earlier.actor.take().or(later.actor);
    if ruin {
        // A blow that destroys an object is an attack on it; what else a blow lays waste is destroyed.
        let object = earlier.targets.iter().any(|target| matches!(target.kind, TargetKind::Object(_)));
        let blow = object && verb != Reading::Noun;
        earlier.harm = if blow { Harm::Attack } else { Harm::Done(Act::Destruction) };
        if later.harm == Harm::Done(Act::Destruction) {
            earlier.trigger = later.trigger;
        }
    } else if attack || event {
        earlier.trigger = later.trigger;
        earlier.harm = later.harm;
    }
}

/// Returns the whole clause of a deed: with the denier of "denies shelling", and, where another war is likened to
/// this one, with the clause of the place that "where" leads back to.
pub(super) fn whole_clause(words: &Words<'_>, deed: &Deed) -> Range<usize> {
    let clause = deed.tokens.clone();
    if let Some(start) = denier_start(words, deed) {
        return start..clause.end;
    }
    let Some(relative) = clause.start.checked_sub(1).filter(|&i| words.lower(i) == "where") else {
        return clause;
    };
    let from = relative.saturating_sub(30).max(words.tokens.start);
    let Some(first) =
        circumstances::comparisons(words, from..relative).first().map(|place| place.tokens.start)
    else {
        return clause;
    };
    let verb = (from..first).rev().find(|&i| words.is_verbish(i));
    let start = verb.map_or(first, |verb| clauses::subject_start(words, clauses::group_start(words, verb)));
    start..clause.end
}

/// Returns where the subject of a verb of denying begins that stands right in front of a gerund.
fn denier_start(words: &Words<'_>, deed: &Deed) -> Option<usize> {
    let gerund = deed.trigger.reading == Reading::Gerund;
    let verb = deed.tokens.start.checked_sub(1).filter(|&i| gerund && words.is(i, Class::Denying))?;
    Some(clauses::subject_start(words, clauses::group_start(words, verb)))
}
