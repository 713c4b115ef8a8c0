// The map of alleged incidents: the picture of the server, to pan, zoom and brush. Until it stands, and wherever it cannot be
// drawn, the picture stays.
import { Map as Drawing, Marker, setWorkerUrl, type GeoJSONSource } from "maplibre-gl";
import { Brush, day, written, type Day, type Days } from "./brush";
import { type Look, looks, style } from "./look";
import { type Feature, type Found, type Mark, deniedOf, marksOf, nameOf, namedOf, placesOf } from "./marks";
import { type Name, namesOf, writtenOf } from "./names";
import { type Tiles, tilesOf } from "./tiles";

type Edges = [west: number, south: number, east: number, north: number];

// The world without the poles, which the map would stretch without end.
const WORLD: Edges = [-170, -57, 178, 76];

interface Box { west: number; south: number; east: number; north: number }

const LINES = 60;
// The zoom from which on the names of tiles stand alone.
const TILED = 5;
// Milliseconds to draw the first map in; a browser without WebGL may say nothing at all.
const PATIENCE = 60_000;
const PRECISION: Record<string, string> = {
  settlement: "", near: "near ", region: "somewhere in ", country: "somewhere in ", "part-of-the-world": "somewhere in ",
};

async function begin(figure: HTMLElement, form: HTMLFormElement, sight: HTMLElement): Promise<void> {
  const place = made("div", "live");
  place.hidden = false;
  figure.prepend(place);
  try {
    const { worker, tiles } = figure.dataset;
    setWorkerUrl(new URL(worker ?? "", location.href).href);
    const island = new Island(figure, form, sight, place, tiles ? await tilesOf(tiles) : null);
    await island.stands();
    figure.classList.add("lives");
    document.querySelector<HTMLElement>(".moves")!.hidden = true;
  } catch {
    place.remove();
    const note = made("p", "faint", "This browser draws no maps that move (WebGL is off or missing); this picture is drawn by the desk.");
    figure.after(note);
  }
}

class Island {
  private readonly drawing: Drawing;
  private readonly canvas = made("div", "canvas");
  private readonly card = made("section", "on-map");
  private readonly scale = made("p", "scale");
  private readonly key = legend();
  private readonly boxes = made("div", "box-of");
  private readonly says = made("p", "out");
  private readonly select = button("Select a box", "Draw a box on the map: the list below holds what lies in it");
  private readonly unselect = button("Clear the box", "List all that is in sight again");
  private readonly top = this.tools();
  private look: Look = looks();
  private markers: Marker[] = [];
  private names: Name[] = [];
  private found: Found = { features: [], left_out: 0, unplaced: 0, undated: 0 };
  // Whether the desk hands out all points at once, or only the newest of what is asked for.
  private isWhole = true;
  private box: Box | null = null;
  private turn = 0;
  private days: Days;

  constructor(
    private readonly figure: HTMLElement, private readonly form: HTMLFormElement, private readonly sight: HTMLElement,
    place: HTMLElement, private readonly tiles: Tiles | null,
  ) {
    this.days = { from: day(this.field("from").value), to: day(this.field("to").value) };
    const edges = (figure.dataset.box ?? "").split(",").map(Number);
    const [west, south, east, north] = edges.length === 4 && edges[2]! - edges[0]! < 359 ? (edges as Edges) : WORLD;
    place.append(this.canvas);
    this.drawing = new Drawing({
      container: this.canvas,
      style: style({ look: this.look, outlines: absolute(figure.dataset.outlines), isHeld: figure.dataset.view === "held", tiles }),
      bounds: [[west, south], [east < west ? east + 360 : east, north]],
      maxZoom: tiles ? Math.max(10, tiles.closest + 2) : 10,
      maxPitch: 0, dragRotate: false, pitchWithRotate: false, boxZoom: false, attributionControl: false,
      locale: { "Map.Title": "Map of alleged incidents: arrows pan, plus and minus zoom" },
    });
    this.drawing.keyboard.disableRotation();
    this.drawing.touchZoomRotate.disableRotation();
    this.card.tabIndex = -1;
    this.card.hidden = true;
    this.boxes.hidden = true;
    this.says.setAttribute("role", "status");
    const low = made("div", "low");
    low.append(this.key, this.scale);
    this.key.addEventListener("toggle", () => this.drawing.loaded() && this.draw());
    this.canvas.append(this.top, this.boxes, low, this.card);
    place.append(this.stated(), this.says);
  }

  // Resolves when the map stands with all that is on it; rejects where it cannot be drawn.
  async stands(): Promise<void> {
    const drawing = this.drawing;
    await new Promise<void>((stands, fails) => {
      const late = setTimeout(() => fails(new Error("late")), PATIENCE);
      drawing.once("load", () => { clearTimeout(late); stands(); });
      drawing.on("error", (event) => { if (!drawing.loaded()) fails(event.error); });
    }).catch((error) => { drawing.remove(); throw error; });
    const [all, names] = await Promise.all([
      this.asked({ from: null, to: null }, null),
      // Without names, the map is a map.
      namesOf(this.figure.dataset.names ?? "").catch(() => []),
    ]);
    this.names = names;
    this.isWhole = all.left_out === 0;
    this.found = all;
    this.addBrush(all);
    await this.load();
    drawing.on("moveend", () => void this.moved());
    drawing.on("move", () => this.drawScale());
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.dress());
    this.canvas.addEventListener("pointerdown", (event) => this.startBox(event), { capture: true });
    this.drawScale();
  }

  private field(name: string): HTMLInputElement {
    return this.form.elements.namedItem(name) as HTMLInputElement;
  }

  // What is asked of the desk, as it stands in addresses.
  private query(days: Days, box: Box | null): URLSearchParams {
    const query = new URLSearchParams();
    if (this.field("act").value) query.set("act", this.field("act").value);
    if (days.from !== null) query.set("from", written(days.from));
    if (days.to !== null) query.set("to", written(days.to));
    for (const [name, edge] of Object.entries(box ?? {})) query.set(name, String(Math.round(edge * 1e4) / 1e4));
    return query;
  }

  private async asked(days: Days, box: Box | null): Promise<Found> {
    const answer = await fetch(`/api/v1/map/incidents?${this.query(days, box)}`);
    if (!answer.ok) throw new Error("the desk does not answer");
    return (await answer.json()) as Found;
  }

  private async load(): Promise<void> {
    const mine = ++this.turn;
    try {
      const found = await this.asked(this.days, this.isWhole ? null : this.view());
      if (mine !== this.turn) return;
      this.found = found;
    } catch {
      this.says.textContent = "The desk does not answer: the map is as it was.";
      return;
    }
    this.draw();
  }

  private async moved(): Promise<void> {
    if (this.isWhole) this.draw();
    else await this.load();
  }

  // What is in sight, within the edges of the world.
  private view(): Box {
    const bounds = this.drawing.getBounds();
    const [west, east] = [bounds.getWest(), bounds.getEast()];
    const turned = (longitude: number) => ((((longitude + 180) % 360) + 360) % 360) - 180;
    const isRound = east - west >= 360;
    return {
      west: isRound ? -180 : turned(west), south: Math.max(bounds.getSouth(), -90),
      east: isRound ? 180 : turned(east), north: Math.min(bounds.getNorth(), 90),
    };
  }

  private draw(): void {
    const places = placesOf(this.found.features);
    const source = this.drawing.getSource("extents") as GeoJSONSource;
    source.setData({ type: "FeatureCollection", features: places.filter((place) => place.radius > 0).map((place) => place.circle()) });
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const marks = marksOf(places, (at) => this.drawing.project(at), [width, height]);
    const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.mark : undefined;
    this.markers.forEach((marker) => marker.remove());
    const { named, taken } = namedOf(marks, width);
    const edges = this.canvas.getBoundingClientRect();
    for (const part of [...this.top.children, this.key, this.scale]) {
      const { left, top, right, bottom } = part.getBoundingClientRect();
      taken.push([left - edges.left, top - edges.top, right - edges.left, bottom - edges.top]);
    }
    // Below the others, which are put into the page later.
    this.markers = this.groundNames(taken, [width, height]);
    this.markers.push(...marks.map((mark) => this.marker(mark, named.has(mark))));
    if (focused) this.canvas.querySelector<HTMLElement>(`[data-mark="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
    this.list();
  }

  // Writes names of countries and towns where they cover nothing. Tiles bring names of their own.
  private groundNames(taken: (readonly [number, number, number, number])[], size: [number, number]): Marker[] {
    const zoom = this.drawing.getZoom();
    const names = this.tiles ? this.names.filter(({ isCountry }) => isCountry && zoom < TILED) : this.names;
    const degree = (512 * 2 ** zoom) / 360;
    const written = writtenOf(names, { project: (at) => this.drawing.project(at), size, degree, taken });
    return written.map(({ name: { isCountry, words, at }, aside }) => {
      const element = made("span", isCountry ? "ground country" : "ground town", words);
      const marker = new Marker({ element, anchor: isCountry ? "center" : "left", offset: [0, aside] }).setLngLat(at).addTo(this.drawing);
      // Whoever does not see the map has no use for what stands around.
      for (const name of ["aria-label", "role", "tabindex"]) element.removeAttribute(name);
      element.setAttribute("aria-hidden", "true");
      return marker;
    });
  }

  private marker(mark: Mark, isNamed: boolean): Marker {
    const element = document.createElement("button");
    const { incidents, places: [first], places } = mark;
    element.type = "button";
    element.className = `mark${mark.isBroad ? " broad" : ""}${mark.denied > 0 ? " denied" : ""}`;
    element.dataset.mark = `${first!.at.join()} ${first!.precision}`;
    element.style.setProperty("--reach", `${mark.radius}px`);
    const shape = made("span", "shape");
    element.append(shape);
    if (incidents > 1) element.append(made("b", "", String(incidents)));
    if (isNamed) element.append(made("span", "named", nameOf(mark)));
    // The mark is named in whole below.
    for (const part of element.children) part.setAttribute("aria-hidden", "true");
    const where = `${PRECISION[first!.precision] ?? ""}${first!.name}`;
    const beside = places.length > 1 ? ` and ${counted(places.length - 1, "place")} near it` : "";
    const what = incidents === 1 ? `${where}: ${first!.features[0]!.properties.title}` : `${where}${beside}: ${counted(incidents, "incident")}`;
    const name = `${what}${deniedOf(mark)}`;
    element.append(made("span", "out", name));
    element.title = name;
    element.addEventListener("click", (event) => {
      event.stopPropagation();
      if (places.length > 1 && this.drawing.getZoom() < this.drawing.getMaxZoom() - 0.1) this.closer(mark);
      else this.open(mark, name, element.dataset.mark ?? "");
    });
    const marker = new Marker({ element, anchor: "center" }).setLngLat(first!.at).addTo(this.drawing);
    // Marks name themselves; what the library calls them would hide that.
    element.removeAttribute("aria-label");
    element.removeAttribute("role");
    return marker;
  }

  // Goes to where the places of a mark lie apart.
  private closer(mark: Mark): void {
    const edge = (pick: (...all: number[]) => number, which: 0 | 1) => pick(...mark.places.map((place) => place.at[which]));
    const [west, east, south, north] = [edge(Math.min, 0), edge(Math.max, 0), edge(Math.min, 1), edge(Math.max, 1)];
    if (east - west > 180) this.drawing.easeTo({ center: mark.places[0]!.at, zoom: this.drawing.getZoom() + 2 });
    else this.drawing.fitBounds([[west, south], [east, north]], { padding: 90 });
  }

  private open(mark: Mark, name: string, key: string): void {
    const close = button("Close", "Close this card");
    const shut = () => {
      this.card.hidden = true;
      this.canvas.querySelector<HTMLElement>(`[data-mark="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
    };
    close.addEventListener("click", shut);
    this.card.onkeydown = (event) => { if (event.key === "Escape") shut(); };
    const features = mark.places.flatMap((place) => place.features);
    const list = document.createElement("ul");
    for (const { properties } of features.slice(0, LINES)) {
      const line = document.createElement("li");
      line.append(link(properties), made("span", "faint", ` ${days(properties)} · ${where(properties)} · ${counted(properties.reports, "report")}${properties.denied ? " · denied" : ""}`));
      list.append(line);
    }
    const head = made("h3", "", name);
    this.card.setAttribute("aria-label", name);
    this.card.replaceChildren(head, list);
    if (features.length > LINES) this.card.append(made("p", "faint", `and ${features.length - LINES} more, in the list below the map`));
    this.card.append(close);
    this.card.hidden = false;
    this.card.focus({ preventScroll: true });
  }

  // Lists what lies in the box, or in sight, and lets the address say so.
  private list(): void {
    const box = this.box ?? this.view();
    const lies = this.found.features.filter((feature) => within(feature, box));
    const rows = lies.slice(0, LINES).map(({ properties }) => {
      const row = document.createElement("tr");
      const title = made("td");
      title.append(link(properties), made("span", "id", properties.id));
      if (properties.denied) title.append(" ", tag(properties, "denied"));
      const place = made("td", "", where(properties));
      place.dir = "auto";
      row.append(made("td", "day", days(properties)), title, place, made("td", "number", String(properties.reports)));
      return row;
    });
    const shown = this.sight.querySelector("tbody"), count = this.sight.querySelector(".in-sight"), none = this.sight.querySelector<HTMLElement>(".empty");
    shown?.replaceChildren(...rows);
    this.sight.querySelector("table")!.hidden = rows.length === 0;
    if (none) none.hidden = rows.length > 0;
    const which = this.box ? "in the box" : "in sight";
    const text = `${counted(lies.length, "incident")} ${which}${lies.length > rows.length ? `, the newest ${rows.length} of them here` : ""}`;
    const all = document.createElement("a");
    all.href = `/incidents?${this.query(this.days, box)}`;
    all.textContent = "List all";
    count?.replaceChildren(text, ". ", all);
    this.lacks();
    const address = this.query(this.days, box);
    if (this.figure.dataset.view === "held") address.set("view", "held");
    history.replaceState(history.state, "", `/map?${address}`);
  }

  // Says what is on no map.
  private lacks(): void {
    const { unplaced, left_out, undated } = this.found;
    const lacks: string[] = [];
    if (unplaced > 0) lacks.push(`${counted(unplaced, "incident")} on no map: no place that is known.`);
    if (left_out > 0) lacks.push(`${counted(left_out, "incident")} older left out.`);
    if (undated > 0) lacks.push(`${counted(undated, "incident")} without a day left out.`);
    const note = this.sight.querySelector<HTMLElement>(".lacks");
    if (note) note.textContent = lacks.join(" ");
    if (note?.parentElement) note.parentElement.hidden = lacks.length === 0;
  }

  private addBrush(all: Found): void {
    const counts = new Map<Day, number>();
    for (const { properties } of all.features) {
      const at = properties.first_day && day(properties.first_day);
      if (at) counts.set(at, (counts.get(at) ?? 0) + 1);
    }
    if (counts.size < 2) {
      const [only] = counts.keys();
      const why = only === undefined ? "No incident on the map has a day, so there are no days to choose from." : `All of one day, ${written(only)}, so there are no days to choose from.`;
      if (all.features.length > 0) this.figure.after(made("p", "faint one-day", why));
      return;
    }
    const what = all.left_out > 0 ? `incidents, the newest ${all.features.length.toLocaleString("en")},` : "incidents";
    const changed = (chosen: Days) => {
      this.days = chosen;
      this.field("from").value = chosen.from === null ? "" : written(chosen.from);
      this.field("to").value = chosen.to === null ? "" : written(chosen.to);
      void this.load();
    };
    this.figure.after(new Brush({ counts, what, chosen: this.days, changed }).element);
  }

  private tools(): HTMLElement {
    const tools = made("div", "tools");
    const closer = button("+", "Closer"), wider = button("−", "Wider"), world = button("World", "Show the whole world"), all = button("All incidents", "Show all incidents");
    closer.addEventListener("click", () => this.drawing.zoomIn());
    wider.addEventListener("click", () => this.drawing.zoomOut());
    world.addEventListener("click", () => this.drawing.fitBounds(WORLD));
    all.addEventListener("click", () => this.fitAll());
    this.select.addEventListener("click", () => this.setSelecting(this.select.getAttribute("aria-pressed") !== "true"));
    this.select.setAttribute("aria-pressed", "false");
    this.unselect.hidden = true;
    this.unselect.addEventListener("click", () => this.setBox(null));
    tools.append(closer, wider, world, all, this.select, this.unselect);
    return tools;
  }

  private fitAll(): void {
    const at = this.found.features.map((feature) => feature.geometry.coordinates);
    if (at.length === 0) return;
    const edge = (which: 0 | 1, pick: (a: number, b: number) => number) => at.map((one) => one[which]).reduce(pick);
    const low = (a: number, b: number) => Math.min(a, b), high = (a: number, b: number) => Math.max(a, b);
    this.drawing.fitBounds([[edge(0, low), edge(1, low)], [edge(0, high), edge(1, high)]], { padding: 70, maxZoom: 6 });
  }

  private setSelecting(isOn: boolean): void {
    this.select.setAttribute("aria-pressed", String(isOn));
    this.canvas.classList.toggle("selecting", isOn);
    if (isOn) this.drawing.dragPan.disable();
    else this.drawing.dragPan.enable();
  }

  private startBox(event: PointerEvent): void {
    const isAsked = this.select.getAttribute("aria-pressed") === "true" || event.shiftKey;
    if (!isAsked || event.button !== 0 || (event.target as Element).closest("button, .low, .on-map")) return;
    event.preventDefault();
    this.drawing.dragPan.disable();
    const edges = this.canvas.getBoundingClientRect();
    const at = (event: PointerEvent): [number, number] => [
      Math.min(Math.max(event.clientX - edges.left, 0), edges.width), Math.min(Math.max(event.clientY - edges.top, 0), edges.height),
    ];
    const first = at(event);
    const moved = (event: PointerEvent) => this.drawBox(first, at(event));
    const done = (event: PointerEvent) => {
      window.removeEventListener("pointermove", moved);
      window.removeEventListener("pointerup", done);
      window.removeEventListener("pointercancel", done);
      this.boxes.hidden = true;
      this.setSelecting(false);
      const last = at(event);
      if (event.type === "pointerup" && Math.abs(last[0] - first[0]) > 4 && Math.abs(last[1] - first[1]) > 4) {
        const [a, b] = [this.drawing.unproject(first), this.drawing.unproject(last)];
        const turned = (longitude: number) => ((((longitude + 180) % 360) + 360) % 360) - 180;
        const [west, east] = a.lng < b.lng ? [a.lng, b.lng] : [b.lng, a.lng];
        this.setBox({ west: turned(west), south: Math.min(a.lat, b.lat), east: turned(east), north: Math.max(a.lat, b.lat) });
      }
    };
    window.addEventListener("pointermove", moved);
    window.addEventListener("pointerup", done);
    window.addEventListener("pointercancel", done);
  }

  private drawBox(a: [number, number], b: [number, number]): void {
    this.boxes.hidden = false;
    const { style } = this.boxes;
    style.left = `${Math.min(a[0], b[0])}px`;
    style.top = `${Math.min(a[1], b[1])}px`;
    style.width = `${Math.abs(a[0] - b[0])}px`;
    style.height = `${Math.abs(a[1] - b[1])}px`;
  }

  private setBox(box: Box | null): void {
    this.box = box;
    this.unselect.hidden = box === null;
    const source = this.drawing.getSource("box") as GeoJSONSource;
    const line = (({ west, south, east, north }: Box) => {
      const right = east < west ? east + 360 : east;
      return [[west, south], [right, south], [right, north], [west, north], [west, south]];
    });
    source.setData({
      type: "FeatureCollection",
      features: box ? [{ type: "Feature", properties: {}, geometry: { type: "LineString", coordinates: line(box) } }] : [],
    });
    this.list();
  }

  // What a map must say of itself.
  private stated(): HTMLElement {
    const borders = this.figure.dataset.view === "held"
      ? "Borders as the ground is held, which is no verdict."
      : "Borders as the UN General Assembly has them: Crimea is part of Ukraine (resolution 68/262).";
    const tiles = this.tiles ? ` ${this.tiles.attribution}` : "";
    const names = " Names: members and observers of the United Nations; towns by GeoNames (CC BY 4.0).";
    return made("p", "stated", `${borders} Broken lines are disputed. Outlines: Natural Earth.${names}${tiles}`);
  }

  private drawScale(): void {
    const metres = (40_075_017 * Math.cos((this.drawing.getCenter().lat * Math.PI) / 180)) / (512 * 2 ** this.drawing.getZoom());
    const lengths = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000];
    const length = lengths.findLast((length) => (length * 1000) / metres <= 110) ?? 1;
    this.scale.textContent = `${length.toLocaleString("en")} km`;
    this.scale.style.setProperty("--long", `${(length * 1000) / metres}px`);
  }

  // Puts on the colours of day or night.
  private dress(): void {
    this.look = looks();
    const { layers } = style({ look: this.look, outlines: "", isHeld: true, tiles: this.tiles });
    for (const layer of layers) {
      if (!this.drawing.getLayer(layer.id)) continue;
      for (const [name, value] of Object.entries(layer.paint ?? {})) {
        this.drawing.setPaintProperty(layer.id, name as never, value as never);
      }
    }
  }
}

// What the marks mean; closed where it would cover half of the map.
function legend(): HTMLDetailsElement {
  const key = made("details", "map-key");
  key.open = matchMedia("(min-width: 40.01rem)").matches;
  const sample = (className: string, count = "") => {
    const mark = made("span", `sample ${className}`);
    mark.style.setProperty("--reach", count ? "10px" : "7px");
    mark.setAttribute("aria-hidden", "true");
    mark.append(made("span", "shape"));
    if (count) mark.append(made("b", "", count));
    return mark;
  };
  const lines: [string, string, string?][] = [
    ["mark", "a town or village is named"],
    ["mark broad wide", "only a region or country is named: somewhere in the circle, not at its middle"],
    ["mark", "so many incidents; some of several places part when you come closer", "7"],
    ["mark denied", "somebody denies it or tells it otherwise; of several, at least one"],
  ];
  const list = document.createElement("ul");
  for (const [className, says, count] of lines) {
    const line = document.createElement("li");
    line.append(sample(className, count), made("span", "", says));
    list.append(line);
  }
  key.append(made("summary", "", "Key"), list);
  return key;
}

function tag({ id }: Feature["properties"], text: string): HTMLAnchorElement {
  const tag = made("a", "tag", text);
  tag.href = `/incidents/${encodeURIComponent(id)}`;
  return tag;
}

function within({ geometry: { coordinates: [east, north] } }: Feature, box: Box): boolean {
  const isAcross = box.west <= box.east ? east >= box.west && east <= box.east : east >= box.west || east <= box.east;
  return isAcross && north >= box.south && north <= box.north;
}

function made<Name extends keyof HTMLElementTagNameMap>(name: Name, className = "", text = ""): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  if (className) element.className = className;
  element.textContent = text;
  return element;
}

function button(text: string, says: string): HTMLButtonElement {
  const button = made("button", "", text);
  button.type = "button";
  button.title = says;
  if (text.length === 1) button.setAttribute("aria-label", says);
  return button;
}

function link({ id, title }: Feature["properties"]): HTMLAnchorElement {
  const link = made("a", "", title);
  link.href = `/incidents/${encodeURIComponent(id)}`;
  link.dir = "auto";
  return link;
}

function counted(count: number, what: string): string {
  return count === 1 ? `1 ${what}` : `${count.toLocaleString("en")} ${what}s`;
}

function days({ first_day, last_day, stated }: Feature["properties"]): string {
  if (!first_day) return "undated";
  const days = last_day && last_day !== first_day ? `${first_day} to ${last_day}` : first_day;
  return stated ? days : `reported ${days}`;
}

function where({ place, precision }: Feature["properties"]): string {
  return `${PRECISION[precision] ?? ""}${place ?? "no place"}`;
}

function absolute(path: string | undefined): string {
  return new URL(path ?? "", location.href).href;
}

const figure = document.querySelector<HTMLElement>("figure[data-island=map]");
const form = document.querySelector<HTMLFormElement>("form.filter");
const sight = document.getElementById("sight");
if (figure && form && sight) void begin(figure, form, sight);
