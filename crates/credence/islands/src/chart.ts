// The chart of figures: drawn by the server, again for the days that are brushed; what a mark says is shown beside it.
import { Brush, day, written, type Day, type Days } from "./brush";

const MOST_WORDS = 400;

for (const chart of document.querySelectorAll<HTMLElement>("[data-island=chart]")) island(chart);

function island(chart: HTMLElement): void {
  const place = chart.querySelector<HTMLElement>(".scroll");
  const source = chart.dataset.source;
  if (!place || !source) return;
  const says = document.createElement("p");
  says.className = "said";
  const point = "Point at a mark, or go to it with Tab: its words stand here. It leads to its claim.";
  says.textContent = point;
  says.setAttribute("role", "status");

  const tell = (event: Event) => {
    const words = (event.target as Element).closest("a")?.querySelector("title")?.textContent;
    says.textContent = words ? words.slice(0, MOST_WORDS) : point;
  };
  place.addEventListener("pointerover", tell);
  place.addEventListener("focusin", tell);
  chart.append(says);

  const counts = new Map<Day, number>();
  for (const one of (chart.dataset.days ?? "").split(" ").map(day)) {
    if (one !== null) counts.set(one, (counts.get(one) ?? 0) + 1);
  }
  // With all figures on one day, there is nothing to choose.
  if (counts.size < 2) return;
  let turn = 0;
  const changed = async (chosen: Days) => {
    const mine = ++turn;
    says.textContent = point;
    const picture = await drawn(source, chosen);
    if (mine !== turn) return;
    if (picture) place.replaceChildren(picture);
    else says.textContent = "The chart cannot be drawn anew: the desk does not answer.";
  };
  const brush = new Brush({ counts, what: "figures", chosen: { from: null, to: null }, changed });
  // Above the chart, which is as high as what is drawn.
  chart.prepend(brush.element);
}

// Asks for the chart of some days.
async function drawn(source: string, { from, to }: Days): Promise<Element | null> {
  const address = new URL(source, location.href);
  if (from !== null) address.searchParams.set("from", written(from));
  if (to !== null) address.searchParams.set("to", written(to));
  try {
    const answer = await fetch(address);
    if (!answer.ok) return null;
    // The page has the looks of pictures already, and lets in no others.
    const picture = (await answer.text()).replace(/<style>[^<]*<\/style>/, "");
    const parsed = new DOMParser().parseFromString(picture, "image/svg+xml").documentElement;
    return parsed.localName === "svg" ? document.importNode(parsed, true) : null;
  } catch {
    return null;
  }
}
