//! What people decide on incidents and stories: how it stands in the log, from which the rows take it.
//!
//! A decision is one leaf that says what was done, by whom, when and why, and directly behind it one leaf for each
//! report or account that it is about. So an original can be erased with all that names it, and the decision stays.

use jiff::Timestamp;
use model::Digest;
use preserve::log::{Field, Leaf, Line};
use store::{DecisionRow, SubjectRow};

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    /// Something belongs to an incident or story.
    Link,
    /// It does not.
    Unlink,
    /// Several are one.
    Merge,
    /// Some are one of their own.
    Split,
    /// A decision is taken back.
    Undo,
}

impl Act {
    const ALL: [Act; 5] = [Act::Link, Act::Unlink, Act::Merge, Act::Split, Act::Undo];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Act::Link => "link",
            Act::Unlink => "unlink",
            Act::Merge => "merge",
            Act::Split => "split",
            Act::Undo => "undo",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Act> {
        Act::ALL.into_iter().find(|act| act.name() == name)
    }
}

/// On what something is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum About {
    Incident,
    Story,
}

impl About {
    pub(crate) fn name(self) -> &'static str {
        match self {
            About::Incident => "incident",
            About::Story => "story",
        }
    }
}

/// The part that a report or account plays in a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// It is linked, unlinked or split off.
    Moved,
    /// It was with what is moved, which is kept away from it.
    From,
    /// What is moved goes to it; in a merge, it is of those that are one.
    To,
}

impl Role {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Role::Moved => "moved",
            Role::From => "from",
            Role::To => "to",
        }
    }
}

/// Returns what a decision is called.
pub(crate) fn id(leaf: u64) -> String {
    format!("d-{leaf}")
}

/// Returns the number of the decision that is called so.
pub(crate) fn number(id: &str) -> Option<u64> {
    id.strip_prefix("d-")?.parse().ok()
}

/// Tells whether a decision says anything that stands: it was not taken back, and is none that takes back.
pub(crate) fn stands(row: &DecisionRow) -> bool {
    row.undone_by.is_none() && row.act != Act::Undo.name()
}

/// Tells whether a decision is still about something. What it was about may have been erased.
pub(crate) fn is_about_anything(row: &DecisionRow) -> bool {
    let has = |role: Role| row.subjects.iter().any(|subject| subject.role == role.name());
    match Act::from_name(&row.act) {
        Some(Act::Undo) => true,
        Some(Act::Merge) | None => !row.subjects.is_empty(),
        Some(_) => has(Role::Moved) && (has(Role::From) || has(Role::To)),
    }
}

/// Puts a decision into the form that [`corroborate`] lays over what was found; `named` finds what a subject names.
pub(crate) fn laid<T>(
    row: &DecisionRow,
    mut named: impl FnMut(&SubjectRow) -> anyhow::Result<Option<T>>,
) -> anyhow::Result<corroborate::Decision<T>>
where
    T: Copy,
{
    let mut decision = corroborate::Decision {
        number: row.leaf,
        together: Vec::new(),
        torn: Vec::new(),
        from: Vec::new(),
        to: Vec::new(),
    };
    let act = Act::from_name(&row.act);
    for subject in &row.subjects {
        let Some(name) = named(subject)? else { continue };
        match subject.role.as_str() {
            "to" if act == Some(Act::Merge) => decision.together.push(name),
            "to" => decision.to.push(name),
            "from" => decision.from.push(name),
            _ => {
                decision.torn.push(name);
                if act == Some(Act::Split) {
                    decision.together.push(name);
                }
            }
        }
    }
    Ok(decision)
}

const DECISION: &str = "decision";
const SUBJECT: &str = "subject";

/// Writes the leaves of a decision of which the first has the number `first`.
pub(crate) fn leaves(first: u64, row: &DecisionRow) -> Vec<Leaf> {
    let time = row.decided_at.to_string();
    let mut fields = vec![
        ("act", Field::Text(&row.act)),
        ("about", Field::Text(&row.about)),
        ("by", Field::Text(&row.decided_by)),
        ("reason", Field::Text(&row.reason)),
        ("time", Field::Text(&time)),
        ("subjects", Field::Number(row.subjects.len() as u64)),
    ];
    fields.extend(row.undoes.map(|undone| ("undoes", Field::Number(undone))));
    let subjects = row.subjects.iter().map(|subject| subject_leaf(first, subject));
    std::iter::once(Leaf::new(DECISION, &fields)).chain(subjects).collect()
}

fn subject_leaf(decision: u64, subject: &SubjectRow) -> Leaf {
    let original = Digest::from_bytes(subject.digest).to_string();
    let mut fields = vec![
        ("decision", Field::Number(decision)),
        ("role", Field::Text(&subject.role)),
        ("original", Field::Text(&original)),
    ];
    if let Some((begins, number)) = subject.account {
        fields.extend([("begins", Field::Number(begins)), ("account", Field::Number(number))]);
    }
    Leaf::new(SUBJECT, &fields)
}

/// Reads decisions from leaves that come one after the other.
#[derive(Default)]
pub(crate) struct Reader {
    /// The decision whose leaves are being read, and how many are missing.
    open: Option<(DecisionRow, u64)>,
}

impl Reader {
    /// Takes the next leaf, and returns the decision whose last leaf it is.
    pub(crate) fn take(&mut self, number: u64, line: &Line) -> Option<DecisionRow> {
        let leaf = line.leaf();
        if let Some((mut row, missing)) = self.open.take() {
            match leaf.filter(|leaf| leaf.kind() == SUBJECT && leaf.number(DECISION) == Some(row.leaf)) {
                Some(leaf) => row.subjects.extend(subject(leaf)),
                // Erased with its original.
                None if leaf.is_none() => {}
                // The run was cut off before all leaves were written, and nobody was told of the decision.
                None => return self.begin(number, leaf),
            }
            return self.go_on(row, missing - 1);
        }
        self.begin(number, leaf)
    }

    fn begin(&mut self, number: u64, leaf: Option<&Leaf>) -> Option<DecisionRow> {
        let leaf = leaf.filter(|leaf| leaf.kind() == DECISION)?;
        let row = DecisionRow {
            leaf: number,
            act: leaf.text("act")?.to_owned(),
            about: leaf.text("about")?.to_owned(),
            decided_at: leaf.text("time")?.parse::<Timestamp>().ok()?,
            decided_by: leaf.text("by")?.to_owned(),
            reason: leaf.text("reason")?.to_owned(),
            undoes: leaf.number("undoes"),
            undone_by: None,
            subjects: Vec::new(),
        };
        self.go_on(row, leaf.number("subjects")?)
    }

    fn go_on(&mut self, row: DecisionRow, missing: u64) -> Option<DecisionRow> {
        if missing == 0 {
            return Some(row);
        }
        self.open = Some((row, missing));
        None
    }
}

fn subject(leaf: &Leaf) -> Option<SubjectRow> {
    Some(SubjectRow {
        role: leaf.text("role")?.to_owned(),
        digest: *leaf.digest("original")?.as_bytes(),
        account: leaf.number("begins").zip(leaf.number("account")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(leaf: u64, subjects: u8) -> DecisionRow {
        let subject = |number: u8| SubjectRow {
            role: if number == 0 { "moved" } else { "to" }.into(),
            digest: [number; 32],
            account: (number != 1).then_some((40, u64::from(number))),
        };
        DecisionRow {
            leaf,
            act: "link".into(),
            about: "incident".into(),
            decided_at: Timestamp::from_second(1_932_336_000).unwrap(),
            decided_by: "Mira Vey".into(),
            reason: "one „strike“, two names".into(),
            undoes: None,
            undone_by: None,
            subjects: (0..subjects).map(subject).collect(),
        }
    }

    /// Reads lines that stand one after the other in the log.
    fn read(leaves: impl IntoIterator<Item = Option<Leaf>>) -> Vec<DecisionRow> {
        let mut reader = Reader::default();
        let lines = leaves.into_iter().map(|leaf| match leaf {
            Some(leaf) => Line::Live { salt: [0; 32], leaf },
            None => Line::Erased { entry: [0; 32] },
        });
        lines.zip(0..).filter_map(|(line, number)| reader.take(number, &line)).collect()
    }

    #[test]
    fn what_is_written_is_read() {
        let undo = DecisionRow { act: "undo".into(), undoes: Some(0), ..row(4, 0) };
        let written = leaves(0, &row(0, 3)).into_iter().chain(leaves(4, &undo)).map(Some);
        assert_eq!(read(written), [row(0, 3), undo]);
    }

    #[test]
    fn what_was_erased_is_left_out() {
        let mut lines: Vec<Option<Leaf>> = leaves(0, &row(0, 3)).into_iter().map(Some).collect();
        lines[2] = None;
        let read = read(lines);
        assert_eq!(read[0].subjects.iter().map(|subject| subject.digest[0]).collect::<Vec<_>>(), [0, 2]);
        assert!(is_about_anything(&read[0]));
    }

    #[test]
    fn a_decision_that_was_cut_off_is_none() {
        let cut = leaves(0, &row(0, 3)).into_iter().take(2);
        let other = Leaf::new("reading", &[]);
        let after = leaves(3, &row(3, 2));
        assert_eq!(read(cut.chain([other]).chain(after).map(Some)), [row(3, 2)]);
    }
}
