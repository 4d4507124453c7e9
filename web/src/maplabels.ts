// Which labels the map has at which zoom, and when they get new places.

import type { App } from "./app";
import type { Projection } from "./camera";
import { topicLabel } from "./data";
import { drawLabels, boxOf, Occupancy, placeLabels, shortLabel, type Box, type Label, type Placed } from "./labels";
import type { PaperMap } from "./map";

/** Below this zoom, or where the frame has no room for so many of the topics, themes are named as
 *  well; with at most so many papers in the frame, titles. */
const FAR = 0.95;
const SOME = 0.5;
const FEW = 60;
/** Where only some papers are shown, topics with a smaller part of them have no label. */
const LEAST = 0.01;
/** Square pixels of the frame for each label. */
const ROOM = 12500;
const REST = 140;

export class MapLabels {
  /** Boxes of the labels as last drawn, and what they say. */
  boxes: Box[] = [];
  texts: string[] = [];
  private placed: Placed[] = [];
  private placedAt = { zoom: NaN, camera: "", slide: false };
  private readonly widths = new Map<string, number>();
  private resting = 0;
  private seen = "";
  private changed = false;
  private due = false;

  constructor(private readonly app: App, private readonly map: PaperMap) {}

  /** What is shown or coloured is other than before; at once where the frame has another size. */
  change(size = false): void {
    this.changed = true;
    this.wait();
    this.due ||= size && this.placed.length > 0;
  }

  /** Places take longer than all other drawing: they are sought once nothing follows any more. */
  private wait(): void {
    clearTimeout(this.resting);
    this.resting = window.setTimeout(() => {
      this.due = true;
      this.app.draw("hover");
    }, this.placed.length ? REST : 0);
  }

  paint(pen: CanvasRenderingContext2D, p: Projection): void {
    if (this.stale()) this.place(pen, p);
    drawLabels(pen, this.placed, p, this.map.theme.halo, this.map.radius());
    this.boxes = this.placed.map((label) => boxOf(label, p));
    this.texts = this.placed.map(({ text }) => text);
    if (this.placedAt.camera) this.app.root.dataset["labels"] = String(this.texts.length);
  }

  /** Labels keep their places beside their dots while the map moves; they get new ones at rest. */
  private stale(): boolean {
    const { camera, slide } = this.map;
    const { zoom, camera: before, slide: slid } = this.placedAt;
    const talk = Boolean(slide);
    if (this.due || talk !== slid || (talk && this.changed)) return true;
    if (Math.abs(Math.log(camera[2] / zoom)) > 0.2) return true;
    const now = camera.join();
    if (now !== this.seen && now !== before && before) this.wait();
    this.seen = now;
    return false;
  }

  private place(pen: CanvasRenderingContext2D, p: Projection): void {
    const { store } = this.app;
    const { camera, scene, legend } = this.map;
    clearTimeout(this.resting);
    this.changed = this.due = false;
    this.placedAt = { zoom: camera[2], camera: camera.join(), slide: Boolean(this.map.slide) };
    const dots = new Occupancy(p, store.x, store.y, scene.shown);
    const { slide } = this.map;
    const scale = slide?.scale ?? 1;
    const most = Math.min(Math.max(Math.round((p.width * p.height) / (ROOM * scale * scale)), 12), 70);
    this.placed = placeLabels(this.wanted(p, dots, most), p, dots, (font, text) => {
      const name = `${font}|${text}`;
      const known = this.widths.get(name);
      if (known !== undefined) return known;
      pen.font = font;
      const { width } = pen.measureText(text);
      this.widths.set(name, width);
      return width;
    }, { most, scale, blocked: !slide && legend.box ? [legend.box] : [], radius: this.map.radius() });
  }

  private wanted(p: Projection, dots: Occupancy, most: number): Label[] {
    const zoom = this.map.camera[2];
    const topics = this.topics();
    const { slide } = this.map;
    if (slide) return slide.level === "theme" ? this.themes() : topics;
    const far = zoom < FAR || (zoom < 1.5 && SOME * topics.length > most);
    const labels = far ? [...this.themes(), ...topics] : topics;
    const inFrame = dots.inside([0, 0, p.width, p.height]);
    return inFrame <= FEW && zoom > 1 ? [...labels, ...this.titles()] : labels;
  }

  /** A theme's name stands where the topic does that is nearest to the middle of all its topics. */
  private themes(): Label[] {
    const { store } = this.app;
    const { counts } = this.map.scene;
    return store.themes.flatMap(({ theme, label }): Label[] => {
      const mine = store.topics.filter(({ theme: its, topic, place }) =>
        its === theme && counts.get(topic) && place.length);
      if (mine.length < 2) return [];
      const weight = mine.reduce((sum, { topic }) => sum + counts.get(topic)!, 0);
      const [mx, my] = [0, 1].map((axis) =>
        mine.reduce((sum, { topic, place }) => sum + place[axis]! * counts.get(topic)!, 0) / weight) as [number, number];
      const far = ({ place }: { place: number[] }): number => Math.hypot(place[0]! - mx, place[1]! - my);
      const [x, y] = mine.reduce((best, one) => (far(one) < far(best) ? one : best)).place as [number, number];
      return [{ text: label, x, y, level: "theme", weight, colour: this.map.swatch(theme), ink: this.map.text(theme) }];
    });
  }

  private topics(): Label[] {
    const { store, state } = this.app;
    const { shown, counts, places } = this.map.scene;
    const least = shown.length < store.n ? LEAST * shown.length : 0;
    return store.topics.flatMap(({ topic }): Label[] => {
      const [place, papers] = [places.get(topic), counts.get(topic) ?? 0];
      const first = state.topics.includes(topic);
      if (topic === -1 || !place || !papers || (papers < least && !first)) return [];
      return [{ text: shortLabel(topicLabel(store, topic)), x: place[0], y: place[1], level: "topic", first,
        weight: papers, colour: this.map.swatch(topic), ink: this.map.text(topic) }];
    });
  }

  private titles(): Label[] {
    const { store } = this.app;
    return this.map.pointer.inFrame().slice(0, FEW).map((row): Label => ({
      text: shortLabel(store.titles[row]!, 70), x: store.x[row]!, y: store.y[row]!, level: "title",
      weight: -row, colour: this.map.swatch(store.topic[row]!), ink: this.map.theme.ink }));
  }

  stop(): void {
    clearTimeout(this.resting);
  }
}
