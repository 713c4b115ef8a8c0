use std::ops::Range;

/// Leads from bytes of a text to code points, in which the corpora count.
pub(crate) struct Points {
    /// The byte at which each code point starts, and the end.
    starts: Vec<u32>,
}

impl Points {
    pub(crate) fn of(text: &str) -> Points {
        let starts = text.char_indices().map(|(at, _)| at as u32).chain([text.len() as u32]);
        Points { starts: starts.collect() }
    }

    /// Returns the code points of a range of bytes.
    pub(crate) fn of_bytes(&self, bytes: Range<usize>) -> Range<usize> {
        let point = |byte: usize| self.starts.partition_point(|&start| (start as usize) < byte);
        point(bytes.start)..point(bytes.end)
    }

    /// Returns the bytes of a range of code points; `None` if the text is shorter.
    pub(crate) fn to_bytes(&self, points: Range<usize>) -> Option<Range<usize>> {
        let byte = |point: usize| self.starts.get(point).map(|&start| start as usize);
        Some(byte(points.start)?..byte(points.end)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_become_code_points() {
        let points = Points::of("aé€b");
        assert_eq!(points.of_bytes(1..6), 1..3);
        assert_eq!(points.of_bytes(0..7), 0..4);
        assert_eq!((points.to_bytes(1..3), points.to_bytes(2..5)), (Some(1..6), None));
    }
}
