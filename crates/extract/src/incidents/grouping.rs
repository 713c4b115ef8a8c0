//! Which tellings speak of the same incident.

use std::ops::Range;

use language::Doc;
use model::{Place, Precision, TimeMention, When};

use super::armed::Named;
use super::lexicon::{Class, LEXICON, Told};
use super::sentence::Sentence;
use super::tellings::{Doer, Sufferer, Telling};
use super::things::Thing;
use super::{
    Confidence, Count, Effect, Incident, IncidentDeed, Party, PersonClass, Stage, Target, TargetClass, Weapon,
};
use crate::places::{PlaceMention, PlaceRole};
use crate::syntax::Syntax;

/// How many adjectives the country counts for that a report was filed from, and one that is named itself.
const FILED: usize = 3;
const NAMED: usize = 3;

/// What the grouping knows of the report.
pub(super) struct Report<'r> {
    pub(super) report: &'r model::Report,
    pub(super) doc: &'r Doc<'r>,
    pub(super) syntax: &'r Syntax<'r>,
    pub(super) armed: &'r [Named],
    pub(super) times: &'r [TimeMention],
    pub(super) places: &'r [PlaceMention],
}

/// An incident as it grows.
struct Group {
    deed: IncidentDeed,
    /// Whether only a general word told of it so far.
    is_open: bool,
    stage: Stage,
    told_at: Vec<Range<usize>>,
    sentences: Vec<usize>,
    when: Option<When>,
    places: Vec<Place>,
    weapons: Vec<Thing>,
    implied: Option<super::WeaponKind>,
    doers: Vec<Doer>,
    sufferers: Vec<Sufferer>,
}

/// Groups tellings, in the order of their words.
///
/// In a sentence, what says most of the deed comes first: "ten died when a bomb exploded" is a bombing in which ten died.
pub(super) fn group(report: &Report<'_>, mut tellings: Vec<Telling>) -> Vec<Incident> {
    let mut groups: Vec<Group> = Vec::new();
    tellings.sort_by_key(|telling| (telling.sentence, telling.told.generality()));
    for telling in tellings {
        let scene = report.scene(&telling);
        let mut telling = telling;
        report.drop_places(&mut telling);
        let known = groups.iter().rposition(|group| group.shares(&telling));
        let found = known.or_else(|| groups.iter().rposition(|group| group.takes(&telling, &scene)));
        match found {
            Some(at) => groups[at].add(telling, scene),
            None if telling.only_pronouns() => {}
            None if telling.told == Told::Harm
                || telling.told == Told::Damage && telling.sufferers.is_empty() => {}
            None => groups.push(Group::new(telling, scene)),
        }
    }
    groups.retain(|group| !group.sufferers.is_empty() || !group.doers.is_empty());
    let mut incidents: Vec<Incident> = groups.into_iter().map(|group| report.incident(group)).collect();
    incidents.sort_by_key(|incident| incident.told_at.first().map(|span| span.start()));
    incidents
}

/// Where and when a telling plays, as its sentence says.
struct Scene {
    when: Option<When>,
    places: Vec<Place>,
}

impl Report<'_> {
    fn scene(&self, telling: &Telling) -> Scene {
        let tokens = self.doc.sentences()[telling.sentence].clone();
        let bytes = self.doc.bytes(tokens).unwrap_or_default();
        let from = self.times.partition_point(|time| time.span.start() < bytes.start);
        let times = self.times[from..].iter().take_while(|time| time.span.start() < bytes.end);
        let sentence = Sentence::new(self.doc, self.syntax, telling.sentence);
        let nearest = times
            .filter_map(|time| Some((belongs(&sentence, time, telling)?, time)))
            .min_by_key(|(far, time)| (*far, time.span.start().abs_diff(telling.at)))
            .map(|(_, time)| time);
        let from = self.places.partition_point(|place| place.place.span.start() < bytes.start);
        let places = self.places[from..].iter().take_while(|place| place.place.span.start() < bytes.end);
        // "Jesuits" is no place, whatever the map has of that name.
        let is_place = |place: &Place| {
            let words = self.lower(place.span.start()..place.span.end());
            place.located.is_some() || LEXICON.class(&words).is_none_or(|class| class == Class::Place)
        };
        let inside = |place: &&PlaceMention| place.role == PlaceRole::Event && is_place(&place.place);
        Scene {
            when: nearest.map(|time| time.when),
            places: places.filter(inside).map(|place| place.place.clone()).collect(),
        }
    }

    /// Drops those hit who are places: "attacked Varden".
    fn drop_places(&self, telling: &mut Telling) {
        telling.sufferers.retain(|sufferer| {
            let head = &sufferer.thing.head;
            let from = self.places.partition_point(|place| place.place.span.end() <= head.start);
            let place = self.places.get(from).is_some_and(|place| place.place.span.start() <= head.start);
            !place || sufferer.thing.name.is_none() || sufferer.thing.title.is_some()
        });
    }

    /// Returns the armed groups that are named with an incident, each once, with what is said of their part.
    fn armed_with(&self, group: &Group) -> Vec<(&Named, Confidence)> {
        let mut found: Vec<(&Named, Confidence)> = Vec::new();
        let fighters = group.doers.iter().any(|doer| doer.thing.class == Some(Class::Fighter));
        let state = group.doers.iter().any(|doer| doer.thing.is_state);
        for named in self.armed {
            let near = group.sentences.contains(&named.sentence);
            let after = named.confidence.is_some()
                && group.sentences.iter().any(|at| named.sentence.abs_diff(*at) <= 2);
            let inside = group.doers.iter().any(|doer| {
                doer.thing.sentence == named.sentence
                    && doer.thing.words.start <= named.bytes.start
                    && named.bytes.start <= doer.thing.head.end + 40
            });
            let hit = group.sufferers.iter().any(|sufferer| {
                sufferer.thing.words.start <= named.bytes.start && named.bytes.end <= sufferer.thing.words.end
            });
            if hit || state && !inside || !(inside || after || near && fighters) {
                continue;
            }
            let stated = group.doers.iter().map(|doer| doer.confidence).max().unwrap_or(Confidence::Stated);
            let confidence = named.confidence.unwrap_or(stated);
            match found.iter_mut().find(|(known, _)| known.group == named.group) {
                Some((_, known)) => *known = (*known).max(confidence),
                None => found.push((named, confidence)),
            }
        }
        if found.is_empty() && fighters && !state {
            let first = self.armed.first();
            let alone = first.filter(|first| self.armed.iter().all(|named| named.group == first.group));
            found.extend(alone.map(|named| (named, Confidence::Stated)));
        }
        found
    }

    fn incident(&self, group: Group) -> Incident {
        let armed = self.armed_with(&group);
        let armed: Vec<Party> = armed
            .into_iter()
            .filter_map(|(named, confidence)| {
                Some(Party {
                    words: self.report.text.trimmed(named.bytes.clone())?,
                    confidence,
                    is_state: false,
                })
            })
            .collect();
        let span = |range: Range<usize>| self.report.text.trimmed(range);
        let country = self.country(&group);
        let places = self.places_of(&group, country.as_deref());
        let weapons =
            weapons(&group).into_iter().map(|(words, kind)| Weapon { words: words.and_then(span), kind });
        let weapons = weapons.collect();
        let (organisations, individuals): (Vec<_>, Vec<_>) =
            group.doers.iter().partition(|doer| doer.thing.is_group);
        let in_armed = |doer: &&Doer| LEXICON.group(&doer.thing.lower).is_some() && !armed.is_empty();
        let party = |doer: &&Doer| {
            let words = doer.thing.name.clone().unwrap_or(doer.thing.words.clone());
            Some(Party { words: span(words)?, confidence: doer.confidence, is_state: doer.thing.is_state })
        };
        let mut told_at: Vec<_> = group.told_at.iter().cloned().filter_map(span).collect();
        told_at.sort_by_key(|told| told.start());
        let here = country.clone();
        let targets = group.sufferers.iter().filter_map(|sufferer| {
            let thing = &sufferer.thing;
            let title = thing.title.clone().map(|title| self.lower(title)).unwrap_or_default();
            let class = match thing.class {
                Some(Class::Object(class)) => TargetClass::Object(class),
                Some(Class::Person(class)) => TargetClass::Person(class),
                Some(Class::Fighter) => TargetClass::Person(PersonClass::Fighter),
                Some(_) => return None,
                None => TargetClass::Person(title_class(thing, &title)),
            };
            let class = match (class, &thing.title) {
                (TargetClass::Person(PersonClass::Civilian), Some(_)) => {
                    TargetClass::Person(title_class(thing, &title))
                }
                (class, _) => class,
            };
            let description =
                if thing.name.is_some() { thing.title.clone() } else { Some(thing.words.clone()) };
            Some(Target {
                name: thing.name.clone().and_then(span),
                description: description.and_then(span),
                class,
                count: thing.count,
                nation: self.nation(thing).filter(|nation| Some(nation) != here.as_ref()),
                effect: sufferer.effect.filter(|_| group.stage == Stage::Accomplished),
            })
        });
        Incident {
            deed: group.deed,
            stage: group.stage,
            told_at,
            when: group.when,
            anchor: self.report.anchor(),
            country,
            weapons,
            individuals: individuals.iter().filter_map(party).collect(),
            organisations: organisations
                .iter()
                .filter(|doer| !in_armed(doer))
                .filter_map(party)
                .chain(armed.clone())
                .collect(),
            targets: targets.collect(),
            quarter: self.quarter_of(&group).and_then(span),
            places,
        }
    }

    /// Returns the part of a town that the sentences of an incident name.
    fn quarter_of(&self, group: &Group) -> Option<Range<usize>> {
        let sentences = group.sentences.iter().map(|sentence| self.doc.sentences()[*sentence].clone());
        sentences.into_iter().find_map(|sentence| super::quarters::quarter(self.doc, sentence))
    }

    /// Returns the places of an incident; where its sentences name no town, the town of a sentence beside them, or the
    /// one that the report was filed from if they speak of "the capital" or "this city".
    fn places_of(&self, group: &Group, country: Option<&str>) -> Vec<Place> {
        let in_country = |place: &&Place| {
            place.located.as_ref().is_none_or(|located| Some(located.country.as_str()) == country)
        };
        let town = |place: &&Place| {
            place.located.as_ref().is_none_or(|located| located.precision != Precision::Country)
        };
        let mut places: Vec<Place> = group.places.iter().filter(in_country).cloned().collect();
        if places.iter().any(|place| town(&place)) {
            return places;
        }
        for sentence in &group.sentences {
            let bytes = self.doc.bytes(self.doc.sentences()[*sentence].clone()).unwrap_or_default();
            let words = &self.doc.text()[bytes];
            if ["this capital", "the capital", "this city", "capital city", "capital's"]
                .iter()
                .any(|capital| words.contains(capital))
            {
                places.extend(self.filed().into_iter().filter(|place| in_country(&place)));
                return places;
            }
        }
        let Some(first) = group.sentences.first() else { return places };
        let near = |place: &&PlaceMention| {
            let sentence =
                self.doc.tokens().get(place.tokens.start).map_or(usize::MAX, |token| token.sentence());
            sentence.abs_diff(*first) <= 1 && place.role == PlaceRole::Event
        };
        let beside = self
            .places
            .iter()
            .filter(near)
            .map(|place| &place.place)
            .find(|place| in_country(place) && town(place) && place.located.is_some());
        places.extend(beside.cloned());
        places
    }

    /// Returns the country whose adjective describes somebody: "a Vardenian nun".
    fn nation(&self, thing: &Thing) -> Option<String> {
        let inside = |words: &Range<usize>| {
            let from = self.places.partition_point(|place| place.place.span.start() < words.start);
            self.places.get(from).filter(|place| place.place.span.end() <= words.end)
        };
        let found = inside(&thing.words).or_else(|| thing.title.as_ref().and_then(inside))?;
        let located = found.place.located.as_ref()?;
        (located.precision == Precision::Country).then(|| located.country.clone())
    }

    fn lower(&self, bytes: Range<usize>) -> String {
        let words = self.doc.text().get(bytes).unwrap_or_default().to_lowercase();
        words.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Returns the country of the places of an incident, else the one that the report names most.
    ///
    /// A town counts only in a country that is named itself, or that the report was filed from: the gazetteer has a town
    /// of most names somewhere.
    fn country(&self, group: &Group) -> Option<String> {
        let counts = self.countries();
        let located = |place: &Place| place.located.as_ref().map(|located| located.country.clone());
        let named = |country: &String| counts.iter().any(|(known, _)| known == country);
        let votes = |country: &String| {
            counts.iter().find(|(known, _)| known == country).map_or(0, |(_, votes)| *votes)
        };
        let stated = group.places.iter().filter_map(located).filter(named).max_by_key(votes);
        if stated.is_some() {
            return stated;
        }
        counts.into_iter().rev().max_by_key(|(_, count)| *count).map(|(country, _)| country)
    }

    /// Counts how often each country is named; the one of the dateline counts thrice.
    fn countries(&self) -> Vec<(String, usize)> {
        let mut counts: Vec<(String, usize)> = Vec::new();
        let mut add =
            |country: String, weight: usize| match counts.iter_mut().find(|(known, _)| *known == country) {
                Some((_, count)) => *count += weight,
                None => counts.push((country, weight)),
            };
        if let Some(country) = self.filed().and_then(|place| place.located).map(|located| located.country) {
            add(country, FILED);
        }
        for place in self.places {
            if let Some(located) =
                place.place.located.as_ref().filter(|located| located.precision == Precision::Country)
            {
                add(located.country.clone(), if place.role == PlaceRole::Event { NAMED } else { 1 });
            }
        }
        counts
    }

    /// Returns the place that the report was filed from.
    fn filed(&self) -> Option<Place> {
        let place = self.report.dateline.as_ref()?.place?;
        let text = self.report.text.read();
        let doc = Doc::read(text, &[place.range()]);
        let places = crate::places::find(self.report, &doc, &Syntax::of(&doc)).named;
        places.into_iter().find(|there| place.contains(there.span) && there.located.is_some())
    }
}

/// Returns what a title makes of a named person: the words in front of the name, or beside it.
fn title_class(thing: &Thing, title: &str) -> PersonClass {
    let beside = LEXICON.class(title).map(|class| LEXICON.refined(class, title));
    let inside = thing
        .lower
        .split(' ')
        .rev()
        .find_map(|word| LEXICON.class(word))
        .map(|class| LEXICON.refined(class, &thing.lower));
    match beside.or(inside) {
        Some(Class::Person(class)) => class,
        Some(Class::Fighter) => PersonClass::Fighter,
        _ => PersonClass::Civilian,
    }
}

fn weapons(group: &Group) -> Vec<(Option<Range<usize>>, super::WeaponKind)> {
    let mut found: Vec<(Option<Range<usize>>, super::WeaponKind)> = Vec::new();
    let fits = |kind: super::WeaponKind| match group.deed {
        IncidentDeed::Bombing => {
            !matches!(kind, super::WeaponKind::Gun | super::WeaponKind::Rifle | super::WeaponKind::Handgun)
        }
        _ => true,
    };
    for thing in &group.weapons {
        let Some(Class::Weapon(kind)) = thing.class else { continue };
        let known = found.iter().any(|(_, known)| *known == kind);
        if !known && fits(kind) {
            found.push((Some(thing.words.clone()), kind));
        }
    }
    if found.is_empty() {
        let implied =
            group.implied.or((group.deed == IncidentDeed::Bombing).then_some(super::WeaponKind::Bomb));
        found.extend(implied.map(|kind| (None, kind)));
    }
    found
}

impl Group {
    fn new(telling: Telling, scene: Scene) -> Group {
        let (deed, is_open) = match telling.told {
            Told::Bombing => (IncidentDeed::Bombing, false),
            Told::Arson => (IncidentDeed::Arson, false),
            Told::Kidnapping => (IncidentDeed::Kidnapping, false),
            Told::Robbery => (IncidentDeed::Robbery, false),
            Told::Attack => {
                (IncidentDeed::Attack, telling.sufferers.iter().all(|sufferer| sufferer.effect.is_none()))
            }
            Told::Damage | Told::Harm => (IncidentDeed::Attack, true),
        };
        let mut group = Group {
            deed,
            is_open,
            stage: telling.stage,
            told_at: Vec::new(),
            sentences: Vec::new(),
            when: None,
            places: Vec::new(),
            weapons: Vec::new(),
            implied: None,
            doers: Vec::new(),
            sufferers: Vec::new(),
        };
        group.add(telling, scene);
        group
    }

    /// Tells whether a telling names somebody whom this incident befell, and the same deed.
    fn shares(&self, telling: &Telling) -> bool {
        let distance = telling.sentence - self.sentences.last().copied().unwrap_or_default();
        let again = |sufferer: &Sufferer| {
            let known = |known: &Sufferer| same(&known.thing, &sufferer.thing);
            let pronoun = sufferer.thing.is_pronoun
                && distance <= 3
                && self.sufferers.iter().any(|known| stands_for(&sufferer.thing, &known.thing));
            pronoun || !sufferer.thing.is_pronoun && self.sufferers.iter().any(known)
        };
        self.same_deed(telling.told, distance.min(3))
            && (telling.stage == self.stage || telling.refers_back)
            && telling.sufferers.iter().any(again)
    }

    /// Tells whether a telling may speak of this incident.
    fn takes(&self, telling: &Telling, scene: &Scene) -> bool {
        let distance = telling.sentence - self.sentences.last().copied().unwrap_or_default();
        if !self.same_deed(telling.told, distance) || telling.stage != self.stage && !telling.refers_back {
            return false;
        }
        let days = (self.when, scene.when);
        if let (Some(When::Day(one)), Some(When::Day(other))) = days
            && one != other
        {
            return false;
        }
        if distance > 0 && self.elsewhere(scene) {
            return false;
        }
        let named = |sufferers: &[Sufferer]| sufferers.iter().any(|sufferer| sufferer.thing.name.is_some());
        if distance > 1 && named(&self.sufferers) && named(&telling.sufferers) {
            return false;
        }
        // Who is shot in a later sentence is not a victim of the bomb.
        if distance > 0
            && self.deed == IncidentDeed::Bombing
            && telling.implied.is_some_and(|kind| !kind.is_explosive())
        {
            return false;
        }
        if telling.sufferers.is_empty() { distance <= 12 || telling.refers_back } else { distance <= 3 }
    }

    fn same_deed(&self, told: Told, distance: usize) -> bool {
        match (self.deed, told) {
            (_, Told::Damage | Told::Harm) => distance <= 3 && self.deed != IncidentDeed::Kidnapping,
            (IncidentDeed::Attack, Told::Attack) => true,
            (IncidentDeed::Attack, Told::Bombing) => self.is_open && distance <= 2,
            (IncidentDeed::Bombing, Told::Bombing) => true,
            (IncidentDeed::Bombing, Told::Attack) => distance <= 6,
            (IncidentDeed::Arson, Told::Arson) => true,
            (IncidentDeed::Arson, Told::Attack) => distance <= 2,
            (IncidentDeed::Kidnapping, Told::Kidnapping) => true,
            (IncidentDeed::Robbery, Told::Robbery) => true,
            _ => false,
        }
    }

    /// Tells whether the scene is in other towns than those named so far.
    fn elsewhere(&self, scene: &Scene) -> bool {
        let towns = |places: &[Place]| -> Vec<u32> {
            let town = |place: &Place| {
                place
                    .located
                    .as_ref()
                    .filter(|located| matches!(located.precision, Precision::Settlement | Precision::Near))
                    .and_then(|located| located.geonames)
            };
            places.iter().filter_map(town).collect()
        };
        let (here, there) = (towns(&self.places), towns(&scene.places));
        !here.is_empty() && !there.is_empty() && !here.iter().any(|town| there.contains(town))
    }

    fn add(&mut self, telling: Telling, scene: Scene) {
        if telling.told == Told::Bombing && self.deed == IncidentDeed::Attack {
            self.deed = IncidentDeed::Bombing;
        }
        self.is_open &= telling.sufferers.iter().all(|sufferer| sufferer.effect.is_none());
        self.told_at.push(telling.trigger.clone());
        self.sentences.push(telling.sentence);
        self.when = self.when.or(scene.when);
        for place in scene.places {
            if !self.places.iter().any(|known| known.located == place.located) {
                self.places.push(place);
            }
        }
        self.implied = self.implied.or(telling.implied);
        self.weapons.extend(telling.weapons);
        for doer in telling.doers {
            self.add_doer(doer);
        }
        for sufferer in telling.sufferers {
            self.add_sufferer(sufferer);
        }
    }

    fn add_doer(&mut self, doer: Doer) {
        match self.doers.iter_mut().find(|known| same(&known.thing, &doer.thing)) {
            Some(known) => known.confidence = known.confidence.max(doer.confidence),
            None => self.doers.push(doer),
        }
    }

    fn add_sufferer(&mut self, sufferer: Sufferer) {
        if sufferer.thing.is_pronoun {
            let known =
                self.sufferers.iter_mut().rev().find(|known| stands_for(&sufferer.thing, &known.thing));
            if let Some(known) = known.filter(|known| known.effect != Some(Effect::Killed)) {
                known.effect = sufferer.effect.or(known.effect);
            }
            return;
        }
        match self
            .sufferers
            .iter_mut()
            .find(|known| same(&known.thing, &sufferer.thing) || is_called(&known.thing, &sufferer.thing))
        {
            Some(known) => {
                known.effect = match (known.effect, sufferer.effect) {
                    (Some(Effect::Killed), _) | (_, None) => known.effect,
                    (_, later) => later,
                };
                if known.thing.name.is_none() && sufferer.thing.name.is_some() {
                    let title = known.thing.words.clone();
                    known.thing.name = sufferer.thing.name;
                    known.thing.title = sufferer.thing.title.or(Some(title));
                } else if known.thing.title.is_none() && sufferer.thing.title.is_some() {
                    known.thing.title = sufferer.thing.title;
                }
            }
            None => self.sufferers.push(sufferer),
        }
    }
}

/// Tells whether a noun says again what a named person is: "the judge".
fn is_called(named: &Thing, thing: &Thing) -> bool {
    let (named, thing) = if named.name.is_some() { (named, thing) } else { (thing, named) };
    let head = thing.lower.rsplit(' ').next().unwrap_or_default();
    let called = |words: &str| words.split(' ').any(|word| word == head);
    let titled = named.title_lower.as_deref().is_some_and(called) || called(&named.lower);
    named.name.is_some()
        && thing.name.is_none()
        && thing.count == Count::Exact(1)
        && matches!(thing.class, Some(Class::Person(_)))
        && titled
}

/// Tells whether a pronoun may stand for somebody.
fn stands_for(pronoun: &Thing, thing: &Thing) -> bool {
    let person = thing.name.is_some() || matches!(thing.class, Some(Class::Person(_)));
    person && (pronoun.count == Count::Exact(1)) == (thing.count == Count::Exact(1))
}

/// Tells how directly a time belongs to a telling: 0 to its own words, 1 to a clause around it; `None` if it is the
/// time of saying.
fn belongs(sentence: &Sentence<'_>, time: &TimeMention, telling: &Telling) -> Option<u8> {
    let governors = sentence.governors(time.span.end().checked_sub(1)?);
    let own = |token: &language::engine::Token<'_>| {
        sentence.bytes(token.index()..token.index() + 1).is_some_and(|bytes| bytes == telling.trigger)
    };
    let vague = matches!(time.when, When::Year(_) | When::Month(..));
    match governors.last() {
        _ if governors.iter().any(own) => Some(0),
        _ if vague => None,
        Some(verb)
            if LEXICON.is_speaking(&sentence.lower_token(*verb)) && is_beside(sentence, time, *verb) =>
        {
            None
        }
        _ => Some(1),
    }
}

/// Tells whether a time stands at a verb of saying: "said today", "today reported".
fn is_beside(sentence: &Sentence<'_>, time: &TimeMention, verb: language::engine::Token<'_>) -> bool {
    const NEAR: usize = 12;
    let Some(verb) = sentence.bytes(verb.index()..verb.index() + 1) else { return false };
    let gap = if time.span.start() >= verb.end {
        time.span.start() - verb.end
    } else {
        verb.start.saturating_sub(time.span.end())
    };
    gap <= NEAR
}

impl Telling {
    fn only_pronouns(&self) -> bool {
        !self.sufferers.is_empty() && self.sufferers.iter().all(|sufferer| sufferer.thing.is_pronoun)
    }
}

/// Tells whether two phrases may name the same.
fn same(one: &Thing, other: &Thing) -> bool {
    let last = |words: &str| words.rsplit(' ').next().unwrap_or_default().to_owned();
    match (&one.name, &other.name) {
        (Some(_), Some(_)) => {
            let (a, b) = (&one.lower, &other.lower);
            let (mut a, mut b): (Vec<&str>, Vec<&str>) = (a.split(' ').collect(), b.split(' ').collect());
            let cut = |words: &mut Vec<&str>, thing: &Thing| {
                let titled = thing
                    .title
                    .as_ref()
                    .is_some_and(|title| title.start >= thing.words.start && title.end <= thing.words.end);
                if titled {
                    let first =
                        words.iter().position(|word| LEXICON.class(word).is_none()).unwrap_or_default();
                    words.drain(..first);
                }
            };
            cut(&mut a, one);
            cut(&mut b, other);
            a.iter().all(|word| b.contains(word))
                || b.iter().all(|word| a.contains(word))
                || follows(&a, &b)
                || follows(&b, &a)
        }
        (None, None) => {
            let counts = match (one.count, other.count) {
                (Count::Exact(a), Count::Exact(b)) => a == b,
                _ => true,
            };
            counts && last(&one.lower) == last(&other.lower)
        }
        _ => false,
    }
}

/// Tells whether one name goes on where the other ends, as names with two surnames do: "Ana Vey", "Vey Oro".
fn follows(one: &[&str], other: &[&str]) -> bool {
    one.len() > 1 && other.len() > 1 && one.last() == other.first()
}
