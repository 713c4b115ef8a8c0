use std::collections::{BTreeMap, BTreeSet};

use crate::families::Joined;

/// What a person decided on things that are grouped: accounts of incidents, or reports of stories.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision<T> {
    /// A later one has a larger number, and wins where two contradict each other.
    pub number: u64,
    /// These are of one group.
    pub together: Vec<T>,
    /// These are of no group that any of `from` is of.
    pub torn: Vec<T>,
    /// What is torn is kept away from these.
    pub from: Vec<T>,
    /// What is torn goes to the group of these. What was decided before on its place is void then.
    pub to: Vec<T>,
}

/// Groups as they are when people's decisions are laid over what was suggested.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided<T> {
    /// The groups.
    pub groups: Vec<Vec<T>>,
    /// Decisions of which something does not hold, since a later one says otherwise.
    pub overridden: BTreeSet<u64>,
}

/// Lays decisions over suggested groups.
///
/// Decisions come first, the later before the earlier; what was suggested fills the gaps and overrides none. So without
/// any decision the groups are those suggested, and taking a decision back brings back what was there without it.
///
/// Where decisions tear a suggested group, what no decision names goes with what it is likest to: `likest` chooses among
/// the parts that decisions name. Things in decisions that are in no suggested group are passed over.
pub fn decided<T: Copy + Ord>(
    suggested: &[Vec<T>],
    decisions: &[Decision<T>],
    likest: impl FnMut(T, &[Vec<T>]) -> Option<usize>,
) -> Decided<T> {
    let items: Vec<T> = suggested.iter().flatten().copied().collect();
    let places: BTreeMap<T, usize> = items.iter().enumerate().map(|(at, &item)| (item, at)).collect();
    let place =
        |items: &[T]| -> Vec<usize> { items.iter().filter_map(|item| places.get(item).copied()).collect() };
    let mut placed: Vec<Placed> = decisions
        .iter()
        .map(|decision| Placed {
            number: decision.number,
            together: place(&decision.together),
            torn: place(&decision.torn),
            from: place(&decision.from),
            to: place(&decision.to),
        })
        .collect();
    placed.sort_by_key(|decision| std::cmp::Reverse(decision.number));
    let mut parts = Parts {
        joined: Joined::new(items.len()),
        sides: vec![BTreeSet::new(); items.len()],
        settled: BTreeSet::new(),
    };
    placed.iter().for_each(|decision| parts.apply(decision));
    let mut fill = Fill { items: &items, likest };
    for group in suggested {
        fill.fill(&place(group), &mut parts);
    }
    let overridden = placed.iter().filter(|decision| !parts.hold(decision)).map(|it| it.number).collect();
    let groups = parts.joined.groups();
    let groups = groups.iter().map(|group| group.iter().map(|&at| items[at]).collect()).collect();
    Decided { groups, overridden }
}

/// A decision on things by their positions.
struct Placed {
    number: u64,
    together: Vec<usize>,
    torn: Vec<usize>,
    from: Vec<usize>,
    to: Vec<usize>,
}

/// On which side of a decision that tears something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Side {
    Torn,
    From,
}

/// What is joined so far, and which sides the roots stand on.
struct Parts {
    joined: Joined,
    sides: Vec<BTreeSet<(u64, Side)>>,
    /// What a later decision has given its place.
    settled: BTreeSet<usize>,
}

impl Parts {
    fn apply(&mut self, decision: &Placed) {
        let open = |items: &[usize]| -> Vec<usize> {
            items.iter().filter(|at| !self.settled.contains(at)).copied().collect()
        };
        let [together, torn, from, to] =
            [&decision.together, &decision.torn, &decision.from, &decision.to].map(|items| open(items));
        for (side, items) in [(Side::Torn, &torn), (Side::From, &from)] {
            for &at in items {
                let root = self.joined.root(at);
                self.sides[root].insert((decision.number, side));
            }
        }
        let mut apart: Vec<usize> = Vec::new();
        together.into_iter().for_each(|at| self.join_one(at, &mut apart));
        if !decision.to.is_empty() {
            for at in torn {
                to.iter().any(|&other| self.join(other, at));
                self.settled.insert(at);
            }
        }
    }

    /// Joins something with the first of some parts that it may be with; else it becomes another part.
    fn join_one(&mut self, at: usize, parts: &mut Vec<usize>) {
        if !parts.iter().any(|&part| self.join(part, at)) {
            parts.push(at);
        }
    }

    /// Joins two parts unless a decision keeps them apart, and tells whether they are one.
    fn join(&mut self, a: usize, b: usize) -> bool {
        let (a, b) = (self.joined.root(a), self.joined.root(b));
        if a == b {
            return true;
        }
        if self.are_apart(a, b) {
            return false;
        }
        self.joined.join(a, b);
        let sides = std::mem::take(&mut self.sides[a.max(b)]);
        self.sides[a.min(b)].extend(sides);
        true
    }

    fn are_apart(&self, a: usize, b: usize) -> bool {
        let (few, many) = match self.sides[a].len() <= self.sides[b].len() {
            true => (&self.sides[a], &self.sides[b]),
            false => (&self.sides[b], &self.sides[a]),
        };
        few.iter().any(|&(number, side)| {
            let other = if side == Side::Torn { Side::From } else { Side::Torn };
            many.contains(&(number, other))
        })
    }

    fn hold(&mut self, decision: &Placed) -> bool {
        let mut roots =
            |items: &[usize]| -> BTreeSet<usize> { items.iter().map(|&at| self.joined.root(at)).collect() };
        let (torn, to) = (roots(&decision.torn), roots(&decision.to));
        roots(&decision.together).len() <= 1
            && torn.is_disjoint(&roots(&decision.from))
            && (to.is_empty() || torn.is_subset(&to))
    }
}

/// Joins what was suggested as far as decisions leave it open.
struct Fill<'a, T, L> {
    items: &'a [T],
    likest: L,
}

/// A part of a suggested group: its root, and the positions of its members in that group.
type Part = (usize, Vec<usize>);

impl<T: Copy, L: FnMut(T, &[Vec<T>]) -> Option<usize>> Fill<'_, T, L> {
    fn fill(&mut self, group: &[usize], parts: &mut Parts) {
        let pieces = pieces(group, parts);
        let torn = torn(&pieces, parts);
        if torn.is_empty() {
            pieces.windows(2).for_each(|two| _ = parts.join(two[0].0, two[1].0));
            return;
        }
        let has = |piece: &Part, wanted: Side| {
            parts.sides[piece.0].iter().any(|(number, side)| *side == wanted && torn.contains(number))
        };
        let (away, others): (Vec<Part>, Vec<Part>) =
            pieces.into_iter().partition(|piece| has(piece, Side::Torn));
        let (kept, open): (Vec<Part>, Vec<Part>) =
            others.into_iter().partition(|piece| has(piece, Side::From));
        // What was torn away stays by itself; what it was torn from stays together.
        let mut rests: Vec<usize> = Vec::new();
        kept.iter().for_each(|(root, _)| parts.join_one(*root, &mut rests));
        let mut cores: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (root, members) in kept.iter().chain(&away) {
            cores.entry(parts.joined.root(*root)).or_default().extend(members);
        }
        let roots: Vec<usize> = cores.keys().copied().collect();
        let named: Vec<Vec<T>> =
            cores.values().map(|members| members.iter().map(|&at| self.items[at]).collect()).collect();
        for (root, members) in open {
            let chosen = (self.likest)(self.items[members[0]], &named).and_then(|at| roots.get(at));
            let joined = chosen.is_some_and(|&core| parts.join(core, root));
            if !joined {
                parts.join_one(root, &mut rests);
            }
        }
    }
}

/// Returns what a group is in, part by part.
fn pieces(group: &[usize], parts: &mut Parts) -> Vec<Part> {
    let mut pieces: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for &at in group {
        pieces.entry(parts.joined.root(at)).or_default().push(at);
    }
    pieces.into_iter().collect()
}

/// Returns the decisions that keep parts of one group away from others of it.
fn torn(pieces: &[Part], parts: &Parts) -> BTreeSet<u64> {
    let mut sides: BTreeMap<u64, [BTreeSet<usize>; 2]> = BTreeMap::new();
    for (root, _) in pieces {
        for &(number, side) in &parts.sides[*root] {
            sides.entry(number).or_default()[side as usize].insert(*root);
        }
    }
    let tears =
        |[torn, from]: &[BTreeSet<usize>; 2]| torn.iter().any(|one| from.iter().any(|other| one != other));
    sides.into_iter().filter(|(_, sides)| tears(sides)).map(|(number, _)| number).collect()
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    use super::*;

    fn merged(number: u64, together: &str) -> Decision<char> {
        Decision { together: together.chars().collect(), ..unlinked(number, "", "") }
    }

    /// What a split says: `torn` are of one group, and away from the others.
    fn split(number: u64, torn: &str, from: &str) -> Decision<char> {
        Decision { together: torn.chars().collect(), ..unlinked(number, torn, from) }
    }

    fn unlinked(number: u64, torn: &str, from: &str) -> Decision<char> {
        Decision {
            number,
            together: Vec::new(),
            torn: torn.chars().collect(),
            from: from.chars().collect(),
            to: Vec::new(),
        }
    }

    /// What a link says: one goes to others, and away from those it was with.
    fn linked(number: u64, one: &str, to: &str, from: &str) -> Decision<char> {
        Decision { to: to.chars().collect(), ..unlinked(number, one, from) }
    }

    /// A small letter is like its capital.
    fn likest(item: char, parts: &[Vec<char>]) -> Option<usize> {
        parts.iter().position(|part| part.iter().any(|other| other.eq_ignore_ascii_case(&item)))
    }

    fn laid(suggested: &str, decisions: &[Decision<char>]) -> Decided<char> {
        let suggested: Vec<Vec<char>> =
            suggested.split_whitespace().map(|group| group.chars().collect()).collect();
        decided(&suggested, decisions, likest)
    }

    fn check(suggested: &str, decisions: &[Decision<char>], expected: Expect) {
        let laid = laid(suggested, decisions);
        let groups: Vec<String> = laid.groups.iter().map(|group| group.iter().collect()).collect();
        let overridden: Vec<String> = laid.overridden.iter().map(|number| format!("-{number}")).collect();
        expected.assert_eq(&[groups, overridden].concat().join(" "));
    }

    #[test]
    fn what_people_say_and_what_follows() {
        check("AB CD E", &[], expect!["AB CD E"]);
        check("AB CD E", &[merged(1, "ABCD")], expect!["ABCD E"]);
        // What comes later to either is of both.
        check("ABX CDY E", &[merged(1, "ABCD")], expect!["ABXCDY E"]);
        check("ABCD E", &[split(1, "AB", "CD")], expect!["AB CD E"]);
        check("ABCDad", &[split(1, "AB", "CD")], expect!["ABa CDd"]);
        check("ABCD", &[unlinked(1, "A", "BCD")], expect!["A BCD"]);
        check("ABCDad", &[unlinked(1, "A", "BCD")], expect!["Aa BCDd"]);
        check("ABC DE", &[linked(1, "A", "DE", "BC")], expect!["ADE BC"]);
        check("ABCa DEe", &[linked(1, "A", "DE", "BC")], expect!["AaDEe BC"]);
        check("AB", &[merged(1, "AXB")], expect!["AB"]);
    }

    #[test]
    fn what_was_put_together_elsewhere_comes_along() {
        check("AB CD", &[merged(1, "AC"), unlinked(2, "A", "B")], expect!["ACD B"]);
        // Two that were taken out one after the other are not taken for one.
        check("ABCD", &[unlinked(1, "A", "BCD"), unlinked(2, "B", "CD")], expect!["A B CD"]);
    }

    #[test]
    fn the_later_wins() {
        check("AB CD", &[merged(1, "ABCD"), split(2, "AB", "CD")], expect!["AB CD -1"]);
        check("AB CD", &[split(1, "AB", "CD"), merged(2, "ABCD")], expect!["ABCD -1"]);
        check("ABCD", &[linked(1, "A", "BC", ""), unlinked(2, "A", "BCD")], expect!["A BCD -1"]);
        check("ABCD", &[unlinked(1, "A", "BCD"), linked(2, "A", "BC", "")], expect!["ABCD -1"]);
        check("A BC DE", &[linked(1, "A", "BC", ""), linked(2, "A", "DE", "BC")], expect!["ADE BC -1"]);
        check("A BC DE", &[linked(1, "A", "BC", ""), unlinked(2, "B", "AC")], expect!["AC B DE"]);
        check("A BC DE", &[merged(1, "BD"), linked(2, "A", "BC", "DE")], expect!["ABC DE -1"]);
    }

    fn some_groups() -> impl Strategy<Value = Vec<Vec<u8>>> {
        prop::collection::vec(0..4_u8, 10).prop_map(|homes| {
            let group = |home: u8| (0..10).filter(|&item| homes[usize::from(item)] == home).collect();
            (0..4).map(group).filter(|group: &Vec<u8>| !group.is_empty()).collect()
        })
    }

    /// Each thing is on one side or on neither; whoever is torn may go to others.
    fn some_decision(number: u64) -> impl Strategy<Value = Decision<u8>> {
        (prop::collection::vec(0..4_u8, 10), any::<bool>()).prop_map(move |(sides, links)| {
            let side = |wanted: u8| -> Vec<u8> {
                (0..10).filter(|&item| sides[usize::from(item)] == wanted).collect()
            };
            let (torn, from, to) = (side(1), side(2), side(3));
            let together = if links { Vec::new() } else { torn.clone() };
            Decision { number, together, torn, from, to: if links { to } else { Vec::new() } }
        })
    }

    fn groups(suggested: &[Vec<u8>], decisions: &[Decision<u8>]) -> BTreeSet<BTreeSet<u8>> {
        let laid = decided(suggested, decisions, |item, parts| Some(usize::from(item) % parts.len()));
        laid.groups.into_iter().map(|group| group.into_iter().collect()).collect()
    }

    proptest! {
        #[test]
        fn without_decisions_it_is_as_suggested(suggested in some_groups()) {
            let all = suggested.iter().map(|group| group.iter().copied().collect()).collect();
            prop_assert_eq!(groups(&suggested, &[]), all);
        }

        #[test]
        fn the_last_decision_holds(
            suggested in some_groups(),
            decisions in (some_decision(1), some_decision(2), some_decision(3)),
        ) {
            let decisions = [decisions.0, decisions.1, decisions.2];
            let laid = decided(&suggested, &decisions, |item, parts| Some(usize::from(item) % parts.len()));
            prop_assert!(!laid.overridden.contains(&3));
            prop_assert_eq!(laid.groups.iter().map(Vec::len).sum::<usize>(), 10);
        }

        #[test]
        fn decisions_on_other_groups_come_in_any_order(suggested in some_groups(), other in some_groups()) {
            // Two records side by side, each with one decision.
            let far: Vec<Vec<u8>> = other.iter().map(|group| group.iter().map(|item| item + 10).collect()).collect();
            let all = [suggested.clone(), far.clone()].concat();
            let split = |number: u64, groups: &[Vec<u8>]| Decision {
                number,
                together: Vec::new(),
                torn: groups[0][..1].to_vec(),
                from: groups[0][1..].to_vec(),
                to: Vec::new(),
            };
            let merge = |number: u64, groups: &[Vec<u8>]| Decision {
                together: groups.iter().take(2).flatten().copied().collect(),
                torn: Vec::new(),
                from: Vec::new(),
                ..split(number, groups)
            };
            prop_assert_eq!(
                groups(&all, &[merge(1, &suggested), split(2, &far)]),
                groups(&all, &[merge(2, &suggested), split(1, &far)])
            );
        }
    }
}
