use std::sync::Arc;

use axum::Form;
use axum::extract::State;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use serde::Deserialize;

use super::{fault_page, incidents, rendered, stories, words};
use crate::deciding::{Because, Wanted};
use crate::serve::api::Near;
use crate::serve::fault::{Code, Fault};
use crate::serve::rows::{ReportLine, StoryLine};
use crate::serve::site::Site;
use crate::wire::Made;

/// A decision as the form sends it. A field that is not sent is as one that was left empty: what is missing is said in
/// words.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Sent {
    pub(super) act: String,
    /// The incident or story from which it was made.
    about: String,
    /// What else it is about, by its id. It goes before what was chosen from a list.
    pub(super) what: String,
    pub(super) by: String,
    pub(super) reason: String,
    merge: String,
    link: String,
    unlink: String,
    split: String,
}

impl Sent {
    fn chosen(&self, act: &str) -> &str {
        match act {
            "merge" => &self.merge,
            "link" => &self.link,
            "unlink" => &self.unlink,
            "split" => &self.split,
            _ => "",
        }
    }

    /// Returns what is to be decided.
    fn wanted(&self) -> Result<Wanted, Fault> {
        let (about, typed) = (self.about.clone(), self.what.trim());
        let chosen = self.chosen(&self.act);
        if !typed.is_empty() && !chosen.is_empty() && typed != chosen {
            let message = "an id is given and another chosen from the list: leave one of them empty";
            return Err(Fault::new(Code::BadRequest, message));
        }
        let what = if typed.is_empty() { self.chosen(&self.act).to_owned() } else { typed.to_owned() };
        if what.is_empty() && matches!(self.act.as_str(), "merge" | "link" | "unlink" | "split") {
            let message = "choose from the list beside the decision, or give an id";
            return Err(Fault::new(Code::BadRequest, message));
        }
        Ok(match self.act.as_str() {
            "merge" => Wanted::Merge { ids: vec![about, what] },
            "link" => Wanted::Link { what, to: about },
            "unlink" => Wanted::Unlink { what, from: about },
            "split" => Wanted::Split { of: about, parts: vec![what] },
            "undo" => Wanted::Undo { decision: what },
            _ => return Err(Fault::new(Code::BadRequest, "say which decision it is")),
        })
    }
}

/// The form by which somebody decides what belongs together, with what may be chosen.
pub(super) struct Deciding {
    pub(super) about: &'static str,
    pub(super) id: String,
    pub(super) acts: Vec<Offer>,
    pub(super) sent: Sent,
    /// Why what was sent before was not done.
    pub(super) wrong: Option<String>,
}

/// One decision that can be made, and on what.
pub(super) struct Offer {
    pub(super) name: &'static str,
    pub(super) words: String,
    pub(super) choices: Vec<Choice>,
    /// What is said where there is nothing to choose from.
    pub(super) without: &'static str,
}

#[derive(Clone)]
pub(super) struct Choice {
    pub(super) id: String,
    pub(super) words: String,
    pub(super) is_chosen: bool,
}

/// Characters of a line to choose, at most.
const LONGEST: usize = 100;

impl Choice {
    fn new(id: &str, parts: &[&str]) -> Choice {
        let parts: Vec<&str> = parts.iter().copied().filter(|part| !part.is_empty()).collect();
        let words = parts.join(" · ");
        let words = match words.char_indices().nth(LONGEST) {
            Some((at, _)) => format!("{}…", words[..at].trim_end()),
            None => words,
        };
        Choice { id: id.to_owned(), words, is_chosen: false }
    }

    fn of_report(line: &ReportLine) -> Choice {
        let outlet = line.outlet.as_deref().map_or(String::new(), words::apart);
        Choice::new(&line.original, &[&words::dated(&line.published), &outlet, words::headline(line)])
    }
}

/// What was sent and not done, and why.
pub(super) type Again = (Sent, String);

impl Deciding {
    /// Makes the form of an incident.
    pub(super) fn on_incident(id: &str, near: &Near, again: Option<Again>) -> Deciding {
        let incidents = near.incidents.iter().map(|it| {
            let place = words::place(&it.place, &it.place_precision);
            let parts = [&words::when(&it.time), &place, &it.title, &words::counted(it.reports, "report")];
            Choice::new(&it.id, &parts.map(String::as_str))
        });
        let accounts = near.accounts.iter().map(|it| {
            let said = format!("“{}”", it.words);
            Choice::new(&it.claim, &[&words::dated(&it.published), &said, &it.headline])
        });
        let own = near.reports.iter().map(Choice::of_report).collect();
        Deciding::new(("incident", id), [incidents.collect(), accounts.collect(), own], again)
    }

    /// Makes the form of a story.
    pub(super) fn on_story(
        id: &str,
        (others, own): (&[StoryLine], &[ReportLine]),
        again: Option<Again>,
    ) -> Deciding {
        let others = others.iter().map(|it| {
            let days = words::days(&it.first_day, &it.last_day);
            Choice::new(&it.id, &[&days, &it.title, &words::counted(it.reports, "report")])
        });
        let own = own.iter().map(Choice::of_report).collect();
        Deciding::new(("story", id), [others.collect(), Vec::new(), own], again)
    }

    fn new(
        (about, id): (&'static str, &str),
        [others, foreign, own]: [Vec<Choice>; 3],
        again: Option<Again>,
    ) -> Deciding {
        let (sent, wrong) = again.map_or_else(Default::default, |(sent, wrong)| (sent, Some(wrong)));
        // One that has nothing else in it cannot lose it.
        let own = if own.len() > 1 { own } else { Vec::new() };
        let offer =
            |name: &'static str, words: String, (mut choices, without): (Vec<Choice>, &'static str)| {
                let chosen = sent.chosen(name);
                choices.iter_mut().for_each(|choice| choice.is_chosen = choice.id == chosen);
                Offer { name, words, choices, without }
            };
        let alone = "it has one report alone";
        let acts = vec![
            offer(
                "merge",
                format!("It is one with another {about}"),
                (others, "none is near: give its id below"),
            ),
            offer("link", "A report belongs here".to_owned(), (foreign, "give its id below")),
            offer("unlink", "A report does not belong here".to_owned(), (own.clone(), alone)),
            offer(
                "split",
                match about {
                    "story" => "A report is a story of its own",
                    _ => "A report is an incident of its own",
                }
                .to_owned(),
                (own, alone),
            ),
        ];
        Deciding { about, id: id.to_owned(), acts, sent, wrong }
    }
}

/// Decides what a form asks for, and shows where it led. What cannot be done is said in the form, as it was filled in.
pub(super) async fn decide(State(site): State<Arc<Site>>, Form(sent): Form<Sent>) -> Response {
    let because = Because { by: sent.by.clone(), reason: sent.reason.clone() };
    let made = match sent.wanted() {
        Ok(wanted) => site.hand.decide(wanted, because).await,
        Err(fault) => Err(fault),
    };
    match made {
        Ok(made) => Redirect::to(&led_to(&made, &sent.about)).into_response(),
        Err(fault) => asked_again(site, sent, fault).await,
    }
}

/// Shows the form again with what was wrong, on the page that it was sent from.
async fn asked_again(site: Arc<Site>, sent: Sent, fault: Fault) -> Response {
    let (id, status, again) = (sent.about.clone(), fault.code.status(), (sent, fault.message.clone()));
    let page = match &id {
        id if id.starts_with("i-") => {
            incidents::drawn(site, id.clone(), Some(again)).await.and_then(|page| rendered(&page))
        }
        id if id.starts_with("s-") => {
            stories::drawn(site, id.clone(), Some(again)).await.and_then(|page| rendered(&page))
        }
        _ => return fault_page(fault),
    };
    match page {
        Ok(page) => (status, Html(page)).into_response(),
        Err(_) => fault_page(fault),
    }
}

/// Returns the page of what a decision was about, as that is called now.
fn led_to(made: &Made, about: &str) -> String {
    let decision = &made.decision;
    let mut subjects = decision.to.iter().chain(&decision.from).chain(&decision.moved);
    let now = subjects.find_map(|subject| subject.now_in.as_deref());
    match now.or(Some(about).filter(|id| id.contains('-'))) {
        Some(id) if id.starts_with("s-") => words::story(id),
        Some(id) if id.starts_with("i-") => words::incident(id),
        _ => "/decisions".to_owned(),
    }
}
