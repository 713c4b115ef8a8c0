use jiff::civil::Date;

use crate::identity::Identity;
use crate::likeness::Likeness;
use crate::passages::{Aligned, align};
use crate::{Passage, Read, ReportKey, Standing, Worded};

/// What two reports share, and what that says of where they come from.
#[derive(Debug, Clone, PartialEq)]
pub struct CopyLink {
    /// The one that was published earlier; of the same day, the one with the smaller identity.
    pub a: ReportKey,
    /// The other.
    pub b: ReportKey,
    /// What the shared words amount to.
    pub class: CopyClass,
    /// Share of the own words of the shorter report that stand in the other, quoted speech left out: 0 to 1.
    pub containment: f32,
    /// The passages that stand in both, in the order of `a`.
    pub passages: Vec<Passage>,
    /// Why the class was chosen, a sentence each.
    pub reasons: Vec<String>,
}

/// What shared words amount to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CopyClass {
    /// The same text but for the frame around it.
    Identical,
    /// The same text cut, joined or with another lead.
    Syndicated,
    /// The same source told partly in other words.
    Rewritten,
    /// Only the words of somebody whom both quote.
    QuotesSameSpeaker,
    /// Only standing matter, such as a paragraph of background or a form that recurs.
    Template,
}

impl CopyClass {
    /// All classes, in order.
    pub const ALL: &'static [CopyClass] = &[
        CopyClass::Identical,
        CopyClass::Syndicated,
        CopyClass::Rewritten,
        CopyClass::QuotesSameSpeaker,
        CopyClass::Template,
    ];

    /// Tells whether one report was made from the other or both from a third: then they are one origin.
    pub fn is_copy(self) -> bool {
        matches!(self, CopyClass::Identical | CopyClass::Syndicated | CopyClass::Rewritten)
    }

    /// Returns the fixed name of the class in formats and filters.
    pub fn name(self) -> &'static str {
        match self {
            CopyClass::Identical => "identical",
            CopyClass::Syndicated => "syndicated",
            CopyClass::Rewritten => "rewritten",
            CopyClass::QuotesSameSpeaker => "quotes_same_speaker",
            CopyClass::Template => "template",
        }
    }

    /// Finds the class of that name.
    pub fn from_name(name: &str) -> Option<CopyClass> {
        CopyClass::ALL.iter().copied().find(|class| class.name() == name)
    }
}

/// Reads two reports side by side; `None` if they share nothing worth showing.
///
/// Speech in quotation marks alone does not make a copy, but speaks for one if it is most of what is quoted. Matter set
/// aside as boilerplate counts for nothing.
pub fn compare(a: &Read<'_>, b: &Read<'_>) -> Option<CopyLink> {
    compare_apart_from(&Standing::default(), (&Worded::of(*a), &Worded::of(*b)))
}

/// Reads two reports side by side as [`compare`] does. Standing matter that they share does not make a copy either.
pub fn compare_apart_from(standing: &Standing, (a, b): (&Worded<'_>, &Worded<'_>)) -> Option<CopyLink> {
    let (a, b) = if order(a) <= order(b) { (a, b) } else { (b, a) };
    let aligned = align(a, b);
    let likeness = Likeness::of([a, b], &aligned, standing);
    let (class, reasons) = likeness.judge()?;
    let mut passages: Vec<Passage> =
        aligned.iter().filter_map(|aligned: &Aligned| aligned.passage(a, b)).collect();
    passages.sort_by_key(|passage| (passage.a, passage.b));
    let containment = likeness.own() as f32;
    Some(CopyLink { a: a.read.key, b: b.read.key, class, containment, passages, reasons })
}

/// The order of two reports in a link, which does not depend on their keys unless they are the same report.
fn order(worded: &Worded<'_>) -> (Option<Date>, Identity, ReportKey) {
    (worded.read.published(), worded.identity, worded.read.key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::report;

    fn class(one: &str, other: &str) -> &'static str {
        let [one, other] = [one, other].map(|words| report("", "", words));
        let [one, other] =
            [(1, &one), (2, &other)].map(|(key, report)| Read { key: ReportKey(key), report, claims: &[] });
        compare(&one, &other).map_or("none", |link| link.class.name())
    }

    #[test]
    fn who_has_no_quotation_of_its_own_tells_again() {
        let told = "Rockets hit the mill of Zarvo at dawn and set the grain store on fire, the council said. \
            “We heard three blasts and then the roof came down on the night shift,” said Ila Brann, a baker.";
        let again = "Fire took a grain store in Zarvo after rockets came down on its mill, according to the council. \
            Ila Brann, who bakes there, recalled: “We heard three blasts and then the roof came down on the night shift.”";
        assert_eq!(class(told, again), "rewritten");
        let asked = |words: &str, by: &str| format!("{words} “{by},” said another baker.");
        let one = asked(
            told,
            "My brother was inside and nobody has told us yet to which ward he was brought, or by whom",
        );
        let other = asked(
            again,
            "There was a drone over the yard all evening, we could not see it but it kept coming back",
        );
        assert_eq!(class(&one, &other), "quotes_same_speaker");
    }

    #[test]
    fn who_cuts_a_text_keeps_sentences() {
        let told = "Shells fell on the port of Tesmin late on Monday and sank two ferries. \
            Harbour staff pulled eleven people from the water before midnight. \
            A crane burned until morning because the pumps had no current. \
            Officials closed the eastern pier to all ships for a week. \
            Witnesses on the hill above the town counted nine blasts, the last of them long after \
            the sirens had stopped and the lamps along the quay had gone out.";
        let cut = "Tesmin counts its losses at the port. \
            Harbour staff pulled eleven people from the water before midnight. \
            A crane burned until morning because the pumps had no current. \
            Officials closed the eastern pier to all ships for a week.";
        let retold = "Two ferries went down at their moorings when shells fell on the port of Tesmin after dark. \
            Divers were called in, yet it was harbour staff who pulled eleven people from the water before dawn. \
            Firemen had to watch as one crane burned itself out, because the pumps had no current. \
            Skippers were told that officials closed the eastern pier to all but their own boats.";
        assert_eq!(class(told, cut), "syndicated");
        assert_eq!(class(told, retold), "rewritten");
    }
}
