//! The rules of sites that are held for a while.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use collect::web::Robots;

/// A site may change its rules: they are not to be held for longer (RFC 9309, 2.4).
const LONGEST_HELD: Duration = Duration::from_secs(24 * 60 * 60);

/// So many sites, and so many bytes of their rules: what is let go of is asked for once more.
const MOST_SITES: usize = 4096;
const MOST_BYTES: usize = 64 << 20;

/// The rules of sites, by where they were had.
#[derive(Debug, Default)]
pub(super) struct Rules {
    held: HashMap<String, (Instant, Arc<Robots>)>,
    bytes: usize,
}

impl Rules {
    /// Returns the rules that were had at an address, if that was not too long ago.
    pub(super) fn get(&self, address: &str) -> Option<Arc<Robots>> {
        let (had, robots) = self.held.get(address)?;
        (had.elapsed() < LONGEST_HELD).then(|| Arc::clone(robots))
    }

    /// Holds the rules that were had at an address, and lets go of the oldest where they are too many.
    pub(super) fn hold(&mut self, address: String, robots: Arc<Robots>) {
        self.let_go(&address);
        self.bytes += robots.size();
        self.held.insert(address, (Instant::now(), robots));
        while self.held.len() > MOST_SITES || self.bytes > MOST_BYTES && self.held.len() > 1 {
            let oldest =
                self.held.iter().min_by_key(|(_, (had, _))| *had).map(|(address, _)| address.clone());
            let Some(oldest) = oldest else { break };
            self.let_go(&oldest);
        }
    }

    fn let_go(&mut self, address: &str) {
        if let Some((_, robots)) = self.held.remove(address) {
            self.bytes -= robots.size();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn robots(lines: usize) -> Arc<Robots> {
        Arc::new(Robots::read(format!("User-agent: *\n{}", "Allow: /a\n".repeat(lines)).as_bytes(), "a"))
    }

    #[test]
    fn the_oldest_are_let_go_of() {
        let mut rules = Rules::default();
        for number in 0..MOST_SITES + 10 {
            rules.hold(number.to_string(), robots(1));
        }
        assert_eq!(rules.held.len(), MOST_SITES);
        assert!(rules.get("9").is_none() && rules.get("10").is_some());
    }

    #[test]
    fn many_long_rules_take_no_more_than_their_share() {
        let mut rules = Rules::default();
        let long = robots(40_000);
        for number in 0..100 {
            rules.hold(number.to_string(), Arc::clone(&long));
        }
        assert!(rules.bytes <= MOST_BYTES && rules.held.len() < 100);
        assert!(rules.get("99").is_some());
        rules.hold("99".to_owned(), robots(1));
        let bytes: usize = rules.held.values().map(|(_, robots)| robots.size()).sum();
        assert_eq!(rules.bytes, bytes);
    }
}
