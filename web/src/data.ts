// The papers as columns. Python packs them: gzip of [header length][JSON header][arrays].

import { MISSING, type PageMeta, type PaperMeta, type ThemeRow, type TopicMeta, type TopicRow } from "./schema";

export type Numbers = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float32Array;

const ARRAYS = {
  u8: Uint8Array, u16: Uint16Array, u32: Uint32Array, i32: Int32Array, f32: Float32Array,
};

export interface Packed<Meta> {
  meta: Meta;
  arrays: Map<string, Numbers>;
}

interface Header<Meta> {
  meta: Meta;
  arrays: [string, keyof typeof ARRAYS, number][];
}

/** A column with a list of values a paper: those of `row` are `codes[starts[row]…starts[row + 1]]`. */
export interface Facet {
  names: string[];
  starts: Numbers;
  codes: Numbers;
}

/** What the filters read. */
export interface Columns {
  n: number;
  topic: Numbers;
  date: Numbers;
  last: Numbers;
  facets: Map<string, Facet>;
  numbers: Map<string, Numbers>;
}

/** The papers and their topics. */
export interface Store extends Columns {
  meta: PaperMeta;
  titles: string[];
  x: Numbers;
  y: Numbers;
  /** Half the width and half the height of the map: the longer is 1. */
  extent: [number, number];
  precision: Numbers;
  /** Whether any paper has a date. */
  dated: boolean;
  linkCount: Numbers;
  topics: TopicRow[];
  topicOf: Map<number, TopicRow>;
  themes: ThemeRow[];
  arrays: Map<string, Numbers>;
}

export async function unpack<Meta>(bytes: Uint8Array): Promise<Packed<Meta>> {
  const stream = new Blob([bytes as BlobPart]).stream().pipeThrough(new DecompressionStream("gzip"));
  const raw = await new Response(stream).arrayBuffer();
  const headerLength = new DataView(raw).getUint32(0, true);
  const text = new TextDecoder().decode(new Uint8Array(raw, 4, headerLength));
  const header = JSON.parse(text) as Header<Meta>;
  let offset = 4 + headerLength;
  const arrays = new Map<string, Numbers>();
  for (const [name, type, length] of header.arrays) {
    const size = length * ARRAYS[type].BYTES_PER_ELEMENT;
    arrays.set(name, new ARRAYS[type](raw.slice(offset, offset + size)));
    offset += size;
  }
  return { meta: header.meta, arrays };
}

export function makeStore(papers: Packed<PaperMeta>, topics: Packed<TopicMeta>): Store {
  const { meta, arrays } = papers;
  const get = (name: string): Numbers => {
    const found = arrays.get(name);
    if (!found) throw new Error(`no column ${name}`);
    return found;
  };
  const [x, y] = [get("x"), get("y")];
  const store: Store = {
    meta, arrays, n: meta.n, titles: meta.titles, x, y, extent: [reach(x), reach(y)],
    date: get("date"), dated: get("date").some((day: number) => day !== MISSING), last: get("last"), precision: get("precision"), linkCount: get("linkCount"),
    facets: new Map(meta.facets.map(({ name, names }) =>
      [name, { names, starts: startsOf(meta.n, arrays.get(`counts:${name}`)), codes: get(`codes:${name}`) }])),
    numbers: new Map(meta.numbers.map(({ name }) => [name, get(`number:${name}`)])),
    topic: new Int32Array(0), topics: [], topicOf: new Map(), themes: [],
  };
  setTopics(store, topics);
  return store;
}

/** Where each paper's values start, from how many there are: one a paper if nothing is said. */
function startsOf(n: number, counts?: Numbers): Uint32Array {
  const starts = new Uint32Array(n + 1);
  for (let row = 0; row < n; row++) starts[row + 1] = starts[row]! + (counts ? counts[row]! : 1);
  return starts;
}

function reach(values: Numbers): number {
  let most = 0.05;
  for (const value of values) most = Math.max(most, Math.abs(value));
  return most;
}

/** Hang a topic table and each paper's topic onto the store. */
export function setTopics(store: Store, { meta, arrays }: Packed<TopicMeta>): void {
  store.topics = meta.topics;
  store.topic = arrays.get("topic") ?? new Int32Array(store.n).fill(-1);
  store.themes = meta.themes;
  store.topicOf = new Map(meta.topics.map((entry) => [entry.topic, entry]));
}

export type PagePacked = Packed<PaperMeta & TopicMeta & PageMeta>;

export function valuesOf(facet: Facet | undefined, row: number): string[] {
  const out: string[] = [];
  if (!facet) return out;
  for (let i = facet.starts[row]!; i < facet.starts[row + 1]!; i++) {
    out.push(facet.names[facet.codes[i]!]!);
  }
  return out;
}

export function codeOf(store: Store, row: number): string {
  return valuesOf(store.facets.get("code"), row)[0] ?? "unknown";
}

export function toDay(isoDate: string | null): number | null {
  return isoDate ? Math.round(Date.parse(`${isoDate}T00:00:00Z`) / 86400000) : null;
}

export function fromDay(day: number): string {
  return new Date(day * 86400000).toISOString().slice(0, 10);
}

/** A date as precisely as it is known: day, month or year. */
export function dateText(store: Store, row: number): string {
  const day = store.date[row]!;
  if (day === MISSING) return "";
  return fromDay(day).slice(0, [10, 7, 4][store.precision[row]!]);
}

export function topicLabel(store: Store, topic: number): string {
  const found = store.topicOf.get(topic);
  return found ? found.label : topic === -1 ? "no topic" : `topic ${topic}`;
}

/** The topics of a theme. */
export function topicsOf(store: Store, theme: number): number[] {
  return store.topics.filter((entry) => entry.theme === theme).map(({ topic }) => topic);
}
