//! What the parts of the pages that move are made of.

use crate::common::Folder;
use crate::common::desk::Desk;
use crate::{answers, of_samples};

#[test]
fn a_file_of_tiles_is_handed_out_by_ranges() {
    let folder = Folder::new();
    folder.run(&["collect", folder.write("a.txt", "date 2031-03-12 Nothing.").to_str().unwrap()]).fine();
    let bytes: Vec<u8> = b"PMTiles\x03".iter().copied().chain((0..).take(90)).collect();
    let tiles = folder.write("streets.pmtiles", &bytes);
    let desk = Desk::open_with(&folder, &["--tiles", tiles.to_str().unwrap()]);
    let part = |range: &str| desk.ask("GET", "/tiles.pmtiles").with(&format!("Range: {range}")).send();
    let answer = part("bytes=7-9");
    assert_eq!((answer.status, answer.header("content-range")), (206, Some("bytes 7-9/98")));
    assert_eq!(answer.body, bytes[7..10]);
    assert!(answer.header("etag").is_some() && answer.header("content-encoding").is_none());
    answers::is_fault(&part("bytes=98-"), (400, "bad_request"));
    assert_eq!(desk.get("/tiles.pmtiles").body, bytes);
    assert_eq!(desk.ask("GET", "/tiles.pmtiles").without("Authorization").send().status, 401);
    assert!(desk.get("/map").text().contains("data-tiles=\"/tiles.pmtiles\""));
}

#[test]
fn what_is_no_file_of_tiles_is_refused() {
    let folder = Folder::new();
    folder.run(&["collect", folder.write("a.txt", "date 2031-03-12 Nothing.").to_str().unwrap()]).fine();
    let other = folder.write("a.pmtiles", "PMTiles\x02 and more");
    for file in [other.to_str().unwrap(), "no-such-file"] {
        let ran = folder.run(&["serve", "--port", "0", "--tiles", file]);
        assert_eq!(ran.code, Some(2), "{}", ran.stderr);
    }
    answers::is_fault(&Desk::open(&folder).get("/tiles.pmtiles"), (404, "not_found"));
}

#[test]
fn a_page_asks_for_its_island_or_says_that_there_is_none() {
    let (_folder, desk) = of_samples();
    let incident = desk.json("/api/v1/incidents")["items"][0]["id"].as_str().unwrap().to_owned();
    for page in ["/map", "/search?q=school", &format!("/incidents/{incident}")] {
        let page = desk.get(page).text();
        let script = page.split("src=\"").filter_map(|part| part.split('"').next()).find(|path| {
            ["map", "chart", "search"].iter().any(|stem| path.starts_with(&format!("/assets/{stem}-")))
        });
        match script {
            Some(path) => {
                let answer = desk.get(path);
                assert_eq!(answer.status, 200);
                assert_eq!(answer.header("content-type"), Some("text/javascript; charset=utf-8"));
            }
            None => assert!(page.contains("built without Node")),
        }
    }
    let outlines = desk.get("/map").text();
    let outlines = outlines.split("data-outlines=\"").nth(1).unwrap().split('"').next().unwrap();
    assert_eq!(desk.json(outlines)["features"].as_array().unwrap().len(), 4);
    assert_eq!(desk.get("/licences").status, 200);
    let names = desk.get("/map").text();
    let names = desk.get(names.split("data-names=\"").nth(1).unwrap().split('"').next().unwrap());
    assert_eq!(names.header("content-type"), Some("text/tab-separated-values; charset=utf-8"));
    assert!(names.text().starts_with("c\t"));
}
