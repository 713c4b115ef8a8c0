use std::collections::HashMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;

use super::{Frame, Page, words};
use crate::serve::api::{FacetValue, HitLine, Hits, SearchAsked, known_hits};
use crate::serve::asked::Asked;
use crate::serve::fault::Fault;
use crate::serve::site::Site;

#[derive(Template)]
#[template(path = "search.html")]
pub(super) struct Search {
    frame: Frame,
    asked: SearchAsked,
    found: Option<Hits>,
    groups: Vec<Group>,
    /// Copies of what is on an earlier page.
    again: Vec<HitLine>,
    narrowings: Vec<Narrowing>,
    next: Option<String>,
}

/// Hits of one text: the best, and its copies folded under it.
struct Group {
    first: HitLine,
    snippet: Vec<(String, bool)>,
    copies: Vec<HitLine>,
}

pub(super) async fn page(
    State(site): State<Arc<Site>>,
    asked: Result<Asked<SearchAsked>, Fault>,
) -> Page<Search> {
    let page = async {
        let Asked(asked) = asked?;
        let mut frame = Frame::new("Search", "/search").with_island("search");
        frame.query.clone_from(&asked.q);
        if asked.q.trim().is_empty() {
            return Ok(Search {
                frame,
                asked,
                found: None,
                groups: Vec::new(),
                again: Vec::new(),
                narrowings: Vec::new(),
                next: None,
            });
        }
        let question = asked.clone();
        let mut found = Hits::clone(&*known_hits(site, question).await?);
        let next = next(&asked, &found);
        let (groups, again) = grouped(std::mem::take(&mut found.hits));
        let narrowings = narrowings(&asked, &found);
        Ok(Search { frame, asked, found: Some(found), groups, again, narrowings, next })
    };
    Page(page.await)
}

/// Hits that are passed over at most.
const FURTHEST: u64 = 10_000;

fn next(asked: &SearchAsked, found: &Hits) -> Option<String> {
    let seen = asked.skip.unwrap_or(0) + found.hits.len() as u64;
    if found.hits.is_empty() || seen >= found.total || seen > FURTHEST {
        return None;
    }
    Some(address(&SearchAsked { skip: Some(seen), ..asked.clone() }))
}

/// Returns the address at which just this is asked.
fn address(asked: &SearchAsked) -> String {
    let number = |number: Option<f64>| number.map(|number| number.to_string());
    let given = [
        ("outlet", asked.outlet.clone()),
        ("from", asked.from.map(|day| day.to_string())),
        ("to", asked.to.map(|day| day.to_string())),
        ("kind", asked.kind.clone()),
        ("act", asked.act.clone()),
        ("place", asked.place.clone()),
        ("west", number(asked.west)),
        ("south", number(asked.south)),
        ("east", number(asked.east)),
        ("north", number(asked.north)),
        ("limit", asked.limit.map(|limit| limit.to_string())),
        ("skip", asked.skip.map(|skip| skip.to_string())),
    ];
    let mut query = vec![format!("q={}", words::encoded(&asked.q))];
    for (name, value) in given {
        query.extend(value.map(|value| format!("{name}={}", words::encoded(&value))));
    }
    format!("/search?{}", query.join("&"))
}

/// Something to narrow a search by: its name, and its values.
struct Narrowing {
    name: &'static str,
    values: Vec<Value>,
}

/// A value, how many hits have it, and the address at which only those are asked for, or all again.
struct Value {
    words: String,
    reports: u64,
    path: String,
    is_asked: bool,
}

fn narrowings(asked: &SearchAsked, found: &Hits) -> Vec<Narrowing> {
    let all = found.facets.iter().filter(|facet| !facet.values.is_empty());
    all.map(|facet| {
        let values = facet.values.iter().filter_map(|value| narrowed((asked, facet.name), value)).collect();
        Narrowing { name: facet.name, values }
    })
    .collect()
}

fn narrowed((asked, name): (&SearchAsked, &str), value: &FacetValue) -> Option<Value> {
    let FacetValue { value, reports } = value;
    let mut narrower = SearchAsked { skip: None, ..asked.clone() };
    let month: Option<jiff::civil::Date> = format!("{value}-01").parse().ok();
    let is_asked = match name {
        "month" => {
            let (first, last) = (month?, month?.last_of_month());
            let is_asked = (asked.from, asked.to) == (Some(first), Some(last));
            (narrower.from, narrower.to) = if is_asked { (None, None) } else { (Some(first), Some(last)) };
            is_asked
        }
        _ => {
            let field = match name {
                "outlet" => &mut narrower.outlet,
                "kind" => &mut narrower.kind,
                "act" => &mut narrower.act,
                _ => &mut narrower.place,
            };
            let is_asked = field.as_ref() == Some(value);
            *field = (!is_asked).then(|| value.clone());
            is_asked
        }
    };
    let words = if matches!(name, "kind" | "act") { words::spaced(value) } else { value.clone() };
    Some(Value { words, reports: *reports, path: address(&narrower), is_asked })
}

/// Folds copies under the best hit of their text; those whose best is on an earlier page are returned beside.
fn grouped(hits: Vec<HitLine>) -> (Vec<Group>, Vec<HitLine>) {
    let (mut groups, mut again): (Vec<Group>, Vec<HitLine>) = (Vec::new(), Vec::new());
    let mut families: HashMap<i64, usize> = HashMap::new();
    for hit in hits {
        match hit.family.and_then(|family| families.get(&family).copied()) {
            Some(at) => groups[at].copies.push(hit),
            None if hit.best.is_some() => again.push(hit),
            None => {
                if let Some(family) = hit.family {
                    families.insert(family, groups.len());
                }
                groups.push(Group { snippet: marked(&hit), first: hit, copies: Vec::new() });
            }
        }
    }
    (groups, again)
}

/// Cuts a snippet at its matches.
fn marked(hit: &HitLine) -> Vec<(String, bool)> {
    let mut pieces = Vec::new();
    let mut at = 0;
    for &[start, end] in &hit.matches {
        let (Some(before), Some(words)) = (hit.snippet.get(at..start), hit.snippet.get(start..end)) else {
            continue;
        };
        pieces.push((before.to_owned(), false));
        pieces.push((words.to_owned(), true));
        at = end;
    }
    pieces.push((hit.snippet.get(at..).unwrap_or_default().to_owned(), false));
    pieces
}
