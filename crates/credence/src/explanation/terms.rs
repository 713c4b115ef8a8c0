//! The closed lists of the model, each in words that stand in a sentence.

use jiff::civil::Date;
use model::{
    Act, Caveat, Certainty, Figure, Form, Located, Measure, ObjectClass, Polarity, Precision, Scope, Standard,
};

use crate::describe::{grouped, spaced};

/// Writes a day as people do: "12 March 2031".
pub(super) fn day(day: Date) -> String {
    day.strftime("%-d %B %Y").to_string()
}

pub(super) fn form(form: Form) -> &'static str {
    match form {
        Form::Direct => "in these words, which stand in quotation marks",
        Form::Mixed => "in these words, which stand partly in quotation marks and are partly the reporter’s",
        Form::Indirect => "in the reporter’s own words",
    }
}

/// Returns how many by the words, in words.
pub(super) fn amount(figure: &Figure) -> String {
    let about = figure.stated.filter(|_| figure.approx);
    match (figure.lower, figure.upper, about) {
        (Some(lower), Some(upper), _) if lower == upper => format!("exactly {}", grouped(lower)),
        (Some(lower), Some(upper), _) => format!("between {} and {}", grouped(lower), grouped(upper)),
        (Some(lower), None, _) => format!("at least {}", grouped(lower)),
        (None, Some(upper), Some(stated)) => {
            format!("about {}, and not more than {}", grouped(stated), grouped(upper))
        }
        (None, Some(upper), None) => format!("not more than {}", grouped(upper)),
        (None, None, Some(stated)) => format!("about {}", grouped(stated)),
        (None, None, None) => "an unstated number of".to_owned(),
    }
}

/// Says which bounds the words set, and that the others are open.
pub(super) fn bounds(figure: &Figure) -> String {
    let bound = |side: &str, bound: Option<u64>| match bound {
        Some(bound) => format!("{side} bound of {}", grouped(bound)),
        None => format!("no {side} bound"),
    };
    if figure.lower.is_some() && figure.lower == figure.upper {
        return "state one number, which is both the lower and the upper bound".to_owned();
    }
    let (lower, upper) = (bound("lower", figure.lower), bound("upper", figure.upper));
    match (figure.lower, figure.upper) {
        (None, None) => "set no lower and no upper bound".to_owned(),
        (None, _) => format!("set an {upper} and {lower}"),
        (Some(_), Some(_)) => format!("set a {lower} and an {upper}"),
        (Some(_), None) => format!("set a {lower} and {upper}"),
    }
}

pub(super) fn measure(measure: Measure) -> &'static str {
    match measure {
        Measure::Killed => "killed",
        Measure::Injured => "injured",
        Measure::KilledOrInjured => "killed or injured, not told apart",
        Measure::Missing => "missing",
        Measure::Displaced => "displaced: fled, evacuated or driven out",
        Measure::Detained => "detained",
        Measure::Abducted => "abducted",
        Measure::Trapped => "trapped",
        Measure::Exposed => "in need or at risk",
        Measure::Attacks => "counted as attacks",
        Measure::ObjectHits => "hit or damaged",
        Measure::ObjectsDestroyed => "destroyed",
        Measure::Other => "left behind, dependent on something, or harmed in another way",
    }
}

pub(super) fn scope(scope: Scope) -> &'static str {
    match scope {
        Scope::Incident => "It counts one event.",
        Scope::Cumulative => "It counts a stretch of time, not one event.",
        Scope::Unclear => "The words do not say whether it counts one event or a stretch of time.",
    }
}

pub(super) fn caveat(caveat: Caveat) -> &'static str {
    match caveat {
        Caveat::Undercount => "the true number is said to be likely higher",
        Caveat::Unverified => "it is said not to have been verified",
        Caveat::Preliminary => "it is said to be preliminary",
        Caveat::Disputed => "another source disputes it",
        Caveat::Estimate => "it is said to be an estimate",
    }
}

pub(super) fn act(act: Act) -> String {
    let words = match act {
        Act::AttackOnCivilians => "an attack on civilians or on a place where they live",
        Act::AttackOnObject => "an attack on a civilian or protected object",
        Act::IndiscriminateAttack => "an indiscriminate attack, in so many words",
        Act::Killing => "a killing outside combat",
        Act::SiegeOrStarvation => "a siege, or civilians cut off from what they live on",
        Act::ProhibitedWeapon => "the use of a prohibited weapon",
        Act::HumanShields => "the use of people as human shields, or of a civilian building for the military",
        Act::WarCrimesUnspecified => "war crimes, without saying which",
        Act::GenocideOrCah => "genocide or crimes against humanity",
        Act::Aggression => "aggression against a state",
        Act::Other => "another breach of the laws of war",
        Act::UnfairTrial => "an unfair trial",
        Act::Perfidy => "perfidy, which is abuse of the enemy’s good faith",
        other => return spaced(other.name()),
    };
    words.to_owned()
}

pub(super) fn classes(classes: &[ObjectClass]) -> String {
    classes.iter().map(|class| spaced(class.name())).collect::<Vec<_>>().join(", ")
}

pub(super) fn polarity(polarity: Polarity) -> &'static str {
    match polarity {
        Polarity::Asserted => "It is said to be so.",
        Polarity::Denied => "It is denied: the words say that it is not so.",
        Polarity::Questioned => "It is asked or doubted, neither said to be so nor denied.",
        Polarity::Hypothetical => {
            "It is only imagined (a threat, a condition, a fear), not said to have happened."
        }
        Polarity::CounterVersion => {
            "It is a counter-version: the side that is accused tells the same event differently."
        }
    }
}

/// Says whether the act of an allegation is said to have happened.
pub(super) fn happened(polarity: Polarity, certainty: Certainty) -> &'static str {
    match (polarity, certainty) {
        (Polarity::Denied, _) => "this did not happen",
        (Polarity::Questioned, _) => "it is in question whether this happened",
        (Polarity::Hypothetical, _) => "this is a threat, a condition or a fear, not something that happened",
        (Polarity::CounterVersion, _) => "against the accusation, this is what happened",
        (Polarity::Asserted, Certainty::Certain) => "this happened",
        (Polarity::Asserted, Certainty::Probable) => "this probably happened",
        (Polarity::Asserted, Certainty::Possible) => "this possibly happened",
    }
}

pub(super) fn certainty(certainty: Certainty) -> &'static str {
    match certainty {
        Certainty::Certain => "It is said without reservation.",
        Certainty::Probable => "It is said with some reservation: as probable.",
        Certainty::Possible => "It is said with strong reservation: as possible only.",
    }
}

pub(super) fn standard(standard: Standard) -> &'static str {
    match standard {
        Standard::Assessed => "assessed, which is a judgement from incomplete information",
        Standard::Found => "found, verified or documented",
        Standard::Charged => "brought a charge, which is not a finding of guilt",
        Standard::Convicted => "convicted",
        Standard::Acquitted => "acquitted",
        Standard::InquiryOpened => "opened an inquiry, which finds nothing yet",
        Standard::CalledFor => "called for an inquiry or a trial",
        Standard::Declined => "declined an inquiry or a trial",
    }
}

/// Says what place on the map a name was taken for.
pub(super) fn located(located: &Located) -> String {
    let precision = match located.precision {
        Precision::Settlement => "a city, town or village",
        Precision::Near => "somewhere near a city, town or village",
        Precision::Region => "a region; the point on the map is within it",
        Precision::Country => "a country; the point on the map is within it",
        Precision::PartOfTheWorld => {
            "a part of the world with several countries; the point on the map is about its middle"
        }
    };
    let country = match located.country.as_str() {
        "" => String::new(),
        code => format!(" in the country with the ISO code {code}"),
    };
    let entry = located
        .geonames
        .map(|entry| format!("entry {entry} of the GeoNames gazetteer, "))
        .unwrap_or_default();
    let (latitude, longitude) = (located.latitude, located.longitude);
    format!(
        "{}{country} ({entry}latitude {latitude:.2}, longitude {longitude:.2}), {precision}",
        located.name
    )
}
