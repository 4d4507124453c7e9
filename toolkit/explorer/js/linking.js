// Linked brushing: one bit a paper and dimension says which filters it fails.
// A paper is shown where no bit is set; the counts beside a filter leave out that filter's own bit.
// Mirrors `toolkit/explorer/state.py`; a browser test holds the two together.

import { MISSING, toDay } from "./data.js";

export const DIMENSIONS = [
  "topics", "code", "kinds", "hosts", "date", "words", "upvotes", "marks",
];
const BIT = Object.fromEntries(DIMENSIONS.map((name, i) => [name, 1 << i]));
/** Which part of the state belongs to which dimension. */
const DIMENSION_OF = {
  topics: "topics", code: "code", kinds: "kinds", hosts: "hosts", since: "date", until: "date",
  words: "words", mode: "words", upvotes: "upvotes", marks: "marks",
};

export const EMPTY = {
  topics: [], code: [], kinds: [], hosts: [], since: null, until: null, words: "", mode: "words",
  upvotes: null, marks: null,
};
export const START = {
  ...EMPTY, open: null, camera: [0, 0, 1], colour: "topic", sort: "", down: false,
};

export class Linked {
  constructor(store) {
    this.store = store;
    this.fails = new Uint16Array(store.n);
    this.shown = new Uint32Array(0);
    this.found = null;
    this.collect();
  }

  /** Recompute the dimensions that a change of these state fields touches. */
  apply(state, fields = Object.keys(DIMENSION_OF)) {
    const touched = new Set(fields.map((field) => DIMENSION_OF[field]).filter(Boolean));
    for (const dimension of touched) this.write(dimension, this.test(dimension, state));
    if (touched.size) this.collect();
    return touched.size > 0;
  }

  /** A function row → passes, or null where the dimension does not filter. */
  test(dimension, state) {
    const { store } = this;
    if (dimension === "topics" && state.topics.length) {
      const wanted = new Set(state.topics);
      return (row) => wanted.has(store.topic[row]);
    }
    if (dimension === "code" && state.code.length) {
      const wanted = store.codes.map((name) => state.code.includes(name));
      return (row) => wanted[store.code[row]];
    }
    if (dimension === "kinds" && state.kinds.length) {
      let bits = 0;
      store.kindNames.forEach((name, i) => { if (state.kinds.includes(name)) bits |= 1 << i; });
      return (row) => (store.kinds[row] & bits) !== 0;
    }
    if (dimension === "hosts" && state.hosts.length) {
      const wanted = new Set(state.hosts.map((name) => store.hosts.indexOf(name)));
      return (row) => {
        for (let i = store.hostStart[row]; i < store.hostStart[row + 1]; i++) {
          if (wanted.has(store.hostList[i])) return true;
        }
        return false;
      };
    }
    if (dimension === "date" && (state.since || state.until)) {
      const since = toDay(state.since) ?? MISSING + 1;
      const until = toDay(state.until) ?? Infinity;
      return (row) => store.last[row] >= since && store.date[row] <= until;
    }
    if (dimension === "upvotes" && state.upvotes !== null) {
      return (row) => store.upvotes[row] !== MISSING && store.upvotes[row] >= state.upvotes;
    }
    if (dimension === "words" && state.words.trim() && this.found) {
      return (row) => this.found.rank[row] >= 0;
    }
    if (dimension === "marks" && state.marks) return (row) => state.marks[row] === 1;
    return null;
  }

  write(dimension, passes) {
    const bit = BIT[dimension];
    const { fails } = this;
    for (let row = 0; row < fails.length; row++) {
      if (passes === null || passes(row)) fails[row] &= ~bit;
      else fails[row] |= bit;
    }
  }

  collect() {
    const rows = new Uint32Array(this.fails.length);
    let length = 0;
    for (let row = 0; row < rows.length; row++) if (!this.fails[row]) rows[length++] = row;
    this.shown = rows.slice(0, length);
  }

  /** Whether a paper passes all filters but those of one dimension. */
  passesBut(row, dimension) {
    return (this.fails[row] & ~BIT[dimension]) === 0;
  }

  /** How many papers would be shown for each option of a dimension, its own filter aside. */
  counts(dimension) {
    const { store } = this;
    const totals = new Map();
    const add = (key) => totals.set(key, (totals.get(key) ?? 0) + 1);
    for (let row = 0; row < store.n; row++) {
      if (!this.passesBut(row, dimension)) continue;
      if (dimension === "topics") add(store.topic[row]);
      else if (dimension === "code") add(store.codes[store.code[row]]);
      else if (dimension === "kinds") {
        store.kindNames.forEach((name, i) => { if (store.kinds[row] & (1 << i)) add(name); });
      } else if (dimension === "hosts") {
        for (let i = store.hostStart[row]; i < store.hostStart[row + 1]; i++) {
          add(store.hosts[store.hostList[i]]);
        }
      }
    }
    return totals;
  }
}

/** Fold case and accents, as `fold` in state.py does. */
export function fold(text) {
  return text.normalize("NFKD").replace(/\p{Mn}/gu, "").toLowerCase();
}

/** The words and "phrases" of a query; a leading minus excludes. */
export function queryParts(query) {
  const parts = [];
  for (const match of query.matchAll(/(-?)(?:"([^"]*)"|(\S+))/g)) {
    const word = fold(match[2] ?? match[3]).trim();
    if (word) parts.push({ word, wanted: match[1] !== "-" });
  }
  return parts;
}

/** Search titles and bodies in the page itself; ranks follow the order of the papers. */
export function searchWords(store, query) {
  const parts = queryParts(query);
  store.folded ??= store.titles.map((title, row) => {
    const body = store.isAbstract[row] ? store.bodies[row] : store.bodies[row].replaceAll("_", " ");
    return fold(`${title}\n${store.authors[row]}\n${body}`);
  });
  const rank = new Int32Array(store.n).fill(-1);
  let next = 0;
  store.folded.forEach((text, row) => {
    if (parts.every(({ word, wanted }) => text.includes(word) === wanted)) rank[row] = next++;
  });
  return { rank, ordered: false };
}
