// How densely the papers lie, as shading in steps under the points.

import type { Store } from "./data";

const SIDE = 220;
const LEVELS = [0.06, 0.16, 0.32, 0.55];
const STEP_ALPHA = 16;

/** An image of the density of some papers, and where on the map it lies. */
export interface Shading {
  image: HTMLCanvasElement;
  left: number;
  top: number;
  size: number;
}

export function shade(store: Store, rows: Uint32Array, ink: string): Shading {
  // A margin, so that the blur of what lies at the rim is not cut.
  const reach = 1.15;
  const scale = SIDE / (2 * reach);
  let grid: Float32Array = new Float32Array(SIDE * SIDE);
  for (const row of rows) {
    const column = Math.floor((store.x[row]! + reach) * scale);
    const line = Math.floor((reach - store.y[row]!) * scale);
    grid[line * SIDE + column]! += 1;
  }
  for (let pass = 0; pass < 3; pass++) grid = blurred(blurred(grid));
  const known = grid.filter((value) => value > 1e-4).sort();
  // Not the peak itself: one dense spot would leave the rest without shading.
  const top = known[Math.floor(known.length * 0.97)] ?? 1;
  const value = parseInt(ink.slice(1), 16);
  const image = new ImageData(SIDE, SIDE);
  const pixels = new Uint32Array(image.data.buffer);
  const colour = ((value & 255) << 16) | (value & 0xff00) | (value >> 16);
  for (let i = 0; i < grid.length; i++) {
    const steps = LEVELS.filter((level) => grid[i]! > level * top).length;
    if (steps) pixels[i] = ((steps * STEP_ALPHA) << 24) | colour;
  }
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIDE;
  canvas.getContext("2d")?.putImageData(image, 0, 0);
  return { image: canvas, left: -reach, top: reach, size: 2 * reach };
}

/** A box blur along the lines; the result is turned, so that twice blurs both ways. */
function blurred(grid: Float32Array): Float32Array {
  const reach = 4;
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
