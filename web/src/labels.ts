// Labels on the map: themes when far, topics nearer, titles when near. They stand beside the dots
// they name where there is room, else outside with a leader, as `plots/label_placement.py` has it;
// they never touch each other, and no two say the same.

import type { Projection } from "./camera";
import { BESIDE, clamp, Site } from "./sites";

export interface Label {
  text: string;
  /** Its anchor in map coordinates. */
  x: number;
  y: number;
  level: "theme" | "topic" | "title";
  /** The greater, the earlier it gets a place. */
  weight: number;
  /** Before all others. */
  first?: boolean;
  /** Of its leader, and of its letters. */
  colour: string;
  ink: string;
}

/** A label with its place relative to its anchor, in pixels of the frame. */
export interface Placed extends Label {
  dx: number;
  dy: number;
  width: number;
  height: number;
  font: string;
  lines: string[];
}
export type Box = [left: number, top: number, right: number, bottom: number];

const FAMILY = "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif";
const CELL = 5;
const ROUNDS = 3;
/** Half of the labels stand wherever they can; a smaller topic whose place costs more waits for more zoom. */
const [LARGEST, MOST_COST] = [0.5, 190];

/** How many dots, and cells with dots, lie in any box of the frame: sums over a grid. */
export class Occupancy {
  private readonly columns: number;
  private readonly lines: number;
  private readonly sums: Float64Array;
  private readonly filled: Float64Array;

  constructor(p: Projection, x: ArrayLike<number>, y: ArrayLike<number>, rows: Uint32Array) {
    this.columns = Math.ceil(p.width / CELL) + 1;
    this.lines = Math.ceil(p.height / CELL) + 1;
    this.sums = new Float64Array(this.columns * this.lines);
    for (const row of rows) {
      const column = Math.floor((x[row]! * p.k + p.ox) / CELL) + 1;
      const line = Math.floor((p.oy - y[row]! * p.k) / CELL) + 1;
      if (column < 1 || line < 1 || column >= this.columns || line >= this.lines) continue;
      this.sums[line * this.columns + column]! += 1;
    }
    this.filled = this.sums.map((dots) => (dots ? 1 : 0));
    for (const sums of [this.sums, this.filled]) this.add(sums);
  }

  private add(sums: Float64Array): void {
    for (let line = 1; line < this.lines; line++) {
      let along = 0;
      for (let column = 1; column < this.columns; column++) {
        const at = line * this.columns + column;
        along += sums[at]!;
        sums[at] = along + sums[at - this.columns]!;
      }
    }
  }

  inside(box: Box): number {
    return this.within(this.sums, ...box);
  }

  cells(left: number, top: number, right: number, bottom: number): number {
    return this.within(this.filled, left, top, right, bottom);
  }

  private within(sums: Float64Array, left: number, top: number, right: number, bottom: number): number {
    const [columns, lines] = [this.columns - 1, this.lines - 1];
    const a = Math.min(Math.max(Math.floor(left / CELL), 0), columns);
    const b = Math.min(Math.max(Math.floor(top / CELL), 0), lines) * this.columns;
    const c = Math.min(Math.max(Math.floor(right / CELL) + 1, 0), columns);
    const d = Math.min(Math.max(Math.floor(bottom / CELL) + 1, 0), lines) * this.columns;
    return sums[d + c]! - sums[d + a]! - sums[b + c]! + sums[b + a]!;
  }
}

export type Measure = (font: string, text: string) => number;

export interface Room {
  /** The most labels. */
  most: number;
  /** What no label may cover. */
  blocked: Box[];
  /** Of a dot. */
  radius: number;
  /** How much larger than usual the letters are. */
  scale: number;
}

/** Give labels places, heaviest first; one for which there is none is left out. */
export function placeLabels(
  labels: Label[], p: Projection, dots: Occupancy, measure: Measure, room: Room,
): Placed[] {
  const said = new Set<string>();
  const order = labels.filter((label) => {
    const [x, y] = [label.x * p.k + p.ox, p.oy - label.y * p.k];
    return x > -20 && y > -20 && x < p.width + 20 && y < p.height + 20;
  }).sort((a, b) => rankOf(a) - rankOf(b) || b.weight - a.weight).filter(({ text }) => {
    const key = text.toLowerCase();
    return !said.has(key) && said.add(key);
  }).slice(0, room.most);
  const heaviest = Math.max(1, ...order.filter(({ level }) => level === "topic").map(({ weight }) => weight));
  const sites = order.map((label, nth) =>
    new Site(styled(label, measure, room.scale, heaviest), p, dots, room, nth < LARGEST * room.most || label.first ? Infinity : MOST_COST * room.scale));
  for (let round = 0; round < ROUNDS; round++) {
    const moved = sites.map((site) => site.settle(sites));
    if (!moved.includes(true)) break;
  }
  return sites.filter(({ box }) => box).map(({ made, x, y, cx, cy }) => ({ ...made, dx: cx - x, dy: cy - y }));
}

function rankOf({ level, first }: Label): number {
  return first ? -1 : level === "theme" ? 0 : level === "topic" ? 1 : 2;
}

function styled(label: Label, measure: Measure, scale: number, heaviest: number): Omit<Placed, "dx" | "dy"> {
  const share = Math.min(1, label.weight / heaviest);
  const [heavy, size, wide] = label.level === "theme" ? [700, 15, 190]
    : label.level === "topic" ? [600, Math.round(2 * (11 + 2.5 * share)) / 2, 165] : [400, 11, 170];
  const font = `${heavy} ${Math.round(2 * size * scale) / 2}px ${FAMILY}`;
  const lines = broken(label.text, wide * scale, (text) => measure(font, text));
  const width = Math.max(...lines.map((text) => measure(font, text)));
  return { ...label, font, lines, width, height: Math.round(size * 1.22 * scale) * lines.length };
}

/** At most two lines of whole words, rather broken after a comma, of about the same length; terms
 *  for which there is no room are left out. */
function broken(text: string, wide: number, measure: (text: string) => number): string[] {
  if (measure(text) <= wide * 0.75) return [text];
  const words = text.split(" ");
  let best = [text];
  let least = measure(text) <= wide ? measure(text) : Infinity;
  for (let i = 1; i < words.length; i++) {
    const lines = [words.slice(0, i).join(" "), words.slice(i).join(" ")];
    const longest = Math.max(...lines.map(measure)) * (/[,·]$/.test(lines[0]!) ? 1 : lines[1]!.startsWith("·") ? 2 : 1.2);
    if (longest < least) [best, least] = [lines, longest];
  }
  if (Math.max(...best.map(measure)) <= wide * 1.1) return best;
  const terms = text.lastIndexOf(", ");
  if (terms > 0) return broken(text.slice(0, terms), wide, measure);
  const short = (line: string): string => {
    let rest = line;
    while (rest.length > 4 && measure(rest) > wide * 1.25) rest = `${rest.slice(0, -2).trimEnd()}…`;
    return rest;
  };
  if (words.length < 2) return [short(text)];
  // One long term: the first line is filled, the second is cut.
  let first = 1;
  while (first < words.length - 1 && measure(words.slice(0, first + 1).join(" ")) <= wide) first += 1;
  let last = words.length;
  const second = (): string => `${words.slice(first, last).join(" ")}${last < words.length ? "…" : ""}`;
  while (last > first + 1 && measure(second()) > wide) last -= 1;
  return [short(words.slice(0, first).join(" ")), short(second())];
}

/** The box of a label on the frame, with a little room around it. */
export function boxOf({ x, y, dx, dy, width, height }: Omit<Placed, "lines" | "font">, p: Projection): Box {
  const [cx, cy] = [x * p.k + p.ox + dx, p.oy - y * p.k + dy];
  return [cx - width / 2 - 4, cy - height / 2 - 2, cx + width / 2 + 4, cy + height / 2 + 2];
}

/** Draw labels; those that stand away from their anchor get a line to it. */
export function drawLabels(pen: CanvasRenderingContext2D, labels: Placed[], p: Projection, halo: string, radius: number): void {
  pen.textBaseline = "middle";
  pen.lineJoin = "round";
  const ends = labels.map((label) => {
    const [ax, ay] = [label.x * p.k + p.ox, p.oy - label.y * p.k];
    const [left, top, right, bottom] = boxOf(label, p);
    return { ax, ay, ex: clamp(ax, left, right), ey: clamp(ay, top, bottom), colour: label.colour };
  });
  const led = ends.filter(({ ax, ay, ex, ey }) => Math.hypot(ex - ax, ey - ay) > BESIDE + radius);
  for (const [wide, dot] of [[3.5, 4], [1.1, 2.6]] as const) {
    for (const { ax, ay, ex, ey, colour } of led) {
      pen.strokeStyle = pen.fillStyle = dot > 3 ? halo : colour;
      pen.lineWidth = wide;
      pen.beginPath();
      pen.moveTo(ex, ey);
      pen.lineTo(ax, ay);
      pen.stroke();
      pen.beginPath();
      pen.arc(ax, ay, dot, 0, 7);
      pen.fill();
    }
  }
  labels.forEach((label, nth) => {
    const [cx, cy] = [label.x * p.k + p.ox + label.dx, p.oy - label.y * p.k + label.dy];
    const line = label.height / label.lines.length;
    const { ax, ex } = ends[nth]!;
    // Lines end where the leader begins.
    const side = Math.abs(ex - ax) <= BESIDE + radius ? 0 : Math.sign(ax - cx);
    pen.textAlign = side < 0 ? "left" : side > 0 ? "right" : "center";
    pen.font = label.font;
    label.lines.forEach((text, i) => {
      const x = cx + (side * label.width) / 2;
      const y = cy + (i - (label.lines.length - 1) / 2) * line;
      pen.strokeStyle = halo;
      pen.lineWidth = line / 4;
      pen.strokeText(text, x, y);
      pen.fillStyle = label.ink;
      pen.fillText(text, x, y);
    });
  });
}

/** A label short enough for the map: whole terms, of one long term whole words. */
export function shortLabel(label: string, most = 44): string {
  if (label.length <= most) return label;
  const terms = label.slice(0, most + 1).lastIndexOf(", ");
  if (terms > 0) return label.slice(0, terms);
  const words = label.slice(0, most).lastIndexOf(" ");
  return `${label.slice(0, words > 8 ? words : most - 1)}…`;
}
