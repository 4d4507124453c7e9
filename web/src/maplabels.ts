// Which labels the map has at which zoom, and when they get new places.

import type { App } from "./app";
import type { Projection } from "./camera";
import type { Places } from "./colours";
import { topicLabel } from "./data";
import { drawLabels, boxOf, Occupancy, placeLabels, shortLabel, type Box, type Label, type Placed } from "./labels";
import type { PaperMap } from "./map";

/** Up to this zoom themes show; with at most so many papers in the frame, titles. */
const NEAR = 1.9;
const FEW = 60;
const REST = 140;

export class MapLabels {
  /** Boxes of the labels as last drawn. */
  boxes: Box[] = [];
  private placed: Placed[] = [];
  private placedAt = { zoom: 0, camera: "" };
  private readonly widths = new Map<string, number>();
  private resting = 0;

  constructor(private readonly app: App, private readonly map: PaperMap) {}

  /** What is shown or coloured is other than before. */
  change(): void {
    this.placedAt.camera = "";
  }

  paint(pen: CanvasRenderingContext2D, p: Projection): void {
    if (this.stale()) this.place(pen, p);
    drawLabels(pen, this.placed, p, this.map.theme.ink, this.map.theme.halo);
    this.boxes = this.placed.map((label) => boxOf(label, p));
  }

  /** Labels keep their places beside their dots while the map moves; they get new ones at rest. */
  private stale(): boolean {
    const { camera } = this.app.state;
    const { zoom, camera: before } = this.placedAt;
    clearTimeout(this.resting);
    if (!before || Math.abs(Math.log(camera[2] / zoom)) > 0.12) return true;
    if (before !== camera.join()) {
      this.resting = window.setTimeout(() => {
        this.change();
        this.app.draw("hover");
      }, REST);
    }
    return false;
  }

  private place(pen: CanvasRenderingContext2D, p: Projection): void {
    const { linked, store, state } = this.app;
    this.placedAt = { zoom: state.camera[2], camera: state.camera.join() };
    const dots = new Occupancy(p, store.x, store.y, linked.shown);
    const most = Math.min(Math.max(Math.round((p.width * p.height) / 9000), 12), 60);
    this.placed = placeLabels(this.wanted(p, dots), p, dots, (font, text) => {
      const name = `${font}|${text}`;
      const known = this.widths.get(name);
      if (known !== undefined) return known;
      pen.font = font;
      const { width } = pen.measureText(text);
      this.widths.set(name, width);
      return width;
    }, { most, legend: this.map.legend.box, radius: this.map.radius() });
  }

  private wanted(p: Projection, dots: Occupancy): Label[] {
    const { state } = this.app;
    const { places } = this.map;
    const zoom = state.camera[2];
    const labels = [...(zoom < NEAR ? this.themes(places) : []), ...this.topics(places)];
    const inFrame = dots.inside([0, 0, p.width, p.height]);
    return inFrame <= FEW && zoom > 1 ? [...labels, ...this.titles()] : labels;
  }

  private themes(places: Places): Label[] {
    const { store, shownTopics } = this.app;
    return store.themes.flatMap(({ theme, label }): Label[] => {
      const mine = store.topics.filter(({ theme: its, topic }) =>
        its === theme && shownTopics.get(topic) && places.has(topic));
      if (mine.length < 2) return [];
      const weight = mine.reduce((sum, { size }) => sum + size, 0);
      const along = (axis: 0 | 1): number =>
        mine.reduce((sum, { topic, size }) => sum + places.get(topic)![axis] * size, 0) / weight;
      return [{ text: label, x: along(0), y: along(1), level: "theme", weight,
        colour: this.map.swatch(theme) }];
    });
  }

  private topics(places: Places): Label[] {
    const { store, state, shownTopics } = this.app;
    return store.topics.flatMap(({ topic, size }): Label[] => {
      const place = places.get(topic);
      if (topic === -1 || !place || !shownTopics.get(topic)) return [];
      const chosen = state.topics.includes(topic) ? 1e6 : 0;
      return [{ text: shortLabel(topicLabel(store, topic)), x: place[0], y: place[1], level: "topic",
        weight: size + chosen, colour: this.map.swatch(topic) }];
    });
  }

  private titles(): Label[] {
    const { store } = this.app;
    return this.map.inFrame().slice(0, FEW).map((row): Label => ({
      text: shortLabel(store.titles[row]!, 70), x: store.x[row]!, y: store.y[row]!, level: "title",
      weight: -row, colour: this.map.swatch(store.topic[row]!) }));
  }

  stop(): void {
    clearTimeout(this.resting);
  }
}
