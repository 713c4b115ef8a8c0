use std::fs::File;
use std::io::Write as _;

use anyhow::Context as _;
use preserve::signature;

use super::{Desk, Outcome};
use crate::cli::Sign;

/// Signs a file with the key of the record, and says how others check it.
pub(super) fn run(desk: &Desk, asked: &Sign) -> anyhow::Result<Outcome> {
    // A key belongs to a record: without one there is nobody to sign.
    desk.store()?;
    let key = signature::key_of(&desk.folder)?;
    let shown = asked.file.display();
    let mut file = File::open(&asked.file).with_context(|| format!("cannot read {shown}"))?;
    let text = signature::sign(&key, &mut file).with_context(|| format!("cannot read {shown}"))?;
    let mut path = asked.file.clone().into_os_string();
    path.push(".sig");
    preserve::write_durably(path.as_ref(), text.as_bytes())?;
    let mut out = desk.out(false);
    writeln!(
        out,
        "signed {shown}; to check it: ssh-keygen -Y verify -f FILE_WITH_THE_NEXT_LINE -I credence -n {} -s {shown}.sig < {shown}",
        signature::NAMESPACE
    )?;
    write!(out, "{}", signature::allowed_signer(&key.verifying_key(), "credence"))?;
    Ok(Outcome::Found)
}
