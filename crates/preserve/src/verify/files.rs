use std::path::Path;

use crate::Error;
use crate::log::leaves::{names, number_of};
use crate::log::{Fault, Wrong, size_of};
use crate::stamp::StampName;
use crate::verify::Findings;
use crate::verify::leaves::FromLeaves;

/// What stands in the folder of the log, beside files whose names begin with a dot.
const NAMES: [&str; 9] =
    ["checkpoint", "checkpoints", "erasing", "key", "leaves", "seal", "stamps", "tile", "witnesses"];

/// Finds files in the log that nobody who keeps it wrote.
pub(crate) fn check(folder: &Path, leaves: &FromLeaves, findings: &mut Findings) -> Result<(), Error> {
    foreign(folder, "", findings, |name| NAMES.contains(&name))?;
    foreign(folder, "leaves", findings, |name| number_of(name).is_some())?;
    foreign(folder, "checkpoints", findings, |name| size_of(name).is_some())?;
    foreign(folder, "stamps", findings, |name| {
        let stamp = name.rsplit_once('.').filter(|(_, ending)| ["tsq", "tsr", "pem"].contains(ending));
        stamp.is_some_and(|(stamp, _)| stamp.parse::<StampName>().is_ok())
    })?;
    let mut folders = vec!["tile".to_owned()];
    while let Some(inner) = folders.pop() {
        for name in names(&folder.join(&inner))? {
            let path = format!("{inner}/{name}");
            if folder.join(&path).is_dir() {
                folders.push(path);
            } else if !leaves.tiles.contains(&path) {
                findings.add(Fault::of(format!("log/{path}"), Wrong::Foreign));
            }
        }
    }
    Ok(())
}

fn foreign(
    folder: &Path,
    inner: &str,
    findings: &mut Findings,
    belongs: impl Fn(&str) -> bool,
) -> Result<(), Error> {
    let names = names(&folder.join(inner))?;
    let foreign = names.iter().filter(|name| !name.starts_with('.') && !belongs(name));
    let between = if inner.is_empty() { "" } else { "/" };
    findings.extend(foreign.map(|name| Fault::of(format!("log/{inner}{between}{name}"), Wrong::Foreign)));
    Ok(())
}
