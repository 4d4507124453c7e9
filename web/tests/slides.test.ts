import { describe, expect, it } from "vitest";
import type { Store } from "../src/data";
import { cameraOn, lit, only } from "../src/scene";
import { go, outline, typical, type At, type Way } from "../src/slides";

// Three topics in two themes, one of them of a single topic; the last paper is in no topic.
const entry = (topic: number, theme: number, size: number, place: number[]) =>
  ({ topic, label: `topic ${topic}`, size, theme, place, light: ["#000000", "#000000"], dark: ["#ffffff", "#ffffff"] });
const store = {
  n: 7, topic: Int32Array.of(0, 0, 1, 2, 2, 2, -1), extent: [1, 1],
  x: Float32Array.of(0, 0.2, 0.4, -0.5, -0.6, -0.5, 0.9), y: Float32Array.of(0, 0, 0, 0.5, 0.5, 0.6, 0.9),
  topics: [entry(0, 0, 2, [0, 0]), entry(1, 0, 1, [0.4, 0]), entry(2, 2, 3, [-0.5, 0.5])],
  themes: [{ theme: 0, label: "trees" }],
} as unknown as Store;
store.topicOf = new Map(store.topics.map((one) => [one.topic, one]));
const whole = lit(store, Uint32Array.from({ length: 7 }, (_, i) => i), new Uint32Array(7));

describe("a presentation", () => {
  const groups = outline(store, whole.counts);
  const walk = (...ways: Way[]): At => ways.reduce((at, way) => go(groups, at, way), { theme: -1, topic: -1 });

  it("has the themes by their papers, and topics outside of themes as themes", () => {
    expect(groups).toEqual([{ theme: 0, label: "trees", papers: 3, topics: [0, 1] },
      { theme: 2, label: "topic 2", papers: 3, topics: [2] }]);
    const some = only(store, whole, (row) => row > 2);
    expect(outline(store, some.counts).map(({ label }) => label)).toEqual(["topic 2"]);
  });

  it("goes from theme to theme, into topics, and back", () => {
    expect(walk("next")).toEqual({ theme: 0, topic: -1 });
    expect(walk("next", "next", "next")).toEqual({ theme: 1, topic: -1 });
    expect(walk("next", "in", "next")).toEqual({ theme: 0, topic: 1 });
    expect(walk("in", "in", "back")).toEqual({ theme: 0, topic: 0 });
    expect(walk("in", "in", "out", "out")).toEqual({ theme: -1, topic: -1 });
    expect(walk("last", "back", "back", "back")).toEqual({ theme: -1, topic: -1 });
  });

  it("stays where there is nothing further", () => {
    expect(walk("in", "in", "next", "next")).toEqual({ theme: 0, topic: 1 });
    expect(walk("last", "in")).toEqual({ theme: 1, topic: -1 });
    expect(go([], { theme: -1, topic: -1 }, "in")).toEqual({ theme: -1, topic: -1 });
  });

  it("names the papers in the middle of a topic", () => {
    expect(typical(store, whole, 2, 2)).toEqual([3, 4]);
  });
});

describe("what is shown", () => {
  it("is counted, and each topic has its place from Python", () => {
    expect([...whole.counts]).toEqual([[0, 2], [1, 1], [2, 3], [-1, 1]]);
    expect(whole.places.get(2)).toEqual([-0.5, 0.5]);
  });

  it("has another place where a part of a topic is shown: of a paper in its middle", () => {
    const some = only(store, whole, (row) => row === 1 || row > 3);
    expect([...some.shown]).toEqual([1, 4, 5, 6]);
    expect([...some.fails]).toEqual([1, 0, 1, 1, 0, 0, 0]);
    expect(some.places.get(0)![0]).toBeCloseTo(0.2);
    expect([4, 5].map((row) => store.x[row])).toContain(some.places.get(2)![0]);
  });

  it("fits into the frame", () => {
    const [x, y, zoom] = cameraOn(store, Uint32Array.of(3, 4, 5), 800, 800);
    expect([x, y]).toEqual([expect.closeTo(-0.55), expect.closeTo(0.55)]);
    expect(zoom).toBe(5);
    expect(cameraOn(store, whole.shown, 800, 800)[2]).toBe(1);
    expect(cameraOn(store, new Uint32Array(0), 800, 800)).toEqual([0, 0, 1]);
  });
});
