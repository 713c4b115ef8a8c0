use std::sync::LazyLock;

use model::{Claim, ClaimKind, Span};

use crate::Read;

/// What somebody says that a claim rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Basis {
    /// The speaker was there: "I saw", "had counted".
    Saw,
    /// Documents, pictures, registers, measurements.
    Documents,
    /// Intelligence.
    Intelligence,
    /// Others told the speaker.
    WasTold,
    /// Nothing is said of it.
    Unspecified,
}

impl Basis {
    /// All of them, in the order in which they are looked for.
    pub const ALL: &'static [Basis] =
        &[Basis::Saw, Basis::Documents, Basis::Intelligence, Basis::WasTold, Basis::Unspecified];

    /// Returns the fixed name in formats and filters.
    pub fn name(self) -> &'static str {
        match self {
            Basis::Saw => "saw",
            Basis::Documents => "documents",
            Basis::Intelligence => "intelligence",
            Basis::WasTold => "was_told",
            Basis::Unspecified => "unspecified",
        }
    }

    /// Reads what a claim is said to rest on: in the basis of a determination, else in the sentence of the claim.
    ///
    /// It says what the words say, not that it is so.
    pub(crate) fn of(read: &Read<'_>, claim: &Claim) -> Basis {
        let text = &read.report.text;
        let stated = match &claim.kind {
            ClaimKind::Determination(determination) => determination.basis,
            _ => None,
        };
        let spans = [stated, sentence(read, claim.span)];
        let words: String = spans.into_iter().flatten().map(|span| spaced(text.quote(span))).collect();
        let found = WORDS.iter().find(|(_, phrases)| phrases.iter().any(|phrase| words.contains(phrase)));
        found.map_or(Basis::Unspecified, |(basis, _)| *basis)
    }
}

/// Finds the sentence that holds some words.
fn sentence(read: &Read<'_>, words: Span) -> Option<Span> {
    let body = &read.report.body;
    let piece = body.get(body.partition_point(|piece| piece.span.end() <= words.start()))?;
    let at = piece.sentences.partition_point(|sentence| sentence.end() <= words.start());
    piece.sentences.get(at).copied().filter(|sentence| sentence.contains(words))
}

/// The words in lower case with a space at either side.
pub(crate) fn spaced(words: &str) -> String {
    let plain: String = words.chars().map(|mark| if mark.is_alphanumeric() { mark } else { ' ' }).collect();
    let words: Vec<String> = plain.split_whitespace().map(str::to_lowercase).collect();
    format!(" {} ", words.join(" "))
}

static WORDS: LazyLock<Vec<(Basis, Vec<String>)>> = LazyLock::new(|| {
    let rows = include_str!("../lexicons/basis.txt").lines().filter_map(|line| line.split_once(": "));
    let named = |name: &str| Basis::ALL.iter().copied().find(|basis| basis.name() == name);
    rows.filter_map(|(name, phrases)| Some((named(name)?, phrases.split(", ").map(spaced).collect())))
        .collect()
});

#[cfg(test)]
mod tests {
    use model::{Act, Polarity};

    use super::*;
    use crate::ReportKey;
    use crate::fixture::{Said, allegation, claim, report};

    fn check(sentence: &str) -> &'static str {
        let report = report("Post", "2031-03-12", sentence);
        let said = Said { words: "shelled", by: &["Ila Brann"], polarity: Polarity::Asserted };
        let claims = vec![claim(&report, &said, allegation(&report, Act::AttackOnCivilians, ["", ""]))];
        Basis::of(&Read { key: ReportKey(1), report: &report, claims: &claims }, &claims[0]).name()
    }

    #[test]
    fn a_basis_is_read_from_the_sentence() {
        assert_eq!(check("“I saw how they shelled the mill,” Ila Brann said."), "saw");
        assert_eq!(check("Satellite pictures show that Zarvo was shelled, Ila Brann said."), "documents");
        assert_eq!(check("Zarvo was shelled, said Ila Brann, who was told so by a baker."), "was_told");
        assert_eq!(check("Zarvo was shelled, by all that intelligence tells, she said."), "intelligence");
        assert_eq!(check("Zarvo was shelled, Ila Brann said."), "unspecified");
        assert_eq!(
            check("Attacks carried out by Kaldria shelled Zarvo, which saw days of war."),
            "unspecified"
        );
    }

    #[test]
    fn every_line_names_a_basis() {
        assert_eq!(WORDS.len(), Basis::ALL.len() - 1);
    }
}
