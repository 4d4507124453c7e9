// Colours. Okabe and Ito's palette, its light ones darkened to 3:1 on white, its dark ones
// lightened to 3:1 on the dark background; never the only carrier of a meaning.

import { MISSING, fromDay } from "./data.js";

export const THEMES = {
  light: {
    paper: "#ffffff", ink: "#1b1b1b", soft: "#434b54", faint: "#c9ced4", ring: "#000000", halo: "#ffffff",
    palette: ["#0072b2", "#c24e00", "#00815d", "#a8497e", "#9a6a00", "#2f86b8", "#4d4d4d"],
    ramp: ["#08306b", "#2f6fb3", "#75838f", "#93803f", "#b08c00"],
  },
  dark: {
    paper: "#15181c", ink: "#eceff2", soft: "#c3cbd3", faint: "#3d444c", ring: "#ffffff", halo: "#15181c",
    palette: ["#56b4e9", "#ff8a47", "#2fc49b", "#e59ac6", "#e69f00", "#f0e442", "#c4c4c4"],
    ramp: ["#3c8ae0", "#7ba0c4", "#b5b5a8", "#dcc566", "#ffe436"],
  },
};

/** Pack "#rrggbb" the way canvas pixels lie in memory (little-endian RGBA). */
export function packed(colour) {
  const value = parseInt(colour.slice(1), 16);
  return (0xff000000 | ((value & 255) << 16) | (value & 0xff00) | (value >> 16)) >>> 0;
}

function mix(from, to, share) {
  const part = (shift) => {
    const a = (parseInt(from.slice(1), 16) >> shift) & 255;
    const b = (parseInt(to.slice(1), 16) >> shift) & 255;
    return Math.round(a + (b - a) * share).toString(16).padStart(2, "0");
  };
  return `#${part(16)}${part(8)}${part(0)}`;
}

function ramp(stops, share) {
  const place = Math.min(Math.max(share, 0), 1) * (stops.length - 1);
  const step = Math.min(Math.floor(place), stops.length - 2);
  return mix(stops[step], stops[step + 1], place - step);
}

/** Give topics that lie near each other different colours: biggest first, each takes the colour
 *  whose nearest bearer is farthest away. */
export function topicColours(topics, places, size) {
  const bearers = Array.from({ length: size }, () => []);
  const chosen = new Map();
  for (const { topic } of topics) {
    const place = places.get(topic);
    if (topic === -1 || !place) continue;
    const far = bearers.map((list) =>
      Math.min(...list.map(([x, y]) => Math.hypot(x - place[0], y - place[1])), 9));
    const best = far.indexOf(Math.max(...far));
    bearers[best].push(place);
    chosen.set(topic, best);
  }
  return chosen;
}

/** What the papers can be coloured by. */
export function colourings(store) {
  const columns = store.columns.map(({ name, title }) => [name, title]);
  return [["topic", "topic"], ["date", "date"], ["code", "code status"], ...columns];
}

/** Colour of each paper (packed) and the legend, for a colouring and a theme. */
export function colourPapers(store, colouring, theme, topicColour) {
  const rows = new Uint32Array(store.n);
  const { palette, faint } = theme;
  const none = packed(mix(faint, theme.ink, 0.25));
  if (colouring === "code") {
    const greys = [mix(faint, theme.ink, 0.25), faint];
    const colours = [palette[0], palette[1], palette[3], palette[5], ...greys];
    const codes = colours.map(packed);
    for (let row = 0; row < store.n; row++) rows[row] = codes[store.code[row]];
    return { rows, legend: store.codes.map((name, i) => [colours[i], name]) };
  }
  const column = store.columns.find(({ name }) => name === colouring);
  if (colouring === "date" || column?.type === "number") {
    const values = colouring === "date" ? store.date : store[column.array];
    // Dates that are known to the month alone are not told to the day.
    const least = store.precision.reduce(
      (found, value, row) => (store.date[row] === MISSING ? found : Math.min(found, value)), 2);
    const finest = [10, 7, 4][least];
    const text = colouring === "date" ? (day) => fromDay(day).slice(0, finest) : String;
    return rampOf(values, text, theme, rows, none);
  }
  if (column) {
    const colours = column.names.map((_, i) => palette[i % palette.length]);
    const codes = colours.map(packed);
    const values = store[column.array];
    for (let row = 0; row < store.n; row++) rows[row] = codes[values[row]] ?? none;
    const legend = column.names.map((name, i) => [colours[i], name]);
    return { rows, legend: [...legend, [mix(faint, theme.ink, 0.25), "other or missing"]] };
  }
  for (let row = 0; row < store.n; row++) {
    const colour = topicColour.get(store.topic[row]);
    rows[row] = colour === undefined ? none : packed(palette[colour]);
  }
  return { rows, legend: [] };
}

/** Colour by rank, so that a few large values do not leave all others in one colour. */
function rampOf(values, text, theme, rows, none) {
  const known = Array.from(values).filter((value) => value !== MISSING).sort((a, b) => a - b);
  const shareOf = new Map();
  known.forEach((value, i) => shareOf.set(value, i / Math.max(known.length - 1, 1)));
  const cache = new Map();
  for (let row = 0; row < rows.length; row++) {
    const value = values[row];
    if (value === MISSING) rows[row] = none;
    else {
      if (!cache.has(value)) cache.set(value, packed(ramp(theme.ramp, shareOf.get(value))));
      rows[row] = cache.get(value);
    }
  }
  const at = (share) => text(known[Math.round(share * (known.length - 1))]);
  const legend = known.length
    ? [0, 0.5, 1].map((share) => [ramp(theme.ramp, share), at(share)])
    : [];
  return { rows, legend, ordered: legend.length > 0 };
}
