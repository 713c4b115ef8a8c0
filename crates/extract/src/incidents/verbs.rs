//! What verbs tell of: "killed", "exploded near", "hurled dynamite at".

use language::engine::Token;

use super::lexicon::{Class, Entry, Frame, LEXICON, Told};
use super::tellings::{Reader, Telling, WHERE_IT_HITS, is_passive};
use super::{Effect, WeaponKind};

/// A verb of the lexicon with its subjects and objects.
struct Clause<'p> {
    verb: Token<'p>,
    base: String,
    entry: Entry,
    /// Who acts, if that is said.
    doers: Vec<Token<'p>>,
    /// The subjects of a passive verb, the objects of any other.
    objects: Vec<Token<'p>>,
    is_passive: bool,
}

const PERSONS: &[fn(Class) -> bool] = &[Class::is_person];
const OBJECTS: &[fn(Class) -> bool] = &[Class::is_object];

impl<'c> Reader<'_, 'c> {
    /// Reads what a verb tells, if it is one of the lexicon and not only imagined.
    pub(super) fn verb(&self, verb: Token<'c>) -> Option<Telling> {
        let (base, entry) = self.entry(verb)?;
        if self.is_unreal(verb) {
            return None;
        }
        let is_passive = is_passive(verb);
        let mut doers = self.agents(verb);
        let objects = if is_passive { self.subjects(verb) } else { self.direct(verb) };
        if !is_passive {
            doers.splice(0..0, self.subjects(verb));
        }
        let clause = Clause { verb, base, entry, doers, objects, is_passive };
        let mut telling = self.telling(verb, entry);
        telling.stage = self.stage(verb, entry);
        match entry.frame {
            Frame::Person | Frame::Target => self.harm(&clause, telling),
            Frame::Blast => self.blast(&clause, telling),
            Frame::Explosive => self.explosive(&clause, telling),
            Frame::Shot => self.shot(&clause, telling),
            Frame::Fire => self.fire(&clause, telling),
            Frame::Sufferer => self.death(&clause, telling),
            Frame::Threat => self.threat(&clause, telling),
        }
    }

    /// Looks a verb up with its particle or object: "blow up", "set fire".
    fn entry(&self, verb: Token<'c>) -> Option<(String, Entry)> {
        let lower = self.lower(verb);
        let base = LEXICON.base(&lower).to_owned();
        let second = |token: &Token<'c>| matches!(token.label(), "prt" | "dobj" | "acomp" | "oprd" | "attr");
        let with_second = verb
            .dependents()
            .filter(second)
            .find_map(|token| LEXICON.verb(&format!("{base} {}", self.lower(token))));
        let entry = with_second.or_else(|| LEXICON.verb(&base))?;
        Some((base, entry))
    }

    /// Reads who harmed whom.
    fn harm(&self, clause: &Clause<'c>, mut telling: Telling) -> Option<Telling> {
        let (verb, base) = (clause.verb, clause.base.as_str());
        let mut objects = clause.objects.clone();
        if objects.is_empty() && clause.is_passive || matches!(base, "put" | "leave") {
            return None;
        }
        match base {
            "set" => objects = self.behind(verb, &["to"]).into_iter().chain(objects).collect(),
            "shoot" if objects.is_empty() => objects = self.behind(verb, &["at"]),
            "gun" => telling.implied = Some(WeaponKind::Gun),
            "dynamite" => telling.implied = Some(WeaponKind::Dynamite),
            "machinegun" => telling.implied = Some(WeaponKind::MachineGun),
            _ => {}
        }
        let mut effect = clause.entry.effect;
        if effect == Some(Effect::Shot) {
            telling.implied = telling.implied.or(Some(WeaponKind::Gun));
            effect = Some(if self.is_to_death(verb) { Effect::Killed } else { Effect::Shot });
        }
        let explosion = clause.doers.iter().any(|cause| self.explodes(*cause));
        if explosion && matches!(telling.told, Told::Damage | Told::Attack) {
            telling.told = Told::Bombing;
        }
        let is_person = clause.entry.frame == Frame::Person;
        telling.doers = self.doers(&clause.doers);
        telling.sufferers = self.sufferers(&objects, effect, if is_person { PERSONS } else { &[] });
        if telling.sufferers.is_empty() && is_person {
            return None;
        }
        self.accuse(verb, &mut telling);
        Some(telling)
    }

    /// Reads "shot dead", "shot to death".
    fn is_to_death(&self, verb: Token<'c>) -> bool {
        verb.dependents().any(|token| self.lower(token) == "dead")
            || self.behind(verb, &["to"]).iter().any(|token| self.lower(*token) == "death")
    }

    /// Reads what exploded where: the subject, or the object of who set it off.
    fn blast(&self, clause: &Clause<'c>, mut telling: Telling) -> Option<Telling> {
        let set_off = !clause.objects.is_empty();
        let exploded = if set_off { &clause.objects } else { &clause.doers };
        let explodes = exploded.iter().any(|token| self.is_explosive(*token));
        if !explodes && !matches!(clause.base.as_str(), "explode" | "detonate") {
            return None;
        }
        if set_off {
            telling.doers = self.doers(&clause.doers);
        }
        telling.sufferers = self.sufferers(&self.behind(clause.verb, WHERE_IT_HITS), None, OBJECTS);
        Some(telling)
    }

    /// Reads who put or threw an explosive where.
    fn explosive(&self, clause: &Clause<'c>, mut telling: Telling) -> Option<Telling> {
        let explosive = clause.objects.iter().find(|token| self.is_explosive(**token))?;
        let mut at = self.behind(clause.verb, WHERE_IT_HITS);
        at.extend(self.behind(*explosive, WHERE_IT_HITS));
        telling.doers = self.doers(&clause.doers);
        telling.sufferers = self.sufferers(&at, None, OBJECTS);
        Some(telling)
    }

    /// Reads who fired what at whom.
    fn shot(&self, clause: &Clause<'c>, mut telling: Telling) -> Option<Telling> {
        let weapon = clause.objects.iter().find_map(|token| self.weapon(*token));
        let at = self.behind(clause.verb, &["at", "on", "upon", "against", "into"]);
        match weapon {
            Some(Class::Weapon(kind)) if kind.is_explosive() => telling.told = Told::Bombing,
            Some(_) => {}
            None if clause.base == "fire" && !at.is_empty() => telling.implied = Some(WeaponKind::Gun),
            None => return None,
        }
        telling.doers = self.doers(&clause.doers);
        telling.sufferers = self.sufferers(&at, None, &[]);
        (!telling.sufferers.is_empty() || weapon.is_some()).then_some(telling)
    }

    /// Reads "opened fire on".
    fn fire(&self, clause: &Clause<'c>, mut telling: Telling) -> Option<Telling> {
        let at = self.behind(clause.verb, &["at", "on", "upon", "against"]);
        telling.implied = Some(WeaponKind::Gun);
        telling.doers = self.doers(&clause.doers);
        telling.sufferers = self.sufferers(&at, None, &[]);
        Some(telling)
    }

    fn death(&self, clause: &Clause<'c>, mut telling: Telling) -> Option<Telling> {
        if clause.is_passive {
            return None;
        }
        telling.sufferers = self.sufferers(&clause.doers, clause.entry.effect, PERSONS);
        (!telling.sufferers.is_empty()).then_some(telling)
    }

    /// Reads "threatened the judge with death", "was threatened"; "threatened to kill" is told by "kill".
    fn threat(&self, clause: &Clause<'c>, mut telling: Telling) -> Option<Telling> {
        let purpose = clause.verb.dependents().any(|token| token.label() == "xcomp");
        let deadly = self.behind(clause.verb, &["with"]).iter().any(|token| self.lower(*token) == "death");
        if purpose || !(deadly || clause.is_passive) {
            return None;
        }
        telling.doers = self.doers(&clause.doers);
        telling.sufferers = self.sufferers(&clause.objects, None, PERSONS);
        (!telling.sufferers.is_empty()).then_some(telling)
    }
}
