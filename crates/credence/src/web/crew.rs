//! The threads that ask, and who is asked how often at a time.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use store::TaskRow;

use super::{Asker, Visited};
use crate::configuration::{Fetch, Source};

/// A fixed number of threads, each asking for one address at a time.
pub(crate) struct Crew {
    /// The threads end when this is gone and what they are at is done.
    orders: Sender<(Source, TaskRow)>,
    visits: Receiver<Visited>,
    threads: usize,
    /// How many of them are asking.
    at_work: usize,
    /// The source and address of what was asked for and is not released.
    asked: BTreeSet<(String, String)>,
    /// How many connections there are to each host.
    hosts: BTreeMap<String, usize>,
    per_host: usize,
}

impl Crew {
    /// Starts the threads.
    pub(crate) fn new(asker: Asker, fetch: &Fetch) -> Crew {
        let asker = Arc::new(asker);
        let (orders, taken) = channel::<(Source, TaskRow)>();
        let (visited, visits) = channel();
        let taken = Arc::new(Mutex::new(taken));
        for _ in 0..fetch.connections {
            let (asker, taken, visited) = (Arc::clone(&asker), Arc::clone(&taken), visited.clone());
            std::thread::spawn(move || {
                // The lock is let go of before anything is asked for.
                while let Ok((source, task)) = { taken.lock().expect("no taker panics").recv() } {
                    if visited.send(asker.ask(&source, task)).is_err() {
                        break;
                    }
                }
            });
        }
        Crew {
            orders,
            visits,
            threads: fetch.connections,
            at_work: 0,
            asked: BTreeSet::new(),
            hosts: BTreeMap::new(),
            per_host: fetch.connections_per_host,
        }
    }

    /// Sends somebody to ask, unless it is being asked for already or its host has enough connections.
    pub(crate) fn send(&mut self, source: &Source, task: &TaskRow) -> bool {
        let key = (task.source.clone(), task.address.clone());
        let connections = self.hosts.entry(host(&task.address)).or_default();
        if self.at_work >= self.threads || *connections >= self.per_host || self.asked.contains(&key) {
            return false;
        }
        *connections += 1;
        self.at_work += 1;
        self.asked.insert(key);
        self.orders.send((source.clone(), task.clone())).is_ok()
    }

    /// Tells whether somebody could be sent.
    pub(crate) fn has_room(&self) -> bool {
        self.at_work < self.threads
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
    pub(crate) fn visits(&mut self, patience: Duration) -> Vec<Visited> {
        let mut visits: Vec<Visited> = match self.visits.recv_timeout(patience) {
            Ok(visited) => vec![visited],
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => Vec::new(),
        };
        while visits.len() < self.threads
            && let Ok(visited) = self.visits.try_recv()
        {
            visits.push(visited);
        }
        for visited in &visits {
            let host = host(&visited.task.address);
            if let Some(connections) = self.hosts.get_mut(&host) {
                *connections = connections.saturating_sub(1);
            }
        }
        self.hosts.retain(|_, connections| *connections > 0);
        self.at_work -= visits.len().min(self.at_work);
        visits
    }
}

fn host(address: &str) -> String {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or_default().to_lowercase()
}
