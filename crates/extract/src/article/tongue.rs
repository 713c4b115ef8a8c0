//! In which language an article is, and whether that is English.

use std::collections::HashSet;
use std::sync::LazyLock;

use model::{Note, Paragraph, Text};

/// The most frequent words of English that are no words of another large language in Latin letters.
static COMMON: LazyLock<HashSet<String>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../lexicons/english.json"))
        .expect("the lexicon is part of the program and a test parses it")
});

/// The code of ISO 639-2 for a language that cannot be told.
const UNDETERMINED: &str = "und";

/// The words of a stretch of text, counted.
#[derive(Default, Clone, Copy)]
struct Counts {
    letters: usize,
    latin: usize,
    words: usize,
    common: usize,
}

/// One word in ten: English news has twenty to twenty-five common words in a hundred, other languages in Latin letters
/// fewer than five. Of a mixed text, half or more is English then.
const COMMON_ONE_IN: usize = 10;

/// A guess at the language of a text with fewer words than this takes no text for foreign.
const FEWEST: usize = 12;

/// A text in Latin letters with so many words and next to no common English one is not English, whatever it is.
const PLENTY: usize = 40;

/// How much of a text is guessed at, in bytes.
const SAMPLE: usize = 4096;

/// Tells the language of the article, as two letters after ISO 639-1 or `und`; `None` for a text too short to tell.
///
/// A wrong guess at a short English text would lose its claims, so English is told by its common words, and another
/// language in Latin letters is believed only where those are missing.
pub(super) fn of(text: &Text, body: &[Paragraph]) -> Option<&'static str> {
    let counted: Vec<(&str, Counts)> = body
        .iter()
        .map(|paragraph| text.quote(paragraph.span))
        .map(|words| (words, Counts::of(words)))
        .collect();
    let all = counted.iter().fold(Counts::default(), |all, (_, counts)| all.and(*counts));
    if all.words == 0 {
        return None;
    }
    if all.is_english() {
        return Some("en");
    }
    let others = counted.iter().filter(|(_, counts)| !counts.is_english()).map(|(words, _)| *words);
    let guess = language::identify(&sample(others));
    match guess {
        Some("en") if all.is_latin() => guess,
        Some(other) if other != "en" && (!all.is_latin() || all.words >= FEWEST) => guess,
        _ if !all.is_latin() || all.words >= PLENTY && all.common * PLENTY < all.words => Some(UNDETERMINED),
        _ => None,
    }
}

/// Returns what the text itself tells, else what the page says of itself. That a text is not English, it knows best.
pub(super) fn or_hinted(told: Option<&str>, hinted: Option<String>) -> Option<String> {
    match told {
        Some(UNDETERMINED) => hinted.filter(|hinted| hinted != "en").or(Some(UNDETERMINED.to_owned())),
        Some(told) => Some(told.to_owned()),
        None => hinted,
    }
}

fn sample<'t>(paragraphs: impl Iterator<Item = &'t str>) -> String {
    let mut sample = String::new();
    for words in paragraphs {
        sample.push_str(&words[..words.floor_char_boundary(SAMPLE)]);
        sample.push('\n');
        if sample.len() >= SAMPLE {
            break;
        }
    }
    sample
}

impl Counts {
    fn of(text: &str) -> Counts {
        let mut counts = Counts::default();
        let mut lower = String::new();
        for word in text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()) {
            let letters = word.chars().count();
            counts.words += 1;
            counts.letters += letters;
            if word.chars().all(is_latin) {
                counts.latin += letters;
            }
            lower.clear();
            lower.extend(word.chars().take(LONGEST).flat_map(char::to_lowercase));
            counts.common += usize::from(COMMON.contains(&lower));
        }
        counts
    }

    fn and(self, other: Counts) -> Counts {
        Counts {
            letters: self.letters + other.letters,
            latin: self.latin + other.latin,
            words: self.words + other.words,
            common: self.common + other.common,
        }
    }

    fn is_latin(self) -> bool {
        self.latin * 2 >= self.letters
    }

    fn is_english(self) -> bool {
        self.is_latin() && self.common * COMMON_ONE_IN >= self.words
    }
}

/// Longer than any common word, in letters.
const LONGEST: usize = 12;

/// Tells whether a letter is of the Latin script: up to the end of Latin Extended-B, and Latin Extended Additional.
fn is_latin(letter: char) -> bool {
    matches!(letter, '\0'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}')
}

/// Tells the reader of a report in this language that no claims were looked for.
pub(super) fn note(language: &str) -> Note {
    let name = match language::name(language) {
        Some(name) => format!("in {name}"),
        None => "in a language that could not be told".to_owned(),
    };
    Note(format!(
        "this report is {name}; claims are read in English only, so none were looked for. Its words can be searched, \
         and the times and places that could be recognised are listed"
    ))
}

#[cfg(test)]
mod tests {
    use model::{Digest, Kind, Metadata};

    use crate::{Reading, Source, read};

    fn reading(text: &str) -> Reading {
        let metadata = Metadata { published: "2022-03-24".parse().ok(), ..Metadata::default() };
        let bytes = text.as_bytes();
        read(&Source { bytes, digest: Digest::of(bytes), kind: Kind::PlainText, metadata: &metadata })
    }

    fn check(text: &str, language: Option<&str>) {
        let reading = reading(text);
        assert_eq!(reading.report.language.as_deref(), language, "{text}");
        let english = reading.report.is_in_english();
        assert!(english || reading.claims.is_empty(), "{text}");
        assert_eq!(english, reading.report.notes.is_empty(), "{text}");
    }

    #[test]
    fn claims_are_not_invented_from_other_languages() {
        check(
            "Bei einem Angriff auf das Hospital in Orsk sind am Mittwoch 12 Menschen getötet worden, sagte der \
             Minister. Die Armee war in der Nacht bis an die Stadt vorgerückt.",
            Some("de"),
        );
        check(
            "Мінімум 12 людей загинули внаслідок обстрілу лікарні в Оршині, повідомив мер міста у середу. Він \
             сказав, що серед загиблих є діти.",
            Some("uk"),
        );
        check(
            "По меньшей мере 12 человек погибли при обстреле больницы в Оршине, сообщил мэр города в среду. Он \
             сказал, что среди погибших были дети, и что эти данные ещё не проверены.",
            Some("ru"),
        );
        check(
            "قال رئيس البلدية يوم الأربعاء إن 12 شخصا على الأقل قتلوا في قصف على المستشفى، وإن الناس اختبأوا في \
             الأقبية طوال الليل بعد أن بدأ القصف على المدينة.",
            Some("ar"),
        );
        check(
            "Al menos 12 civiles murieron el miércoles en un ataque contra el hospital de Orsk, dijo el alcalde. No \
             hay más datos sobre los heridos, según el ministerio.",
            Some("es"),
        );
        check(
            "Au moins 12 civils ont été tués mercredi lors d'une attaque contre l'hôpital d'Orsk, a déclaré le \
             maire. Les soldats sont entrés dans la ville pendant la nuit.",
            Some("fr"),
        );
    }

    #[test]
    fn short_english_texts_are_read() {
        for text in [
            "Nine killed in Orsk.",
            "Vardian troops shelled a hospital in Älvsjö.",
            "Orsk mayor Dorel Havik: nine dead, dozens wounded.",
            "Ruritania expels diplomats, Vardia vows revenge",
            "3.5 million",
        ] {
            assert!(reading(text).report.is_in_english(), "{text}");
        }
        assert_eq!(reading("Vardian troops killed nine civilians in Orsk.").claims.len(), 2);
    }

    #[test]
    fn a_mixed_text_goes_by_its_larger_part() {
        let english = "The shelling of the town went on through the night, residents and officials said. It was the \
                       heaviest of the war.";
        let ukrainian = "Обстріл міста тривав усю ніч, повідомили мешканці та посадовці. Він був найсильнішим за всю \
                         війну.";
        check(&format!("{english}\n\n{english}\n\n{ukrainian}"), Some("en"));
        check(&format!("{english}\n\n{ukrainian}\n\n{ukrainian}"), Some("uk"));
        let german = "Der Beschuss der Stadt dauerte die ganze Nacht an, sagten Bewohner und Beamte. Es war der \
                      schwerste des Krieges, und viele Menschen sind in Keller geflohen.";
        check(&format!("Read the latest from our live blog.\n\n{german}\n\n{german}"), Some("de"));
    }

    #[test]
    fn times_and_places_are_kept_where_they_can_be_recognised() {
        let reading = reading(
            "Обстріл у Харків 16.03.2022 тривав усю ніч, повідомили мешканці та посадовці. Київ чекає.",
        );
        let times: Vec<String> = reading.times.iter().map(|time| time.when.to_string()).collect();
        assert_eq!(times, ["2022-03-16"]);
        let names: Vec<&str> =
            reading.places.iter().filter_map(|place| Some(place.located.as_ref()?.name.as_str())).collect();
        assert_eq!(names, ["Kharkiv", "Kyiv"]);
    }
}
