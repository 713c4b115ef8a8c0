//! The sample reports, put together by hand: copies and stories as `samples/origins.json` lists them.

use std::path::Path;

use corroborate::{Read, ReportKey, Sketch, candidates, compare, families, stories};
use expect_test::expect;
use model::{Digest, Metadata, Paragraph, Report, Text};

/// Dated texts with the first words of the boilerplate below the article (empty: none).
const SAMPLES: &[(&str, &str, &str)] = &[
    ("01-agency-halvorek.txt", "Norvane Press", "(Reporting"),
    ("02-courier-agency-copy.txt", "Westmarch Courier", "(Reporting"),
    ("03-lantern-agency-short.txt", "Skerrow Lantern", "Most read"),
    ("04-observer-rewrite.txt", "Dunmere Observer", "Related:"),
    ("06-ministry-denial.txt", "Orlume Gazette", "Advertisement"),
    ("07-observer-correction.txt", "Dunmere Observer", "Get the"),
    ("08-tesmin-market.txt", "Varnesh Record", "Share  Print"),
    ("09-toll-rises.txt", "Norvane Press", "(Reporting"),
    ("10-ruvany-detained.txt", "Varnesh Record", "Follow the"),
    ("11-brevania-assessment.txt", "Asterholm Mercury", "Get a daily"),
    ("12-court-inquiry.txt", "Norvane Press", "(Reporting"),
    ("14-sergeant-convicted.txt", "Asterholm Mercury", "Share this"),
];

fn sample((name, outlet, end): &(&str, &str, &str)) -> Report {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples/reports").join(name);
    let file = std::fs::read_to_string(path).expect("the samples are part of the repository");
    let dated = file.trim_start().strip_prefix("date ").expect("a dated text");
    let (day, article) = dated.split_at(10);
    let article = article.split(end).next().unwrap_or(article);
    let text = Text::verbatim(Digest::of(article.as_bytes()), article.to_owned());
    let mut at = 0;
    let mut body = Vec::new();
    for line in article.split_inclusive('\n') {
        body.extend(text.trimmed(at..at + line.len()).map(|span| Paragraph { span, sentences: vec![span] }));
        at += line.len();
    }
    let metadata = Metadata {
        id: (*name).to_owned(),
        published: day.parse().ok(),
        outlet: Some((*outlet).to_owned()),
        ..Metadata::default()
    };
    let (boilerplate, notes) = (Vec::new(), Vec::new());
    Report { text, metadata, language: None, dateline: None, wire: None, body, boilerplate, notes }
}

#[test]
fn copies_and_stories_of_the_samples() {
    let reports: Vec<Report> = SAMPLES.iter().map(sample).collect();
    let read = |key: ReportKey| Read { key, report: &reports[key.0 as usize], claims: &[] };
    let name = |key: &ReportKey| SAMPLES[key.0 as usize].0[..2].to_owned();
    let names = |keys: &[ReportKey]| keys.iter().map(name).collect::<Vec<_>>().join(" ");
    let sketches: Vec<(ReportKey, Sketch)> =
        (0..reports.len()).map(|at| (ReportKey(at as u64), Sketch::of(&reports[at], &[]))).collect();
    let pairs = candidates(&sketches);
    let links: Vec<_> = pairs.into_iter().filter_map(|(a, b)| compare(&read(a), &read(b))).collect();
    let mut lines = String::new();
    for link in links.iter().filter(|link| link.class.is_copy()) {
        lines += &format!("{} {} {}\n", name(&link.a), name(&link.b), link.class.name());
    }
    for family in families(&sketches, &links) {
        lines += &format!("family {}: {:?}\n", names(&family.members), family.origin);
    }
    for story in stories(&sketches, &links) {
        lines += &format!("story {}\n", names(&story.reports));
    }
    expect![[r#"
        02 01 identical
        01 03 syndicated
        02 03 syndicated
        04 07 identical
        family 02 01 03: Unknown
        family 04 07: Member(ReportKey(3))
        story 14
        story 12
        story 11
        story 10
        story 02 01 04 03 07 06 09
        story 08
    "#]]
    .assert_eq(&lines);
}
