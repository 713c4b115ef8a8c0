// A brush over the days of publication of what was found: it fills in the two days of the form, and asks again;
// after steps by keys, Enter asks.
import { Brush, day, written, type Day, type Days } from "./brush";

interface Published { days: { day: string; reports: number }[]; undated: number }

const place = document.querySelector<HTMLElement>("[data-island=search]");
const form = document.querySelector<HTMLFormElement>("form.filter");
if (place && form) void island(place, form);

async function island(place: HTMLElement, form: HTMLFormElement): Promise<void> {
  const given = new FormData(form);
  const asked = new URLSearchParams();
  // The days that were chosen before are left out: one can go back to the others.
  for (const [name, value] of given) {
    if (typeof value === "string" && value !== "" && name !== "from" && name !== "to") asked.set(name, value);
  }
  const answer = await fetch(`/api/v1/search/days?${asked}`);
  if (!answer.ok) return;
  const { days, undated } = (await answer.json()) as Published;
  const counts = new Map<Day, number>();
  for (const one of days) {
    const at = day(one.day);
    if (at !== null) counts.set(at, one.reports);
  }
  if (counts.size < 2) return;
  const field = (name: string) => form.elements.namedItem(name) as HTMLInputElement;
  const changed = ({ from, to }: Days, byKey: boolean) => {
    field("from").value = from === null ? "" : written(from);
    field("to").value = to === null ? "" : written(to);
    if (!byKey) form.requestSubmit();
  };
  const chosen = { from: day(field("from").value), to: day(field("to").value) };
  const brush = new Brush({ counts, what: "reports", chosen, changed });
  place.append(brush.element);
  brush.element.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.target as Element).closest(".end")) form.requestSubmit();
  });
  if (undated > 0) {
    const note = document.createElement("p");
    note.className = "faint";
    note.textContent = `${undated.toLocaleString("en")} more found without a day of publication; choosing days leaves them out.`;
    place.append(note);
  }
}
