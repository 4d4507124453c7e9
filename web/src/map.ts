// The map: shading, papers, labels; pan, zoom, lasso and box are in `pointer.ts`.

import type { App } from "./app";
import { projection, zoomed, type Camera, type Projection } from "./camera";
import { colourPapers, colourings, packed, THEMES, type Theme } from "./colours";
import { Glow } from "./density";
import { count, freshId, h, plural } from "./dom";
import type { Box } from "./labels";
import { Legend } from "./legend";
import { MapLabels } from "./maplabels";
import { MapPointer } from "./pointer";
import { CanvasPoints, type PointLayer } from "./points";
import { pictureButton } from "./picture";
import { Presenter } from "./presenter";
import { lit, type Lit, type Slide } from "./scene";
import { screenTools, shareButton } from "./screen";
import { WebGLPoints } from "./webgl";

const MODES = [
  ["pan", "Pan", "Drag moves the map"],
  ["box", "Box", "Drag draws a box around papers"],
  ["lasso", "Lasso", "Drag draws a line around papers"],
] as const;
export type Mode = (typeof MODES)[number][0];
const HELP =
  "Arrow keys go from paper to paper, with Shift they move the map. Plus and minus zoom, " +
  "0 shows everything. Enter opens the paper, Space marks it, F marks all papers in the frame, " +
  "T filters by the paper's topic, Escape removes the marks. With the mouse: drag, and Shift " +
  "adds to the marks, Alt removes from them; the wheel zooms once the map has the focus.";

/** Milliseconds after which a map that has moved rests. */
const REST = 140;

export class PaperMap {
  mode: Mode = "lasso";
  width = 0;
  height = 0;
  ratio = 1;
  theme: Theme = THEMES.light;
  /** What a presentation shows in place of the explorer's view. */
  slide: Slide | null = null;
  readonly ink: HTMLCanvasElement;
  readonly frame: HTMLElement;
  readonly node: HTMLElement;
  readonly card: HTMLElement;
  readonly pointer: MapPointer;
  layer: PointLayer;
  private readonly glow = new Glow();
  private readonly none: HTMLElement;
  readonly legend = new Legend();
  private readonly colour: HTMLSelectElement;
  private readonly modes: HTMLElement;
  private colours: Uint32Array = new Uint32Array(0);
  private base: Lit | null = null;
  readonly labelling: MapLabels;
  private readonly presenter: Presenter;
  private gliding = 0;
  private resting = 0;
  private painted: Camera | null = null;

  constructor(private readonly app: App) {
    const helpId = freshId("help");
    this.layer = this.makeLayer();
    this.presenter = new Presenter(app);
    this.ink = h("canvas", {
      class: "tk-ink", tabindex: "0", role: "application", "aria-label": "Map of the papers",
      "aria-describedby": helpId,
    });
    this.card = h("div", { class: "tk-card", "aria-hidden": "true", hidden: true });
    this.none = h("p", { class: "tk-nothing", "aria-hidden": "true", hidden: true });
    this.colour = h("select", { onchange: () => app.change({ colour: this.colour.value }) },
      ...colourings(app.store).map(([value, text]) => h("option", { value, text })));
    this.modes = h("div", { class: "tk-group", role: "group", "aria-label": "What dragging does" },
      ...MODES.map(([mode, text, title]) => h("button", {
        text, title, "aria-pressed": String(mode === this.mode), "data-mode": mode,
        onclick: () => this.setMode(mode),
      })));
    this.frame = h("div", { class: "tk-frame" }, this.glow.canvas, this.layer.canvas, this.ink,
      this.none, this.card);
    this.node = h("section", { class: "tk-map", "aria-label": "Map" }, this.tools(), this.frame, this.legend.node,
      h("p", { id: helpId, class: "tk-hidden", text: HELP }));
    this.pointer = new MapPointer(app, this);
    this.labelling = new MapLabels(app, this);
    this.layer.canvas.addEventListener("webglcontextlost", () => this.use(canvasLayer()));
  }

  /** Boxes of the labels as last drawn. */
  get labels(): Box[] {
    return this.labelling.boxes;
  }

  get points(): HTMLCanvasElement {
    return this.layer.canvas;
  }

  private tools(): HTMLElement {
    const zoom = h("div", { class: "tk-group", role: "group", "aria-label": "Zoom" },
      h("button", { text: "+", "aria-label": "Zoom in", onclick: () => this.zoom(1.6) }),
      h("button", { text: "−", "aria-label": "Zoom out", onclick: () => this.zoom(1 / 1.6) }),
      h("button", { text: "Fit", title: "Show all papers", onclick: () => this.moveTo([0, 0, 1]) }));
    return h("div", { class: "tk-tools" }, this.modes, zoom, screenTools(this.app, this.presenter.button), pictureButton(this.app),
      shareButton(this.app),
      h("label", { class: "tk-inline" }, "Colour by ", this.colour));
  }

  private setMode(mode: Mode): void {
    this.mode = mode;
    for (const button of this.modes.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(button.dataset["mode"] === mode));
    }
    this.ink.dataset["mode"] = mode;
  }

  /** WebGL where a graphics card draws it; a canvas is faster than WebGL in software. */
  makeLayer(software = false): PointLayer {
    return makeLayer(software);
  }

  /** Draw with another layer. */
  use(layer: PointLayer): void {
    this.layer.canvas.replaceWith(layer.canvas);
    this.layer = layer;
    this.resize();
  }

  /** Fit the canvases to their frame; called when the frame changes its size. */
  resize(ratio = Math.min(window.devicePixelRatio || 1, 2)): void {
    const { clientWidth: width, clientHeight: height } = this.frame;
    if (!width || !height) return;
    this.ratio = ratio;
    [this.width, this.height] = [width, height];
    const [wide, high] = [Math.round(width * this.ratio), Math.round(height * this.ratio)];
    for (const canvas of [this.ink, this.glow.canvas]) Object.assign(canvas, { width: wide, height: high });
    this.layer.resize(wide, high);
    this.legend.moved();
    this.labelling.change(true);
    this.app.draw("camera");
  }

  /** Colours and legend; called when topics, colouring, search or theme change. */
  recolour(): void {
    const { store, state, linked } = this.app;
    this.theme = THEMES[this.app.themeName];
    const topicColour = new Map(store.topics.filter(({ light }) => light.length)
      .map(({ topic }) => [topic, this.swatch(topic)]));
    const known = colourings(store).some(([name]) => name === state.colour) ? state.colour : "topic";
    const painted = colourPapers(store, known, this.theme, topicColour, linked.found);
    this.colours = painted.rows;
    this.colour.value = known;
    this.layer.change();
    if (known !== "topic") this.legend.show(painted.legend, painted.ordered ? this.theme.ramp : null);
    this.refilter();
  }

  /** The papers shown are others: shading and labels are made anew. */
  refilter(): void {
    this.layer.change();
    this.labelling.change();
    this.base = null;
    if (this.colour.value === "topic") this.legend.themes(this.app);
    this.glow.change(() => [this.app.store, this.scene.shown, this.colours, this.app.themeName],
      () => this.app.draw("hover"));
  }

  swatch(topic: number): string {
    return this.app.store.topicOf.get(topic)?.[this.app.themeName][0] ?? this.theme.none;
  }

  /** A topic's colour as text: of more contrast. */
  text(topic: number): string {
    return this.app.store.topicOf.get(topic)?.[this.app.themeName][1] ?? this.theme.ink;
  }

  /** The papers shown in colour. */
  get scene(): Lit {
    const { store, linked } = this.app;
    if (this.slide) return this.slide.lit;
    return (this.base ??= lit(store, linked.shown, linked.fails));
  }

  get camera(): Camera {
    return this.slide ? this.slide.camera : this.app.state.camera;
  }

  private aim(camera: Camera): void {
    if (!this.slide) return this.app.change({ camera });
    this.slide.camera = camera;
    return this.app.draw("camera");
  }

  /** Show a slide, or the explorer's view again. */
  present(slide: Slide | null): void {
    this.slide = slide;
    this.refilter();
    this.app.draw("camera");
  }

  project(): Projection {
    const taken = this.slide || !this.legend.box ? 0 : this.width - this.legend.box[0];
    return projection(this.camera, this.app.store.extent, this.width, this.height, taken);
  }

  place(row: number): [number, number] {
    const { k, ox, oy } = this.project();
    return [this.app.store.x[row]! * k + ox, oy - this.app.store.y[row]! * k];
  }

  radius(): number {
    const { store } = this.app;
    const { length: shown } = this.scene.shown;
    const room = Math.sqrt((this.width * this.height) / 400_000);
    const base = Math.min(6, Math.max(1.1, (170 * room) / Math.sqrt(store.n + 300)));
    // The fewer are shown of many, the larger.
    const few = Math.min((store.n / Math.max(shown, 1)) ** 0.15, 1.5);
    return Math.min(base * few * Math.min(Math.sqrt(this.camera[2]), 2.5), 7.5);
  }

  paint(): void {
    if (!this.width) return;
    const started = performance.now();
    const p = this.project();
    const { store } = this.app;
    const { fails, shown } = this.scene;
    this.glow.paint(p, this.ratio, this.camera[2]);
    this.layer.draw({
      store, fails, shown, colours: this.colours,
      faint: packed(this.theme.faint), projection: p, ratio: this.ratio, radius: this.radius(),
      moving: this.moves(),
    });
    this.paintInk(p);
    this.app.root.dataset["paint"] = (performance.now() - started).toFixed(2);
  }

  /** Whether the camera is another than a moment ago; once it rests, everything is drawn again. */
  private moves(): boolean {
    const { camera } = this;
    const moves = camera !== this.painted && this.painted !== null;
    this.painted = camera;
    clearTimeout(this.resting);
    if (moves) this.resting = window.setTimeout(() => this.app.draw("hover"), REST);
    return moves;
  }

  private paintInk(p: Projection): void {
    const pen = this.ink.getContext("2d");
    if (!pen) return;
    pen.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    pen.clearRect(0, 0, this.width, this.height);
    this.labelling.paint(pen, p);
    this.ring(pen, this.slide ? -1 : (this.app.state.open ?? -1), 3);
    this.ring(pen, this.pointer.hover, 2);
    this.pointer.paint(pen, this.theme);
  }

  private ring(pen: CanvasRenderingContext2D, row: number, thick: number): void {
    if (row < 0) return;
    const [x, y] = this.place(row);
    pen.beginPath();
    pen.arc(x, y, this.radius() + 2.5, 0, 7);
    pen.fillStyle = this.swatch(this.app.store.topic[row]!);
    pen.fill();
    for (const [colour, width] of [[this.theme.halo, thick + 3], [this.theme.ring, thick]] as const) {
      pen.beginPath();
      pen.arc(x, y, this.radius() + 4, 0, 7);
      pen.strokeStyle = colour;
      pen.lineWidth = width;
      pen.stroke();
    }
  }

  // Moving ------------------------------------------------------------------------------------

  zoom(factor: number, at: [number, number] = [this.project().middle, this.height / 2]): void {
    cancelAnimationFrame(this.gliding);
    this.aim(zoomed(this.camera, this.project(), factor, at));
  }

  pan(dx: number, dy: number): void {
    cancelAnimationFrame(this.gliding);
    const [cx, cy, zoom] = this.camera;
    const { k } = this.project();
    this.aim([cx - dx / k, cy + dy / k, zoom]);
  }

  /** Glide to a camera; at once where the reader wants no motion. */
  moveTo(camera: Camera): void {
    const from = this.camera;
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    const started = performance.now();
    cancelAnimationFrame(this.gliding);
    const step = (): void => {
      const share = still ? 1 : Math.min((performance.now() - started) / 220, 1);
      const eased = 1 - (1 - share) ** 3;
      const at = (i: 0 | 1 | 2): number => from[i] + (camera[i] - from[i]) * eased;
      this.aim(share < 1 ? [at(0), at(1), at(2)] : camera);
      if (share < 1) this.gliding = requestAnimationFrame(step);
    };
    step();
  }

  describe(): void {
    const { store, linked, state } = this.app;
    const shown = linked.shown.length;
    this.none.hidden = shown > 0;
    this.none.textContent = state.mode === "meaning" && state.words.trim() &&
      !linked.found?.rank.some((rank) => rank >= 0)
      ? "No paper speaks of that" : "No paper passes all filters";
    this.pointer.filtered();
    this.ink.setAttribute("aria-label", `Map of the papers: ${count(shown)} of ` +
      `${plural(store.n, "paper")} shown, ${plural(store.topics.length, "topic")}`);
  }

  stop(): void {
    clearTimeout(this.resting);
    this.glow.stop();
    this.labelling.stop();
    this.presenter.stop();
    cancelAnimationFrame(this.gliding);
    this.layer.stop();
  }
}

function canvasLayer(): PointLayer {
  return new CanvasPoints(h("canvas", { class: "tk-points", "aria-hidden": "true" }));
}

function makeLayer(software: boolean): PointLayer {
  const canvas = h("canvas", { class: "tk-points", "aria-hidden": "true" });
  return WebGLPoints.on(canvas, software) ?? canvasLayer();
}
