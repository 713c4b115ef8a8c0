use std::io;
use std::path::Path;

use crate::Error;
use crate::log::{Fault, Wrong};
use crate::stamp::{Roots, Stamp, StampName, Stamps};
use crate::verify::Findings;

/// Checks all time stamps, and returns those that hold.
pub(crate) fn check(
    folder: &Path,
    roots: &Roots,
    findings: &mut Findings,
) -> Result<Vec<(StampName, Stamp)>, Error> {
    let stamps = Stamps::new(folder);
    let mut sound = Vec::new();
    for name in stamps.names()? {
        let file = format!("log/stamps/{name}.tsr");
        match stamps.judge(&name, roots) {
            Ok(Ok(stamp)) => sound.push((name, stamp)),
            Ok(Err(refused)) => findings.add(Fault::of(file, Wrong::Stamp(refused))),
            // Its request is gone, or what it was made over: then it says nothing any more.
            Err(Error::Io { path, source }) if source.kind() == io::ErrorKind::NotFound => {
                let missing = path.strip_prefix(folder).unwrap_or(&path);
                findings.add(Fault::of(format!("log/{}", missing.display()), Wrong::Missing));
            }
            Err(error) => return Err(error),
        }
    }
    Ok(sound)
}
