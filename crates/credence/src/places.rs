//! Places as people ask for them.

use store::PlaceNamed;

/// Returns the place that is asked for by some words: part of its name, or as a whole another spelling that the gazetteer has.
pub(crate) fn asked_for(words: &str) -> PlaceNamed {
    PlaceNamed { words: words.to_owned(), names: extract::place_names(words).into_iter().collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_spellings_stand_for_the_name_in_the_rows() {
        for (spelling, name) in
            [("izium", "Izyum"), ("Kiev", "Kyiv"), ("Київ", "Kyiv"), ("Sao Paulo", "São Paulo")]
        {
            assert!(asked_for(spelling).names.iter().any(|known| known == name), "{spelling}");
        }
        assert_eq!(asked_for("Halvo"), PlaceNamed::from("Halvo"));
        // A people is no place.
        assert_eq!(asked_for("Ukrainian").names, Vec::<String>::new());
    }
}
