use serde::{Deserialize as _, Deserializer, Serialize, de};
use store::Page;
use utoipa::ToSchema;

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Listing<T> {
    pub(crate) items: Vec<T>,
    /// What to ask for as `after` to get the next page; nothing on the last.
    pub(crate) next: Option<String>,
}

/// Rows of a page, unless `limit` says otherwise.
pub(crate) const ROWS: u64 = 50;
/// Rows of a page at most.
pub(crate) const MOST: u64 = 500;

/// Asks for one row more than are shown: it tells whether there is a next page.
pub(crate) fn page(limit: Option<u64>) -> Page {
    Page { skip: 0, limit: Some(shown(limit) + 1) }
}

fn shown(limit: Option<u64>) -> u64 {
    limit.unwrap_or(ROWS)
}

/// Reads a number of rows, and refuses one that is too small or too large.
pub(crate) fn within<'d, const LEAST: u64, const MOST: u64, D: Deserializer<'d>>(
    from: D,
) -> Result<Option<u64>, D::Error> {
    let number = u64::deserialize(from)?;
    match (LEAST..=MOST).contains(&number) {
        true => Ok(Some(number)),
        false => Err(de::Error::custom(format!("{number} is not from {LEAST} to {MOST}"))),
    }
}

impl<T> Listing<T> {
    /// Makes a page of the rows that [`page`] asked for. `name` is what the next page begins behind.
    pub(crate) fn of(mut items: Vec<T>, limit: Option<u64>, name: impl Fn(&T) -> String) -> Listing<T> {
        let shown = shown(limit) as usize;
        let more = items.len() > shown;
        items.truncate(shown);
        let next = items.last().filter(|_| more).map(name);
        Listing { items, next }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_page_names_no_next() {
        let of = |count: u64, limit| {
            let rows: Vec<u64> = (0..count.min(page(limit).limit.unwrap())).collect();
            let listing = Listing::of(rows, limit, u64::to_string);
            (listing.items.len(), listing.next)
        };
        assert_eq!(of(3, Some(2)), (2, Some("1".into())));
        assert_eq!(of(2, Some(2)), (2, None));
        assert_eq!(of(0, None), (0, None));
    }
}
