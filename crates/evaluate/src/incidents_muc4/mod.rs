//! Incidents of war and terror, filled into templates by the rules of the Fourth Message Understanding Conference.

mod key;
mod response;
mod slots;
mod strings;
mod tally;

use std::path::Path;

use crate::reading::{Article, read};
use crate::rows::rows;
use crate::{Corpus, Error, Measured};
use key::Message;
use tally::Tally;

/// Measures templates as MUC-4 did (Chinchor, "MUC-4 Evaluation Metrics", 1992, and the conference's appendix C).
///
/// Each template of a message has 23 slots. Templates of the response are aligned with those of the key so that most
/// is earned, each with one at most, and only where the type of incident and one of perpetrator, object or person agree
/// at least in part. A fill is correct, partial (one half), incorrect, spurious or missing; a set fill about another
/// thing than the key's, or more general than the key's, is partial; any of the key's alternatives will do; optional
/// fills and templates count only if they are found. What persons judged then is a rule here: words with the same head
/// are right if one wording holds the other, else partial; names are right if two names agree; dates that may be the
/// same, and another place in the same country, are partial.
///
/// Recall is (correct + partial / 2) in all fills of the key, precision the same in all fills of the response, f1 their
/// harmonic mean. `all_templates` counts every slot of missing and of spurious templates; `matched_only` leaves both
/// out. `messages` tells relevant messages, those with a template, from others.
pub(crate) const INCIDENTS_MUC4: Corpus =
    Corpus { name: "incidents-muc4", file: "incidents-muc4.jsonl", measure };

fn measure(corpora: &Path) -> Result<Vec<Measured>, Error> {
    let messages: Vec<Message> = rows(&corpora.join(INCIDENTS_MUC4.file))?;
    let (mut all, mut matched) = (Tally::default(), Tally::default());
    let mut filtered = crate::Counts::default();
    for message in &messages {
        let key = message.key();
        let response = response::templates(&read(&Article { text: &message.text, ..Article::default() }));
        let required = key.iter().any(|template| !template.optional);
        filtered.labelled += usize::from(required);
        filtered.found += usize::from(!response.is_empty() && (required || key.is_empty()));
        filtered.right += usize::from(!response.is_empty() && required);
        for pairing in tally::align(&key, &response) {
            let pair = (pairing.key.map(|i| &key[i]), pairing.response.map(|j| &response[j]));
            for (_, tally) in tally::slots(pair.0, pair.1) {
                all.add(tally);
                if pair.0.is_some() && pair.1.is_some() {
                    matched.add(tally);
                }
            }
        }
    }
    let n = all.possible();
    let measured = |measure, value, n| Measured { measure, value, n };
    Ok(vec![
        measured("all_templates.f1", all.f1(), n),
        measured("all_templates.precision", all.precision(), all.actual()),
        measured("all_templates.recall", all.recall(), n),
        measured("matched_only.f1", matched.f1(), matched.possible()),
        measured("messages.f1", filtered.f1(), filtered.labelled),
    ])
}
