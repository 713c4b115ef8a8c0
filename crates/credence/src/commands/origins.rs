use std::collections::BTreeMap;
use std::io::Write as _;

use anyhow::bail;
use preserve::Reader;
use store::Store;

use super::{Desk, Outcome, incidents, show, stories};
use crate::cli::Origins;
use crate::describe::{basis_of_origin, kind_of_origin};
use crate::incidents::Shelf;
use crate::origins::{Asked, sheets};
use crate::output::talk;
use crate::record::originals_folder;
use crate::terminal::{FAINT, HEADING, plain, styled, wrapped};
use crate::wire::{self, Member, OriginSheet, Relay, Root, Said, Unknown, Weighing};

/// Shows where a claim comes from: who stands behind it, and which reports only pass it on.
pub(super) fn run(desk: &Desk, asked: &Origins) -> anyhow::Result<Outcome> {
    stories::bring_up_to_date(desk)?;
    incidents::bring_up_to_date(desk)?;
    let store = desk.store()?;
    let Some(what) = find(&store, &asked.id)? else {
        talk(&format!(
            "no claim, incident, story or report is called {}; `credence claims`, `incidents` and `stories` list them",
            plain(&asked.id)
        ));
        return Ok(Outcome::Nothing);
    };
    let reader = Reader::new(originals_folder(&desk.folder));
    let sheets = sheets(&Shelf { store: &store, reader: &reader }, &asked.id, &what)?;
    if sheets.is_empty() {
        talk(
            "nothing here has origins to count: they are counted for allegations, figures and determinations, \
             and not for plain statements, questions or comparisons",
        );
    }
    let mut out = desk.out(asked.json);
    for sheet in &sheets {
        match asked.json {
            true => writeln!(out, "{}", wire::json(sheet))?,
            false => write!(out, "{}", Shown { sheet, all: asked.all, claim: &asked.id }.text())?,
        }
    }
    Ok(Outcome::of(!sheets.is_empty()))
}

fn find(store: &Store, id: &str) -> anyhow::Result<Option<Asked>> {
    if let (Some(report), number) = show::find(store, id)? {
        return Ok(Some(Asked::Claim(report, number)));
    }
    let (mut incidents, mut stories) = match () {
        () if id.is_empty() => (Vec::new(), Vec::new()),
        () => (store.find_incidents(id)?, store.find_stories(id)?),
    };
    match (incidents.len(), stories.len()) {
        (0, 0) => Ok(None),
        (1, 0) => Ok(incidents.pop().map(Asked::Incident)),
        (0, 1) => Ok(stories.pop().map(Asked::Story)),
        (one, two) => bail!("{} incidents and stories begin so; give more of the id", one + two),
    }
}

/// How many outlets or reports are named before the rest is counted.
const NAMED: usize = 3;

/// A sheet on its way to the screen.
struct Shown<'a> {
    sheet: &'a OriginSheet,
    all: bool,
    /// The id that was asked for: of the words to show, those of this claim come first.
    claim: &'a str,
}

impl Shown<'_> {
    fn text(&self) -> String {
        let matter = &self.sheet.matter;
        let mut text = format!("{}\n", styled(HEADING, &wrapped(&plain(&matter.title), "")));
        text += &line("  ", &self.counts());
        if let Some(said) = matter.claims.iter().find(|said| said.claim == self.claim) {
            text += &line("  ", &format!("The claim asked for: {}", words(said)));
        }
        for (number, origin) in matter.independent.iter().enumerate() {
            text += &self.origin(number + 1, origin);
        }
        matter.unknown.iter().for_each(|unknown| text += &self.unknown(unknown));
        for denial in &matter.denials {
            let by = denial.by.as_deref().map_or("somebody who is not named".to_owned(), plain);
            let how = match denial.strength.as_str() {
                "specific" => "denies it",
                "counter_version" => "tells it otherwise",
                _ => "denies such acts in general",
            };
            text += &line("  ≠ ", &format!("{by} {how}: {}", self.named(&denial.claims)));
        }
        for answer in &matter.answers {
            let said = format!(
                "{}, of the accused side, also speaks here: {}",
                plain(&answer.by),
                self.named(&answer.claims)
            );
            text += &line("  ≠ ", &said);
        }
        text += &weighed(&matter.weighing, "  ");
        if self.sheet.left_out > 0 {
            let count = self.sheet.left_out;
            text += &line("  ", &format!("{} of the same story were not read for this", reports(count)));
        }
        text + "\n"
    }

    fn counts(&self) -> String {
        let matter = &self.sheet.matter;
        let independent = match matter.independent.len() {
            0 => "No known origin".to_owned(),
            1 => "1 independent origin".to_owned(),
            many => format!("{many} independent origins"),
        };
        let (dependent, unknown) = (matter.dependent.len(), matter.unknown.len());
        format!(
            "{independent}, {dependent} dependent ({}), {unknown} unknown — from {}",
            if dependent == 1 { "a report that only passes one on" } else { "reports that only pass one on" },
            reports(self.sheet.reports.len())
        )
    }

    fn origin(&self, number: usize, origin: &Root) -> String {
        let mut text = line(
            &format!("  {number}. "),
            &format!(
                "{} — {}{}",
                plain(&origin.name),
                kind_of_origin(&origin.kind),
                basis_of_origin(&origin.basis)
            ),
        );
        if let Some(first) = origin.relayed_by.first() {
            let own =
                self.sheet.matter.claims.iter().find(|said| {
                    origin.claims.contains(&said.claim) && report_of(&said.claim) == first.as_str()
                });
            let said = own.map_or(String::new(), |said| format!(": {}", words(said)));
            text += &line("     ", &format!("first in {}{said}", self.report(first)));
        }
        let also: Vec<&str> = origin.reason.split("; ").skip(1).collect();
        if !also.is_empty() {
            let shown = if self.all { also.len() } else { NAMED.min(also.len()) };
            let rest = more(also.len() - shown);
            text += &styled(
                FAINT,
                &line("     ", &format!("one origin because {}{rest}", plain(&also[..shown].join("; ")))),
            );
        }
        text + &self.relays(origin)
    }

    /// Folds the reports that pass an origin on: one line for each text, for citing, and for quoting.
    fn relays(&self, origin: &Root) -> String {
        let own: BTreeMap<&str, &Relay> = self
            .sheet
            .matter
            .dependent
            .iter()
            .filter(|relay| relay.origin == origin.name)
            .map(|relay| (relay.report.as_str(), relay))
            .collect();
        let mut ways: BTreeMap<Way<'_>, Vec<&Relay>> = BTreeMap::new();
        for report in origin.relayed_by.iter().filter_map(|report| own.get(report.as_str())) {
            ways.entry(Way::of(report, &own)).or_default().push(report);
        }
        let mut text = String::new();
        for (way, relays) in ways {
            text += &line("     – ", &self.way(way, &relays));
            if self.all {
                relays.iter().for_each(|relay| text += &self.relay(origin, relay));
            }
        }
        text
    }

    fn way(&self, way: Way<'_>, relays: &[&Relay]) -> String {
        let one = relays.len() == 1;
        let count = if one { "1 more report".to_owned() } else { format!("{} more reports", relays.len()) };
        let how = match way {
            Way::Copy(text) => {
                let verb = if one { "prints" } else { "print" };
                format!("{verb} {} and {} no origin", self.source(text), if one { "adds" } else { "add" })
            }
            Way::Cites if one => "says that it has it from there".to_owned(),
            Way::Cites => "say that they have it from there".to_owned(),
            Way::SameSpeaker if one => "quotes the same speaker in its own text".to_owned(),
            Way::SameSpeaker => "quote the same speaker in their own texts".to_owned(),
        };
        let ids: Vec<String> = relays.iter().map(|relay| relay.report.clone()).collect();
        format!("{count} {how}: {}", self.outlets(&ids))
    }

    /// Says whose text it is: that of the agency that is credited, else that of the first report.
    fn source(&self, text: &str) -> String {
        match self.member(text).and_then(|member| member.wire.as_deref()) {
            Some(agency) => format!("one text of {}", plain(agency)),
            None => format!("the text of {}", plain(text)),
        }
    }

    fn relay(&self, origin: &Root, relay: &Relay) -> String {
        let how = match relay.relation.as_str() {
            "identical" => format!("the same text as {}", plain(&relay.of)),
            "syndicated" => format!("the text of {}, cut or with another lead", plain(&relay.of)),
            "rewritten" => format!("the text of {}, partly in other words", plain(&relay.of)),
            "cites_other_outlet" => format!("names the outlet of {}", plain(&relay.of)),
            _ => "the same speaker".to_owned(),
        };
        let own = self
            .sheet
            .matter
            .claims
            .iter()
            .find(|said| origin.claims.contains(&said.claim) && report_of(&said.claim) == relay.report);
        let said = own.map_or(String::new(), |said| format!(": {}", words(said)));
        styled(FAINT, &line("         ", &format!("{} — {how}{said}", self.report(&relay.report))))
    }

    fn unknown(&self, unknown: &Unknown) -> String {
        let first = self.sheet.matter.claims.iter().find(|said| unknown.claims.contains(&said.claim));
        let said = first.map_or(String::new(), |said| format!(": {}", words(said)));
        let said = format!(
            "unknown, and so not independent: {} — {}{said}",
            self.outlets(&unknown.reports),
            plain(&unknown.reason)
        );
        line("  ?  ", &said)
    }

    /// Names the outlets of reports, the first few unless all are asked for.
    fn outlets(&self, ids: &[String]) -> String {
        let shown = if self.all { ids.len() } else { ids.len().min(NAMED) };
        let named: Vec<String> = ids[..shown].iter().map(|id| self.report(id)).collect();
        named.join(", ") + &more(ids.len() - shown)
    }

    /// Names claims, the first few unless all are asked for.
    fn named(&self, claims: &[String]) -> String {
        let shown = if self.all { claims.len() } else { claims.len().min(NAMED) };
        let named: Vec<String> = claims[..shown].iter().map(|claim| plain(claim)).collect();
        named.join(", ") + &more(claims.len() - shown)
    }

    fn member(&self, id: &str) -> Option<&Member> {
        self.sheet.reports.iter().find(|member| member.id == id)
    }

    fn report(&self, id: &str) -> String {
        let member = self.member(id);
        let outlet = member.and_then(|member| member.outlet.as_deref());
        let day = member.and_then(|member| member.published).map(|day| day.to_string());
        let known: Vec<String> = outlet.map(plain).into_iter().chain(day).collect();
        match known.is_empty() {
            true => plain(id),
            false => format!("{} ({})", plain(id), known.join(", ")),
        }
    }
}

/// Says what stands for and against a matter, each line behind `indent`.
pub(super) fn weighed(weighing: &Weighing, indent: &str) -> String {
    let kinds: Vec<String> =
        weighing.kinds.iter().map(|(name, count)| format!("{count} × {}", kind_of_origin(name))).collect();
    let mut text = String::new();
    if !kinds.is_empty() {
        text += &line(indent, &format!("Kinds of origin: {}", kinds.join(", ")));
    }
    let stated = match weighing.states.is_empty() {
        true => "neither place, day, number nor weapon".to_owned(),
        false => weighing.states.join(", "),
    };
    text += &line(indent, &format!("Stated: {stated}"));
    for contradiction in &weighing.contradictions {
        text += &line(indent, &format!("Numbers do not meet: {}", plain(contradiction)));
    }
    let suggested = &weighing.suggested;
    let grade = format!(
        "Suggested grade {} (a suggestion by rules; the analyst's own grade decides): {}; {}",
        suggested.pair, suggested.source_reason, suggested.information_reason
    );
    text + &line(indent, &grade)
}

/// The ways in which reports pass an origin on, as they are folded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Way<'a> {
    /// They print the text of this report.
    Copy(&'a str),
    Cites,
    SameSpeaker,
}

impl<'a> Way<'a> {
    fn of(relay: &'a Relay, relays: &BTreeMap<&str, &'a Relay>) -> Way<'a> {
        match relay.relation.as_str() {
            _ if is_copy(relay) => {
                // The report that it is nearest to may be a copy itself. Each is earlier than the one before.
                let copy_of =
                    |of: &str| relays.get(of).filter(|relay| is_copy(relay)).map(|relay| relay.of.as_str());
                let mut text = relay.of.as_str();
                for _ in 0..relays.len() {
                    let Some(earlier) = copy_of(text) else { break };
                    text = earlier;
                }
                Way::Copy(text)
            }
            "cites_other_outlet" => Way::Cites,
            _ => Way::SameSpeaker,
        }
    }
}

fn is_copy(relay: &Relay) -> bool {
    matches!(relay.relation.as_str(), "identical" | "syndicated" | "rewritten")
}

fn line(mark: &str, said: &str) -> String {
    let indent = " ".repeat(mark.chars().count());
    let wrapped = wrapped(said, &indent);
    format!("{mark}{}\n", wrapped.trim_start())
}

fn words(said: &Said) -> String {
    format!("“{}” {}", plain(&said.words), plain(&said.claim))
}

fn report_of(claim: &str) -> &str {
    claim.rsplit_once('#').map_or(claim, |(report, _)| report)
}

fn more(count: usize) -> String {
    if count == 0 { String::new() } else { format!(" and {count} more (--all)") }
}

fn reports(count: usize) -> String {
    if count == 1 { "1 report".to_owned() } else { format!("{count} reports") }
}
