// The cases and their answers come from Python (`scripts/explorer_schema.py`).

import { describe, expect, it } from "vitest";
import { type Columns } from "../src/data";
import { Linked, type Found } from "../src/rules";
import { RULES, type WireView } from "../src/schema";
import { fromWire, marksText, parseMarks, parseView, toWire, viewText } from "../src/view";
import { fold, queryParts, searchWords } from "../src/words";
import cases from "./cases.json";

const stop = new Set(cases.stop);
const n = cases.ids.length;
const papers = { n, ids: cases.ids, fingerprint: "abcdef" };
const lists = Object.entries(cases.columns.lists);
const columns: Columns = {
  n,
  topic: Int32Array.from(cases.columns.topic),
  date: Int32Array.from(cases.columns.date),
  last: Int32Array.from(cases.columns.last),
  facets: new Map(lists.map(([name, { names, starts, codes }]) =>
    [name, { names, starts: Uint32Array.from(starts), codes: Uint32Array.from(codes) }])),
  numbers: new Map(Object.entries(cases.columns.numbers).map(([name, values]) =>
    [name, Int32Array.from(values)])),
};
const rowsOf = (marks: Uint8Array | null) =>
  marks ? [...marks.keys()].filter((row) => marks[row]) : null;

describe("search by words", () => {
  it.each(cases.fold as [string, string][])("folds %j", (text, folded) => {
    expect(fold(text)).toBe(folded);
  });
  it.each(cases.parts as [string, [string, boolean][]][])("takes %j apart", (query, parts) => {
    expect(queryParts(query, stop).map(({ text, wanted }) => [text, wanted])).toEqual(parts);
  });
  it.each(cases.search as [string, number[]][])("finds %j", (query, rows) => {
    const folded = cases.fold.map(([, text]) => text!);
    const rank = searchWords(folded, query, stop);
    expect([...rank.keys()].filter((row) => rank[row]! >= 0)).toEqual(rows);
  });
});

describe("views", () => {
  it.each(cases.views.map((entry) => [entry.text, entry] as const))("%j", (text, entry) => {
    const wire = entry.view as unknown as WireView;
    const state = fromWire(wire, n);
    expect(toWire(state)).toEqual(wire);
    // Python checks the fingerprints; the page reads its own address.
    expect(toWire(parseView(text, papers))).toEqual(wire);
    expect(toWire(parseView(viewText(state, papers), papers))).toEqual(wire);
    const found: Found = { rank: new Int32Array(n).fill(-1), scores: null };
    for (const row of entry.found) found.rank[row] = row;
    const linked = new Linked(columns);
    linked.found = found;
    linked.apply(state);
    expect([...linked.shown]).toEqual(entry.rows);
    // A rule's own filter never counts against its options.
    for (const { name } of RULES) {
      for (const row of linked.shown) expect(linked.passesBut(row, name)).toBe(true);
    }
  });
  it.each(cases.marks as unknown as [number[], number, string][])("marks %j", (rows, size, text) => {
    const marks = new Uint8Array(size);
    for (const row of rows) marks[row] = 1;
    expect(marksText(marks)).toBe(text);
    expect(rowsOf(parseMarks(text, size))).toEqual(rows);
  });
  it("leaves out what it cannot read", () => {
    const text = "code=maybe&since=yesterday&at=1,2&upvotes=-3&marks=%3Cb%3E&open=none&mode=magic";
    expect(parseView(text, papers)).toEqual(fromWire({}, n));
  });
});
