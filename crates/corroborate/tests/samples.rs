//! The sample reports, read from their originals: copies, stories and origins beside `samples/origins.json`.

use std::path::{Path, PathBuf};

use corroborate::{
    CopyLink, Known, Matter, Read, ReportKey, Sketch, Story, Worded, compare_apart_from, weigh,
};
use expect_test::expect;
use extract::{Reading, Source};
use model::{Digest, Kind, Metadata};
use serde_json::Value;

struct Samples {
    readings: Vec<(String, Reading)>,
    links: Vec<CopyLink>,
    stories: Vec<Story>,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples")
}

fn labels() -> Value {
    let file = std::fs::read(folder().join("origins.json")).expect("the labels are part of the repository");
    serde_json::from_slice(&file).expect("the labels are JSON")
}

fn read(path: &Path) -> (String, Reading) {
    let bytes = std::fs::read(path).expect("the samples are part of the repository");
    let name = path.file_name().and_then(|name| name.to_str()).expect("a name in ASCII").to_owned();
    let kind = if name.ends_with(".html") { Kind::Page } else { Kind::DatedText };
    let metadata = Metadata { id: name.clone(), ..Metadata::default() };
    let reading =
        extract::read(&Source { bytes: &bytes, digest: Digest::of(&bytes), kind, metadata: &metadata });
    (name, reading)
}

impl Samples {
    fn load() -> Samples {
        let entries = std::fs::read_dir(folder().join("reports")).expect("the samples are there");
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("a readable entry").path()).collect();
        paths.sort();
        let mut samples = Samples {
            readings: paths.iter().map(|path| read(path)).collect(),
            links: vec![],
            stories: vec![],
        };
        let sketch = |(at, (_, reading)): (usize, &(String, Reading))| {
            (ReportKey(at as u64), Sketch::of(&reading.report, &reading.claims))
        };
        let sketches: Vec<(ReportKey, Sketch)> = samples.readings.iter().enumerate().map(sketch).collect();
        let mut known = Known::default();
        known.take_in(sketches, |pair| {
            let [a, b] = [pair.a, pair.b].map(|key| Worded::of(samples.read(key)));
            compare_apart_from(&pair.standing, (&a, &b))
        });
        samples.links = known.links().to_vec();
        samples.stories = known.stories();
        samples
    }

    fn read(&self, key: ReportKey) -> Read<'_> {
        let (_, reading) = &self.readings[key.0 as usize];
        Read { key, report: &reading.report, claims: &reading.claims }
    }

    fn name(&self, key: ReportKey) -> &str {
        &self.readings[key.0 as usize].0
    }

    /// Returns the numbers that the names of reports begin with.
    fn numbers(&self, keys: &[ReportKey]) -> String {
        keys.iter().map(|&key| &self.name(key)[..2]).collect::<Vec<_>>().join(" ")
    }

    fn is_copy(&self, one: &str, other: &str) -> bool {
        self.links.iter().filter(|link| link.class.is_copy()).any(|link| {
            let pair = [self.name(link.a), self.name(link.b)];
            pair == [one, other] || pair == [other, one]
        })
    }

    fn story_of(&self, name: &str) -> usize {
        let holds = |story: &Story| story.reports.iter().any(|&key| self.name(key) == name);
        self.stories.iter().position(holds).expect("each report is in a story")
    }

    fn matters(&self, name: &str) -> Vec<Matter> {
        let story = &self.stories[self.story_of(name)];
        let reads: Vec<Read<'_>> = story.reports.iter().map(|&key| self.read(key)).collect();
        weigh(&reads, &self.links)
    }

    fn shown(&self, matters: &[Matter]) -> String {
        let mut lines = String::new();
        for matter in matters {
            lines += &format!("{} [{}]\n", matter.title, self.numbers(&matter.reports));
            for origin in &matter.independent {
                lines += &format!("  + {} [{}]\n", origin.name, self.numbers(&origin.relayed_by));
            }
            for unknown in &matter.unknown {
                lines += &format!("  ? [{}]\n", self.numbers(&unknown.reports));
            }
            for denial in &matter.denials {
                let by = denial.by.as_deref().unwrap_or("nobody named");
                lines += &format!("  ≠ {} {by}\n", denial.strength.name());
            }
        }
        lines
    }
}

#[test]
fn copies_are_those_of_the_labels() {
    let (samples, labels) = (Samples::load(), labels());
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    for row in labels["copies"].as_array().into_iter().flatten() {
        let (file, of) = (text(&row["file"]), text(&row["of"]));
        // Told again throughout in other words: not found yet.
        let found = text(&row["kind"]) != "rewritten";
        assert_eq!(samples.is_copy(&file, &of), found, "{file} of {of}");
    }
    for row in labels["not_copies"].as_array().into_iter().flatten() {
        let (one, other) = (text(&row["files"][0]), text(&row["files"][1]));
        assert!(!samples.is_copy(&one, &other), "{one} and {other}");
    }
}

#[test]
fn stories_are_those_of_the_labels() {
    let (samples, labels) = (Samples::load(), labels());
    for event in labels["events"].as_array().into_iter().flatten() {
        let mut files: Vec<&str> =
            event["story"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let story = &samples.stories[samples.story_of(files[0])];
        let mut found: Vec<&str> = story.reports.iter().map(|&key| samples.name(key)).collect();
        files.sort_unstable();
        found.sort_unstable();
        assert_eq!(found, files, "{}", event["id"]);
    }
}

#[test]
fn towns_are_never_merged() {
    let samples = Samples::load();
    for (name, _) in &samples.readings {
        for matter in samples.matters(name) {
            let words = |at: &corroborate::ClaimRef| {
                let (_, reading) = &samples.readings[at.report.0 as usize];
                reading.report.text.quote(reading.claims[at.claim].span).to_owned()
            };
            let words: Vec<String> = matter.claims.iter().map(words).collect();
            let names = |town: &str| words.iter().any(|words| words.contains(town));
            let determination = matches!(matter.subject, corroborate::Subject::Determination { .. });
            assert!(determination || !(names("Halvorek") && names("Tesmin")), "{}", matter.title);
        }
    }
}

#[test]
fn origins_of_the_strike_on_the_school() {
    let samples = Samples::load();
    let shown = samples.shown(&samples.matters("01-agency-halvorek.txt"));
    expect![[r#"
        People killed in Halvorek [02 01 05 03 04 07 06 09]
          + administration of the Ludrava region [02 01 05 03 04 07 06 09]
          + Ansa Meyrell [05]
        Children killed in Halvorek [02 01 05 03 04 07 06 09]
          + administration of the Ludrava region [02 01 03 04 07 06 09]
          + Ansa Meyrell [05]
          + Nela Torvik [05]
        Alleged attack on a school in Halvorek [02 01 05 03 04 07 06 09]
          + administration of the Ludrava region [02 01 03 04 07 06 09]
          + Nela Torvik [05]
          ≠ specific Kaldria’s government
          ≠ counter_version Kaldria’s government
          ≠ generic Kaldria’s government
        Alleged attack on civilians in Halvorek [02 01 05 03 04 07]
          + administration of the Ludrava region [02 01 03 04 07]
          + Quillhaven Post [05]
          ? [05]
          ≠ specific Kaldria’s government
          ≠ counter_version Kaldria’s government
        People injured in Halvorek [02 01 05 03 04 07]
          + administration of the Ludrava region [02 01 03 04 07]
          + Ansa Meyrell [05]
        Alleged attack on homes in Halvorek [02 01 03]
          + administration of the Ludrava region [02 01 03]
          ≠ counter_version Kaldria’s government
        Attack on a building or other object in Halvorek, said to be by Sorvenia [06 09]
          + Kaldria’s government [06 09]
        Alleged killing of people in Halvorek [03 09]
          + administration of the Ludrava region [03 09]
          ≠ specific Kaldria’s government
          ≠ counter_version Kaldria’s government
        Military use of a school, said to be by Sorvenian troops [06]
          + Kaldria’s government [06]
        People killed in Halvorek, as a part of another figure [06]
          + administration of the Ludrava region [06]
        People killed in Halvorek, in addition to another figure [06]
          + administration of the Ludrava region [06]
        People missing in Halvorek [09]
          + administration of the Ludrava region [09]
        People displaced, over a longer time [09]
          + United Nations [09]
        Alleged attack on a market or shop in Tesmin [09]
          ? [09]
          ≠ counter_version Kaldria’s government
        Civilians killed, over a longer time [09]
          ? [09]
        People killed in Tesmin [09]
          ? [09]
    "#]]
    .assert_eq(&shown);
}
