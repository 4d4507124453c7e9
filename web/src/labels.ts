// Labels on the map: themes when far, topics nearer, titles when near. They stand beside the dots
// they name where there is room, never touch each other, and no two say the same.

import type { Projection } from "./camera";

export interface Label {
  text: string;
  /** Its anchor in map coordinates. */
  x: number;
  y: number;
  level: "theme" | "topic" | "title";
  /** The greater, the earlier it gets a place. */
  weight: number;
  colour: string;
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
const RINGS = [0, 18, 32, 48, 66, 86, 110, 140, 175];
/** Cost of a covered dot (by its size) and of a pixel of distance; where a topic's would be more, its
 *  label waits for more zoom. */
const DOT = 0.75;
const FAR = 0.6;
const MOST_COST = 85;

/** How many dots lie in any box of the frame, by sums over a grid. */
export class Occupancy {
  private readonly columns: number;
  private readonly lines: number;
  private readonly sums: Float64Array;

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
    for (let line = 1; line < this.lines; line++) {
      let along = 0;
      for (let column = 1; column < this.columns; column++) {
        const at = line * this.columns + column;
        along += this.sums[at]!;
        this.sums[at] = along + this.sums[at - this.columns]!;
      }
    }
  }

  inside([left, top, right, bottom]: Box): number {
    const column = (x: number): number =>
      Math.min(Math.max(Math.floor(x / CELL), 0), this.columns - 1);
    const line = (y: number): number => Math.min(Math.max(Math.floor(y / CELL), 0), this.lines - 1);
    const at = (i: number, j: number): number => this.sums[j * this.columns + i]!;
    const [a, b, c, d] = [column(left), line(top), column(right + CELL), line(bottom + CELL)];
    return at(c, d) - at(a, d) - at(c, b) + at(a, b);
  }
}

export type Measure = (font: string, text: string) => number;

/** Give labels places, heaviest first; one for which there is none is left out. */
export function placeLabels(
  labels: Label[], p: Projection, dots: Occupancy, measure: Measure,
  { most, legend, radius }: { most: number; legend: Box | null; radius: number },
): Placed[] {
  const placed: Placed[] = [];
  const taken: Box[] = legend ? [legend] : [];
  const said = new Set<string>();
  const order = [...labels].sort((a, b) => rankOf(a) - rankOf(b) || b.weight - a.weight);
  for (const label of order) {
    if (placed.length >= most) break;
    const [x, y] = [label.x * p.k + p.ox, p.oy - label.y * p.k];
    if (x < -20 || y < -20 || x > p.width + 20 || y > p.height + 20) continue;
    const key = label.text.toLowerCase();
    if (said.has(key)) continue;
    const made = styled(label, measure);
    const spot = bestSpot(made, x, y, p, { dots, radius, taken });
    if (!spot) continue;
    said.add(key);
    taken.push(boxOf({ ...made, ...spot }, p));
    placed.push({ ...made, ...spot });
  }
  return placed;
}

function rankOf({ level }: Label): number {
  return level === "theme" ? 0 : level === "topic" ? 1 : 2;
}

function styled(label: Label, measure: Measure): Omit<Placed, "dx" | "dy"> {
  const [font, line, wide] = label.level === "theme" ? [`700 15px ${FAMILY}`, 18, 170]
    : label.level === "topic" ? [`500 12px ${FAMILY}`, 15, 150] : [`400 11px ${FAMILY}`, 14, 170];
  const lines = broken(label.text, wide, (text) => measure(font, text));
  const width = Math.max(...lines.map((text) => measure(font, text)));
  return { ...label, font, lines, width, height: line * lines.length };
}

/** At most two lines of whole words. */
function broken(text: string, wide: number, measure: (text: string) => number): string[] {
  if (measure(text) <= wide) return [text];
  const words = text.split(" ");
  const lines = [""];
  for (const word of words) {
    const more = `${lines.at(-1)!} ${word}`.trim();
    if (measure(more) <= wide || !lines.at(-1)) lines[lines.length - 1] = more;
    else if (lines.length < 2) lines.push(word);
    else {
      lines[1] = `${lines[1]!.replace(/,$/, "")}…`;
      break;
    }
  }
  return lines.map((line) => {
    let short = line;
    while (short.length > 4 && measure(short) > wide * 1.25) short = `${short.slice(0, -2).trimEnd()}…`;
    return short;
  });
}

/** The box of a label on the frame, with a little room around it. */
export function boxOf({ x, y, dx, dy, width, height }: Omit<Placed, "lines" | "font">, p: Projection): Box {
  const [cx, cy] = [x * p.k + p.ox + dx, p.oy - y * p.k + dy];
  return [cx - width / 2 - 4, cy - height / 2 - 2, cx + width / 2 + 4, cy + height / 2 + 2];
}

function bestSpot(
  label: Omit<Placed, "dx" | "dy">, x: number, y: number, p: Projection,
  { dots, radius, taken }: { dots: Occupancy; radius: number; taken: Box[] },
): { dx: number; dy: number } | null {
  const [halfWide, halfHigh] = [label.width / 2 + 4, label.height / 2 + 2];
  const dot = DOT * Math.max(radius, 2.4) ** 2;
  let best: { dx: number; dy: number } | null = null;
  let least = label.level === "theme" || label.weight > 1e5 ? Infinity : MOST_COST;
  for (const ring of RINGS) {
    // Cost grows with the distance alone from here on.
    if (ring * FAR >= least) break;
    const turns = ring ? 12 : 1;
    for (let turn = 0; turn < turns; turn++) {
      const angle = (turn / turns) * 2 * Math.PI - Math.PI / 2;
      // Wide boxes go further to the sides than up and down.
      const cx = clamp(x + Math.cos(angle) * (ring ? ring + halfWide * 0.8 : 0), halfWide, p.width - halfWide);
      const cy = clamp(y + Math.sin(angle) * (ring ? ring * 0.8 + halfHigh * 0.5 : 0), halfHigh, p.height - halfHigh);
      const box: Box = [cx - halfWide, cy - halfHigh, cx + halfWide, cy + halfHigh];
      if (taken.some((other) => overlap(box, other))) continue;
      const cost = Math.hypot(cx - x, (cy - y) * 1.3) * FAR +
        dot * dots.inside([box[0] - radius, box[1] - radius, box[2] + radius, box[3] + radius]);
      if (cost < least) {
        least = cost;
        best = { dx: cx - x, dy: cy - y };
      }
    }
  }
  return best;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), Math.max(high, low));
}

function overlap(a: Box, b: Box): boolean {
  return a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
}

/** Draw labels; those that stand away from their anchor get a line to it. */
export function drawLabels(
  pen: CanvasRenderingContext2D, labels: Placed[], p: Projection, ink: string, halo: string,
): void {
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.lineJoin = "round";
  for (const label of labels) {
    const [ax, ay] = [label.x * p.k + p.ox, p.oy - label.y * p.k];
    const [left, top, right, bottom] = boxOf(label, p);
    const [ex, ey] = [clamp(ax, left, right), clamp(ay, top, bottom)];
    if (Math.hypot(ex - ax, ey - ay) > 10) {
      pen.beginPath();
      pen.moveTo(ex, ey);
      pen.lineTo(ax, ay);
      pen.lineWidth = 1;
      pen.strokeStyle = label.colour;
      pen.stroke();
    }
  }
  for (const label of labels) {
    const [cx, cy] = [label.x * p.k + p.ox + label.dx, p.oy - label.y * p.k + label.dy];
    const line = label.height / label.lines.length;
    pen.font = label.font;
    label.lines.forEach((text, i) => {
      const y = cy + (i - (label.lines.length - 1) / 2) * line;
      pen.strokeStyle = halo;
      pen.lineWidth = label.level === "theme" ? 5 : 4;
      pen.strokeText(text, cx, y);
      pen.fillStyle = label.level === "theme" ? label.colour : ink;
      pen.fillText(text, cx, y);
    });
  }
}

/** A label short enough for the map: whole terms, of one long term whole words. */
export function shortLabel(label: string, most = 44): string {
  if (label.length <= most) return label;
  const terms = label.slice(0, most + 1).lastIndexOf(", ");
  if (terms > 0) return label.slice(0, terms);
  const words = label.slice(0, most).lastIndexOf(" ");
  return `${label.slice(0, words > 8 ? words : most - 1)}…`;
}
