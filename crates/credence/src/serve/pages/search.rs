use std::collections::HashMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;

use super::{Frame, Page, words};
use crate::serve::api::{HitLine, Hits, SearchAsked, hits};
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
            return Ok(Search { frame, asked, found: None, groups: Vec::new(), next: None });
        }
        let question = asked.clone();
        let mut found = site.read(move |store| hits(store, &question)).await?;
        let next = next(&asked, &found);
        let groups = grouped(std::mem::take(&mut found.hits));
        Ok(Search { frame, asked, found: Some(found), groups, next })
    };
    Page(page.await)
}

/// Hits that are passed over at most.
const FURTHEST: u64 = 10_000;

fn next(asked: &SearchAsked, found: &Hits) -> Option<String> {
    let seen = asked.skip.unwrap_or(0) as usize + found.hits.len();
    if found.hits.is_empty() || seen as u64 >= found.total || seen as u64 > FURTHEST {
        return None;
    }
    let mut query = vec![format!("q={}", words::encoded(&asked.q)), format!("skip={seen}")];
    query.extend(asked.outlet.as_ref().map(|outlet| format!("outlet={}", words::encoded(outlet))));
    query.extend(asked.from.map(|day| format!("from={day}")));
    query.extend(asked.to.map(|day| format!("to={day}")));
    Some(format!("/search?{}", query.join("&")))
}

fn grouped(hits: Vec<HitLine>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut families: HashMap<i64, usize> = HashMap::new();
    for hit in hits {
        match hit.family.and_then(|family| families.get(&family).copied()) {
            Some(at) => groups[at].copies.push(hit),
            None => {
                if let Some(family) = hit.family {
                    families.insert(family, groups.len());
                }
                groups.push(Group { snippet: marked(&hit), first: hit, copies: Vec::new() });
            }
        }
    }
    groups
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
