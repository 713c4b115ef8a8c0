use super::lexicon::Quantifier;
use crate::numbers::Amount;

/// What the words allow a figure to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Bounds {
    pub(super) lower: Option<u64>,
    pub(super) upper: Option<u64>,
    pub(super) stated: Option<u64>,
    pub(super) approx: bool,
    pub(super) vague: bool,
}

impl Bounds {
    /// Reads the bounds of an amount under a quantifier, after the casualty phrases of standards 7.5.
    pub(super) fn of(amount: Amount, quantifier: Option<Quantifier>) -> Bounds {
        match amount {
            Amount::Exact(number) => Bounds::of_number(number, quantifier.unwrap_or(Quantifier::Exactly)),
            Amount::Range(low, high) => Bounds {
                lower: Some(low),
                upper: Some(high),
                approx: matches!(quantifier, Some(Quantifier::About | Quantifier::Nearly)),
                ..Bounds::default()
            },
            // "Up to hundreds" says nothing about the least.
            Amount::Plural(least) => Bounds {
                lower: (!matches!(quantifier, Some(Quantifier::UpTo | Quantifier::FewerThan)))
                    .then_some(least),
                vague: true,
                ..Bounds::default()
            },
            Amount::Indefinite => Bounds { vague: true, ..Bounds::default() },
        }
    }

    fn of_number(number: u64, quantifier: Quantifier) -> Bounds {
        let stated = Bounds { stated: Some(number), ..Bounds::default() };
        let below = number.checked_sub(1);
        match quantifier {
            Quantifier::Exactly => Bounds { lower: Some(number), upper: Some(number), ..stated },
            Quantifier::AtLeast => Bounds { lower: Some(number), ..stated },
            Quantifier::MoreThan => Bounds { lower: number.checked_add(1), ..stated },
            // "As many as" reports the top of somebody's range.
            Quantifier::UpTo => Bounds { upper: Some(number), ..stated },
            Quantifier::FewerThan => Bounds { upper: below, ..stated },
            Quantifier::Nearly => Bounds { upper: below, approx: true, ..stated },
            Quantifier::About => Bounds { approx: true, ..stated },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_quantifier_sets_its_bounds() {
        let table = [
            (Quantifier::Exactly, Some(50), Some(50)),
            (Quantifier::AtLeast, Some(50), None),
            (Quantifier::MoreThan, Some(51), None),
            (Quantifier::UpTo, None, Some(50)),
            (Quantifier::FewerThan, None, Some(49)),
            (Quantifier::Nearly, None, Some(49)),
            (Quantifier::About, None, None),
        ];
        for (quantifier, lower, upper) in table {
            let bounds = Bounds::of(Amount::Exact(50), Some(quantifier));
            assert_eq!(
                (bounds.lower, bounds.upper, bounds.stated),
                (lower, upper, Some(50)),
                "{quantifier:?}"
            );
        }
    }

    #[test]
    fn the_ends_of_the_numbers_do_not_overflow() {
        assert_eq!(Bounds::of(Amount::Exact(u64::MAX), Some(Quantifier::MoreThan)).lower, None);
        assert_eq!(Bounds::of(Amount::Exact(0), Some(Quantifier::FewerThan)).upper, None);
    }
}
