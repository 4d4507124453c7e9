// The places that a label of the map can take, and what each costs beside the others.

import type { Projection } from "./camera";
import type { Box, Occupancy, Placed, Room } from "./labels";

const RINGS = [0, 10, 20, 34, 52, 78];
/** Titles stand beside their dots or not at all. */
const TITLE_RINGS = [0, 8, 18, 32];
/** Beside that, places are tried on a grid, so far from the dot. */
const [STEP_X, STEP_Y, REACH_X, REACH_Y] = [18, 11, 380, 300];
/** Places of one label at most; a sixteenth of a pixel of cost is enough. */
const [MANY, FINE] = [8192, 16];
/** Costs in pixels of leader: a cell with dots under a label, two leaders that cross, a leader through
 *  a label or a label on another's dot; and the most that a title may cost. */
const [DOT, CROSSING, THROUGH, ON_ANCHOR, MOST_TITLE] = [3.2, 90, 600, 60, 40];
/** A leader that comes so near to another's dot seems to lead there. */
const PAST = 6;
/** A leader is drawn where a label stands further from its dot. */
export const BESIDE = 10;

/** A label among the others: the places it can take, what each costs, where it is. */
export class Site {
  readonly x: number;
  readonly y: number;
  box: Box | null = null;
  cx = NaN;
  cy = NaN;
  /** Where its leader leaves the box. */
  private ex = 0;
  private ey = 0;
  /** Centres of places, and their costs with their numbers behind, sorted: numbers alone sort quickly. */
  private readonly xs: number[] = [];
  private readonly ys: number[] = [];
  private readonly costs: number[] = [];
  private readonly order: Float64Array;
  private readonly wide: number;
  private readonly high: number;

  constructor(
    readonly made: Omit<Placed, "dx" | "dy">, private readonly p: Projection,
    private readonly dots: Occupancy, private readonly room: Room, private readonly most: number,
  ) {
    [this.x, this.y] = [made.x * p.k + p.ox, p.oy - made.y * p.k];
    [this.wide, this.high] = [made.width / 2 + 4, made.height / 2 + 2];
    const title = made.level === "title";
    for (const ring of title ? TITLE_RINGS : RINGS) this.ring(ring);
    if (!title) this.grid();
    this.order = Float64Array.from(this.costs, (cost, i) => Math.round(cost * FINE) * MANY + i).sort();
  }

  private ring(ring: number): void {
    const turns = ring ? 12 : 1;
    for (let turn = 0; turn < turns; turn++) {
      const angle = (turn / turns) * 2 * Math.PI - Math.PI / 2;
      // Wide boxes go further to the sides than up and down.
      this.add(this.x + Math.cos(angle) * (ring ? ring + this.wide * 0.9 : 0),
        this.y + Math.sin(angle) * (ring ? ring * 0.8 + this.high * 0.7 : 0));
    }
  }

  private grid(): void {
    const { wide, high, p, room: { scale } } = this;
    const left = Math.max(wide, this.x - REACH_X * scale);
    const right = Math.min(p.width - wide, this.x + REACH_X * scale);
    const bottom = Math.min(p.height - high, this.y + REACH_Y * scale);
    for (let cy = Math.max(high, this.y - REACH_Y * scale); cy <= bottom; cy += STEP_Y * scale) {
      for (let cx = left; cx <= right; cx += STEP_X * scale) this.add(cx, cy);
    }
  }

  private add(x: number, y: number): void {
    const { wide, high, p, room: { radius, blocked } } = this;
    const cx = clamp(x, wide, p.width - wide);
    const cy = clamp(y, high, p.height - high);
    const far = Math.hypot(Math.max(Math.abs(cx - this.x) - wide, 0), Math.max(Math.abs(cy - this.y) - high, 0));
    for (const box of blocked) {
      if (cx + wide > box[0] && cx - wide < box[2] && cy + high > box[1] && cy - high < box[3]) return;
    }
    // A dot that the label itself covers is hard to see: beside it is better.
    const cost = (far ? far : 6) + far * far / 500 +
      DOT * Math.max(1, (radius / 2.4) ** 2) * this.dots.cells(cx - wide - radius, cy - high - radius, cx + wide + radius, cy + high + radius);
    if (cost >= this.most || this.xs.length === MANY) return;
    this.xs.push(cx);
    this.ys.push(cy);
    this.costs.push(cost);
  }

  /** Take the cheapest place while all others stay; return whether it is another one. */
  settle(sites: Site[]): boolean {
    const before = [this.cx, this.cy];
    const others = sites.filter((site) => site !== this && site.box);
    const boxes = others.map((site) => site.box!);
    const { wide, high, made } = this;
    let least = made.level === "title" ? MOST_TITLE : this.most;
    this.box = null;
    for (const key of this.order) {
      const i = key % MANY;
      const [cx, cy, cost] = [this.xs[i]!, this.ys[i]!, this.costs[i]!];
      if (cost >= least) break;
      const box: Box = [cx - wide, cy - high, cx + wide, cy + high];
      if (boxes.some((other) => overlap(box, other))) continue;
      const total = cost + this.clashes(box, sites, others);
      if (total >= least) continue;
      least = total;
      [this.cx, this.cy, this.box] = [cx, cy, box];
    }
    if (this.box) [this.ex, this.ey] = this.end(this.box);
    return this.cx !== before[0] || this.cy !== before[1];
  }

  private end([left, top, right, bottom]: Box): [number, number] {
    return [clamp(this.x, left, right), clamp(this.y, top, bottom)];
  }

  private get led(): boolean {
    return Math.hypot(this.ex - this.x, this.ey - this.y) > BESIDE + this.room.radius;
  }

  private clashes(box: Box, sites: Site[], others: Site[]): number {
    const [ex, ey] = this.end(box);
    const led = Math.hypot(ex - this.x, ey - this.y) > BESIDE + this.room.radius;
    let cost = 0;
    for (const { x, y } of sites) {
      if (x > box[0] && x < box[2] && y > box[1] && y < box[3] && !(x === this.x && y === this.y)) cost += ON_ANCHOR;
    }
    for (const other of others) {
      if (led && beside(other.x, other.y, ex, ey, this.x, this.y) < PAST) cost += ON_ANCHOR;
      if (led && through(ex, ey, this.x, this.y, other.box!)) cost += THROUGH;
      if (!other.led) continue;
      if (through(other.ex, other.ey, other.x, other.y, box)) cost += THROUGH;
      if (led && crosses(ex, ey, this.x, this.y, other.ex, other.ey, other.x, other.y)) cost += CROSSING;
    }
    return cost;
  }
}

function crosses(
  ax: number, ay: number, bx: number, by: number, cx: number, cy: number, dx: number, dy: number,
): boolean {
  const side = (px: number, py: number, qx: number, qy: number, rx: number, ry: number): boolean =>
    (qx - px) * (ry - py) > (qy - py) * (rx - px);
  return side(ax, ay, bx, by, cx, cy) !== side(ax, ay, bx, by, dx, dy) &&
    side(cx, cy, dx, dy, ax, ay) !== side(cx, cy, dx, dy, bx, by);
}

/** Whether a line runs through a box. */
function through(ax: number, ay: number, bx: number, by: number, [left, top, right, bottom]: Box): boolean {
  if (Math.max(ax, bx) < left || Math.min(ax, bx) > right) return false;
  if (Math.max(ay, by) < top || Math.min(ay, by) > bottom) return false;
  const inside = (x: number, y: number): boolean => x > left && x < right && y > top && y < bottom;
  return inside(ax, ay) || inside(bx, by) || crosses(ax, ay, bx, by, left, top, right, bottom) ||
    crosses(ax, ay, bx, by, left, bottom, right, top);
}

/** How far a point lies from a line. */
function beside(px: number, py: number, ax: number, ay: number, bx: number, by: number): number {
  const [dx, dy] = [bx - ax, by - ay];
  const share = clamp(((px - ax) * dx + (py - ay) * dy) / (dx * dx + dy * dy || 1), 0, 1);
  return Math.hypot(ax + share * dx - px, ay + share * dy - py);
}

export function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), Math.max(high, low));
}

function overlap(a: Box, b: Box): boolean {
  return a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
}

