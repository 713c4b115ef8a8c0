//! The command line: what can be asked, and nothing of how it is answered.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;

/// Tracks reports of war crimes, weighs how credible they are, and keeps the proof.
///
/// Data goes to standard output, talk to standard error. Exit codes: 0 fine, 1 nothing found, 2 error, 3 damage found.
#[derive(Debug, Parser)]
#[command(name = "credence", version, propagate_version = true)]
pub(crate) struct Cli {
    /// The folder of the record.
    #[arg(long, global = true, value_name = "FOLDER", default_value = "record")]
    pub(crate) record: PathBuf,
    /// When to use colour.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: Colour,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Colour {
    /// On a terminal, unless NO_COLOR is set.
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Collect reports into the record, then print its stories: who alleges what, with which numbers, from how many origins.
    Track(Collect),
    /// Collect reports into the record, from files and from the web: keep the bytes, then read them.
    Collect(Collect),
    /// Watch the sources in credence.toml, and collect what they bring, until stopped.
    Watch(Watch),
    /// Show how the watched sources stand.
    Sources(Sources),
    /// Show what was collected from one address over time, and what changed.
    Versions(Versions),
    /// Read reports without a record, and print them and their claims as JSON Lines.
    Read(Read),
    /// Read everything in the record again from its originals, and rebuild all that follows from it.
    Reindex(Reindex),
    /// List the reports of the record.
    Reports(Reports),
    /// List the stories: reports of one news development, what is alleged in them, and from how many origins.
    Stories(Stories),
    /// List the incidents: alleged events in the world, each with the reports that tell of it.
    Incidents(Incidents),
    /// Show one incident: what is alleged, by whom, from how many origins, its figures side by side, and who denies it.
    Incident(Incident),
    /// Show where a claim comes from: how many independent origins, who they are, and which reports only pass them on.
    Origins(Origins),
    /// Show the copies of a report: one text in many outlets, how each is like another, and where it likely comes from.
    Family(Family),
    /// Decide that a report or claim belongs to an incident, or a report to a story: it is not left to suggestion.
    Link(Link),
    /// Decide that it does not belong there. No later report brings it back.
    Unlink(Unlink),
    /// Decide that several incidents, or several stories, are one.
    Merge(Merge),
    /// Decide that some reports or claims of an incident, or some reports of a story, are one of their own.
    Split(Split),
    /// Take back a decision. It stays in the history.
    Undo(Undo),
    /// List what people decided on incidents and stories: when, who, what and why.
    Decisions(Decisions),
    /// Tell what changed since a moment: new incidents, tolls that rose or fell, denials, corrections, decisions, lost sources.
    Changes(Changes),
    /// List claims.
    Claims(Claims),
    /// List figures by what they measure and whom they count, over time. They are never summed.
    Figures(Figures),
    /// List where figures of one incident or situation do not fit together, and what is denied.
    Contradictions(Contradictions),
    /// Show a report with its claims marked in place, or one claim.
    Show(Show),
    /// Explain a claim: what it says, by which words and which rule it was read, and the way back to the bytes.
    Explain(Explain),
    /// Search the words of all reports.
    Search(Search),
    /// Open the desk: the record in a browser, on this machine alone.
    Serve(Serve),
    /// Check that the record is what was kept: originals, log, rows and search index. Exit code 3 and a list on damage.
    Verify(Verify),
    /// Prove to others what the record holds: checkpoints, proofs, witnesses, time stamps.
    Log(Log),
    /// Remove an original for good, by law: its bytes, what was read from it, and what the log says of it.
    Erase(Erase),
    /// Sign a file so that `ssh-keygen -Y verify` is enough to check it.
    Sign(Sign),
    /// Measure the quality of reading against labelled corpora.
    Eval(Eval),
}

/// What to read, and what is known of it.
#[derive(Debug, Clone, Args)]
pub(crate) struct Inputs {
    /// Files, folders, globs, or `-` for standard input. For `collect` and `track` also addresses of the web, and
    /// `@FILE` for a list of addresses, one a line.
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<String>,
    /// What the inputs are, instead of finding out from their content.
    #[arg(long, value_name = "KIND")]
    pub(crate) kind: Option<InputKind>,
    /// The outlet, where the inputs do not say. What is in the record keeps what it has; a report that lacks it gets it.
    #[arg(long)]
    pub(crate) outlet: Option<String>,
    /// The day of publication, where the inputs do not say: YYYY-MM-DD. What is in the record keeps what it has; a report that
    /// lacks it gets it.
    #[arg(long, value_name = "DAY")]
    pub(crate) published: Option<Date>,
    /// Skip single reports larger than this many bytes.
    #[arg(long, value_name = "BYTES", default_value_t = collect::Options::default().max_size)]
    pub(crate) max_size: u64,
    /// How many reports to read at the same time [default: one for each processor].
    #[arg(long, value_name = "N")]
    pub(crate) jobs: Option<std::num::NonZero<usize>>,
    /// Who handed the files over; nobody on the command line, which names them where they lie.
    #[arg(skip)]
    pub(crate) handed_over_by: Option<String>,
}

/// The kinds of input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum InputKind {
    /// `date YYYY-MM-DD` and the text.
    DatedText,
    /// Text without a date of its own.
    Text,
    /// An HTML page.
    Page,
    /// JSON Lines: one object a line with id, url, outlet, published, title and text.
    Jsonl,
}

#[derive(Debug, Args)]
pub(crate) struct Collect {
    #[command(flatten)]
    pub(crate) inputs: Inputs,
    /// Print the summary as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Watch {
    /// Ask for what is due now, and end.
    #[arg(long)]
    pub(crate) once: bool,
    /// How many reports to read at the same time [default: one for each processor].
    #[arg(long, value_name = "N")]
    pub(crate) jobs: Option<std::num::NonZero<usize>>,
    /// Print the summary as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Sources {
    /// List the addresses that failed, and why.
    #[arg(long)]
    pub(crate) failed: bool,
    /// Make everything that failed due again, what was given up among it.
    #[arg(long)]
    pub(crate) retry: bool,
    /// One JSON object a line.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Versions {
    /// An address of the web, or the id of a report that was collected from one.
    pub(crate) what: String,
    /// One JSON object a line.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// A record's folder [default: that of --record], proofs (.tlog-proof), or files that may be originals of the record.
    #[arg(value_name = "RECORD|FILE")]
    pub(crate) what: Vec<PathBuf>,
    /// Unpack and read every stored record as well.
    #[arg(long)]
    pub(crate) deep: bool,
    /// A checkpoint from an earlier day, kept elsewhere: a record that was rolled back is found by it.
    #[arg(long, value_name = "FILE")]
    pub(crate) checkpoint: Vec<PathBuf>,
    /// The key that the log has to have, as `credence log key` prints it. Without it, the one in the record is believed.
    #[arg(long, value_name = "KEY")]
    pub(crate) key: Option<String>,
    /// Certificates in PEM that time stamps have to lead up to.
    #[arg(long, value_name = "FILE")]
    pub(crate) roots: Option<PathBuf>,
    /// Print what was found as one JSON object.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Log {
    #[command(subcommand)]
    pub(crate) what: LogCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum LogCommand {
    /// Print the newest checkpoint: whoever keeps it can tell later whether history was rewritten.
    Checkpoint,
    /// Print the key that others check the log and its signatures with.
    Key,
    /// Print a proof that an original is in the log, or that the newest checkpoint extends an older one.
    Prove(Prove),
    /// Ask the witnesses in credence.toml to cosign the newest checkpoint.
    Witness,
    /// Have the newest checkpoint stamped by the authorities in credence.toml, and stamp over what ends within a year.
    Stamp,
}

#[derive(Debug, Args)]
pub(crate) struct Prove {
    /// The id of a report, or the start of the digest of its original; or the size of an older checkpoint.
    pub(crate) what: String,
    /// What is given is the size of an older checkpoint.
    #[arg(long)]
    pub(crate) consistency: bool,
    /// Put in what the leaf says, so that the proof can be checked against the original alone.
    #[arg(long)]
    pub(crate) disclose: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Erase {
    /// The id of a report, or the start of the digest of its original.
    pub(crate) what: String,
    /// Why: the order, the law, who asked. It stays in the log for ever and may not name whom it protects.
    #[arg(long)]
    pub(crate) reason: String,
}

#[derive(Debug, Args)]
pub(crate) struct Sign {
    /// The file; the signature is written beside it, with `.sig` behind its name.
    pub(crate) file: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Read {
    #[command(flatten)]
    pub(crate) inputs: Inputs,
}

#[derive(Debug, Args)]
pub(crate) struct Reindex {
    /// How many reports to read at the same time [default: one for each processor].
    #[arg(long, value_name = "N")]
    pub(crate) jobs: Option<std::num::NonZero<usize>>,
    /// Print the summary as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Days and outlet, as filters.
#[derive(Debug, Args)]
pub(crate) struct Published {
    /// Published on this day or later: YYYY-MM-DD.
    #[arg(long, value_name = "DAY")]
    pub(crate) from: Option<Date>,
    /// Published on this day or earlier: YYYY-MM-DD.
    #[arg(long, value_name = "DAY")]
    pub(crate) to: Option<Date>,
    /// Published by this outlet: any part of its name; for `search`, whole words of it.
    #[arg(long)]
    pub(crate) outlet: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Reports {
    #[command(flatten)]
    pub(crate) published: Published,
    /// One JSON object a line.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Stories {
    /// Only stories with at least this many reports.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) min_reports: usize,
    /// One JSON object a line.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Incidents {
    /// Any part of the name of the place, or the whole name in another spelling.
    #[arg(long)]
    pub(crate) place: Option<String>,
    /// Only what may have been on this day or later: YYYY-MM-DD. Leaves out what is undated.
    #[arg(long, value_name = "DAY")]
    pub(crate) from: Option<Date>,
    /// Only what may have been on this day or earlier.
    #[arg(long, value_name = "DAY")]
    pub(crate) to: Option<Date>,
    /// An act, such as attack_on_object.
    #[arg(long)]
    pub(crate) act: Option<String>,
    /// Instead of incidents, the figures of a longer time ("since the invasion"), which belong to none.
    #[arg(long, conflicts_with_all = ["place", "from", "to", "act"])]
    pub(crate) situations: bool,
    /// One JSON object a line.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Incident {
    /// The id of the incident, or the start of it.
    pub(crate) id: String,
    /// As one JSON object.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Why something is decided, and by whom.
#[derive(Debug, Args)]
pub(crate) struct Because {
    /// Why. It stays in the log for ever and may not name whom the law protects.
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
    /// Who decides [default: the name of the user on this machine].
    #[arg(long, value_name = "NAME")]
    pub(crate) by: Option<String>,
    /// As one JSON object.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Link {
    /// The id of a report or of a claim; for a story, of a report.
    #[arg(value_name = "REPORT|CLAIM")]
    pub(crate) what: String,
    /// The id of the incident or story.
    #[arg(value_name = "INCIDENT|STORY")]
    pub(crate) to: String,
    #[command(flatten)]
    pub(crate) because: Because,
}

#[derive(Debug, Args)]
pub(crate) struct Unlink {
    /// The id of a report or of a claim; for a story, of a report.
    #[arg(value_name = "REPORT|CLAIM")]
    pub(crate) what: String,
    /// The id of the incident or story.
    #[arg(value_name = "INCIDENT|STORY")]
    pub(crate) from: String,
    #[command(flatten)]
    pub(crate) because: Because,
}

#[derive(Debug, Args)]
pub(crate) struct Merge {
    /// The ids of two or more incidents, or of two or more stories.
    #[arg(value_name = "INCIDENT|STORY", num_args = 2.., required = true)]
    pub(crate) ids: Vec<String>,
    #[command(flatten)]
    pub(crate) because: Because,
}

#[derive(Debug, Args)]
pub(crate) struct Split {
    /// The id of the incident or story.
    #[arg(value_name = "INCIDENT|STORY")]
    pub(crate) of: String,
    /// The ids of those of its reports or claims that are one of their own.
    #[arg(value_name = "REPORT|CLAIM", required = true)]
    pub(crate) parts: Vec<String>,
    #[command(flatten)]
    pub(crate) because: Because,
}

#[derive(Debug, Args)]
pub(crate) struct Undo {
    /// The id of the decision, as `credence decisions` lists it.
    pub(crate) decision: String,
    #[command(flatten)]
    pub(crate) because: Because,
}

#[derive(Debug, Args)]
pub(crate) struct Decisions {
    /// One JSON object a line.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// The address of this machine's loopback to listen on.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    pub(crate) address: std::net::IpAddr,
    /// The port to listen on; 0 takes any that is free.
    #[arg(long, value_name = "PORT", default_value_t = 7878)]
    pub(crate) port: u16,
    /// Watch the sources in credence.toml as well, as `watch` does.
    #[arg(long)]
    pub(crate) watch: bool,
    /// A file of tiles (PMTiles) on this machine, for streets under the map.
    #[arg(long, value_name = "FILE")]
    pub(crate) tiles: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Changes {
    /// Since when, by the time at which things came into the record: a day (YYYY-MM-DD, from its beginning in UTC), a time
    /// (2031-03-12T08:00:00Z), or so long ago: 7d, 12h.
    #[arg(long, value_name = "TIME")]
    pub(crate) since: String,
    /// One JSON object a line.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Origins {
    /// The id of a claim, an incident, a story or a report.
    pub(crate) id: String,
    /// Name every report, instead of the first few.
    #[arg(long)]
    pub(crate) all: bool,
    /// One JSON object a line, in the format of docs/formats/origins.md.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Family {
    /// The id of a report, or the id of a family: the start of the digest of its first report behind `f-`.
    pub(crate) id: String,
    /// Show every member and passage, instead of the first few.
    #[arg(long)]
    pub(crate) all: bool,
    /// One JSON object, in the format of docs/formats/origins.md.
    #[arg(long)]
    pub(crate) json: bool,
    /// Write a picture of the family to a file as well.
    #[arg(long, value_name = "FILE")]
    pub(crate) svg: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Claims {
    /// statement, figure, allegation or determination.
    #[arg(long)]
    pub(crate) kind: Option<String>,
    /// Any part of the name of anybody in the chain of speakers.
    #[arg(long)]
    pub(crate) speaker: Option<String>,
    /// An act, such as attack_on_object.
    #[arg(long)]
    pub(crate) act: Option<String>,
    /// Any part of the name of a place, or the whole name in another spelling.
    #[arg(long)]
    pub(crate) place: Option<String>,
    /// Happened, or said, on this day or later: YYYY-MM-DD. Claims without a day are left out.
    #[arg(long, value_name = "DAY")]
    pub(crate) from: Option<Date>,
    /// Happened, or said, on this day or earlier: YYYY-MM-DD. Claims without a day are left out.
    #[arg(long, value_name = "DAY")]
    pub(crate) to: Option<Date>,
    /// asserted, denied, questioned, hypothetical or counter_version.
    #[arg(long)]
    pub(crate) polarity: Option<String>,
    /// Any part of the claim's words.
    #[arg(long)]
    pub(crate) text: Option<String>,
    /// The id of a report, or the start of the digest of its original.
    #[arg(long)]
    pub(crate) report: Option<String>,
    /// One JSON object a line, in the format of docs/formats/claims.md.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Figures {
    /// An incident or a situation, by its id or the start of it: its ledger, with what does not fit together. Without it,
    /// all figures of the record are listed.
    #[arg(conflicts_with_all = ["measure", "population", "speaker", "place"])]
    pub(crate) id: Option<String>,
    /// Draw the ledger over time into this file, as SVG.
    #[arg(long, value_name = "FILE", requires = "id")]
    pub(crate) svg: Option<PathBuf>,
    /// What is measured, such as killed or displaced.
    #[arg(long)]
    pub(crate) measure: Option<String>,
    /// Whom the figures count, such as civilians.
    #[arg(long)]
    pub(crate) population: Option<String>,
    /// Any part of the name of anybody in the chain of speakers.
    #[arg(long)]
    pub(crate) speaker: Option<String>,
    /// Any part of the name of a place, or the whole name in another spelling.
    #[arg(long)]
    pub(crate) place: Option<String>,
    /// One JSON object a line.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Contradictions {
    /// Any part of the name of the place of an incident, or the whole name in another spelling.
    #[arg(long)]
    pub(crate) place: Option<String>,
    /// Only incidents that may have been on this day or later: YYYY-MM-DD. Leaves out what is undated.
    #[arg(long, value_name = "DAY")]
    pub(crate) from: Option<Date>,
    /// Only incidents that may have been on this day or earlier.
    #[arg(long, value_name = "DAY")]
    pub(crate) to: Option<Date>,
    /// One JSON object a line.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Show {
    /// The id of a report or claim, or the start of the digest of an original.
    pub(crate) id: String,
    /// JSON Lines, in the format of docs/formats/claims.md.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// The id of a claim, as `claims` lists it: the id of its report, `#`, and a number.
    pub(crate) claim: String,
    /// One JSON object.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Search {
    /// Words, "a phrase", +must -not, AND, OR.
    #[arg(required = true)]
    pub(crate) query: Vec<String>,
    #[command(flatten)]
    pub(crate) published: Published,
    /// Only reports of this kind: dated-text, text, page or row.
    #[arg(long)]
    pub(crate) kind: Option<String>,
    /// At most this many hits.
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub(crate) limit: usize,
    /// One JSON object a line.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Eval {
    /// The folder of the corpora. Those that it lacks are named and left out.
    #[arg(value_name = "CORPORA_DIR")]
    pub(crate) corpora: PathBuf,
    /// Only the corpus of this name, such as claims-gold; can be given several times.
    #[arg(long, value_name = "NAME")]
    pub(crate) only: Vec<String>,
    /// Instead of figures, name the incidents that were taken for one in incidents-bellingcat-sources; with
    /// `--only origins` the matters whose origins are counted wrongly.
    #[arg(long)]
    pub(crate) errors: bool,
    /// One JSON object a line: corpus, measure, value, n.
    #[arg(long)]
    pub(crate) json: bool,
}
