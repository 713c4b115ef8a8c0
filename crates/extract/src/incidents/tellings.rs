//! Each telling of an incident: one verb or noun with what the sentence says around it.

use language::engine::Token;

use super::lexicon::{Class, Entry, Frame, LEXICON, Told};
use super::sentence::Sentence;
use super::things::{Thing, thing, things};
use super::{Confidence, Effect, Stage, WeaponKind};

/// Who is said to have done it.
#[derive(Debug, Clone)]
pub(super) struct Doer {
    pub(super) thing: Thing,
    pub(super) confidence: Confidence,
}

/// Whom or what it befell.
#[derive(Debug, Clone)]
pub(super) struct Sufferer {
    pub(super) thing: Thing,
    pub(super) effect: Option<Effect>,
}

/// One telling.
#[derive(Debug, Clone)]
pub(super) struct Telling {
    pub(super) sentence: usize,
    /// The first byte of the verb or noun.
    pub(super) at: usize,
    pub(super) trigger: std::ops::Range<usize>,
    pub(super) told: Told,
    pub(super) stage: Stage,
    pub(super) doers: Vec<Doer>,
    pub(super) sufferers: Vec<Sufferer>,
    pub(super) weapons: Vec<Thing>,
    /// A means that the verb implies: who shoots has a gun.
    pub(super) implied: Option<WeaponKind>,
    /// "The attack", "this murder": told before.
    pub(super) refers_back: bool,
    pub(super) is_noun: bool,
}

/// Reads all tellings of a sentence.
pub(super) fn tellings(sentence: &Sentence<'_>) -> Vec<Telling> {
    let reader = Reader { sentence };
    let mut found: Vec<Telling> = Vec::new();
    for token in sentence.parse().tokens() {
        let tag = token.tag();
        let telling = match () {
            () if tag.starts_with('V') => reader.verb(token),
            () if tag.starts_with('N') => reader.noun(token),
            () => None,
        };
        found.extend(telling);
    }
    reader.add_weapons(&mut found);
    found
}

struct Reader<'s, 'c> {
    sentence: &'s Sentence<'c>,
}

impl<'c> Reader<'_, 'c> {
    fn lower(&self, token: Token<'_>) -> String {
        token.text().to_lowercase()
    }

    fn verb(&self, verb: Token<'c>) -> Option<Telling> {
        let lower = self.lower(verb);
        let base = LEXICON.base(&lower).to_owned();
        let particle = verb.dependents().find(|token| token.label() == "prt").map(|token| self.lower(token));
        let object =
            verb.dependents().find(|token| matches!(token.label(), "dobj" | "acomp" | "oprd" | "attr"));
        let phrase = |second: &str| LEXICON.verb(&format!("{base} {second}"));
        let object_word = object.map(|object| self.lower(object));
        let entry = particle
            .as_deref()
            .and_then(phrase)
            .or_else(|| object_word.as_deref().and_then(phrase))
            .or_else(|| LEXICON.verb(&base))?;
        if self.is_unreal(verb) {
            return None;
        }
        let passive = is_passive(verb);
        let mut telling = self.telling(verb, entry);
        telling.stage = self.stage(verb, entry);
        let subjects = if passive { Vec::new() } else { self.subjects(verb) };
        let mut objects = if passive { self.subjects(verb) } else { self.direct(verb) };
        let agents = self.agents(verb);
        match entry.frame {
            Frame::Person | Frame::Target => {}
            Frame::Blast => {
                // What explodes is the subject, or the object of who sets it off.
                let exploded: Vec<_> = if objects.is_empty() { subjects.clone() } else { objects.clone() };
                let weapon = exploded.iter().any(|token| self.is_explosive(*token));
                if !weapon && base != "explode" && base != "detonate" {
                    return None;
                }
                let doers = if objects.is_empty() { Vec::new() } else { subjects.clone() };
                telling.doers = self.doers(&doers);
                objects = self.behind(verb, WHERE_IT_HITS);
                telling.sufferers = self.sufferers(&objects, None, &[Class::is_object]);
                return Some(telling);
            }
            Frame::Explosive => {
                let explosive = objects.iter().find(|token| self.is_explosive(**token))?;
                let mut at = self.behind(verb, WHERE_IT_HITS);
                at.extend(self.behind(*explosive, WHERE_IT_HITS));
                telling.doers = self.doers(if passive { &agents } else { &subjects });
                telling.sufferers = self.sufferers(&at, None, &[Class::is_object]);
                return Some(telling);
            }
            Frame::Shot => {
                let weapon = objects.iter().find_map(|token| self.weapon(*token));
                let at = self.behind(verb, &["at", "on", "upon", "against", "into"]);
                let shot = base == "fire" && !at.is_empty();
                if weapon.is_none() && !shot {
                    return None;
                }
                if let Some(Class::Weapon(kind)) = weapon {
                    if kind.is_explosive() {
                        telling.told = Told::Bombing;
                    }
                } else {
                    telling.implied = Some(WeaponKind::Gun);
                }
                telling.doers = self.doers(if passive { &agents } else { &subjects });
                telling.sufferers = self.sufferers(&at, None, &[]);
                return (!telling.sufferers.is_empty() || weapon.is_some()).then_some(telling);
            }
            Frame::Fire => {
                let at = self.behind(verb, &["at", "on", "upon", "against"]);
                telling.implied = Some(WeaponKind::Gun);
                telling.doers = self.doers(&subjects);
                telling.sufferers = self.sufferers(&at, None, &[]);
                return Some(telling);
            }
            Frame::Sufferer => {
                if passive {
                    return None;
                }
                telling.sufferers = self.sufferers(&subjects, entry.effect, &[Class::is_person]);
                return (!telling.sufferers.is_empty()).then_some(telling);
            }
            Frame::Threat => {
                let purpose = verb.dependents().find(|token| token.label() == "xcomp");
                let deadly = purpose
                    .is_some_and(|verb| LEXICON.verb(LEXICON.base(&self.lower(verb))).is_some())
                    || self.behind(verb, &["with"]).iter().any(|token| self.lower(*token) == "death");
                // "Threatened to kill" is told by "kill".
                if purpose.is_some() || !(deadly || passive) {
                    return None;
                }
                telling.doers = self.doers(if passive { &agents } else { &subjects });
                telling.sufferers = self.sufferers(&objects, None, &[Class::is_person]);
                return (!telling.sufferers.is_empty()).then_some(telling);
            }
        }
        if base == "set" {
            objects = self.behind(verb, &["to"]).into_iter().chain(objects).collect();
        }
        if base == "put" || base == "leave" || objects.is_empty() && passive {
            return None;
        }
        let effect = match entry.effect {
            Some(Effect::Shot) => {
                telling.implied = Some(WeaponKind::Gun);
                let dead = verb.dependents().any(|token| matches!(self.lower(token).as_str(), "dead"))
                    || self.behind(verb, &["to"]).iter().any(|token| self.lower(*token) == "death");
                Some(if dead { Effect::Killed } else { Effect::Shot })
            }
            effect => effect,
        };
        if base == "gun" || base == "machinegun" {
            telling.implied = Some(if base == "gun" { WeaponKind::Gun } else { WeaponKind::MachineGun });
        }
        if base == "torture" || base == "beat" || base == "stab" {
            telling.told = Told::Attack;
        }
        let causes = if passive { &agents } else { &subjects };
        if matches!(telling.told, Told::Damage | Told::Attack)
            && causes.iter().any(|cause| self.explodes(*cause))
        {
            telling.told = Told::Bombing;
        }
        telling.doers = self.doers(causes);
        if !passive && !agents.is_empty() {
            telling.doers.extend(self.doers(&agents));
        }
        let allowed: &[fn(Class) -> bool] =
            if entry.frame == Frame::Person { &[Class::is_person] } else { &[] };
        if base == "shoot" && objects.is_empty() {
            objects = self.behind(verb, &["at"]);
        }
        telling.sufferers = self.sufferers(&objects, effect, allowed);
        if telling.sufferers.is_empty() && entry.frame == Frame::Person {
            return None;
        }
        self.accuse(verb, &mut telling);
        Some(telling)
    }

    fn noun(&self, noun: Token<'c>) -> Option<Telling> {
        let lower = self.lower(noun);
        let mut entry = LEXICON.noun(&lower)?;
        if noun.label() == "compound" || noun.label() == "amod" {
            return None;
        }
        let modifiers: Vec<String> = noun
            .dependents()
            .filter(|token| matches!(token.label(), "compound" | "amod" | "nmod"))
            .map(|token| self.lower(token))
            .collect();
        let has = |words: &[&str]| modifiers.iter().any(|word| words.contains(&word.as_str()));
        if lower.starts_with("attempt")
            && !(has(&["assassination", "murder", "kidnapping", "kidnap", "bombing"])
                || self.behind(noun, &["on", "against"]).iter().any(|token| self.lower(*token) == "life"))
        {
            return None;
        }
        if has(&["heart", "verbal", "air"]) || lower.starts_with("offensive") {
            return None;
        }
        // A plural without an article speaks of no incident in particular.
        let plural = noun.tag() == "NNS";
        let definite = noun.dependents().any(|token| {
            matches!(self.lower(token).as_str(), "the" | "this" | "that" | "these" | "those" | "such")
        });
        if self.is_denied(noun) {
            return None;
        }
        if modifiers
            .iter()
            .any(|word| matches!(LEXICON.class(word), Some(Class::Weapon(kind)) if kind.is_explosive()))
            && entry.told == Told::Attack
        {
            entry.told = Told::Bombing;
        }
        let mut telling = self.telling(noun, entry);
        telling.is_noun = true;
        telling.refers_back = definite || plural;
        telling.stage =
            if lower.starts_with("attempt") || has(&["attempted", "failed", "frustrated", "foiled"]) {
                Stage::Attempted
            } else {
                self.noun_stage(noun)
            };
        let mut hit = self.behind(noun, &["of", "against", "on", "at", "in", "near", "outside", "to"]);
        hit.retain(|token| !matches!(self.lower(*token).as_str(), "life" | "lives"));
        let of_life = self
            .behind(noun, &["against", "on"])
            .into_iter()
            .filter(|token| matches!(self.lower(*token).as_str(), "life" | "lives"));
        for life in of_life.collect::<Vec<_>>() {
            hit.extend(self.behind(life, &["of"]));
            hit.extend(life.dependents().filter(|token| token.label() == "poss"));
        }
        let poss: Vec<_> = noun.dependents().filter(|token| token.label() == "poss").collect();
        let mut doers = self.behind(noun, &["by", "from"]);
        for owner in poss {
            let fighter = self.thing(owner).is_some_and(|thing| is_doer(&thing));
            if fighter && entry.frame != Frame::Person { doers.push(owner) } else { hit.push(owner) }
        }
        for compound in
            noun.dependents().filter(|token| matches!(token.label(), "compound" | "amod" | "nmod"))
        {
            match self.class_of(compound) {
                Some(Class::Fighter) => doers.push(compound),
                Some(Class::Object(_) | Class::Person(_)) => hit.push(compound),
                _ => {}
            }
        }
        doers.extend(self.performers(noun));
        telling.doers = self.doers(&doers);
        let allowed: &[fn(Class) -> bool] =
            if entry.frame == Frame::Person { &[Class::is_person] } else { &[Class::is_target] };
        telling.sufferers = self.sufferers(&hit, entry.effect, allowed);
        self.accuse(noun, &mut telling);
        if plural && !definite && telling.sufferers.is_empty() && telling.doers.is_empty() {
            return None;
        }
        Some(telling)
    }

    fn telling(&self, token: Token<'c>, entry: Entry) -> Telling {
        let trigger = self.sentence.bytes(token.index()..token.index() + 1).unwrap_or_default();
        Telling {
            sentence: self.sentence.number,
            at: trigger.start,
            trigger,
            told: entry.told,
            stage: entry.stage.unwrap_or(Stage::Accomplished),
            doers: Vec::new(),
            sufferers: Vec::new(),
            weapons: Vec::new(),
            implied: None,
            refers_back: false,
            is_noun: false,
        }
    }

    /// Returns the subjects of a verb, or those of the verb that it goes on from.
    fn subjects(&self, verb: Token<'c>) -> Vec<Token<'c>> {
        let mut at = verb;
        for _ in 0..4 {
            let subject = at.dependents().find(|token| matches!(token.label(), "nsubj" | "nsubjpass"));
            if let Some(subject) = subject {
                return vec![subject];
            }
            match at.label() {
                "acl" | "relcl" => return vec![at.head()],
                "conj" | "xcomp" | "advcl" => at = at.head(),
                "pcomp" => at = at.head().head(),
                _ => break,
            }
            if at.tag().starts_with('N') {
                return vec![at];
            }
        }
        Vec::new()
    }

    fn direct(&self, verb: Token<'c>) -> Vec<Token<'c>> {
        let own: Vec<_> = verb.dependents().filter(|token| token.label() == "dobj").collect();
        if own.is_empty() && verb.dependents().any(|token| token.label() == "conj") && verb.tag() != "VBN" {
            // "Attacked and burned the mill": the object stands behind the last verb.
            let next =
                verb.dependents().find(|token| token.label() == "conj" && token.tag().starts_with('V'));
            return next
                .map(|next| next.dependents().filter(|token| token.label() == "dobj").collect())
                .unwrap_or_default();
        }
        own
    }

    fn agents(&self, verb: Token<'c>) -> Vec<Token<'c>> {
        let by = verb.dependents().filter(|token| {
            token.label() == "agent" || token.label() == "prep" && self.lower(*token) == "by"
        });
        by.flat_map(|by| by.dependents().filter(|token| token.label() == "pobj").collect::<Vec<_>>())
            .collect()
    }

    /// Returns the nouns behind prepositions of a word.
    fn behind(&self, token: Token<'c>, prepositions: &[&str]) -> Vec<Token<'c>> {
        let mut found = Vec::new();
        for prep in
            token.dependents().filter(|dependent| matches!(dependent.label(), "prep" | "dative" | "advmod"))
        {
            let word = self.lower(prep);
            if prepositions.contains(&word.as_str()) {
                found.extend(prep.dependents().filter(|dependent| dependent.label() == "pobj"));
            }
            // "In front of", "next to", "outside of".
            for inner in prep.dependents().filter(|dependent| dependent.label() == "prep") {
                if prepositions.contains(&self.lower(inner).as_str()) || word == "outside" || word == "next" {
                    found.extend(inner.dependents().filter(|dependent| dependent.label() == "pobj"));
                }
            }
        }
        // "In front of the mill".
        let fronts: Vec<_> = found
            .iter()
            .copied()
            .filter(|token| {
                matches!(
                    self.lower(*token).as_str(),
                    "front"
                        | "side"
                        | "door"
                        | "entrance"
                        | "vicinity"
                        | "rear"
                        | "back"
                        | "proximity"
                        | "part"
                        | "garage"
                )
            })
            .collect();
        for front in fronts {
            found.extend(self.behind(front, &["of"]));
        }
        found
    }

    /// Returns who carried an attack out: "the attack was carried out by", "they launched an attack".
    fn performers(&self, noun: Token<'c>) -> Vec<Token<'c>> {
        let mut found: Vec<_> = noun
            .dependents()
            .filter(|token| token.label() == "acl" && token.tag() == "VBN")
            .flat_map(|verb| self.agents(verb))
            .collect();
        let verb = noun.head();
        let base = LEXICON.base(&self.lower(verb)).to_owned();
        let performs = [
            "carry",
            "stage",
            "commit",
            "perpetrate",
            "launch",
            "conduct",
            "make",
            "mount",
            "plan",
            "order",
            "execute",
        ]
        .contains(&base.as_str());
        match noun.label() {
            "nsubjpass" if performs => found.extend(self.agents(verb)),
            "dobj" if performs => found.extend(self.subjects(verb)),
            _ => {}
        }
        found
    }

    fn thing(&self, token: Token<'c>) -> Option<Thing> {
        thing(self.sentence, token)
    }

    fn class_of(&self, token: Token<'_>) -> Option<Class> {
        LEXICON.class(&self.lower(token))
    }

    fn weapon(&self, token: Token<'c>) -> Option<Class> {
        let class = self.thing(token)?.class?;
        matches!(class, Class::Weapon(_)).then_some(class)
    }

    fn is_explosive(&self, token: Token<'c>) -> bool {
        let lower = thing(self.sentence, token).map(|thing| thing.class);
        matches!(lower, Some(Some(Class::Weapon(kind))) if kind.is_explosive())
    }

    /// Tells whether a noun is an explosive or an explosion.
    fn explodes(&self, token: Token<'c>) -> bool {
        let noun = LEXICON.noun(&self.lower(token));
        self.is_explosive(token) || noun.is_some_and(|entry| entry.told == Told::Bombing)
    }

    fn doers(&self, tokens: &[Token<'c>]) -> Vec<Doer> {
        let of = tokens.iter().flat_map(|token| self.behind(*token, &["of", "from"]));
        let of = of.filter_map(|token| self.thing(token)).filter(|thing| thing.is_group);
        let named = tokens.iter().flat_map(|token| things(self.sentence, *token)).chain(of);
        let doers = named.filter(|thing| {
            is_doer(thing) || thing.name.is_some() || matches!(thing.class, Some(Class::Person(_)))
        });
        doers.map(|thing| Doer { confidence: hedged(&thing), thing }).collect()
    }

    fn sufferers(
        &self,
        tokens: &[Token<'c>],
        effect: Option<Effect>,
        allowed: &[fn(Class) -> bool],
    ) -> Vec<Sufferer> {
        let mut found: Vec<Sufferer> = Vec::new();
        for thing in tokens.iter().flat_map(|token| things(self.sentence, *token)) {
            let fits = match thing.class {
                Some(class) => class.is_target() && allowed.iter().all(|allowed| allowed(class)),
                None => {
                    thing.name.is_some()
                        && allowed.iter().all(|allowed| allowed(Class::Person(super::PersonClass::Civilian)))
                }
            };
            let known = found.iter().any(|known| known.thing.head == thing.head);
            if fits && !known {
                found.push(Sufferer { thing, effect });
            }
        }
        found
    }

    /// Tells whether a verb is only imagined: "would kill", "did not kill", "if they kill".
    fn is_unreal(&self, verb: Token<'c>) -> bool {
        let mut at = verb;
        for _ in 0..3 {
            let marked = at.dependents().any(|token| {
                matches!(token.label(), "aux" | "neg" | "mark") && LEXICON.unreal.contains(&self.lower(token))
            });
            if marked && !self.is_threat(verb) {
                return true;
            }
            match at.label() {
                "conj" | "xcomp" if at.head().tag().starts_with('V') => at = at.head(),
                _ => break,
            }
        }
        // A bare present tells of a habit, or of nothing that happened.
        matches!(verb.tag(), "VB" | "VBP" | "VBZ") && !self.is_threat(verb) && !self.is_attempt(verb)
    }

    fn is_denied(&self, noun: Token<'c>) -> bool {
        noun.dependents().any(|token| {
            matches!(
                self.lower(token).as_str(),
                "no" | "any" | "every" | "possible" | "new" | "future" | "further"
            )
        })
    }

    fn is_threat(&self, verb: Token<'c>) -> bool {
        let above = verb.head();
        matches!(verb.label(), "xcomp" | "ccomp" | "advcl") && LEXICON.base(&self.lower(above)) == "threaten"
            || verb.label() == "acl" && self.lower(above).starts_with("threat")
    }

    fn is_attempt(&self, verb: Token<'c>) -> bool {
        let above = verb.head();
        matches!(verb.label(), "xcomp" | "acl" | "advcl")
            && (LEXICON.is_failing(&self.lower(above))
                || matches!(self.lower(above).as_str(), "attempt" | "plot" | "plan" | "attempts" | "plans"))
    }

    fn stage(&self, verb: Token<'c>, entry: Entry) -> Stage {
        match () {
            () if entry.stage.is_some() => entry.stage.unwrap_or(Stage::Accomplished),
            () if self.is_threat(verb) => Stage::Threatened,
            () if self.is_attempt(verb) && !matches!(verb.label(), "advcl") => {
                let above = LEXICON.base(&self.lower(verb.head())).to_owned();
                let planned = above.starts_with("plan")
                    || above.starts_with("plot")
                    || above == "intend"
                    || above == "want"
                    || above == "vow"
                    || above == "order";
                if planned { Stage::Threatened } else { Stage::Attempted }
            }
            () => Stage::Accomplished,
        }
    }

    fn noun_stage(&self, noun: Token<'c>) -> Stage {
        let verb = noun.head();
        let base = LEXICON.base(&self.lower(verb)).to_owned();
        match () {
            () if noun.label() != "dobj" && noun.label() != "nsubjpass" => Stage::Accomplished,
            () if matches!(
                base.as_str(),
                "foil" | "thwart" | "frustrate" | "prevent" | "avert" | "survive" | "escape"
            ) && base != "survive"
                && base != "escape" =>
            {
                Stage::Attempted
            }
            () if matches!(base.as_str(), "plan" | "plot" | "threaten") => Stage::Threatened,
            () => Stage::Accomplished,
        }
    }

    /// Adds those whom the sentence accuses of it, and how sure it is.
    fn accuse(&self, trigger: Token<'c>, telling: &mut Telling) {
        let mut at = trigger;
        for _ in 0..5 {
            let above = at.head();
            if above.index() == at.index() {
                break;
            }
            at = above;
            let lower = self.lower(at);
            if !at.tag().starts_with('V') || !LEXICON.is_suspecting(&lower) {
                continue;
            }
            let accusers = if is_passive(at) { self.agents(at) } else { self.subjects(at) };
            let by_authority = accusers
                .iter()
                .filter_map(|token| self.thing(*token))
                .any(|thing| LEXICON.is_authority(&thing.lower));
            let confidence =
                if by_authority { Confidence::AccusedByAuthorities } else { Confidence::Accused };
            let accused = if is_passive(at) { self.subjects(at) } else { self.direct(at) };
            if telling.doers.is_empty() {
                telling.doers = self.doers(&accused);
            }
            for doer in &mut telling.doers {
                doer.confidence = confidence;
            }
            break;
        }
    }

    /// Gives tellings the weapons that the sentence names.
    fn add_weapons(&self, tellings: &mut [Telling]) {
        if tellings.is_empty() {
            return;
        }
        for token in self.sentence.parse().tokens() {
            if !token.tag().starts_with('N') || token.label() == "compound" {
                continue;
            }
            let Some(weapon) =
                self.thing(token).filter(|thing| matches!(thing.class, Some(Class::Weapon(_))))
            else {
                continue;
            };
            let at = weapon.head.start;
            let nearest = tellings
                .iter_mut()
                .filter(|telling| telling.told != Told::Harm)
                .min_by_key(|telling| telling.at.abs_diff(at));
            if let Some(telling) = nearest {
                telling.weapons.push(weapon);
            }
        }
        for token in self.sentence.parse().tokens().filter(|token| token.label() == "compound") {
            if let Some(Class::Weapon(_)) = self.class_of(token)
                && let Some(telling) = tellings.iter_mut().find(|telling| {
                    self.sentence
                        .bytes(token.head().index()..token.head().index() + 1)
                        .is_some_and(|head| head == telling.trigger)
                })
                && let Some(thing) = self.thing(token)
            {
                telling.weapons.push(thing);
            }
        }
    }
}

/// Reads "presumed rebels".
fn hedged(thing: &Thing) -> Confidence {
    let hedge = thing.lower.split(' ').any(|word| LEXICON.hedges.contains(word));
    if hedge { Confidence::Possible } else { Confidence::Stated }
}

const WHERE_IT_HITS: &[&str] = &[
    "in", "at", "on", "near", "outside", "inside", "under", "against", "into", "of", "by", "beside",
    "behind", "to", "around", "between", "opposite",
];

/// Tells whether somebody is the kind that does such things, or a force.
pub(super) fn is_doer(thing: &Thing) -> bool {
    thing.class == Some(Class::Fighter) || thing.is_group || thing.is_state
}

fn is_passive(verb: Token<'_>) -> bool {
    let aux = verb.dependents().any(|token| token.label() == "auxpass" || token.label() == "nsubjpass");
    aux || verb.tag() == "VBN" && matches!(verb.label(), "acl" | "amod")
        || verb.tag() == "VBN"
            && verb.label() == "conj"
            && is_passive_once(verb.head())
            && !verb.dependents().any(|token| token.label() == "dobj")
}

fn is_passive_once(verb: Token<'_>) -> bool {
    verb.dependents().any(|token| token.label() == "auxpass") || verb.tag() == "VBN" && verb.label() == "acl"
}

impl Class {
    pub(super) fn is_person(self) -> bool {
        matches!(self, Class::Person(_) | Class::Fighter)
    }

    pub(super) fn is_object(self) -> bool {
        matches!(self, Class::Object(_))
    }

    pub(super) fn is_target(self) -> bool {
        self.is_person() || self.is_object()
    }
}
