//! Which kinds of object an incident of Airwars hit.

use extract::Reading;
use model::{Act, ClaimKind, ObjectClass};

use crate::Measured;
use crate::counts::Counts;

/// Counts the classes of object of incidents, row by row.
///
/// No definition was published. The record's "Infrastructure" is a list of their classes or "None". Theirs and ours
/// are brought to one class each; the classes of all allegations of a row that are not comparisons, denials or only
/// imagined are compared with the record's as sets, and `infrastructure.f1` is the F1 over all pairs of row and class
/// together. A row with "None" labels nothing, so that what is found there counts against the reading. Classes of ours
/// without a counterpart (markets, vehicles, public buildings and others) are left out.
///
/// | theirs | ours |
/// |---|---|
/// | Residential, Apartment Building | `residential` |
/// | IDP or Refugee Camp | `shelter` |
/// | Education | `school` |
/// | Healthcare, Hospital, Ambulance | `hospital` |
/// | Religious | `religious` |
/// | Humanitarian, Evacuation Route | `humanitarian` |
/// | Agriculture | `agriculture` |
/// | Water | `infrastructure` without a closer class |
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Infrastructure(Counts);

impl Infrastructure {
    /// Adds one row: the words of the record, and the reading of the narrative.
    pub(crate) fn add(&mut self, record: &str, reading: &Reading) {
        let (labelled, found) = (labelled(record), found(reading));
        self.0.add(Counts {
            right: found.iter().filter(|class| labelled.contains(class)).count(),
            found: found.len(),
            labelled: labelled.len(),
        });
    }

    pub(crate) fn measured(self) -> Measured {
        Measured { measure: "infrastructure.f1", value: self.0.f1(), n: self.0.labelled }
    }
}

fn labelled(record: &str) -> Vec<ObjectClass> {
    distinct(record.split(',').filter_map(|name| class_named(name.trim())))
}

fn class_named(name: &str) -> Option<ObjectClass> {
    match name {
        "Residential" | "Apartment Building" => Some(ObjectClass::Residential),
        "IDP or Refugee Camp" => Some(ObjectClass::Shelter),
        "Education" => Some(ObjectClass::School),
        "Healthcare" | "Hospital" | "Ambulance" => Some(ObjectClass::Hospital),
        "Religious" => Some(ObjectClass::Religious),
        "Humanitarian" | "Evacuation Route" => Some(ObjectClass::Humanitarian),
        "Agriculture" => Some(ObjectClass::Agriculture),
        "Water" => Some(ObjectClass::Infrastructure),
        _ => None,
    }
}

fn found(reading: &Reading) -> Vec<ObjectClass> {
    use model::Polarity::{Asserted, Questioned};
    let classes = reading.claims.iter().filter_map(|claim| match &claim.kind {
        ClaimKind::Allegation(allegation) if matches!(claim.polarity, Asserted | Questioned) => {
            let classes = &allegation.object_class;
            let class = classes.get(1).or(classes.first()).copied();
            // What people were attacked near was not hit.
            class.filter(|_| !allegation.comparison && allegation.act != Act::AttackOnCivilians)
        }
        _ => None,
    });
    let counterparts = [
        ObjectClass::Residential,
        ObjectClass::Shelter,
        ObjectClass::School,
        ObjectClass::Hospital,
        ObjectClass::Religious,
        ObjectClass::Humanitarian,
        ObjectClass::Agriculture,
        ObjectClass::Infrastructure,
    ];
    distinct(classes.filter(|class| counterparts.contains(class)))
}

fn distinct(classes: impl Iterator<Item = ObjectClass>) -> Vec<ObjectClass> {
    let mut distinct: Vec<ObjectClass> = classes.collect();
    distinct.sort_unstable();
    distinct.dedup();
    distinct
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::{Article, read};

    const TEXT: &str = "An airstrike destroyed two homes in Varden. Shells hit a school and a market.";

    fn infrastructure(record: &str) -> Counts {
        let mut infrastructure = Infrastructure::default();
        infrastructure.add(record, &read(&Article { text: TEXT, ..Article::default() }));
        infrastructure.0
    }

    #[test]
    fn classes_are_compared_as_sets() {
        let record = "Apartment Building, Residential, Education";
        assert_eq!(infrastructure(record), Counts { right: 2, found: 2, labelled: 2 });
    }

    #[test]
    fn what_is_found_where_nothing_is_recorded_is_wrong() {
        assert_eq!(infrastructure("None"), Counts { right: 0, found: 2, labelled: 0 });
    }
}
