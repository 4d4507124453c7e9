// Linked brushing: one bit a paper and rule says which filters it fails.
// A paper is shown where no bit is set; the counts beside a filter leave out that filter's own bit.
// Which rules there are, and which test each makes, comes from Python (`state.py`).

import { toDay, type Columns } from "./data";
import { CODECS, MISSING, RULES, START as PLAIN, type Rule, type WireView } from "./schema";

export interface State extends Omit<WireView, "marks"> {
  /** One byte a paper, 1 where it is marked. */
  marks: Uint8Array | null;
}
export type Patch = Partial<State>;
export type Test = (row: number) => boolean;
/** Fields that hold chosen values, and those that hold a least number. */
export type FacetName = "code" | "kinds" | "hosts" | "venue" | "authors" | "countries" | "keywords" | "kind" | "year";
export type NumberName = "upvotes" | "stars" | "cited_by";

export interface Found {
  rank: Int32Array;
  scores: Float32Array | null;
}

export const START: State = { ...PLAIN, marks: null };
export const FILTERING: string[] = RULES.flatMap(({ fields }) => fields);
export const EMPTY: Patch = Object.fromEntries(
  Object.entries(START).filter(([name]) => FILTERING.includes(name)));
export const FACET_NAMES = RULES.filter(({ test }) => test === "facet")
  .map(({ name }) => name as FacetName);
export const NUMBER_NAMES = RULES.filter(({ test }) => test === "least")
  .map(({ name }) => name as NumberName);
export const FIELDS = Object.keys(CODECS);

/** A function row → passes, or null where the rule does not filter. */
export function testOf(rule: Rule, state: State, columns: Columns, found: Found | null): Test | null {
  switch (rule.test) {
    case "topic": {
      const wanted = new Set(state.topics);
      return wanted.size ? (row) => wanted.has(columns.topic[row]!) : null;
    }
    case "facet": {
      const names = state[rule.name as FacetName];
      return names.length ? hasOneOf(columns, rule.name, names) : null;
    }
    case "span": {
      if (!state.since && !state.until) return null;
      const since = toDay(state.since) ?? MISSING + 1;
      const until = toDay(state.until) ?? Infinity;
      return (row) => columns.last[row]! >= since && columns.date[row]! <= until;
    }
    case "least": {
      const least = state[rule.name as NumberName];
      const values = columns.numbers.get(rule.name);
      if (least === null) return null;
      return values ? (row) => values[row] !== MISSING && values[row]! >= least : () => false;
    }
    case "found":
      return state.words.trim() && found ? (row) => found.rank[row]! >= 0 : null;
    case "marked": {
      const { marks } = state;
      return marks ? (row) => marks[row] === 1 : null;
    }
  }
}

function hasOneOf(columns: Columns, name: string, wanted: string[]): Test {
  const facet = columns.facets.get(name);
  if (!facet) return () => false;
  const { starts, codes } = facet;
  const chosen = facet.names.map((value) => wanted.includes(value));
  return (row) => {
    for (let i = starts[row]!; i < starts[row + 1]!; i++) if (chosen[codes[i]!]) return true;
    return false;
  };
}

export class Linked {
  readonly fails: Uint32Array;
  shown = new Uint32Array(0);
  found: Found | null = null;

  constructor(private readonly store: Columns) {
    this.fails = new Uint32Array(store.n);
    this.collect();
  }

  /** Recompute the rules that a change of these state fields touches. */
  apply(state: State, fields: readonly string[] = FILTERING): boolean {
    const touched = RULES.filter((rule) => rule.fields.some((field) => fields.includes(field)));
    for (const rule of touched) {
      this.write(bitOf(rule.name), testOf(rule, state, this.store, this.found));
    }
    if (touched.length) this.collect();
    return touched.length > 0;
  }

  private write(bit: number, passes: Test | null): void {
    const { fails } = this;
    for (let row = 0; row < fails.length; row++) {
      if (passes === null || passes(row)) fails[row]! &= ~bit;
      else fails[row]! |= bit;
    }
  }

  private collect(): void {
    this.shown = this.passing(0);
  }

  /** Whether a paper passes all filters but that of one rule. */
  passesBut(row: number, name: string): boolean {
    return (this.fails[row]! & ~bitOf(name)) === 0;
  }

  /** The papers that do. */
  passingBut(name: string): Uint32Array {
    return this.passing(bitOf(name));
  }

  private passing(ignored: number): Uint32Array<ArrayBuffer> {
    const rows = new Uint32Array(this.fails.length);
    let length = 0;
    for (let row = 0; row < rows.length; row++) if (!(this.fails[row]! & ~ignored)) rows[length++] = row;
    return rows.slice(0, length);
  }

  /** How many papers would be shown for each topic, the filter by topic aside. */
  topicCounts(): Map<number, number> {
    const totals = new Map<number, number>();
    const others = ~bitOf("topics");
    for (let row = 0; row < this.store.n; row++) {
      if (this.fails[row]! & others) continue;
      const topic = this.store.topic[row]!;
      totals.set(topic, (totals.get(topic) ?? 0) + 1);
    }
    return totals;
  }

  /** How many papers would be shown for each value of a facet, its own filter aside. */
  counts(name: string): Uint32Array {
    const facet = this.store.facets.get(name);
    if (!facet) return new Uint32Array(0);
    const totals = new Uint32Array(facet.names.length);
    const others = ~bitOf(name);
    const { starts, codes } = facet;
    for (let row = 0; row < this.store.n; row++) {
      if (this.fails[row]! & others) continue;
      for (let i = starts[row]!; i < starts[row + 1]!; i++) totals[codes[i]!]! += 1;
    }
    return totals;
  }
}

const BITS = new Map(RULES.map(({ name }, i) => [name, 1 << i]));

export function bitOf(name: string): number {
  return BITS.get(name) ?? 0;
}

/** Whether two values of a field are equal. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (!a || !b || typeof a !== "object" || typeof b !== "object") return false;
  const [some, other] = [a as ArrayLike<unknown>, b as ArrayLike<unknown>];
  if (some.length !== other.length) return false;
  for (let i = 0; i < some.length; i++) if (some[i] !== other[i]) return false;
  return true;
}
