//! Who stands behind what a report tells in its own voice.

use std::collections::BTreeMap;

use model::{Claim, ClaimKind, Span};

use crate::Read;
use crate::basis::spaced;
use crate::speakers::{is, is_nobody, speaks_for, tokens};

/// Finds, for the claims of a report that name no speaker, who stands behind them all the same, by the position of the
/// claim: its own reporter who saw it, whose pictures show it, who goes on to tell what befell him, or the body whose
/// release the text is.
pub(crate) fn voices<'r>(read: &Read<'r>) -> BTreeMap<usize, &'r str> {
    let open = |claim: &Claim| claim.said_by.is_empty() && !matches!(claim.kind, ClaimKind::Statement(_));
    if !read.claims.iter().any(open) {
        return BTreeMap::new();
    }
    let released = release(read);
    let sentences: Vec<Span> = read.report.body.iter().flat_map(|piece| &piece.sentences).copied().collect();
    let claims = read.claims.iter().enumerate().filter(|(_, claim)| open(claim));
    let voice = |(at, claim): (usize, &'r Claim)| {
        let name = if observes(read, claim) { Some(outlet(read)) } else { None };
        let name = name.or_else(|| pictured(read, &sentences, claim));
        let name = name.or_else(|| recounted(read, &sentences, claim));
        let name = name.or_else(|| released.filter(|_| !follows_nobody(read, claim)));
        Some((at, name?))
    };
    claims.filter_map(voice).collect()
}

/// Tells whether a claim without a speaker is what the outlet's own reporter saw: "This reporter counted ten craters".
fn observes(read: &Read<'_>, claim: &Claim) -> bool {
    let sentences = read.report.body.iter().flat_map(|piece| &piece.sentences);
    let own = sentences.filter(|sentence| sentence.overlaps(claim.span));
    let words: String = own.map(|&sentence| spaced(read.report.text.quote(sentence))).collect();
    let is_there = |after: &str| {
        let eyes = words.split(' ').filter(|word| is("own_eyes", word));
        eyes.into_iter().any(|word| words.contains(&format!(" {word} {after}")))
    };
    words.contains(" this reporter ") || is_there("saw ") || is_there("counted ")
}

/// Returns what an outlet's own reporter is called as an origin.
fn outlet<'r>(read: &Read<'r>) -> &'r str {
    let wire = read.report.wire.as_ref().map(|wire| wire.agency.as_str());
    let outlet = read.report.metadata.outlet.as_deref().or(wire);
    outlet.filter(|name| !name.trim().is_empty()).unwrap_or("The outlet itself")
}

/// Finds whose pictures show what a claim tells: "images released by Orbit Nine showed burned homes". Pictures of which
/// nobody is named are nobody's words, and so are those that the outlet obtained.
fn pictured<'r>(read: &Read<'r>, sentences: &[Span], claim: &Claim) -> Option<&'r str> {
    let sentence = sentences.iter().find(|sentence| sentence.contains(claim.span))?;
    let front = read.report.text.read().get(sentence.start()..claim.span.start())?;
    let of = |link: &str| {
        front.match_indices(link).find_map(|(at, _)| {
            let (pictures, behind) = (&front[..at], &front[at + link.len()..]);
            let made = match link {
                " from " => pictures.split(' ').next_back().is_some_and(|word| of_list("pictures", word)),
                _ => {
                    let mut words = pictures.split(' ').skip_while(|word| !of_list("pictures", word));
                    words.any(|word| of_list("publishes", word))
                }
            };
            let shows = behind.split(' ').any(|word| of_list("shows", word));
            name(behind).filter(|_| made && shows)
        })
    };
    of(" by ").or_else(|| of(" from "))
}

fn of_list(list: &str, word: &str) -> bool {
    is(list, &word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase())
}

/// Finds who recounts what a claim tells: "Ila Brann was asleep when the shells hit the mill. She crawled out, she said."
/// The sentence begins with the name, the claim is what happened meanwhile, and the same person speaks in one of the next
/// two sentences.
fn recounted<'r>(read: &Read<'r>, sentences: &[Span], claim: &Claim) -> Option<&'r str> {
    let at = sentences.partition_point(|sentence| sentence.end() <= claim.span.start());
    let sentence = *sentences.get(at)?;
    let text = read.report.text.read();
    let words = text.get(sentence.range())?;
    let after = sentences.get(at + 1)?.start()..sentences.get(at + 2).unwrap_or(sentences.get(at + 1)?).end();
    let told = |other: &&'r Claim| after.contains(&other.span.start());
    let speakers = read.claims.iter().filter(told).filter_map(|other| other.said_by.first());
    let mut names = speakers.map(|speaker| speaker.name.as_str());
    names.find(|name| {
        let Some(rest) = words.strip_prefix(name) else { return false };
        let before = claim.span.start().saturating_sub(sentence.start() + name.len());
        let meanwhile = rest.get(..before).map(spaced).unwrap_or_default();
        let done_by = crate::origins::actor(claim).is_some_and(|actor| tokens(actor) == tokens(name));
        meanwhile.split(' ').any(|word| is("meanwhile", word)) && !done_by
    })
}

/// Finds the body whose release a text is: it credits a body, "(Source: Zarvo Front)", and that body speaks in it.
fn release<'r>(read: &Read<'r>) -> Option<&'r str> {
    let text = read.report.text.read();
    let credit = ["(Source: ", "(source: ", "\nSource: "].iter().find_map(|mark| {
        let (_, behind) = text.rsplit_once(mark)?;
        behind.split([')', '\n', ';', ',']).next().map(str::trim)
    })?;
    let credited = tokens(credit);
    let named = credited.len() > 1 && credit.split(' ').count() < MOST_WORDS;
    if !named || read.report.wire.is_some() {
        return None;
    }
    let speakers = read.claims.iter().filter_map(|claim| claim.said_by.first());
    let mut names = speakers.map(|speaker| speaker.name.as_str());
    names.any(|name| tokens(name) == credited || speaks_for(text, name, &credited)).then_some(credit)
}

/// Tells whether the last words before a claim that somebody is named for are those of people without a name: what a text
/// goes on to tell may be theirs.
fn follows_nobody(read: &Read<'_>, claim: &Claim) -> bool {
    let before = read.claims.iter().filter(|other| other.span.end() <= claim.span.start());
    let said = before.filter(|other| !other.said_by.is_empty());
    let last = said.max_by_key(|other| other.span.end()).and_then(|other| other.said_by.first());
    last.is_some_and(|speaker| is_nobody(&speaker.name))
}

/// Words in the name of a body.
const MOST_WORDS: usize = 9;

/// Returns the name that words begin with: those with capital letters, and "of" and "for" between them.
fn name(words: &str) -> Option<&str> {
    let words = words.strip_prefix("the ").unwrap_or(words);
    let (mut at, mut end) = (0, 0);
    for word in words.split_inclusive(' ') {
        let written = word.trim_end();
        let bare = written.trim_end_matches(|c: char| !c.is_alphanumeric());
        let links = end > 0 && matches!(bare, "of" | "for" | "the");
        if bare.starts_with(char::is_uppercase) {
            end = at + bare.len();
        } else if !links {
            break;
        }
        if bare.len() < written.len() {
            break;
        }
        at += word.len();
    }
    words.get(..end).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use model::{Act, Polarity};

    use super::*;
    use crate::ReportKey;
    use crate::fixture::{Said, allegation, claim, report};

    /// Names who stands behind the first of the claims, each given by its words and who says them.
    fn check(words: &str, claims: &[(&str, &[&str])]) -> Option<String> {
        let report = report("Post", "2031-03-12", words);
        let shelled = |(words, by): &(&str, &[&str])| {
            let said = Said { words, by, polarity: Polarity::Asserted };
            claim(&report, &said, allegation(&report, Act::AttackOnObject, ["", ""]))
        };
        let claims: Vec<Claim> = claims.iter().map(shelled).collect();
        let read = Read { key: ReportKey(1), report: &report, claims: &claims };
        voices(&read).get(&0).map(|name| (*name).to_owned())
    }

    #[test]
    fn whose_pictures_show_it() {
        let by = |words| check(words, &[("burned homes", &[])]);
        let named =
            "Satellite images released on Monday by Orbit Nine of Lesk, a company, showed burned homes.";
        assert_eq!(by(named).as_deref(), Some("Orbit Nine of Lesk"));
        assert_eq!(
            by("Footage from the Zarvo Fire Brigade shows burned homes.").as_deref(),
            Some("Zarvo Fire Brigade")
        );
        assert_eq!(
            by("Photographs taken by Ila Brann on Sunday show burned homes.").as_deref(),
            Some("Ila Brann")
        );
        for nobody in [
            "Satellite images showed burned homes.",
            "A video obtained by the Herald showed burned homes.",
            "Pictures taken by a drone showed burned homes.",
            "Images released by Orbit Nine were blurred, and there were burned homes.",
        ] {
            assert_eq!(by(nobody), None, "{nobody}");
        }
    }

    #[test]
    fn who_goes_on_to_tell_what_befell_her() {
        let by: &[&str] = &["Ila Brann"];
        let told = |words, then| check(words, &[("shells hit the mill", &[]), (then, by)]);
        let asleep =
            "Ila Brann was asleep when shells hit the mill. She crawled out through the oven, she said.";
        assert_eq!(told(asleep, "She crawled out").as_deref(), Some("Ila Brann"));
        let later = "Ila Brann had just lit the oven as shells hit the mill. It was six. “Then it was dark,” Brann said.";
        assert_eq!(told(later, "Then it was dark").as_deref(), Some("Ila Brann"));
        let gave_order = "Ila Brann gave the order, and shells hit the mill. It was needed, she said.";
        assert_eq!(told(gave_order, "It was needed"), None);
        let another = "Orrin Tave was asleep when shells hit the mill. It was quiet before, Ila Brann said.";
        assert_eq!(told(another, "It was quiet before"), None);
    }

    #[test]
    fn a_text_that_credits_a_body_which_speaks_in_it_is_its_own() {
        let front: &[&str] = &["Zarvo Front"];
        let release = "The Zarvo Front called for help. Shells hit the mill. (Source: Zarvo Front)";
        let shelled: (&str, &[&str]) = ("Shells hit the mill", &[]);
        assert_eq!(check(release, &[shelled, ("called for help", front)]).as_deref(), Some("Zarvo Front"));
        let by_head =
            "Ila Brann, head of the Zarvo Front, called for help. Shells hit the mill.\nSource: Zarvo Front";
        assert_eq!(
            check(by_head, &[shelled, ("called for help", &["Ila Brann"])]).as_deref(),
            Some("Zarvo Front")
        );
        let of_another = "The Lesk council called for help. Shells hit the mill. (Source: Zarvo Front)";
        assert_eq!(check(of_another, &[shelled, ("called for help", &["Lesk council"])]), None);
        let of_nobody =
            "Activists in Lesk said that homes burned. Shells hit the mill. (Source: Zarvo Front)";
        let claims: [(&str, &[&str]); 2] = [shelled, ("homes burned", &["Activists in Lesk"])];
        assert_eq!(check(of_nobody, &claims), None);
    }
}
