//! What feeds and sitemaps list.

use std::collections::BTreeSet;

use collect::web::{Exchange, without_password};
use collect::{feeds, sitemaps};
use jiff::Timestamp;
use store::TaskRow;

use super::schedule::Hints;

/// The addresses that a list names: pages to collect, and further lists.
#[derive(Debug, Default)]
pub(crate) struct Listed {
    pub(crate) tasks: Vec<TaskRow>,
    /// How many entries had no address that can be asked for.
    pub(crate) without_address: usize,
    /// How many entries were over the limit.
    pub(crate) left_out: usize,
}

/// More than any feed has, and what one sitemap may hold (sitemaps.org, protocol 0.9).
const MOST: usize = 50_000;

/// Reads what the answer to a task lists; `None` if it is no list at all.
///
/// An index of sitemaps may not list indexes (sitemaps.org, protocol 0.9): what one that is listed itself lists further is
/// left out, so that nobody is led on without end.
pub(crate) fn listed(answer: &Exchange, task: &TaskRow, now: Timestamp) -> Option<Listed> {
    let hints = feeds::Hints {
        address: Some(&answer.address),
        content_type: answer.field("content-type"),
        content_location: answer.field("content-location"),
        content_language: answer.field("content-language"),
    };
    let feed = feeds::read(&answer.body, &hints);
    if feed.kind.is_some() {
        let entries = feed.entries.iter().map(|entry| {
            let published = entry.published.as_ref().or(entry.updated.as_ref()).and_then(|stamp| stamp.day);
            (entry.link().map(str::to_owned), Hints { published, ..Hints::default() })
        });
        return Some(Listed::of(entries, &task.source, now));
    }
    let sitemap = sitemaps::read(&answer.body, Some(&answer.address));
    let is_list = sitemap.kind? == sitemaps::Kind::Sitemaps;
    if is_list && Hints::of(task).is_list {
        return Some(Listed { left_out: sitemap.places.len(), ..Listed::default() });
    }
    let places = sitemap.places.into_iter().map(|place| {
        let news = place.news.unwrap_or_default();
        let published = news.published.and_then(|stamp| stamp.day);
        (Some(place.url), Hints { published, outlet: news.outlet, is_list, ..Hints::default() })
    });
    Some(Listed::of(places, &task.source, now))
}

impl Listed {
    fn of(entries: impl Iterator<Item = (Option<String>, Hints)>, source: &str, now: Timestamp) -> Listed {
        let mut listed = Listed::default();
        let mut met = BTreeSet::new();
        for (address, hints) in entries {
            let is_web = |address: &String| address.starts_with("http://") || address.starts_with("https://");
            let Some(address) = address.filter(is_web) else {
                listed.without_address += 1;
                continue;
            };
            let address = without_password(&address).unwrap_or(address);
            if listed.tasks.len() >= MOST {
                listed.left_out += 1;
            } else if met.insert(address.clone()) {
                let hints = crate::wire::json(&hints);
                listed.tasks.push(TaskRow { hints, ..TaskRow::new(source, &address, now) });
            }
        }
        listed
    }
}
