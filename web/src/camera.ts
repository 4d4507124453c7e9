// From map coordinates to pixels of the frame and back: one scale for both axes.

/** Room around the papers at zoom 1, in pixels: dots are not cut, labels stand beside them. */
const SIDES = 48;
const ENDS = 26;
export const LEAST_ZOOM = 0.7;
export const MOST_ZOOM = 400;

export type Camera = [number, number, number];

/** x → x · k + ox, y → oy − y · k. */
export interface Projection {
  k: number;
  ox: number;
  oy: number;
  width: number;
  height: number;
  /** Where the camera's middle is, in pixels from the left. */
  middle: number;
}

/** At zoom 1 all papers fit into the frame, beside so many pixels at its right that are taken. */
export function projection(
  camera: Camera, extent: [number, number], width: number, height: number, taken = 0,
): Projection {
  const [cx, cy, zoom] = camera;
  const room = (size: number, margin: number): number => Math.max(size / 2 - margin, size / 4);
  const scale = (inset: number): number =>
    Math.min(room(width - inset, SIDES) / extent[0], room(height, ENDS) / extent[1]);
  // No further to the left than what is taken asks for.
  const over = taken ? width / 2 + extent[0] * scale(0) + ENDS - (width - taken) : 0;
  const inset = Math.min(Math.max(2 * over, 0), taken);
  const k = zoom * scale(inset);
  const middle = (width - inset) / 2;
  return { k, ox: middle - cx * k, oy: height / 2 + cy * k, width, height, middle };
}

/** The camera after a zoom that leaves a point of the frame where it is. */
export function zoomed(camera: Camera, p: Projection, factor: number, at: [number, number]): Camera {
  const [cx, cy, zoom] = camera;
  const next = Math.min(Math.max(zoom * factor, LEAST_ZOOM), MOST_ZOOM);
  const shift = (1 - zoom / next) / p.k;
  return [cx + (at[0] - p.middle) * shift, cy + (p.height / 2 - at[1]) * shift, next];
}
