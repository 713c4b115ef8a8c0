/// Tells the language of a text, as two letters after ISO 639-1; `None` if it cannot be told.
///
/// The script and the pairs and triples of letters of the first 1,000 bytes decide, so a few words are seldom enough,
/// and a text that changes its language is called by its first one. Near relatives are told apart poorly below
/// two sentences: Russian and Bulgarian, Croatian and Bosnian, Danish and Norwegian. About seventy languages are
/// known; one that is not, such as Tigrinya, is not told or taken for a relative in the same script.
pub fn identify(text: &str) -> Option<&'static str> {
    let read = whatlang::detect(text.get(..text.floor_char_boundary(1000))?)?;
    read.is_reliable().then(|| two_letters(read.lang().code())).flatten()
}

/// Returns the English name of a language, by its two letters after ISO 639-1: "Ukrainian" for `uk`.
pub fn name(two: &str) -> Option<&'static str> {
    whatlang::Lang::all()
        .iter()
        .find(|lang| two_letters(lang.code()) == Some(two))
        .map(|lang| lang.eng_name())
}

/// Returns the two letters of ISO 639-1 for the three of ISO 639-3.
fn two_letters(three: &str) -> Option<&'static str> {
    let codes = include_str!("../lexicons/language_codes.txt");
    codes.lines().find_map(|line| line.strip_prefix(three)?.strip_prefix(' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_common_languages() {
        let cases = [
            ("The shelling of the town went on through the night, residents and officials said.", Some("en")),
            ("Обстріл міста тривав усю ніч, повідомили мешканці та посадовці.", Some("uk")),
            (
                "Обстрел города продолжался всю ночь, сообщили жители и чиновники. Это был самый сильный обстрел за всю войну, и люди прятались в подвалах, объяснил мэр.",
                Some("ru"),
            ),
            (
                "استمر قصف المدينة طوال الليل، بحسب السكان والمسؤولين. وقال رئيس البلدية إن هذا القصف كان الأعنف منذ بداية الحرب، وإن الناس اختبأوا في الأقبية.",
                Some("ar"),
            ),
            ("Le bombardement de la ville a continué toute la nuit, selon les habitants.", Some("fr")),
            ("", None),
            ("1234 5678", None),
        ];
        for (text, language) in cases {
            assert_eq!(identify(text), language, "{text}");
        }
    }

    #[test]
    fn every_language_has_its_two_letters() {
        // Mandarin stands for Chinese, and the codes of the rest are those of the standard.
        for lang in whatlang::Lang::all() {
            assert_eq!(two_letters(lang.code()).map(str::len), Some(2), "{lang}");
        }
    }

    #[test]
    fn a_long_text_is_cut_between_characters() {
        assert!(identify(&"ж".repeat(9999)).is_none_or(|code| code.len() == 2));
    }
}
