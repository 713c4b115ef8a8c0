//! Finds the article inside a text: its paragraphs, its boilerplate, its dateline, its agency.
//!
//! What is in doubt is article: a line that is wrongly kept costs a reader a glance, a paragraph that is wrongly
//! set aside costs claims.

mod agencies;
mod cues;
mod dateline;
mod edges;
mod inside;
mod layout;
mod patterns;
mod tongue;

pub(crate) use cues::is_marked;

use std::ops::Range;

use model::{Boilerplate, BoilerplateReason, Dateline, Paragraph, Report, Text, Wire};

use crate::given::{Block, Given, published};

/// Tells the article from what stands around it.
pub(crate) fn find(given: Given) -> Report {
    let Given { text, mut metadata, blocks, language, notes, .. } = given;
    let blocks = edges::cut(&text, layout::sort(&text, &mut metadata, blocks));
    metadata.published = metadata.published.or_else(|| stamped(&text, &blocks));
    let mut article = Article { text: &text, published: metadata.published, ..Article::new(&text) };
    for block in &blocks {
        match block.aside {
            Some(reason) => article.set_aside(block.range.clone(), reason),
            None => article.take_in(block.range.clone()),
        }
    }
    let Article { body, boilerplate, dateline, wire, .. } = article;
    let language = tongue::or_hinted(tongue::of(&text, &body), language);
    let mut report = Report { text, metadata, language, dateline, wire, body, boilerplate, notes };
    if let Some(language) = report.language.as_deref().filter(|_| !report.is_in_english()) {
        report.notes.push(tongue::note(language));
    }
    report
}

/// Reads the day of publication off a line that only dates the report.
fn stamped(text: &Text, blocks: &[Block]) -> Option<jiff::civil::Date> {
    let dates = blocks.iter().filter(|block| block.aside == Some(BoilerplateReason::Date));
    dates.filter_map(|block| text.read().get(block.range.clone())).find_map(published::day)
}

/// The article as it is put together, block by block.
struct Article<'t> {
    text: &'t Text,
    published: Option<jiff::civil::Date>,
    body: Vec<Paragraph>,
    boilerplate: Vec<Boilerplate>,
    dateline: Option<Dateline>,
    wire: Option<Wire>,
}

/// How many paragraphs may precede the dateline: a headline, a summary and a byline.
const DATELINE_AMONG: usize = 4;

/// How far into a text on a single line its dateline is looked for, in bytes: behind a headline and a summary.
const DATELINE_WITHIN: usize = 500;

impl<'t> Article<'t> {
    fn new(text: &'t Text) -> Article<'t> {
        let (body, boilerplate) = (Vec::new(), Vec::new());
        Article { text, published: None, body, boilerplate, dateline: None, wire: None }
    }

    fn set_aside(&mut self, range: Range<usize>, reason: BoilerplateReason) {
        let Some(span) = self.text.trimmed(range) else { return };
        if self.wire.is_none()
            && let Some((agency, words)) = agencies::credited(self.text.quote(span))
        {
            let words = self.text.span(span.start() + words.start..span.start() + words.end);
            self.wire = words.map(|span| Wire { agency: agency.to_owned(), span });
        }
        self.boilerplate.push(Boilerplate { span, reason });
    }

    /// Takes a stretch of the article in as a paragraph, or as two with a dateline between them.
    fn take_in(&mut self, range: Range<usize>) {
        match self.filed_at(&range) {
            Some(found) if found.whole.start > range.start => {
                self.paragraph(range.start..found.whole.start, range.start);
                let first = found.whole.end;
                let range = found.whole.start..range.end;
                self.file(found);
                self.paragraph(range, first);
            }
            Some(found) => {
                let first = found.whole.end;
                self.file(found);
                self.paragraph(range, first);
            }
            None => self.paragraph(range.clone(), range.start),
        }
    }

    /// Adds a paragraph whose first sentence begins at the byte `first` or after it.
    fn paragraph(&mut self, range: Range<usize>, first: usize) {
        let Some(span) = self.text.trimmed(range) else { return };
        let first = first.min(span.end());
        let sentences = language::sentences(&self.text.read()[first..span.end()])
            .into_iter()
            .filter_map(|sentence| self.text.trimmed(first + sentence.start..first + sentence.end))
            .collect();
        self.body.push(Paragraph { span, sentences });
    }

    /// Finds the dateline of a paragraph near the top, with ranges that count from the start of the text.
    fn filed_at(&self, range: &Range<usize>) -> Option<dateline::Found> {
        if self.dateline.is_some() || self.body.len() >= DATELINE_AMONG {
            return None;
        }
        let words = &self.text.read()[range.clone()];
        let starts = std::iter::once(0).chain(sentence_starts(words));
        let (at, found) =
            starts.map(|at| (at, dateline::at_start(&words[at..]))).find(|(_, found)| found.is_some())?;
        found.map(|found| found.moved_by(range.start + at))
    }

    fn file(&mut self, found: dateline::Found) {
        let Some(span) = self.text.span(found.whole) else { return };
        let date = found.date.and_then(|filed| filed.on(self.published));
        let place = found.place.and_then(|place| self.text.trimmed(place));
        self.dateline = Some(Dateline { span, place, date });
        let Some(span) = found.agency.and_then(|agency| self.text.trimmed(agency)) else { return };
        let written = self.text.quote(span);
        let agency = agencies::usual_name(written).unwrap_or(written).to_owned();
        self.wire = Some(Wire { agency, span });
    }
}

/// Returns where a new sentence may begin within the first bytes of a long line.
fn sentence_starts(words: &str) -> impl Iterator<Item = usize> {
    let window = &words[..words.floor_char_boundary(DATELINE_WITHIN)];
    window.match_indices([' ', '\n']).filter_map(|(at, gap)| {
        let before = window[..at].trim_end();
        (before.ends_with(['.', '!', '?', '"', '”']) && before.len() > 20).then_some(at + gap.len())
    })
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use model::{Digest, Kind, Metadata};
    use proptest::prelude::*;

    use super::*;
    use crate::{Source, given};

    fn report(bytes: &[u8], kind: Kind, title: Option<&str>) -> Report {
        let metadata = Metadata { title: title.map(str::to_owned), ..Metadata::default() };
        find(given::take(&Source { bytes, digest: Digest::of(bytes), kind, metadata: &metadata }))
    }

    fn shown(report: &Report) -> String {
        let quote = |span| report.text.quote(span);
        let mut lines: Vec<_> = report
            .body
            .iter()
            .map(|paragraph| (paragraph.span, format!("body: {}", quote(paragraph.span))))
            .chain(report.boilerplate.iter().map(|b| (b.span, format!("{}: {}", b.reason, quote(b.span)))))
            .collect();
        lines.sort();
        let mut lines: Vec<String> = lines.into_iter().map(|(_, line)| line).collect();
        if let Some(dateline) = &report.dateline {
            let place = dateline.place.map_or("-", quote);
            let date = dateline.date.map_or("-".to_owned(), |date| date.to_string());
            lines.push(format!("filed: {place}, {date}"));
        }
        if let Some(wire) = &report.wire {
            lines.push(format!("wire: {} by {:?}", wire.agency, quote(wire.span)));
        }
        lines.extend(report.notes.iter().map(|note| format!("note: {}", note.0)));
        lines.join("\n") + "\n"
    }

    fn check(text: &str, expected: Expect) {
        expected.assert_eq(&shown(&report(text.as_bytes(), Kind::DatedText, None)));
    }

    #[test]
    fn a_dated_text_with_teasers_below() {
        check(
            " date 2031-03-15 Shells fell on Dobrove on Friday, the mayor said.\nTwo people were hurt.\n\
             Harvest Fair 2031 | Get live updates from Tarsk and Old Quay only on DobroveTimes.com\n\
             The Dobrove Times is on Telegram - Click here to subscribe\nGet our evening newsletter in your inbox\n\
             Old bridge reopens after flood\nIs this the smallest café in Tarsk?\nRowers' last race",
            expect![[r#"
                date: date 2031-03-15
                body: Shells fell on Dobrove on Friday, the mayor said.
                body: Two people were hurt.
                subscription: Harvest Fair 2031 | Get live updates from Tarsk and Old Quay only on DobroveTimes.com
                subscription: The Dobrove Times is on Telegram - Click here to subscribe
                subscription: Get our evening newsletter in your inbox
                teaser: Old bridge reopens after flood
                teaser: Is this the smallest café in Tarsk?
                teaser: Rowers' last race
            "#]],
        );
    }

    #[test]
    fn nothing_is_cut_from_an_ordinary_report() {
        check(
            "date 2031-03-15 The army — what is left of it — withdrew.\r\n\r\nWhat the mayor said\r\n\r\n\
             “Read more about us,” she said. “Share our grief.”\r\n\r\nThe dead are:\r\nMira Orlova, 41\r\n\
             Pavlo Orlov, 12\r\nAn unknown man",
            expect![[r#"
                date: date 2031-03-15
                body: The army — what is left of it — withdrew.
                body: What the mayor said
                body: “Read more about us,” she said. “Share our grief.”
                body: The dead are:
                body: Mira Orlova, 41
                body: Pavlo Orlov, 12
                body: An unknown man
            "#]],
        );
    }

    #[test]
    fn agency_copy_on_a_single_line() {
        check(
            "date 2031-03-15 Shells kill three in Dobrove. DOBROVE, March 14 (Northwire) - Three people died, police \
             said. More were hurt. Read more: Old bridge reopens. (Reporting by Ana Sorel; Editing by Tom Reed)",
            expect![[r#"
                date: date 2031-03-15
                body: Shells kill three in Dobrove.
                body: DOBROVE, March 14 (Northwire) - Three people died, police said. More were hurt.
                teaser: Read more: Old bridge reopens.
                credit: (Reporting by Ana Sorel; Editing by Tom Reed)
                filed: DOBROVE, 2031-03-14
                wire: Northwire by "Northwire"
            "#]],
        );
    }

    #[test]
    fn writers_and_sources_behind_the_last_sentence() {
        for (tail, line) in [
            ("Ana Sorel", "credit: Ana Sorel"),
            ("H. Vey / Šedov/M. al-Tarsk", "credit: H. Vey / Šedov/M. al-Tarsk"),
            ("Source Northwire and agencies", "credit: Source Northwire and agencies"),
            ("--Reuters", "credit: --Reuters"),
            ("(With Northwire) Last Update: Friday 14 March 2031 12:10", "credit: (With Northwire)"),
            ("(Click to enlarge) Read Also", "teaser: Read Also"),
        ] {
            let read = report(
                format!("Shells fell. Three people were hurt. {tail}").as_bytes(),
                Kind::PlainText,
                None,
            );
            assert!(shown(&read).lines().any(|shown| shown == line), "{}", shown(&read));
        }
        for body in
            ["He met Gen. Ana Sorel", "“Shells fell,” said Capt. Tom Reed", "She lives in St. Ilya North"]
        {
            let read = report(body.as_bytes(), Kind::PlainText, None);
            assert!(read.boilerplate.is_empty(), "{}", shown(&read));
        }
    }

    #[test]
    fn a_page_on_a_single_line() {
        check(
            "Date of publication 14 March 2031 Share Print https://times.example/1 Shells fell on Dobrove. Three were \
             hurt. A school burned. (Northwire photo) The mayor left. She stayed. He wept. Source Northwire Related \
             News Old bridge reopens Rowers’ last race Is this the smallest café? Follow us on Telegram. Times of \
             Tarsk. Subscribe to our channel. Watch Live About Careers",
            expect![[r#"
                date: Date of publication 14 March 2031
                share: Share Print https://times.example/1
                body: Shells fell on Dobrove. Three were hurt. A school burned.
                credit: (Northwire photo)
                body: The mayor left. She stayed. He wept.
                credit: Source Northwire
                teaser: Related News Old bridge reopens Rowers’ last race Is this the smallest café? Follow us on Telegram. Times of Tarsk. Subscribe to our channel. Watch Live About Careers
                note: no `date YYYY-MM-DD` in front of the text
            "#]],
        );
    }

    #[test]
    fn credits_and_captions() {
        check(
            "date 2031-03-15 By Ana Sorel\nУ Доброве загинули люди, сказав мер.\nA burnt tram in Dobrove. Photograph: \
             Ana Sorel/Northwire\nHe left. 212\nAdvertisement\n© 2031 AFP",
            expect![[r#"
                date: date 2031-03-15
                credit: By Ana Sorel
                body: У Доброве загинули люди, сказав мер.
                body: A burnt tram in Dobrove.
                credit: Photograph: Ana Sorel/Northwire
                body: He left.
                share: 212
                navigation: Advertisement
                legal: © 2031 AFP
                wire: AFP by "AFP"
                note: this report is in Ukrainian; claims are read in English only, so none were looked for. Its words can be searched, and the times and places that could be recognised are listed
            "#]],
        );
    }

    #[test]
    fn headlines_below_a_header_inside() {
        check(
            "date 2031-03-15 Shells fell.\nRelated stories\nOld bridge reopens\nThree people were hurt, he said.",
            expect![[r#"
                date: date 2031-03-15
                body: Shells fell.
                teaser: Related stories
                teaser: Old bridge reopens
                body: Three people were hurt, he said.
            "#]],
        );
    }

    #[test]
    fn days_that_cannot_be() {
        check(
            "date 9999-99-99 Shells fell.",
            expect![[r#"
            date: date 9999-99-99
            body: Shells fell.
            note: 9999-99-99 is no day of the calendar; the day of publication is unknown
        "#]],
        );
        check(
            "Shells fell.",
            expect![[r#"
            body: Shells fell.
            note: no `date YYYY-MM-DD` in front of the text
        "#]],
        );
        check(
            "",
            expect![[r#"
            note: no `date YYYY-MM-DD` in front of the text
        "#]],
        );
    }

    #[test]
    fn lines_filled_to_a_width_are_joined() {
        check(
            "date 2031-03-15\n  DOBROVE, 14 MAR 31 (NORTHWIRE) -- SHELLS FELL ON THE\nTOWN OF DOBROVE ON FRIDAY AND \
             THREE PEOPLE WERE HURT\nTHE MAYOR SAID, ADDING THAT HE DID NOT KNOW WHO HAD\nFIRED THEM FROM ACROSS THE \
             RIVER IN THE EARLY MORNING\nHOURS.\n\n  HE LEFT THE TOWN WITH HIS FAMILY ON THE FOLLOWING DAY\nFOR TARSK.",
            expect![[r#"
                date: date 2031-03-15
                body: DOBROVE, 14 MAR 31 (NORTHWIRE) -- SHELLS FELL ON THE
                TOWN OF DOBROVE ON FRIDAY AND THREE PEOPLE WERE HURT
                THE MAYOR SAID, ADDING THAT HE DID NOT KNOW WHO HAD
                FIRED THEM FROM ACROSS THE RIVER IN THE EARLY MORNING
                HOURS.
                body: HE LEFT THE TOWN WITH HIS FAMILY ON THE FOLLOWING DAY
                FOR TARSK.
                filed: DOBROVE, 2031-03-14
                wire: NORTHWIRE by "NORTHWIRE"
            "#]],
        );
    }

    #[test]
    fn the_headline_that_was_handed_over() {
        let text = "Shells fall on Dobrove\nShells fell on Dobrove, he said.";
        let read = report(text.as_bytes(), Kind::PlainText, Some("Shells fall on Dobrove | Dobrove Times"));
        expect![[r#"
            title: Shells fall on Dobrove
            body: Shells fell on Dobrove, he said.
        "#]]
        .assert_eq(&shown(&read));
    }

    /// Holds what is true of every report, whatever was read.
    fn hold(report: &Report) -> Result<(), TestCaseError> {
        let text = &report.text;
        let spans = || report.body.iter().map(|p| p.span).chain(report.boilerplate.iter().map(|b| b.span));
        let mut covered: Vec<_> = spans().collect();
        covered.sort();
        prop_assert!(covered.windows(2).all(|pair| pair[0].end() <= pair[1].start()));
        let blank = |words: &str| words.chars().all(|c| c.is_whitespace() || c == '\u{feff}');
        let mut at = 0;
        for span in &covered {
            prop_assert!(blank(&text.read()[at..span.start()]));
            prop_assert!(text.given().get(text.given_range(*span)).is_some());
            at = span.end();
        }
        prop_assert!(blank(&text.read()[at..]));
        for paragraph in &report.body {
            prop_assert!(paragraph.sentences.iter().all(|sentence| paragraph.span.contains(*sentence)));
        }
        prop_assert!(report.body.windows(2).all(|pair| pair[0].span.end() <= pair[1].span.start()));
        Ok(())
    }

    const PIECES: &str = "(<p>|</p>|<div class=share>|</div>|<li>|<a href=x>|</a>|<td>|<script>|</script>|&eacute;|&#x41|&|<|\
        |Read more: x\\. |By Ana Sorel|Photograph: X/Y|Shells fell on Доброве\\. |\n|\r\n|  |date 2031-03-15 |\u{feff}|“|\
        |DOBROVE, March 14 \\(Northwire\\) - |\\{\"text\": \"|\\\\ud800|\"\\}|Thu May 29 2031 | 212|Related|Old bridge reopens){0,14}";

    proptest! {
        #[test]
        fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            for &kind in Kind::ALL {
                hold(&report(&bytes, kind, Some("Old bridge reopens")))?;
            }
        }

        #[test]
        fn any_text_is_read(text in PIECES) {
            for &kind in Kind::ALL {
                hold(&report(text.as_bytes(), kind, None))?;
            }
        }
    }
}
