// Incidents at one place, and marks for places that would cover each other.

import type { Feature as Shape, Polygon } from "geojson";

export interface Feature {
  geometry: { coordinates: [number, number] };
  properties: {
    id: string; title: string; place: string | null; precision: string; first_day: string | null; last_day: string | null; stated: boolean; reports: number;
    denied: boolean;
  };
}

export interface Found { features: Feature[]; left_out: number; unplaced: number; undated: number }

// Kilometres around a point that are meant: gazetteers know the middle of a place, not its edges.
const RADIUS: Record<string, number> = { settlement: 0, near: 15, region: 60, country: 300 };
const RADIUS_ELSE = 800;
// Beyond this radius, a place is one where something was somewhere.
const BROAD = 30;
const DEGREE = 111.2;
const CORNERS = 72;

export class Place {
  readonly features: Feature[] = [];
  constructor(readonly at: [number, number], readonly name: string, readonly precision: string) {}

  get radius(): number {
    return RADIUS[this.precision] ?? RADIUS_ELSE;
  }

  // How many of its incidents somebody denies.
  get denied(): number {
    return this.features.filter(({ properties }) => properties.denied).length;
  }

  get isBroad(): boolean {
    return this.radius > BROAD;
  }

  // The ground that is meant, as a line around it.
  circle(): Shape<Polygon> {
    const [east, north] = this.at;
    const high = this.radius / DEGREE, wide = high / Math.max(Math.cos((north * Math.PI) / 180), 0.2);
    const corners = Array.from({ length: CORNERS + 1 }, (_, corner) => {
      const turn = ((corner % CORNERS) / CORNERS) * 2 * Math.PI;
      return [east + wide * Math.cos(turn), Math.max(-85, Math.min(85, north + high * Math.sin(turn)))];
    });
    return { type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: [corners] } };
  }
}

export function placesOf(features: Feature[]): Place[] {
  const places = new Map<string, Place>();
  for (const feature of features) {
    const { geometry: { coordinates: [east, north] }, properties: { place, precision } } = feature;
    const key = `${east.toFixed(4)} ${north.toFixed(4)} ${precision}`;
    const at = places.get(key) ?? new Place([east, north], place ?? "", precision);
    at.features.push(feature);
    places.set(key, at);
  }
  return [...places.values()];
}

// What stands for one place, or for several that would cover each other.
export interface Mark { places: Place[]; x: number; y: number; incidents: number; denied: number; radius: number; isBroad: boolean }

// Pixels between two marks, at least.
const APART = 26;

// Puts places into marks that can be told apart, those with most incidents first.
export function marksOf(places: Place[], project: (at: [number, number]) => { x: number; y: number }, [width, height]: [number, number]): Mark[] {
  const marks: Mark[] = [];
  const cells = new Map<string, Mark[]>();
  for (const place of [...places].sort((a, b) => b.features.length - a.features.length)) {
    const { x, y } = project(place.at);
    if (x < -APART || y < -APART || x > width + APART || y > height + APART) continue;
    const [column, row] = [Math.floor(x / APART), Math.floor(y / APART)];
    const key = (right: number, down: number) => `${place.isBroad} ${column + right} ${row + down}`;
    const near = [-1, 0, 1]
      .flatMap((right) => [-1, 0, 1].flatMap((down) => cells.get(key(right, down)) ?? []))
      .find((mark) => Math.hypot(mark.x - x, mark.y - y) < APART);
    if (near) {
      near.places.push(place);
      near.incidents += place.features.length;
      near.denied += place.denied;
    } else {
      const mark = { places: [place], x, y, incidents: place.features.length, denied: place.denied, radius: 0, isBroad: place.isBroad };
      marks.push(mark);
      cells.set(key(0, 0), [...(cells.get(key(0, 0)) ?? []), mark]);
    }
  }
  for (const mark of marks) mark.radius = mark.incidents === 1 ? 7 : Math.min(9 + 2 * Math.log2(mark.incidents), 22);
  return marks;
}

// Letters of a name that are written on the map.
const LETTERS = 26;

export function nameOf(mark: Mark): string {
  const name = mark.places[0]?.name ?? "";
  const short = name.length > LETTERS ? `${name.slice(0, LETTERS - 1)}…` : name;
  return mark.places.length > 1 && short !== "" ? `${short} +${mark.places.length - 1}` : short;
}

// Says how many of some incidents are denied, behind their number.
export function deniedOf({ denied, incidents }: Mark): string {
  if (denied === 0) return "";
  if (incidents === 1) return ", denied";
  return denied === incidents ? ", all denied" : `, ${denied} of them denied`;
}

// Pixels of the ring around what is denied.
const RING = 5;

// The marks beside which there is room for a name, those with most incidents first, and what is covered then.
export function namedOf(marks: Mark[], width: number): { named: Set<Mark>; taken: (readonly [number, number, number, number])[] } {
  const taken = marks.map(({ x, y, radius, denied }) => {
    const reach = denied > 0 ? radius + RING : radius;
    return [x - reach, y - reach, x + reach, y + reach] as const;
  });
  const named = new Set<Mark>();
  for (const mark of marks) {
    const left = mark.x + mark.radius + (mark.denied > 0 ? 9 : 4);
    const covers = [left, mark.y - 9, left + nameOf(mark).length * 8 + 4, mark.y + 9] as const;
    const isFree = taken.every((other) => other[0] >= covers[2] || other[2] <= covers[0] || other[1] >= covers[3] || other[3] <= covers[1]);
    if (!isFree || covers[2] > width || nameOf(mark) === "") continue;
    taken.push(covers);
    named.add(mark);
  }
  return { named, taken };
}
