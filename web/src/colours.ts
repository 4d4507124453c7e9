// Colours. Categories take Okabe and Ito's palette, its light ones darkened to 3:1 on white, its
// dark ones lightened to 3:1 on the dark background. Topics take their theme's hue in shades.

import { dateText, fromDay, valuesOf, type Numbers, type Store } from "./data";
import type { Found } from "./rules";
import { MISSING } from "./schema";

export interface Theme {
  paper: string; ink: string; soft: string; faint: string; ring: string; halo: string;
  palette: string[]; ramp: string[];
  /** Lightness (OKLCH) of a topic's shades, and the chroma of all. */
  shades: number[]; chroma: number;
}
export type ThemeName = "light" | "dark";

export const THEMES: Record<ThemeName, Theme> = {
  light: {
    paper: "#ffffff", ink: "#1b1b1b", soft: "#434b54", faint: "#c9ced4", ring: "#000000", halo: "#ffffff",
    palette: ["#0072b2", "#c24e00", "#00815d", "#a8497e", "#9a6a00", "#2f86b8", "#4d4d4d"],
    ramp: ["#08306b", "#2f6fb3", "#75838f", "#93803f", "#b08c00"],
    shades: [0.6, 0.48, 0.65, 0.54], chroma: 0.15,
  },
  dark: {
    paper: "#15181c", ink: "#eceff2", soft: "#c3cbd3", faint: "#3d444c", ring: "#ffffff", halo: "#15181c",
    palette: ["#56b4e9", "#ff8a47", "#2fc49b", "#e59ac6", "#e69f00", "#f0e442", "#c4c4c4"],
    ramp: ["#3c8ae0", "#7ba0c4", "#b5b5a8", "#dcc566", "#ffe436"],
    shades: [0.75, 0.64, 0.84, 0.69], chroma: 0.14,
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

/** OKLCH to sRGB (Ottosson 2020); chroma is lowered until the colour can be shown. */
export function oklch(lightness: number, chroma: number, hue: number): string {
  const [cos, sin] = [Math.cos((hue * Math.PI) / 180), Math.sin((hue * Math.PI) / 180)];
  for (let c = chroma; ; c -= 0.01) {
    const [a, b] = [Math.max(c, 0) * cos, Math.max(c, 0) * sin];
    const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
    const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
    const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
    const rgb = [4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
      -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
      -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s];
    if (c > 0 && rgb.some((value) => value < -0.0005 || value > 1.0005)) continue;
    return `#${rgb.map((value) => {
      const v = Math.min(Math.max(value, 0), 1);
      const coded = v <= 0.0031308 ? 12.92 * v : 1.055 * v ** (1 / 2.4) - 0.055;
      return Math.round(coded * 255).toString(16).padStart(2, "0");
    }).join("")}`;
  }
}

export type Places = Map<number, [number, number]>;

/** Shade of each topic: themes are hues, those near each other far apart on the colour wheel; the
 *  topics of a theme differ in lightness, and a little in hue. */
export function topicColours(store: Store, places: Places, theme: Theme): Map<number, string> {
  const themes = [...new Set(store.topics.filter(({ topic }) => topic >= 0).map((t) => t.theme))];
  const steps = Math.max(themes.length, 1);
  const hues = Array.from({ length: steps }, (_, i) => 25 + (360 * i) / steps);
  const hueOf = new Map<number, number>();
  const between = (a: number, b: number): number => Math.abs(((a - b + 540) % 360) - 180);
  for (const one of themes) {
    const here = places.get(one) ?? [0, 0];
    const free = hues.filter((hue) => ![...hueOf.values()].includes(hue));
    const worth = (hue: number): number => Math.min(400, ...[...hueOf].map(([other, taken]) => {
      const there = places.get(other) ?? [0, 0];
      return between(hue, taken) * (0.15 + Math.hypot(here[0] - there[0], here[1] - there[1]));
    }));
    hueOf.set(one, free.reduce((best, hue) => (worth(hue) > worth(best) ? hue : best), free[0]!));
  }
  const told = new Map<number, number>();
  const colours = new Map<number, string>();
  for (const { topic, theme: one } of store.topics) {
    if (topic < 0) continue;
    const nth = told.get(one) ?? 0;
    told.set(one, nth + 1);
    const shade = theme.shades[nth % theme.shades.length]!;
    const turn = [0, 9, -9, 15, -15][Math.floor(nth / theme.shades.length) % 5]!;
    const narrow = steps > 1 ? Math.min(1, 180 / steps / 15) : 1;
    colours.set(topic, oklch(shade, theme.chroma, hueOf.get(one)! + turn * narrow));
  }
  return colours;
}

/** What the papers can be coloured by. */
export function colourings(store: Store): [value: string, text: string][] {
  const facets = store.meta.facets.filter(({ name }) => !["code", "hosts"].includes(name))
    .map(({ name, title }): [string, string] => [`facet ${name}`, title.toLowerCase()]);
  const numbers = store.meta.numbers.map(({ name, title }): [string, string] =>
    [`number ${name}`, title.toLowerCase()]);
  const columns = store.meta.columns.map(({ name, title }): [string, string] => [name, title]);
  const code: [string, string][] = store.facets.has("code") ? [["code", "code status"]] : [];
  return [["topic", "topic"], ["date", "date"], ...code, ...numbers, ...facets, ...columns,
    ["score", "search score"]];
}

/** Colour of each paper (packed) and the legend, for a colouring and a theme. */
export function colourPapers(
  store: Store, colouring: string, theme: Theme, topics: Map<number, string>, found: Found | null,
): Painted {
  const none = mix(theme.faint, theme.ink, 0.25);
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
