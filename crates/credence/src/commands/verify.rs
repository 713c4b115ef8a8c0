use std::collections::{BTreeMap, HashMap};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, bail};
use model::Digest;
use preserve::log::{Fault, InclusionProof, Keys, Leaf, VerifierKey, leaves};
use preserve::stamp::{Roots, Trust};
use preserve::{Depth, Position, Report, Seal, Verification};
use serde::Serialize;
use store::{DecisionRow, LoggedReading, OriginalRow, Store};

use super::rows::{columns, doubtful, read_again};
use super::{Desk, Outcome};
use crate::cli::Verify;
use crate::decisions;
use crate::record::{decisions_through, kept_through, reading_leaf};
use crate::terminal::plain_piece;

/// What was found, in the form of `--json`.
#[derive(Debug, Serialize)]
struct Found {
    record: String,
    sound: bool,
    /// What is damaged: file, byte where it begins, and what is wrong, in words.
    faults: Vec<String>,
    /// Faults that are not listed.
    more: u64,
    leaves: u64,
    erased: u64,
    records: u64,
    bytes: u64,
    checkpoints: u64,
    checkpoint_size: Option<u64>,
    cosigned: Vec<String>,
    stamps: Vec<String>,
    /// What could not be checked, and why.
    notes: Vec<String>,
}

/// Checks records, proofs and files.
pub(super) fn run(desk: &Desk, asked: &Verify) -> anyhow::Result<Outcome> {
    if asked.what.is_empty() {
        return verify_record(desk, asked, &desk.folder);
    }
    let mut outcome = Outcome::Found;
    for what in &asked.what {
        let one =
            if what.is_dir() { verify_record(desk, asked, what) } else { verify_file(desk, asked, what) }?;
        outcome = match (outcome, one) {
            (Outcome::Damaged, _) | (_, Outcome::Damaged) => Outcome::Damaged,
            (Outcome::Nothing, _) | (_, Outcome::Nothing) => Outcome::Nothing,
            (Outcome::Found, Outcome::Found) => Outcome::Found,
        };
    }
    Ok(outcome)
}

fn key_asked(asked: &Verify) -> anyhow::Result<Option<VerifierKey>> {
    let key = asked.key.as_deref().map(|key| VerifierKey::parse(key.trim()));
    key.transpose().context("--key takes the first line of `credence log key`")
}

fn verify_record(desk: &Desk, asked: &Verify, record: &Path) -> anyhow::Result<Outcome> {
    if !record.join("log").is_dir() && !record.join("originals").is_dir() {
        bail!("there is no record in {}; --record names another", record.display());
    }
    let older = asked.checkpoint.iter().map(|path| {
        std::fs::read(path).with_context(|| format!("cannot read the checkpoint {}", path.display()))
    });
    let verification = Verification {
        depth: if asked.deep { Depth::Unpacked } else { Depth::Stored },
        older: older.collect::<Result<_, _>>()?,
        key: key_asked(asked)?,
        roots: roots(asked)?,
        threads: None,
    };
    let found = settled(record, &verification)?;
    let mut out = desk.out(asked.json);
    match asked.json {
        true => writeln!(out, "{}", crate::wire::json(&found))?,
        false => write!(out, "{}", words(&found))?,
    }
    out.flush()?;
    Ok(if found.sound { Outcome::Found } else { Outcome::Damaged })
}

/// Checks every stored byte of a record; says what was found in words and in the form of `--json`.
pub(crate) fn verified(record: &Path) -> anyhow::Result<(String, serde_json::Value)> {
    let found = settled(record, &Verification::default())?;
    Ok((words(&found), serde_json::to_value(&found)?))
}

/// A run that writes has originals that no leaf speaks of yet, for a moment. What stays wrong is no such thing.
const LOOKS: u32 = 5;
const BETWEEN: Duration = Duration::from_secs(2);

/// Looks at a record until what is wrong with it is not what a run has only begun.
fn settled(record: &Path, verification: &Verification) -> anyhow::Result<Found> {
    let mut found = look(record, verification)?;
    for _ in 1..LOOKS {
        if found.sound || !store::is_being_written(record) {
            break;
        }
        std::thread::sleep(BETWEEN);
        let before = found.faults;
        found = look(record, verification)?;
        found.faults.retain(|fault| before.contains(fault));
        found.sound = found.faults.is_empty() && found.more == 0;
    }
    if !found.sound && store::is_being_written(record) {
        let note = "a run is writing to this record: what is named may be what it has not ended; verify again after it";
        found.notes.push(note.to_owned());
    }
    Ok(found)
}

/// Looks at a record once.
fn look(record: &Path, verification: &Verification) -> anyhow::Result<Found> {
    let mut found = found(record, preserve::verify(record, verification)?);
    // Rows that do not open are damaged themselves; without any, there is nothing that could disagree.
    if record.join("record.db").is_file() {
        match Store::open(record).map_err(anyhow::Error::from).and_then(|store| rows(&store)) {
            Ok((faults, notes)) => {
                found.faults.extend(faults);
                found.notes.extend(notes);
            }
            Err(error) if error.downcast_ref().is_some_and(store::Error::is_of_the_system) => {
                found.notes.push(format!("rows were not compared with the log: {error:#}"));
            }
            Err(error) => found.faults.push(format!("record.db: {error:#}")),
        }
    }
    found.sound = found.faults.is_empty() && found.more == 0;
    Ok(found)
}

fn found(record: &Path, report: Report) -> Found {
    let mut notes = Vec::new();
    if report.seal == Seal::Absent {
        let note =
            "the last run did not end, or goes on: rows were compared with the log, index/ was not checked";
        notes.push(note.to_owned());
    }
    if report.stamps.iter().any(|(_, stamp)| stamp.trust == Trust::NotChecked) {
        notes.push(
            "who made the time stamps was not checked; --roots takes the certificates to trust".to_owned(),
        );
    }
    Found {
        record: record.display().to_string(),
        sound: false,
        faults: report.faults.iter().map(Fault::to_string).collect(),
        more: report.more,
        leaves: report.leaves,
        erased: report.erased,
        records: report.records,
        bytes: report.bytes,
        checkpoints: report.checkpoints,
        checkpoint_size: report.newest.as_ref().map(preserve::log::Checkpoint::size),
        cosigned: report.cosigned.into_iter().map(|cosigned| cosigned.by).collect(),
        stamps: report.stamps.iter().map(|(name, stamp)| format!("{name}: {}", stamp.time)).collect(),
        notes,
    }
}

fn roots(asked: &Verify) -> anyhow::Result<Roots> {
    let Some(path) = &asked.roots else { return Ok(Roots::default()) };
    let pem = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    Roots::from_pem(&pem).with_context(|| format!("in {}", path.display()))
}

/// Compares the rows with what the log says of them.
fn rows(store: &Store) -> anyhow::Result<(Vec<String>, Vec<String>)> {
    let (mut faults, mut notes) = (Vec::new(), Vec::new());
    let mut logged: HashMap<u64, Leaf> = HashMap::new();
    let mut originals: BTreeMap<Digest, Position> = BTreeMap::new();
    let (mut reader, mut decided) = (decisions::Reader::default(), BTreeMap::new());
    for leaf in leaves(store.folder())? {
        // What is wrong with the leaves themselves is found elsewhere.
        let Ok((number, line)) = leaf else { continue };
        decided.extend(reader.take(number, &line).map(|row| (row.leaf, row)));
        let Some(leaf) = line.leaf() else { continue };
        match leaf.kind() {
            "reading" => drop(logged.insert(number, leaf.clone())),
            "record" => {
                let place = || {
                    Some(Position {
                        segment: leaf.text("segment")?.parse().ok()?,
                        offset: leaf.number("offset")?,
                        stored_length: leaf.number("stored_length")?,
                    })
                };
                if let (Some(original), Some(place)) = (leaf.digest("original"), place()) {
                    originals.entry(original).or_insert(place);
                }
            }
            _ => {}
        }
    }
    let (other, missing) = compare_decisions(store, decided)?;
    faults.extend(other);
    notes.extend(missing);
    let mut unlogged = 0;
    store.logged_readings(|reading| {
        match compare(store, &reading, &logged)? {
            Compared::Same => {}
            Compared::NotLogged => unlogged += 1,
            Compared::Other(what) => faults.push(format!("record.db: {what}")),
        }
        Ok::<(), anyhow::Error>(())
    })?;
    store.originals(|row| {
        let digest = Digest::from_bytes(row.digest);
        match originals.remove(&digest) {
            Some(place) if place_of(&row) == Some(place) => {}
            Some(_) => {
                faults.push(format!("record.db: the row of {digest} names another place than the log"))
            }
            None => faults.push(format!("record.db: the log knows no original {digest}")),
        }
        Ok::<(), anyhow::Error>(())
    })?;
    if unlogged > 0 {
        notes.push(format!("{unlogged} readings are not in the log yet; the next run logs them"));
    }
    let through = kept_through(store)?;
    let is_lost = |place: &Position| through.is_some_and(|through| *place <= through);
    let (lost, new): (Vec<_>, Vec<_>) = originals.into_iter().partition(|(_, place)| is_lost(place));
    faults.extend(lost.iter().map(|(digest, _)| {
        format!(
            "record.db: the row of {digest} is missing; `credence reindex` takes it from originals/ again"
        )
    }));
    if !new.is_empty() {
        notes.push(format!("{} originals are not in the rows yet; the next run adopts them", new.len()));
    }
    faults.extend(columns(store)?);
    faults.extend(read_again(store, &doubtful(&logged))?);
    Ok((faults, notes))
}

fn place_of(row: &OriginalRow) -> Option<Position> {
    let segment = row.segment.parse().ok()?;
    Some(Position { segment, offset: row.offset, stored_length: row.stored_length })
}

/// Compares what people decided with the leaves of it.
fn compare_decisions(
    store: &Store,
    mut logged: BTreeMap<u64, DecisionRow>,
) -> anyhow::Result<(Vec<String>, Option<String>)> {
    let undos: Vec<(u64, u64)> = logged.values().filter_map(|row| Some((row.undoes?, row.leaf))).collect();
    for (undone, by) in undos {
        if let Some(row) = logged.get_mut(&undone) {
            row.undone_by.get_or_insert(by);
        }
    }
    let mut faults = Vec::new();
    store.decisions(|row| {
        let id = decisions::id(row.leaf);
        let said = logged.remove(&row.leaf).map(|mut said| {
            said.subjects.sort_by(|a, b| (&a.role, a.digest, a.account).cmp(&(&b.role, b.digest, b.account)));
            said
        });
        match said {
            Some(said) if said == row => {}
            Some(_) => {
                faults.push(format!("record.db: the decision {id} is not the one that the log speaks of"))
            }
            None => faults.push(format!("record.db: the log knows no decision {id}")),
        }
        Ok::<(), anyhow::Error>(())
    })?;
    let through = decisions_through(store)?;
    let (lost, new): (Vec<u64>, Vec<u64>) = logged.into_keys().partition(|leaf| *leaf < through);
    let lost =
        lost.into_iter().map(|leaf| format!("record.db: the decision {} is missing", decisions::id(leaf)));
    faults.extend(lost);
    let note = format!("{} decisions are not in the rows yet; the next run takes them over", new.len());
    Ok((faults, (!new.is_empty()).then_some(note)))
}

enum Compared {
    Same,
    NotLogged,
    Other(String),
}

fn compare(store: &Store, reading: &LoggedReading, logged: &HashMap<u64, Leaf>) -> anyhow::Result<Compared> {
    let Some(number) = reading.leaf else { return Ok(Compared::NotLogged) };
    let digest = Digest::from_bytes(reading.digest);
    let Some(leaf) = logged.get(&number) else {
        return Ok(Compared::Other(format!(
            "the reading of {digest} names leaf {number}, which is that of no reading"
        )));
    };
    let now = reading_leaf(store, reading)?;
    Ok(match now.json() == leaf.json() {
        true => Compared::Same,
        false => {
            Compared::Other(format!("the reading of {digest} is not the one that leaf {number} speaks of"))
        }
    })
}

fn words(found: &Found) -> String {
    let Found { record, leaves, erased, records, bytes, checkpoints, .. } = found;
    let mut words = String::new();
    for fault in &found.faults {
        words += &format!("DAMAGED {}\n", plain_piece(fault));
    }
    if found.more > 0 {
        words += &format!("DAMAGED and {} more\n", found.more);
    }
    for note in &found.notes {
        words += &format!("note: {}\n", plain_piece(note));
    }
    for stamp in &found.stamps {
        words += &format!("stamp {}\n", plain_piece(stamp));
    }
    for by in &found.cosigned {
        words += &format!("cosigned by {}, whose key is in the record\n", plain_piece(by));
    }
    let verdict = if found.sound { "sound" } else { "damaged" };
    words += &format!(
        "{verdict}: {}: {records} stored records ({bytes} bytes), {leaves} leaves ({erased} erased), {checkpoints} checkpoints\n",
        plain_piece(record)
    );
    words
}

/// Checks a proof, or whether a file is an original of the record.
fn verify_file(desk: &Desk, asked: &Verify, path: &PathBuf) -> anyhow::Result<Outcome> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut out = desk.out(false);
    if path.extension().is_some_and(|extension| extension == "tlog-proof") {
        return verify_proof(desk, asked, (&bytes, &mut *out));
    }
    let digest = Digest::of(&bytes);
    let shown = plain_piece(&path.display().to_string());
    match desk.store()?.original(digest.as_bytes())? {
        Some(row) => {
            writeln!(out, "{shown}: kept as {digest}, received {}", row.received_at)?;
            Ok(Outcome::Found)
        }
        None => {
            writeln!(out, "{shown}: not in the record ({digest})")?;
            Ok(Outcome::Nothing)
        }
    }
}

fn verify_proof(
    desk: &Desk,
    asked: &Verify,
    (bytes, out): (&[u8], &mut dyn Write),
) -> anyhow::Result<Outcome> {
    let text = std::str::from_utf8(bytes).context("the proof is not text")?;
    let log = match key_asked(asked)? {
        Some(key) => key,
        None => {
            let path = desk.folder.join("log/key");
            let key = std::fs::read_to_string(&path)
                .with_context(|| format!("no --key, and cannot read {}", path.display()))?;
            VerifierKey::parse(key.trim_end())?
        }
    };
    let keys = Keys { log, witnesses: Vec::new() };
    let checked = InclusionProof::parse(text).and_then(|proof| proof.check(&keys).map(|_| proof));
    match checked {
        Ok(proof) => {
            writeln!(
                out,
                "proven: leaf {} is in the tree of {} leaves",
                proof.index,
                proof.checkpoint.size()
            )?;
            Ok(Outcome::Found)
        }
        Err(bad) => {
            writeln!(out, "not proven: {bad}")?;
            Ok(Outcome::Damaged)
        }
    }
}
