use std::collections::HashMap;

use serde::Serialize;
use store::Store;

use super::words;
use crate::describe;
use crate::wire::Member;

/// Where the names on a page lead: the reports that it is about, by what they are called.
///
/// Reports may share a name, which then leads to the one that the page is about, and not to a question which is meant.
#[derive(Default, Serialize)]
pub(super) struct Doors {
    /// Nothing where two reports of the page share the name.
    by_name: HashMap<String, Option<Door>>,
}

#[derive(Serialize)]
struct Door {
    /// The digest of its original.
    original: String,
    /// Its title, or how its text begins.
    headline: String,
}

impl Doors {
    /// Makes the doors of a page about some reports, by their numbers.
    pub(super) fn of(store: &Store, reports: impl IntoIterator<Item = i64>) -> Result<Doors, store::Error> {
        let mut doors = Doors::default();
        for report in reports {
            if let Some(report) = store.report(report)? {
                let original = model::Digest::from_bytes(report.row.digest).to_string();
                doors.add(report.row.name.clone(), Door { original, headline: describe::title(&report) });
            }
        }
        Ok(doors)
    }

    /// Makes the doors of a page about very many reports: of those alone whose name others have too.
    pub(super) fn of_shared(
        store: &Store,
        reports: impl IntoIterator<Item = i64>,
    ) -> Result<Doors, store::Error> {
        Doors::of(store, store.sharing_names(reports)?)
    }

    /// Makes the doors of a page that names these.
    pub(super) fn of_members<'m>(members: impl IntoIterator<Item = &'m Member>) -> Doors {
        let mut doors = Doors::default();
        for Member { id, original, title, .. } in members {
            let headline = title.clone().unwrap_or_else(|| id.clone());
            doors.add(id.clone(), Door { original: original.clone(), headline });
        }
        doors
    }

    fn add(&mut self, name: String, door: Door) {
        let is_same = |known: &Option<Door>| known.as_ref().is_some_and(|it| it.original == door.original);
        match self.by_name.get_mut(&name) {
            Some(known) if is_same(known) => {}
            Some(known) => *known = None,
            None => drop(self.by_name.insert(name, Some(door))),
        }
    }

    fn door(&self, name: &str) -> Option<&Door> {
        self.by_name.get(name)?.as_ref()
    }

    /// Returns the address of a report.
    pub(super) fn report(&self, name: &str) -> String {
        words::report(self.door(name).map_or(name, |door| &door.original))
    }

    /// Returns the address of a claim.
    pub(super) fn claim(&self, id: &str) -> String {
        let named = id.rsplit_once('#').and_then(|(name, number)| Some((self.door(name)?, number)));
        match named {
            Some((door, number)) => words::claim(&format!("{}#{number}", door.original)),
            None => words::claim(id),
        }
    }

    /// Returns the title of a report or how it begins; its name where that is not known.
    pub(super) fn headline<'a>(&'a self, name: &'a str) -> &'a str {
        self.door(name).map_or(name, |door| &door.headline)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shared_name_leads_to_the_report_of_the_page() {
        let member = |id: &str, original: &str| Member {
            id: id.to_owned(),
            original: original.to_owned(),
            published: None,
            outlet: None,
            title: None,
            wire: None,
        };
        let members = [member("a.txt", "sha256:1"), member("b.txt", "sha256:2"), member("b.txt", "sha256:3")];
        let doors = Doors::of_members(&members);
        assert_eq!(doors.claim("a.txt#2"), "/claims/sha256%3A1%232");
        // Which of two is meant is asked there.
        assert_eq!(doors.report("b.txt"), "/reports/b.txt");
        assert_eq!(doors.claim("c.txt#1"), "/claims/c.txt%231");
    }
}
