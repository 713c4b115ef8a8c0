//! The threads that ask, and who is asked how often at a time.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::bail;
use store::TaskRow;

use super::Visited;
use crate::configuration::{Fetch, Source};

/// A fixed number of threads, each asking for one address at a time.
pub(crate) struct Crew {
    /// The threads end when this is gone and what they are at is done.
    orders: Sender<(Source, TaskRow)>,
    visits: Receiver<Visited>,
    threads: Vec<JoinHandle<()>>,
    /// How many of them are asking.
    at_work: usize,
    /// The source and address of what was asked for and is not released.
    asked: BTreeSet<(String, String)>,
    /// How many connections there are to each host.
    hosts: BTreeMap<String, usize>,
    per_host: usize,
    /// The hosts that want a pause between two requests: how long, and when the next one is over.
    pauses: BTreeMap<String, (Duration, Instant)>,
}

/// So many hosts are remembered; what they ask for is learnt again when they are next asked.
const MOST_PAUSES: usize = 4096;

impl Crew {
    /// Starts the threads, each of which can `ask`.
    pub(crate) fn new<A>(ask: A, fetch: &Fetch) -> Crew
    where
        A: Fn(&Source, TaskRow) -> Visited + Send + Sync + 'static,
    {
        let ask = Arc::new(ask);
        let (orders, taken) = channel::<(Source, TaskRow)>();
        let (visited, visits) = channel();
        let taken = Arc::new(Mutex::new(taken));
        let begin = |_| {
            let (ask, taken, visited) = (Arc::clone(&ask), Arc::clone(&taken), visited.clone());
            std::thread::spawn(move || {
                // The lock is let go of before anything is asked for.
                while let Ok((source, task)) = { taken.lock().expect("no taker panics").recv() } {
                    if visited.send(ask(&source, task)).is_err() {
                        break;
                    }
                }
            })
        };
        Crew {
            threads: (0..fetch.connections).map(begin).collect(),
            orders,
            visits,
            at_work: 0,
            asked: BTreeSet::new(),
            hosts: BTreeMap::new(),
            per_host: fetch.connections_per_host,
            pauses: BTreeMap::new(),
        }
    }

    /// Sends somebody to ask, unless it is being asked for already or its host has enough connections.
    pub(crate) fn send(&mut self, source: &Source, task: &TaskRow) -> bool {
        let key = (task.source.clone(), task.address.clone());
        if self.is_pausing(task) {
            return false;
        }
        let host = host(&task.address);
        let connections = self.hosts.entry(host.clone()).or_default();
        if self.at_work >= self.threads.len() || *connections >= self.per_host || self.asked.contains(&key) {
            return false;
        }
        *connections += 1;
        if let Some((pause, over)) = self.pauses.get_mut(&host) {
            *over = Instant::now() + *pause;
        }
        self.at_work += 1;
        self.asked.insert(key);
        self.orders.send((source.clone(), task.clone())).is_ok()
    }

    /// Tells whether the host of an address wants to be left in peace for a moment.
    pub(crate) fn is_pausing(&self, task: &TaskRow) -> bool {
        self.pauses.get(&host(&task.address)).is_some_and(|(_, over)| Instant::now() < *over)
    }

    fn pause(&mut self, host: &str, pause: Duration) {
        let now = Instant::now();
        if self.pauses.len() >= MOST_PAUSES {
            self.pauses.retain(|_, (_, over)| *over > now);
        }
        self.pauses.entry(host.to_owned()).or_insert((pause, now + pause)).0 = pause;
    }

    /// Tells whether somebody could be sent.
    pub(crate) fn has_room(&self) -> bool {
        self.at_work < self.threads.len()
    }

    /// Tells whether somebody is asking.
    pub(crate) fn is_busy(&self) -> bool {
        self.at_work > 0
    }

    /// Lets an address be asked for again, when what came of it is written down.
    pub(crate) fn release(&mut self, task: &TaskRow) {
        self.asked.remove(&(task.source.clone(), task.address.clone()));
    }

    /// Waits for visits, and takes those that are there: none after `patience`.
    ///
    /// # Errors
    /// A thread has ended, which none does while there is a crew: what it was sent for would be waited for in vain.
    pub(crate) fn visits(&mut self, patience: Duration) -> anyhow::Result<Vec<Visited>> {
        let mut visits: Vec<Visited> = match self.visits.recv_timeout(patience) {
            Ok(visited) => vec![visited],
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => Vec::new(),
        };
        if self.threads.iter().any(JoinHandle::is_finished) {
            bail!(
                "asking ended by a fault of this program, shown above; what was not kept is asked for again"
            );
        }
        while visits.len() < self.threads.len()
            && let Ok(visited) = self.visits.try_recv()
        {
            visits.push(visited);
        }
        for visited in &visits {
            let host = host(&visited.task.address);
            if let Some(connections) = self.hosts.get_mut(&host) {
                *connections = connections.saturating_sub(1);
            }
            if let Some(pause) = visited.pause {
                self.pause(&host, pause);
            }
        }
        self.hosts.retain(|_, connections| *connections > 0);
        self.at_work -= visits.len().min(self.at_work);
        Ok(visits)
    }
}

fn host(address: &str) -> String {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or_default().to_lowercase()
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    #[test]
    fn an_end_that_nobody_expects_is_noticed() {
        let mut crew = Crew::new(|_, _| panic!("as a fault of the program would"), &Fetch::default());
        let task = TaskRow::new("a", "https://tesmin.example/3", Timestamp::UNIX_EPOCH);
        assert!(crew.send(&Source::once("a"), &task));
        let patience = Duration::from_millis(10);
        let error = (0..1000).find_map(|_| crew.visits(patience).err()).unwrap();
        assert!(error.to_string().contains("a fault of this program"), "{error}");
    }

    #[test]
    fn a_site_gets_the_pause_that_it_asks_for() {
        let pause = Duration::from_secs(1);
        let mut crew = Crew::new(move |_, task| Visited::pausing(task, pause), &Fetch::default());
        let task =
            |page: u32| TaskRow::new("a", &format!("https://tesmin.example/{page}"), Timestamp::UNIX_EPOCH);
        let source = Source::once("a");
        assert!(crew.send(&source, &task(1)));
        while crew.visits(Duration::from_secs(1)).unwrap().is_empty() {}
        let begun = Instant::now();
        for page in 2..4 {
            while !crew.send(&source, &task(page)) {
                std::thread::sleep(Duration::from_millis(5));
                crew.visits(Duration::from_millis(5)).unwrap();
            }
        }
        assert!(begun.elapsed() >= pause);
        let elsewhere = TaskRow::new("a", "https://orsk.example/", Timestamp::UNIX_EPOCH);
        assert!(crew.is_pausing(&task(5)) && !crew.is_pausing(&elsewhere));
    }
}
