//! Bundles the islands of the desk (`islands/`): what moves on its pages. They need Node 20 or later and npm, and packages
//! that `islands/package-lock.json` pins. Where anything of that is missing, the program is built without them, and its pages
//! stay as the server draws them. `CREDENCE_ISLANDS=off` leaves them out, `=required` makes it an error when they cannot be made.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, io, thread};

/// How long npm may take to get the packages, and how long all else may.
const FETCHING: Duration = Duration::from_secs(240);
/// See [`FETCHING`].
const BUNDLING: Duration = Duration::from_secs(60);

/// The oldest Node that the packages run on.
const NODE: u32 = 20;

fn main() -> ExitCode {
    println!("cargo:rerun-if-changed=islands");
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed=CREDENCE_ISLANDS");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    let wanted = env::var("CREDENCE_ISLANDS").unwrap_or_default();
    let made = match wanted.as_str() {
        "off" => Err("CREDENCE_ISLANDS=off".to_owned()),
        _ => bundled(&out.join("islands")),
    };
    let files = match made {
        Ok(files) => files,
        Err(why) if wanted == "required" => {
            println!("cargo:warning=the islands of the desk cannot be made: {why}");
            return ExitCode::FAILURE;
        }
        Err(why) => {
            println!(
                "cargo:warning=the desk is built without its moving parts (map that pans, charts that zoom): {why}. \
                 Pages show pictures and tables instead. With Node {NODE} and npm, build with CREDENCE_ISLANDS=required"
            );
            Vec::new()
        }
    };
    match fs::write(out.join("islands.rs"), listed(&files)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("cargo:warning=cannot write islands.rs: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Bundles the islands in `work`, and returns the files that came of it.
fn bundled(work: &Path) -> Result<Vec<PathBuf>, String> {
    node_is_new_enough()?;
    let said = |error: io::Error| format!("the sources cannot be copied: {error}");
    let sources = Path::new("islands");
    let lock = fs::read(sources.join("package-lock.json")).map_err(said)?;
    // The packages of the build before are taken again if they are those that are pinned.
    let installed = work.join("installed");
    if fs::read(&installed).ok().as_ref() != Some(&lock) {
        if work.exists() {
            fs::remove_dir_all(work).map_err(said)?;
        }
        copy(sources, work).map_err(said)?;
        let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
        let arguments = [
            "ci",
            "--ignore-scripts",
            "--omit=dev",
            "--no-audit",
            "--no-fund",
            "--fetch-retries=1",
            "--fetch-timeout=20000",
        ];
        run((npm, arguments), work, FETCHING)?;
        fs::write(&installed, &lock).map_err(said)?;
    }
    copy(sources, work).map_err(said)?;
    let dist = work.join("dist");
    if dist.exists() {
        fs::remove_dir_all(&dist).map_err(said)?;
    }
    run(("node", ["bundle.mjs"]), work, BUNDLING)?;
    let entries = fs::read_dir(&dist).and_then(Iterator::collect::<io::Result<Vec<_>>>).map_err(said)?;
    let mut files: Vec<PathBuf> = entries.into_iter().map(|entry| entry.path()).collect();
    files.sort();
    Ok(files)
}

fn node_is_new_enough() -> Result<(), String> {
    let output = Command::new("node").arg("--version").output().map_err(|_| "Node is missing".to_owned())?;
    let version = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    let major = version.trim_start_matches('v').split('.').next().and_then(|major| major.parse().ok());
    match major {
        Some(major) if NODE <= major => Ok(()),
        _ => Err(format!("Node is {version}, and {NODE} or later is needed")),
    }
}

/// Copies what the islands are made of; packages that somebody installed beside the sources are no part of that.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        match entry.file_type()?.is_dir() {
            true if entry.file_name() == OsStr::new("node_modules") => {}
            true => copy(&entry.path(), &target)?,
            false => fs::copy(entry.path(), target).map(drop)?,
        }
    }
    Ok(())
}

/// Runs a program to its end, or stops it after `time`. What it says goes to the log of the build.
fn run<const N: usize>(
    (program, arguments): (&str, [&str; N]),
    folder: &Path,
    time: Duration,
) -> Result<(), String> {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(folder).stdin(Stdio::null());
    let mut child = command.spawn().map_err(|error| format!("{program} does not start: {error}"))?;
    let begun = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) if status.success() => return Ok(()),
            Ok(Some(_)) => return Err(format!("{program} {} failed", arguments.join(" "))),
            Ok(None) if begun.elapsed() < time => thread::sleep(Duration::from_millis(50)),
            _ => {
                // It may have ended just now.
                let _ = child.kill();
                let _ = child.wait();
                return Err(format!("{program} did not end within {} seconds", time.as_secs()));
            }
        }
    }
}

/// Writes the files as a list of Rust.
fn listed(files: &[PathBuf]) -> String {
    let mut list = "[".to_owned();
    for file in files {
        let name = file.file_name().and_then(OsStr::to_str).unwrap_or_default();
        write!(list, "({name:?}, include_bytes!({file:?}).as_slice()), ").expect("a string takes all");
    }
    list + "]"
}
