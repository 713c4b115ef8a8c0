//! Who is said to have done it.

use std::ops::Range;

use super::acts::Reading;
use super::clauses;
use super::deeds::Deed;
use super::grammar::{Class, Words};
use super::lexicon::{LEXICON, Thing};
use super::phrases;
use super::targets::{self, TargetKind};

/// An actor named by a verb of accusing, and the token after "of" or "for".
pub(super) struct Accused {
    pub(super) actor: Range<usize>,
    pub(super) charge: usize,
}

/// Finds "accused NP of", "blamed NP for" and "held NP responsible for" in front of `at`.
pub(super) fn accused(words: &Words<'_>, at: usize) -> Option<Accused> {
    let from = at.saturating_sub(30).max(words.tokens.start);
    if let Some(held) = held_to_account(words, from..at) {
        return Some(held);
    }
    let verb = (from..at).rev().find(|&i| words.is(i, Class::Accusing))?;
    let links = |i: &usize| matches!(words.lower(*i), "of" | "for" | "with");
    let passive = words.is_any(verb.wrapping_sub(1), &[Class::Be]) || links(&(verb + 1));
    let active = phrases::noun_phrase_to_link(words, verb + 1, at);
    match active {
        // "The two sides accused each other."
        Some(actor) if matches!(words.lower(actor.start), "each" | "one") && actor.len() == 2 => None,
        Some(actor) if !passive => {
            // "Sentenced two officers to 15 years for", "charged two officers in absentia with".
            let sentenced = matches!(words.lower(verb), "sentenced" | "jailed");
            let is_aside = |i: usize| match words.lower(i) {
                "to" | "for" => sentenced,
                "in" => words.lower(i + 1) == "absentia",
                _ => false,
            };
            let end = actor.clone().find(|&i| is_aside(i)).unwrap_or(actor.end);
            Some(Accused { charge: actor.end + 1, actor: actor.start..end })
        }
        _ if passive => {
            // "Stood accused of".
            let stood = matches!(words.lower(verb.wrapping_sub(1)), "stood" | "stands" | "stand");
            let group = clauses::group_start(words, if stood { verb - 1 } else { verb });
            let subject = clauses::subject_start(words, group)..group;
            // "The rebels, whom the army accuses of".
            let relative = subject.clone().find(|&i| words.is(i, Class::Relative));
            let actor = words.trim(subject.start..relative.unwrap_or(subject.end));
            let charge = (verb..at).find(links)? + 1;
            (!actor.is_empty()).then_some(Accused { actor, charge })
        }
        _ => None,
    }
}

/// Finds "held NP responsible for" and "pointed the finger at NP for".
fn held_to_account(words: &Words<'_>, within: Range<usize>) -> Option<Accused> {
    let link = within.clone().rev().find(|&at| words.lower(at) == "for")?;
    let back = |of: usize| (within.start..of).rev();
    let (verb, actor) = match words.lower(link.wrapping_sub(1)) {
        "responsible" | "accountable" => {
            let holding = back(link - 1).take_while(|&at| !words.is_stop(at)).find(|&at| holds(words, at))?;
            (holding, holding + 1..link - 1)
        }
        _ => {
            let finger = back(link).find(|&at| words.lower(at) == "finger" && words.lower(at + 1) == "at")?;
            (finger.saturating_sub(2).max(words.tokens.start), finger + 2..link)
        }
    };
    let end = back(actor.end).find(|&at| !words.lower(at).ends_with("ly"))? + 1;
    let actor = words.trim(actor.start..end.max(actor.start));
    let whole = phrases::noun_phrase(words, actor.start, actor.end) == actor;
    (whole && !actor.is_empty() && is_done(words, verb)).then_some(Accused { actor, charge: link + 1 })
}

/// Tells whether the verb at `at` is one of "hold", as in "held them responsible".
pub(super) fn holds(words: &Words<'_>, at: usize) -> bool {
    matches!(words.lower(at), "hold" | "holds" | "held" | "holding")
}

/// Tells whether somebody does what the verb at `at` says: not "should hold", "did not", "refused to".
pub(super) fn is_done(words: &Words<'_>, at: usize) -> bool {
    let group = clauses::group_start(words, at);
    !(group..at).any(|at| is_unreal(words, at) || words.lower(at) == "to")
}

/// Finds who is said to be behind a deed that a noun names: "NP was responsible for", "NP was behind", "NP claimed
/// responsibility for" in front of it, "blamed on NP" and "carried out by NP" behind it.
pub(super) fn held_responsible(words: &Words<'_>, deed: &Deed) -> Option<Range<usize>> {
    if deed.trigger.reading != Reading::Noun {
        return None;
    }
    let first = clauses::premodifiers(words, deed.trigger.tokens.start);
    let back = |by: usize| first.checked_sub(by).filter(|at| words.tokens.contains(at));
    let word = |by: usize| back(by).map_or("", |at| words.lower(at));
    let verb = match (word(2), word(1)) {
        (_, "behind") => back(2),
        ("responsible" | "responsibility", "for") => back(3),
        _ => None,
    };
    let carries = |&verb: &usize| {
        words.is(verb, Class::Be)
            || matches!(words.lower(verb), "claimed" | "claims" | "claiming" | "admitted" | "accepted")
    };
    if let Some(verb) = verb.filter(carries) {
        let group = clauses::group_start(words, verb);
        let subject = clauses::subject_start(words, group)..group;
        let unreal = is_left_open(words, subject.start, verb) || (group..verb).any(|i| is_unreal(words, i));
        return of_subject(words, subject).filter(|_| !unreal);
    }
    if deed.actor.is_some() {
        return None;
    }
    // "Blamed the attack on the mill on NP".
    let link = match word(1) {
        "blamed" | "blames" | "blaming" => "on",
        "attributed" | "attributes" => "to",
        _ => "",
    };
    let group = back(1).map(|verb| clauses::group_start(words, verb)..verb);
    let is_real = |mut group: Range<usize>| !group.any(|at| is_unreal(words, at));
    if !link.is_empty() && group.is_some_and(is_real) {
        let end = clauses::clause_end(words, deed.trigger.tokens.end);
        let is_link = |at: usize| words.lower(at) == link && !LEXICON.calendar.contains(words.lower(at + 1));
        let at = (deed.trigger.tokens.end..end).rev().find(|&at| is_link(at))?;
        let actor = words.trim(phrases::noun_phrase(words, at + 1, end));
        let is_hit = deed.targets.iter().any(|target| actor.contains(&target.tokens.start));
        let named = actor.clone().any(|at| is_party(words, at) || words.is_capital(at));
        return (named && !is_hit).then_some(actor);
    }
    let near = deed.trigger.tokens.end..words.tokens.end.min(deed.trigger.tokens.end + BLAMED);
    let (blamed, named) = near.clone().find_map(|at| Some((at, laid(words, at)?)))?;
    let auxiliary = [Class::Be, Class::Have];
    let goes_on = |i: usize| {
        let verb = words.is_verbish(i) && !words.is_any(i, &auxiliary);
        let event = LEXICON.cues.at(words.context.doc, i, blamed).is_some();
        words.is_stop(i) || verb || event || is_unreal(words, i) || words.is(i, Class::Subordinator)
    };
    if (near.start..blamed).any(goes_on) {
        return None;
    }
    let actor = words.trim(phrases::noun_phrase(words, named, words.tokens.end));
    (!actor.is_empty()).then_some(actor)
}

/// Returns where the one is named at whose door the verb at `at` lays a deed: "blamed on", "was carried out by".
fn laid(words: &Words<'_>, at: usize) -> Option<usize> {
    match (words.lower(at), words.lower(at + 1), words.lower(at + 2)) {
        ("blamed", "on", _) | ("attributed", "to", _) | ("perpetrated" | "committed", "by", _) => {
            Some(at + 2)
        }
        ("carried", "out", "by") => Some(at + 3),
        _ => None,
    }
}

/// Tells whether the words in front of a subject or in it, up to `end`, leave open whether it did something: "no group has
/// claimed", "it is unclear who was", "no evidence that the army was", "whether the rebels or the army were".
pub(super) fn is_left_open(words: &Words<'_>, subject: usize, end: usize) -> bool {
    let before = (words.tokens.start..subject).rev().take(12);
    let before =
        before.take_while(|&at| !words.is_stop(at) && !matches!(words.lower(at), "," | "and" | "but"));
    let is_other = subject > words.tokens.start && words.lower(subject - 1) == "or";
    is_other || before.chain(subject..end).any(|at| is_open(words, at) && words.lower(at + 1) != "only")
}

/// Tells whether a word leaves open who did something, or says that nobody did.
pub(super) fn is_open(words: &Words<'_>, at: usize) -> bool {
    words.is(at, Class::Negation) || LEXICON.unknown.contains(words.lower(at))
}

/// Tells whether a word in front of a verb says that it is not, or need not be, so.
pub(super) fn is_unreal(words: &Words<'_>, at: usize) -> bool {
    words.is_any(at, &[Class::Negation, Class::Modal]) || is_undeserved(words, at)
}

/// Tells whether a word says that blame is not deserved: "falsely".
pub(super) fn is_undeserved(words: &Words<'_>, at: usize) -> bool {
    LEXICON.unjustly.contains(words.lower(at))
}

/// Words between a deed and "blamed on": "the strike on the mill in Tesmin, which the ministry | blamed on".
const BLAMED: usize = 14;

/// Finds the actor that a noun of action names: a possessor, a demonym, or "by NP" behind it.
pub(super) fn of_noun(words: &Words<'_>, noun: Range<usize>, end: usize) -> Option<Range<usize>> {
    agent(words, noun.end, end).or_else(|| possessor(words, noun.start))
}

/// Finds "by NP" between `from` and `end`, unless it names a means or an event.
pub(super) fn agent(words: &Words<'_>, from: usize, end: usize) -> Option<Range<usize>> {
    let by = (from..end)
        .find(|&i| words.lower(i) == "by" || words.lower(i) == "hands" && words.lower(i + 1) == "of")?;
    let first = if words.lower(by) == "hands" { by + 2 } else { by + 1 };
    let actor = words.trim(phrases::noun_phrase(words, first, end));
    let actor = actor.start..behind_dress(words, before_time(words, &actor), end);
    let doc = words.context.doc;
    let event = actor.clone().find(|&i| {
        LEXICON.cues.at(doc, i, actor.end).is_some() || LEXICON.weapons.at(doc, i, actor.end).is_some()
    });
    match event {
        Some(event) => possessor(words, event),
        None => {
            // "By shelling the town", but "by retreating troops".
            let means = words.lower(actor.start).ends_with("ing")
                && !actor.clone().any(|i| LEXICON.forces.contains(words.lower(i)));
            (!actor.is_empty() && !means).then_some(actor)
        }
    }
}

/// Returns where an actor ends in front of words that only say when: "soldiers | overnight", "soldiers | hours after".
fn before_time(words: &Words<'_>, actor: &Range<usize>) -> usize {
    let times = words.context.times;
    let tokens = words.context.doc.tokens();
    let is_time = |i: usize| {
        let after = times.partition_point(|time| time.span.end() <= tokens[i].start());
        times.get(after).is_some_and(|time| time.span.start() <= tokens[i].start())
    };
    let counts = |i: usize| {
        let unit =
            matches!(words.lower(i), "minutes" | "hours" | "days" | "weeks" | "months" | "years" | "moments");
        unit && matches!(words.lower(i + 1), "after" | "before" | "later" | "earlier" | "ago")
    };
    // "The Ariha Today group".
    let named = |i: usize| words.is_capital(i) && !LEXICON.calendar.contains(words.lower(i));
    (actor.start + 1..actor.end).find(|&i| is_time(i) && !named(i) || counts(i)).unwrap_or(actor.end)
}

/// Returns the token after words for what those named before `at` wore, by which alone they are known: "men | in Vardian
/// uniforms".
fn behind_dress(words: &Words<'_>, at: usize, end: usize) -> usize {
    let is_dress = |&at: &usize| {
        matches!(words.lower(at), "uniform" | "uniforms" | "fatigues" | "camouflage" | "masks" | "balaclavas")
    };
    let near = (at + 1..end.min(at + 6)).take_while(|&at| words.lower(at) != ",");
    let dress = { near }.find(is_dress).filter(|_| words.lower(at) == "in");
    dress.map_or(at, |dress| dress + 1)
}

/// Finds the party that fire comes from: "from | Vardian soldiers", but not "from the hills".
pub(super) fn source(words: &Words<'_>, from: usize) -> Option<Range<usize>> {
    let first = Some(from).filter(|&at| words.lower(at) == "from")? + 1;
    let actor = words.trim(phrases::noun_phrase(words, first, words.tokens.end));
    actor.clone().any(|at| is_party(words, at)).then_some(actor)
}

/// Finds the possessor or the party in front of a noun: "Vardia's", "their", "rebel", "Vardian".
pub(super) fn possessor(words: &Words<'_>, noun: usize) -> Option<Range<usize>> {
    let start = clauses::premodifiers(words, noun);
    if let Some(genitive) = (start..noun).rev().find(|&i| words.is_genitive(i)) {
        let last = if words.lower(genitive) == "s" { genitive.saturating_sub(1) } else { genitive };
        let owner = words.trim(start..last);
        let named = !owner.is_empty() && !LEXICON.calendar.contains(words.lower(owner.end - 1));
        return named.then_some(owner);
    }
    let pronoun = |i: &usize| words.is(*i, Class::Possessive);
    if let Some(pronoun) = (start..noun).find(pronoun) {
        return Some(pronoun..pronoun + 1);
    }
    // "Strikes in rebel-held areas" are not the rebels'.
    let holds = |i: usize| words.is_compounded(i + 2) && !matches!(words.lower(i + 2), "led" | "backed");
    let party = (start..noun).rev().find(|&i| is_party(words, i) && !holds(i))?;
    let first = (start..party).rev().take_while(|&i| is_party(words, i)).last().unwrap_or(party);
    // "The US-led coalition's".
    let first = if first > start + 2 && words.is_compounded(first - 1) { first - 3 } else { first };
    let last = if words.is_compounded(party + 2) { party + 2 } else { party };
    Some(first..last + 1)
}

/// Tells whether words can name an actor: not a determiner, an infinitive or "there" alone.
fn is_nominal(words: &Words<'_>, tokens: &Range<usize>) -> bool {
    let last = tokens.end - 1;
    let empty = words.is(last, Class::Determiner)
        || matches!(words.lower(tokens.start), "to" | "there" | "it" | "this")
        || tokens.len() == 1 && words.is_object_pronoun(last);
    !empty && !words.lower(tokens.start).ends_with("ing")
}

/// Finds the subject of the verb in front of `at`, where a clause has none of its own: "and looted", ", leaving".
pub(super) fn shared_subject(words: &Words<'_>, at: usize) -> Option<Range<usize>> {
    let edge = at.checked_sub(1).filter(|&edge| words.tokens.contains(&edge))?;
    let joined = words.is(edge, Class::Conjunction) || words.lower(edge) == ",";
    let from = at.saturating_sub(40).max(words.tokens.start);
    let stops = |i: &usize| !words.is_stop(*i) && !words.is_any(*i, &[Class::Saying, Class::Subordinator]);
    let is_verb = |i: &usize| words.is_verbish(*i) || LEXICON.light_verbs.contains_key(words.lower(*i));
    let verbs = (from..edge).rev().take_while(stops).filter(is_verb);
    joined.then_some(())?;
    // "Came under fire, killing the driver": whoever did is hit.
    for verb in verbs.filter(|&verb| words.lower(verb + 1) != "under") {
        let group = clauses::group_start(words, verb);
        // "Prisoners were beaten and given shocks": whoever is beaten did neither.
        if is_passive(words, group, verb) {
            return None;
        }
        let actor = of_subject(words, clauses::subject_start(words, group)..group);
        if actor.is_some() {
            return actor;
        }
    }
    None
}

/// Finds whom the passive in front of `at` befell, where a clause has no subject of its own: "were taken | and have".
pub(super) fn shared_patient(words: &Words<'_>, at: usize) -> Option<Range<usize>> {
    let edge = at.checked_sub(1).filter(|&edge| words.is(edge, Class::Conjunction))?;
    let from = at.saturating_sub(40).max(words.tokens.start);
    let verb = (from..edge).rev().take_while(|&i| !words.is_stop(i)).find(|&i| words.is(i, Class::Be))?;
    let group = clauses::group_start(words, verb);
    let subject = words.trim(clauses::subject_start(words, group)..group);
    (is_passive(words, group, verb) && !subject.is_empty()).then_some(subject)
}

fn is_passive(words: &Words<'_>, group: usize, verb: usize) -> bool {
    let be = (group..verb + 1).any(|i| words.is(i, Class::Be));
    be && (verb..verb + 3).any(|i| words.is_tagged(i, "VBN"))
}

/// Tells whether the word at `at` is a demonym or a kind of armed party.
pub(super) fn is_party(words: &Words<'_>, at: usize) -> bool {
    let lower = words.lower(at);
    let demonym = || LEXICON.demonym_endings.iter().any(|ending| lower.ends_with(ending.as_str()));
    let named = || LEXICON.named_parties.contains(lower) || lower.len() > 4 && demonym();
    LEXICON.parties.contains(lower) || words.is_capital(at) && named()
}

/// Reduces a subject to the words that name an actor: a cause such as "Vardian shelling" gives its possessor.
pub(super) fn of_subject(words: &Words<'_>, subject: Range<usize>) -> Option<Range<usize>> {
    let doc = words.context.doc;
    let relative = subject.clone().find(|&i| words.is(i, Class::Relative));
    // "Under whose command | soldiers".
    let owned = (subject.start..subject.end.min(subject.start + 2)).any(|at| words.lower(at) == "whose");
    let subject = match owned {
        true => subject.end.min(subject.start + 3)..subject.end,
        false => words.trim(subject.start..relative.unwrap_or(subject.end)),
    };
    // "Saw how | soldiers shot", "late on Monday | soldiers".
    let how = usize::from(words.lower(subject.start) == "how" && subject.len() > 1);
    let subject = targets::behind_time(words, subject.start + how..subject.end);
    let took = |at: usize| matches!(words.lower(at), "take" | "takes" | "took" | "taken" | "taking");
    if words.lower(subject.start) == "by" {
        return agent(words, subject.start, subject.end);
    }
    if words.lower(subject.start) == "place" && subject.start.checked_sub(1).is_some_and(took) {
        return None;
    }
    let event =
        subject.clone().find(|&i| LEXICON.cues.at(doc, i, subject.end).is_some_and(|(_, cue)| cue.noun));
    if let Some(event) = event {
        let (next, _) = LEXICON.cues.at(doc, event, subject.end)?;
        return of_noun(words, event..next, subject.end);
    }
    let comma = subject.clone().find(|&i| words.lower(i) == ",");
    let adverbial =
        words.is(subject.start, Class::Preposition) && !words.is(subject.start, Class::Determiner);
    let actor = match comma {
        Some(comma) if adverbial => words.trim(comma + 1..subject.end),
        Some(comma) => subject.start..comma,
        None => subject,
    };
    if let Some(weapon) = weapon_of(words, &actor) {
        // "Mines laid by the army", but not "drones supplied by a state".
        if let Some(by) = actor.clone().find(|&i| words.lower(i) == "by") {
            let used = LEXICON.using.contains(words.lower(by - 1));
            return used.then(|| agent(words, by, actor.end))?;
        }
        // "Vardian shells" are Vardia's, "Nordish Lancet drones" whoever's: a model is called after its maker.
        return if words.is_capital(weapon) && weapon > actor.start {
            Some(actor)
        } else {
            possessor(words, weapon)
        };
    }
    // "A school was hit, wounding three": what was hit wounds nobody.
    // "The attack in the war, which killed three": an event did.
    let is_event = relative.is_some_and(|at| words.lower(at) == "which")
        && !actor.clone().any(|i| is_party(words, i) || words.is_capital(i) && i > words.tokens.start);
    let is_thing = || matches!(targets::classify(words, actor.clone()).kind, TargetKind::Object(_));
    (!actor.is_empty() && is_nominal(words, &actor) && !is_event && !is_thing()).then_some(actor)
}

/// Returns where the weapon begins that the words are about: "Vardian | shells", "the | rockets fired at the clinic", but not
/// "soldiers with rifles".
fn weapon_of(words: &Words<'_>, tokens: &Range<usize>) -> Option<usize> {
    let doc = words.context.doc;
    let joint = [Class::Preposition, Class::Conjunction];
    let parts = |&i: &usize| {
        i > tokens.start
            && (words.is_any(i, &joint)
                || matches!(words.lower(i), "laid" | "left" | "set" | "shot")
                || words.lower(i).ends_with("ed")
                || words.lower(i).ends_with("ing"))
    };
    let end = tokens.clone().find(parts).unwrap_or(tokens.end);
    let near = tokens.start.max(end.saturating_sub(WEAPON))..end;
    let fighter = |at: usize| {
        let thing = LEXICON.things.at(doc, at, end);
        let last = thing.filter(|(next, thing)| *next == end && **thing == Thing::Combatant);
        last.is_some() && LEXICON.shooters.contains(doc.lower(end - 1))
    };
    let ends = |at: usize| LEXICON.weapons.at(doc, at, end).is_some_and(|(next, _)| next == end);
    let designated = || near.clone().next_back().filter(|&at| words.is_designation(at));
    let mut weapon = near.clone().find(|&at| ends(at) && !fighter(at)).or_else(designated)?;
    while weapon > tokens.start && LEXICON.weapons.at(doc, weapon - 1, weapon).is_some() {
        weapon -= 1;
    }
    Some(weapon)
}

/// The most words that name a weapon.
const WEAPON: usize = 4;
