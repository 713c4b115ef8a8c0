use crate::passages::Aligned;
use crate::past::is_looked_for;
use crate::sketch::shingles;
use crate::words::Word;
use crate::{CopyClass, Read, Standing};

/// What two reports have in common, in numbers. `a` and `b` are in the order of the link.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Likeness {
    /// Words of each that are neither quoted nor standing matter.
    pub(crate) own_words: [usize; 2],
    /// Of these, how many stand in shared passages.
    pub(crate) own_shared: [usize; 2],
    /// Quoted words of each.
    pub(crate) quoted_words: [usize; 2],
    /// Of these, how many stand in shared passages.
    pub(crate) quoted_shared: [usize; 2],
    /// Words that stand in shared passages and in unrelated reports too.
    pub(crate) standing: usize,
    /// Share of the first [`LEAD`] words that stand in shared passages.
    pub(crate) lead: [f64; 2],
    /// Cosine of the content words of the two that are not quoted.
    pub(crate) terms: f64,
    /// Cosine of the content words of the two leads.
    pub(crate) lead_terms: f64,
    /// Words of the longest passage of own words.
    pub(crate) longest: usize,
    /// Passages.
    pub(crate) passages: usize,
    /// Days between the two, if both are dated.
    pub(crate) days: Option<i32>,
    /// Both are by one outlet.
    pub(crate) same_outlet: bool,
    /// One credits an agency that the other credits too, or that is the other's outlet.
    pub(crate) same_agency: bool,
}

/// Words that carry the news: a long first sentence or two.
const LEAD: usize = 60;

// Chosen on 313 labelled pairs of news reports (see the measures in `eval`); all are shares of 0 to 1.

/// Shared own words, likeness of own words and nearness in time that make a copy, added up.
const COPY: f64 = 0.32;
/// What likeness of words counts for.
const ALIKE: f64 = 0.75;
/// What each step of time takes away, on a scale of natural logarithms.
const A_DAY: f64 = 0.35;
/// Days after which more time makes no difference.
const MOST_DAYS: i32 = 19;
/// What a shared agency credit adds.
const AGENCY: f64 = 0.15;
/// Shared own words with half of the likeness of words and leads, from which on a copy is not rewritten.
const NEAR: f64 = 1.1;
/// Shared words below which reports that are no copies are not linked: fewer are chance.
const WORTH_SHOWING: usize = 10;
/// Shared own words of the shorter report, and of the longer one, in identical reports.
const SAME: f64 = 0.85;
const SAME_OF_LONGER: f64 = 0.75;

/// One of two reports, and its words.
pub(crate) type Side<'a> = (&'a Read<'a>, &'a [Word]);

impl Likeness {
    pub(crate) fn of(sides: [Side<'_>; 2], aligned: &[Aligned], standing: &Standing) -> Likeness {
        let [a, b] = sides;
        let covered =
            [covered(a.1.len(), aligned, |part| part.0), covered(b.1.len(), aligned, |part| part.1)];
        let speech = speech(a.1, b.1, aligned);
        let standing = standing_matter(sides, aligned, standing);
        let apart = [either(&speech[0], &standing[0]), either(&speech[1], &standing[1])];
        let own = |side: usize| own(sides[side].1, &apart[side]);
        Likeness {
            own_words: [0, 1].map(|side| own(side).count()),
            own_shared: [0, 1].map(|side| count(&apart[side], &covered[side], false)),
            quoted_words: [0, 1].map(|side| speech[side].iter().filter(|speech| **speech).count()),
            quoted_shared: [0, 1].map(|side| count(&speech[side], &covered[side], true)),
            standing: standing[0].iter().filter(|standing| **standing).count(),
            lead: [share(&covered[0]), share(&covered[1])],
            terms: cosine(&terms(a.0, own(0)), &terms(b.0, own(1))),
            lead_terms: cosine(&terms(a.0, lead(a.1)), &terms(b.0, lead(b.1))),
            longest: aligned.iter().map(|passage| own_words(passage, a.1)).max().unwrap_or(0),
            passages: aligned.len(),
            days: days_between(a.0, b.0),
            same_outlet: !a.0.outlet().is_empty() && a.0.outlet() == b.0.outlet(),
            same_agency: same_agency(a.0, b.0),
        }
    }

    /// The share of own words of the shorter that stand in the other.
    pub(crate) fn own(&self) -> f64 {
        let shorter = usize::from(self.own_words[1] < self.own_words[0]);
        ratio(self.own_shared[shorter], self.own_words[shorter].max(20))
    }

    /// The share of own words of the longer that stand in the other.
    pub(crate) fn own_of_longer(&self) -> f64 {
        let longer = usize::from(self.own_words[1] >= self.own_words[0]);
        ratio(self.own_shared[longer], self.own_words[longer].max(20))
    }

    /// Decides what the likeness amounts to; `None` if nothing is shared that is worth showing.
    pub(crate) fn judge(&self) -> Option<(CopyClass, Vec<String>)> {
        let class = self.class();
        let shared = self.own_shared[1] + self.quoted_shared[1] + self.standing;
        let worth = self.passages > 0 && (class.is_copy() || shared >= WORTH_SHOWING);
        worth.then(|| (class, self.reasons(class)))
    }

    fn class(&self) -> CopyClass {
        if self.own_words[0] > 0 && self.own_shared == self.own_words {
            return CopyClass::Identical;
        }
        if self.copied() < COPY {
            return if self.mostly_quoted() { CopyClass::QuotesSameSpeaker } else { CopyClass::Template };
        }
        if self.own() >= SAME && self.own_of_longer() >= SAME_OF_LONGER {
            CopyClass::Identical
        } else if self.own() + self.terms / 2.0 + self.lead_terms / 2.0 >= NEAR {
            CopyClass::Syndicated
        } else {
            CopyClass::Rewritten
        }
    }

    /// Shared wording and shared subject; the further apart in time, the more of both it takes, because background
    /// paragraphs are used again for months.
    fn copied(&self) -> f64 {
        let days = f64::from(self.days.unwrap_or(0).min(MOST_DAYS));
        let agency = if self.same_agency { AGENCY } else { 0.0 };
        self.own() + ALIKE * self.terms + agency - A_DAY * (1.0 + days).ln()
    }

    fn mostly_quoted(&self) -> bool {
        self.quoted_shared.iter().sum::<usize>() >= self.own_shared.iter().sum::<usize>()
    }

    fn reasons(&self, class: CopyClass) -> Vec<String> {
        let percent = |share: f64| (share * 100.0).round();
        let shorter = usize::from(self.own_words[1] < self.own_words[0]);
        let mut reasons = vec![format!(
            "{} % of the unquoted words of the shorter report ({} of {}) stand in the other, in {}",
            percent(self.own()),
            self.own_shared[shorter],
            self.own_words[shorter],
            passages(self.passages)
        )];
        if self.quoted_shared[shorter] > 0 {
            reasons.push(format!(
                "{} shared words are quoted speech and do not count",
                self.quoted_shared[shorter]
            ));
        }
        if self.standing > 0 {
            reasons.push(format!(
                "{} shared words stand in unrelated reports too and do not count",
                self.standing
            ));
        }
        reasons.push(format!("the choice of unquoted words is alike to {} %", percent(self.terms)));
        if let Some(days) = self.days.filter(|&days| days > 0) {
            reasons.push(format!("they appeared {} apart", counted(days)));
        }
        if self.same_agency {
            reasons.push("the same agency is credited".to_owned());
        }
        reasons.push(
            match class {
                CopyClass::Identical => "so nearly all of both is the same text",
                CopyClass::Syndicated => {
                    "so one is the other, or both are a third, cut or under another lead"
                }
                CopyClass::Rewritten => "so one source is told again, partly in other words",
                CopyClass::QuotesSameSpeaker => "so they quote the same words and are no copies",
                CopyClass::Template => "so they share standing matter or background and are no copies",
            }
            .to_owned(),
        );
        reasons
    }
}

fn counted(days: i32) -> String {
    if days == 1 { "one day".to_owned() } else { format!("{days} days") }
}

fn passages(count: usize) -> String {
    if count == 1 { "one passage".to_owned() } else { format!("{count} passages") }
}

fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

fn covered(len: usize, aligned: &[Aligned], side: impl Fn((usize, usize)) -> usize) -> Vec<bool> {
    let mut covered = vec![false; len];
    for part in aligned.iter().flat_map(|passage| &passage.matches) {
        let start = side((part.a, part.b));
        covered[start..start + part.len].fill(true);
    }
    covered
}

fn count(speech: &[bool], shared: &[bool], quoted: bool) -> usize {
    speech.iter().zip(shared).filter(|(speech, shared)| **speech == quoted && **shared).count()
}

/// Tells of each word whether it is somebody's speech. Shared words that one of the two reports puts in quotation
/// marks are speech in the other too: a message or a statement that it prints without marks.
fn speech(a: &[Word], b: &[Word], aligned: &[Aligned]) -> [Vec<bool>; 2] {
    let quoted = |words: &[Word]| words.iter().map(|word| word.quoted).collect();
    let mut speech: [Vec<bool>; 2] = [quoted(a), quoted(b)];
    for part in aligned.iter().flat_map(|passage| &passage.matches) {
        for (in_a, in_b) in (part.a..part.a + part.len).zip(part.b..part.b + part.len) {
            let either = speech[0][in_a] || speech[1][in_b];
            (speech[0][in_a], speech[1][in_b]) = (either, either);
        }
    }
    speech
}

/// Tells of each word whether it is shared standing matter: each goes by the nearest fingerprint of its match that is
/// looked for. What has none is not.
fn standing_matter(sides: [Side<'_>; 2], aligned: &[Aligned], standing: &Standing) -> [Vec<bool>; 2] {
    let [in_a, in_b] = sides.map(|side| side.1);
    let mut apart = [vec![false; in_a.len()], vec![false; in_b.len()]];
    if standing.0.is_empty() {
        return apart;
    }
    for part in aligned.iter().flat_map(|passage| &passage.matches) {
        let shingles = shingles(&in_a[part.a..part.a + part.len]);
        let marks: Vec<(usize, bool)> = shingles
            .into_iter()
            .filter(|&(_, print)| is_looked_for(print))
            .map(|(at, print)| (at, standing.0.contains(&print)))
            .collect();
        for at in 0..part.len {
            let is_standing = nearest(&marks, at).is_some_and(|(_, standing)| standing);
            (apart[0][part.a + at], apart[1][part.b + at]) = (is_standing, is_standing);
        }
    }
    apart
}

/// Returns the mark nearest to a position, among marks in order.
fn nearest(marks: &[(usize, bool)], at: usize) -> Option<(usize, bool)> {
    let next = marks.partition_point(|(mark, _)| *mark < at);
    let around = &marks[next.saturating_sub(1)..marks.len().min(next + 1)];
    around.iter().copied().min_by_key(|(mark, _)| mark.abs_diff(at))
}

fn either(one: &[bool], other: &[bool]) -> Vec<bool> {
    one.iter().zip(other).map(|(one, other)| *one || *other).collect()
}

fn share(covered: &[bool]) -> f64 {
    let lead = &covered[..covered.len().min(LEAD)];
    ratio(lead.iter().filter(|&&shared| shared).count(), lead.len())
}

fn own_words(passage: &Aligned, a: &[Word]) -> usize {
    passage
        .matches
        .iter()
        .map(|part| a[part.a..part.a + part.len].iter().filter(|word| !word.quoted).count())
        .sum()
}

fn days_between(a: &Read<'_>, b: &Read<'_>) -> Option<i32> {
    let (a, b) = (a.published()?, b.published()?);
    a.until(b).ok().map(|span| span.get_days().abs())
}

fn same_agency(a: &Read<'_>, b: &Read<'_>) -> bool {
    let agency = |read: &Read<'_>| read.report.wire.as_ref().map(|wire| wire.agency.to_lowercase());
    let is = |wire: &Option<String>, other: &Read<'_>| {
        wire.as_ref().is_some_and(|wire| {
            agency(other).as_ref() == Some(wire) || other.outlet().to_lowercase() == *wire
        })
    };
    is(&agency(a), b) || is(&agency(b), a)
}

/// The content words among some, with how often each stands there. Words of up to three letters are mostly grammar, in
/// every language that is written with spaces.
fn terms<'w>(read: &Read<'_>, words: impl Iterator<Item = &'w Word>) -> Vec<(u64, f64)> {
    let text = read.report.text.read();
    let content = |word: &&Word| text.get(word.range()).is_some_and(|word| word.chars().count() > 3);
    let mut hashes: Vec<u64> = words.filter(content).map(|word| word.hash).collect();
    hashes.sort_unstable();
    hashes.chunk_by(|a, b| a == b).map(|same| (same[0], 1.0 + (same.len() as f64).ln())).collect()
}

fn own<'w>(words: &'w [Word], apart: &[bool]) -> impl Iterator<Item = &'w Word> {
    words.iter().zip(apart).filter(|(_, apart)| !**apart).map(|(word, _)| word)
}

fn lead(words: &[Word]) -> impl Iterator<Item = &Word> {
    words.iter().take(LEAD)
}

fn cosine(a: &[(u64, f64)], b: &[(u64, f64)]) -> f64 {
    let norm = |terms: &[(u64, f64)]| terms.iter().map(|(_, weight)| weight * weight).sum::<f64>();
    let (mut i, mut j, mut dot) = (0, 0, 0.0);
    while i < a.len() && j < b.len() {
        match a[i].0.cmp(&b[j].0) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                dot += a[i].1 * b[j].1;
                (i, j) = (i + 1, j + 1);
            }
        }
    }
    let norms = (norm(a) * norm(b)).sqrt();
    if norms == 0.0 { 0.0 } else { dot / norms }
}
