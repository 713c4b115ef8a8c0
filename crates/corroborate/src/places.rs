use crate::speakers::settlement;

/// Finds the names that a text calls towns: "the town of Zarvo". Towns that it names without saying what they are,
/// are left alone.
pub(crate) fn towns(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices(" of ").filter_map(|(at, of)| {
        let kind = text[..at].rsplit(|c: char| !c.is_alphabetic()).next()?;
        let behind = &text[at + of.len()..];
        let name = capitals(behind);
        (settlement(kind) && !name.is_empty()).then_some(name)
    })
}

/// Returns the words with capital letters that a text begins with: "Zarvo Mill" of "Zarvo Mill, Lesk".
fn capitals(text: &str) -> &str {
    let (mut at, mut end) = (0, 0);
    for word in text.split_inclusive(' ') {
        let name = word.split(|c: char| !c.is_alphanumeric() && c != '-').next().unwrap_or_default();
        if !name.starts_with(char::is_uppercase) {
            break;
        }
        end = at + name.len();
        if word.trim_end() != name {
            break;
        }
        at += word.len();
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_called_towns() {
        let found = |text: &'static str| towns(text).collect::<Vec<_>>();
        assert_eq!(
            found("the town of Zarvo Mill and villages of the east, the village of Öst-Tarn. It"),
            ["Zarvo Mill", "Öst-Tarn"]
        );
        assert_eq!(found("the council of Zarvo, men of Orlania, of "), [""; 0]);
    }
}
