// What the reading pane shows before a paper is open: what is shown, and its newest papers.

import type { App } from "./app";
import { dateText } from "./data";
import { count, h, plural } from "./dom";
import { MISSING } from "./schema";

const NEWEST = 5;

/** The newest of some papers, in the order of the collection where they are of one day. */
export function newest(rows: Uint32Array, dates: ArrayLike<number>, most: number): number[] {
  const found: number[] = [];
  for (const row of rows) {
    const date = dates[row]!;
    if (date === MISSING) continue;
    let at = found.length;
    while (at > 0 && dates[found[at - 1]!]! < date) at -= 1;
    if (at < most) found.splice(at, 0, row);
    if (found.length > most) found.pop();
  }
  return found;
}

export function home(app: App): HTMLElement[] {
  const { store, linked: { shown } } = app;
  const note = (text: string): HTMLElement => h("p", { class: "tk-note", text });
  const how = note("Click a paper on the map or in the table to read it here.");
  if (!shown.length) return [how];
  const topics = new Set(Array.from(shown, (row) => store.topic[row]!).filter((topic) => topic >= 0)).size;
  const of = shown.length < store.n ? ` of ${count(store.n)}` : "";
  const parts = [h("h2", { text: `${count(shown.length)}${of} papers shown` }),
    note(plural(topics, "topic")), how];
  const rows = newest(shown, store.date, NEWEST);
  if (!rows.length) return parts;
  return [...parts, h("h3", { text: "The newest" }), h("ol", { class: "tk-newest" }, ...rows.map((row) =>
    h("li", {}, h("button", { class: "tk-plain", dir: "auto", text: store.titles[row]!,
      onclick: () => app.openPaper(row, { focus: true }) }), h("span", { class: "tk-number", text: ` ${dateText(store, row)}` }))))];
}
