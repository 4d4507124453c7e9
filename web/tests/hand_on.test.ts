import { describe, expect, it } from "vitest";
import { newest } from "../src/home";
import { wrapped } from "../src/picture";
import { MISSING } from "../src/schema";
import type { Store } from "../src/data";
import { START } from "../src/rules";
import { reasonsOf } from "../src/summary";

describe("what is handed on", () => {
  it("lists the newest papers, those without a date never, those of one day in their order", () => {
    const dates = [5, MISSING, 9, 7, 9, 1];
    expect(newest(Uint32Array.of(0, 1, 2, 3, 4, 5), dates, 3)).toEqual([2, 4, 3]);
    expect(newest(Uint32Array.of(0, 1, 5), dates, 5)).toEqual([0, 5]);
    expect(newest(Uint32Array.of(1), dates, 5)).toEqual([]);
  });

  it("says what is shown in lines of whole words", () => {
    const measure = (text: string): number => text.length;
    expect(wrapped("two papers of four shown", 10, measure)).toEqual(["two papers", "of four", "shown"]);
    expect(wrapped("incomprehensible", 4, measure)).toEqual(["incomprehensible"]);
  });

  it("names a theme where all its topics are chosen and no other", () => {
    const topics = [[0, 0], [1, 0], [2, 2]].map(([topic, theme]) => ({ topic, theme, label: `topic ${topic}` }));
    const store = { topics, themes: [{ theme: 0, label: "Trees" }],
      topicOf: new Map(topics.map((one) => [one.topic, one])) } as unknown as Store;
    const said = (chosen: number[]): string[] =>
      reasonsOf({ ...(START), topics: chosen, marks: null }, store).map(({ text }) => text);
    expect(said([1, 0])).toEqual(["theme Trees"]);
    expect(said([0])).toEqual(["topic 0"]);
    expect(said([0, 1, 2])).toEqual(["3 topics"]);
  });
});
