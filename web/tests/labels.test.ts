import { describe, expect, it } from "vitest";
import { projection } from "../src/camera";
import { boxOf, Occupancy, placeLabels, type Label } from "../src/labels";

const p = projection([0, 0, 1], [1, 1], 900, 600);
const measure = (_: string, text: string): number => text.length * 7;
const label = (text: string, x: number, y: number, more: Partial<Label> = {}): Label =>
  ({ text, x, y, level: "topic", weight: 1, colour: "#000000", ink: "#000000", ...more });

function place(labels: Label[], xs: number[] = [], ys: number[] = [], most = 50) {
  const rows = Uint32Array.from(xs.keys());
  const dots = new Occupancy(p, xs, ys, rows);
  return placeLabels(labels, p, dots, measure, { most, blocked: [], scale: 1, radius: 3 });
}

describe("projection", () => {
  it("has one scale for both axes", () => {
    expect(p.k).toBe(274);
    expect(projection([0, 0, 1], [1, 0.5], 600, 600).k).toBe(252);
    // What is taken at the right moves the map to the left, and where that is not enough, shrinks it.
    expect(projection([0, 0, 1], [1, 1], 900, 600, 250)).toMatchObject({ k: 274, middle: 350 });
    expect(projection([0, 0, 1], [1, 1], 900, 600, 400)).toMatchObject({ k: 202, middle: 250 });
    expect(projection([0, 0, 1], [1, 1], 1400, 600, 300)).toMatchObject({ k: 274, middle: 700 });
    // However small the frame, half of it is for the map.
    expect(projection([0, 0, 2], [1, 1], 60, 40).k).toBe(20);
  });
});

describe("occupancy", () => {
  it("counts the dots in a box", () => {
    const dots = new Occupancy(p, [0, 0, 0.5], [0, 0, 0], Uint32Array.of(0, 1, 2));
    expect(dots.inside([440, 290, 460, 310])).toBe(2);
    expect(dots.inside([0, 0, 900, 600])).toBe(3);
    expect(dots.inside([0, 0, 100, 100])).toBe(0);
  });
});

describe("labels", () => {
  it("never touch each other, and no two say the same", () => {
    const labels = Array.from({ length: 40 }, (_, i) => label(`name ${i % 20}`, (i % 7) / 10, (i % 5) / 10));
    const placed = place(labels);
    expect(new Set(placed.map(({ text }) => text)).size).toBe(placed.length);
    const boxes = placed.map((one) => boxOf(one, p));
    boxes.forEach((a, i) => {
      for (const b of boxes.slice(0, i)) {
        expect(a[2] <= b[0] || b[2] <= a[0] || a[3] <= b[1] || b[3] <= a[1]).toBe(true);
      }
    });
  });

  it("stand beside the dots they name where there is room", () => {
    const xs = Array.from({ length: 30 }, (_, i) => (i % 6) * 0.01);
    const ys = Array.from({ length: 30 }, (_, i) => Math.floor(i / 6) * 0.01);
    const [one] = place([label("caves", 0.025, 0.02)], xs, ys);
    const dots = new Occupancy(p, xs, ys, Uint32Array.from(xs.keys()));
    expect(dots.inside(boxOf(one!, p))).toBe(0);
  });

  it("of the largest topics have a leader to the outside where it is crowded; others wait", () => {
    const xs = Array.from({ length: 9000 }, (_, i) => ((i % 100) - 50) / 50);
    const ys = Array.from({ length: 9000 }, (_, i) => (Math.floor(i / 100) - 45) / 45);
    const labels = Array.from({ length: 25 }, (_, i) =>
      label(`a topic named at length ${i}`, ((i % 5) - 2) / 6, (Math.floor(i / 5) - 2) / 6, { weight: 100 - i }));
    const placed = place(labels, xs, ys, 24);
    const texts = placed.map(({ text }) => text);
    expect(texts).toEqual(expect.arrayContaining(labels.slice(0, 12).map(({ text }) => text)));
    expect(placed.filter(({ dx }) => Math.abs(dx) > 100).length).toBeGreaterThan(5);
    expect(texts.length).toBeLessThan(24);
    expect(place(labels.map((one, i) => ({ ...one, first: i > 20 })), xs, ys, 24).map(({ text }) => text))
      .toEqual(expect.arrayContaining(["a topic named at length 21", "a topic named at length 24"]));
  });

  it("are broken into two lines of whole words at most", () => {
    const [one] = place([label("a very long name of a topic that needs more than two lines of room", 0, 0)]);
    expect(one!.lines).toHaveLength(2);
    expect(one!.lines[1]).toMatch(/…$/);
    const [two] = place([label("reinforcement learning, verifiable rewards, policies", 0, 0)]);
    expect(two!.lines).toEqual(["reinforcement learning,", "verifiable rewards"]);
  });
});
