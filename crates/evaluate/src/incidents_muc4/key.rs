//! The answer key: what the annotators filled into each slot.

use std::collections::HashMap;

use serde::Deserialize;

use super::slots::{SLOTS, Slot};

/// One message with its templates.
#[derive(Deserialize)]
pub(crate) struct Message {
    pub(crate) text: String,
    templates: Vec<HashMap<String, Filled>>,
}

/// A slot as the file writes it.
#[derive(Deserialize)]
#[serde(untagged)]
enum Filled {
    Words(Option<String>),
    Fills(Vec<Written>),
}

#[derive(Deserialize)]
struct Written {
    optional: bool,
    alts: Vec<Alternative>,
}

#[derive(Deserialize)]
struct Alternative {
    #[serde(rename = "type")]
    kind: Option<String>,
    string: Option<String>,
    #[serde(default)]
    xref: Vec<String>,
}

/// One fill of the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KeyFill {
    /// Whether a response may leave it out.
    pub(crate) optional: bool,
    /// The values of which each is right.
    pub(crate) values: Vec<String>,
    /// The wordings of the thing that the fill is about; empty if it has no cross-reference.
    pub(crate) about: Vec<String>,
}

/// One template of the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KeyTemplate {
    /// Whether a response may leave it out.
    pub(crate) optional: bool,
    /// The fills of each slot, in the order of [`SLOTS`].
    pub(crate) slots: Vec<Vec<KeyFill>>,
}

impl Message {
    pub(crate) fn key(&self) -> Vec<KeyTemplate> {
        self.templates.iter().map(template).collect()
    }
}

fn template(written: &HashMap<String, Filled>) -> KeyTemplate {
    let optional =
        matches!(written.get("template"), Some(Filled::Words(Some(number))) if number.contains("OPTIONAL"));
    let slots = SLOTS.iter().map(|slot| written.get(slot.name).map_or_else(Vec::new, |f| fills(slot, f)));
    KeyTemplate { optional, slots: slots.collect() }
}

fn fills(slot: &Slot, filled: &Filled) -> Vec<KeyFill> {
    match filled {
        Filled::Words(None) => Vec::new(),
        // Alternatives of a date or location stand between slashes, each perhaps in brackets.
        Filled::Words(Some(words)) => {
            let values = words.split(" / ").map(|value| value.trim().to_owned());
            vec![KeyFill { optional: false, values: values.collect(), about: Vec::new() }]
        }
        Filled::Fills(fills) => fills.iter().filter_map(|fill| key_fill(slot, fill)).collect(),
    }
}

fn key_fill(slot: &Slot, fill: &Written) -> Option<KeyFill> {
    let kinds: Vec<String> = fill.alts.iter().filter_map(|alt| alt.kind.clone()).collect();
    let strings = || fill.alts.iter().filter_map(|alt| alt.string.clone()).filter(|words| is_wording(words));
    let (values, about) = if slot.is_string() {
        let about =
            fill.alts.iter().flat_map(|alt| alt.xref.iter().cloned()).filter(|words| is_wording(words));
        (strings().collect::<Vec<_>>(), about.collect())
    } else {
        // Two values of a set in one fill are written with a slash, sometimes with a dash for "nothing" behind a colon.
        let values = kinds
            .iter()
            .flat_map(|kind| kind.split('/'))
            .map(|kind| kind.trim().trim_end_matches(": -").trim_matches(['(', ')']).trim().to_owned());
        (values.collect(), strings().collect())
    };
    (!values.is_empty()).then_some(KeyFill { optional: fill.optional, values, about })
}

/// Tells whether a string of the key is more than a dash or a stray mark.
fn is_wording(words: &str) -> bool {
    words.chars().any(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(slots: &str) -> KeyTemplate {
        let row = format!(r#"{{"text": "", "templates": [{{"template": "1 (OPTIONAL)", {slots}}}]}}"#);
        let message: Message = serde_json::from_str(&row).unwrap();
        message.key().remove(0)
    }

    fn fills_of(template: &KeyTemplate, name: &str) -> Vec<KeyFill> {
        let at = SLOTS.iter().position(|slot| slot.name == name).unwrap();
        template.slots[at].clone()
    }

    #[test]
    fn alternatives_of_a_set_fill_share_their_cross_references() {
        let template = message(
            r#""PHYS TGT: NUMBER": [{"optional": true, "alts": [{"type": "1"}, {"type": "PLURAL", "string": "MILLS"}]}]"#,
        );
        assert!(template.optional);
        assert_eq!(
            fills_of(&template, "PHYS TGT: NUMBER"),
            [KeyFill {
                optional: true,
                values: vec!["1".into(), "PLURAL".into()],
                about: vec!["MILLS".into()]
            }]
        );
    }

    #[test]
    fn locations_may_have_alternatives_and_slots_may_be_empty() {
        let template = message(r#""INCIDENT: LOCATION": "(ESTMARK) / (RURITANIA)", "INCIDENT: DATE": null"#);
        assert_eq!(fills_of(&template, "INCIDENT: LOCATION")[0].values, ["(ESTMARK)", "(RURITANIA)"]);
        assert!(fills_of(&template, "INCIDENT: DATE").is_empty());
    }
}
