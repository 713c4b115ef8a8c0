//! Collecting from the web and watching, against a server on this machine.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod common;

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use common::Folder;

/// A server with pages that can be changed, on a port of its own.
struct Site {
    port: u16,
    pages: Arc<Mutex<BTreeMap<String, Page>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

#[derive(Clone)]
struct Page {
    status: &'static str,
    media_type: &'static str,
    body: Vec<u8>,
}

impl Site {
    fn new() -> Site {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let site = Site { port, pages: Arc::default(), asked: Arc::default() };
        let (pages, asked) = (Arc::clone(&site.pages), Arc::clone(&site.asked));
        // It ends with the test.
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                answer(stream, (&pages, &asked));
            }
        });
        site
    }

    fn address(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    fn put(&self, path: &str, media_type: &'static str, body: &(impl AsRef<[u8]> + ?Sized)) {
        let page = Page { status: "200 OK", media_type, body: body.as_ref().to_owned() };
        self.pages.lock().unwrap().insert(path.to_owned(), page);
    }

    fn fail(&self, path: &str, status: &'static str) {
        let page = Page { status, media_type: "text/plain", body: Vec::new() };
        self.pages.lock().unwrap().insert(path.to_owned(), page);
    }

    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.asked.lock().unwrap())
    }

    fn feed(&self, paths: &[&str]) {
        let items = paths.iter().map(|path| format!("<item><link>{path}</link></item>"));
        let items: String = items.collect();
        self.put("/feed", "application/rss+xml", &format!("<rss><channel>{items}</channel></rss>"));
    }
}

fn answer(stream: TcpStream, (pages, asked): (&Mutex<BTreeMap<String, Page>>, &Mutex<Vec<String>>)) {
    let mut lines = BufReader::new(&stream).lines();
    let Some(Ok(first)) = lines.next() else { return };
    let etag = lines.by_ref().map_while(Result::ok).take_while(|line| !line.is_empty());
    let etag = etag.filter_map(|line| Some(line.strip_prefix("If-None-Match: ")?.to_owned())).last();
    let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
    let missing = Page { status: "404 Not Found", media_type: "text/plain", body: Vec::new() };
    let page = pages.lock().unwrap().get(&path).cloned().unwrap_or(missing);
    let tag = format!("\"{}\"", page.body.len());
    let is_same = etag.as_ref() == Some(&tag);
    let (status, body) = if is_same { ("304 Not Modified", &[][..]) } else { (page.status, &page.body[..]) };
    asked.lock().unwrap().push(format!("{path} {}", &status[..3]));
    let (length, media_type) = (body.len(), page.media_type);
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\nETag: {tag}\r\nContent-Length: {length}\r\n\r\n"
    );
    let _ = (&stream).write_all(&[head.as_bytes(), body].concat());
}

fn page(town: &str, killed: &str) -> String {
    format!(
        "<html><head><title>School hit in {town}</title></head><body><article><h1>School hit in {town}</h1>\
         <p>{killed} people were killed when rockets hit a school in {town} on Tuesday, the mayor said.</p>\
         <p>Troops shelled the market as well, he added. The hospital of {town} took in 30 wounded.</p>\
         </article></body></html>"
    )
}

fn record(site: &Site, source: &str) -> Folder {
    let folder = Folder::new();
    let address = site.address("/feed");
    let configuration = format!(
        "[fetch]\nallow = [\"127.0.0.1\"]\nattempts = 2\n[[source]]\nname = \"Quillhaven\"\nkind = \"feed\"\n\
         address = \"{address}\"\nevery = \"1s\"\nagain = [\"1s\", \"1s\", \"1s\"]\n{source}"
    );
    folder.write("record/credence.toml", configuration);
    folder
}

/// Runs without the fixed time, since the queue goes by the clock, and after what is due in a second is due.
fn watch(folder: &Folder) -> serde_json::Value {
    std::thread::sleep(std::time::Duration::from_millis(1100));
    let mut command = folder.command(&["watch", "--once", "--json"]);
    let ran = common::Ran::of(command.env_remove("SOURCE_DATE_EPOCH").output().unwrap());
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    serde_json::from_str(ran.stdout.trim()).unwrap()
}

fn counts(gathered: &serde_json::Value) -> [u64; 4] {
    ["kept", "known", "changed", "gone"].map(|name| gathered[name].as_u64().unwrap())
}

#[test]
fn a_feed_is_watched() {
    let site = Site::new();
    let folder = record(&site, "outlet = \"Quillhaven Post\"\nmarking = \"TLP:GREEN\"");
    site.feed(&["/1", "/2", "/none"]);
    site.put("/1", "text/html", &page("Varden", "At least 12"));
    site.put("/2", "text/html", &page("Ostrin", "Seven"));
    let gathered = watch(&folder);
    assert_eq!((counts(&gathered), gathered["failed"].as_array().unwrap().len()), ([2, 0, 0, 0], 1));
    site.asked();

    // Nothing new: everything is asked for with what the server handed out.
    assert_eq!(counts(&watch(&folder)), [0, 3, 0, 0]);
    let asked = site.asked();
    let known = asked.iter().filter(|asked| !asked.starts_with("/robots.txt") && !asked.starts_with("/none"));
    assert!(known.clone().count() == 3 && known.clone().all(|asked| asked.ends_with("304")), "{asked:?}");

    // One page is corrected, the other removed.
    site.put("/1", "text/html", &page("Varden", "Correction: at least 150"));
    site.fail("/2", "410 Gone");
    assert_eq!(counts(&watch(&folder)), [1, 1, 1, 1]);
    let versions = folder.run(&["versions", &site.address("/1"), "--json"]);
    let last: serde_json::Value = serde_json::from_str(versions.stdout.lines().last().unwrap()).unwrap();
    assert_eq!(last["correction"], true);
    assert_eq!((last["added"].as_array().unwrap().len(), last["removed"].as_array().unwrap().len()), (1, 1));
    let gone = folder.run(&["versions", &site.address("/2")]);
    assert!(gone.stdout.contains("gone (status 410)"), "{}", gone.stdout);

    // Both versions are kept, and only the newest counts.
    assert_eq!(folder.run(&["reports"]).stdout.lines().count(), 3);
    let stories = folder.run(&["stories", "--json"]).stdout;
    assert!(stories.contains("150") && !stories.contains("At least 12"), "{stories}");

    let verified = folder.run(&["verify", "--deep"]);
    assert_eq!(verified.code, Some(0), "{}", verified.stdout);
    let reindexed = folder.run(&["reindex"]);
    assert_eq!(reindexed.code, Some(0), "{}", reindexed.stderr);
    assert_eq!(folder.run(&["reports"]).stdout.lines().count(), 3);
}

#[test]
fn what_fails_is_tried_again_and_given_up() {
    let site = Site::new();
    let folder = record(&site, "");
    site.feed(&["/1"]);
    site.fail("/1", "503 Service Unavailable");
    watch(&folder);
    let failed = folder.run(&["sources", "--failed"]);
    assert!(failed.stdout.contains("status 503") && failed.stdout.contains("next try"), "{}", failed.stdout);
    site.put("/1", "text/html", &page("Varden", "At least 12"));
    // It is not due for a minute, unless somebody says so.
    assert_eq!(counts(&watch(&folder))[0], 0);
    let mut retry = folder.command(&["sources", "--retry"]);
    assert!(retry.env_remove("SOURCE_DATE_EPOCH").status().unwrap().success());
    folder.run(&["verify"]).fine();
    let none = folder.run(&["sources", "--retry", "--json"]);
    assert_eq!((none.code, none.json()), (Some(1), vec![serde_json::json!({ "due_again": 0 })]));
    assert_eq!(counts(&watch(&folder))[0], 1);
    assert_eq!(folder.run(&["sources", "--failed"]).code, Some(1));
}

#[test]
fn a_site_that_asks_to_be_left_alone_is() {
    let site = Site::new();
    site.feed(&["/1"]);
    site.put("/robots.txt", "text/plain", "User-agent: *\nDisallow: /1\n");
    site.put("/1", "text/html", &page("Varden", "At least 12"));
    let folder = record(&site, "");
    assert_eq!(counts(&watch(&folder))[0], 0);
    assert!(!site.asked().iter().any(|asked| asked.starts_with("/1 ")));
    let failed = folder.run(&["sources", "--failed"]).stdout;
    assert!(failed.contains("as its site asks: line 2") && failed.contains("given up"), "{failed}");

    let folder = record(&site, "ignore_robots = \"order 7 of the prosecutor\"");
    assert_eq!(counts(&watch(&folder))[0], 1);
    let segment = std::fs::read_dir(folder.path().join("record/originals")).unwrap().flatten();
    let segment =
        segment.map(|entry| entry.path()).find(|path| path.extension().is_some_and(|gz| gz == "gz"));
    let mut unpacked = String::new();
    let mut reader = flate2::read::MultiGzDecoder::new(std::fs::File::open(segment.unwrap()).unwrap());
    std::io::Read::read_to_string(&mut reader, &mut unpacked).unwrap();
    assert!(unpacked.contains("reason: order 7 of the prosecutor"), "the reason is kept beside the page");
}

#[test]
fn addresses_are_collected_by_hand() {
    let site = Site::new();
    site.put("/1", "text/html", &page("Varden", "At least 12"));
    site.feed(&["/2"]);
    site.put("/2", "text/html", &page("Ostrin", "Seven"));
    let folder = Folder::new();
    folder.write("record/credence.toml", "[fetch]\nallow = [\"127.0.0.1\"]\n");
    folder.write("list", format!("# two\n{}\n\n{}\n", site.address("/feed"), site.address("/none")));
    let ran = folder.run(&["collect", &site.address("/1"), "@list"]);
    assert_eq!(ran.stdout, "kept 2 new, 0 seen again elsewhere, 0 known; skipped 1\n", "{}", ran.stderr);
    assert!(ran.stderr.contains("/none: gone (status 404)"), "{}", ran.stderr);
}

#[test]
fn a_server_names_the_encoding() {
    let site = Site::new();
    // "Сім поранених у Тесміні" as Windows-1251 has it; the page itself does not say so.
    let words =
        b"<p>\xd1\xb3\xec \xef\xee\xf0\xe0\xed\xe5\xed\xe8\xf5 \xf3 \xd2\xe5\xf1\xec\xb3\xed\xb3.</p>";
    site.put("/1", "text/html; charset=windows-1251", words);
    let folder = Folder::new();
    folder.write("record/credence.toml", "[fetch]\nallow = [\"127.0.0.1\"]\n");
    folder.run(&["collect", &site.address("/1")]).fine();
    assert!(folder.run(&["show", &site.address("/1")]).stdout.contains("Сім поранених у Тесміні."));
    folder.run(&["reindex"]).fine();
    assert!(folder.run(&["show", &site.address("/1")]).stdout.contains("Сім поранених у Тесміні."));
}

#[test]
fn nothing_on_this_machine_is_fetched_unless_it_is_listed() {
    let site = Site::new();
    site.put("/1", "text/html", &page("Varden", "At least 12"));
    let folder = Folder::new();
    let ran = folder.run(&["collect", &site.address("/1")]);
    assert_eq!(ran.code, Some(1), "{}", ran.stdout);
    assert!(ran.stderr.contains("of this machine; list it as allowed"), "{}", ran.stderr);
    assert!(site.asked().is_empty());
}

#[test]
fn a_watched_folder() {
    let folder = Folder::new();
    folder.write(
        "record/credence.toml",
        "[[source]]\nname = \"drop\"\nkind = \"folder\"\naddress = \"../drop\"\noutlet = \"Orsk News\"\n",
    );
    folder.write("drop/a.txt", "date 2031-03-12 Three people were hurt in Tesmin, the mayor said.");
    assert_eq!(counts(&watch(&folder))[0], 1);
    assert_eq!(counts(&watch(&folder)), [0, 1, 0, 0]);
    assert!(folder.run(&["reports"]).stdout.contains("Orsk News"));
}

#[test]
fn a_page_that_goes_back_to_what_it_said_says_that() {
    let site = Site::new();
    let folder = record(&site, "");
    site.feed(&["/1"]);
    for killed in ["At least 12", "At least 150", "At least 12"] {
        site.put("/1", "text/html", &page("Varden", killed));
        watch(&folder);
    }
    let versions = folder.run(&["versions", &site.address("/1"), "--json"]).json();
    let originals: Vec<_> = versions.iter().map(|version| version["original"].as_str().unwrap()).collect();
    assert_eq!(originals.len(), 3);
    assert!(originals[0] == originals[2] && originals[0] != originals[1], "{originals:?}");
    let stories = folder.run(&["stories", "--json"]).stdout;
    assert!(stories.contains("At least 12") && !stories.contains("150"), "{stories}");
    assert_eq!(folder.run(&["verify"]).code, Some(0));
}

#[test]
fn an_original_met_in_a_file_and_on_the_web_is_erased_in_both() {
    let site = Site::new();
    let folder = record(&site, "");
    site.put("/1", "text/html", &page("Varden", "At least 12"));
    site.feed(&["/1"]);
    folder.write("a.html", page("Varden", "At least 12"));
    // Rows move in the file when others come, and leave words behind.
    for number in 0..40 {
        folder.write(&format!("more/{number}.html"), page("Ostrin", &number.to_string()));
    }
    folder.run(&["collect", "a.html"]).fine();
    folder.run(&["collect", "more"]).fine();
    assert_eq!(watch(&folder)["seen_again"], 1);
    folder.run(&["erase", "a.html", "--reason", "order 7 of the court of Ostrin"]).fine();
    common::holds_nothing(&folder.path().join("record"), "Varden");
    assert_eq!(folder.run(&["verify", "--deep"]).code, Some(0));

    // Nobody asks for it again, not even when all that failed is tried again.
    site.asked();
    folder.run(&["sources", "--retry"]);
    watch(&folder);
    assert!(!site.asked().iter().any(|asked| asked.starts_with("/1 ")));
}

/// A record without sources that may fetch from this machine.
fn by_hand() -> Folder {
    let folder = Folder::new();
    folder.write("record/credence.toml", "[fetch]\nallow = [\"127.0.0.1\"]\n");
    folder
}

fn with_password(address: &str) -> String {
    address.replace("://", "://ana:hushhush@")
}

#[test]
fn a_password_in_an_address_goes_nowhere() {
    let site = Site::new();
    site.put("/1", "text/html", &page("Varden", "At least 12"));
    let folder = by_hand();
    folder.write("list", with_password(&site.address("/2")));
    let ran = folder.run(&["collect", &with_password(&site.address("/1")), "@list"]);
    assert!(ran.stdout.starts_with("kept 1 new"), "{}", ran.stdout);
    assert!(ran.stderr.contains("left off the name and password"), "{}", ran.stderr);
    assert!(!ran.stderr.contains("hushhush"), "{}", ran.stderr);
    common::holds_nothing(&folder.path().join("record"), "hushhush");
}

#[test]
fn a_password_in_what_a_feed_lists_stays_in_the_feed() {
    let site = Site::new();
    site.feed(&[&with_password(&site.address("/1")), &with_password(&site.address("/none"))]);
    site.put("/1", "text/html", &page("Varden", "At least 12"));
    let folder = record(&site, "");
    let gathered = watch(&folder);
    assert!(counts(&gathered)[0] == 1 && !gathered.to_string().contains("hushhush"), "{gathered}");
    assert!(!folder.run(&["reports", "--json"]).stdout.contains("hushhush"));
    assert!(!folder.run(&["sources", "--failed"]).stdout.contains("hushhush"));
}

#[test]
fn an_empty_answer_is_not_the_end_of_a_page() {
    let site = Site::new();
    let folder = record(&site, "");
    site.feed(&["/1"]);
    site.put("/1", "text/html", "");
    watch(&folder);
    let failed = folder.run(&["sources", "--failed"]).stdout;
    assert!(failed.contains("it is empty") && failed.contains("next try"), "{failed}");
}

#[test]
fn an_index_of_sitemaps_leads_to_sitemaps_and_no_further() {
    let site = Site::new();
    let index = |paths: &[&str]| {
        let sitemaps =
            paths.iter().map(|path| format!("<sitemap><loc>{}</loc></sitemap>", site.address(path)));
        format!("<sitemapindex>{}</sitemapindex>", sitemaps.collect::<String>())
    };
    site.put("/feed", "application/xml", &index(&["/months", "/pages"]));
    site.put("/months", "application/xml", &index(&["/deeper"]));
    site.put(
        "/pages",
        "application/xml",
        &format!("<urlset><url><loc>{}</loc></url></urlset>", site.address("/1")),
    );
    site.put("/1", "text/html", &page("Varden", "At least 12"));
    let folder = record(&site, "");
    let gathered = watch(&folder);
    assert_eq!((counts(&gathered)[0], &gathered["left_out"]), (1, &1.into()), "{gathered}");
    let asked = site.asked();
    assert!(asked.iter().any(|asked| asked.starts_with("/months")), "{asked:?}");
    assert!(!asked.iter().any(|asked| asked.starts_with("/deeper")), "{asked:?}");
}

#[test]
fn a_feed_with_titles_is_a_feed() {
    let site = Site::new();
    let item = format!("<item><title>School hit</title><link>{}</link></item>", site.address("/1"));
    let feed = format!("<rss version=\"2.0\"><channel><title>Post</title>{item}</channel></rss>");
    site.put("/1", "text/html", &page("Varden", "At least 12"));
    for media_type in ["application/rss+xml", "text/xml"] {
        let folder = by_hand();
        site.put("/feed", media_type, &feed);
        folder.run(&["collect", &site.address("/feed")]).fine();
        let reports = folder.run(&["reports"]).stdout;
        assert!(reports.lines().count() == 1 && reports.contains("/1"), "{reports}");
    }
    // A page stays one, whatever it is called.
    site.put("/2", "application/octet-stream", &page("Ostrin", "Seven"));
    let folder = by_hand();
    folder.run(&["collect", &site.address("/2")]).fine();
    assert!(folder.run(&["reports"]).stdout.contains("/2"));
}

#[test]
fn what_is_asked_for_twice_in_a_second_is_asked_for_twice() {
    let site = Site::new();
    site.put("/1", "text/html", &page("Varden", "At least 12"));
    let folder = by_hand();
    for _ in 0..2 {
        folder.run(&["collect", &site.address("/1")]).fine();
    }
    let asked = site.asked();
    assert_eq!(asked.iter().filter(|asked| asked.starts_with("/1 ")).count(), 2, "{asked:?}");
}

#[test]
fn watching_tells_in_json_what_came() {
    let site = Site::new();
    site.feed(&["/1"]);
    site.put("/1", "text/html", &page("Varden", "At least 12"));
    let folder = record(&site, "");
    let mut watching = folder.command(&["watch", "--json"]).env_remove("SOURCE_DATE_EPOCH").spawn().unwrap();
    let out = BufReader::new(watching.stdout.take().unwrap());
    let (told, telling) = std::sync::mpsc::channel();
    std::thread::spawn(move || out.lines().map_while(Result::ok).try_for_each(|line| told.send(line)));
    let first = telling.recv_timeout(std::time::Duration::from_secs(60));
    // It is stopped as a system stops it.
    let stopped = std::process::Command::new("kill").arg(watching.id().to_string()).status().unwrap();
    assert!(stopped.success() && watching.wait().unwrap().success());
    assert_eq!(counts(&serde_json::from_str(&first.unwrap()).unwrap()), [1, 0, 0, 0]);
    assert!(telling.iter().all(|line| line.starts_with('{')));
}
