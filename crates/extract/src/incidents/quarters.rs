//! Parts of towns: "the Orova neighbourhood", "the district of Vey".

use std::ops::Range;

use language::Doc;

use super::lexicon::LEXICON;

/// No name of a part of a town has more words.
const LONGEST: usize = 5;

/// Returns the first part of a town that these tokens name.
pub(super) fn quarter(doc: &Doc<'_>, sentence: Range<usize>) -> Option<Range<usize>> {
    sentence.clone().filter(|at| LEXICON.quarters.contains(doc.lower(*at))).find_map(|at| {
        let before = before(doc, sentence.start..at);
        let named = if before.is_empty() { behind(doc, at + 1..sentence.end) } else { before };
        doc.bytes(named).filter(|bytes| !bytes.is_empty())
    })
}

/// Returns the capital words that end these tokens.
fn before(doc: &Doc<'_>, tokens: Range<usize>) -> Range<usize> {
    let length = tokens.clone().rev().take(LONGEST).take_while(|at| is_capital(doc, *at)).count();
    tokens.end - length..tokens.end
}

/// Returns the capital words behind "of" at the start of these tokens.
fn behind(doc: &Doc<'_>, tokens: Range<usize>) -> Range<usize> {
    let from = tokens.start + 1;
    if tokens.is_empty() || doc.lower(tokens.start) != "of" {
        return from..from;
    }
    from..from + (from..tokens.end).take(LONGEST).take_while(|at| is_capital(doc, *at)).count()
}

fn is_capital(doc: &Doc<'_>, token: usize) -> bool {
    doc.word(token).starts_with(char::is_uppercase) && doc.lower(token) != "the"
}

#[cfg(test)]
mod tests {
    use std::slice::from_ref;

    use super::*;

    fn found(text: &str) -> Option<String> {
        let doc = Doc::read(text, from_ref(&(0..text.len())));
        quarter(&doc, doc.sentences().first()?.clone()).map(|bytes| text[bytes].to_owned())
    }

    #[test]
    fn names_stand_before_the_kind_or_behind_it() {
        assert_eq!(
            found("A shop in the San Śniegów neighborhood of Tarsk burned."),
            Some("San Śniegów".into())
        );
        assert_eq!(found("A shop in the district of Orova burned."), Some("Orova".into()));
        assert_eq!(found("A shop in a poor neighborhood burned."), None);
        assert_eq!(found("Neighborhood of"), None);
    }
}
