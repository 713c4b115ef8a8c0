use store::MapBox;

/// The part of the world that a map shows: where its middle is, and how many degrees it is wide.
///
/// Degrees north and east are drawn straight, at the scale that is true in the middle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Cutout {
    longitude: f64,
    latitude: f64,
    width: f64,
}

/// Something that a map should have on it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Ground {
    pub(crate) latitude: f64,
    pub(crate) longitude: f64,
    /// Kilometres around the point.
    pub(crate) radius: f64,
}

/// Pixels of a map.
pub(crate) const WIDTH: f64 = 1200.0;
/// See [`WIDTH`].
pub(crate) const HEIGHT: f64 = 640.0;

/// Kilometres of a degree of latitude.
const DEGREE: f64 = 111.2;
/// Degrees of the widest and of the closest map; closer, the outlines of the base map say nothing.
const WIDEST: f64 = 360.0;
const CLOSEST: f64 = 0.5;
/// Degrees of a map that is made to fit, at least: whoever looks must see where in the world it is.
const FITTED: f64 = 12.0;
/// How much wider a map is than what is on it.
const AROUND: f64 = 1.2;
/// Latitude beyond which no map has its middle.
const POLAR: f64 = 78.0;

impl Cutout {
    /// Returns the whole world.
    pub(crate) fn world() -> Cutout {
        Cutout::new(0.0, 12.0, WIDEST)
    }

    fn new(longitude: f64, latitude: f64, width: f64) -> Cutout {
        let longitude = (longitude + 180.0).rem_euclid(360.0) - 180.0;
        let width = width.clamp(CLOSEST, WIDEST);
        let longitude = if width > WIDEST * 0.97 { 0.0 } else { longitude };
        Cutout { longitude, latitude: latitude.clamp(-POLAR, POLAR), width }
    }

    /// Returns the smallest one that holds a box.
    pub(crate) fn holding(of: MapBox) -> Cutout {
        let MapBox { west, south, east, north } = of;
        let across = if east - west >= WIDEST { WIDEST } else { (east - west).rem_euclid(WIDEST) };
        let latitude = f64::midpoint(south, north);
        let upright = (north - south) * WIDTH / (HEIGHT * flat(latitude));
        Cutout::new(west + across / 2.0, latitude, across.max(upright))
    }

    /// Returns one that holds all of the ground, and something around it.
    pub(crate) fn fitting(all: &[Ground]) -> Cutout {
        let Some((west, across)) = stretch(all) else { return Cutout::world() };
        let reach = |one: &Ground| one.radius / DEGREE;
        let south = all.iter().map(|one| one.latitude - reach(one)).fold(90.0, f64::min);
        let north = all.iter().map(|one| one.latitude + reach(one)).fold(-90.0, f64::max);
        let latitude = f64::midpoint(south, north);
        let upright = (north - south) * WIDTH / (HEIGHT * flat(latitude));
        let width = (across.max(upright) * AROUND).max(FITTED);
        // Nearly around the world: all of it.
        if width > 300.0 { Cutout::world() } else { Cutout::new(west + across / 2.0, latitude, width) }
    }

    /// Returns the one beside it, by parts of its width and height.
    pub(crate) fn moved(self, (east, north): (f64, f64)) -> Cutout {
        Cutout::new(self.longitude + east * self.width, self.latitude + north * self.height(), self.width)
    }

    /// Returns one with the same middle and so many times its width.
    pub(crate) fn wider(self, times: f64) -> Cutout {
        Cutout::new(self.longitude, self.latitude, self.width * times)
    }

    /// Returns one around a point that is so many degrees wide.
    pub(crate) fn around((latitude, longitude): (f64, f64), width: f64) -> Cutout {
        Cutout::new(longitude, latitude, width)
    }

    /// Returns its edges.
    pub(crate) fn bounds(self) -> MapBox {
        let half = (self.width / 2.0, self.height() / 2.0);
        let turned = |longitude: f64| (longitude + 180.0).rem_euclid(360.0) - 180.0;
        let (west, east) = match self.width >= WIDEST {
            true => (-180.0, 180.0),
            false => (turned(self.longitude - half.0), turned(self.longitude + half.0)),
        };
        let (south, north) = ((self.latitude - half.1).max(-90.0), (self.latitude + half.1).min(90.0));
        MapBox { west, south, east, north }
    }

    pub(crate) fn is_widest(self) -> bool {
        self.width >= WIDEST
    }

    pub(crate) fn is_closest(self) -> bool {
        self.width <= CLOSEST
    }

    /// Returns how many degrees it is wide.
    pub(crate) fn width(self) -> f64 {
        self.width
    }

    fn height(self) -> f64 {
        self.width * HEIGHT / WIDTH * flat(self.latitude)
    }

    /// Returns where a point is drawn. A longitude may be out by whole turns on either side.
    pub(super) fn place(self, (east, north): (f64, f64)) -> (f64, f64) {
        let x = (east - self.longitude + self.width / 2.0) * WIDTH / self.width;
        let y = (self.latitude + self.height() / 2.0 - north) * HEIGHT / self.height();
        (x, y)
    }

    /// Returns where a point is drawn, on whichever turn it is in sight.
    pub(crate) fn point(self, (latitude, longitude): (f64, f64)) -> (f64, f64) {
        let turned = (longitude - self.longitude + 180.0).rem_euclid(360.0) - 180.0;
        self.place((self.longitude + turned, latitude))
    }

    /// Returns the half axes of a circle on the ground around a point, as they are drawn.
    pub(super) fn axes(self, latitude: f64, kilometres: f64) -> (f64, f64) {
        let degrees = kilometres / DEGREE;
        (degrees / flat(latitude) * WIDTH / self.width, degrees * HEIGHT / self.height())
    }

    /// Returns how many kilometres a pixel stands for, in the middle.
    pub(super) fn kilometres(self) -> f64 {
        self.height() * DEGREE / HEIGHT
    }
}

/// Returns how much shorter a degree of longitude is there than at the equator.
fn flat(latitude: f64) -> f64 {
    latitude.to_radians().cos().max(0.2)
}

/// Returns where the shortest stretch begins that holds all longitudes, and how wide it is: what it leaves out is the
/// widest gap between two of them.
fn stretch(all: &[Ground]) -> Option<(f64, f64)> {
    let reach = |one: &Ground| one.radius / DEGREE / flat(one.latitude);
    let mut ends: Vec<f64> = all
        .iter()
        .flat_map(|one| [one.longitude - reach(one), one.longitude, one.longitude + reach(one)])
        .map(|longitude| longitude.rem_euclid(360.0))
        .collect();
    ends.sort_by(f64::total_cmp);
    let (&first, &last) = (ends.first()?, ends.last()?);
    let around = (first + 360.0 - last, first);
    let gaps = ends.windows(2).map(|pair| (pair[1] - pair[0], pair[1]));
    let (gap, west) = gaps.chain([around]).max_by(|a, b| a.0.total_cmp(&b.0))?;
    Some((west, 360.0 - gap))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ground(latitude: f64, longitude: f64) -> Ground {
        Ground { latitude, longitude, radius: 0.0 }
    }

    #[test]
    fn a_map_fits_what_is_on_it() {
        let fitted = Cutout::fitting(&[ground(50.0, 30.0), ground(47.0, 37.0)]);
        assert_eq!((fitted.longitude, fitted.latitude, fitted.width), (33.5, 48.5, FITTED));
        assert_eq!(Cutout::fitting(&[]), Cutout::world());
        // Over the date line, and not around the world.
        let fitted = Cutout::fitting(&[ground(60.0, 175.0), ground(60.0, -175.0)]);
        assert_eq!((fitted.longitude.abs(), fitted.width), (180.0, FITTED));
        let MapBox { west, east, .. } = fitted.bounds();
        assert!(west > 0.0 && east < 0.0);
        let all: Vec<Ground> = (0..36).map(|turn| ground(0.0, f64::from(turn) * 10.0)).collect();
        assert_eq!(Cutout::fitting(&all), Cutout::world());
    }

    proptest! {
        #[test]
        fn what_a_map_is_made_for_is_on_it(points in prop::collection::vec((-70.0..70.0f64, -180.0..180.0f64), 1..9)) {
            let all: Vec<Ground> = points.iter().map(|&(latitude, longitude)| ground(latitude, longitude)).collect();
            let fitted = Cutout::fitting(&all);
            for &point in &points {
                let (x, y) = fitted.point(point);
                prop_assert!((-1.0..=WIDTH + 1.0).contains(&x), "{fitted:?} {point:?} {x}");
                prop_assert!((-1.0..=HEIGHT + 1.0).contains(&y), "{fitted:?} {point:?} {y}");
            }
        }

        #[test]
        fn a_map_is_found_again_by_its_edges(longitude in -180.0..180.0f64, latitude in -50.0..50.0f64, width in 1.0..90.0f64) {
            let one = Cutout::new(longitude, latitude, width);
            let other = Cutout::holding(one.bounds());
            prop_assert!((one.width - other.width).abs() < 1e-6 && (one.latitude - other.latitude).abs() < 1e-6);
        }

        #[test]
        fn any_box_gives_a_map(west in -180.0..180.0f64, south in -90.0..90.0f64, east in -180.0..180.0f64, north in -90.0..90.0f64) {
            let (south, north) = (south.min(north), south.max(north));
            let one = Cutout::holding(MapBox { west, south, east, north });
            prop_assert!(one.height() > 0.0 && one.place((0.0, 0.0)).0.is_finite());
        }
    }
}
