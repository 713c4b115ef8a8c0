//! One copy family, drawn up from the texts of the originals and the claims in the rows when it is asked for.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use corroborate::{CopyLink, Family, FamilyOrigin, ReportKey, Sketch};
use store::{Store, StoredReport};

use crate::incidents::{Held, Shelf};
use crate::wire::{FamilySheet, FamilyTie, Link, Member, Names};

/// Members whose texts are compared with one another, the earliest of them.
const COMPARED: usize = 64;

/// Digits of the digest of the first report that name a family, as they name a story.
const DIGITS: usize = 12;

/// Draws up the family of a report; `None` if it is in none.
pub(crate) fn sheet(shelf: &Shelf<'_>, report: i64) -> anyhow::Result<Option<FamilySheet>> {
    let Some(family) = shelf.store.family_of(report)? else { return Ok(None) };
    let keys = shelf.store.members_of_family(family)?;
    let described = Family::of(&sketches(shelf.store, &keys)?);
    let mut rows = Vec::new();
    for &key in &described.members {
        rows.extend(shelf.store.report(key.0 as i64)?);
    }
    let compared: BTreeSet<ReportKey> = described.members.iter().take(COMPARED).copied().collect();
    let held = Held::load(shelf, &compared)?;
    Ok(Some(FamilySheet {
        id: id(&rows),
        origin: match &described.origin {
            FamilyOrigin::Member(key) => Some(held.report(*key)),
            FamilyOrigin::Agency(agency) => Some(agency.clone()),
            FamilyOrigin::Unknown => None,
        },
        reason: described.reason.clone(),
        ties: ties(&held, &described.members),
        left_out: described.members.len().saturating_sub(COMPARED),
        members: rows.iter().map(Member::from).collect::<Vec<Member>>(),
    }))
}

/// Names a family after its first report.
fn id(rows: &[StoredReport]) -> String {
    let digest = rows.first().map(|first| model::Digest::from_bytes(first.row.digest).hex());
    format!("f-{}", digest.as_deref().and_then(|digest| digest.get(..DIGITS)).unwrap_or_default())
}

fn sketches(store: &Store, keys: &[i64]) -> anyhow::Result<Vec<(ReportKey, Arc<Sketch>)>> {
    let mut sketches = Vec::new();
    for &key in keys {
        // A sketch of another version is made again by `reindex`.
        let sketch = store.sketch(key)?.and_then(|bytes| Sketch::from_bytes(&bytes).ok());
        sketches.extend(sketch.map(|sketch| (ReportKey(key as u64), Arc::new(sketch))));
    }
    Ok(sketches)
}

/// Ties each member to the earlier one whose text it shares most of.
fn ties(held: &Held, members: &[ReportKey]) -> Vec<FamilyTie> {
    let place: BTreeMap<ReportKey, usize> = members.iter().enumerate().map(|(at, &key)| (key, at)).collect();
    let mut best: BTreeMap<usize, CopyLink> = BTreeMap::new();
    for link in held.links().into_iter().filter(|link| link.class.is_copy()) {
        let (Some(&a), Some(&b)) = (place.get(&link.a), place.get(&link.b)) else { continue };
        let earlier = |link: &CopyLink, later: usize| {
            [link.a, link.b].iter().filter_map(|key| place.get(key)).copied().find(|&at| at != later)
        };
        let later = a.max(b);
        let is_better = best.get(&later).is_none_or(|held| {
            let more = link.containment.total_cmp(&held.containment);
            more.then(earlier(held, later).cmp(&Some(a.min(b)))).is_gt()
        });
        if is_better {
            best.insert(later, link);
        }
    }
    best.into_iter().map(|(later, link)| tie(held, members[later], &link)).collect()
}

fn tie(held: &Held, report: ReportKey, link: &CopyLink) -> FamilyTie {
    let words = |key, span| {
        let reading = Names::reading(held, key);
        reading.map(|reading| reading.report.text.quote(span).to_owned()).unwrap_or_default()
    };
    FamilyTie {
        report: Names::report(held, report),
        of: Names::report(held, if link.a == report { link.b } else { link.a }),
        words: link.passages.iter().map(|it| [words(link.a, it.a), words(link.b, it.b)]).collect(),
        link: Link::new(link, held),
    }
}
