//! What nouns tell of: "the murder of", "a bomb attack on".

use language::engine::Token;

use super::lexicon::{Class, Frame, LEXICON, Told};
use super::tellings::{Reader, Telling, is_doer};
use super::{Stage, WeaponKind};

/// A noun of the lexicon, and what stands around it.
struct Event<'p> {
    noun: Token<'p>,
    lower: String,
    /// The words in front of it, in small letters.
    modifiers: Vec<String>,
}

impl Event<'_> {
    fn has(&self, words: &[&str]) -> bool {
        self.modifiers.iter().any(|word| words.contains(&word.as_str()))
    }
}

impl<'c> Reader<'_, 'c> {
    /// Reads what a noun tells, if it is one of the lexicon and speaks of something that happened.
    pub(super) fn noun(&self, noun: Token<'c>) -> Option<Telling> {
        let event = Event { noun, lower: self.lower(noun), modifiers: self.modifiers(noun) };
        let mut entry = LEXICON.noun(&event.lower)?;
        if matches!(noun.label(), "compound" | "amod") || self.is_denied(noun) || !self.is_violent(&event) {
            return None;
        }
        let explosive =
            |word: &String| matches!(LEXICON.class(word), Some(Class::Weapon(kind)) if kind.is_explosive());
        if entry.told == Told::Attack && event.modifiers.iter().any(explosive) {
            entry.told = Told::Bombing;
        }
        let mut telling = self.telling(noun, entry);
        telling.stage = self.stage_of(&event);
        telling.implied = (event.lower == "shooting").then_some(WeaponKind::Gun);
        let definite = |token: Token<'c>| {
            matches!(self.lower(token).as_str(), "the" | "this" | "that" | "these" | "those" | "such")
        };
        // A plural without an article speaks of no incident in particular.
        let is_plural = noun.tag() == "NNS";
        let is_definite = noun.dependents().any(definite);
        telling.refers_back = is_definite || is_plural;
        let (doers, hit) = self.around(&event, entry.frame);
        telling.doers = self.doers(&doers);
        let allowed: &[fn(Class) -> bool] =
            if entry.frame == Frame::Person { &[Class::is_person] } else { &[Class::is_target] };
        telling.sufferers = self.sufferers(&hit, entry.effect, allowed);
        self.accuse(noun, &mut telling);
        let is_general =
            is_plural && !is_definite && telling.sufferers.is_empty() && telling.doers.is_empty();
        (!is_general).then_some(telling)
    }

    fn modifiers(&self, noun: Token<'c>) -> Vec<String> {
        let describes = |token: &Token<'c>| matches!(token.label(), "compound" | "amod" | "nmod");
        noun.dependents().filter(describes).map(|token| self.lower(token)).collect()
    }

    /// Tells whether an attempt is one on somebody's life, and an attack not one of the heart.
    fn is_violent(&self, event: &Event<'c>) -> bool {
        let of_deed = event.has(&["assassination", "murder", "kidnapping", "kidnap", "bombing"]);
        let on_life = || !self.lives(event.noun).is_empty();
        match () {
            () if event.lower.starts_with("attempt") => of_deed || on_life(),
            () => !event.has(&["heart", "verbal", "air"]) && !event.lower.starts_with("offensive"),
        }
    }

    /// Returns the "life" of "an attempt on the life of".
    fn lives(&self, noun: Token<'c>) -> Vec<Token<'c>> {
        let mut found = self.behind(noun, &["against", "on"]);
        found.retain(|token| matches!(self.lower(*token).as_str(), "life" | "lives"));
        found
    }

    fn stage_of(&self, event: &Event<'c>) -> Stage {
        let failed = event.has(&["attempted", "failed", "frustrated", "foiled"]);
        if event.lower.starts_with("attempt") || failed {
            Stage::Attempted
        } else {
            self.noun_stage(event.noun)
        }
    }

    /// Returns who did it and whom it hit, as the words around a noun say.
    fn around(&self, event: &Event<'c>, frame: Frame) -> (Vec<Token<'c>>, Vec<Token<'c>>) {
        let noun = event.noun;
        let mut hit = self.behind(noun, &["of", "against", "on", "at", "in", "near", "outside", "to"]);
        hit.retain(|token| !matches!(self.lower(*token).as_str(), "life" | "lives"));
        for life in self.lives(noun) {
            hit.extend(self.behind(life, &["of"]));
            hit.extend(life.dependents().filter(|token| token.label() == "poss"));
        }
        let mut doers = self.behind(noun, &["by", "from"]);
        for owner in noun.dependents().filter(|token| token.label() == "poss") {
            let acts = frame != Frame::Person && self.thing(owner).is_some_and(|thing| is_doer(&thing));
            if acts { doers.push(owner) } else { hit.push(owner) }
        }
        for modifier in
            noun.dependents().filter(|token| matches!(token.label(), "compound" | "amod" | "nmod"))
        {
            match self.class_of(modifier) {
                Some(Class::Fighter) => doers.push(modifier),
                Some(Class::Object(_) | Class::Person(_)) => hit.push(modifier),
                _ => {}
            }
        }
        doers.extend(self.performers(noun));
        (doers, hit)
    }
}
