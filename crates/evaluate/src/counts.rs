/// How many things were labelled, found, and both.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Labelled and found.
    pub right: usize,
    /// Found.
    pub found: usize,
    /// Labelled.
    pub labelled: usize,
}

impl Counts {
    /// Returns the share of what was found that is right; 0 if nothing was found.
    pub fn precision(self) -> f64 {
        share(self.right, self.found)
    }

    /// Returns the share of what is labelled that was found; 0 if nothing is labelled.
    pub fn recall(self) -> f64 {
        share(self.right, self.labelled)
    }

    /// Returns the harmonic mean of precision and recall (van Rijsbergen 1979, with equal weights).
    pub fn f1(self) -> f64 {
        share(2 * self.right, self.found + self.labelled)
    }

    /// Adds the counts of one more text.
    pub(crate) fn add(&mut self, other: Counts) {
        self.right += other.right;
        self.found += other.found;
        self.labelled += other.labelled;
    }
}

/// Returns `part` in `whole`, 0 for an empty whole.
pub(crate) fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// Returns the mean of the F1 of each class, every class weighing the same. Classes that are neither labelled nor
/// found have no F1 and are left out.
pub(crate) fn macro_f1(classes: impl IntoIterator<Item = Counts>) -> f64 {
    let met: Vec<f64> =
        classes.into_iter().filter(|counts| counts.found + counts.labelled > 0).map(Counts::f1).collect();
    if met.is_empty() { 0.0 } else { met.iter().sum::<f64>() / met.len() as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn precision_recall_and_their_harmonic_mean() {
        let counts = Counts { right: 2, found: 4, labelled: 3 };
        assert_eq!(counts.precision(), 0.5);
        assert_eq!(counts.recall(), 2.0 / 3.0);
        assert_eq!(counts.f1(), 4.0 / 7.0);
    }

    #[test]
    fn nothing_labelled_and_nothing_found_is_nought() {
        assert_eq!(Counts::default().f1(), 0.0);
    }

    #[test]
    fn every_class_weighs_the_same() {
        let many = Counts { right: 90, found: 90, labelled: 90 };
        let few = Counts { right: 0, found: 1, labelled: 1 };
        assert_eq!(macro_f1([many, few, Counts::default()]), 0.5);
    }
}
