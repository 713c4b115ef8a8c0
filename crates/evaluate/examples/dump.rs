//! Throw-away dump.
#![allow(clippy::all, clippy::unwrap_used, clippy::print_stdout)]
use extract::{Source, read};
use model::{Digest, Kind, Metadata};
use std::io::{BufRead, Write};
fn main() {
    // in: JSON rows {id,text,title,...}; out: JSON with relations in bytes->chars
    let stdin = std::io::stdin();
    let with_parse = std::env::args().any(|a| a == "parse");
    let out = std::io::stdout();
    let mut out = std::io::BufWriter::new(out.lock());
    for line in stdin.lock().lines() {
        let line = line.unwrap();
        if line.is_empty() {
            continue;
        }
        let row: serde_json::Value = serde_json::from_str(&line).unwrap();
        let text = row["text"].as_str().unwrap().to_owned();
        let mut put = serde_json::Map::new();
        for k in ["text", "title", "published", "outlet"] {
            if let Some(v) = row[k].as_str() {
                put.insert(k.into(), v.into());
            }
        }
        let bytes = serde_json::Value::Object(put).to_string().into_bytes();
        let metadata = Metadata::default();
        let reading =
            read(&Source { bytes: &bytes, digest: Digest::of(&bytes), kind: Kind::Row, metadata: &metadata });
        let mut points = vec![0usize; text.len() + 1];
        let mut n = 0;
        for (i, c) in text.char_indices() {
            for k in 0..c.len_utf8() {
                points[i + k] = n;
            }
            n += 1;
        }
        points[text.len()] = n;
        let sp = |s: &model::Span| serde_json::json!([points[s.range().start], points[s.range().end]]);
        let rels: Vec<_> = reading
            .attributions()
            .iter()
            .map(|a| {
                serde_json::json!({
                    "source": a.source.iter().map(sp).collect::<Vec<_>>(),
                    "cue": a.cue.iter().map(sp).collect::<Vec<_>>(),
                    "content": a.content.iter().map(sp).collect::<Vec<_>>(),
                })
            })
            .collect();
        let claims: Vec<_> = reading.claims.iter().map(|c| serde_json::json!({
            "kind": c.kind.name(), "span": sp(&c.span), "said_by": c.said_by.iter().map(|s| s.name.clone()).collect::<Vec<_>>(), "rule": format!("{:?}", c.rule), "text": &text[c.span.range()],
        })).collect();
        let mut parse = Vec::new();
        if with_parse {
            let mut at = 0;
            for par in text.split('\n') {
                let words = extract::grammar(par);
                let base = parse.len();
                for (i, w) in words.iter().enumerate() {
                    let h = w.head.unwrap_or(i);
                    parse.push(serde_json::json!([
                        points[at + w.range.start],
                        points[at + w.range.end],
                        w.tag,
                        w.label,
                        h + base
                    ]));
                }
                at += par.len() + 1;
            }
        }
        writeln!(
            out,
            "{}",
            serde_json::json!({"id": row["id"], "rels": rels, "claims": claims, "parse": parse})
        )
        .unwrap();
    }
}
