import { describe, expect, it } from "vitest";
import { makeBins, tally, type Dates } from "../src/bins";
import { MISSING } from "../src/schema";

const day = (text: string): number => Date.parse(`${text}T00:00:00Z`) / 86400000;

/** Dates as written: to the day, the month or the year. */
function dated(texts: string[]): Dates {
  const ends = texts.map((text) => {
    if (!text) return [MISSING, MISSING, 0] as const;
    const [year, month, date] = text.split("-").map(Number);
    if (date) return [day(text), day(text), 0] as const;
    if (month) {
      return [day(`${text}-01`), Date.UTC(year!, month, 1) / 86400000 - 1, 1] as const;
    }
    return [day(`${text}-01-01`), day(`${text}-12-31`), 2] as const;
  });
  return { n: texts.length, date: Int32Array.from(ends, ([first]) => first),
    last: Int32Array.from(ends, ([, last]) => last), precision: Uint8Array.from(ends, ([, , p]) => p) };
}

describe("the timeline", () => {
  it("has a bar a month for two years of days", () => {
    const bins = makeBins(dated(["2024-01-15", "2025-12-01", ""]));
    expect([bins.unit, bins.bins.length]).toEqual(["month", 24]);
    expect([...tally(bins, [0, 1, 2])].reduce((sum, value) => sum + value)).toBe(2);
    expect(bins.bins[23]).toEqual({ name: "Dec 2025", first: "2025-12-01", last: "2025-12-31" });
  });

  it("spreads a paper over all that its date can mean", () => {
    const many = Array.from({ length: 40 }, (_, i) => `2024-${String(1 + (i % 12)).padStart(2, "0")}-03`);
    const bins = makeBins(dated([...many, "2024"]));
    expect(bins.unit).toBe("month");
    const parts = [...tally(bins, [40])];
    expect(parts).toHaveLength(12);
    for (const part of parts) expect(part).toBeCloseTo(1 / 12);
  });

  it("does not let a few old papers squeeze the others", () => {
    const recent = Array.from({ length: 200 }, (_, i) => `202${i % 4}-06-0${1 + (i % 9)}`);
    const bins = makeBins(dated(["1931", "1955-02", ...recent]));
    expect(bins.bins[0]).toEqual({ name: "before Jun 2020", first: "1931-01-01", last: "2020-05-31" });
    expect(bins.bins.at(-1)!.name).toBe("Jun 2023");
    expect([...tally(bins, [0, 1])][0]).toBe(2);
    expect([...tally(bins, Array.from({ length: 202 }, (_, i) => i))].reduce((a, b) => a + b)).toBeCloseTo(202);
  });

  it("keeps an even spread of old papers", () => {
    const bins = makeBins(dated(Array.from({ length: 100 }, (_, i) => String(1920 + i))));
    expect([bins.unit, bins.bins[0]!.name, bins.bins.length]).toEqual(["decade", "1920s", 10]);
  });

  it("is empty without dates", () => {
    expect(makeBins(dated(["", ""])).bins).toEqual([]);
  });
});
