use std::collections::BTreeMap;
use std::path::Path;

use jiff::Timestamp;
use model::Digest;

use crate::durable::{remove_durably, write_durably};
use crate::log::tree::read_at_most;
use crate::log::{ERASURE, Fault, Field, Keys, Leaf, Line, Log, LogError, RECORD, Wrong, leaves, stored};
use crate::{Originals, Position, Reader, Segment, gzip, step, warc};

/// The lawful removal of an original.
#[derive(Debug, Clone, Copy)]
pub struct Erasure<'a> {
    /// Which original.
    pub original: Digest,
    /// Why: the order, the law, who asked. It stays in the log for ever; it may not name whom it protects.
    pub reason: &'a str,
    /// When. Whole seconds are kept.
    pub time: Timestamp,
}

/// What was erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erased {
    /// The leaves that have lost their salt and what they said.
    pub leaves: Vec<u64>,
    /// The stored records in whose place shells stand.
    pub records: Vec<Position>,
}

/// What an erasure that was begun has to do. It is written down first and signed by the log, so that it can be ended
/// after any stop, and nobody else can have something erased.
#[derive(Debug, PartialEq)]
struct Plan {
    reason: String,
    time: Timestamp,
    /// The number of leaves before the first that speaks of this erasure.
    size: u64,
    targets: BTreeMap<u64, Option<Position>>,
}

const PLAN: &str = "erasing";
const FIRST_WORD: &str = "credence-erasing/v1";
/// What a reason may be long. It stands in each leaf of the erasure, where a byte takes up to six; a leaf may have
/// 65,536.
pub const LONGEST_REASON: usize = 4096;
/// A plan has some 50 bytes for each leaf that it is about.
const LONGEST_PLAN: usize = 1 << 27;

impl Log {
    /// Erases an original: its bytes, where it was met, and all that the log says of it.
    ///
    /// Shells of the same length take the place of its records, so nothing else moves; the tree of the log and all
    /// that was signed stay as they are. Leaves are added that say what was erased, when and why, and signed for.
    /// Rows and search index are for the caller to clear.
    ///
    /// # Errors
    /// [`LogError::NothingToErase`] if the log knows nothing of it, [`LogError::LongReason`] if the reason is longer
    /// than [`LONGEST_REASON`]. Once the erasure is begun, it is ended even if the run is cut off: opening the log
    /// does what is left of it.
    pub fn erase(&mut self, originals: &mut Originals, erasure: &Erasure<'_>) -> Result<Erased, LogError> {
        check_reason(erasure.reason)?;
        self.follow(originals.reader())?;
        let targets = self.about(erasure.original, originals.reader())?;
        if targets.is_empty() {
            return Err(LogError::NothingToErase);
        }
        let reason = erasure.reason.to_owned();
        let plan = Plan { reason, time: erasure.time, size: self.size(), targets };
        // Before anything is written: a shell that does not fit would stop the erasure half way.
        plan.shells()?;
        self.trusting(|log| {
            let head = format!("{FIRST_WORD} {}\n", log.key.origin());
            write_durably(&log.folder.join(PLAN), &log.key.sign_with_body(&head, &plan.to_text()))?;
            // From here on the erasure is certain: opening ends it.
            step::done("erasure-planned");
            Ok(())
        })?;
        self.carry_out(&plan, originals)?;
        let records = plan.targets.values().flatten().copied().collect();
        Ok(Erased { leaves: plan.targets.into_keys().collect(), records })
    }

    /// Ends an erasure that an earlier run has begun.
    ///
    /// A plan that the log has not signed, or that does not fit the leaves, is not carried out: it stays where it is
    /// and is returned as a fault, and the log goes on.
    pub(crate) fn end_erasure(&mut self, originals: &mut Originals) -> Result<Option<Fault>, LogError> {
        let Some(bytes) = read_at_most(&self.folder.join(PLAN), LONGEST_PLAN)? else { return Ok(None) };
        match self.signed_plan(&bytes)? {
            Some(plan) => self.carry_out(&plan, originals).map(|()| None),
            None => Ok(Some(Fault::of("log/erasing", Wrong::NotOurErasure))),
        }
    }

    /// Reads a plan that this log has signed and that can be carried out or ended on the leaves that are there.
    fn signed_plan(&self, bytes: &[u8]) -> Result<Option<Plan>, LogError> {
        let keys = Keys { log: self.key.public.clone(), witnesses: Vec::new() };
        let Some((head, body)) = keys.text_and_body_of(bytes) else { return Ok(None) };
        if head != format!("{FIRST_WORD} {}\n", self.key.origin()) {
            return Ok(None);
        }
        let Some(plan) = Plan::parse(body) else { return Ok(None) };
        Ok(if self.fits(&plan)? { Some(plan) } else { None })
    }

    /// Tells whether each target of a plan is the leaf of the record that the plan says, or was erased already, and
    /// whether behind the leaves of its time there is nothing but what speaks of it. An old plan that somebody puts
    /// back does not fit any more: other leaves follow those that speak of it, or none is left to be erased.
    fn fits(&self, plan: &Plan) -> Result<bool, LogError> {
        let mut left = plan.targets.iter();
        let mut next = left.next();
        for found in self.leaves.read(plan.targets.keys().next().copied().unwrap_or(0))? {
            let found = found?;
            let leaf = found.line.as_ref().and_then(Line::leaf);
            if let Some((index, position)) = next.filter(|(index, _)| **index == found.index) {
                let there =
                    leaf.filter(|leaf| leaf.kind() == RECORD).and_then(stored).map(|(place, _)| place);
                if *index >= plan.size || leaf.is_some() && there != *position {
                    return Ok(false);
                }
                next = left.next();
            }
            let said = |leaf: &Leaf| {
                leaf.kind() == ERASURE && leaf.number("leaf").is_some_and(|of| plan.targets.contains_key(&of))
            };
            if found.index >= plan.size && !leaf.is_some_and(said) {
                return Ok(false);
            }
        }
        Ok(next.is_none() && plan.size <= self.size() && plan.reason.len() <= LONGEST_REASON)
    }

    /// Finds the leaves that are about an original, with the places of those that are stored records.
    ///
    /// A request and the notes on an exchange do not name the original, but stand in front of the answer that does.
    fn about(&self, original: Digest, reader: &Reader) -> Result<BTreeMap<u64, Option<Position>>, LogError> {
        let mut targets = BTreeMap::new();
        let mut before: Vec<(u64, Position)> = Vec::new();
        for found in self.leaves.read(0)? {
            let found = found?;
            let Some(leaf) = found.line.as_ref().and_then(Line::leaf) else { continue };
            let position = stored(leaf).filter(|_| leaf.kind() == RECORD).map(|(position, _)| position);
            if leaf.digest("original") == Some(original) && leaf.kind() != ERASURE {
                targets.insert(found.index, position);
                let answer = position.filter(|_| matches!(leaf.text("type"), Some("response" | "revisit")));
                targets.extend(answer.map_or(Ok(Vec::new()), |answer| beside(reader, answer, &before))?);
            }
            match (position, leaf.text("type")) {
                (Some(position), Some("request" | "metadata")) => before.push((found.index, position)),
                (Some(_), _) => before.clear(),
                (None, _) => {}
            }
            // An exchange has a request and notes in front of its answer; nothing further back belongs to it.
            before.drain(..before.len().saturating_sub(4));
        }
        Ok(targets)
    }

    /// Does all that a plan asks for. Doing it twice is the same as doing it once.
    fn carry_out(&mut self, plan: &Plan, originals: &mut Originals) -> Result<(), LogError> {
        let done = self.do_all(plan, originals);
        // Leaves of other things must not come between those of an erasure that is half done.
        self.unsure |= done.is_err();
        done
    }

    fn do_all(&mut self, plan: &Plan, originals: &mut Originals) -> Result<(), LogError> {
        let shells = plan.shells()?;
        let mut segments: BTreeMap<Segment, Vec<(Position, Vec<u8>)>> = BTreeMap::new();
        for (position, shell) in &shells {
            segments.entry(position.segment).or_default().push((*position, shell.clone()));
        }
        for (segment, shells) in &segments {
            originals.replace(*segment, shells)?;
        }
        self.forget(plan)?;
        // If we stop here, everything is erased, and the log does not say so yet.
        step::done("leaves-erased");
        self.say(plan, &shells)?;
        self.checkpoint()?;
        self.trusting(|log| Ok(remove_durably(&log.folder.join(PLAN))?))?;
        step::done("erasure-ended");
        Ok(())
    }

    /// Takes salt and words from the leaves of a plan.
    fn forget(&mut self, plan: &Plan) -> Result<(), LogError> {
        let mut files: Vec<u64> = plan.targets.keys().map(|index| index / leaves::PER_FILE).collect();
        files.dedup();
        for file in files {
            let mut text = String::new();
            for found in self.leaves.read_file(file) {
                let found = found?;
                let fault = found.fault();
                let mut line = found.line.ok_or(fault)?;
                if plan.targets.contains_key(&found.index) {
                    line = Line::Erased { entry: line.entry() };
                }
                text += &line.write(found.index);
            }
            self.trusting(|log| Ok(write_durably(&log.leaves.path(file), text.as_bytes())?))?;
        }
        Ok(())
    }

    /// Adds the leaves that speak of the erasure, as far as they are not there yet.
    fn say(&mut self, plan: &Plan, shells: &BTreeMap<Position, Vec<u8>>) -> Result<(), LogError> {
        let said = usize::try_from(self.size().saturating_sub(plan.size)).unwrap_or(usize::MAX);
        let time = plan.time.to_string();
        let leaves = plan.targets.iter().skip(said).map(|(index, position)| {
            let mut fields = vec![
                ("leaf", Field::Number(*index)),
                ("reason", Field::Text(&plan.reason)),
                ("time", Field::Text(&time)),
            ];
            let place = position.map(|position| {
                (position.segment.to_string(), Digest::of(&shells[&position]).to_string(), position)
            });
            if let Some((segment, digest, position)) = &place {
                fields.extend([
                    ("segment", Field::Text(segment)),
                    ("offset", Field::Number(position.offset)),
                    ("stored_length", Field::Number(position.stored_length)),
                    ("stored_digest", Field::Text(digest)),
                ]);
            }
            Leaf::new(ERASURE, &fields)
        });
        let leaves: Vec<Leaf> = leaves.collect();
        self.append(&leaves).map(|_| ())
    }
}

/// Refuses a reason that is too long to stand in each leaf of an erasure.
///
/// # Errors
/// [`LogError::LongReason`].
pub fn check_reason(reason: &str) -> Result<(), LogError> {
    match reason.len() {
        ..=LONGEST_REASON => Ok(()),
        length => Err(LogError::LongReason(length)),
    }
}

/// Finds those of the records in front of an answer that belong to it.
fn beside(
    reader: &Reader,
    answer: Position,
    before: &[(u64, Position)],
) -> Result<Vec<(u64, Option<Position>)>, LogError> {
    let Some(answer) = reader.about(answer)? else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for (index, position) in before {
        if reader.about(*position)?.and_then(|about| about.id).is_some_and(|id| answer.beside.contains(&id)) {
            found.push((*index, Some(*position)));
        }
    }
    Ok(found)
}

impl Plan {
    /// Makes the shells that take the place of the records. The same plan makes the same shells.
    fn shells(&self) -> Result<BTreeMap<Position, Vec<u8>>, LogError> {
        let positions = self.targets.values().flatten();
        let shells = positions.map(|position| {
            let Position { segment, offset, stored_length } = *position;
            let head = |block| warc::shell_head(*position, self.time, block);
            let shell = gzip::shell(head, stored_length);
            Ok((*position, shell.ok_or(LogError::NoRoomForShell { segment, offset })?))
        });
        shells.collect()
    }

    fn to_text(&self) -> String {
        let fields = [
            ("reason", Field::Text(&self.reason)),
            ("time", Field::Text(&self.time.to_string())),
            ("size", Field::Number(self.size)),
        ];
        let mut text = Leaf::new("plan", &fields).json().to_owned() + "\n";
        for (index, position) in &self.targets {
            text += &match position {
                Some(Position { segment, offset, stored_length }) => {
                    format!("{index} {segment} {offset} {stored_length}\n")
                }
                None => format!("{index}\n"),
            };
        }
        text
    }

    fn parse(text: &str) -> Option<Plan> {
        let mut lines = text.lines();
        let head = Leaf::parse(lines.next()?).ok()?;
        Some(Plan {
            reason: head.text("reason")?.to_owned(),
            time: head.text("time")?.parse().ok()?,
            size: head.number("size")?,
            targets: lines.map(target).collect::<Option<_>>()?,
        })
    }
}

fn target(line: &str) -> Option<(u64, Option<Position>)> {
    let words: Vec<&str> = line.split(' ').collect();
    let position = match words[..] {
        [_] => None,
        [_, segment, offset, length] => Some(Position {
            segment: segment.parse().ok()?,
            offset: offset.parse().ok()?,
            stored_length: length.parse().ok()?,
        }),
        _ => return None,
    };
    Some((words[0].parse().ok()?, position))
}

/// Tells whether an erasure was begun and not ended.
pub(crate) fn is_begun(folder: &Path) -> bool {
    folder.join(PLAN).exists()
}
