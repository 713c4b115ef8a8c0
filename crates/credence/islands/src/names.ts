// Names of countries and of the larger towns, written where they cover nothing: the larger first.

type Covers = readonly [left: number, top: number, right: number, bottom: number];

export interface Name {
  isCountry: boolean;
  words: string;
  at: [east: number, north: number];
  // Of a country the degrees that it is wide there, of a town its thousands of inhabitants.
  size: number;
}

export async function namesOf(path: string): Promise<Name[]> {
  const answer = await fetch(path);
  if (!answer.ok) throw new Error("the desk hands out no names");
  return (await answer.text()).split("\n").flatMap((line) => {
    const [kind, words, east, north, size] = line.split("\t");
    if (!words) return [];
    const isCountry = kind === "c";
    return [{ isCountry, words, at: [Number(east) / 100, Number(north) / 100] as [number, number], size: isCountry ? Number(size) / 100 : Number(size) }];
  });
}

// These are equal to those of the map that is drawn; a test holds them to that.

// Parts of its name that a country is wide, at least, to bear it.
const BEARS = 0.7;
// Pixels of a letter in the name of a country and in that of a town, about.
const LETTER = { country: 8.4, town: 6.4 };
// Names of towns that are written, at most.
const TOWNS = 40;

// Pixels by which the name of a country gives way to what is there, and the most of its width that it may.
const ASIDES = [0, -16, 16, -32, 32];
const MOVED = 0.2;
// The fewest thousands of inhabitants of a town that a map names, by the pixels that a degree has on it at least.
const LEAST: [pixels: number, least: number][] = [[90, 0], [45, 400], [22, 1500], [12, 5000]];

// A name, and by how many pixels it stands below its point.
export interface Written { name: Name; aside: number }

interface Ground { project: (at: [number, number]) => { x: number; y: number }; size: [width: number, height: number]; degree: number; taken: Covers[] }

// The names for which there is room beside what is there already.
export function writtenOf(names: Name[], { project, size: [width, height], degree, taken }: Ground): Written[] {
  const covered = [...taken];
  const countries = new Set<string>();
  const least = LEAST.find(([pixels]) => degree >= pixels)?.[1] ?? Infinity;
  let towns = 0;
  return names.flatMap((name) => {
    const { isCountry, words, at, size } = name;
    const long = words.length * (isCountry ? LETTER.country : LETTER.town);
    if (isCountry ? size * degree <= long * BEARS || countries.has(words) : size < least || towns === TOWNS) return [];
    const { x, y } = project(at);
    const [left, right] = isCountry ? [x - long / 2, x + long / 2] : [x - 4, x + 6 + long];
    if (left < 0 || right > width) return [];
    // In a wide country, the name can stand a little above or below.
    const asides = isCountry ? ASIDES.filter((aside) => Math.abs(aside) <= size * degree * MOVED) : [0];
    const isFree = (aside: number) => {
      const covers: Covers = [left, y + aside - 9, right, y + aside + 9];
      return covers[1] > 0 && covers[3] < height && !covered.some((other) => meet(other, covers));
    };
    const aside = asides.find(isFree);
    if (aside === undefined) return [];
    covered.push([left, y + aside - 9, right, y + aside + 9]);
    if (isCountry) countries.add(words);
    else towns += 1;
    return [{ name, aside }];
  });
}

function meet(one: Covers, other: Covers): boolean {
  return one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3];
}
