use crate::speakers::settlement;

/// Finds the names that a text calls towns: "the town of Zarvo". Towns that it names without saying what they are,
/// are left alone.
pub(crate) fn towns(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices(" of ").filter_map(|(at, of)| {
        let kind = text[..at].rsplit(|c: char| !c.is_alphabetic()).next()?;
        let name = text[at + of.len()..].split(|c: char| !c.is_alphanumeric() && c != '-').next()?;
        (settlement(kind) && name.starts_with(char::is_uppercase)).then_some(name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_called_towns() {
        let found = |text: &'static str| towns(text).collect::<Vec<_>>();
        assert_eq!(
            found("the town of Zarvo and villages of the east, the village of Öst-Tarn."),
            ["Zarvo", "Öst-Tarn"]
        );
        assert_eq!(found("the council of Zarvo, men of Orlania, of "), [""; 0]);
    }
}
