use crate::passages::Aligned;
use crate::past::is_looked_for;
use crate::sketch::shingles;
use crate::{CopyClass, Read, Standing, Worded};

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
    /// Sentences of each that have some own words.
    pub(crate) sentences: [usize; 2],
    /// Of these, how many stand in shared passages for the most part.
    pub(crate) sentences_shared: [usize; 2],
    /// Cosine of the content words of the two that are not quoted.
    pub(crate) terms: f64,
    /// Cosine of the content words of the two leads.
    pub(crate) lead_terms: f64,
    /// Passages.
    pub(crate) passages: usize,
    /// Days between the two, if both are dated.
    pub(crate) days: Option<i32>,
    /// One credits an agency that the other credits too, or that is the other's outlet.
    pub(crate) same_agency: bool,
}

/// Words that carry the news: a long first sentence or two.
const LEAD: usize = 60;

// Chosen on 313 labelled pairs of news reports (see the measures in `eval`); all are shares of 0 to 1.

/// Shared own words, likeness of own words, shared quotations and nearness in time that make a copy, added up.
const COPY: f64 = 0.76;
/// What likeness of words counts for.
const ALIKE: f64 = 0.75;
/// What each step of time takes away, on a scale of natural logarithms.
const A_DAY: f64 = 0.2;
/// Days after which more time makes no difference.
const MOST_DAYS: i32 = 19;
/// What a shared agency credit adds.
const AGENCY: f64 = 0.15;
/// What shared quotations add: who asked people has words of theirs that the other has not.
const QUOTATIONS: f64 = 0.5;
/// Shared sentences with half of the likeness of words and leads, from which on a copy is not rewritten: who cuts a text
/// keeps sentences, who tells it again changes each.
const NEAR: f64 = 1.1;
/// Shared words below which reports that are no copies are not linked: fewer are chance.
const WORTH_SHOWING: usize = 10;
/// Shared own words of the shorter report, and of the longer one, in identical reports.
const SAME: f64 = 0.85;
const SAME_OF_LONGER: f64 = 0.75;
/// Own words of a sentence that is counted.
const SENTENCE: usize = 4;

impl Likeness {
    pub(crate) fn of(sides: [&Worded<'_>; 2], aligned: &[Aligned], standing: &Standing) -> Likeness {
        let [a, b] = sides;
        let marks = marked(sides, aligned, standing);
        // Counts the words of each that have some marks and lack others.
        let count = |have: u8, lack: u8| {
            [0, 1]
                .map(|side: usize| marks[side].iter().filter(|&&marks| marks & (have | lack) == have).count())
        };
        let [in_a, in_b] = [0, 1].map(|side: usize| in_sentences(sides[side], &marks[side]));
        Likeness {
            own_words: count(0, SPEECH | STANDING),
            own_shared: count(SHARED, SPEECH | STANDING),
            quoted_words: count(SPEECH, 0),
            quoted_shared: count(SPEECH | SHARED, 0),
            standing: count(STANDING, 0)[0],
            sentences: [in_a.0, in_b.0],
            sentences_shared: [in_a.1, in_b.1],
            terms: cosine(&own_terms(a, &marks[0]), &own_terms(b, &marks[1])),
            lead_terms: cosine(&a.ordered().lead, &b.ordered().lead),
            passages: aligned.len(),
            days: days_between(&a.read, &b.read),
            same_agency: same_agency(&a.read, &b.read),
        }
    }

    /// Which of the two has fewer own words.
    fn shorter(&self) -> usize {
        usize::from(self.own_words[1] < self.own_words[0])
    }

    /// The share of own words of the shorter that stand in the other.
    pub(crate) fn own(&self) -> f64 {
        let shorter = self.shorter();
        ratio(self.own_shared[shorter], self.own_words[shorter].max(20))
    }

    /// The share of own words of the longer that stand in the other.
    pub(crate) fn own_of_longer(&self) -> f64 {
        let longer = usize::from(self.own_words[1] >= self.own_words[0]);
        ratio(self.own_shared[longer], self.own_words[longer].max(20))
    }

    /// The share of quoted words of the shorter that stand in the other; 0 if it quotes nobody.
    fn quotations(&self) -> f64 {
        let shorter = self.shorter();
        ratio(self.quoted_shared[shorter], self.quoted_words[shorter].max(10))
    }

    /// The share of sentences of the shorter that stand in the other for the most part.
    fn in_sentences(&self) -> f64 {
        let shorter = self.shorter();
        ratio(self.sentences_shared[shorter], self.sentences[shorter].max(3))
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
        } else if self.in_sentences() + self.terms / 2.0 + self.lead_terms / 2.0 >= NEAR {
            CopyClass::Syndicated
        } else {
            CopyClass::Rewritten
        }
    }

    /// Shared wording, shared subject and shared quotations; the further apart in time, the more of these it takes,
    /// because background paragraphs are used again for months.
    fn copied(&self) -> f64 {
        let days = f64::from(self.days.unwrap_or(0).min(MOST_DAYS));
        let agency = if self.same_agency { AGENCY } else { 0.0 };
        self.own() + ALIKE * self.terms + QUOTATIONS * self.quotations() + agency - A_DAY * (1.0 + days).ln()
    }

    fn mostly_quoted(&self) -> bool {
        self.quoted_shared.iter().sum::<usize>() >= self.own_shared.iter().sum::<usize>()
    }

    fn reasons(&self, class: CopyClass) -> Vec<String> {
        let percent = |share: f64| (share * 100.0).round();
        let shorter = self.shorter();
        let mut reasons = vec![format!(
            "{} % of the unquoted words of the shorter report ({} of {}) stand in the other, in {}",
            percent(self.own()),
            self.own_shared[shorter],
            self.own_words[shorter],
            passages(self.passages)
        )];
        if self.quoted_shared[shorter] > 0 {
            reasons.push(format!(
                "{} of its {} quoted words stand there too",
                self.quoted_shared[shorter], self.quoted_words[shorter]
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

/// What is told of a word of one of two reports, in bits: that it stands in a shared passage,
const SHARED: u8 = 1;
/// that it is somebody's speech,
const SPEECH: u8 = 2;
/// and that it is shared standing matter.
const STANDING: u8 = 4;

fn is_own(marks: u8) -> bool {
    marks & (SPEECH | STANDING) == 0
}

/// Marks the words of two reports. Shared words that one of the two puts in quotation marks are speech in the other too:
/// a message or a statement that it prints without marks.
fn marked(sides: [&Worded<'_>; 2], aligned: &[Aligned], standing: &Standing) -> [Vec<u8>; 2] {
    let quoted = |side: &Worded<'_>| side.words.iter().map(|word| u8::from(word.quoted) * SPEECH).collect();
    let mut marks: [Vec<u8>; 2] = sides.map(quoted);
    for part in aligned.iter().flat_map(|passage| &passage.matches) {
        let [in_a, in_b] = &mut marks;
        let (in_a, in_b) = (&mut in_a[part.a..part.a + part.len], &mut in_b[part.b..part.b + part.len]);
        for (one, other) in in_a.iter_mut().zip(in_b) {
            let either = *one | *other | SHARED;
            (*one, *other) = (either, either);
        }
    }
    if !standing.0.is_empty() {
        mark_standing(sides, aligned, (standing, &mut marks));
    }
    marks
}

/// Marks shared standing matter: each word goes by the nearest fingerprint of its match that is looked for. What has
/// none is not.
fn mark_standing(
    sides: [&Worded<'_>; 2],
    aligned: &[Aligned],
    (standing, marks): (&Standing, &mut [Vec<u8>; 2]),
) {
    for part in aligned.iter().flat_map(|passage| &passage.matches) {
        let shingles = shingles(&sides[0].words[part.a..part.a + part.len]);
        let looked_for: Vec<(usize, bool)> = shingles
            .into_iter()
            .filter(|&(_, print)| is_looked_for(print))
            .map(|(at, print)| (at, standing.0.contains(&print)))
            .collect();
        for at in 0..part.len {
            if nearest(&looked_for, at).is_some_and(|(_, standing)| standing) {
                marks[0][part.a + at] |= STANDING;
                marks[1][part.b + at] |= STANDING;
            }
        }
    }
}

/// Counts the sentences of a report that have some own words, and those that stand in shared passages for the most part.
fn in_sentences(worded: &Worded<'_>, marks: &[u8]) -> (usize, usize) {
    let (mut all, mut shared) = (0, 0);
    for sentence in &worded.ordered().sentences {
        let own = || marks[sentence.clone()].iter().filter(|&&marks| is_own(marks));
        let words = own().count();
        if words >= SENTENCE {
            all += 1;
            shared += usize::from(2 * own().filter(|&&marks| marks & SHARED != 0).count() >= words);
        }
    }
    (all, shared)
}

/// Returns the mark nearest to a position, among marks in order.
fn nearest(marks: &[(usize, bool)], at: usize) -> Option<(usize, bool)> {
    let next = marks.partition_point(|(mark, _)| *mark < at);
    let around = &marks[next.saturating_sub(1)..marks.len().min(next + 1)];
    around.iter().copied().min_by_key(|(mark, _)| mark.abs_diff(at))
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

/// Content words in order, with how much each counts.
pub(crate) type Terms = Vec<(u32, f32)>;

/// Returns the content words of a report that are neither speech nor standing matter.
fn own_terms(worded: &Worded<'_>, marks: &[u8]) -> Terms {
    terms(worded.ordered().content.iter().filter(|(_, at)| is_own(marks[*at as usize])))
}

/// Returns the content words among the first ones of an article.
pub(crate) fn lead_terms(content: &[(u32, u32)]) -> Terms {
    terms(content.iter().filter(|(_, at)| (*at as usize) < LEAD))
}

/// Counts content words: one that stands there ten times is not ten times as telling.
fn terms<'w>(content: impl Iterator<Item = &'w (u32, u32)>) -> Terms {
    let mut terms: Terms = Vec::with_capacity(content.size_hint().1.unwrap_or(0));
    for &(word, _) in content {
        match terms.last_mut().filter(|(last, _)| *last == word) {
            Some((_, count)) => *count += 1.0,
            None => terms.push((word, 1.0)),
        }
    }
    terms.iter_mut().filter(|(_, count)| *count > 1.0).for_each(|(_, count)| *count = 1.0 + count.ln());
    terms
}

fn cosine(a: &[(u32, f32)], b: &[(u32, f32)]) -> f64 {
    let norm = |terms: &[(u32, f32)]| terms.iter().map(|(_, weight)| f64::from(weight * weight)).sum::<f64>();
    let (mut i, mut j, mut dot) = (0, 0, 0.0);
    while let (Some(&(one, x)), Some(&(other, y))) = (a.get(i), b.get(j)) {
        if one == other {
            dot += f64::from(x * y);
        }
        i += usize::from(one <= other);
        j += usize::from(other <= one);
    }
    let norms = (norm(a) * norm(b)).sqrt();
    if norms == 0.0 { 0.0 } else { dot / norms }
}
