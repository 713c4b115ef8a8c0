#!/usr/bin/env python3
"""Makes crates/credence/assets/names.tsv, the names on the map: countries and the larger towns.

    npm pack world-atlas@2.0.2
    python3 tools/names.py world-atlas-2.0.2.tgz crates/extract/gazetteer/places.tsv.gz crates/credence/assets/names.tsv

The same input gives the same bytes. A line is a name, with tabs between: `c` or `t` for country or town, the name, degrees east
and north in hundredths, and how large it is: of a country the degrees in hundredths that it is wide at that point, of a town
its thousands of inhabitants. Countries come first, each with the largest; one that is very wide has several points.

Countries are the members and the observers of the United Nations, as Natural Earth draws them, by the names below.
Whatever else has an outline bears no name: dependent territories, and land whose standing is disputed. Towns are those of the
gazetteer that are the largest far and wide; those of two territories whose towns are called after the side that speaks are left out.
"""
import gzip, hashlib, json, math, sys, tarfile
from world import SHA256, decoded, holds, polygons, walked

# Outlines that are neither of a member nor of an observer.
UNNAMED = {
    "American Samoa", "Anguilla", "Antarctica", "Aruba", "Ashmore and Cartier Is.", "Bermuda", "Br. Indian Ocean Ter.", "British Virgin Is.", "Cayman Is.", "Cook Is.",
    "Curaçao", "Faeroe Is.", "Falkland Is.", "Fr. Polynesia", "Fr. S. Antarctic Lands", "Greenland", "Guam", "Guernsey", "Heard I. and McDonald Is.", "Hong Kong",
    "Indian Ocean Ter.", "Isle of Man", "Jersey", "Kosovo", "Macao", "Montserrat", "N. Cyprus", "N. Mariana Is.", "New Caledonia", "Niue", "Norfolk Island", "Pitcairn Is.",
    "Puerto Rico", "S. Geo. and the Is.", "Saint Helena", "Siachen Glacier", "Sint Maarten", "Somaliland", "St-Barthélemy", "St-Martin", "St. Pierre and Miquelon", "Taiwan",
    "Turks and Caicos Is.", "U.S. Virgin Is.", "W. Sahara", "Wallis and Futuna Is.", "Åland",
}
# What the package cuts short, or calls otherwise than the United Nations do.
CALLED = {
    "Antigua and Barb.": "Antigua and Barbuda", "Bosnia and Herz.": "Bosnia and Herzegovina", "Central African Rep.": "Central African Republic", "Dem. Rep. Congo": "DR Congo",
    "Dominican Rep.": "Dominican Republic", "Eq. Guinea": "Equatorial Guinea", "Macedonia": "North Macedonia", "Marshall Is.": "Marshall Islands", "North Korea": "DPR Korea",
    "Palestine": "State of Palestine", "S. Sudan": "South Sudan", "Solomon Is.": "Solomon Islands", "South Korea": "Republic of Korea", "St. Kitts and Nevis": "Saint Kitts and Nevis",
    "St. Vin. and Gren.": "Saint Vincent and the Grenadines", "Turkey": "Türkiye", "United States of America": "United States", "Vatican": "Holy See", "Vietnam": "Viet Nam", "eSwatini": "Eswatini",
}
# Members and observers whose outlines are in the data; Tuvalu has none.
COUNTRIES = 194
# The parallel from which on Western Sahara lies; Natural Earth draws what lies west of the wall as a part of Morocco.
SAHARA = 2767
# Falkland Islands (Malvinas) and Western Sahara.
WITHOUT_TOWNS = {"FK", "EH"}

# Hundredths of a degree between two points of one country, and the room that a second one needs around it.
APART, ROOM = 2200, 330
# Degrees to the next larger town at least, by thousands of inhabitants; how many towns there are at most.
ALONE, TOWNS = ((300, 0.4), (150, 0.55), (0, 0.75)), 2100
# A part of a city, which the gazetteer counts more people in than in the city: the right bank of Mariupol.
PARTS = {"13580034"}


def distance(point, a, b):
    """Returns how far a point is from an edge, where all degrees are as wide as they are high."""
    (x, y), (ax, ay), (bx, by) = point, a, b
    dx, dy = bx - ax, by - ay
    part = max(0, min(1, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy or 1)))
    return math.hypot(x - ax - part * dx, y - ay - part * dy)


def room(flat, ring, point):
    """Returns how far a point is from the edge of a country, less than nothing outside."""
    if not holds(ring, point):
        return -1
    of = lambda it: (it[0] * flat, it[1])
    return min(distance(of(point), of(a), of(b)) for a, b in zip(ring, ring[1:] + ring[:1]))


def chord(ring, point):
    """Returns how wide a country is at a point, from its west to its east."""
    (x, y), edges = point, []
    for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1]):
        if (ay > y) != (by > y):
            edges.append((bx - ax) * (y - ay) / (by - ay) + ax)
    return round(min(edge for edge in edges if edge >= x) - max(edge for edge in edges if edge <= x))


def middles(ring, most_south):
    """Returns the points within a ring that are farthest from its edge, the roomiest first."""
    west, east = min(x for x, _ in ring), max(x for x, _ in ring)
    south, north = max(min(y for _, y in ring), most_south), max(y for _, y in ring)
    flat = math.cos(math.radians((south + north) / 200))
    # A thinner ring is as good for where a name goes.
    thin = ring[:: max(1, len(ring) // 400)]
    steps = 48 if len(ring) > 60 else 16
    grid = [(west + (east - west) * (a + 0.5) / steps, south + (north - south) * (b + 0.5) / steps) for a in range(steps) for b in range(steps)]
    found = sorted(((room(flat, thin, point), point) for point in grid), reverse=True)
    kept = []
    for wide, point in found:
        far = all(math.hypot((point[0] - x) * flat, point[1] - y) > APART for _, (x, y) in kept)
        if wide > 0 and far and (not kept or wide > ROOM):
            kept.append((wide, point))
    # A country of a few points has its name at the mean of these.
    return [(round(x), round(y)) for _, (x, y) in kept] or [tuple(round(sum(part) / len(ring)) for part in zip(*ring))]


def area(ring):
    return abs(sum(ax * by - bx * ay for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1])))


def unrolled(ring):
    """Lets a ring go on past the date line instead of jumping to its other side."""
    return [(x + 36000 if x < 0 else x, y) for x, y in ring] if max(x for x, _ in ring) - min(x for x, _ in ring) > 30000 else ring


def countries(topology):
    arcs = list(decoded(topology))
    for country in topology["objects"]["countries"]["geometries"]:
        name = country["properties"]["name"]
        if name in UNNAMED:
            continue
        ring = max((unrolled(walked(arcs, polygon[0])[:-1]) for polygon in polygons(country)), key=area)
        for x, y in middles(ring, SAHARA if name == "Morocco" else -9000):
            wide = chord(ring, (x, y)) if holds(ring, (x, y)) else 10
            yield CALLED.get(name, name), ((x + 18000) % 36000 - 18000, y), wide


def towns(gazetteer):
    """Returns the towns that are larger than all around them, the largest first."""
    rows = [line.split("\t") for line in gazetteer.split("\n\n")[0].split("\n")]
    settled = [(int(row[6] or 0), row[0], float(row[4]), float(row[3])) for row in rows if row[5] in "kp" and row[2] not in WITHOUT_TOWNS and row[1] not in PARTS]
    kept, cells = [], {}
    for people, name, east, north in sorted(settled, key=lambda row: (-row[0], row[1], row[2:])):
        flat, cell = math.cos(math.radians(north)), (math.floor(east), math.floor(north))
        around = [town for a in (-2, -1, 0, 1, 2) for b in (-1, 0, 1) for town in cells.get((cell[0] + a, cell[1] + b), [])]
        if len(kept) == TOWNS:
            break
        alone = next(alone for least, alone in ALONE if people >= least)
        if any(math.hypot((east - x) * flat, north - y) < alone for x, y in around):
            continue
        cells.setdefault(cell, []).append((east, north))
        kept.append((name, (round(east * 100), round(north * 100)), people))
    return kept


def main(package, gazetteer, target):
    if hashlib.sha256(open(package, "rb").read()).hexdigest() != SHA256:
        sys.exit(f"{package} is not the package that this was written for")
    with tarfile.open(package) as archive:
        topology = json.load(archive.extractfile("package/countries-50m.json"))
    named = sorted(countries(topology), key=lambda row: (-row[2], row[0]))
    if len({name for name, *_ in named}) != COUNTRIES:
        sys.exit(f"{len({name for name, *_ in named})} countries, and {COUNTRIES} are to be named")
    with gzip.open(gazetteer, "rt", encoding="utf-8") as text:
        settled = towns(text.read())
    with open(target, "w", encoding="utf-8", newline="\n") as out:
        for kind, rows in (("c", named), ("t", settled)):
            for name, (east, north), size in rows:
                out.write(f"{kind}\t{name}\t{east}\t{north}\t{size}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
