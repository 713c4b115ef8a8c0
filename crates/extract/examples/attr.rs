//! throwaway
use model::*;
use std::io::{BufRead, Write};
fn main() {
    let out = std::io::stdout();
    let mut out = std::io::BufWriter::new(out.lock());
    let raw = std::env::args().nth(1).is_some_and(|a| a == "raw");
    for line in std::io::stdin().lock().lines() {
        let row: serde_json::Value = serde_json::from_str(&line.unwrap()).unwrap();
        if row.get("kind").is_some_and(|k| k != "report") {
            continue;
        }
        let text = row["text"].as_str().unwrap();
        let published =
            row.get("published").or(row.get("date")).and_then(|d| d.as_str()).and_then(|d| d.parse().ok());
        let mut off = vec![0usize; text.len() + 1];
        let mut n = 0;
        for (i, c) in text.char_indices() {
            for k in 0..c.len_utf8() {
                off[i + k] = n;
            }
            n += 1;
        }
        off[text.len()] = n;
        let _ = raw;
        let meta = Metadata { published, ..Default::default() };
        let src = extract::Source {
            bytes: text.as_bytes(),
            digest: Digest::of(text.as_bytes()),
            kind: if text.trim_start().starts_with("date 2") { Kind::DatedText } else { Kind::PlainText },
            metadata: &meta,
        };
        let reading = extract::read(&src);
        let t0 = reading.report.text.read();
        assert_eq!(t0.len(), text.len());
        let sp = |s: Span| serde_json::json!([off[s.start()], off[s.end()]]);
        let claims: Vec<_> = reading.claims.iter().filter_map(|c| {
            let by: Vec<_> = c.said_by.iter().map(|s| serde_json::json!({"name": s.name, "span": s.mention.map(sp), "how": s.resolution.name()})).collect();
            let mut v = serde_json::json!({"kind": c.kind.name(), "span": sp(c.span), "said_by": by, "cue": c.cue.map(sp), "rule": c.rule});
            match &c.kind {
                ClaimKind::Statement(s) => { v["form"] = s.form.name().into(); v["content"] = s.content.iter().map(|s| sp(*s)).collect(); v["said_on"] = s.said_on.map(|d| d.to_string()).into(); }
                ClaimKind::Determination(d) => { v["authority"] = d.authority.as_ref().map(|a| a.name.clone()).into(); v["standard"] = d.standard.name().into(); v["finding"] = d.finding.clone().into(); v["basis"] = d.basis.map(sp).into(); v["said_on"] = d.said_on.map(|d| d.to_string()).into(); }
                _ => return None,
            }
            Some(v)
        }).collect();
        writeln!(out, "{}", serde_json::json!({"id": row["id"], "claims": claims})).unwrap();
    }
}
