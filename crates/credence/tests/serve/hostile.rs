//! Reports that are made to do harm: they are shown as what they say.

use serde_json::json;

use crate::common::Folder;
use crate::common::desk::Desk;
use crate::contract::Contract;
use crate::escaped;

/// Sentences of one report, each a statement with a figure in it, and words of another that has no paragraph: what a build that is not optimised gets through soon.
/// Longer ones are looked at in a browser by `tests/desk`.
const SENTENCES: usize = 5_000;
const WORDS: usize = 100_000;

const MARKUP: &str = "<script>alert(1)</script><svg onload=alert(2)><img src=x onerror=alert(3)>";

fn of_harm() -> (Folder, Desk) {
    let folder = Folder::new();
    let row = |id: &str, text: String| {
        json!({"id": id, "outlet": format!("Lesk {MARKUP}"), "title": format!("{MARKUP}\u{202e}gnihsiloba"), "published": "2031-03-12", "text": text}).to_string()
    };
    let killed = "At least 12 people were killed in Halvorek, the mayor said. ";
    let rows = [
        row(MARKUP, format!("{MARKUP} {killed}")),
        row("\u{202e}txt.\u{2066}exe", format!("\u{202e}{killed}\u{2069}\u{feff}")),
        row("../../etc/passwd", killed.to_owned()),
        row("a\"b'c\\d?e&f#g%41", killed.to_owned()),
        row(
            "many",
            (0..SENTENCES)
                .map(|number| format!("Mayor {number} of Lesk said {number} people were killed. "))
                .collect(),
        ),
        row("long", format!("{} {killed}", "word ".repeat(WORDS))),
    ];
    folder.write("rows.jsonl", rows.join("\n"));
    folder.write("page.html", format!("<html><title>{MARKUP}</title><body><script>alert(4)</script><p>{killed}</p><svg><script>alert(5)</script></svg></body></html>"));
    folder.run(&["collect", "rows.jsonl", "page.html"]).fine();
    folder.run(&["incidents"]).fine();
    let desk = Desk::open(&folder);
    (folder, desk)
}

#[test]
fn every_answer_is_as_described() {
    let (_folder, desk) = of_harm();
    let contract = Contract::of(&desk);
    let ask = |operation: &str, target: &str| {
        let answer = desk.get(target);
        assert_eq!(answer.status, 200, "{target}: {}", answer.text());
        assert_ne!(answer.header("content-type"), Some("text/html"));
        contract.holds(operation, &answer);
        answer
    };
    let list = |of: &str| {
        let answer = ask(&format!("get /api/v1/{of}"), &format!("/api/v1/{of}?limit=20")).json();
        let ids =
            answer["items"].as_array().unwrap().iter().map(|item| escaped(item["id"].as_str().unwrap()));
        ids.collect::<Vec<_>>()
    };
    let reports = list("reports");
    assert_eq!(reports.len(), 7);
    for id in &reports {
        for part in ["", "/claims", "/text", "/original", "/family"] {
            ask(&format!("get /api/v1/reports/{{id}}{part}"), &format!("/api/v1/reports/{id}{part}"));
        }
    }
    for id in list("claims") {
        ask("get /api/v1/claims/{id}", &format!("/api/v1/claims/{id}"));
    }
    for id in list("stories") {
        ask("get /api/v1/stories/{id}", &format!("/api/v1/stories/{id}"));
    }
    for id in list("incidents") {
        for part in ["", "/figures", "/figures.svg"] {
            ask(&format!("get /api/v1/incidents/{{id}}{part}"), &format!("/api/v1/incidents/{id}{part}"));
        }
        ask("get /api/v1/origins/{id}", &format!("/api/v1/origins/{id}"));
    }
    ask("get /api/v1/contradictions", "/api/v1/contradictions");
    ask("get /api/v1/changes", "/api/v1/changes?since=2020-01-01T00:00:00Z");
    ask("get /api/v1/search", "/api/v1/search?q=people");
    ask("get /api/v1/search", "/api/v1/search?q=%22word+word%22");
    // The words come back as they are, and as nothing but words.
    let named = desk.json(&format!("/api/v1/reports/{}", escaped(MARKUP)));
    assert_eq!(named["outlet"], format!("Lesk {MARKUP}"));
    assert_eq!(desk.json("/api/v1/reports/many/claims").as_array().unwrap().len(), 2 * SENTENCES);
}

#[test]
fn pictures_hold_no_markup_of_reports() {
    let folder = Folder::new();
    for (number, name) in [("a", "<b>Ila</b>"), ("b", "<script>alert(1)</script>")] {
        let text =
            format!("Shells hit the market of Tesmin on 14 March, killing two people, {name} Brann said.");
        let row = json!({"id": format!("{number}{MARKUP}"), "outlet": MARKUP, "title": MARKUP, "published": "2031-03-15", "text": text});
        folder.write(&format!("{number}.jsonl"), row.to_string());
        folder.run(&["collect", &format!("{number}.jsonl")]).fine();
    }
    folder.run(&["incidents"]).fine();
    let desk = Desk::open(&folder);
    let mut targets = vec![format!("/api/v1/reports/{}/family.svg", escaped(&format!("a{MARKUP}")))];
    for incident in desk.json("/api/v1/incidents")["items"].as_array().unwrap() {
        targets.push(format!("/api/v1/incidents/{}/figures.svg", incident["id"].as_str().unwrap()));
    }
    for target in targets {
        let picture = desk.get(&target);
        assert_eq!(
            (picture.status, picture.header("content-type")),
            (200, Some("image/svg+xml")),
            "{target}"
        );
        for markup in ["<script", "<img", "<b>"] {
            assert!(!picture.text().contains(markup), "{markup} in {}", picture.text());
        }
    }
}

#[test]
fn names_of_outlets_turn_nothing_else_round() {
    let folder = Folder::new();
    let outlets = ["\u{202e}keerC", "\u{62c}\u{631}\u{64a}\u{62f}\u{629}"];
    let row = |(number, outlet): (usize, &&str)| {
        let told = "Shells hit the market of Tesmin on 14 March, killing two people, mayor Ila Brann said.";
        let text = format!("{told} It was the {}th attack of this month.", number + 4);
        json!({"id": number.to_string(), "outlet": outlet, "title": "Market hit", "published": format!("2031-03-1{}", number + 5), "text": text}).to_string()
    };
    folder.write("rows.jsonl", outlets.iter().enumerate().map(row).collect::<Vec<_>>().join("\n"));
    folder.run(&["collect", "rows.jsonl"]).fine();
    folder.run(&["incidents"]).fine();
    let desk = Desk::open(&folder);
    let said =
        json!({"id": "said", "text": "Shells hit a clinic in Lesk, killing two people, the mayor said."});
    desk.collect("said.jsonl", said.to_string());
    desk.done(&desk.post("/api/v1/reports/said/said", &json!({"outlet": outlets[1]})));
    let first = |of: &str| desk.json(&format!("/api/v1/{of}"))["items"][0]["id"].as_str().unwrap().to_owned();
    let mut named = 0;
    for target in [
        "/reports".to_owned(),
        "/reports/0".to_owned(),
        "/reports/said".to_owned(),
        "/reports/0/family".to_owned(),
        "/claims/0%231".to_owned(),
        "/origins/0%231".to_owned(),
        "/search?q=people".to_owned(),
        "/figures".to_owned(),
        "/collect".to_owned(),
        format!("/stories/{}", first("stories")),
        format!("/incidents/{}", first("incidents")),
    ] {
        let page = desk.get(&target);
        assert_eq!(page.status, 200, "{target}");
        let page = page.text();
        for (at, _) in outlets.iter().flat_map(|outlet| page.match_indices(outlet)) {
            let before = &page[..at];
            let tag = &before[before.rfind('<').unwrap()..];
            // Each piece of text of a picture is a paragraph of its own.
            let is_apart = tag == "<bdi>" || tag.starts_with("<text ") || before.ends_with('\u{2068}');
            assert!(is_apart || before.ends_with("value=\""), "{target}: {tag}");
            named += 1;
        }
    }
    assert!(named > 10, "{named}");
}
