//! Incidents: alleged events in the world, each with what every report tells of it.

mod account;
mod alike;
mod deciding;
mod gathering;
mod past;
mod summary;
mod telling;

pub use account::{Account, AccountName, Days, Point, Reckoning, accounts};
pub use deciding::decided_incidents;
pub use gathering::{Gathered, Link};
pub use past::{Key, Mark, PastAccounts, Remembered, Resolved, resolve};
pub use summary::{Summary, summary};
