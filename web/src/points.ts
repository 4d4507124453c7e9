// The papers as discs. On a canvas they are written into an image buffer by hand: some five times
// faster than drawing arcs, and as fast without a graphics card.

import type { Projection } from "./camera";
import type { Store } from "./data";

/** What a layer draws: papers that pass the filters over those that do not. */
export interface Scene {
  store: Store;
  fails: Uint32Array;
  shown: Uint32Array;
  colours: Uint32Array;
  faint: number;
  projection: Projection;
  ratio: number;
  /** In pixels of the frame. */
  radius: number;
  /** Whether the camera moves: of very many papers a canvas then draws a part. */
  moving: boolean;
}

export interface PointLayer {
  readonly canvas: HTMLCanvasElement;
  readonly kind: "canvas" | "webgl";
  resize(width: number, height: number): void;
  /** Colours or filters are others than at the last drawing. */
  change(): void;
  draw(scene: Scene): void;
  stop(): void;
}

/** Papers that a canvas draws in each frame while the map moves; all of them once it rests. */
const AT_ONCE = 100_000;

interface Stamp {
  reach: number;
  offsets: Int32Array;
  cover: Uint16Array;
}

export class CanvasPoints implements PointLayer {
  readonly kind = "canvas";
  private image = new ImageData(1, 1);
  private pixels = new Uint32Array(1);

  constructor(readonly canvas: HTMLCanvasElement) {}

  resize(width: number, height: number): void {
    Object.assign(this.canvas, { width, height });
    this.image = new ImageData(width, height);
    this.pixels = new Uint32Array(this.image.data.buffer);
  }

  change(): void {
    // Everything is written anew with each frame.
  }

  draw({ store, fails, shown, colours, faint, projection, ratio, radius, moving }: Scene): void {
    const { pixels } = this;
    const { k, ox, oy } = projection;
    const { width, height } = this.canvas;
    pixels.fill(0);
    const bright = stamp(radius * ratio, width);
    const dim = stamp(Math.max(radius * ratio * 0.75, 0.8), width);
    const { x, y } = store;
    const put = (row: number, shape: Stamp, colour: number): void => {
      const px = Math.round((x[row]! * k + ox) * ratio);
      const py = Math.round((oy - y[row]! * k) * ratio);
      const { reach } = shape;
      if (px <= -reach || py <= -reach || px >= width + reach || py >= height + reach) return;
      const inside = px >= reach && py >= reach && px < width - reach && py < height - reach;
      blend(pixels, py * width + px, inside ? shape : clipped(shape, px, py, width, height), colour);
    };
    const step = moving ? Math.ceil(store.n / AT_ONCE) : 1;
    if (shown.length < store.n) {
      for (let row = 0; row < store.n; row += step) if (fails[row]) put(row, dim, faint);
    }
    for (let i = 0; i < shown.length; i += step) put(shown[i]!, bright, colours[shown[i]!]!);
    this.canvas.getContext("2d")?.putImageData(this.image, 0, 0);
  }

  stop(): void {
    this.resize(1, 1);
  }
}

/** The pixels of a disc: offsets into the image, and how much of each it covers (0–256). */
function stamp(radius: number, width: number): Stamp {
  const reach = Math.ceil(radius + 0.5);
  const offsets: number[] = [];
  const cover: number[] = [];
  for (let dy = -reach; dy <= reach; dy++) {
    for (let dx = -reach; dx <= reach; dx++) {
      const share = Math.min(Math.max(radius + 0.5 - Math.hypot(dx, dy), 0), 1);
      if (share > 0.04) {
        offsets.push(dy * width + dx);
        cover.push(Math.round(share * 256 * 0.85));
      }
    }
  }
  return { reach, offsets: Int32Array.from(offsets), cover: Uint16Array.from(cover) };
}

/** The part of a disc that lies on the image: dots at its edge are cut, not left out. */
function clipped({ reach, offsets, cover }: Stamp, px: number, py: number, width: number, height: number): Stamp {
  const inside = (offset: number): boolean => {
    const dy = Math.round(offset / width);
    const [x, y] = [px + offset - dy * width, py + dy];
    return x >= 0 && y >= 0 && x < width && y < height;
  };
  const kept = Array.from(offsets.keys()).filter((i) => inside(offsets[i]!));
  return { reach, offsets: Int32Array.from(kept, (i) => offsets[i]!), cover: Uint16Array.from(kept, (i) => cover[i]!) };
}

function blend(pixels: Uint32Array, centre: number, { offsets, cover }: Stamp, colour: number): void {
  const oddNew = colour & 0xff00ff;
  const evenNew = (colour >> 8) & 0xff;
  for (let i = 0; i < offsets.length; i++) {
    const at = centre + offsets[i]!;
    const share = cover[i]!;
    const old = pixels[at]!;
    if (old === 0) {
      // Nothing there yet: the colour itself, as opaque as it covers the pixel.
      pixels[at] = ((share * 255) >> 8 << 24) | (colour & 0xffffff);
      continue;
    }
    const odd = old & 0xff00ff;
    const even = (old >> 8) & 0xff;
    // Red and blue are mixed in one multiplication, green in another.
    const mixed = ((Math.imul(odd, 256 - share) + Math.imul(oddNew, share)) >>> 8) & 0xff00ff;
    const green = (even * (256 - share) + evenNew * share) >> 8;
    const alpha = old >>> 24;
    const denser = alpha + (((255 - alpha) * share) >> 8);
    pixels[at] = (denser << 24) | mixed | (green << 8);
  }
}
