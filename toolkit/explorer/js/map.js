// The map: papers as pixels on a canvas, topic labels that do not overlap, pan, zoom, lasso, box.
// The points are written into an image buffer by hand: some five times faster than drawing arcs,
// and as fast without a graphics card, so that 77,000 papers stay smooth on a student's laptop.

import { colourPapers, colourings, packed, THEMES, topicColours } from "./colours.js";
import { dateText, topicLabel } from "./data.js";
import { count, freshId, h, plural } from "./dom.js";

const MARGIN = 0.94;
const MODES = [
  ["pan", "Pan", "Drag moves the map"],
  ["box", "Box", "Drag draws a box around papers"],
  ["lasso", "Lasso", "Drag draws a line around papers"],
];
const HELP =
  "Arrow keys go from paper to paper, with Shift they move the map. Plus and minus zoom, " +
  "0 shows everything. Enter opens the paper, Space marks it, F marks all papers in the frame, " +
  "T filters by the paper's topic, Escape removes the marks. With the mouse: drag, and Shift " +
  "adds to the marks, Alt removes from them; the wheel zooms once the map has the focus.";

export class PaperMap {
  constructor(app) {
    this.app = app;
    this.mode = "lasso";
    this.hover = -1;
    this.path = null;
    this.places = new Map();
    this.helpId = freshId("help");
    this.points = h("canvas", { class: "tk-points", "aria-hidden": "true" });
    this.ink = h("canvas", {
      class: "tk-ink", tabindex: "0", role: "application", "aria-label": "Map of the papers",
      "aria-describedby": this.helpId,
    });
    this.card = h("div", { class: "tk-card", "aria-hidden": "true", hidden: true });
    this.none = h("p", { class: "tk-nothing", "aria-hidden": "true", hidden: true,
      text: "No paper passes all filters" });
    this.legend = h("ul", { class: "tk-legend", "aria-label": "Colours", hidden: true });
    this.frame = h("div", { class: "tk-frame" }, this.points, this.ink, this.none, this.card,
      this.legend);
    this.node = h("section", { class: "tk-map", "aria-label": "Map" }, this.tools(), this.frame,
      h("p", { id: this.helpId, class: "tk-hidden", text: HELP }));
    this.listen();
  }

  tools() {
    const modes = MODES.map(([mode, text, title]) => h("button", {
      text, title, "aria-pressed": String(mode === this.mode), "data-mode": mode,
      onclick: () => this.setMode(mode),
    }));
    this.modes = h("div", { class: "tk-group", role: "group", "aria-label": "What dragging does" },
      ...modes);
    const zoom = h("div", { class: "tk-group", role: "group", "aria-label": "Zoom" },
      h("button", { text: "+", "aria-label": "Zoom in", onclick: () => this.zoom(1.6) }),
      h("button", { text: "−", "aria-label": "Zoom out", onclick: () => this.zoom(1 / 1.6) }),
      h("button", { text: "Fit", title: "Show all papers", onclick: () => this.moveTo([0, 0, 1]) }));
    const colour = h("select", { onchange: () => this.app.change({ colour: colour.value }) },
      ...colourings(this.app.store).map(([value, text]) => h("option", { value, text })));
    this.colour = colour;
    return h("div", { class: "tk-tools" }, this.modes, zoom,
      h("label", { class: "tk-inline" }, "Colour by ", colour));
  }

  setMode(mode) {
    this.mode = mode;
    for (const button of this.modes.children) {
      button.setAttribute("aria-pressed", String(button.dataset.mode === mode));
    }
    this.ink.dataset.mode = mode;
  }

  /** Fit the canvases to their frame; called when the frame changes its size. */
  resize() {
    const { clientWidth: width, clientHeight: height } = this.frame;
    if (!width || !height) return;
    this.ratio = Math.min(window.devicePixelRatio || 1, 2);
    [this.width, this.height] = [width, height];
    for (const canvas of [this.points, this.ink]) {
      canvas.width = Math.round(width * this.ratio);
      canvas.height = Math.round(height * this.ratio);
    }
    this.image = new ImageData(this.points.width, this.points.height);
    this.pixels = new Uint32Array(this.image.data.buffer);
    this.app.draw("camera");
  }

  /** Topic places and colours; called when topics, colouring or theme change. */
  recolour() {
    const { store, state } = this.app;
    this.theme = THEMES[this.app.themeName];
    this.places = medians(store);
    this.topicColour = topicColours(store.topics, this.places, this.theme.palette.length);
    const known = colourings(store).some(([name]) => name === state.colour);
    const { rows, legend, ordered } =
      colourPapers(store, known ? state.colour : "topic", this.theme, this.topicColour);
    this.colours = rows;
    this.colour.value = known ? state.colour : "topic";
    this.legend.hidden = legend.length === 0;
    this.legend.classList.toggle("tk-ramp", Boolean(ordered));
    this.legend.replaceChildren(...legend.map(([colour, text]) => {
      const swatch = h("span", { class: "tk-swatch", "aria-hidden": "true" });
      swatch.style.background = colour;
      return h("li", {}, swatch, h("span", { text }));
    }));
    if (ordered) {
      const bar = h("li", { class: "tk-scale", "aria-hidden": "true" });
      bar.style.background = `linear-gradient(to right, ${this.theme.ramp.join(", ")})`;
      this.legend.prepend(bar);
    }
    this.labelWidth = new Map();
  }

  swatch(topic) {
    const colour = this.topicColour.get(topic);
    return colour === undefined ? this.theme.faint : this.theme.palette[colour];
  }

  /** From map coordinates (−1…1 each way) to pixels of the frame. */
  project() {
    const [cx, cy, zoom] = this.app.state.camera;
    const kx = (this.width / 2) * MARGIN * zoom;
    const ky = (this.height / 2) * MARGIN * zoom;
    return { kx, ky, ox: this.width / 2 - cx * kx, oy: this.height / 2 + cy * ky };
  }

  place(row) {
    const { kx, ky, ox, oy } = this.project();
    return [this.app.store.x[row] * kx + ox, oy - this.app.store.y[row] * ky];
  }

  radius() {
    const { store, state } = this.app;
    const base = Math.min(6, Math.max(1.2, 160 / Math.sqrt(store.n + 300)));
    return base * Math.min(Math.sqrt(state.camera[2]), 2.5);
  }

  paint() {
    if (!this.pixels) return;
    const started = performance.now();
    this.paintPoints();
    this.points.getContext("2d").putImageData(this.image, 0, 0);
    this.paintInk();
    this.app.root.dataset.paint = (performance.now() - started).toFixed(2);
  }

  paintPoints() {
    const { store, linked } = this.app;
    const { kx, ky, ox, oy } = this.project();
    const { pixels, ratio } = this;
    const [width, height] = [this.points.width, this.points.height];
    pixels.fill(packed(this.theme.paper));
    const faint = packed(this.theme.faint);
    const bright = stamp(this.radius() * ratio, width);
    const dim = stamp(Math.max(this.radius() * ratio * 0.75, 0.8), width);
    const draw = (row, shape, colour) => {
      const px = Math.round((store.x[row] * kx + ox) * ratio);
      const py = Math.round((oy - store.y[row] * ky) * ratio);
      if (px < shape.reach || py < shape.reach) return;
      if (px >= width - shape.reach || py >= height - shape.reach) return;
      blend(pixels, py * width + px, shape, colour);
    };
    if (linked.shown.length < store.n) {
      for (let row = 0; row < store.n; row++) if (linked.fails[row]) draw(row, dim, faint);
    }
    for (const row of linked.shown) draw(row, bright, this.colours[row]);
  }

  paintInk() {
    const pen = this.ink.getContext("2d");
    pen.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    pen.clearRect(0, 0, this.width, this.height);
    this.paintLabels(pen);
    for (const [row, thick] of [[this.app.state.open ?? -1, 3], [this.hover, 2]]) {
      if (row >= 0) this.ring(pen, row, thick);
    }
    if (this.path && this.path.length > 1) {
      pen.beginPath();
      this.outline().forEach(([x, y], i) => (i ? pen.lineTo(x, y) : pen.moveTo(x, y)));
      pen.closePath();
      pen.globalAlpha = 0.12;
      pen.fillStyle = this.theme.palette[0];
      pen.fill();
      pen.globalAlpha = 1;
      pen.setLineDash([5, 4]);
      pen.lineWidth = 1.5;
      pen.strokeStyle = this.theme.ink;
      pen.stroke();
      pen.setLineDash([]);
    }
  }

  ring(pen, row, thick) {
    const [x, y] = this.place(row);
    for (const [colour, width] of [[this.theme.halo, thick + 3], [this.theme.ring, thick]]) {
      pen.beginPath();
      pen.arc(x, y, this.radius() + 4, 0, 7);
      pen.strokeStyle = colour;
      pen.lineWidth = width;
      pen.stroke();
    }
  }

  /** Labels by size of topic; one that would touch an earlier one waits for more zoom. */
  paintLabels(pen) {
    const { store, state } = this.app;
    const { kx, ky, ox, oy } = this.project();
    const taken = [];
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.lineJoin = "round";
    const chosen = new Set(state.topics);
    const order = [...store.topics].sort((a, b) =>
      chosen.has(b.topic) - chosen.has(a.topic) || b.size - a.size);
    for (const { topic } of order) {
      const place = this.places.get(topic);
      if (topic === -1 || !place || !this.app.shownTopics.get(topic)) continue;
      // The big ones lead; what is small is told quietly.
      const loud = taken.length < 8 || chosen.has(topic);
      pen.font = loud ? "600 12.5px system-ui, sans-serif" : "500 11px system-ui, sans-serif";
      const text = shortLabel(topicLabel(store, topic));
      const half = this.widthOf(pen, text) / 2 + 4;
      const x = place[0] * kx + ox;
      const y = oy - place[1] * ky;
      if (x + half < 0 || x - half > this.width || y < 0 || y > this.height) continue;
      const centre = Math.min(Math.max(x, half), this.width - half);
      const level = Math.min(Math.max(y, 10), this.height - 10);
      const box = [centre - half, level - 9, centre + half, level + 9];
      if (taken.some((t) => t[0] < box[2] && box[0] < t[2] && t[1] < box[3] && box[1] < t[3])) {
        continue;
      }
      taken.push(box);
      pen.strokeStyle = this.theme.halo;
      pen.lineWidth = 4;
      pen.strokeText(text, centre, level);
      pen.fillStyle = loud ? this.theme.ink : this.theme.soft;
      pen.fillText(text, centre, level);
    }
    this.labels = taken;
  }

  widthOf(pen, text) {
    const key = `${pen.font}|${text}`;
    if (!this.labelWidth.has(key)) this.labelWidth.set(key, pen.measureText(text).width);
    return this.labelWidth.get(key);
  }

  // Moving ------------------------------------------------------------------------------------

  zoom(factor, at = [this.width / 2, this.height / 2]) {
    cancelAnimationFrame(this.gliding);
    const [cx, cy, zoom] = this.app.state.camera;
    const next = Math.min(Math.max(zoom * factor, 0.8), 200);
    const shift = (zoom > 0 ? 1 / zoom - 1 / next : 0) / MARGIN;
    const dx = (at[0] / (this.width / 2) - 1) * shift;
    const dy = (1 - at[1] / (this.height / 2)) * shift;
    this.app.change({ camera: [cx + dx, cy + dy, next] });
  }

  pan(dx, dy) {
    cancelAnimationFrame(this.gliding);
    const [cx, cy, zoom] = this.app.state.camera;
    const { kx, ky } = this.project();
    this.app.change({ camera: [cx - dx / kx, cy + dy / ky, zoom] });
  }

  /** Glide to a camera; at once where the reader wants no motion. */
  moveTo(camera) {
    const from = this.app.state.camera;
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    const started = performance.now();
    cancelAnimationFrame(this.gliding);
    const step = () => {
      const share = still ? 1 : Math.min((performance.now() - started) / 220, 1);
      const eased = 1 - (1 - share) ** 3;
      this.app.change({ camera: from.map((value, i) => value + (camera[i] - value) * eased) });
      if (share < 1) this.gliding = requestAnimationFrame(step);
    };
    step();
  }

  // Pointing ----------------------------------------------------------------------------------

  nearest(x, y, reach) {
    const { store, linked } = this.app;
    const { kx, ky, ox, oy } = this.project();
    let best = -1;
    let closest = reach * reach;
    for (const row of linked.shown) {
      const distance = (store.x[row] * kx + ox - x) ** 2 + (oy - store.y[row] * ky - y) ** 2;
      if (distance < closest) [best, closest] = [row, distance];
    }
    return best;
  }

  setHover(row, { card = true } = {}) {
    if (row === this.hover && this.card.hidden === !(card && row >= 0)) return;
    this.hover = row;
    this.card.hidden = !(card && row >= 0);
    if (!this.card.hidden) {
      const { store } = this.app;
      const facts = [dateText(store, row), topicLabel(store, store.topic[row]),
        `code: ${store.codes[store.code[row]]}`].filter(Boolean).join(" · ");
      this.card.replaceChildren(h("strong", { dir: "auto", text: store.titles[row] }),
        h("span", { dir: "auto", text: facts }));
      const [x, y] = this.place(row);
      this.card.style.left = `${Math.min(Math.max(x - 130, 4), Math.max(this.width - 268, 4))}px`;
      this.card.style.top = y > this.height * 0.55 ? "" : `${y + 14}px`;
      this.card.style.bottom = y > this.height * 0.55 ? `${this.height - y + 14}px` : "";
    }
    this.app.draw("hover");
  }

  listen() {
    const { ink } = this;
    ink.dataset.mode = this.mode;
    const at = (event) => {
      const box = ink.getBoundingClientRect();
      return [event.clientX - box.left, event.clientY - box.top];
    };
    ink.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      ink.focus({ preventScroll: true });
      ink.setPointerCapture(event.pointerId);
      this.start = at(event);
      this.moved = false;
      if (this.mode !== "pan") this.path = [this.start];
    });
    ink.addEventListener("pointermove", (event) => {
      const here = at(event);
      if (!this.start) {
        this.setHover(this.nearest(here[0], here[1], Math.max(this.radius() + 3, 10)));
        return;
      }
      this.moved ||= Math.hypot(here[0] - this.start[0], here[1] - this.start[1]) > 4;
      if (!this.moved) return;
      this.setHover(-1);
      if (this.path) {
        this.path.push(here);
        this.app.draw("hover");
      } else {
        this.pan(here[0] - this.start[0], here[1] - this.start[1]);
        this.start = here;
      }
    });
    ink.addEventListener("pointerup", (event) => this.drop(event, at(event)));
    ink.addEventListener("pointercancel", () => this.letGo());
    ink.addEventListener("pointerleave", () => { if (!this.start) this.setHover(-1); });
    ink.addEventListener("wheel", (event) => {
      // Without the focus the wheel scrolls the notebook: a map must not trap the reader.
      if (document.activeElement !== ink && !event.ctrlKey) return;
      event.preventDefault();
      this.zoom(Math.exp(-Math.max(-120, Math.min(120, event.deltaY)) / 240), at(event));
    }, { passive: false });
    ink.addEventListener("keydown", (event) => this.key(event));
    ink.addEventListener("blur", () => this.setHover(-1));
  }

  letGo() {
    this.start = null;
    this.path = null;
    this.app.draw("hover");
  }

  drop(event, here) {
    if (!this.start) return;
    const rows = this.moved && this.path ? this.inside() : null;
    const moved = this.moved;
    this.letGo();
    if (rows) {
      this.app.mark(rows, event.shiftKey ? "add" : event.altKey ? "remove" : "replace");
    } else if (!moved) {
      const row = this.nearest(here[0], here[1], Math.max(this.radius() + 3, 10));
      if (row >= 0 && event.shiftKey) this.app.toggleMark(row);
      else if (row >= 0) this.app.openPaper(row);
      else if (this.app.state.marks) this.app.mark(null);
    }
  }

  outline() {
    if (this.mode !== "box") return this.path;
    const [[x1, y1], [x2, y2]] = [this.path[0], this.path[this.path.length - 1]];
    return [[x1, y1], [x2, y1], [x2, y2], [x1, y2]];
  }

  /** Papers inside the drawn line, of those that pass the other filters. */
  inside() {
    const { store, linked } = this.app;
    const { kx, ky, ox, oy } = this.project();
    const line = this.outline();
    const [xs, ys] = [line.map(([x]) => x), line.map(([, y]) => y)];
    const [left, right] = [Math.min(...xs), Math.max(...xs)];
    const [top, bottom] = [Math.min(...ys), Math.max(...ys)];
    const rows = [];
    for (let row = 0; row < store.n; row++) {
      if (!linked.passesBut(row, "marks")) continue;
      const x = store.x[row] * kx + ox;
      const y = oy - store.y[row] * ky;
      if (x >= left && x <= right && y >= top && y <= bottom && within(line, x, y)) rows.push(row);
    }
    return rows;
  }

  inFrame() {
    const { kx, ky, ox, oy } = this.project();
    const { store, linked } = this.app;
    const rows = [];
    for (let row = 0; row < store.n; row++) {
      const x = store.x[row] * kx + ox;
      const y = oy - store.y[row] * ky;
      if (x >= 0 && x <= this.width && y >= 0 && y <= this.height &&
          linked.passesBut(row, "marks")) rows.push(row);
    }
    return rows;
  }

  // Keyboard ----------------------------------------------------------------------------------

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const way = ways[event.key];
    const row = this.hover;
    const deeds = {
      "+": () => this.zoom(1.6),
      "=": () => this.zoom(1.6),
      "-": () => this.zoom(1 / 1.6),
      0: () => this.moveTo([0, 0, 1]),
      f: () => this.app.mark(this.inFrame()),
      Escape: () => this.app.mark(null),
      Enter: () => row >= 0 && this.app.openPaper(row),
      " ": () => row >= 0 && this.app.toggleMark(row),
      t: () => row >= 0 && this.app.change({ topics: [this.app.store.topic[row]] }),
    };
    if (way && event.shiftKey) this.pan(-way[0] * 60, -way[1] * 60);
    else if (way) this.step(way);
    else if (deeds[event.key]) deeds[event.key]();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Go to the nearest shown paper that lies in a direction. */
  step([dx, dy]) {
    const { store, linked } = this.app;
    const { kx, ky, ox, oy } = this.project();
    const [fx, fy] = this.hover >= 0 ? this.place(this.hover) : [this.width / 2, this.height / 2];
    let best = -1;
    let least = Infinity;
    for (const row of linked.shown) {
      const along = (store.x[row] * kx + ox - fx) * dx + (oy - store.y[row] * ky - fy) * dy;
      const aside = Math.abs((store.x[row] * kx + ox - fx) * dy + (oy - store.y[row] * ky - fy) * dx);
      if (row === this.hover || along <= 0) continue;
      const cost = along + 2.5 * aside;
      if (cost < least) [best, least] = [row, cost];
    }
    if (best < 0) return this.app.say("No paper lies further that way.");
    const [x, y] = this.place(best);
    if (x < 10 || y < 10 || x > this.width - 10 || y > this.height - 10) {
      const zoom = this.app.state.camera[2];
      this.app.change({ camera: [store.x[best], store.y[best], zoom] });
    }
    this.setHover(best);
    return this.app.say(`${store.titles[best]}. ${dateText(store, best)}. ` +
      `${topicLabel(store, store.topic[best])}.`);
  }

  describe() {
    const { store, linked } = this.app;
    const shown = linked.shown.length;
    this.none.hidden = shown > 0;
    if (this.hover >= 0 && linked.fails[this.hover]) this.setHover(-1);
    this.ink.setAttribute("aria-label", `Map of the papers: ${count(shown)} of ` +
      `${plural(store.n, "paper")} shown, ${plural(store.topics.length, "topic")}`);
  }
}

/** A label short enough for the map: whole terms, of one long term whole words. */
function shortLabel(label) {
  if (label.length <= 32) return label;
  const terms = label.slice(0, 33).lastIndexOf(", ");
  if (terms > 0) return label.slice(0, terms);
  const words = label.slice(0, 32).lastIndexOf(" ");
  return `${label.slice(0, words > 8 ? words : 31)}…`;
}

/** The middle of each topic: medians of its papers' coordinates. */
function medians(store) {
  const rows = new Map();
  for (let row = 0; row < store.n; row++) {
    const topic = store.topic[row];
    if (!rows.has(topic)) rows.set(topic, []);
    rows.get(topic).push(row);
  }
  const middle = (list, values) => {
    const sorted = Float32Array.from(list, (row) => values[row]).sort();
    return sorted[sorted.length >> 1];
  };
  return new Map([...rows].map(([topic, list]) =>
    [topic, [middle(list, store.x), middle(list, store.y)]]));
}

/** The pixels of a disc: offsets into the image, and how much of each it covers (0–256). */
function stamp(radius, width) {
  const reach = Math.ceil(radius + 0.5);
  const offsets = [];
  const cover = [];
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

function blend(pixels, centre, { offsets, cover }, colour) {
  const oddNew = colour & 0xff00ff;
  const evenNew = (colour >> 8) & 0xff;
  for (let i = 0; i < offsets.length; i++) {
    const at = centre + offsets[i];
    const share = cover[i];
    const old = pixels[at];
    const odd = old & 0xff00ff;
    const even = (old >> 8) & 0xff;
    // Red and blue are mixed in one multiplication, green in another; alpha stays opaque.
    const mixed = ((Math.imul(odd, 256 - share) + Math.imul(oddNew, share)) >>> 8) & 0xff00ff;
    const green = (even * (256 - share) + evenNew * share) >> 8;
    pixels[at] = 0xff000000 | mixed | (green << 8);
  }
}

function within(line, x, y) {
  let inside = false;
  for (let i = 0, j = line.length - 1; i < line.length; j = i++) {
    const [xi, yi] = line[i];
    const [xj, yj] = line[j];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}
