//! The two reports that Credence was made for. They are evaluation data and not part of the repository; where they are
//! not beside it, this prints why it is skipped.

#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it has to be")]

mod common;

use common::{Folder, corpora};
use serde_json::Value;

struct Read {
    text: String,
    lines: Vec<Value>,
}

/// Reads the mission report whose file name begins so.
fn read(prefix: &str) -> Option<Read> {
    let folder = corpora()?.join("mission");
    let path = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.file_name().unwrap().to_str().unwrap().starts_with(prefix))?;
    let lines = Folder::new().run(&["read", path.to_str().unwrap()]).fine().json();
    Some(Read { text: std::fs::read_to_string(path).unwrap(), lines })
}

impl Read {
    fn of_kind(&self, kind: &str) -> Vec<&Value> {
        self.lines.iter().filter(|line| line["kind"] == kind).collect()
    }

    /// The one figure whose words begin so.
    fn figure(&self, words: &str) -> &Value {
        let found: Vec<_> = self
            .of_kind("figure")
            .into_iter()
            .filter(|figure| quote(figure).to_lowercase().starts_with(words))
            .collect();
        assert_eq!(found.len(), 1, "{words}");
        found[0]
    }

    /// The speaker, nearest to the fact, of the statement that holds these words.
    fn speaker(&self, words: &str) -> String {
        let mut holding: Vec<_> = self
            .of_kind("statement")
            .into_iter()
            .filter(|statement| quote(statement).contains(words))
            .collect();
        holding.sort_by_key(|statement| quote(statement).len());
        holding.first().unwrap_or_else(|| panic!("no statement"))["said_by"][0]["name"]
            .as_str()
            .unwrap()
            .to_owned()
    }
}

fn quote(claim: &Value) -> &str {
    claim["span"]["quote"].as_str().unwrap()
}

#[test]
fn bodies_are_found_exactly() {
    for (prefix, paragraphs, asides) in [("000", 7, 12), ("003", 12, 1)] {
        let Some(read) = read(prefix) else { return };
        let report = read.of_kind("report")[0];
        assert_eq!(report["body"].as_array().unwrap().len(), paragraphs, "{prefix}");
        // The date in front, and the trailing lines of one of the two.
        assert_eq!(report["boilerplate"].as_array().unwrap().len(), asides, "{prefix}");
        let aside: Vec<[u64; 2]> = report["boilerplate"].as_array().unwrap().iter().map(bytes).collect();
        for claim in read.lines.iter().filter(|line| line["kind"] != "report") {
            let [start, end] = bytes(&claim["span"]);
            assert!(
                aside.iter().all(|[from, to]| end <= *from || *to <= start),
                "a claim from the boilerplate"
            );
        }
        if prefix == "000" {
            let body_end = report["body"].as_array().unwrap().last().map(bytes).unwrap()[1] as usize;
            assert_eq!(read.text[body_end..].trim().lines().count(), 11);
        }
    }
}

fn bytes(span: &Value) -> [u64; 2] {
    [span["bytes"][0].as_u64().unwrap(), span["bytes"][1].as_u64().unwrap()]
}

#[test]
fn every_quote_has_its_speaker() {
    let (Some(one), Some(two)) = (read("000"), read("003")) else { return };
    assert_eq!(one.speaker("every tool available"), "Antony Blinken");
    assert_eq!(one.speaker("is a war criminal"), "Joe Biden");
    assert_eq!(one.speaker("special military operation"), "Vladimir Putin");
    assert_eq!(one.speaker("numerous credible reports"), "Antony Blinken");
    assert_eq!(one.speaker("careful review"), "Antony Blinken");
    for words in [
        "unrelenting violence",
        "Today, I can announce",
        "a careful review",
        "court of law",
        "apartment buildings",
        "same tactics",
    ] {
        assert_eq!(two.speaker(words), "Antony Blinken", "{words}");
    }
    assert_eq!(two.speaker("war criminal"), "Joe Biden");
    assert_eq!(two.speaker("verge of rupture"), "Russian foreign ministry");
    assert_eq!(two.speaker("true toll"), "United Nations");
}

#[test]
fn figures_have_their_bounds_speakers_and_caveats() {
    let (Some(one), Some(two)) = (read("000"), read("003")) else { return };
    let fled = one.figure("more than 3.5 million");
    assert_eq!(
        (&fled["lower"], &fled["upper"], &fled["measure"]),
        (&3_500_001.into(), &Value::Null, &"displaced".into())
    );
    assert_eq!(fled["said_by"][0]["name"], "United Nations");
    assert_eq!(fled["period"]["from"], "2022-02-24");
    let thousands = one.figure("civilian casualties");
    assert_eq!((&thousands["vague"], &thousands["said_by"]), (&true.into(), &Value::Array(Vec::new())));
    let killed = two.figure("more than 953");
    assert_eq!((&killed["lower"], &killed["upper"]), (&954.into(), &Value::Null));
    assert_eq!((&killed["measure"], &killed["population"]), (&"killed".into(), &"civilians".into()));
    assert_eq!(killed["said_by"][0]["name"], "United Nations");
    assert_eq!(killed["caveats"], serde_json::json!(["undercount"]));
    let children = two.figure("at least 78");
    assert_eq!((&children["population"], &children["subset_of"]), (&"children".into(), &killed["id"]));
    assert_eq!(children["caveats"], serde_json::json!(["undercount"]));
}

#[test]
fn days_are_resolved_by_the_rules_of_news() {
    let (Some(one), Some(two)) = (read("000"), read("003")) else { return };
    let day = |read: &Read, words: &str| {
        let statements = read.of_kind("statement");
        let found = statements.iter().find(|statement| quote(statement).contains(words)).unwrap();
        found["said_on"].as_str().unwrap_or("none").to_owned()
    };
    assert_eq!(day(&one, "on Wednesday said"), "2022-03-23");
    assert_eq!(day(&two, "verge of rupture"), "2022-03-21");
}

#[test]
fn the_determination_is_that_of_the_united_states() {
    let (Some(one), Some(two)) = (read("000"), read("003")) else { return };
    for (read, authority) in [(one, "United States"), (two, "US government")] {
        let determinations = read.of_kind("determination");
        assert_eq!(determinations.len(), 1);
        assert_eq!(determinations[0]["authority"]["name"], authority);
        assert_eq!(determinations[0]["standard"], "assessed");
        assert_eq!(determinations[0]["said_on"], "2022-03-23");
        assert!(determinations[0]["basis"]["quote"].as_str().unwrap().contains("careful review"));
    }
}

#[test]
fn places_are_located_and_comparisons_kept_apart() {
    let Some(two) = read("003") else { return };
    let allegations = two.of_kind("allegation");
    for class in ["hospital", "cultural"] {
        let found = allegations.iter().find(|claim| {
            claim["object_class"][0] == class && claim["place"]["located"]["name"] == "Mariupol"
        });
        assert!(found.is_some_and(|claim| claim["comparison"] == false), "{class}");
        assert_eq!(found.unwrap()["place"]["located"]["country"], "UA");
    }
    for place in ["Grozny", "Aleppo"] {
        let here: Vec<_> =
            allegations.iter().filter(|claim| claim["place"]["located"]["name"] == place).collect();
        assert!(!here.is_empty(), "{place}");
        assert!(here.iter().all(|claim| claim["comparison"] == true), "{place}");
    }
}

#[test]
fn one_story_not_copies_and_one_origin_relayed_twice() {
    let Some(corpora) = corpora() else { return };
    let folder = Folder::new();
    folder.run(&["collect", corpora.join("mission").to_str().unwrap()]).fine();
    let stories = folder.run(&["stories", "--json"]).fine().json();
    assert_eq!(stories.len(), 1);
    assert_eq!(stories[0]["reports"].as_array().unwrap().len(), 2);
    assert_eq!(stories[0]["families"], serde_json::json!([]));
    let main = stories[0]["matters"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|matter| matter["kind"] == "allegation")
        .max_by_key(|matter| matter["independent"][0]["relayed_by"].as_array().map_or(0, Vec::len))
        .unwrap();
    assert_eq!(main["independent"].as_array().unwrap().len(), 1, "{}", main["title"]);
    assert_eq!(main["independent"][0]["relayed_by"].as_array().unwrap().len(), 2);
    let claims = main["claims"].as_array().unwrap();
    assert!(claims.iter().any(|claim| claim["words"].as_str().unwrap().contains("committed war crimes")));
}

#[test]
fn one_origin_for_the_assessment_and_two_for_the_war() {
    let Some(corpora) = corpora() else { return };
    let folder = Folder::new();
    folder.run(&["collect", corpora.join("mission").to_str().unwrap()]).fine();
    let story = folder.run(&["stories", "--json"]).fine().json().remove(0);
    let sheets = folder.run(&["origins", story["id"].as_str().unwrap(), "--json"]).fine().json();
    let counts = |sheet: &Value| {
        ["independent", "dependent", "unknown"].map(|list| sheet[list].as_array().unwrap().len())
    };
    let assessed = sheets.iter().find(|sheet| sheet["kind"] == "determination").unwrap();
    assert_eq!(counts(assessed), [1, 1, 0], "{}", assessed["title"]);
    assert_eq!(assessed["independent"][0]["basis"], "intelligence");
    assert_eq!(assessed["dependent"][0]["relation"], "quotes_same_speaker");
    // The government that accuses is one origin, and the ministry of the other side, which answers, is the second.
    let is_war = |sheet: &&Value| {
        let by_russia = |answer: &Value| answer["by"].as_str().unwrap().contains("foreign ministry");
        sheet["kind"] == "allegation" && sheet["answers"].as_array().unwrap().iter().any(by_russia)
    };
    let war = sheets.iter().find(is_war).unwrap();
    assert_eq!(counts(war), [1, 1, 0], "{}", war["title"]);
    assert_eq!(war["answers"].as_array().unwrap().len(), 1);
    assert_eq!(war["independent"][0]["kind"], "third_side");
    assert_eq!(war["weighing"]["suggested"]["pair"], "F3");
}
