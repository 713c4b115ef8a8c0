//! Who may ask, and what is kept out.

use std::io::{Read as _, Write as _};
use std::time::{Duration, Instant};

use crate::answers::is_fault;
use crate::common::Folder;
use crate::common::desk::{Answer, Desk};

const NO_SECRET: (u16, &str) = (401, "no_secret");
const FOREIGN_HOST: (u16, &str) = (421, "foreign_host");
const FOREIGN_ORIGIN: (u16, &str) = (403, "foreign_origin");

/// A desk on a record of one report.
fn of_one() -> (Folder, Desk) {
    let folder = Folder::new();
    let path =
        folder.write("a.txt", "date 2031-03-12 At least 12 people were killed in Halvorek, the mayor said.");
    folder.run(&["collect", path.to_str().unwrap()]).fine();
    let desk = Desk::open(&folder);
    (folder, desk)
}

fn is_protected(answer: &Answer) {
    let policy = answer.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none'"), "{policy}");
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        assert_eq!(answer.header(name), Some(value), "{}", answer.head);
    }
    assert_eq!(answer.header("access-control-allow-origin"), None);
    assert!(answer.header("cache-control").is_some());
}

#[test]
fn nobody_without_the_secret() {
    let (_folder, desk) = of_one();
    let other = || desk.ask("GET", "/api/v1/reports").without("Authorization");
    let wrong = "0".repeat(64);
    let cookie = |secret: &str| format!("Cookie: a=b; credence-desk-{}={secret}", desk.port);
    is_fault(&other().send(), NO_SECRET);
    assert_eq!(other().send().header("www-authenticate"), Some("Bearer"));
    for given in [
        format!("Authorization: Bearer {wrong}"),
        "Authorization: Bearer ".to_owned(),
        format!("Authorization: Basic {}", desk.secret),
        format!("Authorization: Bearer {}", &desk.secret[..63]),
        format!("Authorization: Bearer {}0", desk.secret),
        cookie(&wrong),
        format!("Cookie: credence-desk-1={}", desk.secret),
    ] {
        is_fault(&other().with(&given).send(), NO_SECRET);
    }
    assert_eq!(other().with(&cookie(&desk.secret)).send().status, 200);
    assert_eq!(desk.get("/api/v1/reports").status, 200);
    for target in ["/", "/api/v1", "/api/v1/openapi.json", "/api/v1/events", "/metrics", "/nothing"] {
        is_fault(
            &desk.ask("GET", target).without("Authorization").with("Accept: application/json").send(),
            NO_SECRET,
        );
    }
    let job = desk.ask("POST", "/api/v1/verify").without("Authorization").send();
    is_fault(&job, NO_SECRET);
    assert_eq!(desk.json("/api/v1/jobs").as_array().unwrap().len(), 0);
    // The state of the desk is no secret, and says nothing of the record.
    assert_eq!(desk.ask("GET", "/healthz").without("Authorization").send().text(), "ok\n");
    for target in ["/enter?secret=wrong", "/enter?secret=", "/enter"] {
        let entered = desk.ask("GET", target).without("Authorization").send();
        assert_eq!(entered.header("set-cookie"), None);
        assert!(!entered.text().contains("Halvorek"), "{}", entered.text());
    }
}

#[test]
fn no_name_but_ours() {
    let (_folder, desk) = of_one();
    let port = desk.port;
    let asked =
        |host: &str| desk.ask("GET", "/api/v1/reports").without("Host").with(&format!("Host: {host}")).send();
    for host in [
        format!("evil.example:{port}"),
        "evil.example".to_owned(),
        "127.0.0.1".to_owned(),
        format!("127.0.0.1:{port}.evil.example"),
        format!("127.0.0.1.evil.example:{port}"),
        format!("evil.example@127.0.0.1:{port}"),
        format!("0.0.0.0:{port}"),
        format!("127.0.0.1:{}", port ^ 1),
        String::new(),
    ] {
        // A name that no host can have is refused before anything looks at it.
        let answer = asked(&host);
        if answer.status != 400 {
            is_fault(&answer, FOREIGN_HOST);
            is_protected(&answer);
        }
    }
    for host in ["127.0.0.1", "localhost", "[::1]"] {
        assert_eq!(asked(&format!("{host}:{port}")).status, 200);
    }
    let two = desk.ask("GET", "/api/v1/reports").with("Host: evil.example").send();
    assert!([400, 421].contains(&two.status), "{}", two.status);
    let none = desk.ask("GET", "/api/v1/reports").without("Host").send();
    assert!([400, 421].contains(&none.status), "{}", none.status);
    // The entrance and the state of the desk are no way round it.
    for target in ["/enter", "/healthz"] {
        let answer = desk.ask("GET", target).without("Host").with("Host: evil.example").send();
        assert_eq!(answer.status, 421);
    }
}

#[test]
fn no_page_but_ours() {
    let (_folder, desk) = of_one();
    let cookie = format!("Cookie: credence-desk-{}={}", desk.port, desk.secret);
    let from = |method: &str, target: &str, headers: &[&str]| {
        let asked = desk.ask(method, target).without("Authorization").with(&cookie);
        headers.iter().fold(asked, |asked, header| asked.with(header)).send()
    };
    let ours = format!("Origin: http://127.0.0.1:{}", desk.port);
    for foreign in [
        "Origin: http://evil.example",
        "Origin: null",
        "Origin: http://127.0.0.1",
        "Origin: http://127.0.0.1:1",
        "Sec-Fetch-Site: cross-site",
        "Sec-Fetch-Site: same-site",
    ] {
        is_fault(&from("GET", "/api/v1/reports", &[foreign]), FOREIGN_ORIGIN);
        is_fault(&from("POST", "/api/v1/verify", &[foreign]), FOREIGN_ORIGIN);
        let named = desk.ask("POST", "/api/v1/verify").with(foreign).send();
        is_fault(&named, FOREIGN_ORIGIN);
        is_protected(&named);
    }
    is_fault(&from("GET", "/api/v1/reports", &[&ours, "Sec-Fetch-Site: cross-site"]), FOREIGN_ORIGIN);
    let https = format!("Origin: https://127.0.0.1:{}", desk.port);
    is_fault(&from("POST", "/api/v1/verify", &[&https]), FOREIGN_ORIGIN);
    // A cookie alone reads, but changes nothing.
    assert_eq!(from("GET", "/api/v1/reports", &[]).status, 200);
    is_fault(&from("POST", "/api/v1/verify", &[]), FOREIGN_ORIGIN);
    assert_eq!(desk.json("/api/v1/jobs").as_array().unwrap().len(), 0);
    assert_eq!(from("POST", "/api/v1/verify", &[&ours]).status, 202);
    assert_eq!(from("POST", "/api/v1/verify", &["Sec-Fetch-Site: same-origin"]).status, 202);
    assert_eq!(desk.ask("POST", "/api/v1/verify").send().status, 202);
    // Nobody else is told that they may ask.
    let asked = from(
        "OPTIONS",
        "/api/v1/reports",
        &["Origin: http://evil.example", "Access-Control-Request-Method: GET"],
    );
    is_fault(&asked, FOREIGN_ORIGIN);
    is_protected(&asked);
}

#[test]
fn every_answer_is_protected() {
    let (_folder, desk) = of_one();
    for target in [
        "/api/v1",
        "/api/v1/reports",
        "/api/v1/nothing",
        "/nothing",
        "/api/v1/reports?x=1",
        "/healthz",
        "/metrics",
        "/api/v1/reports/a.txt/original",
        "/api/v1/reports/a.txt/text",
        "/enter?secret=wrong",
    ] {
        is_protected(&desk.get(target));
        is_protected(&desk.ask("GET", target).without("Authorization").send());
    }
    is_protected(&desk.ask("DELETE", "/api/v1/reports").send());
    let original = desk.get("/api/v1/reports/a.txt/original");
    assert_eq!(original.header("content-type"), Some("application/octet-stream"));
    assert!(original.header("content-disposition").unwrap().starts_with("attachment; filename=\""));
    let picture = desk.get(&format!(
        "/api/v1/incidents/{}/figures.svg",
        desk.json("/api/v1/incidents")["items"][0]["id"].as_str().unwrap()
    ));
    assert_eq!(
        picture.header("content-security-policy"),
        Some("default-src 'none'; style-src 'unsafe-inline'")
    );
}

#[test]
fn no_path_leads_out() {
    let (_folder, desk) = of_one();
    for id in [
        "..%2f..%2frecord.db",
        "%2e%2e%2f%2e%2e",
        "..%5c..",
        "%00",
        "a.txt%00",
        "%2Fetc%2Fpasswd",
        "%0d%0aX-A:%20b",
    ] {
        for path in ["reports/{}", "reports/{}/text", "reports/{}/original", "stories/{}", "origins/{}"] {
            let answer = desk.get(&format!("/api/v1/{}", path.replace("{}", id)));
            is_fault(&answer, (404, "not_found"));
            assert_eq!(answer.header("x-a"), None);
        }
    }
    for target in [
        "/../../etc/passwd",
        "/api/v1/../../record.db",
        "//etc/passwd",
        "/assets/../record.db",
        "/assets/%2e%2e/x",
    ] {
        let answer = desk.get(target);
        assert_eq!(answer.status, 404, "{target}: {}", answer.text());
    }
    is_fault(&desk.get(&format!("/api/v1/reports/{}", "x".repeat(20_000))), (404, "not_found"));
    let long = desk.raw(&desk.ask("GET", &format!("/{}", "x".repeat(100_000))).bytes());
    assert!(long.is_none_or(|answer| [414, 431].contains(&answer.status)));
}

#[test]
fn no_more_than_a_desk_needs() {
    let (_folder, desk) = of_one();
    let huge = desk.ask("GET", "/api/v1").with(&format!("X-Much: {}", "x".repeat(100_000))).bytes();
    assert!(desk.raw(&huge).is_none_or(|answer| answer.status == 431));
    let many: String = (0..2_000).map(|number| format!("X-{number}: 1\r\n")).collect();
    let many = desk.ask("GET", "/api/v1").with(many.trim_end()).bytes();
    assert!(desk.raw(&many).is_none_or(|answer| answer.status == 431));
    for torn in [
        "\r\n\r\n",
        "GET\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n",
        "\u{0}\u{1}\u{2}\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ] {
        assert!(desk.raw(torn.as_bytes()).is_none_or(|answer| answer.status >= 400), "{torn:?}");
    }
    // 300 MB are refused before they are sent.
    let large = desk.ask("POST", "/api/v1/collect?name=a.txt").with("Content-Length: 314572800").bytes();
    is_fault(&desk.raw(&large).unwrap(), (413, "too_large"));
    // What comes in pieces is refused when it is too much; nothing of it stays.
    let mut stream = desk.connect();
    let pieces = desk.ask("POST", "/api/v1/collect?name=a.txt").with("Transfer-Encoding: chunked").bytes();
    stream.write_all(&pieces).unwrap();
    let piece = [b"100000\r\n", vec![b'x'; 1 << 20].as_slice(), b"\r\n"].concat();
    let sent = (0..300).take_while(|_| stream.write_all(&piece).is_ok()).count();
    assert!((250..300).contains(&sent), "{sent}");
    assert_eq!(desk.get("/api/v1").status, 200);
}

#[test]
fn who_sends_slowly_is_not_waited_for() {
    let (_folder, desk) = of_one();
    let mut stream = desk.connect();
    stream.write_all(b"GET /api/v1 HTTP/1.1\r\nHost: 127").unwrap();
    let begun = Instant::now();
    // As many as the desk takes, and more: they keep nobody out for longer than that.
    let others: Vec<_> = (0..80).map(|_| desk.connect()).collect();
    assert_eq!(desk.get("/api/v1").status, 200);
    let mut rest = Vec::new();
    let _ = stream.read_to_end(&mut rest);
    assert!(begun.elapsed() < Duration::from_secs(60), "{:?}", begun.elapsed());
    assert!(!String::from_utf8_lossy(&rest).contains("200 OK"));
    drop(others);
}

#[test]
fn only_on_this_machine() {
    let folder = Folder::new();
    for address in ["0.0.0.0", "192.168.1.2", "::"] {
        let ran = folder.run(&["serve", "--port", "0", "--address", address]);
        assert_eq!(ran.code, Some(2));
        assert!(ran.stderr.contains("can be reached from other machines"), "{}", ran.stderr);
        assert_eq!(ran.stdout, "");
    }
}

#[test]
fn what_reports_say_is_not_in_the_log() {
    let (_folder, desk) = of_one();
    let (secret, targets) = (
        desk.secret.clone(),
        ["/api/v1/reports/a.txt", "/api/v1/search?q=Halvorek", "/api/v1/claims/a.txt%231"],
    );
    for target in targets {
        assert_eq!(desk.get(target).status, 200);
    }
    desk.get("/api/v1/reports/Halvorek");
    desk.get("/Halvorek");
    desk.get(&format!("/enter?secret={secret}"));
    desk.collect("b.txt", "date 2031-03-13 Nine people were killed in Halvorek, the mayor said.");
    let (status, log) = desk.stop();
    assert_eq!(status.code(), Some(0));
    assert!(!log.contains("Halvorek") && !log.contains("a.txt") && !log.contains(&secret), "{log}");
    let lines: Vec<serde_json::Value> = log
        .lines()
        .filter(|line| line.starts_with('{'))
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert!(lines.iter().any(|line| line["route"] == "/api/v1/reports/{id}" && line["status"] == 404));
    assert!(lines.len() >= 7, "{log}");
}
