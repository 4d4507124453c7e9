// How densely the papers lie, as a glow under the points in their mixed colours, as
// `plots/topic_map.py` draws it.

import type { Projection } from "./camera";
import type { Store } from "./data";
import { h } from "./dom";

const SIDE = 200;
/** How far a paper glows, in cells; the fewer papers, the further. */
const WIDE = 2.9;
/** How opaque the densest parts are. */
const ALPHA = { light: 0.36, dark: 0.42 };

/** An image of the density of some papers, and where on the map it lies. */
interface Shading {
  image: HTMLCanvasElement;
  left: number;
  top: number;
  size: number;
}

export class Glow {
  readonly canvas = h("canvas", { class: "tk-shade", "aria-hidden": "true" });
  private shading: Shading | null = null;
  private later = 0;

  /** Make it anew; later, so that what is counted and listed does not wait for it. */
  change(make: () => Parameters<typeof shade>, done: () => void): void {
    clearTimeout(this.later);
    this.later = window.setTimeout(() => {
      this.shading = shade(...make());
      done();
    }, 60);
  }

  paint(p: Projection, ratio: number, zoom: number): void {
    const pen = this.canvas.getContext("2d");
    if (!pen) return;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, p.width, p.height);
    // Near, there are dots to see instead.
    pen.globalAlpha = Math.min(1, Math.max(0, 1.3 - zoom / 8));
    if (!this.shading || !pen.globalAlpha) return;
    const { image, left, top, size } = this.shading;
    pen.imageSmoothingQuality = "high";
    pen.drawImage(image, left * p.k + p.ox, p.oy - top * p.k, size * p.k, size * p.k);
  }

  stop(): void {
    clearTimeout(this.later);
  }
}

function shade(store: Store, rows: Uint32Array, colours: Uint32Array, theme: keyof typeof ALPHA): Shading {
  // A margin, so that the glow of what lies at the rim is not cut.
  const margin = 1.25;
  const scale = SIDE / (2 * margin);
  const cell = (row: number): number =>
    Math.floor((margin - store.y[row]!) * scale) * SIDE + Math.floor((store.x[row]! + margin) * scale);
  const grids = Array.from({ length: 4 }, () => new Float32Array(SIDE * SIDE));
  const [density, ...parts] = grids as [Float32Array, ...Float32Array[]];
  for (const row of rows) {
    const [at, colour] = [cell(row), colours[row]!];
    density[at]! += 1;
    parts.forEach((part, i) => {
      part[at]! += (colour >> (8 * i)) & 255;
    });
  }
  const sigma = WIDE * Math.min(Math.max((2000 / Math.max(rows.length, 1)) ** 0.2, 0.7), 1.8);
  const reach = Math.max(1, Math.round((Math.sqrt(4 * sigma * sigma + 1) - 1) / 2));
  const [blurs, ...tints] = grids.map((grid) => {
    let soft: Float32Array = grid;
    for (let pass = 0; pass < 6; pass++) soft = blurred(soft, reach);
    return soft;
  }) as [Float32Array, ...Float32Array[]];
  const some = Float32Array.from(rows.length > 4000 ? rows.filter((_, i) => i % Math.ceil(rows.length / 4000) === 0) : rows,
    (row) => blurs[cell(row)]!).sort();
  const usual = some[Math.floor(some.length * 0.6)] ?? 1;
  const image = new ImageData(SIDE, SIDE);
  for (let at = 0; at < SIDE * SIDE; at++) {
    const here = blurs[at]!;
    const alpha = ALPHA[theme] * (1 - Math.exp((-1.5 * here) / usual));
    if (alpha < 0.01) continue;
    tints.forEach((tint, i) => {
      image.data[4 * at + i] = tint[at]! / here;
    });
    image.data[4 * at + 3] = alpha * 255;
  }
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIDE;
  canvas.getContext("2d")?.putImageData(image, 0, 0);
  return { image: canvas, left: -margin, top: margin, size: 2 * margin };
}

/** A box blur along the lines; the result is turned, so that twice blurs both ways. */
function blurred(grid: Float32Array, reach: number): Float32Array {
  const out = new Float32Array(grid.length);
  for (let line = 0; line < SIDE; line++) {
    let sum = 0;
    for (let i = -reach; i < SIDE + reach; i++) {
      const enters = i + reach;
      const leaves = i - reach - 1;
      if (enters < SIDE) sum += grid[line * SIDE + enters] ?? 0;
      if (leaves >= 0) sum -= grid[line * SIDE + leaves]!;
      if (i >= 0 && i < SIDE) out[i * SIDE + line] = sum / (2 * reach + 1);
    }
  }
  return out;
}
