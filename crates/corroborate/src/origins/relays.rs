//! How the reports that carry one origin have it from each other.

use std::collections::{BTreeMap, BTreeSet};

use super::{ClaimRef, Origin, StoryRead};
use crate::speakers::{chain, tokens};
use crate::{CopyLink, Matter, Relation, ReportKey};

/// A report that relays an origin which is counted already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relay {
    /// The report.
    pub report: ReportKey,
    /// The name of the origin.
    pub origin: String,
    /// How it stands to the report that it is nearest to.
    pub relation: Relation,
    /// That report, which carries the same origin and is earlier.
    pub of: ReportKey,
    /// Why it adds nothing, in a sentence.
    pub reason: String,
}

/// Says how two of the reports stand to each other that carry a matter.
///
/// Independent are only two whose origins are all known, and different.
pub fn relation(matter: &Matter, links: &[CopyLink], (a, b): (ReportKey, ReportKey)) -> Relation {
    let joins = |link: &&CopyLink| (link.a, link.b) == (a, b) || (link.a, link.b) == (b, a);
    if let Some(copy) = links.iter().find(joins).and_then(|link| Relation::of_copy(link.class)) {
        return copy;
    }
    let cites = |relay: &&Relay| {
        relay.relation == Relation::CitesOtherOutlet && [(a, b), (b, a)].contains(&(relay.report, relay.of))
    };
    if matter.dependent.iter().any(|relay| cites(&relay)) {
        return Relation::CitesOtherOutlet;
    }
    let carries = |origin: &Origin, report: ReportKey| origin.relayed_by.contains(&report);
    if matter.independent.iter().any(|origin| carries(origin, a) && carries(origin, b)) {
        return Relation::QuotesSameSpeaker;
    }
    let is_unknown = |report| matter.unknown.iter().any(|unknown| unknown.reports.contains(&report));
    let is_known = |report| matter.independent.iter().any(|origin| carries(origin, report));
    match [a, b].into_iter().all(|report| is_known(report) && !is_unknown(report)) {
        true => Relation::IndependentReporting,
        false => Relation::Unknown,
    }
}

impl StoryRead<'_> {
    pub(super) fn relays(&self, origin: &Origin) -> Vec<Relay> {
        let carriers = Carriers::of(self, origin);
        let relay = |(at, report): (usize, &ReportKey)| {
            let (of, relation) = self.relayed(&carriers, at);
            let reason = relay_reason(relation, &origin.name);
            Relay { report: *report, origin: origin.name.clone(), relation, of, reason }
        };
        origin.relayed_by.iter().enumerate().skip(1).map(relay).collect()
    }

    /// Finds the earlier report from which a report has an origin, and how: by its text, by naming it, or not at all but
    /// by the same speaker.
    fn relayed(&self, carriers: &Carriers<'_>, at: usize) -> (ReportKey, Relation) {
        let carried = &carriers.origin.relayed_by;
        let copies = self.copies.get(&carried[at]).into_iter().flatten();
        let place = |&(other, relation): &(ReportKey, Relation)| {
            carriers.places.get(&other).filter(|&&place| place < at).map(|&place| (place, relation))
        };
        if let Some((place, relation)) = copies.clone().filter_map(place).min() {
            return (carried[place], relation);
        }
        let first = carriers.families.get(&self.family[self.places[&carried[at]]]);
        if let Some(&first) = first.filter(|&&first| first < at) {
            return (
                carried[first],
                copies.map(|&(_, relation)| relation).max().unwrap_or(Relation::Rewritten),
            );
        }
        let cited = self.cited(carriers, carried[at]);
        let cited = cited.iter().filter_map(|outlet| carriers.outlets.get(outlet)).min();
        match cited.filter(|&&place| place < at) {
            Some(&place) => (carried[place], Relation::CitesOtherOutlet),
            None => (carried[0], Relation::QuotesSameSpeaker),
        }
    }

    /// Returns the names that a report gives as those it has an origin from: its agency and all who relay.
    fn cited(&self, carriers: &Carriers<'_>, report: ReportKey) -> BTreeSet<Vec<String>> {
        let own = carriers.claims.get(&report).into_iter().flatten();
        let relaying = own.flat_map(|&at| chain(self.claim(at)).skip(1));
        let wire = self.reads[self.places[&report]].report.wire.as_ref();
        relaying.chain(wire.map(|wire| wire.agency.as_str())).map(tokens).collect()
    }
}

fn relay_reason(relation: Relation, origin: &str) -> String {
    match relation {
        Relation::Identical => "it prints the same text".to_owned(),
        Relation::Syndicated => "it prints the same text, cut or with another lead".to_owned(),
        Relation::Rewritten => "it tells the same text partly in other words".to_owned(),
        Relation::CitesOtherOutlet => "it says that it has it from there".to_owned(),
        _ => format!("it rests on {origin} again"),
    }
}

/// The reports that carry an origin, by what a later one may have it from.
struct Carriers<'o> {
    origin: &'o Origin,
    /// The position of each report.
    places: BTreeMap<ReportKey, usize>,
    /// The first report of each copy family.
    families: BTreeMap<usize, usize>,
    /// The first report of each outlet.
    outlets: BTreeMap<Vec<String>, usize>,
    /// The claims of each report.
    claims: BTreeMap<ReportKey, Vec<ClaimRef>>,
}

impl<'o> Carriers<'o> {
    fn of(story: &StoryRead<'_>, origin: &'o Origin) -> Carriers<'o> {
        let (mut families, mut outlets) = (BTreeMap::new(), BTreeMap::new());
        for (at, report) in origin.relayed_by.iter().enumerate() {
            let place = story.places[report];
            families.entry(story.family[place]).or_insert(at);
            let outlet = story.reads[place].outlet();
            if !outlet.is_empty() {
                outlets.entry(tokens(outlet)).or_insert(at);
            }
        }
        let places = origin.relayed_by.iter().enumerate().map(|(at, &report)| (report, at)).collect();
        let mut claims: BTreeMap<ReportKey, Vec<ClaimRef>> = BTreeMap::new();
        origin.claims.iter().for_each(|&at| claims.entry(at.report).or_default().push(at));
        Carriers { origin, places, families, outlets, claims }
    }
}
