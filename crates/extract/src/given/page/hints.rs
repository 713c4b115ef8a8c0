//! What the markup says of the parts of a page.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{Hash, Hasher};
use std::sync::LazyLock;

use model::BoilerplateReason;
use regex::{Regex, RegexBuilder};
use rustc_hash::FxHasher;
use serde::Deserialize;

use super::scan::Tag;

#[derive(Deserialize)]
struct Written {
    void: HashSet<String>,
    unseen: HashSet<String>,
    inline: HashSet<String>,
    aside: BTreeMap<String, Vec<String>>,
    against: BTreeMap<String, Vec<String>>,
    article: Vec<String>,
    popup: Vec<String>,
    pictures: HashSet<String>,
}

struct Hints {
    void: HashSet<String>,
    unseen: HashSet<String>,
    inline: HashSet<String>,
    aside: HashMap<String, BoilerplateReason>,
    against: Vec<(BoilerplateReason, Regex)>,
    article: Regex,
    popup: Regex,
    pictures: HashSet<String>,
}

static HINTS: LazyLock<Hints> = LazyLock::new(|| {
    let written: Written = serde_json::from_str(include_str!("../../../lexicons/page.json"))
        .expect("the lexicon is a constant, and a test parses it");
    let reason = |name: &String| BoilerplateReason::from_name(name).expect("a test reads the reasons");
    let aside = written.aside.iter();
    Hints {
        aside: aside
            .flat_map(|(name, tags)| tags.iter().map(move |tag| (tag.clone(), reason(name))))
            .collect(),
        against: written.against.iter().map(|(name, patterns)| (reason(name), whole(patterns))).collect(),
        article: whole(&written.article),
        popup: whole(&written.popup),
        pictures: written.pictures,
        void: written.void,
        unseen: written.unseen,
        inline: written.inline,
    }
});

fn whole(patterns: &[String]) -> Regex {
    RegexBuilder::new(&format!("^(?:{})$", patterns.join("|")))
        .case_insensitive(true)
        .build()
        .expect("a test compiles the patterns")
}

/// What an element is to a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Has no content.
    Void,
    /// Has content that is not shown.
    Unseen,
    /// Stands within a line.
    Inline,
    /// Begins and ends a line.
    Block,
}

pub(super) fn role(tag: &str) -> Role {
    match tag {
        _ if HINTS.void.contains(tag) => Role::Void,
        _ if HINTS.unseen.contains(tag) => Role::Unseen,
        _ if HINTS.inline.contains(tag) => Role::Inline,
        _ => Role::Block,
    }
}

/// How many names of an element are looked at; the rest of a longer list only style it.
const NAMES: usize = 24;

/// Returns what speaks against a part of a page.
pub(super) fn against(tag: &Tag<'_>) -> Option<BoilerplateReason> {
    let by_tag = HINTS.aside.get(tag.name.as_str()).copied();
    by_tag.or_else(|| names(tag).find_map(against_name))
}

fn against_name(name: &str) -> Option<BoilerplateReason> {
    HINTS.against.iter().find(|(_, pattern)| pattern.is_match(name)).map(|(reason, _)| *reason)
}

/// Tells whether a part says that it is the article.
pub(super) fn is_article(tag: &Tag<'_>) -> bool {
    tag.name == "article" || tag.name == "main" || names(tag).any(|name| HINTS.article.is_match(name))
}

/// Tells whether part of a line opens over it only when a reader points there.
pub(super) fn is_popup(tag: &Tag<'_>) -> bool {
    names(tag).any(|name| HINTS.popup.is_match(name))
}

pub(super) fn is_picture(tag: &str) -> bool {
    HINTS.pictures.contains(tag)
}

/// Tells whether an element is the body of an article by the terms of schema.org.
pub(super) fn is_body(tag: &Tag<'_>) -> bool {
    let terms = tag.attribute("itemprop").unwrap_or_default();
    terms.split_ascii_whitespace().any(|term| term.eq_ignore_ascii_case("articleBody"))
}

/// Returns a number that elements with the same tag and the same classes share; `None` without a class.
pub(super) fn shape(tag: &Tag<'_>) -> Option<u64> {
    let classes = tag.attribute("class").filter(|classes| !classes.is_empty())?;
    let mut hasher = FxHasher::default();
    (&tag.name, classes).hash(&mut hasher);
    Some(hasher.finish())
}

fn names<'p>(tag: &Tag<'p>) -> impl Iterator<Item = &'p str> {
    let named = |(key, _): &(&str, &str)| {
        ["class", "id", "role", "itemprop", "data-component", "data-testid"]
            .iter()
            .any(|k| key.eq_ignore_ascii_case(k))
    };
    let values = tag.attributes().filter(named).map(|(_, value)| value);
    values.flat_map(str::split_ascii_whitespace).filter(|name| name.len() <= 80).take(NAMES)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::given::page::scan::{Token, Tokens};

    fn tag(source: &str) -> Tag<'_> {
        match Tokens::of(source).next() {
            Some(Token::Open(tag)) => tag,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn names_that_speak_against_a_part() {
        use BoilerplateReason::*;
        for (source, expected) in [
            ("<nav>", Some(Navigation)),
            ("<div class='story related-stories'>", Some(Teaser)),
            ("<div id=share-bar>", Some(Share)),
            ("<p class='byline'>", Some(Credit)),
            ("<div class='newsletter-box'>", Some(Subscription)),
            ("<div class='article-body'>", None),
            ("<div class='headline metadata-free shared-ground'>", None),
        ] {
            assert_eq!(against(&tag(source)), expected, "{source}");
        }
    }

    #[test]
    fn names_that_speak_for_a_part() {
        assert!(is_article(&tag("<div class='x Article-Body__text'>")));
        assert!(is_article(&tag("<div itemprop=articleBody>")));
        assert!(!is_article(&tag("<div class='articles-list'>")));
    }
}
