use model::{Act, Measure, ObjectClass};

use crate::Subject;

impl Subject {
    /// Says in words what a matter is about: that it is alleged, and by whom it is said to be, but never that it was so.
    pub(crate) fn title(&self, accused: Option<&str>) -> String {
        match self {
            Subject::Allegation { act, object, place, .. } => {
                let what = placed(alleged(*act, *object), place);
                match accused {
                    Some(name) => format!("{}, said to be by {name}", capital(&what)),
                    None => format!("Alleged {what}"),
                }
            }
            Subject::Figure { measure, population, place } => {
                capital(&placed(counted(*measure, population), place))
            }
            Subject::Determination { standard } => capital(&standard.name().replace('_', " ")),
        }
    }
}

fn placed(what: String, place: &Option<String>) -> String {
    match place {
        Some(place) => format!("{what} in {place}"),
        None => what,
    }
}

fn capital(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
}

fn alleged(act: Act, object: Option<ObjectClass>) -> String {
    match (act, object) {
        (Act::AttackOnObject, Some(object)) => format!("attack on {}", hit(object)),
        (Act::AttackOnObject, None) => "attack on a building or other object".to_owned(),
        (Act::HumanShields, Some(object)) => format!("military use of {}", hit(object)),
        (act, Some(object)) => format!("{}: {}", done(act), hit(object)),
        (act, None) => done(act).to_owned(),
    }
}

fn hit(object: ObjectClass) -> &'static str {
    match object {
        ObjectClass::Hospital => "a hospital or clinic",
        ObjectClass::School => "a school",
        ObjectClass::Residential => "homes",
        ObjectClass::Cultural => "a place of culture",
        ObjectClass::Religious => "a place of worship",
        ObjectClass::Shelter => "a shelter",
        ObjectClass::Infrastructure => "infrastructure",
        ObjectClass::Humanitarian => "humanitarian aid",
        ObjectClass::Market => "a market or shop",
        ObjectClass::Vehicle => "a civilian vehicle",
        ObjectClass::Nuclear => "a nuclear plant",
        ObjectClass::Transport => "a road, bridge, railway or port",
        ObjectClass::Industrial => "an industrial site",
        ObjectClass::Agriculture => "a farm or field",
        ObjectClass::Administrative => "a public building",
        ObjectClass::Other => "a building or other object",
    }
}

fn done(act: Act) -> &'static str {
    match act {
        Act::AttackOnCivilians => "attack on civilians",
        Act::AttackOnObject => "attack on an object",
        Act::IndiscriminateAttack => "indiscriminate attack",
        Act::Killing => "killing of people",
        Act::Torture => "torture or ill-treatment",
        Act::SexualViolence => "sexual violence",
        Act::AbductionOrDeportation => "abduction or deportation",
        Act::Detention => "unlawful detention",
        Act::SiegeOrStarvation => "siege or starvation",
        Act::ForcedDisplacement => "forced displacement",
        Act::ProhibitedWeapon => "use of a prohibited weapon",
        Act::Destruction => "destruction of property",
        Act::Pillage => "looting",
        Act::HumanShields => "use of human shields",
        Act::HostageTaking => "hostage-taking",
        Act::UnfairTrial => "unfair trial",
        Act::Perfidy => "abuse of a protected sign or status",
        Act::WarCrimesUnspecified => "war crimes, not said which",
        Act::GenocideOrCah => "genocide or crimes against humanity",
        Act::Aggression => "war of aggression",
        Act::Other => "other harm",
    }
}

fn counted(measure: Measure, population: &str) -> String {
    let what = match measure {
        Measure::KilledOrInjured => "killed or injured",
        Measure::Exposed => "in danger or need",
        Measure::Attacks | Measure::Other => return population.to_owned(),
        Measure::ObjectHits => "hit",
        Measure::ObjectsDestroyed => "destroyed",
        _ => measure.name(),
    };
    format!("{population} {what}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_alleged_is_called_so() {
        let subject = |act, object, place: &str| Subject::Allegation {
            act,
            object,
            place: (!place.is_empty()).then(|| place.to_owned()),
            actor: None,
        };
        let school = subject(Act::AttackOnObject, Some(ObjectClass::School), "Zarvo");
        assert_eq!(
            school.title(Some("Orlanian forces")),
            "Attack on a school in Zarvo, said to be by Orlanian forces"
        );
        assert_eq!(school.title(None), "Alleged attack on a school in Zarvo");
        assert_eq!(subject(Act::Torture, None, "").title(None), "Alleged torture or ill-treatment");
        let used = subject(Act::HumanShields, Some(ObjectClass::School), "Zarvo");
        assert_eq!(used.title(None), "Alleged military use of a school in Zarvo");
        let figure =
            Subject::Figure { measure: Measure::Killed, population: "children".to_owned(), place: None };
        assert_eq!(figure.title(None), "Children killed");
    }
}
