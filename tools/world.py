#!/usr/bin/env python3
"""Makes crates/credence/assets/world.bin from the country outlines of Natural Earth in a pinned package.

    npm pack world-atlas@2.0.2
    python3 tools/world.py world-atlas-2.0.2.tgz crates/credence/assets/world.bin

The same input gives the same bytes. Lines follow each other until the end:

    kind (one byte: l land, b border, d disputed border, h border that is only held), number of points,
    then for each point degrees east and north in hundredths, each less that of the point before; a line that crosses the date line
    goes on past 180 degrees

Numbers are LEB128, those that may be negative zigzag coded. A line of land is closed: its first point is not repeated, and
what lies within an odd number of them is land.

Natural Earth draws the lines that are held on the ground. Crimea is drawn as a part of Ukraine (General Assembly resolution
68/262), so that the line at its isthmus is one that is only held, and so is the wall in Western Sahara; the lines of DISPUTED are kept apart from other borders.
"""
import hashlib, json, sys, tarfile

SHA256 = "032e7765f2ce00edaeafec23ff22bc3b77e42987c257da944cc585b452c05b97"

# Lines that at least one member of the United Nations beside the line, or the United Nations themselves, do not take for
# an international border. Whoever stands alone disputes every line.
DISPUTED = {
    ("Cyprus", "N. Cyprus"), ("Kosovo", "Serbia"), ("Somalia", "Somaliland"), ("Israel", "Palestine"), ("Israel", "Syria"), ("China", "India"), ("China", "Pakistan"), ("S. Sudan", "Sudan"),
    ("Siachen Glacier",),
}
# The line of control through Kashmir begins here, in degrees north; south of it India and Pakistan have a border.
KASHMIR = 32.5
CRIMEA = (34.2, 45.2)
ISTHMUS = {"Russia", "Ukraine"}
# Natural Earth parts Western Sahara along the wall in it. The line that is disputed lies on this parallel, to the coast.
WALL = {"Morocco", "W. Sahara"}
PARALLEL = [(-867, 2767), (-1317, 2767)]


def decoded(topology):
    """Returns the arcs as points in hundredths of a degree."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((round((x * sx + tx) * 100), round((y * sy + ty) * 100)))
        yield points


def polygons(geometry):
    return [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry.get("arcs", [])


def holds(ring, point):
    (x, y), inside = point, False
    for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1]):
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            inside = not inside
    return inside


def walked(arcs, ring):
    """Returns the points along the arcs of a ring; an arc that is walked backwards is given by its complement."""
    points = []
    for arc in ring:
        way = arcs[arc] if arc >= 0 else arcs[~arc][::-1]
        points += way[1:] if points else way
    return points


def owners(topology, arcs):
    """Returns for each arc the countries beside it, and whether Crimea is one side."""
    beside, crimea = {}, set()
    for country in topology["objects"]["countries"]["geometries"]:
        name = country["properties"]["name"]
        for polygon in polygons(country):
            ring = walked(arcs, polygon[0])
            if name == "Russia" and holds(ring, (CRIMEA[0] * 100, CRIMEA[1] * 100)):
                crimea.update(arc if arc >= 0 else ~arc for ring in polygon for arc in ring)
            for ring in polygon:
                for arc in ring:
                    beside.setdefault(arc if arc >= 0 else ~arc, []).append(name)
    return beside, crimea


def is_disputed(names):
    return tuple(sorted(names)) in DISPUTED or any((name,) in DISPUTED for name in names)


def kinds(names, points, is_crimea):
    """Returns a border as lines of one kind each."""
    if is_crimea and set(names) == ISTHMUS or set(names) == WALL:
        return [("h", points)]
    if set(names) != {"India", "Pakistan"}:
        return [("d" if is_disputed(names) else "b", points)]
    lines = []
    for one, other in zip(points, points[1:]):
        kind = "d" if min(one[1], other[1]) >= KASHMIR * 100 else "b"
        if lines and lines[-1][0] == kind:
            lines[-1][1].append(other)
        else:
            lines.append((kind, [one, other]))
    return lines


def closed(coasts):
    """Joins arcs of coast end to end until they close."""
    at = {}
    for number, coast in enumerate(coasts):
        for end in (coast[0], coast[-1]):
            at.setdefault(end, []).append(number)
    used = set()
    for number, coast in enumerate(coasts):
        if number in used:
            continue
        used.add(number)
        ring = list(coast)
        while ring[0] != ring[-1]:
            following = [other for other in at[ring[-1]] if other not in used]
            if not following:
                sys.exit(f"the coast breaks off at {ring[-1]}")
            used.add(following[0])
            way = coasts[following[0]]
            ring += (way if way[0] == ring[-1] else way[::-1])[1:]
        yield ring[:-1]


def unsigned(number):
    coded = bytearray()
    while number >= 0x80:
        coded.append(number & 0x7F | 0x80)
        number >>= 7
    coded.append(number)
    return bytes(coded)


def signed(number):
    return unsigned(number << 1 if number >= 0 else (-number << 1) - 1)


def coded(kind, points):
    line, before = bytearray(kind.encode()), (0, 0)
    line += unsigned(len(points))
    for point in points:
        line += signed(point[0] - before[0]) + signed(point[1] - before[1])
        before = point
    return bytes(line)


def unrolled(points):
    """Lets a line go on past the date line instead of jumping to its other side; one around a pole stays as it is."""
    way, turns = [], 0
    for number, (x, y) in enumerate(points):
        step = x - points[number - 1][0] if number else 0
        turns += (step < -18000) - (step > 18000)
        way.append((x + turns * 36000, y))
    return way if abs(way[0][0] - way[-1][0]) < 18000 else points


def without_repeats(points):
    return [point for number, point in enumerate(points) if number == 0 or point != points[number - 1]]


def lines(topology):
    arcs = list(decoded(topology))
    beside, crimea = owners(topology, arcs)
    coasts = [arcs[arc] for arc, names in sorted(beside.items()) if len(names) == 1]
    for ring in closed(coasts):
        yield "l", ring
    for arc, names in sorted(beside.items()):
        if len(set(names)) > 1:
            yield from kinds(names, arcs[arc], arc in crimea)
    yield "d", PARALLEL


def main(package, target):
    given = open(package, "rb").read()
    if hashlib.sha256(given).hexdigest() != SHA256:
        sys.exit(f"{package} is not the package that this was written for")
    with tarfile.open(package) as archive:
        topology = json.load(archive.extractfile("package/countries-50m.json"))
    drawn = [(kind, unrolled(without_repeats(points))) for kind, points in lines(topology)]
    drawn = [(kind, points) for kind, points in drawn if len(points) > (2 if kind == "l" else 1)]
    with open(target, "wb") as out:
        out.write(b"".join(coded(kind, points) for kind, points in sorted(drawn, key=lambda line: "lbdh".index(line[0]))))


if __name__ == "__main__":
    main(*sys.argv[1:])
