use std::ops::Range;

/// Splits a paragraph into sentences, as ranges of its bytes without the white space around them.
pub fn sentences(paragraph: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    for (at, _) in paragraph.match_indices(". ") {
        found.push(start..at + 1);
        start = at + 2;
    }
    if start < paragraph.len() {
        found.push(start..paragraph.len());
    }
    found
}
