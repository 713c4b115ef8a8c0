//! One address asked for, by the rules of its site.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use collect::web::{
    Answer, Decision, Exchange, Fault, FetchError, Fetcher, Request, Robots, Settings, Validators, Visit,
};
use jiff::Timestamp;
use model::{Digest, Kind, Metadata};
use preserve::Sighting;
use store::TaskRow;

use super::rules::Rules;
use super::schedule::{Hints, Seen, is_root};
use crate::configuration::{Source, SourceKind};
use crate::record::Fetched;

/// Asks for addresses. Can be shared by threads.
pub(crate) struct Asker {
    fetcher: Fetcher,
    /// The name that sites know this program by in their rules.
    product: String,
    rules: Mutex<Rules>,
}

/// What came of asking.
pub(crate) struct Visited {
    pub(crate) task: TaskRow,
    /// The exchange in which the rules of the site were asked for, if they were.
    rules: Option<Vec<Exchange>>,
    /// What the rules say.
    decision: Decision,
    /// The pause that the site asks for between two requests.
    pub(super) pause: Option<Duration>,
    outcome: Option<Result<Visit, FetchError>>,
}

/// A pause that a site asks for is kept up to this: one that asks for an hour wants to be left alone, and can say that.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// A site whose rules cannot be had may be asked again later, one that forbids may not.
const RULES_UNKNOWN: &str = "the rules of the site cannot be had now";

impl Asker {
    /// Makes one.
    pub(crate) fn new(settings: Settings) -> anyhow::Result<Asker> {
        let product = product(&settings.user_agent);
        Ok(Asker { fetcher: Fetcher::new(settings)?, product, rules: Mutex::default() })
    }

    /// Asks for the address of a task, unless its site asks programs to leave it alone.
    pub(crate) fn ask(&self, source: &Source, task: TaskRow) -> Visited {
        let (robots, rules) = match self.rules(&task.address) {
            Ok(known) => known,
            // What can never be had of the rules can never be had of the page.
            Err(error) => {
                let decision = Decision::Disallowed { rule: RULES_UNKNOWN.to_owned() };
                return Visited { task, rules: None, decision, pause: None, outcome: Some(Err(error)) };
            }
        };
        let mut decision = robots.decide(&task.address);
        if let Some(reason) = &source.ignore_robots {
            decision = decision.clone().overridden(reason).unwrap_or(decision);
        }
        let outcome = decision.permits().then(|| self.fetcher.fetch(&request(&task)));
        let pause = robots.delay().map(|pause| pause.min(LONGEST_PAUSE));
        Visited { task, rules, decision, pause, outcome }
    }

    /// Returns the rules of a site, and how they were had, if that was now.
    fn rules(&self, address: &str) -> Result<(Arc<Robots>, Option<Vec<Exchange>>), FetchError> {
        let Some(at) = Robots::address_for(address) else {
            return Ok((Arc::new(Robots::read(b"", &self.product)), None));
        };
        let held = "nothing panics while it holds the rules";
        if let Some(known) = self.rules.lock().expect(held).get(&at) {
            return Ok((known, None));
        }
        let asked = Request { most: Robots::MOST_BYTES, ..Request::to(at.clone()) };
        let fetched = match self.fetcher.fetch(&asked) {
            Err(error) if is_of_address(&error.fault) => return Err(error),
            fetched => fetched,
        };
        let robots = Arc::new(Robots::of(fetched.as_ref(), &self.product));
        let exchanges = fetched.map_or_else(|error| error.exchanges, Visit::into_exchanges);
        if robots.decide(address) != (Decision::Disallowed { rule: RULES_UNKNOWN.to_owned() }) {
            self.rules.lock().expect(held).hold(at, Arc::clone(&robots));
        }
        Ok((robots, Some(exchanges)))
    }
}

/// Tells whether it is the address, or where it leads, that nothing is fetched from.
fn is_of_address(fault: &Fault) -> bool {
    use Fault::{LocalName, NotAnAddress, NotPublic, Port, Scheme};
    matches!(fault, NotAnAddress | Scheme | Port(_) | NotPublic { .. } | LocalName)
}

/// Returns what stands for the program in the rules of sites: the last product that is not the name of a browser.
fn product(user_agent: &str) -> String {
    let letters =
        |word: &str| word.chars().take_while(|c| c.is_ascii_alphabetic() || "-_".contains(*c)).collect();
    let words = user_agent.split([' ', '(', ')', ';']).map(letters).filter(|word: &String| !word.is_empty());
    let own = |word: &String| !matches!(word.as_str(), "Mozilla" | "compatible");
    words.collect::<Vec<_>>().into_iter().rfind(own).unwrap_or_default()
}

fn request(task: &TaskRow) -> Request {
    let hints = Hints::of(task);
    let validators = (task.etag.is_some() || task.last_modified.is_some()).then(|| Validators {
        address: hints.at.unwrap_or_else(|| task.address.clone()),
        etag: task.etag.clone(),
        last_modified: task.last_modified.clone(),
    });
    // What was lost from the record has to be had whole.
    let validators = validators.filter(|_| task.digest.is_some() || task.kept_at.is_some());
    Request { validators, ..Request::to(task.address.clone()) }
}

impl Visited {
    /// Makes one of a task that was not asked for, at a site that wants a pause.
    #[cfg(test)]
    pub(super) fn pausing(task: TaskRow, pause: Duration) -> Visited {
        let decision = Decision::Allowed { rule: None };
        Visited { task, rules: None, decision, pause: Some(pause), outcome: None }
    }

    /// Returns the answer, if there was one.
    pub(crate) fn answer(&self) -> Option<&Exchange> {
        self.outcome.as_ref()?.as_ref().ok().map(Visit::last)
    }

    /// Returns how many bytes of bodies wait in it.
    pub(crate) fn size(&self) -> usize {
        let size = |exchanges: &[Exchange]| {
            exchanges.iter().map(|one| one.response.raw.len() + one.body.len()).sum()
        };
        match &self.outcome {
            Some(Ok(visit)) => size(visit.redirects()) + size(std::slice::from_ref(visit.last())),
            Some(Err(error)) => size(&error.exchanges),
            None => 0,
        }
    }

    /// Tells in a few words what came of it, for the schedule.
    pub(crate) fn seen(&self) -> Seen {
        let visit = match (&self.outcome, &self.decision) {
            (None, Decision::Disallowed { rule }) => {
                return Seen::Failed {
                    fault: format!("left alone, as its site asks: {rule}"),
                    may_pass: rule == RULES_UNKNOWN,
                };
            }
            (None, _) => return Seen::Failed { fault: "not asked for".to_owned(), may_pass: true },
            (Some(Err(error)), _) => {
                return Seen::Failed { fault: error.to_string(), may_pass: error.fault.may_pass() };
            }
            (Some(Ok(visit)), _) => visit,
        };
        let last = visit.last();
        match last.answer() {
            Answer::Content => Seen::Content { validators: last.validators() },
            Answer::NotModified => Seen::NotModified,
            Answer::Gone => Seen::Gone(last.status()),
            Answer::Later(wait) => Seen::Later { status: last.status(), wait },
            Answer::Refused(status) => Seen::Refused(status),
        }
    }

    /// Tells as what the answer is read; `None` if nothing is read out of it.
    pub(crate) fn kind(&self, source: &Source) -> Option<Result<Kind, collect::Reason>> {
        let last = self.answer().filter(|last| last.answer() == Answer::Content)?;
        let is_list =
            is_root(source, &self.task) && matches!(source.kind, SourceKind::Feed | SourceKind::Sitemap);
        (!is_list).then(|| last.kind())
    }

    /// Returns what is to be kept of it; `kind` is that of the original in the answer, if there is one.
    pub(crate) fn into_fetched(self, source: &Source, kind: Option<Kind>) -> Fetched {
        let sighting = kind.and_then(|kind| self.sighting(source, kind));
        let mut notes =
            vec![("source", source.name.clone()), ("handling", source.handling.name().to_owned())];
        notes.extend(source.marking.map(|marking| ("marking", marking.label().to_owned())));
        notes.extend(source.language.clone().map(|language| ("language", language)));
        let unchanged = (self.seen() == Seen::NotModified).then_some(self.task.digest).flatten();
        let answer = match self.outcome {
            Some(Ok(visit)) => visit.into_exchanges(),
            Some(Err(error)) => error.exchanges,
            None => Vec::new(),
        };
        let robots = ("robots", self.decision.to_string());
        Fetched {
            before: self.rules.unwrap_or_default(),
            exchanges: answer,
            notes: notes.into_iter().chain([robots]).collect(),
            sighting,
            unchanged: unchanged.map(Digest::from_bytes),
        }
    }

    fn sighting(&self, source: &Source, kind: Kind) -> Option<Sighting> {
        let last = self.answer()?;
        let hints = Hints::of(&self.task);
        let seen = whole_second(last.received);
        Some(Sighting {
            original: Digest::of(&last.body),
            first_received: seen,
            seen,
            source: self.task.address.clone(),
            line: None,
            byte_offset: 0,
            kind,
            hints: Metadata {
                id: self.task.address.clone(),
                published: hints.published,
                outlet: source.outlet.clone().or(hints.outlet),
                title: None,
                url: Some(last.address.clone()),
                charset: last.charset().map(str::to_owned),
            },
            capture: None,
        })
    }
}

/// A WARC record keeps whole seconds.
fn whole_second(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second()).unwrap_or(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_in_the_rules_of_sites() {
        for (agent, name) in [
            ("Mozilla/5.0 (compatible; Credence)", "Credence"),
            ("QuillhavenDesk/2", "QuillhavenDesk"),
            ("7", ""),
        ] {
            assert_eq!(product(agent), name);
        }
    }
}
