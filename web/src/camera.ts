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
}

/** At zoom 1 all papers fit into the frame. */
export function projection(
  camera: Camera, extent: [number, number], width: number, height: number,
): Projection {
  const [cx, cy, zoom] = camera;
  const room = (size: number, margin: number): number => Math.max(size / 2 - margin, size / 4);
  const k = zoom * Math.min(room(width, SIDES) / extent[0], room(height, ENDS) / extent[1]);
  return { k, ox: width / 2 - cx * k, oy: height / 2 + cy * k, width, height };
}

/** The camera after a zoom that leaves a point of the frame where it is. */
export function zoomed(camera: Camera, p: Projection, factor: number, at: [number, number]): Camera {
  const [cx, cy, zoom] = camera;
  const next = Math.min(Math.max(zoom * factor, LEAST_ZOOM), MOST_ZOOM);
  const shift = (1 - zoom / next) / p.k;
  return [cx + (at[0] - p.width / 2) * shift, cy + (p.height / 2 - at[1]) * shift, next];
}
