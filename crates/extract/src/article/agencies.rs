//! News agencies and their credits.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;
use serde::Deserialize;

use super::patterns;

#[derive(Deserialize)]
struct Written {
    agencies: BTreeMap<String, Vec<String>>,
    credits: Vec<String>,
}

struct Agencies {
    /// From each way of writing a name, in lower case, to the usual one.
    usual: BTreeMap<String, String>,
    credits: Vec<Regex>,
}

static AGENCIES: LazyLock<Agencies> = LazyLock::new(|| {
    let written: Written = serde_json::from_str(include_str!("../../lexicons/wire.json"))
        .expect("the lexicon is a constant, and a test parses it");
    let mut names: Vec<&String> = written.agencies.values().flatten().collect();
    // The longest name first, since the first alternative that fits is taken.
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    let any: Vec<String> = names.iter().map(|name| regex::escape(name)).collect();
    // Short names are words of other kinds in lower case ("mena", "spa", "pa"), so case counts for them all.
    let any = format!("(?-i:{})", any.join("|"));
    let credit = |credit: &String| patterns::folded(&credit.replace("AGENCY", &any));
    let usual = written
        .agencies
        .iter()
        .flat_map(|(usual, names)| names.iter().map(|name| (name.to_lowercase(), usual.clone())));
    Agencies { usual: usual.collect(), credits: written.credits.iter().map(credit).collect() }
});

/// Returns the usual name of an agency that is known.
pub(super) fn usual_name(name: &str) -> Option<&'static str> {
    AGENCIES.usual.get(&name.trim().to_lowercase()).map(String::as_str)
}

/// Tells whether words in brackets look like the name of an agency: up to five words, each with a capital or a number.
pub(super) fn may_be_one(name: &str) -> bool {
    let words = || name.split(' ');
    let fits = |word: &str| {
        ["of", "the", "and", "de"].contains(&word)
            || word.bytes().all(|byte| byte.is_ascii_digit())
            || word.starts_with(char::is_uppercase)
                && word.chars().all(|c| c.is_alphabetic() || "-./&'’".contains(c))
    };
    words().count() <= 5 && words().all(fits) && name.starts_with(char::is_uppercase)
}

/// Finds the agency that a line of credits names.
pub(super) fn credited(line: &str) -> Option<(&'static str, Range<usize>)> {
    if line.len() > 500 {
        return None;
    }
    AGENCIES.credits.iter().find_map(|credit| {
        let agency = credit.captures(line)?.name("agency")?;
        Some((usual_name(agency.as_str())?, agency.range()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lexicon_is_read() {
        assert_eq!(usual_name("the associated press"), Some("AP"));
    }

    #[test]
    fn credits() {
        for (line, expected) in [
            ("Our Standards: The Thomson Reuters Trust Principles.", Some("Reuters")),
            ("© 2031 AFP", Some("AFP")),
            ("Copyright 2031 The Associated Press. All rights reserved.", Some("AP")),
            ("With inputs from PTI", Some("PTI")),
            ("EFE is/mp", Some("EFE")),
            ("(AFP)", Some("AFP")),
            ("Photograph: Ana Sorel/Reuters", None),
            ("© 2031 Dobrove Times", None),
        ] {
            assert_eq!(credited(line).map(|(name, _)| name), expected, "{line}");
        }
    }
}
