// Colours. Categories take Okabe and Ito's palette, its light ones darkened to 3:1 on white, its
// dark ones lightened to 3:1 on the dark background. Those of topics come from `plots/palette.py`.

import { dateText, fromDay, valuesOf, type Numbers, type Store } from "./data";
import type { Found } from "./rules";
import { MISSING } from "./schema";

export interface Theme {
  paper: string; ink: string; soft: string; faint: string; none: string; ring: string; halo: string;
  palette: string[]; ramp: string[];
}
export type ThemeName = "light" | "dark";

export const THEMES: Record<ThemeName, Theme> = {
  light: {
    paper: "#ffffff", ink: "#1b1b1b", soft: "#434b54", faint: "#c9ced4", none: "#9a9fa5", ring: "#000000", halo: "#ffffff",
    palette: ["#0072b2", "#c24e00", "#00815d", "#a8497e", "#9a6a00", "#2f86b8", "#4d4d4d"],
    ramp: ["#08306b", "#2f6fb3", "#75838f", "#93803f", "#b08c00"],
  },
  dark: {
    paper: "#15181c", ink: "#eceff2", soft: "#c3cbd3", faint: "#3d444c", none: "#6b7178", ring: "#ffffff", halo: "#15181c",
    palette: ["#56b4e9", "#ff8a47", "#2fc49b", "#e59ac6", "#e69f00", "#f0e442", "#c4c4c4"],
    ramp: ["#3c8ae0", "#7ba0c4", "#b5b5a8", "#dcc566", "#ffe436"],
  },
};

/** What the papers are coloured by, and what the legend says of it. */
export interface Painted {
  rows: Uint32Array;
  legend: [colour: string, text: string][];
  /** Whether the legend is a ramp from low to high. */
  ordered: boolean;
}

/** Pack "#rrggbb" the way canvas pixels lie in memory (little-endian RGBA). */
export function packed(colour: string): number {
  const value = parseInt(colour.slice(1), 16);
  return (0xff000000 | ((value & 255) << 16) | (value & 0xff00) | (value >> 16)) >>> 0;
}

export function mix(from: string, to: string, share: number): string {
  const part = (shift: number): string => {
    const a = (parseInt(from.slice(1), 16) >> shift) & 255;
    const b = (parseInt(to.slice(1), 16) >> shift) & 255;
    return Math.round(a + (b - a) * share).toString(16).padStart(2, "0");
  };
  return `#${part(16)}${part(8)}${part(0)}`;
}

function ramp(stops: string[], share: number): string {
  const place = Math.min(Math.max(share, 0), 1) * (stops.length - 1);
  const step = Math.min(Math.floor(place), stops.length - 2);
  return mix(stops[step]!, stops[step + 1]!, place - step);
}

/** What the papers can be coloured by. */
export function colourings(store: Store): [value: string, text: string][] {
  const facets = store.meta.facets.filter(({ name }) => !["code", "hosts"].includes(name))
    .map(({ name, title }): [string, string] => [`facet ${name}`, title.toLowerCase()]);
  const numbers = store.meta.numbers.map(({ name, title }): [string, string] =>
    [`number ${name}`, title.toLowerCase()]);
  const columns = store.meta.columns.map(({ name, title }): [string, string] => [name, title]);
  const code: [string, string][] = store.facets.has("code") ? [["code", "code status"]] : [];
  const date: [string, string][] = store.dated ? [["date", "date"]] : [];
  return [["topic", "topic"], ...date, ...code, ...numbers, ...facets, ...columns,
    ["score", "search score"]];
}

/** Colour of each paper (packed) and the legend, for a colouring and a theme. */
export function colourPapers(
  store: Store, colouring: string, theme: Theme, topics: Map<number, string>, found: Found | null,
): Painted {
  const { none } = theme;
  const [kind, name] = [colouring.split(" ")[0]!, colouring.slice(colouring.indexOf(" ") + 1)];
  const column = store.meta.columns.find((entry) => entry.name === colouring);
  if (colouring === "date") {
    // Dates that are known to the month alone are not told to the day.
    let least = 2;
    store.precision.forEach((value, row) => {
      if (store.date[row] !== MISSING) least = Math.min(least, value);
    });
    return byRank(store.date, (day) => fromDay(day).slice(0, [10, 7, 4][least]), theme, none);
  }
  if (colouring === "score" && found) {
    const scores = found.scores ?? found.rank.map((rank) => (rank < 0 ? MISSING : 1));
    return byRank(scores, (score) => String(Math.round(score)), theme, none);
  }
  if (kind === "number" && store.numbers.has(name)) {
    return byRank(store.numbers.get(name)!, String, theme, none);
  }
  if (column?.type === "number") {
    return byRank(store.arrays.get(column.array)!, String, theme, none);
  }
  if (column?.names) {
    const values = store.arrays.get(column.array)!;
    return byCategory(store.n, (row) => values[row]!, column.names, theme, none);
  }
  const facet = store.facets.get(colouring === "code" ? "code" : kind === "facet" ? name : "");
  if (facet) {
    const names = facet.names.slice(0, theme.palette.length);
    const first = (row: number): number =>
      facet.starts[row]! < facet.starts[row + 1]! ? facet.codes[facet.starts[row]!]! : 255;
    const greys = colouring === "code" ? ["none", "unknown"] : [];
    return byCategory(store.n, first, names, theme, none, greys);
  }
  const rows = new Uint32Array(store.n);
  const colourOf = new Map([...topics].map(([topic, colour]) => [topic, packed(colour)]));
  const other = packed(none);
  for (let row = 0; row < store.n; row++) rows[row] = colourOf.get(store.topic[row]!) ?? other;
  return { rows, legend: [], ordered: false };
}

function byCategory(
  n: number, codeOf: (row: number) => number, names: string[], theme: Theme, none: string,
  greys: string[] = [],
): Painted {
  const colours = names.map((name, i) => (greys.includes(name) ? none : theme.palette[i]!));
  const codes = colours.map(packed);
  const rows = new Uint32Array(n);
  const other = packed(none);
  let others = false;
  for (let row = 0; row < n; row++) {
    const colour = codes[codeOf(row)];
    others ||= colour === undefined;
    rows[row] = colour ?? other;
  }
  const legend = names.map((name, i): [string, string] => [colours[i]!, name]);
  return { rows, legend: others ? [...legend, [none, "other or missing"]] : legend, ordered: false };
}

/** Colour by rank, so that a few large values do not leave all others in one colour. */
function byRank(
  values: Numbers, text: (value: number) => string, theme: Theme, none: string,
): Painted {
  const known = Float64Array.from(values).filter((value) => value !== MISSING).sort();
  const shareOf = new Map<number, number>();
  known.forEach((value, i) => shareOf.set(value, i / Math.max(known.length - 1, 1)));
  const cache = new Map<number, number>([[MISSING, packed(none)]]);
  const rows = new Uint32Array(values.length);
  for (let row = 0; row < rows.length; row++) {
    const value = values[row]!;
    let colour = cache.get(value);
    if (colour === undefined) {
      colour = packed(ramp(theme.ramp, shareOf.get(value) ?? 0));
      cache.set(value, colour);
    }
    rows[row] = colour;
  }
  const at = (share: number): string => text(known[Math.round(share * (known.length - 1))]!);
  const legend = known.length
    ? [0, 0.5, 1].map((share): [string, string] => [ramp(theme.ramp, share), at(share)])
    : [];
  return { rows, legend, ordered: legend.length > 0 };
}

/** Date, topic and values of a paper in a few words, for the card under the pointer. */
export function factsOf(store: Store, row: number): string[] {
  const facts = [dateText(store, row), ...["venue", "code"].map((name) =>
    valuesOf(store.facets.get(name), row).join(", "))];
  if (store.facets.has("code") && facts.at(-1)) facts[facts.length - 1] = `code: ${facts.at(-1)!}`;
  return facts.filter(Boolean);
}
