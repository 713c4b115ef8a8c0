//! Pairs of reports, labelled by what their common words amount to.

use std::collections::HashMap;
use std::path::Path;

use corroborate::CopyClass;
use extract::Reading;
use jiff::civil::Date;
use serde::Deserialize;

use crate::counts::Counts;
use crate::reading::{Article, read};
use crate::rows::rows;
use crate::stream::stream;
use crate::{Corpus, Error, Measured};

/// Measures whether copies are told from reports that only share a story, a quotation or a form.
///
/// `copy.f1` is the F1 of saying of a labelled pair that one text was made from the other or both from a third;
/// `near.f1` that of the classes `identical` and `syndicated` taken together. All texts come as one stream: a pair
/// that the search for candidates does not bring up counts as no copy.
pub(crate) const COPIES_GOLD: Corpus =
    Corpus { name: "copies-gold", file: "copies-gold-pairs.jsonl", measure };

#[derive(Deserialize)]
struct Pair {
    a: String,
    b: String,
    copy: bool,
    label: String,
}

#[derive(Deserialize)]
struct Row {
    id: String,
    outlet: Option<String>,
    date: Option<Date>,
    title: Option<String>,
    text: String,
}

fn measure(corpora: &Path) -> Result<Vec<Measured>, Error> {
    let pairs: Vec<Pair> = rows(&corpora.join(COPIES_GOLD.file))?;
    let texts: Vec<Row> = rows(&corpora.join("copies-gold-texts.jsonl"))?;
    let readings: Vec<Reading> = texts.iter().map(reading).collect();
    let keys: HashMap<&str, usize> =
        texts.iter().enumerate().map(|(at, row)| (row.id.as_str(), at)).collect();
    let stream = stream(&readings);
    let found: HashMap<(u64, u64), CopyClass> =
        stream.links().iter().map(|link| (ordered(link.a.0, link.b.0), link.class)).collect();
    let (mut copy, mut near) = (Counts::default(), Counts::default());
    for pair in &pairs {
        let (Some(&a), Some(&b)) = (keys.get(pair.a.as_str()), keys.get(pair.b.as_str())) else { continue };
        let class = found.get(&ordered(a as u64, b as u64)).copied();
        copy.add(one(pair.copy, class.is_some_and(CopyClass::is_copy)));
        let is_near = |name: &str| name == "identical" || name == "syndicated";
        near.add(one(is_near(&pair.label), class.is_some_and(|class| is_near(class.name()))));
    }
    Ok(vec![
        Measured { measure: "copy.f1", value: copy.f1(), n: copy.labelled },
        Measured { measure: "near.f1", value: near.f1(), n: near.labelled },
    ])
}

fn reading(row: &Row) -> Reading {
    read(&Article {
        text: &row.text,
        published: row.date,
        outlet: row.outlet.as_deref(),
        title: row.title.as_deref(),
    })
}

fn ordered(a: u64, b: u64) -> (u64, u64) {
    (a.min(b), a.max(b))
}

/// Counts one yes-or-no question.
fn one(labelled: bool, found: bool) -> Counts {
    Counts {
        right: usize::from(labelled && found),
        found: usize::from(found),
        labelled: usize::from(labelled),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_yes_to_a_yes_is_right() {
        assert_eq!(one(true, true), Counts { right: 1, found: 1, labelled: 1 });
        assert_eq!(one(false, true), Counts { right: 0, found: 1, labelled: 0 });
        assert_eq!(one(true, false), Counts { right: 0, found: 0, labelled: 1 });
    }
}
