use std::sync::LazyLock;

/// A line of the base map.
pub(super) struct Line {
    pub(super) kind: Kind,
    /// Degrees east and north. What crosses the date line goes on past 180.
    pub(super) points: Vec<(f64, f64)>,
    /// West, south, east and north of all points.
    pub(super) bounds: [f64; 4],
}

/// What a line of the base map is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The outline of land, closed.
    Land,
    /// A border between states.
    Border,
    /// A border that is disputed.
    Disputed,
    /// A line that is only held on the ground: at Crimea, and in Western Sahara.
    Held,
}

/// The lines of the base map; `assets/world.md` tells where they are from.
pub(super) static WORLD: LazyLock<Vec<Line>> =
    LazyLock::new(|| lines(include_bytes!("../../assets/world.bin")));

/// Reads the lines, as `tools/world.py` writes them.
fn lines(bytes: &[u8]) -> Vec<Line> {
    let mut left = bytes;
    std::iter::from_fn(|| line(&mut left)).collect()
}

fn line(left: &mut &[u8]) -> Option<Line> {
    let (first, rest) = left.split_first()?;
    *left = rest;
    let kind = match first {
        b'l' => Kind::Land,
        b'b' => Kind::Border,
        b'd' => Kind::Disputed,
        b'h' => Kind::Held,
        _ => return None,
    };
    let (mut east, mut north) = (0, 0);
    let mut points = Vec::new();
    let mut bounds = [f64::MAX, f64::MAX, f64::MIN, f64::MIN];
    for _ in 0..unsigned(left)? {
        east += signed(left)?;
        north += signed(left)?;
        let (x, y) = (east as f64 / 100.0, north as f64 / 100.0);
        bounds = [bounds[0].min(x), bounds[1].min(y), bounds[2].max(x), bounds[3].max(y)];
        points.push((x, y));
    }
    Some(Line { kind, points, bounds })
}

fn signed(left: &mut &[u8]) -> Option<i64> {
    let number = unsigned(left)?;
    Some((number >> 1) as i64 ^ -((number & 1) as i64))
}

fn unsigned(left: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..35).step_by(7) {
        let (byte, rest) = left.split_first()?;
        *left = rest;
        number |= u64::from(byte & 0x7F) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

/// Returns the base map as GeoJSON: land as polygons with their lakes, lines with their kind.
pub(crate) fn outlines() -> String {
    let land: Vec<&Line> = WORLD.iter().filter(|line| line.kind == Kind::Land).collect();
    // Whatever lies within an odd number of outlines is water.
    let around = |ring: &Line| -> Vec<usize> {
        let [point, ..] = ring.points[..] else { return Vec::new() };
        let holds = |other: &Line| !std::ptr::eq(other, ring) && is_within(point, other);
        (0..land.len()).filter(|&other| holds(land[other])).collect()
    };
    let outer: Vec<Vec<usize>> = land.iter().map(|ring| around(ring)).collect();
    let mut polygons: Vec<String> = Vec::new();
    for (shore, ring) in land.iter().enumerate().filter(|(at, _)| outer[*at].len().is_multiple_of(2)) {
        let is_lake =
            |lake: &usize| outer[*lake].len() == outer[shore].len() + 1 && outer[*lake].contains(&shore);
        let lakes = (0..land.len()).filter(is_lake).map(|lake| land[lake]);
        let rings: Vec<String> = std::iter::once(*ring)
            .chain(lakes)
            .map(|ring| coordinates(ring.points.iter().chain(ring.points.first())))
            .collect();
        polygons.push(format!("[{}]", rings.join(",")));
    }
    let mut features = vec![feature("land", "MultiPolygon", &polygons)];
    for (name, kind) in [("border", Kind::Border), ("disputed", Kind::Disputed), ("held", Kind::Held)] {
        let lines = WORLD.iter().filter(|line| line.kind == kind);
        let lines: Vec<String> = lines.map(|line| coordinates(line.points.iter())).collect();
        features.push(feature(name, "MultiLineString", &lines));
    }
    format!("{{\"type\":\"FeatureCollection\",\"features\":[{}]}}", features.join(","))
}

fn feature(kind: &str, shape: &str, parts: &[String]) -> String {
    format!(
        "{{\"type\":\"Feature\",\"properties\":{{\"kind\":\"{kind}\"}},\"geometry\":{{\"type\":\"{shape}\",\"coordinates\":[{}]}}}}",
        parts.join(",")
    )
}

fn coordinates<'p>(points: impl Iterator<Item = &'p (f64, f64)>) -> String {
    let points: Vec<String> = points.map(|(east, north)| format!("[{east},{north}]")).collect();
    format!("[{}]", points.join(","))
}

/// Tells whether a point lies within an outline.
fn is_within((x, y): (f64, f64), line: &Line) -> bool {
    let [west, south, east, north] = line.bounds;
    (west..=east).contains(&x) && (south..=north).contains(&y) && crossings((x, y), line) % 2 == 1
}

/// Counts the edges of an outline that lie to the right of a point.
fn crossings((x, y): (f64, f64), line: &Line) -> usize {
    let ring = &line.points;
    let edges = ring.iter().zip(ring.iter().skip(1).chain(ring.first()));
    let is_crossed = |&((ax, ay), (bx, by)): &(&(f64, f64), &(f64, f64))| {
        (*ay > y) != (*by > y) && x < (bx - ax) * (y - ay) / (by - ay) + ax
    };
    edges.filter(is_crossed).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tells whether a point is on land.
    fn is_land(x: f64, y: f64) -> bool {
        let land = WORLD.iter().filter(|line| line.kind == Kind::Land);
        land.map(|line| crossings((x, y), line)).sum::<usize>() % 2 == 1
    }

    #[test]
    fn the_whole_file_is_read() {
        let last = WORLD.last().unwrap();
        assert_eq!(last.kind, Kind::Held);
        assert!(WORLD.len() > 1_500, "{}", WORLD.len());
        assert!(
            WORLD
                .iter()
                .all(|line| line.points.len() > 1 && line.bounds[1] >= -90.0 && line.bounds[3] <= 90.0)
        );
    }

    #[test]
    fn land_is_land_and_water_is_water() {
        for (x, y) in [(31.0, 49.0), (34.2, 45.2), (38.0, 35.0), (-98.0, 39.0), (134.0, -25.0)] {
            assert!(is_land(x, y), "{x} {y}");
        }
        // The Black Sea, the Caspian, the Atlantic.
        for (x, y) in [(34.0, 43.5), (51.0, 42.0), (-40.0, 30.0)] {
            assert!(!is_land(x, y), "{x} {y}");
        }
    }

    /// Each place is near a line that more than one claims.
    #[test]
    fn disputed_lines_are_kept_apart() {
        let near = |kind: Kind, x: f64, y: f64| {
            let lines = WORLD.iter().filter(|line| line.kind == kind);
            lines.flat_map(|line| &line.points).any(|(px, py)| (px - x).hypot(py - y) < 0.6)
        };
        for (x, y) in
            [(33.3, 35.1), (35.2, 31.9), (-8.8, 27.67), (21.0, 42.8), (74.3, 34.0), (28.0, 9.4), (35.8, 33.0)]
        {
            assert!(near(Kind::Disputed, x, y), "{x} {y}");
        }
        assert!(near(Kind::Held, 33.7, 46.1) && !near(Kind::Border, 33.7, 46.1));
    }

    #[test]
    fn outlines_are_land_with_its_lakes() {
        let outlines: serde_json::Value = serde_json::from_str(&outlines()).unwrap();
        let parts = |at: usize| outlines["features"][at]["geometry"]["coordinates"].as_array().unwrap();
        let lakes: usize = parts(0).iter().map(|polygon| polygon.as_array().unwrap().len() - 1).sum();
        let lines = |kind| WORLD.iter().filter(|line| line.kind == kind).count();
        assert_eq!(parts(0).len() + lakes, lines(Kind::Land));
        assert!(lakes > 0, "the Caspian Sea is a lake");
        assert_eq!(parts(3).len(), lines(Kind::Held));
        let closed = |ring: &serde_json::Value| ring[0] == *ring.as_array().unwrap().last().unwrap();
        assert!(parts(0).iter().all(|polygon| polygon.as_array().unwrap().iter().all(closed)));
    }

    #[test]
    fn what_is_cut_off_is_read_as_far_as_it_goes() {
        assert_eq!(lines(&[b'b', 2, 1, 1, 1, 1, b'b', 200]).len(), 1);
        assert_eq!(lines(b"x").len(), 0);
    }
}
