//! Incidents in the words of the MUC-4 task: its slots, its sets, and what it leaves out.

use extract::{
    Confidence, Count, Effect, Incident, IncidentDeed, ObjectClass, PersonClass, Reading, Stage, Target,
    TargetClass, WeaponKind,
};
use model::{Span, When};

use super::slots::{Fill, SLOTS, slot, written_day};
use super::tally::Template;

/// Reads a message and fills templates for the incidents that the task asks for.
pub(crate) fn templates(reading: &Reading) -> Vec<Template> {
    let incidents = extract::incidents(reading);
    let writer = Writer { reading };
    incidents
        .iter()
        .filter(|incident| is_relevant(incident))
        .map(|incident| writer.template(incident))
        .collect()
}

/// Tells whether an incident is one of political violence against those who do not fight (MUC-4 task, section 1).
///
/// Out of scope: fights between armed groups and forces, what befell only the forces of a state, incidents older than
/// two months, and reports that say neither who did it nor to whom.
pub(crate) fn is_relevant(incident: &Incident) -> bool {
    const TWO_MONTHS: i32 = 62;
    if let (Some(when), Some(anchor)) = (incident.when, incident.anchor) {
        let since = when.last().until(anchor).map_or(0, |span| span.get_days());
        if since > TWO_MONTHS || matches!(when, When::Year(_)) {
            return false;
        }
    }
    let fights = |target: &Target| {
        matches!(
            target.class,
            TargetClass::Person(PersonClass::Fighter | PersonClass::Military)
                | TargetClass::Object(ObjectClass::Military)
        )
    };
    !incident.targets.is_empty() && !incident.targets.iter().all(fights) && specifics(incident) >= SPECIFIC
}

/// How many specifics a report gives of an incident that is more than mentioned.
const SPECIFIC: usize = 2;

/// Counts what a report tells of an incident in particular: names, numbers, days, towns, doers, weapons, and more
/// than one sentence.
fn specifics(incident: &Incident) -> usize {
    let counted = |target: &Target| match target.count {
        Count::Exact(number) => number > 1,
        Count::About(_) | Count::AtLeast(_) => true,
        Count::Many => false,
    };
    let named = |target: &Target| target.name.is_some();
    let town = |place: &model::Place| {
        place.located.as_ref().is_none_or(|located| located.precision != model::Precision::Country)
    };
    2 * usize::from(incident.targets.iter().any(named))
        + usize::from(incident.targets.iter().any(counted))
        + usize::from(incident.when.is_some())
        + usize::from(incident.places.iter().any(town))
        + usize::from(!incident.individuals.is_empty() || !incident.organisations.is_empty())
        + usize::from(incident.told_at.len() > 1)
        + usize::from(incident.weapons.iter().any(|weapon| weapon.words.is_some()))
}

struct Writer<'r> {
    reading: &'r Reading,
}

impl Writer<'_> {
    fn quote(&self, span: Span) -> String {
        let words = self.reading.report.text.quote(span);
        words.split_whitespace().collect::<Vec<_>>().join(" ").to_uppercase()
    }

    fn template(&self, incident: &Incident) -> Template {
        let mut template = vec![Vec::new(); SLOTS.len()];
        let mut put = |name: &str, value: String, about: Option<&String>| {
            let fill = Fill { value, about: about.cloned() };
            let fills: &mut Vec<Fill> = &mut template[slot(name)];
            if !fills.contains(&fill) {
                fills.push(fill);
            }
        };
        if let Some(date) = date(incident) {
            put("INCIDENT: DATE", date, None);
        }
        if let Some(place) = self.location(incident) {
            put("INCIDENT: LOCATION", place, None);
        }
        put("INCIDENT: TYPE", deed(incident.deed).to_owned(), None);
        put("INCIDENT: STAGE OF EXECUTION", stage(incident.stage).to_owned(), None);
        for weapon in &incident.weapons {
            let words = weapon.words.map(|words| self.quote(words));
            if let Some(words) = &words {
                put("INCIDENT: INSTRUMENT ID", words.clone(), None);
            }
            put("INCIDENT: INSTRUMENT TYPE", instrument(weapon.kind).to_owned(), words.as_ref());
        }
        let state = incident.individuals.iter().chain(&incident.organisations).any(|party| party.is_state);
        let category = if state { "STATE-SPONSORED VIOLENCE" } else { "TERRORIST ACT" };
        put("PERP: INCIDENT CATEGORY", category.to_owned(), None);
        for party in &incident.individuals {
            put("PERP: INDIVIDUAL ID", self.quote(party.words), None);
        }
        for party in &incident.organisations {
            let words = self.quote(party.words);
            put("PERP: ORGANIZATION ID", words.clone(), None);
            put("PERP: ORGANIZATION CONFIDENCE", confidence(party.confidence).to_owned(), Some(&words));
        }
        for target in &incident.targets {
            let description = target.description.map(|words| self.quote(words));
            let name = target.name.map(|words| self.quote(words));
            let Some(about) = name.as_ref().or(description.as_ref()) else { continue };
            // The task has no type for members of armed groups among its human targets (slot HUM TGT: TYPE).
            if target.class == TargetClass::Person(PersonClass::Fighter) {
                continue;
            }
            match target.class {
                TargetClass::Object(class) => {
                    let Some(class) = object(class) else { continue };
                    put("PHYS TGT: ID", about.clone(), None);
                    put("PHYS TGT: TYPE", class.to_owned(), Some(about));
                    put("PHYS TGT: NUMBER", number(target.count), Some(about));
                    if let Some(nation) = target.nation.as_deref().and_then(country_name) {
                        put("PHYS TGT: FOREIGN NATION", nation.to_owned(), Some(about));
                    }
                    // What explodes or burns at an object damages it, where the report does not say otherwise.
                    let harmed = matches!(incident.deed, IncidentDeed::Bombing | IncidentDeed::Arson)
                        && incident.stage == Stage::Accomplished;
                    let effect = target.effect.or(harmed.then_some(Effect::Damaged));
                    if let Some(effect) = effect.and_then(damage) {
                        put("PHYS TGT: EFFECT OF INCIDENT", effect.to_owned(), Some(about));
                    }
                }
                TargetClass::Person(class) => {
                    if let Some(name) = &name {
                        put("HUM TGT: NAME", name.clone(), None);
                    }
                    if let Some(description) = &description {
                        put("HUM TGT: DESCRIPTION", description.clone(), name.as_ref());
                    }
                    put("HUM TGT: TYPE", person(class).to_owned(), Some(about));
                    put("HUM TGT: NUMBER", number(target.count), Some(about));
                    if let Some(nation) = target.nation.as_deref().and_then(country_name) {
                        put("HUM TGT: FOREIGN NATION", nation.to_owned(), Some(about));
                    }
                    if let Some(effect) = target.effect.and_then(harm) {
                        put("HUM TGT: EFFECT OF INCIDENT", effect.to_owned(), Some(about));
                    }
                }
            }
        }
        template
    }

    /// Writes the country, a place in it, and the part of a town.
    fn location(&self, incident: &Incident) -> Option<String> {
        let country = country_name(incident.country.as_deref()?)?;
        let mut location = country.to_owned();
        for place in &incident.places {
            let located = place.located.as_ref();
            let is_country = located.is_some_and(|located| located.precision == model::Precision::Country);
            let elsewhere =
                located.is_some_and(|located| Some(&located.country) != incident.country.as_ref());
            if !is_country && !elsewhere {
                location.push_str(": ");
                location.push_str(&place_name(&self.quote(place.span)));
                break;
            }
        }
        if let Some(quarter) = incident.quarter {
            location.push_str(": ");
            location.push_str(&self.quote(quarter));
        }
        Some(location)
    }
}

/// Cuts the kind and the region off a name: "VARDEN DEPARTMENT", "ORO, VARDEN".
fn place_name(words: &str) -> String {
    let name = words.split(',').next().unwrap_or_default();
    let kinds = [" DEPARTMENT", " PROVINCE", " REGION", " MUNICIPALITY", " CITY"];
    let bare = kinds.iter().find_map(|kind| name.strip_suffix(kind).filter(|_| *kind != " CITY"));
    bare.unwrap_or(name).to_owned()
}

fn date(incident: &Incident) -> Option<String> {
    match (incident.when, incident.anchor) {
        (Some(When::Day(day)), _) => Some(written_day(day)),
        // A night is that of its first day; a stretch of months says no more than the day of the report does.
        (Some(When::Interval(from, to)), _) => match from.until(to).map_or(0, |span| span.get_days()) {
            1 => Some(written_day(from)),
            2..=31 => Some(format!("{} - {}", written_day(from), written_day(to))),
            _ => incident.anchor.map(|day| format!("- {}", written_day(day))),
        },
        (_, anchor) => anchor.map(|day| format!("- {}", written_day(day))),
    }
}

fn deed(deed: IncidentDeed) -> &'static str {
    match deed {
        IncidentDeed::Attack => "ATTACK",
        IncidentDeed::Bombing => "BOMBING",
        IncidentDeed::Arson => "ARSON",
        IncidentDeed::Kidnapping => "KIDNAPPING",
        IncidentDeed::Robbery => "ROBBERY",
    }
}

fn stage(stage: Stage) -> &'static str {
    match stage {
        Stage::Accomplished => "ACCOMPLISHED",
        Stage::Attempted => "ATTEMPTED",
        Stage::Threatened => "THREATENED",
    }
}

fn instrument(kind: WeaponKind) -> &'static str {
    match kind {
        WeaponKind::Bomb => "BOMB",
        WeaponKind::VehicleBomb => "VEHICLE BOMB",
        WeaponKind::Explosive => "EXPLOSIVE",
        WeaponKind::Dynamite => "DYNAMITE",
        WeaponKind::Grenade => "GRENADE",
        WeaponKind::Mine => "MINE",
        WeaponKind::Molotov => "MOLOTOV COCKTAIL",
        WeaponKind::Mortar => "MORTAR",
        WeaponKind::Rocket => "ROCKET",
        WeaponKind::Missile => "MISSILE",
        WeaponKind::Gun => "GUN",
        WeaponKind::MachineGun => "MACHINE GUN",
        WeaponKind::Rifle => "RIFLE",
        WeaponKind::Handgun => "HANDGUN",
        WeaponKind::AerialBomb => "AERIAL BOMB",
        WeaponKind::Cutting => "CUTTING DEVICE",
        WeaponKind::Stone => "STONE",
        WeaponKind::Fire => "FIRE",
    }
}

fn confidence(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Possible => "POSSIBLE",
        Confidence::Accused => "SUSPECTED OR ACCUSED",
        Confidence::AccusedByAuthorities => "SUSPECTED OR ACCUSED BY AUTHORITIES",
        Confidence::Stated => "REPORTED AS FACT",
        Confidence::Claimed => "CLAIMED OR ADMITTED",
    }
}

/// Returns the type of an object; what belongs to armed forces is none of the task's targets.
fn object(class: ObjectClass) -> Option<&'static str> {
    Some(match class {
        ObjectClass::TransportRoute => "TRANSPORTATION ROUTE",
        ObjectClass::TransportFacility => "TRANSPORTATION FACILITY",
        ObjectClass::Vehicle => "TRANSPORT VEHICLE",
        ObjectClass::Commercial => "COMMERCIAL",
        ObjectClass::Financial => "FINANCIAL",
        ObjectClass::Energy => "ENERGY",
        ObjectClass::Communication => "COMMUNICATIONS",
        ObjectClass::Water => "WATER",
        ObjectClass::Government => "GOVERNMENT OFFICE OR RESIDENCE",
        ObjectClass::Police => "LAW ENFORCEMENT FACILITY",
        ObjectClass::Military => return None,
        ObjectClass::Diplomatic => "DIPLOMAT OFFICE OR RESIDENCE",
        ObjectClass::Political => "POLITICAL FIGURE OFFICE OR RESIDENCE",
        ObjectClass::Residence => "CIVILIAN RESIDENCE",
        ObjectClass::Organization => "ORGANIZATION OFFICE",
        ObjectClass::Other => "OTHER",
    })
}

fn person(class: PersonClass) -> &'static str {
    match class {
        PersonClass::Civilian | PersonClass::Fighter => "CIVILIAN",
        PersonClass::PoliticalFigure => "POLITICAL FIGURE",
        PersonClass::Official => "GOVERNMENT OFFICIAL",
        PersonClass::Judicial => "LEGAL OR JUDICIAL",
        PersonClass::Police => "LAW ENFORCEMENT",
        PersonClass::Military => "ACTIVE MILITARY",
        PersonClass::Guard => "SECURITY GUARD",
        PersonClass::Diplomat => "DIPLOMAT",
        PersonClass::FormerOfficial => "FORMER GOVERNMENT OFFICIAL",
        PersonClass::FormerMilitary => "FORMER ACTIVE MILITARY",
    }
}

fn number(count: Count) -> String {
    match count {
        Count::Exact(number) => number.to_string(),
        Count::About(number) => format!("~{number}"),
        Count::AtLeast(number) => format!("{number}-"),
        Count::Many => "PLURAL".to_owned(),
    }
}

fn damage(effect: Effect) -> Option<&'static str> {
    match effect {
        Effect::Destroyed => Some("DESTROYED"),
        Effect::Damaged => Some("SOME DAMAGE"),
        Effect::Undamaged => Some("NO DAMAGE"),
        Effect::Taken => Some("PROPERTY TAKEN FROM TARGET"),
        _ => None,
    }
}

fn harm(effect: Effect) -> Option<&'static str> {
    match effect {
        Effect::Killed => Some("DEATH"),
        Effect::Shot | Effect::Injured => Some("INJURY"),
        Effect::Unharmed => Some("NO INJURY OR DEATH"),
        Effect::Freed => Some("REGAINED FREEDOM"),
        _ => None,
    }
}

/// Returns the name of a country in the templates; those of the task's region, and those whose people were met there.
fn country_name(code: &str) -> Option<&'static str> {
    COUNTRIES.iter().find(|(known, _)| *known == code).map(|(_, name)| *name)
}

const COUNTRIES: [(&str, &str); 40] = [
    ("SV", "EL SALVADOR"),
    ("CO", "COLOMBIA"),
    ("GT", "GUATEMALA"),
    ("PE", "PERU"),
    ("CL", "CHILE"),
    ("HN", "HONDURAS"),
    ("BO", "BOLIVIA"),
    ("PA", "PANAMA"),
    ("NI", "NICARAGUA"),
    ("AR", "ARGENTINA"),
    ("EC", "ECUADOR"),
    ("BR", "BRAZIL"),
    ("VE", "VENEZUELA"),
    ("MX", "MEXICO"),
    ("CR", "COSTA RICA"),
    ("UY", "URUGUAY"),
    ("PY", "PARAGUAY"),
    ("DO", "DOMINICAN REPUBLIC"),
    ("CU", "CUBA"),
    ("HT", "HAITI"),
    ("JM", "JAMAICA"),
    ("BZ", "BELIZE"),
    ("US", "UNITED STATES"),
    ("RU", "USSR"),
    ("ES", "SPAIN"),
    ("IT", "ITALY"),
    ("FR", "FRANCE"),
    ("DE", "GERMANY"),
    ("NL", "NETHERLANDS"),
    ("GB", "UNITED KINGDOM"),
    ("IE", "IRELAND"),
    ("NO", "NORWAY"),
    ("SE", "SWEDEN"),
    ("AT", "AUSTRIA"),
    ("CA", "CANADA"),
    ("AU", "AUSTRALIA"),
    ("JP", "JAPAN"),
    ("CN", "PEOPLES REP OF CHINA"),
    ("IL", "ISRAEL"),
    ("EG", "EGYPT"),
];
