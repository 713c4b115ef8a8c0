use std::fmt;

use jiff::civil::Date;
use model::{Claim, Report};

/// The number that the caller knows a report by. It names reports in results and decides nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReportKey(pub u64);

impl fmt::Display for ReportKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// One report as it was read: its text and what is claimed in it.
#[derive(Debug, Clone, Copy)]
pub struct Read<'a> {
    /// What the caller calls it.
    pub key: ReportKey,
    /// The report.
    pub report: &'a Report,
    /// Its claims, in the order that [`ClaimRef`](crate::ClaimRef) counts them.
    pub claims: &'a [Claim],
}

impl Read<'_> {
    pub(crate) fn published(&self) -> Option<Date> {
        self.report.metadata.published.or(self.report.anchor())
    }

    pub(crate) fn outlet(&self) -> &str {
        self.report.metadata.outlet.as_deref().unwrap_or("")
    }
}
