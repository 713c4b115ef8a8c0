//! Ledgers of incidents and situations, from the rows: no original is read for them.

use std::collections::{BTreeMap, BTreeSet};

use corroborate::{ClaimRef, FamilyKey, ReportKey, Stated};
use jiff::civil::Date;
use model::{Caveat, Figure, Measure, Scope};
use store::{ClaimFilter, IncidentRow, ReckoningRow, Store, StoredClaim};

use crate::incidents::account;
use crate::reading::{stored_claim, stored_story};
use crate::wire::{Bounds, Claim, Fields, Ledger, Ledgers, Line, Remark, Situation};

/// Claims by their reports and their positions in these.
pub(crate) type ClaimsOf = BTreeMap<i64, BTreeSet<u64>>;

/// Returns the claims that are about an incident.
pub(crate) fn claims_of(store: &Store, row: &IncidentRow) -> anyhow::Result<ClaimsOf> {
    let wanted: BTreeSet<(i64, u64)> = row.accounts.iter().copied().collect();
    let reports: BTreeSet<i64> = wanted.iter().map(|(report, _)| *report).collect();
    let mut claims = ClaimsOf::new();
    for report in reports {
        for body in store.accounts_of(report)? {
            let account = account(&body)?;
            if wanted.contains(&(report, account.name.number as u64)) {
                claims.entry(report).or_default().extend(account.claims.iter().map(|&claim| claim as u64));
            }
        }
    }
    Ok(claims)
}

/// Sets the figures among some claims beside each other.
pub(crate) fn ledgers(store: &Store, claims: &ClaimsOf) -> anyhow::Result<Ledgers> {
    let mut stated = Vec::new();
    let mut ids = BTreeMap::new();
    for (&report, numbers) in claims {
        let family = store.family_of(report)?.map(|family| FamilyKey(family as u64));
        let told = Told::of(store, report)?;
        for (stored, claim) in told.claims.iter().filter(|(stored, _)| numbers.contains(&stored.number)) {
            if let Some(figure) = figure(claim).filter(|_| claim.polarity == ASSERTED) {
                let stated_here = told.stated((stored, claim), figure, family);
                ids.insert(stated_here.at, claim.id.clone());
                stated.push(stated_here);
            }
        }
    }
    let words = stated.iter().map(|stated| (stated.at, stated.words.clone())).collect();
    let names = Names { ids, words };
    let found = corroborate::ledgers(&stated, &origins(store, claims)?);
    Ok(Ledgers {
        remarks: corroborate::remarks(&found).iter().map(|remark| names.remark(remark)).collect(),
        ledger: found.iter().map(|ledger| names.ledger(ledger)).collect(),
    })
}

/// Stories whose origins are looked at for names of one speaker. A situation is told of in thousands.
const STORIES: usize = 256;

/// Returns the names that stand for one origin, as the stories of some claims have them.
fn origins(store: &Store, claims: &ClaimsOf) -> anyhow::Result<Vec<Vec<String>>> {
    let mut seen = BTreeSet::new();
    let mut origins = Vec::new();
    for &report in claims.keys() {
        for row in store.stories_of(report)? {
            if seen.len() < STORIES && seen.insert(row.id.clone()) {
                let story = stored_story(&row)?;
                let named = story.matters.into_iter().flat_map(|matter| matter.independent);
                let of_story = named.filter(|origin| !origin.also.is_empty());
                origins.extend(of_story.map(|origin| [vec![origin.name], origin.also].concat()));
            }
        }
    }
    origins.sort();
    origins.dedup();
    Ok(origins)
}

/// The polarity of what is said to be so.
const ASSERTED: &str = "asserted";

/// All claims of one report.
struct Told {
    report: i64,
    claims: Vec<(StoredClaim, Claim)>,
}

impl Told {
    fn of(store: &Store, report: i64) -> anyhow::Result<Told> {
        let mut claims = Vec::new();
        store.claims(&ClaimFilter { report: Some(report), ..ClaimFilter::default() }, |stored| {
            let claim = stored_claim(&stored)?;
            claims.push((stored, claim));
            Ok::<(), anyhow::Error>(())
        })?;
        Ok(Told { report, claims })
    }

    fn stated(
        &self,
        (stored, claim): (&StoredClaim, &Claim),
        mut figure: Figure,
        family: Option<FamilyKey>,
    ) -> Stated {
        let Fields::Figure { subset_of, period, .. } = &claim.fields else {
            unreachable!("only figures are stated")
        };
        figure.subset_of = subset_of.as_deref().and_then(|id| self.position(id));
        // The time of a single event says nothing of when its dead were counted.
        let counted_to =
            period.as_ref().filter(|_| figure.scope == Scope::Cumulative).and_then(|period| period.to);
        Stated {
            at: self.at(stored.number as usize),
            figure,
            words: claim.span.words().to_owned(),
            said_by: claim.said_by.iter().map(|speaker| speaker.name.clone()).collect(),
            day: counted_to.or_else(|| self.said_on(stored)).or(stored.published),
            family,
            supersedes: claim.supersedes.as_deref().and_then(|id| self.position(id)).map(|at| self.at(at)),
        }
    }

    fn at(&self, claim: usize) -> ClaimRef {
        ClaimRef { report: ReportKey(self.report as u64), claim }
    }

    fn position(&self, id: &str) -> Option<usize> {
        self.claims.iter().find(|(_, claim)| claim.id == id).map(|(stored, _)| stored.number as usize)
    }

    /// Returns the day on which a statement that holds the words was made.
    fn said_on(&self, words: &StoredClaim) -> Option<Date> {
        let holds = |stored: &StoredClaim| {
            stored.row.span_start <= words.row.span_start && words.row.span_end <= stored.row.span_end
        };
        let around = self.claims.iter().filter(|(stored, _)| holds(stored));
        around.filter_map(|(_, claim)| said_on(claim)).next()
    }
}

fn said_on(claim: &Claim) -> Option<Date> {
    match &claim.fields {
        Fields::Statement { said_on, .. } => *said_on,
        _ => None,
    }
}

/// Returns the figure that a claim is, without its place and time.
fn figure(claim: &Claim) -> Option<Figure> {
    let Fields::Figure { measure, population, lower, upper, stated, approx, vague, scope, caveats, .. } =
        &claim.fields
    else {
        return None;
    };
    Some(Figure {
        measure: Measure::from_name(measure)?,
        population: population.clone(),
        lower: *lower,
        upper: *upper,
        stated: *stated,
        approx: *approx,
        vague: *vague,
        scope: Scope::from_name(scope)?,
        subset_of: None,
        place: None,
        period: None,
        caveats: caveats.iter().filter_map(|name| Caveat::from_name(name)).collect(),
    })
}

/// The ids and the words of claims.
struct Names {
    ids: BTreeMap<ClaimRef, String>,
    words: BTreeMap<ClaimRef, String>,
}

impl Names {
    fn id(&self, at: &ClaimRef) -> String {
        self.ids.get(at).cloned().unwrap_or_default()
    }

    fn remark(&self, remark: &corroborate::Remark) -> Remark {
        Remark {
            kind: remark.kind.name(),
            is_conflict: remark.kind.is_conflict(),
            one: self.id(&remark.one),
            other: self.id(&remark.other),
            reason: remark.reason.clone(),
        }
    }

    fn ledger(&self, ledger: &corroborate::Ledger) -> Ledger {
        Ledger {
            measure: ledger.measure.name().to_owned(),
            population: ledger.population.clone(),
            least: ledger.least,
            most: ledger.most,
            figures: ledger.lines.iter().filter_map(|line| self.line(line)).collect(),
        }
    }

    fn line(&self, line: &corroborate::Line) -> Option<Line> {
        let (first, repeated) = line.claims.split_first()?;
        let figure = &line.figure;
        Some(Line {
            claim: self.id(first),
            words: self.words.get(first).cloned().unwrap_or_default(),
            speaker: line.speaker.clone(),
            day: line.day,
            last_day: line.last,
            bounds: Bounds {
                lower: figure.lower,
                upper: figure.upper,
                stated: figure.stated,
                caveats: figure.caveats.iter().map(|caveat| caveat.name().to_owned()).collect(),
            },
            counts: line.share.name(),
            withdrawn: line.withdrawn,
            repeated: repeated.iter().map(|at| self.id(at)).collect(),
        })
    }
}

/// Hands over the situations whose id begins so: figures of a longer time, by place and first day.
pub(crate) fn situations(
    store: &Store,
    id: &str,
    mut each: impl FnMut(Situation) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let rows = store.reckonings()?;
    for rows in rows.chunk_by(|a, b| (&a.place, a.from_day) == (&b.place, b.from_day)) {
        let ReckoningRow { place, from_day, .. } = &rows[0];
        let own = situation_id(place.as_deref(), *from_day);
        if !own.starts_with(id) {
            continue;
        }
        let mut claims = ClaimsOf::new();
        for row in rows {
            claims.entry(row.report).or_default().insert(row.claim);
        }
        each(Situation {
            id: own,
            place: place.clone(),
            from: *from_day,
            reports: claims.len(),
            figures: ledgers(store, &claims)?,
        })?;
    }
    Ok(())
}

/// Names a situation after its place and its first day.
fn situation_id(place: Option<&str>, from: Option<Date>) -> String {
    let lower = place.unwrap_or("place not said").to_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let from = from.map_or("open".to_owned(), |day| day.to_string());
    format!("t-{}-{from}", words.join("-"))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn situations_are_named_after_place_and_day() {
        assert_eq!(situation_id(Some("Côte d’Ardan"), Some(date(2031, 2, 3))), "t-côte-d-ardan-2031-02-03");
        assert_eq!(situation_id(None, None), "t-place-not-said-open");
    }
}
