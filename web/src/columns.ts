// The columns of the table: what each shows of a paper, and by what it sorts.

import type { App } from "./app";
import { codeOf, dateText, topicLabel, valuesOf } from "./data";
import { count, h, swatch, type Child } from "./dom";
import { MISSING } from "./schema";

export interface Column {
  name: string;
  title: string;
  tip?: string;
  /** Whether it sorts from large to small at first. */
  down?: boolean;
  /** Shown without being asked for, where there is anything in it. */
  usual?: boolean;
  shown: () => boolean;
  cell: (row: number) => Child;
  /** A number a paper to sort by, `MISSING` at the end. */
  key: () => ArrayLike<number>;
}

const WIDE = new Set(["authors", "venue", "keywords", "countries", "categories", "affiliations", "comments"]);

export function columnsOf(app: App): Column[] {
  const { store } = app;
  const always = (): boolean => true;
  const columns: Column[] = [
    { name: "title", title: "Title", usual: true, shown: always, key: once(() => ranks(store.titles)),
      cell: (row) => h("span", { class: "tk-clamp", dir: "auto", text: store.titles[row]! }) },
    { name: "score", title: "Score", tip: "Sort by nearness to the search", down: true, usual: true,
      shown: () => Boolean(app.state.words.trim() && app.linked.found?.scores),
      key: () => app.linked.found?.scores ?? new Float32Array(store.n),
      cell: (row) => String(Math.round(app.linked.found?.scores?.[row] ?? 0)) },
    ...(store.dated ? [{ name: "date", title: "Date", down: true, usual: true, shown: always,
      key: () => store.date, cell: (row: number) => dateText(store, row) }] : []),
    ...store.meta.texts.map((meta): Column => textColumn(app, meta.name, meta.title)),
    { name: "topic", title: "Topic", usual: true, shown: always,
      key: () => ranks(Array.from(store.topic, (topic) => topicLabel(store, topic))),
      cell: (row) => h("span", { class: "tk-clamp", dir: "auto" },
        swatch(app.map.swatch(store.topic[row]!)), topicLabel(store, store.topic[row]!)) },
  ];
  if (store.facets.has("code")) {
    const names = store.facets.get("code")!.names;
    columns.push({ name: "code", title: "Code", usual: true, shown: always,
      key: once(() => Int32Array.from({ length: store.n }, (_, row) => names.indexOf(codeOf(store, row)))),
      cell: (row) => {
        const code = codeOf(store, row);
        const dull = code === "none" || code === "unknown";
        return h("span", { class: dull ? "tk-number" : null, text: code });
      } });
    columns.push({ name: "links", title: "Links", down: true, shown: always, usual: !store.facets.has("venue"),
      key: () => store.linkCount,
      cell: (row) => (store.linkCount[row] ? String(store.linkCount[row]) : "") });
  }
  for (const { name, title } of store.meta.numbers) {
    const values = store.numbers.get(name)!;
    columns.push({ name, title: name === "upvotes" ? "Votes" : title, down: true, usual: true,
      tip: `Sort by ${title.toLowerCase()}`, shown: always, key: () => values,
      cell: (row) => (values[row] === MISSING ? "" : count(values[row]!)) });
  }
  return columns;
}

/** Title, date, topic and the like; of the columns of text the venue, where there is room. */
export function defaultColumns(columns: Column[]): string[] {
  return columns.filter(({ usual }) => usual).map(({ name }) => name);
}

/** A column whose texts come from the backend when they are first wanted. */
function textColumn(app: App, name: string, title: string): Column {
  const facet = app.store.facets.get(name);
  const text = (row: number): string =>
    app.texts(name)?.[row] ?? (facet ? valuesOf(facet, row).join("; ") : "…");
  return {
    name, title, usual: name === "venue", shown: () => true,
    cell: (row) => h("span", { class: WIDE.has(name) ? "tk-clamp" : null, dir: "auto", text: text(row) }),
    key: () => {
      const texts = app.texts(name);
      // "" comes last, as what is missing does.
      const rank = ranks(Array.from({ length: app.store.n }, (_, row) => texts?.[row] ?? text(row)));
      return rank.map((value, row) => ((texts?.[row] ?? text(row)) ? value : MISSING));
    },
  };
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

export function ranks(texts: string[]): Int32Array {
  const lower = texts.map((text) => text.toLowerCase());
  const order = lower.map((_, i) => i).sort((a, b) =>
    lower[a]! < lower[b]! ? -1 : lower[a]! > lower[b]! ? 1 : a - b);
  const rank = new Int32Array(texts.length);
  let value = 0;
  order.forEach((row, i) => {
    if (i && lower[row] !== lower[order[i - 1]!]) value = i;
    rank[row] = value;
  });
  return rank;
}
