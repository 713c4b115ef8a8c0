//! What the desk does to the record.

use std::io::{Read as _, Write as _};
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::answers::{is_fault, of_one_name};
use crate::common::Folder;
use crate::common::desk::{Answer, Desk, until};
use crate::contract::Contract;

const SCHOOL: &str = "date 2031-03-13 A missile struck the school of Halvorek on 12 March, killing nine people, mayor Ila Brann said.";
const MARKET: &str =
    "date 2031-03-15 Shells hit the market of Tesmin on 14 March, wounding two people, the governor said.";

fn of_two() -> (Folder, Desk) {
    let folder = Folder::new();
    folder.write("in/a.txt", SCHOOL);
    folder.write("in/c.txt", MARKET);
    folder.run(&["collect", "in"]).fine();
    folder.run(&["incidents"]).fine();
    let desk = Desk::open(&folder);
    (folder, desk)
}

/// Lists the incidents without the number of decisions, which stay in the history.
fn incidents(desk: &Desk) -> Vec<Value> {
    let mut items = desk.json("/api/v1/incidents")["items"].as_array().unwrap().clone();
    items.iter_mut().for_each(|item| item["decisions"] = Value::Null);
    items
}

fn decided(mut what: Value) -> Value {
    what["by"] = json!("Mira Vey");
    what["reason"] = json!("seen on site");
    what
}

/// Lists the folders of what is on its way into a record.
fn on_their_way(folder: &Folder) -> usize {
    let incoming = folder.path().join("record/incoming");
    std::fs::read_dir(incoming).map_or(0, Iterator::count)
}

fn is_sound(folder: &Folder) {
    folder.run(&["verify"]).fine();
}

#[test]
fn decided_and_taken_back() {
    let (folder, desk) = of_two();
    let contract = Contract::of(&desk);
    let before = incidents(&desk);
    let ids: Vec<&str> = before.iter().map(|incident| incident["id"].as_str().unwrap()).collect();
    let merged = desk.post("/api/v1/decisions", &decided(json!({"act": "merge", "ids": ids})));
    contract.holds("post /api/v1/decisions", &merged);
    assert_eq!(merged.status, 200, "{}", merged.text());
    assert_eq!(incidents(&desk).len(), 1);
    let sheet = desk.get(&format!("/api/v1/incidents/{}", ids[0]));
    contract.holds("get /api/v1/incidents/{id}", &sheet);
    assert_eq!(sheet.json()["decided"][0]["by"], "Mira Vey");
    let decision = &merged.json()["id"];
    let undo = decided(json!({"act": "undo", "decision": decision}));
    assert_eq!(desk.post("/api/v1/decisions", &undo).status, 200);
    assert_eq!(incidents(&desk), before);
    let listed = desk.get("/api/v1/decisions");
    contract.holds("get /api/v1/decisions", &listed);
    let printed = folder.run(&["decisions", "--json"]).fine().json();
    let newest_first: Vec<Value> = printed.iter().rev().cloned().collect();
    assert_eq!(listed.json(), json!({"items": newest_first, "next": null}));
    let whole = desk.ask("GET", "/api/v1/decisions").with("Accept: application/x-ndjson").send().lines();
    assert_eq!(whole, printed);
    let first = desk.json("/api/v1/decisions?limit=1");
    assert_eq!(first["items"], json!([newest_first[0]]));
    let behind = desk.json(&format!("/api/v1/decisions?limit=1&after={}", first["next"].as_str().unwrap()));
    assert_eq!(behind, json!({"items": [newest_first[1]], "next": null}));
    let page = desk.get("/decisions").text();
    for words in [
        "“<bdi>Alleged attack on a school</bdi>” (2031-03-12)",
        "“<bdi>Alleged attack on a market or shop in Tesmin</bdi>” (2031-03-14)",
        "are one incident",
        "which is about “",
        "Now: <bdi>Alleged attack on a market or shop in Tesmin</bdi>",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let page = desk.get("/decisions?limit=1").text();
    assert!(page.contains("/decisions?after=d-"), "{page}");
    is_sound(&folder);
}

#[test]
fn an_old_name_leads_to_the_new_one() {
    let (_folder, desk) = of_two();
    for of in ["incidents", "stories"] {
        let list = desk.json(&format!("/api/v1/{of}"));
        let ids: Vec<&str> =
            list["items"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
        let merged = desk.post("/api/v1/decisions", &decided(json!({"act": "merge", "ids": ids}))).json();
        let now = desk.json(&format!("/api/v1/{of}"))["items"][0]["id"].as_str().unwrap().to_owned();
        let old = *ids.iter().find(|id| **id != now).unwrap();
        let page = desk.get(&format!("/{of}/{old}"));
        assert_eq!((page.status, page.header("location")), (303, Some(&*format!("/{of}/{now}"))));
        assert_eq!(desk.get(&format!("/{of}/{now}")).status, 200);
        let answer = desk.get(&format!("/api/v1/{of}/{old}"));
        assert_eq!((answer.status, answer.json()["id"].as_str()), (200, Some(&*now)));
        let address = format!("/api/v1/{of}/{now}");
        assert_eq!(answer.header("content-location"), Some(&*address));
        assert_eq!(desk.get(&address).header("content-location"), None);
        let undo = decided(json!({"act": "undo", "decision": merged["id"]}));
        assert_eq!(desk.post("/api/v1/decisions", &undo).status, 200);
        assert_eq!(desk.get(&format!("/{of}/{old}")).status, 200);
    }
    assert_eq!(desk.get("/incidents/i-0").status, 404);
}

#[test]
fn what_cannot_be_decided_is_refused() {
    let (_folder, desk) = of_two();
    let first = incidents(&desk)[0]["id"].clone();
    for what in [
        json!({"act": "merge", "ids": [first]}),
        json!({"act": "merge", "ids": []}),
        json!({"act": "merge", "ids": [first, "i-0"]}),
        json!({"act": "undo", "decision": "d-999"}),
        json!({"act": "undo", "decision": "nothing"}),
        json!({"act": "link", "what": "nothing.txt", "to": first}),
        json!({"act": "split", "of": first, "parts": []}),
    ] {
        let answer = desk.post("/api/v1/decisions", &decided(what));
        is_fault(&answer, (422, "refused"));
    }
    let nobody = json!({"act": "undo", "decision": "d-1", "by": " ", "reason": "x"});
    is_fault(&desk.post("/api/v1/decisions", &nobody), (422, "refused"));
    is_fault(&desk.post("/api/v1/decisions", &decided(json!({"act": "dance"}))), (400, "bad_request"));
    assert_eq!(desk.json("/api/v1/decisions")["items"], json!([]));
}

#[test]
fn what_is_handed_over_is_kept_as_it_came() {
    let folder = Folder::new();
    folder.write("a.txt", SCHOOL);
    folder.run(&["collect", "a.txt"]).fine();
    let desk = Desk::open(&folder);
    let contract = Contract::of(&desk);
    let text = "date 2031-03-15 Shells hit the m\u{e4}rket of Tesmin on 14 March,\r\n wounding two people, the governor said. \n";
    let asked =
        desk.ask("POST", "/api/v1/collect?name=M%C3%A4rz%20news.txt&outlet=Lesk%20Courier").body(text).send();
    contract.holds("post /api/v1/collect", &asked);
    let job = desk.done(&asked);
    assert_eq!((&job["state"], &job["found"]["kept"]), (&json!("done"), &json!(1)), "{job}");
    let id = "M%C3%A4rz%20news.txt";
    let report = desk.json(&format!("/api/v1/reports/{id}"));
    assert_eq!(report["outlet"], "Lesk Courier");
    assert_eq!(desk.get(&format!("/api/v1/reports/{id}/original")).body, text.as_bytes());
    assert_eq!(desk.get(&format!("/api/v1/reports/{id}/text")).body, text.as_bytes());
    assert_eq!(desk.json("/api/v1/reports")["items"].as_array().unwrap().len(), 2);
    assert_eq!(desk.json("/api/v1/search?q=Tesmin")["total"], 1);
    // An outlet that is no line, or that cannot be told from another by sight, is refused before anything is kept.
    let links = |outlet: &str| json!({"addresses": ["http://a.invalid/"], "outlet": outlet});
    for (outlet, encoded) in
        [("a\nb", "a%0Ab"), ("Lesk\u{200f}", "Lesk%E2%80%8F"), (&"x".repeat(201), &"x".repeat(201))]
    {
        let asked = desk.ask("POST", &format!("/api/v1/collect?name=x.txt&outlet={encoded}")).body(text);
        is_fault(&asked.send(), (400, "bad_request"));
        is_fault(&desk.post("/api/v1/collect/links", &links(outlet)), (400, "bad_request"));
    }
    // The same bytes again are known.
    assert_eq!(desk.collect("other.txt", text)["found"]["kept"], 0);
    let empty = desk.collect("empty.txt", "");
    assert_eq!(empty["found"]["kept"], 0, "{empty}");
    assert_eq!(on_their_way(&folder), 0);
    let verified = desk.done(&desk.ask("POST", "/api/v1/verify").send());
    assert_eq!(
        (&verified["state"], &verified["found"]["sound"]),
        (&json!("done"), &json!(true)),
        "{verified}"
    );
    assert_eq!(desk.json("/api/v1/jobs").as_array().unwrap().len(), 4);
    drop(desk);
    is_sound(&folder);
}

const UNDATED: &str =
    "Shells hit a clinic in Lesk on Monday, killing three people, the mayor, Mira Vey, said.";

#[test]
fn what_came_is_named() {
    let (_folder, desk) = of_two();
    let contract = Contract::of(&desk);
    let job = desk.collect("new.txt", UNDATED);
    let answer = desk.get(&format!("/api/v1/jobs/{}/reports", job["id"]));
    contract.holds("get /api/v1/jobs/{id}/reports", &answer);
    let came = &answer.json()["reports"][0];
    assert_eq!((&came["came"], &came["published"]), (&json!("new"), &Value::Null), "{came}");
    assert_eq!(answer.json()["more"], 0);
    let incident = came["incidents"][0]["id"].as_str().unwrap();
    let page = desk.get("/collect").text();
    let original = came["original"].as_str().unwrap().replace(':', "%3A");
    for words in ["Shells hit a clinic in Lesk", incident, &original, "no day of publication is known"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    // The same bytes again are named as well, and several in one file each.
    let again = desk.collect("new.txt", UNDATED);
    let known = desk.json(&format!("/api/v1/jobs/{}/reports", again["id"]));
    assert_eq!(
        (&known["reports"][0]["came"], &known["reports"][0]["id"]),
        (&json!("known"), &json!("new.txt"))
    );
    let line = |number: usize| {
        let text = format!("A shell hit house {number} in Lesk, killing {number} people, the mayor said.");
        json!({"id": format!("row-{number}"), "published": "2031-03-12", "text": text}).to_string()
    };
    let rows = (1..=25).map(line).collect::<Vec<_>>().join("\n");
    let many = desk.collect("many.jsonl", rows);
    let named = desk.json(&format!("/api/v1/jobs/{}/reports", many["id"]));
    assert_eq!((named["reports"].as_array().unwrap().len(), &named["more"]), (20, &json!(5)), "{named}");
    let page = desk.get(&format!("/collect/{}", many["id"])).text();
    assert!(page.contains("and 5 more, in the list of reports"), "{page}");
    is_fault(&desk.get("/api/v1/jobs/99/reports"), (404, "not_found"));
}

#[test]
fn a_day_can_be_said_later() {
    let (folder, desk) = of_two();
    let contract = Contract::of(&desk);
    desk.collect("new.txt", UNDATED);
    assert!(desk.get("/reports/new.txt").text().contains("/said"));
    let said = desk
        .post("/api/v1/reports/new.txt/said", &json!({"published": "2031-04-02", "outlet": "Lesk Courier"}));
    contract.holds("post /api/v1/reports/{id}/said", &said);
    let job = desk.done(&said);
    assert_eq!((&job["kind"], &job["state"]), (&json!("say"), &json!("done")), "{job}");
    assert_eq!(job["found"]["seen_again"], 1, "{job}");
    let report = desk.json("/api/v1/reports/new.txt");
    assert_eq!((&report["published"], &report["outlet"]), (&json!("2031-04-02"), &json!("Lesk Courier")));
    assert_eq!(desk.get("/api/v1/reports/new.txt/original").body, UNDATED.as_bytes());
    let clinic = incidents(&desk).into_iter().find(|one| one["place"] == "Lesk").unwrap();
    assert_eq!(clinic["time"]["first"], "2031-03-31", "{clinic}");
    assert!(desk.get("/reports/new.txt").text().contains("published 2031-04-02 by <bdi>Lesk Courier</bdi>"));
    // The same again is known, and what a report has is not overwritten.
    let same = desk.post("/api/v1/reports/new.txt/said", &json!({"published": "2031-04-02"}));
    assert_eq!(desk.done(&same)["found"]["known"], 1);
    for (report, what, refused) in [
        ("a.txt", json!({"published": "2031-04-02"}), (422, "refused")),
        ("new.txt", json!({}), (400, "bad_request")),
        ("new.txt", json!({"outlet": "a\nb"}), (400, "bad_request")),
        ("new.txt", json!({"outlet": "Lesk\u{200f}"}), (400, "bad_request")),
        ("no.txt", json!({"outlet": "a"}), (404, "not_found")),
    ] {
        is_fault(&desk.post(&format!("/api/v1/reports/{report}/said"), &what), refused);
    }
    drop(desk);
    is_sound(&folder);
    folder.run(&["reindex"]).fine();
    is_sound(&folder);
    let reports = folder.run(&["reports", "--json"]).fine().json();
    let new = reports.iter().find(|report| report["id"] == "new.txt").unwrap();
    assert_eq!((&new["published"], &new["outlet"]), (&json!("2031-04-02"), &json!("Lesk Courier")));
}

/// Sends a form as a page of the desk does.
fn sent(desk: &Desk, target: &str, body: impl Into<String>) -> Answer {
    let origin = format!("Origin: http://127.0.0.1:{}", desk.port);
    let kind = "Content-Type: application/x-www-form-urlencoded";
    desk.ask("POST", target).with(&origin).with(kind).body(body.into()).send()
}

#[test]
fn a_form_that_says_nothing_says_what_is_missing() {
    let (_folder, desk) = of_two();
    desk.collect("new.txt", UNDATED);
    let target = "/reports/new.txt/said";
    for (body, words) in [
        ("published=&outlet=", "Nothing was kept: give the day of publication, the outlet, or both"),
        ("", "Nothing was kept: give the day of publication, the outlet, or both"),
        ("published=2+April&outlet=Lesk+Courier", "Nothing was kept: the day has to be written as in"),
        ("published=2031-04-02&outlet=a%E2%80%AEb", "Nothing was kept: outlet has to be one line"),
    ] {
        let answer = sent(&desk, target, body);
        let page = answer.text();
        assert!(answer.status == 400 && page.contains(words), "{page}");
        assert!(page.contains("<details class=\"say\" id=\"say\" open>"), "{page}");
        // What was filled in is there still.
        for filled in body.split('&').filter_map(|pair| pair.split_once('=')).map(|(_, value)| value) {
            let value = filled.replace('+', " ").replace("%E2%80%AE", "\u{202e}");
            assert!(page.contains(&format!("value=\"{value}\"")), "{value:?}: {page}");
        }
    }
    let one = sent(&desk, target, "published=2031-04-02&outlet=Lesk+Courier");
    assert_eq!((one.status, one.header("location")), (303, Some("/collect#came")));
    let has_a_day = sent(&desk, "/reports/a.txt/said", "published=2031-04-02");
    assert!(has_a_day.status == 422 && has_a_day.text().contains("has a day of publication already"));
    assert_eq!(sent(&desk, "/reports/no.txt/said", "outlet=a").status, 404);
}

#[test]
fn a_form_that_asks_for_what_cannot_be_done_stays_filled_in() {
    let (_folder, desk) = of_two();
    let contract = Contract::of(&desk);
    let ids: Vec<String> =
        incidents(&desk).iter().map(|incident| incident["id"].as_str().unwrap().to_owned()).collect();
    let near = desk.get(&format!("/api/v1/incidents/{}/near", ids[0]));
    contract.holds("get /api/v1/incidents/{id}/near", &near);
    let send = |body: String| sent(&desk, "/decide", body);
    let answer = send(format!("act=link&about={}&what=no-such&reason=seen+on+site&by=Mira+Vey", ids[0]));
    assert_eq!(answer.status, 422);
    let page = answer.text();
    for words in [
        "Nothing was decided",
        "no-such",
        "value=\"seen on site\"",
        "value=\"Mira Vey\"",
        "value=\"link\" required checked",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    // What helps at a terminal stands apart, and not in the form.
    let unknown =
        desk.post("/api/v1/decisions", &decided(json!({"act": "merge", "ids": [ids[0], "i-0"]}))).json();
    assert_eq!(unknown["message"], "no incident is called \"i-0\"");
    assert_eq!(unknown["hint"], "`credence incidents` lists them");
    let page = send(format!("act=merge&about={}&what=i-0&reason=x&by=y", ids[0])).text();
    assert!(page.contains("no incident is called") && !page.contains("`credence"), "{page}");
    let empty = send(format!("act=merge&about={}&reason=x&by=y", ids[0]));
    assert!(empty.status == 400 && empty.text().contains("choose from the list"), "{}", empty.text());
    // What is chosen from a list is as good as what is typed.
    let merged = send(format!("act=merge&about={}&merge={}&what=&reason=x&by=y", ids[0], ids[1]));
    assert_eq!(merged.status, 303, "{}", merged.text());
    assert_eq!(incidents(&desk).len(), 1);
    let near = desk.json(&format!("/api/v1/incidents/{}/near", ids[0]));
    assert_eq!(near["reports"].as_array().unwrap().len(), 2, "{near}");
}

#[test]
fn an_account_that_is_offered_can_be_linked() {
    let folder = of_one_name();
    let desk = Desk::open(&folder);
    let market = incidents(&desk).into_iter().find(|one| one["object_class"] == json!(["market"])).unwrap();
    let id = market["id"].as_str().unwrap();
    let near = desk.json(&format!("/api/v1/incidents/{id}/near"));
    let claim = near["accounts"][0]["claim"].as_str().unwrap();
    assert!(claim.starts_with("sha256:"), "{near}");
    assert!(desk.get(&format!("/incidents/{id}")).text().contains(&format!("<option value=\"{claim}\"")));
    let claim = claim.replace(':', "%3A").replace('#', "%23");
    let linked = sent(&desk, "/decide", format!("act=link&about={id}&link={claim}&what=&reason=x&by=y"));
    assert_eq!(linked.status, 303, "{}", linked.text());
    let page = linked.header("location").unwrap();
    let now = desk.json(&format!("/api/v1{page}"));
    let moved = &now["decided"][0]["moved"][0];
    assert!(claim.starts_with(&moved["original"].as_str().unwrap().replace(':', "%3A")), "{now}");
    assert_eq!(moved["now_in"], now["id"], "{now}");
}

#[test]
fn names_with_a_path_are_refused() {
    let (folder, desk) = of_two();
    for name in [
        "..%2Fx.txt",
        "%2Fetc%2Fx",
        "a%2Fb.txt",
        "a%5Cb.txt",
        "..",
        ".hidden",
        "@list",
        "-",
        "--all",
        "*.txt",
        "a%3Fb",
        "a%00b",
        "http:%2F%2Fa.invalid",
        "C:x",
        "a%0Ab",
        &"x".repeat(201),
    ] {
        let answer = desk.ask("POST", &format!("/api/v1/collect?name={name}")).body(MARKET).send();
        is_fault(&answer, (400, "bad_request"));
    }
    is_fault(&desk.ask("POST", "/api/v1/collect").body(MARKET).send(), (400, "bad_request"));
    assert_eq!(on_their_way(&folder), 0);
    assert_eq!(desk.json("/api/v1/jobs"), json!([]));
}

#[test]
fn what_breaks_off_leaves_nothing() {
    let (folder, desk) = of_two();
    let mut stream = desk.connect();
    let head = desk.ask("POST", "/api/v1/collect?name=half.txt").with("Content-Length: 1000").bytes();
    stream.write_all(&head).unwrap();
    stream.write_all(b"date 2031-03-12 Half of a").unwrap();
    until("the first half is taken in", || on_their_way(&folder) == 1);
    drop(stream);
    until("it is removed", || on_their_way(&folder) == 0);
    assert_eq!(desk.json("/api/v1/jobs"), json!([]));
    is_fault(&desk.get("/api/v1/reports/half.txt"), (404, "not_found"));
}

#[test]
fn what_others_write_is_seen() {
    let (folder, desk) = of_two();
    let mut events = desk.connect();
    let bytes = desk.ask("GET", "/api/v1/events").bytes();
    events.write_all(&bytes).unwrap();
    let mut heard = heard(&mut events, "\r\n\r\n");
    assert!(heard.contains("content-type: text/event-stream"), "{heard}");
    // The desk looks once a second, and may not have looked yet.
    std::thread::sleep(Duration::from_secs(3));
    folder.write("new.txt", "date 2031-03-16 Nine people were killed in Lesk on 15 March, the mayor said.");
    // The desk may be writing itself.
    until("it is collected", || folder.run(&["collect", "new.txt"]).code == Some(0));
    heard += &self::heard(&mut events, "event: changed");
    assert!(!heard.contains("Lesk"));
    until("the report is listed", || desk.get("/api/v1/reports/new.txt").status == 200);
    until("its incident is", || {
        incidents(&desk).iter().any(|incident| {
            incident["place"] == "Lesk" || incident["title"].as_str().unwrap().contains("Lesk")
        })
    });
}

/// Reads until some words have come.
fn heard(stream: &mut std::net::TcpStream, words: &str) -> String {
    let mut heard = String::new();
    let mut bytes = [0; 1024];
    while !heard.contains(words) {
        let count = stream.read(&mut bytes).unwrap();
        assert!(count > 0, "closed after {heard}");
        heard += &String::from_utf8_lossy(&bytes[..count]);
    }
    heard
}

#[test]
fn what_was_handed_over_is_done_before_the_desk_closes() {
    let (folder, desk) = of_two();
    let mut events = desk.connect();
    events.write_all(&desk.ask("GET", "/api/v1/events").bytes()).unwrap();
    heard(&mut events, "\r\n\r\n");
    for number in 0..5 {
        let text =
            format!("date 2031-03-2{number} Shells hit Lesk, wounding {number}0 people, the governor said.");
        let asked = desk.ask("POST", &format!("/api/v1/collect?name=n{number}.txt")).body(text).send();
        assert_eq!(asked.status, 202);
    }
    let begun = Instant::now();
    let (status, log) = desk.stop();
    assert_eq!(status.code(), Some(0), "{log}");
    assert!(begun.elapsed() < Duration::from_secs(60), "{:?}", begun.elapsed());
    assert_eq!(folder.run(&["reports", "--json"]).fine().json().len(), 7);
    assert_eq!(on_their_way(&folder), 0);
    is_sound(&folder);
}

/// Writes to the record as far as others see, until this is dropped.
fn another_run(folder: &Folder) -> std::fs::File {
    let lock = std::fs::File::options().write(true).open(folder.path().join("record/.lock")).unwrap();
    // The desk may be writing itself.
    until("nobody else writes", || lock.try_lock().is_ok());
    lock
}

#[test]
fn what_is_handed_over_beside_another_run_waits_for_it() {
    let (folder, desk) = of_two();
    let writing = another_run(&folder);
    let asked = desk
        .ask("POST", "/api/v1/collect?name=new.txt")
        .body("date 2031-03-16 Shells hit Lesk on 15 March, wounding two people, the governor said.")
        .send();
    let job = format!("/api/v1/jobs/{}", asked.json()["id"]);
    until("it says what it waits for", || {
        let job = desk.json(&job);
        job["state"] == "waiting" && job["says"] == "waiting for another run to end"
    });
    drop(writing);
    let done = desk.done(&asked);
    assert_eq!((&done["state"], &done["found"]["kept"]), (&json!("done"), &json!(1)), "{done}");
}

#[test]
fn a_decision_that_waits_too_long_is_not_made() {
    let (folder, desk) = of_two();
    let before = incidents(&desk);
    let ids: Vec<&str> = before.iter().map(|incident| incident["id"].as_str().unwrap()).collect();
    let merge = decided(json!({"act": "merge", "ids": ids}));
    let writing = another_run(&folder);
    // It is in its turn, and would be made when the other run has ended; so it stands behind a job that waits.
    let asked = desk.ask("POST", "/api/v1/collect?name=same.txt").body(SCHOOL).send();
    is_fault(&desk.post("/api/v1/decisions", &merge), (503, "busy"));
    drop(writing);
    desk.done(&asked);
    assert_eq!(incidents(&desk), before);
    // A check is not in its way.
    let check = desk.ask("POST", "/api/v1/verify").send();
    assert_eq!(desk.post("/api/v1/decisions", &merge).status, 200);
    desk.done(&check);
    assert_eq!(desk.json("/api/v1/decisions")["items"].as_array().unwrap().len(), 1);
    assert_eq!(incidents(&desk).len(), 1);
}

#[test]
fn a_desk_that_watches_collects_and_decides_as_well() {
    let folder = Folder::new();
    folder.write("in/a.txt", SCHOOL);
    let source = "[[source]]\nname = \"in\"\nkind = \"folder\"\naddress = \"../in\"\nevery = \"1s\"\n";
    folder.write("record/credence.toml", source);
    let desk = Desk::open_with(&folder, &["--watch"]);
    let reports = || desk.get("/api/v1").json()["reports"].clone();
    until("the first is collected", || reports() == 1);
    folder.write("in/b.txt", MARKET);
    until("what is put there later is too", || reports() == 2);
    until("it is put to incidents", || incidents(&desk).len() == 2);
    let before = incidents(&desk);
    let ids: Vec<&str> = before.iter().map(|incident| incident["id"].as_str().unwrap()).collect();
    let merged = desk.post("/api/v1/decisions", &decided(json!({"act": "merge", "ids": ids})));
    assert_eq!(merged.status, 200, "{}", merged.text());
    let text = "date 2031-03-16 Shells hit Lesk on 15 March, wounding two people, the governor said.";
    assert_eq!(desk.collect("c.txt", text)["found"]["kept"], 1);
    assert_eq!(reports(), 3);
    let (status, log) = desk.stop();
    assert_eq!(status.code(), Some(0), "{log}");
    is_sound(&folder);
    // Nothing to watch is no desk.
    folder.write("record/credence.toml", "");
    let refused = folder.run(&["serve", "--port", "0", "--watch"]);
    assert!(refused.code == Some(2) && refused.stderr.contains("nothing to watch"), "{}", refused.stderr);
}

#[test]
fn no_more_wait_than_there_is_room_for() {
    let (folder, mut desk) = of_two();
    let _writing = another_run(&folder);
    let hand_over = || desk.ask("POST", "/api/v1/collect?name=new.txt").body(SCHOOL).send();
    for number in 0..64 {
        assert_eq!(hand_over().status, 202, "{number}");
    }
    is_fault(&hand_over(), (503, "busy"));
    // Asked once, it would wait for all of them; asked twice, it ends at once.
    desk.interrupt();
    std::thread::sleep(Duration::from_secs(1));
    let begun = Instant::now();
    let (status, _) = desk.stop();
    assert!(status.code() != Some(0) && begun.elapsed() < Duration::from_secs(5), "{status}");
}

#[test]
fn a_record_that_is_not_there_is_made() {
    let folder = Folder::new();
    let desk = Desk::open(&folder);
    until("there is a record", || Path::new(&folder.path().join("record/record.db")).exists());
    until("it can be read", || desk.get("/api/v1").status == 200);
    assert_eq!(desk.json("/api/v1/reports"), json!({"items": [], "next": null}));
    assert_eq!(desk.json("/api/v1/contradictions")["items"], json!([]));
    let job = desk.collect("a.txt", SCHOOL);
    assert_eq!(job["found"]["kept"], 1, "{job}");
    assert!(!incidents(&desk).is_empty());
}

#[test]
fn links_that_lead_nowhere_are_a_job_that_says_so() {
    let (_folder, desk) = of_two();
    // Nobody listens there.
    let answer = desk.post("/api/v1/collect/links", &json!({"addresses": ["http://127.0.0.1:1/a"]}));
    Contract::of(&desk).holds("post /api/v1/collect/links", &answer);
    let job = desk.done(&answer);
    assert_eq!(desk.json("/api/v1/reports")["items"].as_array().unwrap().len(), 2);
    assert!(job["says"].as_str().is_some_and(|words| !words.is_empty()), "{job}");
}
