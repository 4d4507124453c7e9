// How densely the papers lie, as shading in steps under the points.

import type { Store } from "./data";

const SIDE = 180;
const LEVELS = [0.06, 0.16, 0.32, 0.55];
const STEP_ALPHA = 12;
const FINER = 4;

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
  for (let pass = 0; pass < 2; pass++) grid = blurred(blurred(grid));
  // Not the peak itself: one dense spot would leave the rest without shading.
  const some: number[] = [];
  for (let i = 0; i < grid.length; i += 7) if (grid[i]! > 1e-4) some.push(grid[i]!);
  const top = some.sort((p, q) => p - q)[Math.floor(some.length * 0.97)] ?? 1;
  const levels = LEVELS.map((level) => level * top);
  const image = stepped(grid, levels, ink);
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = image.width;
  canvas.getContext("2d")?.putImageData(image, 0, 0);
  const half = reach / SIDE;
  return { image: canvas, left: half - reach, top: reach - half, size: 2 * (reach - half) };
}

/** An image in which each level is one step denser; finer than the grid, for smooth edges. */
function stepped(grid: Float32Array, levels: number[], ink: string): ImageData {
  const rgb = parseInt(ink.slice(1), 16);
  const colour = ((rgb & 255) << 16) | (rgb & 0xff00) | (rgb >> 16);
  const side = (SIDE - 1) * FINER;
  const image = new ImageData(side, side);
  const pixels = new Uint32Array(image.data.buffer);
  const least = levels[0]!;
  for (let line = 0; line < SIDE - 1; line++) {
    for (let column = 0; column < SIDE - 1; column++) {
      const at = line * SIDE + column;
      const [a, b, c, d] = [grid[at]!, grid[at + 1]!, grid[at + SIDE]!, grid[at + SIDE + 1]!];
      if (a <= least && b <= least && c <= least && d <= least) continue;
      for (let i = 0; i < FINER; i++) {
        const down = (i + 0.5) / FINER;
        const [left, right] = [a + (c - a) * down, b + (d - b) * down];
        for (let j = 0; j < FINER; j++) {
          const value = left + ((right - left) * (j + 0.5)) / FINER;
          let steps = 0;
          for (const level of levels) if (value > level) steps += 1;
          if (steps) pixels[(line * FINER + i) * side + column * FINER + j] = ((steps * STEP_ALPHA) << 24) | colour;
        }
      }
    }
  }
  return image;
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
