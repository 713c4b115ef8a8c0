// A brush over days: a histogram with labelled axes, and two ends that are dragged or moved by keys.

// A day as a number: days since 1970.
export type Day = number;

export interface Days { from: Day | null; to: Day | null }

const MILLISECONDS = 86_400_000;

// Reads a day as it is written (2031-03-12); what is no such day is null.
export function day(written: string): Day | null {
  if (!/^\d{4}-\d\d-\d\d$/.test(written)) return null;
  const at = Date.parse(`${written}T00:00:00Z`);
  return Number.isNaN(at) ? null : Math.round(at / MILLISECONDS);
}

export function written(day: Day): string {
  return new Date(day * MILLISECONDS).toISOString().slice(0, 10);
}

type Unit = "day" | "month" | "year";

// Bars of a histogram: each from its first day up to the first day of the next.
interface Bar { from: Day; until: Day; count: number }

// Spans up to this many bars are shown by the finer unit.
const BARS = 150;

function start(of: Day, unit: Unit, ahead = 0): Day {
  if (unit === "day") return of + ahead;
  const date = new Date(of * MILLISECONDS);
  const month = unit === "month" ? date.getUTCMonth() + ahead : 0;
  const year = date.getUTCFullYear() + (unit === "year" ? ahead : 0);
  return Math.round(Date.UTC(year, month, 1) / MILLISECONDS);
}

function bars(counts: Map<Day, number>): { all: Bar[]; unit: Unit } {
  const days = [...counts.keys()].sort((a, b) => a - b);
  const first = days[0], last = days.at(-1);
  if (first === undefined || last === undefined) return { all: [], unit: "day" };
  const unit = last - first < BARS ? "day" : last - first < BARS * 30 ? "month" : "year";
  const all: Bar[] = [];
  for (let from = start(first, unit); from <= last; from = start(from, unit, 1)) {
    all.push({ from, until: start(from, unit, 1), count: 0 });
  }
  let at = 0;
  for (const one of days) {
    while (all[at] && one >= all[at]!.until) at += 1;
    if (all[at]) all[at]!.count += counts.get(one) ?? 0;
  }
  return { all, unit };
}

const SVG = "http://www.w3.org/2000/svg";

function drawn(name: string, attributes: Record<string, string | number>, text = ""): SVGElement {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  element.textContent = text;
  return element;
}

const HEIGHT = 92, LEFT = 44, RIGHT = 14, TOP = 16, GROUND = 66;

// What is brushed. `what` names what is counted ("incidents"); `changed` is told when an end was moved and stays,
// and whether by a key: more steps may follow.
export interface Brushed {
  counts: Map<Day, number>;
  what: string;
  chosen: Days;
  changed: (chosen: Days, byKey: boolean) => void;
}

export class Brush {
  readonly element = document.createElement("div");
  private readonly given: Brushed;
  private readonly all: Bar[];
  private readonly unit: Unit;
  private chosen: Days;
  // The bars that are chosen: the first, and the one after the last.
  private ends: [number, number];
  private width = 600;
  private dragged: { from: number; end: 0 | 1 | null } | null = null;
  private readonly says = document.createElement("p");
  private readonly clear = document.createElement("button");

  constructor(given: Brushed) {
    this.given = given;
    this.chosen = given.chosen;
    const { all, unit } = bars(given.counts);
    this.all = all;
    this.unit = unit;
    this.ends = this.endsOf(this.chosen);
    this.element.className = "brush";
    this.says.className = "says";
    this.says.setAttribute("role", "status");
    this.clear.type = "button";
    this.clear.textContent = "All days";
    this.clear.addEventListener("click", () => this.choose([0, this.all.length], "done"));
    new ResizeObserver(() => this.resized()).observe(this.element);
    this.draw();
  }

  private resized(): void {
    const width = Math.round(this.element.clientWidth);
    if (width > 0 && width !== this.width) {
      this.width = width;
      this.draw();
    }
  }

  private endsOf({ from, to }: Days): [number, number] {
    const first = from === null ? 0 : this.all.findIndex((bar) => bar.until > from);
    const last = to === null ? this.all.length : this.all.findLastIndex((bar) => bar.from <= to) + 1;
    return [first < 0 ? this.all.length : first, last];
  }

  private choose([first, end]: [number, number], how: "moving" | "done" | "by key"): void {
    const count = this.all.length;
    const from = Math.max(0, Math.min(first, count - 1)), to = Math.max(from + 1, Math.min(end, count));
    this.ends = [from, to];
    this.chosen = {
      from: from === 0 ? null : this.all[from]!.from,
      to: to === count ? null : this.all[to - 1]!.until - 1,
    };
    this.draw();
    if (how !== "moving") this.given.changed(this.chosen, how === "by key");
  }

  private x(bar: number): number {
    return LEFT + (bar / Math.max(this.all.length, 1)) * (this.width - LEFT - RIGHT);
  }

  // The bar under a point, from none to all of them.
  private bar(event: PointerEvent, svg: Element): number {
    const x = event.clientX - svg.getBoundingClientRect().left;
    return ((x - LEFT) / (this.width - LEFT - RIGHT)) * this.all.length;
  }

  private draw(): void {
    if (this.all.length === 0) {
      this.says.textContent = `None of the ${this.given.what} has a day.`;
      this.element.replaceChildren(this.says);
      return;
    }
    const focused = this.element.contains(document.activeElement) ? document.activeElement?.getAttribute("data-end") : null;
    const [from, to] = this.ends;
    const most = Math.max(...this.all.map((bar) => bar.count), 1);
    const svg = drawn("svg", { width: this.width, height: HEIGHT, viewBox: `0 0 ${this.width} ${HEIGHT}`, role: "group",
      "aria-label": `${this.given.what} by ${this.unit}, ${most} at most` });
    svg.append(drawn("text", { x: LEFT, y: 11, class: "unit" }, `${this.given.what} by ${this.unit}`));
    svg.append(drawn("path", { class: "axis", d: `M${LEFT} ${TOP}V${GROUND}H${this.width - RIGHT}` }));
    for (const [count, y] of [[most, TOP + 8], [0, GROUND + 1]] as const) {
      svg.append(drawn("text", { x: LEFT - 6, y, "text-anchor": "end" }, count.toLocaleString("en")));
    }
    const shown = drawn("rect", { class: "chosen", x: this.x(from), y: TOP, width: Math.max(this.x(to) - this.x(from), 2), height: GROUND - TOP });
    svg.append(shown);
    this.all.forEach((bar, at) => {
      const height = (bar.count / most) * (GROUND - TOP - 4);
      if (bar.count === 0) return;
      const width = Math.max(this.x(at + 1) - this.x(at) - 1, 1);
      const inside = at >= from && at < to;
      svg.append(drawn("rect", { class: inside ? "bar" : "bar outside", x: this.x(at), y: GROUND - height, width: Math.min(width, 40), height }));
    });
    this.label(svg);
    svg.append(this.end(0, svg), this.end(1, svg));
    svg.addEventListener("pointerdown", (event) => this.grab(event as PointerEvent, svg));
    this.element.replaceChildren(svg, this.foot());
    if (focused) this.element.querySelector<SVGElement>(`[data-end="${focused}"]`)?.focus();
  }

  // Writes the days below the axis, as many as fit.
  private label(svg: Element): void {
    const cut = { day: 10, month: 7, year: 4 }[this.unit];
    const room = cut * 7 + 24;
    const step = Math.max(1, Math.ceil(room / Math.max(this.x(1) - this.x(0), 0.1)));
    for (let at = 0; at < this.all.length; at += step) {
      const x = this.x(at);
      svg.append(drawn("path", { class: "axis", d: `M${x} ${GROUND}v4` }));
      if (x + room - 24 < this.width) svg.append(drawn("text", { x, y: GROUND + 17 }, written(this.all[at]!.from).slice(0, cut)));
    }
  }

  private end(which: 0 | 1, svg: Element): SVGElement {
    const at = this.ends[which];
    const day = which === 0 ? this.all[at]?.from : (this.all[at - 1]?.until ?? 1) - 1;
    const handle = drawn("g", {
      class: "end", tabindex: 0, role: "slider", "data-end": which, "aria-label": which === 0 ? "First day" : "Last day",
      "aria-valuemin": 0, "aria-valuemax": this.all.length, "aria-valuenow": at, "aria-valuetext": day === undefined ? "none" : written(day),
    });
    const x = this.x(at);
    handle.append(drawn("rect", { class: "reach", x: x - 12, y: TOP - 4, width: 24, height: GROUND - TOP + 8 }));
    handle.append(drawn("rect", { class: "grip", x: x - 4, y: TOP + 12, width: 8, height: 24, rx: 3 }));
    handle.append(drawn("path", { class: "edge", d: `M${x} ${TOP}V${GROUND}` }));
    handle.addEventListener("keydown", (event) => this.moveByKey(event as KeyboardEvent, which));
    handle.addEventListener("pointerdown", (event) => {
      event.stopPropagation();
      this.grab(event as PointerEvent, svg, which);
    });
    return handle;
  }

  private moveByKey(event: KeyboardEvent, which: 0 | 1): void {
    const steps: Record<string, number> = {
      ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10, Home: -Infinity, End: Infinity,
    };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const [from, to] = this.ends;
    if (which === 0) this.choose([Math.max(0, Math.min(from + step, to - 1)), to], "by key");
    else this.choose([from, Math.min(this.all.length, Math.max(to + step, from + 1))], "by key");
  }

  private grab(event: PointerEvent, svg: Element, end: 0 | 1 | null = null): void {
    if (event.button !== 0) return;
    event.preventDefault();
    this.dragged = { from: this.bar(event, svg), end };
    const moved = (event: PointerEvent) => this.drag(this.bar(event, this.element), false);
    const done = (event: PointerEvent) => {
      window.removeEventListener("pointermove", moved);
      window.removeEventListener("pointerup", done);
      window.removeEventListener("pointercancel", done);
      this.drag(this.bar(event, this.element), true);
      this.dragged = null;
    };
    window.addEventListener("pointermove", moved);
    window.addEventListener("pointerup", done);
    window.addEventListener("pointercancel", done);
  }

  private drag(to: number, isDone: boolean): void {
    if (!this.dragged) return;
    const { from, end } = this.dragged;
    const how = isDone ? "done" : "moving";
    const [first, last] = this.ends;
    if (end === 0) this.choose([Math.min(Math.round(to), last - 1), last], how);
    else if (end === 1) this.choose([first, Math.max(Math.round(to), first + 1)], how);
    else this.choose([Math.floor(Math.min(from, to)), Math.ceil(Math.max(from, to))], how);
  }

  private foot(): Element {
    const [from, to] = this.ends;
    const isAll = from === 0 && to === this.all.length;
    const days = `${written(this.all[Math.min(from, this.all.length - 1)]!.from)} to ${written(this.all[Math.max(to, 1) - 1]!.until - 1)}`;
    const count = this.all.slice(from, to).reduce((sum, bar) => sum + bar.count, 0);
    this.says.textContent = `${isAll ? "All days" : days}: ${count.toLocaleString("en")} ${this.given.what}`;
    this.clear.hidden = isAll;
    const foot = document.createElement("div");
    foot.className = "foot-of";
    foot.append(this.says, this.clear);
    return foot;
  }
}
