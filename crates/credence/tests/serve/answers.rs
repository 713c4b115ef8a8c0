//! What the desk answers, beside what the commands print of the same record.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::common::Folder;
use crate::common::desk::{Answer, Desk, until};
use crate::contract::Contract;
use crate::{escaped, of_samples};

const HALVOREK: &str = "01-agency-halvorek.txt";

fn ids(desk: &Desk, list: &str) -> Vec<String> {
    let items = desk.json(&format!("/api/v1/{list}?limit=500"))["items"].clone();
    items.as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

fn set(values: &[Value]) -> BTreeSet<String> {
    values.iter().map(Value::to_string).collect()
}

/// Something to ask of each route that reads.
fn questions(desk: &Desk) -> BTreeMap<String, Vec<String>> {
    let mut questions: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let plain = [
        "",
        "/openapi.json",
        "/reports",
        "/claims",
        "/map/incidents",
        "/stories",
        "/incidents",
        "/situations",
        "/contradictions",
        "/decisions",
        "/sources",
        "/jobs",
    ];
    for path in plain {
        questions.insert(format!("get /api/v1{path}"), vec![format!("/api/v1{path}")]);
    }
    for path in ["/healthz", "/metrics"] {
        questions.insert(format!("get {path}"), vec![path.to_owned()]);
    }
    questions
        .insert("get /api/v1/search".into(), vec!["/api/v1/search?q=school&from=2031-03-01&limit=3".into()]);
    questions
        .insert("get /api/v1/search/days".into(), vec!["/api/v1/search/days?q=school&to=2031-03-14".into()]);
    questions.insert("get /api/v1/changes".into(), vec!["/api/v1/changes?since=2020-01-01T00:00:00Z".into()]);
    let (reports, claims) = (ids(desk, "reports"), ids(desk, "claims"));
    let (stories, incidents) = (ids(desk, "stories"), ids(desk, "incidents"));
    let situations = desk.json("/api/v1/situations");
    let situations: Vec<String> = situations["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["id"].as_str().unwrap().to_owned())
        .collect();
    let some: Vec<String> =
        [&reports[..1], &claims[..5], &stories, &incidents].into_iter().flatten().cloned().collect();
    let mut each = |ids: &[String], path: &str| {
        let target = |id: &String| format!("/api/v1{}", path.replace("{id}", &escaped(id)));
        questions.insert(format!("get /api/v1{path}"), ids.iter().map(target).collect());
    };
    each(&reports, "/reports/{id}");
    each(&reports, "/reports/{id}/claims");
    each(&reports, "/reports/{id}/text");
    each(&reports, "/reports/{id}/original");
    each(&reports, "/reports/{id}/warc");
    each(&reports, "/reports/{id}/proof");
    each(&reports, "/reports/{id}/family");
    each(&[HALVOREK.to_owned()], "/reports/{id}/family.svg");
    each(&claims, "/claims/{id}");
    each(&claims[..20], "/claims/{id}/explanation");
    each(&stories, "/stories/{id}");
    each(&incidents, "/incidents/{id}");
    each(&incidents, "/incidents/{id}/near");
    each(&incidents, "/incidents/{id}/figures");
    each(&incidents, "/incidents/{id}/figures.svg");
    each(&situations, "/situations/{id}");
    each(&some, "/origins/{id}");
    each(&["1".to_owned()], "/jobs/{id}");
    each(&["1".to_owned()], "/jobs/{id}/reports");
    questions
}

#[test]
fn every_answer_is_as_described() {
    let (_folder, desk) = of_samples();
    let contract = Contract::of(&desk);
    desk.done(&desk.ask("POST", "/api/v1/verify").send());
    let questions = questions(&desk);
    for (operation, targets) in &questions {
        assert!(!targets.is_empty(), "{operation}");
        for target in targets {
            let answer = desk.get(target);
            assert_eq!(answer.status, 200, "{target}: {}", answer.text());
            contract.holds(operation, &answer);
        }
    }
    let other = [
        "get /api/v1/events",
        "post /api/v1/collect",
        "post /api/v1/collect/links",
        "post /api/v1/decisions",
        "post /api/v1/reports/{id}/said",
        "post /api/v1/verify",
    ];
    let asked: BTreeSet<String> = questions.into_keys().chain(other.map(str::to_owned)).collect();
    assert_eq!(asked, contract.operations());
}

#[test]
fn days_of_what_is_found_add_up_to_what_is_found() {
    let (_folder, desk) = of_samples();
    for query in ["q=school", "q=school&from=2031-03-13", "q=people&to=2031-03-20"] {
        let days = desk.json(&format!("/api/v1/search/days?{query}"));
        let counted: u64 =
            days["days"].as_array().unwrap().iter().map(|day| day["reports"].as_u64().unwrap()).sum();
        let found = desk.json(&format!("/api/v1/search?{query}"));
        assert_eq!(counted + days["undated"].as_u64().unwrap(), found["total"].as_u64().unwrap(), "{query}");
    }
}

#[test]
fn a_chart_is_drawn_for_days() {
    let (_folder, desk) = of_samples();
    let incident = ids(&desk, "incidents");
    let all: Vec<String> = incident
        .iter()
        .map(|id| {
            desk.get(&format!("/api/v1/incidents/{id}/figures.svg?from=2031-03-15&to=2031-03-16")).text()
        })
        .collect();
    assert!(all.iter().any(|svg| svg.contains("From 2031-03-15 to 2031-03-16; ")));
    assert!(all.iter().all(|svg| !svg.contains("<title>2031-03-12")));
    assert!(all.iter().any(|svg| svg.contains("<a href=\"/claims/09-toll-rises.txt%233\">")));
}

#[test]
fn the_same_as_the_commands_print() {
    let (folder, desk) = of_samples();
    let printed = |arguments: &[&str]| folder.run(&[arguments, &["--json"]].concat()).fine().json();
    for story in printed(&["stories"]) {
        assert_eq!(desk.json(&format!("/api/v1/stories/{}", story["id"].as_str().unwrap())), story);
    }
    for id in ids(&desk, "incidents") {
        assert_eq!(desk.json(&format!("/api/v1/incidents/{id}")), printed(&["incident", &id])[0]);
        assert_eq!(desk.json(&format!("/api/v1/incidents/{id}/figures")), printed(&["figures", &id])[0]);
        // It says so by its code where there is nothing to count.
        let origins = folder.run(&["origins", &id, "--json"]).json();
        assert_eq!(desk.json(&format!("/api/v1/origins/{id}")), Value::Array(origins));
    }
    let shown = printed(&["show", HALVOREK]);
    assert_eq!(desk.json(&format!("/api/v1/reports/{HALVOREK}")), shown[0]);
    assert_eq!(desk.json(&format!("/api/v1/reports/{HALVOREK}/claims")), Value::Array(shown[1..].to_vec()));
    assert_eq!(desk.json(&format!("/api/v1/reports/{HALVOREK}/family")), printed(&["family", HALVOREK])[0]);
    let claim = format!("{HALVOREK}#1");
    assert_eq!(
        desk.json(&format!("/api/v1/claims/{}/explanation", escaped(&claim))),
        printed(&["explain", &claim])[0]
    );
    let since = "2020-01-01T00:00:00Z";
    let changes = desk.json(&format!("/api/v1/changes?since={since}&limit=500"));
    assert_eq!(changes["items"], Value::Array(printed(&["changes", "--since", since])));
    assert_eq!(changes["next"], Value::Null);
    let original = std::fs::read(crate::common::samples().join("reports").join(HALVOREK)).unwrap();
    assert_eq!(desk.get(&format!("/api/v1/reports/{HALVOREK}/original")).body, original);
    assert_eq!(desk.get(&format!("/api/v1/reports/{HALVOREK}/text")).body, original);
}

#[test]
fn a_list_page_by_page_is_the_whole_list() {
    let (_folder, desk) = of_samples();
    for (list, most) in
        [("reports", 500), ("claims", 500), ("stories", 500), ("incidents", 500), ("situations", 50)]
    {
        let whole = desk.json(&format!("/api/v1/{list}?limit={most}"));
        assert_eq!(whole["next"], Value::Null);
        let (mut items, mut after) = (Vec::new(), String::new());
        loop {
            let page = desk.json(&format!("/api/v1/{list}?limit=2{after}"));
            items.extend(page["items"].as_array().unwrap().clone());
            let Some(next) = page["next"].as_str() else { break };
            assert!(page["items"].as_array().unwrap().len() <= 2);
            after = format!("&after={}", escaped(next));
        }
        assert_eq!(Value::Array(items), whole["items"], "{list}");
    }
}

fn code(answer: &Answer) -> String {
    answer.json()["code"].as_str().unwrap_or_default().to_owned()
}

/// Asks for all pages of a list.
fn walked(desk: &Desk, list: &str) -> Vec<Value> {
    let (mut items, mut after) = (Vec::new(), String::new());
    loop {
        let page = desk.json(&format!("{list}{after}"));
        items.extend(page["items"].as_array().unwrap().clone());
        let Some(next) = page["next"].as_str() else { return items };
        after = format!("&after={}", escaped(next));
    }
}

#[test]
fn changes_come_page_by_page() {
    let (_folder, desk) = of_samples();
    let asked = "/api/v1/changes?since=2020-01-01T00:00:00Z";
    let whole = desk.json(&format!("{asked}&limit=500"))["items"].as_array().unwrap().clone();
    let pages = walked(&desk, &format!("{asked}&limit=1"));
    // What several reports deny in the same words is told once a page.
    let is_once = |change: &&Value| change["change"] != "denial";
    let told = |changes: &[Value]| -> Vec<String> {
        let mut told: Vec<String> = changes.iter().filter(is_once).map(Value::to_string).collect();
        told.sort();
        told
    };
    assert_eq!(told(&pages), told(&whole));
    let denials = |changes: &[Value]| changes.iter().filter(|change| !is_once(change)).count();
    assert!(denials(&pages) >= denials(&whole));
    // A denial names the incident that it answers.
    let mut answered =
        whole.iter().filter(|change| !is_once(change)).filter_map(|it| it["incident"].as_str());
    assert!(answered.all(|id| desk.get(&format!("/api/v1/incidents/{id}")).status == 200));
    assert!(whole.iter().any(|change| change["change"] == "denial" && change["incident"].is_string()));
    let bad = desk.get(&format!("{asked}&after=somewhere"));
    assert_eq!((bad.status, code(&bad)), (400, "bad_request".to_owned()));
}

#[test]
fn whoever_reads_on_is_told_that_incidents_moved() {
    let (folder, desk) = of_samples();
    let first = desk.json("/api/v1/incidents?limit=1");
    let next = first["next"].as_str().unwrap().to_owned();
    let asked = format!("/api/v1/incidents?limit=1&after={}", escaped(&next));
    assert_eq!(desk.get(&asked).status, 200);
    let ids = ids(&desk, "incidents");
    let merge = ["merge", &ids[0], &ids[1], "--by", "Mira Vey", "--reason", "one event"];
    until("they are one", || folder.run(&merge).code == Some(0));
    let refused = desk.get(&asked);
    assert_eq!((refused.status, code(&refused)), (409, "changed".to_owned()), "{}", refused.text());
    let contradictions = format!("/api/v1/contradictions?after={}", escaped(&next));
    assert_eq!(code(&desk.get(&contradictions)), "changed");
    // A person reads on behind the place where the last one stood.
    let (place, _) = next.rsplit_once(' ').unwrap();
    let page = desk.get(&format!("/incidents?after={}", escaped(place)));
    assert_eq!(page.status, 200);
    assert!(!page.text().contains(&format!("/incidents/{}\"", first["items"][0]["id"].as_str().unwrap())));
}

#[test]
fn what_is_sent_packed_is_the_same() {
    let (_folder, desk) = of_samples();
    for target in ["/map.svg", "/map-night.svg", "/api/v1/map/incidents"] {
        let plain = desk.get(target);
        let packed = desk.ask("GET", target).with("Accept-Encoding: gzip").send();
        assert_eq!(packed.header("content-encoding"), Some("gzip"), "{target}");
        assert_eq!(packed.header("etag"), plain.header("etag"));
        let mut unpacked = Vec::new();
        std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(&packed.body[..]), &mut unpacked)
            .unwrap();
        assert_eq!(unpacked, plain.body);
        let tag = format!("If-None-Match: {}", plain.header("etag").unwrap());
        let again = desk.ask("GET", target).with("Accept-Encoding: gzip").with(&tag).send();
        assert_eq!((again.status, again.body.len()), (304, 0));
    }
    assert_eq!(desk.json("/api/v1/map/incidents")["most"], 5_000);
}

#[test]
fn whole_lists_are_those_of_the_commands() {
    let (folder, desk) = of_samples();
    for list in ["reports", "claims", "stories", "incidents"] {
        let asked = desk.ask("GET", &format!("/api/v1/{list}")).with("Accept: application/x-ndjson").send();
        assert_eq!(asked.header("content-type"), Some("application/x-ndjson"));
        assert_eq!(set(&asked.lines()), set(&folder.run(&[list, "--json"]).fine().json()), "{list}");
    }
    let some =
        desk.ask("GET", "/api/v1/claims?kind=figure&measure=killed").with("Accept: application/x-ndjson");
    let printed = folder.run(&["claims", "--kind", "figure", "--json"]).fine().json();
    let killed = |claim: &&Value| claim["measure"] == "killed";
    assert_eq!(set(&some.send().lines()), printed.iter().filter(killed).map(Value::to_string).collect());
    let wrong = desk.ask("GET", "/api/v1/claims?act=dancing").with("Accept: application/x-ndjson").send();
    assert_eq!(wrong.status, 400, "{}", wrong.text());
}

#[test]
fn what_is_known_is_worked_out_anew_when_the_record_changes() {
    let (folder, desk) = of_samples();
    let targets = [
        "/api/v1",
        "/api/v1/situations",
        "/api/v1/contradictions",
        "/api/v1/contradictions?kind=situation",
        "/api/v1/map/incidents",
        "/map",
        "/situations",
    ];
    let before = targets.map(|target| desk.get(target).text());
    assert_eq!(targets.map(|target| desk.get(target).text()), before);
    let text = "date 2031-03-30 Shells killed at least 12 people in Halvorek on 29 March, the mayor said. \
        More than 4,000 civilians have been killed in Halvorek since the war began on 1 January 2031, the UN said. \
        At least 9,000 civilians have been killed in Halvorek since the war began on 1 January 2031, the ministry said.";
    let path = folder.write("new.txt", text);
    // The desk may be writing itself.
    until("it is collected", || folder.run(&["collect", path.to_str().unwrap()]).code == Some(0));
    let reports = |text: &str| serde_json::from_str::<Value>(text).unwrap()["reports"].as_u64().unwrap();
    assert_eq!(reports(&desk.get("/api/v1").text()), reports(&before[0]) + 1);
    until("its figures are put to situations", || desk.get("/api/v1/situations").text() != before[1]);
    until("and drawn", || desk.get("/map").text() != before[5]);
    assert_ne!(desk.get("/situations").text(), before[6]);
}

#[test]
fn a_name_that_several_have_leads_to_a_choice() {
    let folder = Folder::new();
    let toll = "More than 4,000 civilians have been killed in Halvorek since the war began on 1 January 2031, the UN said.";
    for (day, words, toll) in [
        ("12", "A shell hit the school of Halvorek, killing", ""),
        ("13", "A missile hit the market of Tesmin, wounding", toll),
    ] {
        let text = format!(
            "date 2031-03-{day} {words} At least {day} people were killed in Halvorek, the mayor said. {toll}"
        );
        folder.write(&format!("{day}/a.txt"), text);
    }
    folder.run(&["collect", "12", "13"]).fine();
    folder.run(&["incidents"]).fine();
    let desk = Desk::open(&folder);
    let reports = desk.json("/api/v1/reports");
    let digests: Vec<String> = reports["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["original"].as_str().unwrap().to_owned())
        .collect();
    let choice = desk.get("/claims/a.txt%231");
    assert_eq!(choice.status, 409);
    for (digest, words) in digests.iter().zip(["market", "school"]) {
        assert!(
            choice.text().contains(&format!("/claims/{}", escaped_but_for_dashes(&format!("{digest}#1")))),
            "{}",
            choice.text()
        );
        assert!(choice.text().contains(words));
        assert!(desk.get("/reports/a.txt").text().contains(&escaped_but_for_dashes(digest)));
    }
    // What a list of figures, an incident or a situation leads to is there.
    let pages = ids(&desk, "incidents").iter().map(|id| format!("/incidents/{id}")).collect::<Vec<_>>();
    for page in pages.iter().map(String::as_str).chain(["/figures", "/situations", "/search?q=hit"]) {
        let html = desk.get(page).text();
        let mut links = html.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
        let met: Vec<&str> = links
            .by_ref()
            .filter(|link| link.starts_with("/claims/") || link.starts_with("/reports/"))
            .collect();
        assert!(!met.is_empty(), "{page}");
        for link in met {
            assert_eq!(desk.get(link.split('#').next().unwrap()).status, 200, "{page}: {link}");
        }
    }
    // Without a title, the beginning of the text is shown.
    assert!(desk.get("/search?q=market").text().contains(">A missile hit the market of Tesmin"));
}

fn escaped_but_for_dashes(id: &str) -> String {
    escaped(id).replace("%2D", "-").replace("%2E", ".")
}

#[test]
fn a_story_is_laid_out_by_day_by_origin_and_by_outlet() {
    let folder = Folder::new();
    let tell = |name: &str, day: &str, outlet: &str, words: &str| {
        folder.write(name, format!("date 2031-03-{day} {words}"));
        folder.run(&["collect", name, "--outlet", outlet]).fine();
    };
    let strike = "A missile struck the school of Halvorek on 12 March";
    tell("a.txt", "12", "Lantern", &format!("{strike}, killing at least nine people, mayor Ila Brann said."));
    tell("b.txt", "13", "Quill", &format!("{strike}, killing 14 people, the governor of Halvorek said."));
    tell(
        "c.txt",
        "14",
        "Harbour",
        &format!("{strike}. The ministry of defence denied that it struck the school of Halvorek."),
    );
    folder.run(&["stories"]).fine();
    folder.run(&["incidents"]).fine();
    let desk = Desk::open(&folder);
    let story = ids(&desk, "stories").remove(0);
    let page = desk.get(&format!("/stories/{story}")).text();
    assert!(page.contains("2031-03-12</text>") && page.contains(">Lantern</text>"), "{page}");
    assert!(page.contains("What each outlet says differently"));
    assert!(page.contains("highest") && page.contains("lowest"), "{page}");
    assert!(page.contains("Who stands behind what"));
    // Who denies is said wherever the incident is.
    let incidents = desk.json("/api/v1/incidents");
    let incident = incidents["items"].as_array().unwrap().iter().find(|one| one["denied_by"] == 1);
    let id = incident.expect("one is denied")["id"].as_str().unwrap().to_owned();
    for page in ["/", "/incidents"] {
        let html = desk.get(page).text();
        assert!(html.contains(&format!("href=\"/incidents/{id}\">denied by 1</a>")), "{page}: {html}");
    }
    assert!(desk.get("/reports/a.txt").text().contains("denied by 1"));
    let point = desk.json("/api/v1/map/incidents");
    assert!(point["features"].as_array().unwrap().iter().all(|one| one["properties"]["stated"].is_boolean()));
}

#[test]
fn the_map_tells_what_is_denied() {
    let folder = Folder::new();
    let shells = |town: &str| {
        format!("Shells hit a school in {town} on 10 March, killing four people, the mayor said.")
    };
    folder.write("a.txt", format!("date 2031-03-12 {}", shells("Odesa")));
    let denial = "The ministry of defence denied that it struck the school in Kharkiv.";
    folder.write("b.txt", format!("date 2031-03-12 {} {denial}", shells("Kharkiv")));
    folder.run(&["collect", "a.txt", "b.txt"]).fine();
    folder.run(&["incidents"]).fine();
    let desk = Desk::open(&folder);
    let told = |list: &Value, is_denied: fn(&Value) -> bool| -> Vec<(String, bool)> {
        let one = |one: &Value| (one["id"].as_str().unwrap().to_owned(), is_denied(one));
        list.as_array().unwrap().iter().map(one).collect()
    };
    let points = desk.json("/api/v1/map/incidents");
    let points = told(&points["features"], |one| one["properties"]["denied"].as_bool().unwrap());
    // As the list has it.
    let listed = told(&desk.json("/api/v1/incidents")["items"], |one| one["denied_by"] != 0);
    assert_eq!(points, listed);
    assert_eq!(points.iter().filter(|(_, denied)| *denied).count(), 1, "{points:?}");
    let id = points.iter().find(|(_, denied)| *denied).unwrap().0.clone();
    let page = desk.get("/map").text();
    assert_eq!(page.matches("\">denied</a>").count(), 1, "{page}");
    assert!(page.contains(&format!("href=\"/incidents/{id}\">denied</a>")));
    assert!(page.contains(", denied</title>"));
    // Two rings of the key, and one.
    let picture = desk.get("/map.svg").text();
    assert_eq!(picture.matches("class=\"ringed\"").count(), 3, "{picture}");
    assert!(picture.contains("1 incident, denied"));
}

/// Makes a record in which two reports bear one name, and a third tells of the school of the one and of the market of the other. It
/// is in a story with the first, which has a denial of the school.
pub(crate) fn of_one_name() -> Folder {
    let folder = Folder::new();
    let school =
        "A missile struck the school of Halvorek on 10 March, killing nine people, mayor Ila Brann said.";
    let denial = "The ministry of defence denied that it struck the school of Halvorek.";
    let market = "Shells hit the market of Tesmin on 4 March, wounding two people, the governor said. Fish and bread lay in \
        the square until dusk, and traders swept glass from their stalls while the baker counted what was left.";
    let both = "Rescuers searched classrooms through the night with dogs and lamps. Six days earlier, two people were wounded \
        when the market of Tesmin was shelled, on 4 March, officials said.";
    let row = |(id, outlet, day): (&str, &str, u8), text: String| {
        let published = format!("2031-03-{day:02}");
        json!({"id": id, "outlet": outlet, "title": outlet, "published": published, "text": text}).to_string()
    };
    let rows = [
        row(("x", "Lantern", 12), format!("{school} {denial}")),
        row(("x", "Quill", 5), market.to_owned()),
        row(("y", "Harbour", 13), format!("{school} {both}")),
    ];
    folder.write("rows.jsonl", rows.join("\n"));
    folder.run(&["collect", "rows.jsonl"]).fine();
    folder.run(&["incidents"]).fine();
    folder
}

#[test]
fn what_is_denied_of_one_report_is_not_denied_of_another_of_its_name() {
    let folder = of_one_name();
    let desk = Desk::open(&folder);
    let items = desk.json("/api/v1/incidents")["items"].clone();
    let denied: Vec<(&str, u64)> = items
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["object_class"][0].as_str().unwrap(), one["denied_by"].as_u64().unwrap()))
        .collect();
    assert_eq!(denied, [("school", 1), ("market", 0)], "{items}");
}

#[test]
fn a_search_is_narrowed_by_what_its_hits_say() {
    let (_folder, desk) = of_samples();
    let all = desk.json("/api/v1/search?q=school&limit=100");
    assert_eq!(all["counted"], all["total"]);
    for facet in all["facets"].as_array().unwrap() {
        let name = facet["name"].as_str().unwrap();
        for value in facet["values"].as_array().unwrap() {
            let wanted = value["value"].as_str().unwrap();
            let asked = match name {
                "month" => format!("from={wanted}-01&to={wanted}-31"),
                _ => format!("{name}={}", escaped(wanted)),
            };
            if matches!(name, "month") && !wanted.ends_with("-03") {
                continue;
            }
            let some = desk.json(&format!("/api/v1/search?q=school&limit=100&{asked}"));
            // A name holds the words of shorter ones, and a place is found by words of it.
            assert!(some["total"].as_u64() >= value["reports"].as_u64(), "{asked}: {some}");
            assert!(some["total"].as_u64() <= all["total"].as_u64(), "{asked}");
        }
    }
    let nowhere = desk.json("/api/v1/search?q=school&west=0&south=0&east=0.1&north=0.1");
    assert_eq!((&nowhere["total"], &nowhere["hits"]), (&json!(0), &json!([])));
    is_fault(&desk.get("/api/v1/search?q=school&act=dancing"), (400, "bad_request"));
    let page = desk.get("/search?q=school&kind=allegation").text();
    assert!(page.contains("asked for; again to undo") && page.contains("kind=figure"), "{page}");
}

#[test]
fn the_next_page_asks_for_the_same() {
    let (_folder, desk) = of_samples();
    let asked = "/figures?limit=1&from=2020-01-01&to=2040-01-01&text=e&polarity=asserted";
    let page = desk.get(asked).text();
    let next = page.split("rel=\"next\" href=\"").nth(1).unwrap().split('"').next().unwrap();
    for part in ["from=2020-01-01", "to=2040-01-01", "text=e", "polarity=asserted", "limit=1"] {
        assert!(next.contains(part), "{next}");
    }
}

#[test]
fn a_form_that_cannot_be_read_is_refused_in_words() {
    let (_folder, desk) = of_samples();
    let decide = |kind: &str, body: &str| {
        let origin = format!("Origin: http://127.0.0.1:{}", desk.port);
        desk.ask("POST", "/decide").with(&origin).with(&format!("Content-Type: {kind}")).body(body).send()
    };
    let form = "application/x-www-form-urlencoded";
    for (answer, status) in [
        (decide("text/plain", "x"), 415),
        (decide(form, "act=merge&act=link"), 422),
        (decide(form, "act=dance"), 400),
        (decide(form, "act=merge&about=i-0&what=i-1"), 422),
        (desk.get("/reports/%FF"), 400),
        (desk.ask("POST", "/reports").send(), 405),
    ] {
        assert!(answer.header("content-type").unwrap().starts_with("text/html"), "{}", answer.text());
        assert!(answer.status == status || answer.status == 400, "{}: {}", answer.status, answer.text());
        assert!(answer.text().contains("What to do"));
    }
}

#[test]
fn a_situation_has_a_page_of_its_own() {
    let (_folder, desk) = of_samples();
    let all = desk.json("/api/v1/situations?limit=1");
    let first = all["items"][0]["id"].as_str().unwrap().to_owned();
    let page = desk.get(&format!("/situations/{}", escaped(&first)));
    assert_eq!(page.status, 200);
    assert!(page.text().contains(&format!("id=\"{first}\"")));
    if let Some(next) = all["next"].as_str() {
        let list = desk.get(&format!("/situations?limit=1&after={}", escaped(&first))).text();
        assert!(list.contains("All situations") && !list.contains(&format!("id=\"{first}\"")), "{next}");
    }
    assert_eq!(desk.get("/situations/t-0").status, 404);
}

#[test]
fn who_has_an_answer_is_not_sent_it_again() {
    let (folder, desk) = of_samples();
    let target = format!("/api/v1/reports/{HALVOREK}");
    let first = desk.get(&target);
    let tag = format!("If-None-Match: {}", first.header("etag").unwrap());
    let again = desk.ask("GET", &target).with(&tag).send();
    assert_eq!((again.status, again.body.len()), (304, 0));
    assert_eq!(again.header("etag"), first.header("etag"));
    assert_eq!(desk.ask("GET", &target).with("If-None-Match: \"other\"").send().status, 200);
    let list = format!("If-None-Match: {}", desk.get("/api/v1/reports").header("etag").unwrap());
    assert_eq!(desk.ask("GET", "/api/v1/reports").with(&list).send().status, 304);
    let path = folder.write("new.txt", "date 2031-03-30 Nine people were killed in Lesk, the mayor said.");
    // The desk may be writing itself.
    until("it is collected", || folder.run(&["collect", path.to_str().unwrap()]).code == Some(0));
    assert_eq!(desk.ask("GET", "/api/v1/reports").with(&list).send().status, 200);
    // Who asks for the head alone gets no tag of nothing.
    let head = desk.ask("HEAD", &target).send();
    assert_eq!((head.status, head.body.len(), head.header("etag")), (200, 0, None));
}

#[test]
fn a_place_is_found_by_its_other_spellings() {
    let folder = Folder::new();
    for (name, place) in [("a.txt", "Izium"), ("b.txt", "Kharkiv")] {
        let text = format!(
            "date 2031-03-13 Shells hit a hospital in {place} on 12 March, killing nine people, the mayor said."
        );
        folder.write(&format!("in/{name}"), text);
    }
    folder.run(&["collect", "in"]).fine();
    folder.run(&["incidents"]).fine();
    let desk = Desk::open(&folder);
    let printed = |place: &str| folder.run(&["incidents", "--place", place, "--json"]).fine().json().len();
    for spelling in ["Izyum", "izyu", "Izium", "Изюм"] {
        let place = escaped(spelling);
        let found = desk.json(&format!("/api/v1/incidents?place={place}"));
        assert_eq!(found["items"].as_array().unwrap().len(), 1, "{spelling}");
        assert_eq!(found["items"][0]["place"], "Izyum", "{spelling}");
        assert_eq!(printed(spelling), 1, "{spelling}");
        assert_eq!(desk.json(&format!("/api/v1/search?q=people&place={place}"))["total"], 1, "{spelling}");
        let claims = desk.json(&format!("/api/v1/claims?kind=figure&place={place}"));
        assert_eq!(claims["items"].as_array().unwrap().len(), 1, "{spelling}");
        for page in ["incidents", "figures"] {
            let page = desk.get(&format!("/{page}?place={place}")).text();
            assert!(
                page.contains("class=\"rows\"") && page.contains(&format!("value=\"{spelling}\"")),
                "{page}"
            );
        }
    }
    // Another spelling is one as a whole, or none.
    assert_eq!(desk.json("/api/v1/incidents?place=Iziu")["items"], json!([]));
}

#[test]
fn a_claim_leads_to_its_words() {
    let (_folder, desk) = of_samples();
    let page = desk.get(&format!("/reports/{HALVOREK}")).text();
    let claims = desk.json(&format!("/api/v1/reports/{HALVOREK}/claims"));
    for (number, claim) in claims.as_array().unwrap().iter().enumerate() {
        let place = format!("w{}", number + 1);
        assert_eq!(page.matches(&format!("id=\"{place}\"")).count(), 1, "{place}: {page}");
        let (_, mut words) = page.split_once(&format!("<span id=\"{place}\" class=\"at\"")).unwrap();
        // Others may begin at the same place.
        while let Some(tag) = words.find('>').filter(|_| words.starts_with(['<', '>'])) {
            words = &words[tag + 1..];
        }
        let words = words.split('<').next().unwrap().replace("&#39;", "'").replace("&#34;", "\"");
        assert!(
            !words.is_empty() && claim["span"]["quote"].as_str().unwrap().starts_with(&words),
            "{claim}: {words}"
        );
        let explained = desk.get(&format!("/claims/{}", escaped(claim["id"].as_str().unwrap()))).text();
        assert_eq!(explained.matches(&format!("#{place}\"")).count(), 2, "{explained}");
    }
}

#[test]
fn no_page_is_shown_out_of_a_store() {
    let (_folder, desk) = of_samples();
    for target in ["/", "/incidents", "/collect", "/nothing"] {
        assert_eq!(desk.get(target).header("cache-control"), Some("private, no-store"), "{target}");
    }
    let refused = desk.ask("GET", "/").without("Authorization").with("Accept: text/html").send();
    assert_eq!((refused.status, refused.header("cache-control")), (401, Some("private, no-store")));
    // Whoever keeps one is still told that it is the same.
    let tag = format!("If-None-Match: {}", desk.get("/incidents").header("etag").unwrap());
    let again = desk.ask("GET", "/incidents").with(&tag).send();
    assert_eq!((again.status, again.header("cache-control")), (304, Some("private, no-store")));
    for target in ["/api/v1/incidents", "/map.svg"] {
        assert_eq!(desk.get(target).header("cache-control"), Some("private, no-cache"), "{target}");
    }
}

#[test]
fn what_takes_room_is_packed() {
    let (_folder, desk) = of_samples();
    let packed = desk.ask("GET", "/api/v1/claims?limit=500").with("Accept-Encoding: gzip").send();
    assert_eq!(packed.header("content-encoding"), Some("gzip"));
    let mut text = String::new();
    std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(&packed.body[..]), &mut text).unwrap();
    assert_eq!(text, desk.get("/api/v1/claims?limit=500").text());
}

/// Fails the test if this is not a fault of that code, in the one form.
pub(crate) fn is_fault(answer: &Answer, (status, code): (u16, &str)) {
    let fault = answer.json();
    assert_eq!((answer.status, fault["code"].as_str()), (status, Some(code)), "{fault}");
    let words = |field: &str| fault[field].as_str().is_some_and(|words| !words.is_empty());
    assert!(words("message") && words("hint"), "{fault}");
    assert_eq!(fault.as_object().unwrap().len(), 3, "{fault}");
    assert_eq!(answer.header("content-type"), Some("application/json"));
}

#[test]
fn faults_have_one_form() {
    let folder = Folder::new();
    for day in ["12", "13"] {
        let text =
            format!("date 2031-03-{day} At least {day} people were killed in Halvorek, the mayor said.");
        folder.write(&format!("{day}/a.txt"), text);
    }
    folder.run(&["collect", "12", "13"]).fine();
    let desk = Desk::open(&folder);
    let contract = Contract::of(&desk);
    let get = |target: &str| desk.get(&format!("/api/v1{target}"));
    for (target, status, code) in [
        ("/reports/nothing", 404, "not_found"),
        ("/reports/nothing/text", 404, "not_found"),
        ("/claims/nothing%231", 404, "not_found"),
        ("/claims/nothing", 404, "not_found"),
        ("/stories/s-0", 404, "not_found"),
        ("/incidents/i-0", 404, "not_found"),
        ("/situations/t-0", 404, "not_found"),
        ("/origins/x", 404, "not_found"),
        ("/jobs/1", 404, "not_found"),
        ("/jobs/one", 404, "not_found"),
        ("/nothing", 404, "not_found"),
        ("/reports/%FF", 400, "bad_request"),
        ("/reports?colour=red", 400, "bad_request"),
        ("/reports?limit=many", 400, "bad_request"),
        ("/reports?limit=0", 400, "bad_request"),
        ("/reports?limit=501", 400, "bad_request"),
        ("/reports?limit=1&limit=2", 400, "bad_request"),
        ("/reports?from=2031-02-30", 400, "bad_request"),
        ("/reports?after=nothing", 404, "not_found"),
        ("/claims?after=nothing", 400, "bad_request"),
        ("/claims?act=dancing", 400, "bad_request"),
        ("/incidents?act=dancing", 400, "bad_request"),
        ("/search", 400, "bad_request"),
        ("/search?q=", 400, "bad_request"),
        ("/search?q=x&skip=10001", 400, "bad_request"),
        ("/changes?since=yesterday", 400, "bad_request"),
        ("/changes", 400, "bad_request"),
        ("/reports/a.txt", 409, "ambiguous"),
    ] {
        is_fault(&get(target), (status, code));
    }
    contract.holds("get /api/v1/reports/{id}", &get("/reports/a.txt"));
    // A field of a form that was left empty asks for nothing, and one that ends so asks for something.
    assert_eq!(get("/reports?outlet=&limit=1").json()["items"].as_array().unwrap().len(), 1);
    assert_eq!(get("/reports?outlet=x=").json()["items"], json!([]));
    for (method, target) in
        [("DELETE", "/api/v1/reports"), ("POST", "/api/v1/reports"), ("GET", "/api/v1/collect")]
    {
        let answer = desk.ask(method, target).send();
        is_fault(&answer, (405, "not_allowed"));
        assert!(answer.header("allow").is_some());
    }
    let post = |body: &str, kind: &str| {
        desk.ask("POST", "/api/v1/decisions").with(&format!("Content-Type: {kind}")).body(body).send()
    };
    is_fault(&post("{}", "text/plain"), (400, "bad_request"));
    is_fault(&post("{", "application/json"), (400, "bad_request"));
    is_fault(&post("{}", "application/json"), (400, "bad_request"));
    is_fault(&post(&"x".repeat(3 << 20), "application/json"), (413, "too_large"));
    is_fault(&desk.post("/api/v1/collect/links", &json!({"addresses": []})), (400, "bad_request"));
    is_fault(
        &desk.post("/api/v1/collect/links", &json!({"addresses": ["/etc/hosts"]})),
        (400, "bad_request"),
    );
    is_fault(
        &desk.post("/api/v1/collect/links", &json!({"addresses": ["http://a.invalid"], "x": 1})),
        (400, "bad_request"),
    );
}
