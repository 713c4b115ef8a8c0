//! Civilian-harm incidents of the Russian invasion of Ukraine, as Bellingcat's researchers recorded them.

use std::path::Path;

use extract::Reading;
use jiff::civil::Date;
use model::{Act, Allegation, ClaimKind, ObjectClass};
use serde::Deserialize;

use crate::counts::{Counts, macro_f1, share};
use crate::reading::{Article, read};
use crate::rows::rows;
use crate::{Corpus, Error, Measured};

/// Measures what kind of object or area was hit, from the description of an incident alone.
///
/// No definition was published. Each row has exactly one "Type of area affected". The reading's answer is one class
/// too: that of the first allegation in the description whose class has a counterpart, its closer class where it has
/// one. Theirs are classes of areas, so an attack on persons, on a populated place, on a vehicle or on a building of
/// no stated use, and nothing else, counts as "Residential"; a reading without such an allegation gives no answer.
///
/// | theirs | ours |
/// |---|---|
/// | Residential | `residential`; see above |
/// | School or childcare | `school` |
/// | Healthcare | `hospital` |
/// | Religious, Cultural | `religious`, `cultural` |
/// | Commercial | `market` |
/// | Administrative | `administrative` |
/// | Industrial | `industrial`, `agriculture`, `nuclear`, and `infrastructure` without a closer class (power, water, fuel, communications) |
/// | Roads/Highways/Transport | `transport` |
/// | Humanitarian | `humanitarian`, `shelter` |
/// | Undefined, Military | none |
///
/// Rows of the last two are left out: the first says that no class was settled, the second is no harm to civilian
/// objects. `object_class.macro_f1` is the mean of the F1 of the ten others, `object_class.accuracy` the share of rows
/// that are right.
pub(crate) const INCIDENTS_BELLINGCAT: Corpus =
    Corpus { name: "incidents-bellingcat", file: "incidents-bellingcat.jsonl", measure };

#[derive(Deserialize)]
struct Row {
    description: String,
    date: Option<Date>,
    #[serde(default)]
    tags: Vec<(String, String)>,
}

impl Row {
    fn area(&self) -> Option<Area> {
        let mut tags = self.tags.iter().filter(|(kind, _)| kind == "Type of area affected");
        tags.find_map(|(_, area)| Area::named(area))
    }
}

/// The types of area that have a counterpart among the classes of object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Area {
    Residential,
    School,
    Healthcare,
    Religious,
    Cultural,
    Commercial,
    Administrative,
    Industrial,
    Transport,
    Humanitarian,
}

impl Area {
    const NAMES: [(&'static str, Area); 10] = [
        ("Residential", Area::Residential),
        ("School or childcare", Area::School),
        ("Healthcare", Area::Healthcare),
        ("Religious", Area::Religious),
        ("Cultural", Area::Cultural),
        ("Commercial", Area::Commercial),
        ("Administrative", Area::Administrative),
        ("Industrial", Area::Industrial),
        ("Roads/Highways/Transport", Area::Transport),
        ("Humanitarian", Area::Humanitarian),
    ];

    fn named(name: &str) -> Option<Area> {
        Area::NAMES.iter().find(|(known, _)| *known == name).map(|(_, area)| *area)
    }

    fn of(class: ObjectClass) -> Option<Area> {
        match class {
            ObjectClass::Residential => Some(Area::Residential),
            ObjectClass::School => Some(Area::School),
            ObjectClass::Hospital => Some(Area::Healthcare),
            ObjectClass::Religious => Some(Area::Religious),
            ObjectClass::Cultural => Some(Area::Cultural),
            ObjectClass::Market => Some(Area::Commercial),
            ObjectClass::Administrative => Some(Area::Administrative),
            ObjectClass::Industrial
            | ObjectClass::Agriculture
            | ObjectClass::Nuclear
            | ObjectClass::Infrastructure => Some(Area::Industrial),
            ObjectClass::Transport => Some(Area::Transport),
            ObjectClass::Humanitarian | ObjectClass::Shelter => Some(Area::Humanitarian),
            ObjectClass::Vehicle | ObjectClass::Other => None,
        }
    }
}

fn measure(corpora: &Path) -> Result<Vec<Measured>, Error> {
    let rows: Vec<Row> = rows(&corpora.join(INCIDENTS_BELLINGCAT.file))?;
    let mut counts = [Counts::default(); Area::NAMES.len()];
    for row in &rows {
        let Some(labelled) = row.area() else { continue };
        let article = Article { text: &row.description, published: row.date, ..Article::default() };
        tally(labelled, area(&read(&article)), &mut counts);
    }
    Ok(measured(&counts))
}

fn tally(labelled: Area, found: Option<Area>, counts: &mut [Counts; Area::NAMES.len()]) {
    counts[labelled as usize].labelled += 1;
    if let Some(found) = found {
        counts[found as usize].found += 1;
        counts[found as usize].right += usize::from(found == labelled);
    }
}

fn measured(counts: &[Counts]) -> Vec<Measured> {
    let rows = counts.iter().map(|count| count.labelled).sum();
    let right = counts.iter().map(|count| count.right).sum();
    vec![
        Measured { measure: "object_class.macro_f1", value: macro_f1(counts.iter().copied()), n: rows },
        Measured { measure: "object_class.accuracy", value: share(right, rows), n: rows },
    ]
}

/// Returns the type of area that a reading speaks of.
fn area(reading: &Reading) -> Option<Area> {
    let allegations: Vec<&Allegation> = reading
        .claims
        .iter()
        .filter_map(|claim| match &claim.kind {
            ClaimKind::Allegation(allegation) => Some(&**allegation),
            _ => None,
        })
        .collect();
    let named = allegations.iter().find_map(|allegation| {
        let classes = &allegation.object_class;
        classes.get(1).or(classes.first()).copied().and_then(Area::of)
    });
    named.or_else(|| allegations.iter().any(|allegation| is_in_area(allegation)).then_some(Area::Residential))
}

/// Tells whether an act hit persons, a place where they live, or an object of no stated use.
fn is_in_area(allegation: &Allegation) -> bool {
    let blow = [
        Act::AttackOnCivilians,
        Act::IndiscriminateAttack,
        Act::Killing,
        Act::ProhibitedWeapon,
        Act::Destruction,
    ];
    blow.contains(&allegation.act) || !allegation.object_class.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn area_of(text: &str) -> Option<Area> {
        area(&read(&Article { text, ..Article::default() }))
    }

    #[test]
    fn the_closer_class_decides() {
        assert_eq!(area_of("Bridge destroyed by a missile."), Some(Area::Transport));
        assert_eq!(area_of("Troops shelled the power station."), Some(Area::Industrial));
    }

    #[test]
    fn a_populated_place_alone_is_residential() {
        assert_eq!(area_of("Troops shelled the village of Orsk."), Some(Area::Residential));
        assert_eq!(area_of("The weather was fine."), None);
    }

    #[test]
    fn every_class_weighs_the_same_and_no_answer_is_wrong() {
        let mut counts = [Counts::default(); Area::NAMES.len()];
        tally(Area::School, Some(Area::School), &mut counts);
        tally(Area::School, Some(Area::School), &mut counts);
        tally(Area::Religious, None, &mut counts);
        let [macro_f1, accuracy] = measured(&counts).try_into().unwrap();
        assert_eq!((macro_f1.value, macro_f1.n), (0.5, 3));
        assert_eq!(accuracy.value, 2.0 / 3.0);
    }

    #[test]
    fn the_tags_without_a_counterpart_are_left_out() {
        let row = r#"{"description": "", "tags": [["Weapon System", "Unknown"], ["Type of area affected", "Undefined"]]}"#;
        assert_eq!(serde_json::from_str::<Row>(row).unwrap().area(), None);
    }
}
