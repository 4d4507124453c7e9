// Which papers the map shows in colour, how many each topic has of them, and where its name belongs.

import type { Camera } from "./camera";
import type { Store } from "./data";

export interface Lit {
  shown: Uint32Array;
  /** Not 0 for a paper that is not shown. */
  fails: Uint32Array;
  /** Papers of each topic among those shown, and one of them in its middle. */
  counts: Map<number, number>;
  places: Map<number, [number, number]>;
}

/** What a presentation shows in place of the explorer's own view. */
export interface Slide {
  lit: Lit;
  camera: Camera;
  level: "theme" | "topic";
  /** How much larger than usual letters are. */
  scale: number;
}

export function lit(store: Store, shown: Uint32Array, fails: Uint32Array): Lit {
  const sums = new Map<number, { n: number; x: number; y: number }>();
  for (const row of shown) {
    const topic = store.topic[row]!;
    let sum = sums.get(topic);
    if (!sum) sums.set(topic, (sum = { n: 0, x: 0, y: 0 }));
    sum.n += 1;
    sum.x += store.x[row]!;
    sum.y += store.y[row]!;
  }
  const counts = new Map([...sums].map(([topic, { n }]) => [topic, n]));
  const places = new Map<number, [number, number]>();
  // A topic of which all papers are shown has its place from Python.
  for (const { topic, size, place } of store.topics) {
    if (place.length && counts.get(topic)! >= size) places.set(topic, [place[0]!, place[1]!]);
  }
  const least = new Map<number, number>();
  for (const row of shown) {
    const topic = store.topic[row]!;
    const { n, x, y } = sums.get(topic)!;
    if (places.has(topic) && !least.has(topic)) continue;
    const far = (store.x[row]! - x / n) ** 2 + (store.y[row]! - y / n) ** 2;
    if (far >= (least.get(topic) ?? Infinity)) continue;
    least.set(topic, far);
    places.set(topic, [store.x[row]!, store.y[row]!]);
  }
  return { shown, fails, counts, places };
}

/** The same with some papers alone. */
export function only(store: Store, { shown }: Lit, wanted: (row: number) => boolean): Lit {
  const rows = shown.filter(wanted);
  const fails = new Uint32Array(store.n).fill(1);
  for (const row of rows) fails[row] = 0;
  return lit(store, rows, fails);
}

/** A camera that has most of some papers in the frame: outliers do not count. */
export function cameraOn(
  store: Store, rows: Uint32Array, width: number, height: number, most = 5,
): Camera {
  if (!rows.length) return [0, 0, 1];
  const ends = (values: ArrayLike<number>): [number, number] => {
    const sorted = Float32Array.from(rows, (row) => values[row]!).sort();
    const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))]!;
    return [at(0.04), at(0.96)];
  };
  const [[left, right], [low, high]] = [ends(store.x), ends(store.y)];
  // At zoom 1 the shorter side of the frame holds the whole map.
  const unit = Math.min(width / store.extent[0], height / store.extent[1]) / 2;
  const zoom = 0.62 * Math.min(width / unit / Math.max(right - left, 0.05), height / unit / Math.max(high - low, 0.05));
  return [(left + right) / 2, (low + high) / 2, Math.min(Math.max(zoom, 1), most)];
}
