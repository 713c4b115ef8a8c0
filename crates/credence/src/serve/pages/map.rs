use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{Html, IntoResponse as _, Response};
use jiff::civil::Date;
use model::Act;
use store::{MapBox, Store};

use super::{Frame, assets, fault_page, rendered, tiles, words};
use crate::picture::{self, Borders, Cutout, Ground, Map, Place, TALL, WIDTH};
use crate::serve::api::{MapAsked, features, map_box, packed_svg};
use crate::serve::asked::Asked;
use crate::serve::fault::Fault;
use crate::serve::packed::Packed;
use crate::serve::site::Site;
use crate::wire::{Feature, Features};

#[derive(Template)]
#[template(path = "map.html")]
pub(super) struct MapPage {
    frame: Frame,
    asked: MapAsked,
    acts: Vec<&'static str>,
    /// The address of the picture, and of the same at night.
    picture: String,
    night: String,
    width: f64,
    height: f64,
    spots: Vec<Spot>,
    /// Where else to look: a name and an address.
    moves: Vec<(&'static str, String)>,
    lines: Vec<Line>,
    /// How many incidents are in sight.
    in_sight: usize,
    /// The list of all that are in sight.
    list: String,
    lacks: String,
    is_held: bool,
    /// The address of the same map with the other borders.
    other_view: String,
    /// West, south, east and north of what is shown.
    edges: String,
    has_tiles: bool,
}

impl MapPage {
    /// Returns where the script is that draws beside the page.
    fn worker() -> &'static str {
        assets::island("map-worker").unwrap_or_default()
    }

    fn outlines() -> &'static str {
        &assets::OUTLINES.path
    }

    fn names() -> &'static str {
        &assets::NAMES.path
    }

    fn tiles() -> &'static str {
        tiles::PATH
    }
}

/// A mark that can be followed.
struct Spot {
    x: f64,
    y: f64,
    radius: f64,
    path: String,
    name: String,
}

/// An incident beside the map.
struct Line {
    id: String,
    title: String,
    when: String,
    place: String,
    reports: usize,
    is_denied: bool,
}

/// Incidents that are listed beside a map.
const LINES: usize = 60;

pub(super) async fn page(State(site): State<Arc<Site>>, asked: Result<Asked<MapAsked>, Fault>) -> Response {
    let page = async {
        let Asked(asked) = asked?;
        known_page(site, asked).await
    };
    match page.await {
        Ok(page) => Html(String::clone(&page)).into_response(),
        Err(fault) => fault_page(fault),
    }
}

/// Works out the map that is shown first before somebody looks: it takes seconds of a large record.
pub(super) async fn warm(site: Arc<Site>) {
    // Whoever looks is told what is wrong.
    let _ = known_page(Arc::clone(&site), MapAsked::default()).await;
    let _ = drawn(site, BY_DAY, MapAsked::default()).await;
}

async fn known_page(site: Arc<Site>, asked: MapAsked) -> Result<Arc<String>, Fault> {
    let has_tiles = site.tiles.is_some();
    let question = format!("map {asked:?}");
    let drawn = move |store: &Store| rendered(&MapPage { has_tiles, ..of_record(store, asked)? });
    site.know(question, drawn).await
}

/// Draws the map alone, as a browser likes it, or in the colours of the night.
pub(super) async fn picture(
    State(site): State<Arc<Site>>,
    headers: HeaderMap,
    Asked(asked): Asked<MapAsked>,
) -> Result<Response, Fault> {
    let picture = drawn(site, BY_DAY, asked).await?;
    Ok(packed_svg(&picture, &headers))
}

/// See [`picture()`].
pub(super) async fn picture_at_night(
    State(site): State<Arc<Site>>,
    headers: HeaderMap,
    Asked(asked): Asked<MapAsked>,
) -> Result<Response, Fault> {
    let picture = drawn(site, ("at night", |picture| picture::at_night(&picture)), asked).await?;
    Ok(packed_svg(&picture, &headers))
}

/// What colours are called, and what makes them of those by day.
type Colours = (&'static str, fn(String) -> String);

const BY_DAY: Colours = ("by day", |picture| picture);

/// Draws a map in some colours, once for as long as the record is the same.
async fn drawn(site: Arc<Site>, (when, coloured): Colours, asked: MapAsked) -> Result<Arc<Packed>, Fault> {
    let drawn = site.know_sized(format!("map picture {when} {asked:?}"), move |store| {
        let sight = Sight::of(store, &asked)?;
        let borders = if is_held(&asked) { Borders::Held } else { Borders::Assembly };
        let lacks = lacks(&sight.found);
        let map = Map { cutout: sight.cutout, places: &sight.places, borders, lacks: &lacks };
        let packed = Packed::of(coloured(map.drawn()));
        Ok((packed.bytes(), packed))
    });
    drawn.await
}

/// What a map has on it.
struct Sight {
    cutout: Cutout,
    found: Features,
    places: Vec<Place>,
    /// The incidents of each place, by their positions.
    at: Vec<Vec<usize>>,
}

impl Sight {
    fn of(store: &Store, asked: &MapAsked) -> Result<Sight, Fault> {
        let edges = map_box([asked.west, asked.south, asked.east, asked.north])?;
        // What reaches into the map from outside is drawn too: all points are looked at.
        let everywhere = MapAsked { west: None, south: None, east: None, north: None, ..asked.clone() };
        let found = match edges.map(|edges| Cutout::holding(edges).wider(1.5).bounds()) {
            Some(bounds) => features(store, &within(&everywhere, bounds))?,
            None => features(store, &everywhere)?,
        };
        let (places, at) = places(&found.features);
        let ground: Vec<Ground> = places
            .iter()
            .map(|place| Ground { latitude: place.at.0, longitude: place.at.1, radius: place.radius })
            .collect();
        let cutout = edges.map_or_else(|| Cutout::fitting(&ground), Cutout::holding);
        Ok(Sight { cutout, found, places, at })
    }
}

/// Brings incidents together that are told to have been at the same place.
fn places(features: &[Feature]) -> (Vec<Place>, Vec<Vec<usize>>) {
    let mut by_point: BTreeMap<(i64, i64, &str), Vec<usize>> = BTreeMap::new();
    for (at, feature) in features.iter().enumerate() {
        let whole = |degrees: f64| (degrees * 10_000.0).round() as i64;
        let [east, north] = feature.geometry.coordinates;
        let key = (whole(north), whole(east), feature.properties.precision.as_str());
        by_point.entry(key).or_default().push(at);
    }
    let at: Vec<Vec<usize>> = by_point.into_values().collect();
    let place = |at: &Vec<usize>| {
        let first = &features[at[0]];
        let [east, north] = first.geometry.coordinates;
        let name = first.properties.place.clone().unwrap_or_default();
        let radius = picture::radius(&first.properties.precision);
        let denied = at.iter().filter(|&&at| features[at].properties.denied).count();
        Place { name, at: (north, east), radius, incidents: at.len(), denied }
    };
    (at.iter().map(place).collect(), at)
}

fn of_record(store: &Store, asked: MapAsked) -> Result<MapPage, Fault> {
    let sight = Sight::of(store, &asked)?;
    let bounds = sight.cutout.bounds();
    let marks = picture::marks(sight.cutout, &sight.places);
    let mut shown: Vec<usize> = marks
        .iter()
        .flat_map(|mark| &mark.places)
        .flat_map(|&place| sight.at[place].iter().copied())
        .collect();
    // They came with the newest first.
    shown.sort_unstable();
    let lines = shown.iter().take(LINES).map(|&at| line(&sight.found.features[at])).collect();
    let other = if is_held(&asked) { None } else { Some("held".to_owned()) };
    let here = within(&asked, bounds);
    Ok(MapPage {
        frame: Frame::new("Map", "/map").with_island("map"),
        edges: format!("{:.4},{:.4},{:.4},{:.4}", bounds.west, bounds.south, bounds.east, bounds.north),
        has_tiles: false,
        acts: Act::ALL.iter().map(|act| act.name()).collect(),
        picture: address("/map.svg", &here),
        night: address("/map-night.svg", &here),
        width: WIDTH,
        height: TALL,
        spots: marks.iter().map(|mark| spot((&sight, &asked), mark)).collect(),
        moves: moves(&asked, sight.cutout),
        lines,
        in_sight: shown.len(),
        list: address("/incidents", &MapAsked { view: None, ..here.clone() }),
        lacks: lacks(&sight.found),
        is_held: is_held(&asked),
        other_view: address("/map", &MapAsked { view: other, ..here }),
        asked,
    })
}

fn line(feature: &Feature) -> Line {
    let it = &feature.properties;
    Line {
        id: it.id.clone(),
        title: it.title.clone(),
        when: match it.stated {
            true => words::days(&it.first_day, &it.last_day),
            false => words::reported(&it.first_day, &it.last_day),
        },
        place: words::place(&it.place, &Some(it.precision.clone())),
        reports: it.reports,
        is_denied: it.denied,
    }
}

fn spot((sight, asked): (&Sight, &MapAsked), mark: &picture::Mark) -> Spot {
    let first = &sight.places[mark.places[0]];
    let denied = picture::denied_of(mark.denied, mark.incidents);
    let incidents = format!("{}{denied}", words::counted(mark.incidents, "incident"));
    let (path, name) = match (mark.places.len(), mark.incidents) {
        (1, 1) => {
            let it = &sight.found.features[sight.at[mark.places[0]][0]].properties;
            (words::incident(&it.id), format!("{}: {}{denied}", first.name, it.title))
        }
        (1, _) => {
            let (north, east) = first.at;
            let near = 0.000_05;
            let edges =
                MapBox { west: east - near, south: north - near, east: east + near, north: north + near };
            let there = MapAsked { view: None, ..within(asked, edges) };
            (address("/incidents", &there), format!("{}: {incidents}", first.name))
        }
        (places, _) => {
            let closer = Cutout::around(first.at, sight.cutout.width() / 4.0);
            let name =
                format!("{} and {} near it: {incidents}", first.name, words::counted(places - 1, "place"));
            (address("/map", &within(asked, closer.bounds())), name)
        }
    };
    Spot { x: mark.x, y: mark.y, radius: mark.radius + 5.0, path, name }
}

fn is_held(asked: &MapAsked) -> bool {
    asked.view.as_deref() == Some("held")
}

/// Returns where else to look from here.
fn moves(asked: &MapAsked, cutout: Cutout) -> Vec<(&'static str, String)> {
    let mut moves: Vec<(&'static str, Option<Cutout>)> = Vec::new();
    if !cutout.is_closest() {
        moves.push(("Closer", Some(cutout.wider(0.5))));
    }
    if !cutout.is_widest() {
        moves.push(("Wider", Some(cutout.wider(2.0))));
        let steps =
            [("West", (-0.5, 0.0)), ("East", (0.5, 0.0)), ("North", (0.0, 0.5)), ("South", (0.0, -0.5))];
        moves.extend(steps.map(|(name, by)| (name, Some(cutout.moved(by)))));
        moves.push(("World", Some(Cutout::world())));
    }
    moves.push(("All incidents", None));
    let path = |to: Option<Cutout>| match to {
        Some(to) => address("/map", &within(asked, to.bounds())),
        None => {
            address("/map", &MapAsked { west: None, south: None, east: None, north: None, ..asked.clone() })
        }
    };
    moves.into_iter().map(|(name, to)| (name, path(to))).collect()
}

fn within(asked: &MapAsked, edges: MapBox) -> MapAsked {
    let round = |degrees: f64| Some((degrees * 10_000.0).round() / 10_000.0);
    let MapBox { west, south, east, north } = edges;
    MapAsked {
        west: round(west),
        south: round(south),
        east: round(east),
        north: round(north),
        ..asked.clone()
    }
}

/// Returns an address at which just this is asked.
fn address(path: &str, asked: &MapAsked) -> String {
    let day = |day: Option<Date>| day.map(|day| day.to_string());
    let edge = |edge: Option<f64>| edge.map(|edge| edge.to_string());
    let given = [
        ("act", asked.act.clone()),
        ("from", day(asked.from)),
        ("to", day(asked.to)),
        ("west", edge(asked.west)),
        ("south", edge(asked.south)),
        ("east", edge(asked.east)),
        ("north", edge(asked.north)),
        ("view", asked.view.clone()),
    ];
    let given: Vec<String> = given
        .into_iter()
        .filter_map(|(name, value)| value.map(|value| format!("{name}={}", words::encoded(&value))))
        .collect();
    if given.is_empty() { path.to_owned() } else { format!("{path}?{}", given.join("&")) }
}

/// Returns the address of the map around a point, so wide that one sees where in the world it is.
pub(super) fn around(latitude: &f64, longitude: &f64) -> String {
    let bounds = Cutout::around((*latitude, *longitude), 14.0).bounds();
    address("", &within(&MapAsked::default(), bounds))
}

/// Says what a map does not show.
fn lacks(found: &Features) -> String {
    let mut lacks = Vec::new();
    if found.unplaced > 0 {
        lacks.push(format!("{} on no map: no place that is known.", counted_of(found.unplaced)));
    }
    if found.left_out > 0 {
        lacks.push(format!("{} older left out.", counted_of(found.left_out)));
    }
    if found.undated > 0 {
        lacks.push(format!("{} without a day left out.", counted_of(found.undated)));
    }
    lacks.join(" ")
}

fn counted_of(count: u64) -> String {
    words::counted(usize::try_from(count).unwrap_or(usize::MAX), "incident")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_asks_for_just_this() {
        assert_eq!(address("/map", &MapAsked::default()), "/map");
        let asked = MapAsked { act: Some("a b".to_owned()), west: Some(-1.5), ..MapAsked::default() };
        assert_eq!(address("/map", &asked), "/map?act=a%20b&west=-1.5");
    }

    #[test]
    fn from_the_whole_world_one_can_only_go_closer() {
        let names = |cutout| {
            moves(&MapAsked::default(), cutout).into_iter().map(|(name, _)| name).collect::<Vec<_>>()
        };
        assert_eq!(names(Cutout::world()), ["Closer", "All incidents"]);
        assert!(names(Cutout::around((0.0, 0.0), 1.0)).contains(&"Wider"));
    }
}
