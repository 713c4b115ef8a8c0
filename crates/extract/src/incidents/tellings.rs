//! Each telling of an incident: one verb or noun with what the sentence says around it.

use language::engine::Token;

use super::lexicon::{Class, Entry, LEXICON, Told};
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
}

/// Reads all tellings of a sentence.
pub(super) fn tellings(sentence: &Sentence<'_>) -> Vec<Telling> {
    let reader = Reader { sentence };
    let mut found: Vec<Telling> = Vec::new();
    for token in sentence.parse().tokens() {
        let tag = token.tag();
        let telling = match () {
            () if tag.starts_with('V') => reader.verb(token).or_else(|| reader.casualties(token)),
            () if tag.starts_with('N') => reader.noun(token),
            () => None,
        };
        found.extend(telling);
    }
    reader.add_weapons(&mut found);
    found
}

pub(super) struct Reader<'s, 'c> {
    pub(super) sentence: &'s Sentence<'c>,
}

impl<'c> Reader<'_, 'c> {
    pub(super) fn lower(&self, token: Token<'_>) -> String {
        token.text().to_lowercase()
    }

    pub(super) fn telling(&self, token: Token<'c>, entry: Entry) -> Telling {
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
        }
    }

    /// Returns the subjects of a verb, or those of the verb that it goes on from.
    pub(super) fn subjects(&self, verb: Token<'c>) -> Vec<Token<'c>> {
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

    pub(super) fn direct(&self, verb: Token<'c>) -> Vec<Token<'c>> {
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

    pub(super) fn agents(&self, verb: Token<'c>) -> Vec<Token<'c>> {
        let by = verb.dependents().filter(|token| {
            token.label() == "agent" || token.label() == "prep" && self.lower(*token) == "by"
        });
        by.flat_map(|by| by.dependents().filter(|token| token.label() == "pobj").collect::<Vec<_>>())
            .collect()
    }

    /// Returns the nouns behind prepositions of a word.
    pub(super) fn behind(&self, token: Token<'c>, prepositions: &[&str]) -> Vec<Token<'c>> {
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
    pub(super) fn performers(&self, noun: Token<'c>) -> Vec<Token<'c>> {
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

    pub(super) fn thing(&self, token: Token<'c>) -> Option<Thing> {
        thing(self.sentence, token)
    }

    pub(super) fn class_of(&self, token: Token<'_>) -> Option<Class> {
        LEXICON.class(&self.lower(token))
    }

    pub(super) fn weapon(&self, token: Token<'c>) -> Option<Class> {
        let class = self.thing(token)?.class?;
        matches!(class, Class::Weapon(_)).then_some(class)
    }

    pub(super) fn is_explosive(&self, token: Token<'c>) -> bool {
        let lower = thing(self.sentence, token).map(|thing| thing.class);
        matches!(lower, Some(Some(Class::Weapon(kind))) if kind.is_explosive())
    }

    /// Tells whether a noun is an explosive or an explosion.
    pub(super) fn explodes(&self, token: Token<'c>) -> bool {
        let noun = LEXICON.noun(&self.lower(token));
        self.is_explosive(token) || noun.is_some_and(|entry| entry.told == Told::Bombing)
    }

    pub(super) fn doers(&self, tokens: &[Token<'c>]) -> Vec<Doer> {
        let of = tokens.iter().flat_map(|token| self.behind(*token, &["of", "from"]));
        // "Army members", "the navy's men": whom they belong to.
        let in_front = tokens.iter().flat_map(|token| {
            let describes = |inner: &Token<'c>| {
                inner.index() < token.index() && matches!(inner.label(), "compound" | "nmod" | "poss")
            };
            token.dependents().filter(describes).collect::<Vec<_>>()
        });
        let force = of.chain(in_front).filter_map(|token| self.thing(token)).filter(|thing| thing.is_group);
        let named = tokens.iter().flat_map(|token| things(self.sentence, *token)).chain(force);
        let named = named.filter(|thing| !thing.is_pronoun);
        let doers = named.filter(|thing| {
            is_doer(thing) || thing.name.is_some() || matches!(thing.class, Some(Class::Person(_)))
        });
        doers.map(|thing| Doer { confidence: hedged(&thing), thing }).collect()
    }

    pub(super) fn sufferers(
        &self,
        tokens: &[Token<'c>],
        effect: Option<Effect>,
        allowed: &[fn(Class) -> bool],
    ) -> Vec<Sufferer> {
        let mut found: Vec<Sufferer> = Vec::new();
        let elided = tokens.iter().filter_map(|token| self.elided(*token));
        let named = tokens.iter().flat_map(|token| things(self.sentence, *token));
        for thing in named.chain(elided) {
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

    /// Reads "six teachers were killed and five wounded": a number alone counts what the verb before it has.
    fn elided(&self, number: Token<'c>) -> Option<Thing> {
        let verb = number.head();
        if number.tag() != "CD" || verb.label() != "conj" {
            return None;
        }
        let before = verb.head();
        let counted = self.subjects(before).into_iter().chain(self.direct(before));
        let mut thing = counted
            .filter_map(|token| self.thing(token))
            .find(|thing| thing.class.is_some_and(Class::is_person))?;
        thing.count = super::Count::Exact(self.sentence.number_at(number)?);
        thing.head = self.sentence.bytes(number.index()..number.index() + 1)?;
        thing.name = None;
        thing.title = None;
        Some(thing)
    }

    /// Reads who the victims of a deed told before are: "among the wounded is", "the victims were identified as".
    fn casualties(&self, verb: Token<'c>) -> Option<Telling> {
        let lower = self.lower(verb);
        let is_copula =
            matches!(lower.as_str(), "is" | "are" | "was" | "were" | "include" | "includes" | "included");
        let identifies = matches!(lower.as_str(), "identified" | "named");
        if !is_copula && !identifies {
            return None;
        }
        let subjects = self.subjects(verb);
        let among = self.behind(verb, &["among"]);
        let outcome = subjects.iter().chain(&among).find_map(|token| self.outcome(*token))?;
        let told =
            |token: &Token<'c>| matches!(token.label(), "attr" | "dobj" | "oprd" | "nsubj" | "nsubjpass");
        let mut who = self.behind(verb, &["as"]);
        who.extend(verb.dependents().filter(told).filter(|token| self.outcome(*token).is_none()));
        let entry =
            Entry { told: Told::Harm, effect: outcome, stage: None, frame: super::lexicon::Frame::Person };
        let mut telling = self.telling(verb, entry);
        telling.refers_back = true;
        telling.sufferers = self.sufferers(&who, outcome, &[Class::is_person]);
        (!telling.sufferers.is_empty()).then_some(telling)
    }

    /// Reads "the wounded", "one of the dead", "the victims": what became of them, if that is said.
    fn outcome(&self, token: Token<'c>) -> Option<Option<Effect>> {
        let own = LEXICON.outcome(&self.lower(token));
        own.or_else(|| self.behind(token, &["of"]).iter().find_map(|of| LEXICON.outcome(&self.lower(*of))))
    }

    /// Tells whether a verb is only imagined: "would kill", "did not kill", "if they kill".
    pub(super) fn is_unreal(&self, verb: Token<'c>) -> bool {
        let mut at = verb;
        for _ in 0..3 {
            let marked = at.dependents().any(|token| {
                matches!(token.label(), "aux" | "neg" | "mark") && LEXICON.unreal.contains(&self.lower(token))
            });
            let nobody =
                at.dependents().any(|token| token.label().starts_with("nsubj") && self.is_none(token));
            if marked && !self.is_threat(verb) || nobody {
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

    /// Reads "no soldiers", "nobody", "none of them".
    fn is_none(&self, subject: Token<'c>) -> bool {
        let denies = |word: &str| matches!(word, "no" | "nobody" | "none" | "neither");
        denies(&self.lower(subject))
            || subject.dependents().any(|token| token.label() == "det" && denies(&self.lower(token)))
    }

    pub(super) fn is_denied(&self, noun: Token<'c>) -> bool {
        noun.dependents().any(|token| {
            matches!(
                self.lower(token).as_str(),
                "no" | "any" | "every" | "possible" | "new" | "future" | "further"
            )
        })
    }

    pub(super) fn is_threat(&self, verb: Token<'c>) -> bool {
        let above = verb.head();
        matches!(verb.label(), "xcomp" | "ccomp" | "advcl") && LEXICON.base(&self.lower(above)) == "threaten"
            || verb.label() == "acl" && self.lower(above).starts_with("threat")
    }

    pub(super) fn is_attempt(&self, verb: Token<'c>) -> bool {
        let above = verb.head();
        matches!(verb.label(), "xcomp" | "acl" | "advcl")
            && (LEXICON.is_failing(&self.lower(above))
                || matches!(self.lower(above).as_str(), "attempt" | "plot" | "plan" | "attempts" | "plans"))
    }

    pub(super) fn stage(&self, verb: Token<'c>, entry: Entry) -> Stage {
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

    pub(super) fn noun_stage(&self, noun: Token<'c>) -> Stage {
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
    pub(super) fn accuse(&self, trigger: Token<'c>, telling: &mut Telling) {
        let mut at = trigger;
        for _ in 0..5 {
            let above = at.head();
            if above.index() == at.index() {
                break;
            }
            at = above;
            let lower = self.lower(at);
            if telling.doers.is_empty() && self.takes_part(at, telling) {
                break;
            }
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
            let mut accused = if is_passive(at) { self.subjects(at) } else { self.direct(at) };
            // "Blamed the murder on the cartel".
            accused.extend(self.behind(at, &["on", "to"]));
            if telling.doers.is_empty() {
                telling.doers = self.doers(&accused);
            }
            for doer in &mut telling.doers {
                doer.confidence = confidence;
            }
            break;
        }
    }

    /// Reads "soldiers are responsible for the attack", "participated in the murder".
    fn takes_part(&self, at: Token<'c>, telling: &mut Telling) -> bool {
        let lower = self.lower(at);
        let who = match () {
            () if matches!(lower.as_str(), "responsible" | "guilty") => match at.label() {
                "amod" => vec![at.head()],
                "acomp" => self.subjects(at.head()),
                _ => Vec::new(),
            },
            () if matches!(LEXICON.base(&lower), "participate" | "mastermind") => self.subjects(at),
            () => Vec::new(),
        };
        telling.doers = self.doers(&who);
        !telling.doers.is_empty()
    }

    /// Gives tellings the weapons that the sentence names.
    pub(super) fn add_weapons(&self, tellings: &mut [Telling]) {
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

pub(super) const WHERE_IT_HITS: &[&str] = &[
    "in", "at", "on", "near", "outside", "inside", "under", "against", "into", "of", "by", "beside",
    "behind", "to", "around", "between", "opposite",
];

/// Tells whether somebody is the kind that does such things, or a force.
pub(super) fn is_doer(thing: &Thing) -> bool {
    thing.class == Some(Class::Fighter) || thing.is_group || thing.is_state
}

pub(super) fn is_passive(verb: Token<'_>) -> bool {
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
