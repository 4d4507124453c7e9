import { describe, expect, it } from "vitest";
import type { App } from "../src/app";
import { makeBins } from "../src/bins";
import { colourings } from "../src/colours";
import { columnsOf } from "../src/columns";
import { makeStore, type Numbers } from "../src/data";
import { MISSING, type PaperMeta } from "../src/schema";

function storeOf(dates: number[]): ReturnType<typeof makeStore> {
  const n = dates.length;
  const arrays = new Map<string, Numbers>([
    ["x", new Float32Array(n)], ["y", new Float32Array(n)], ["date", Int32Array.from(dates)],
    ["last", Int32Array.from(dates)], ["precision", new Uint8Array(n)], ["linkCount", new Uint32Array(n)]]);
  const meta: PaperMeta = { n, ids: [], fingerprint: "", titles: dates.map(String), facets: [], numbers: [],
    texts: [], columns: [] };
  return makeStore({ meta, arrays }, { meta: { topics: [], themes: [] }, arrays: new Map() });
}

describe("papers without any date", () => {
  it.each([[[MISSING, MISSING], false], [[MISSING, 19000], true]])("%j", (dates, dated) => {
    const store = storeOf(dates);
    const columns = columnsOf({ store } as unknown as App).map(({ name }) => name);
    expect(store.dated).toBe(dated);
    expect(columns.includes("date")).toBe(dated);
    expect(colourings(store).some(([name]) => name === "date")).toBe(dated);
    expect(makeBins(store).bins.length > 0).toBe(dated);
  });
});
