use std::io::Write as _;

use anyhow::bail;
use model::Digest;
use preserve::log::check_reason;

use super::{Desk, Outcome};
use crate::cli::Erase;
use crate::corroborating::corroborate;
use crate::record::Record;
use crate::{clock, parallel};

/// Removes one original for good.
pub(super) fn run(desk: &Desk, asked: &Erase) -> anyhow::Result<Outcome> {
    let reason = asked.reason.trim();
    if reason.is_empty() || reason.chars().any(char::is_control) {
        bail!("--reason has to say why, on one line: the order, the law, who asked");
    }
    check_reason(reason)?;
    let mut record = Record::open(&desk.folder, parallel::jobs(None))?;
    let found = record.store().find_reports(&asked.what)?;
    let [report] = found.as_slice() else {
        super::collect::end(record, false)?;
        match found.len() {
            0 => bail!("there is no report {:?}; `credence reports` lists them", asked.what),
            count => bail!("{count} reports are called {:?}; give the digest of the original", asked.what),
        }
    };
    let digest = Digest::from_bytes(report.row.digest);
    record.erase(digest, reason, clock::now()?)?;
    corroborate(&mut record)?;
    // Before anything is printed: whoever reads it may have gone, and that must not leave the record unsealed.
    let outcome = super::collect::end(record, true)?;
    writeln!(desk.out(false), "erased; what stays is that something was erased, when and why")?;
    Ok(outcome)
}
