// The timeline: papers a period, and a brush with two handles that keyboards can move as well.

import { fromDay, MISSING } from "./data.js";
import { h, plural, s, setAttributes } from "./dom.js";

const HEIGHT = 64;
const SPANS = [["month", 1], ["quarter", 3], ["year", 12], ["decade", 120]];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

export class Timeline {
  constructor(app) {
    this.app = app;
    this.bins = makeBins(app.store);
    this.axis = s("g", { class: "tk-axis", "aria-hidden": "true" });
    this.bars = s("g", { "aria-hidden": "true" });
    this.window = s("rect", { class: "tk-window", y: 0, height: HEIGHT });
    this.svg = s("svg", { class: "tk-bars", height: HEIGHT + 18, role: "img" });
    this.svg.append(this.window, this.bars, this.axis);
    this.handles = ["since", "until"].map((end, i) => h("div", {
      class: "tk-handle", role: "slider", tabindex: "0", "aria-orientation": "horizontal",
      "aria-label": i ? "Last period shown" : "First period shown",
      "aria-valuemin": 0, "aria-valuemax": Math.max(this.bins.length - 1, 0),
      onkeydown: (event) => this.key(event, end),
      onpointerdown: (event) => this.grab(event, end),
    }));
    this.title = h("span", { class: "tk-title" });
    this.strip = h("div", { class: "tk-strip" }, this.svg, ...this.handles);
    this.node = h("section", { class: "tk-timeline", "aria-label": "Timeline" }, this.title,
      this.strip);
    this.svg.addEventListener("pointerdown", (event) => this.grab(event, "new"));
    this.strip.addEventListener("pointermove", (event) => this.drag(event));
    this.strip.addEventListener("pointerup", () => this.drop());
    this.strip.addEventListener("pointercancel", () => this.drop());
    this.node.hidden = this.bins.length === 0;
  }

  /** First and last bin of the brush. */
  range() {
    const { since, until } = this.app.state;
    const first = since ? this.bins.findIndex((bin) => bin.last >= since) : 0;
    let last = this.bins.length - 1;
    if (until) while (last > 0 && this.bins[last].first > until) last -= 1;
    return [first < 0 ? this.bins.length - 1 : first, last];
  }

  update() {
    if (!this.bins.length || !this.strip.clientWidth) return;
    const { store, linked, state } = this.app;
    const { bins } = this;
    const shown = new Uint32Array(bins.length);
    const others = new Uint32Array(bins.length);
    for (let row = 0; row < store.n; row++) {
      const bin = this.bins.of[row];
      if (bin < 0 || !linked.passesBut(row, "date")) continue;
      others[bin] += 1;
      if (!linked.fails[row]) shown[bin] += 1;
    }
    const width = this.strip.clientWidth;
    const step = width / bins.length;
    const top = Math.max(...others, 1);
    this.step = step;
    this.svg.setAttribute("width", width);
    const gap = step > 4 ? 1 : 0;
    const bar = (i, value, kind) => {
      const tall = (value / top) * (HEIGHT - 4);
      return s("rect", { class: kind, x: i * step + gap / 2, width: Math.max(step - gap, 0.5),
        y: HEIGHT - tall, height: tall });
    };
    this.bars.replaceChildren(...bins.flatMap((bin, i) => {
      const pair = s("g", {}, bar(i, others[i], "tk-all"), bar(i, shown[i], "tk-shown"));
      pair.append(s("title", {
        text: `${bin.name}: ${shown[i]} of ${plural(others[i], "paper")}` }));
      return [pair];
    }));
    const [first, last] = this.range();
    const brushed = Boolean(state.since || state.until);
    setAttributes(this.window, { x: first * step, width: Math.max((last - first + 1) * step, 1) });
    this.window.classList.toggle("tk-on", brushed);
    this.placeHandles(first, last, step);
    this.drawAxis(step);
    const unit = bins.unit;
    const span = `${bins[first].name} to ${bins[last].name}`;
    const most = Math.max(...others);
    this.title.textContent =
      `Papers a ${unit}, ${most ? `at most ${most}` : "none"}${brushed ? ` · ${span}` : ""}`;
    this.svg.setAttribute("aria-label",
      `Bar chart: papers a ${unit} from ${bins[0].name} to ${bins[bins.length - 1].name}, ` +
      `at most ${top}; shown: ${span}`);
  }

  placeHandles(first, last, step) {
    [first, last].forEach((bin, i) => {
      const handle = this.handles[i];
      handle.style.left = `${(bin + i) * step}px`;
      handle.setAttribute("aria-valuenow", String(bin));
      handle.setAttribute("aria-valuetext", this.bins[bin].name);
    });
  }

  drawAxis(step) {
    const every = Math.max(1, Math.ceil(64 / step));
    const texts = [];
    let free = 0;
    this.bins.forEach((bin, i) => {
      const wide = bin.name.length * 6.4;
      if (i % every || i * step < free || i * step + wide > this.strip.clientWidth + 6) return;
      free = i * step + wide + 6;
      texts.push(s("text", { x: i * step + 1, y: HEIGHT + 13, text: bin.name }));
      texts.push(s("line", { x1: i * step, x2: i * step, y1: HEIGHT, y2: HEIGHT + 4 }));
    });
    this.axis.replaceChildren(...texts);
  }

  setRange(first, last) {
    const end = this.bins.length - 1;
    const [a, b] = [Math.max(0, Math.min(first, last)), Math.min(end, Math.max(first, last))];
    const whole = a === 0 && b === end;
    this.app.change({
      since: whole ? null : this.bins[a].first,
      until: whole ? null : this.bins[b].last,
    });
  }

  key(event, end) {
    const [first, last] = this.range();
    const now = end === "since" ? first : last;
    const big = Math.max(1, Math.round(this.bins.length / 10));
    const to = { ArrowLeft: now - 1, ArrowDown: now - 1, ArrowRight: now + 1, ArrowUp: now + 1,
      PageDown: now - big, PageUp: now + big, Home: 0, End: this.bins.length - 1 }[event.key];
    if (event.key === "Escape") this.setRange(0, this.bins.length - 1);
    else if (to === undefined) return;
    else if (end === "since") this.setRange(Math.min(to, last), last);
    else this.setRange(first, Math.max(to, first));
    event.preventDefault();
    event.stopPropagation();
  }

  bin(event) {
    const x = event.clientX - this.strip.getBoundingClientRect().left;
    return Math.max(0, Math.min(this.bins.length - 1, Math.floor(x / this.step)));
  }

  grab(event, end) {
    if (event.button !== 0) return;
    event.preventDefault();
    this.strip.setPointerCapture(event.pointerId);
    const [first, last] = this.range();
    const here = this.bin(event);
    if (end !== "new") this.handles[end === "since" ? 0 : 1].focus();
    this.anchor = end === "since" ? last : end === "until" ? first : here;
    this.grabbed = { end, x: event.clientX, moved: false, here };
  }

  drag(event) {
    if (!this.grabbed) return;
    this.grabbed.moved ||= Math.abs(event.clientX - this.grabbed.x) > 3;
    const here = this.bin(event);
    if (!this.grabbed.moved || here === this.grabbed.last) return;
    this.grabbed.last = here;
    this.setRange(this.anchor, here);
  }

  drop() {
    if (this.grabbed && !this.grabbed.moved && this.grabbed.end === "new") {
      const { here } = this.grabbed;
      const [first, last] = this.range();
      if (first === here && last === here) this.setRange(0, this.bins.length - 1);
      else this.setRange(here, here);
    }
    this.grabbed = null;
  }
}

/** Months, quarters, years or decades, whichever keeps the bars few enough to hit. */
function makeBins(store) {
  const known = store.date.filter((day) => day !== MISSING);
  if (!known.length) return Object.assign([], { of: [], unit: "month" });
  let [least, most] = [known[0], known[0]];
  for (const day of known) [least, most] = [Math.min(least, day), Math.max(most, day)];
  const monthOf = (day) => {
    const date = new Date(day * 86400000);
    return date.getUTCFullYear() * 12 + date.getUTCMonth();
  };
  // As `choose_calendar` does: months only where at most one in twenty dates is coarser.
  let coarse = 0;
  for (let row = 0; row < store.n; row++) coarse += store.precision[row] === 2;
  const yearly = coarse * 20 > known.length;
  const fits = ([unit, months]) =>
    (!yearly || months >= 12) && (monthOf(most) - monthOf(least)) / months < 60;
  const [unit, months] = SPANS.find(fits) ?? SPANS[3];
  const start = Math.floor(monthOf(least) / months);
  const size = Math.floor(monthOf(most) / months) - start + 1;
  const dayOf = (month) => Date.UTC(Math.floor(month / 12), month % 12, 1) / 86400000;
  const bins = Array.from({ length: size }, (_, i) => {
    const month = (start + i) * months;
    const year = Math.floor(month / 12);
    const name = { month: `${MONTHS[month % 12]} ${year}`,
      quarter: `Q${Math.floor((month % 12) / 3) + 1} ${year}`, year: `${year}`,
      decade: `${year}s` }[unit];
    return { name, first: fromDay(dayOf(month)), last: fromDay(dayOf(month + months) - 1) };
  });
  const of = Int32Array.from(store.date, (day) =>
    day === MISSING ? -1 : Math.floor(monthOf(day) / months) - start);
  return gather(Object.assign(bins, { of, unit }));
}

/** A long thin beginning (a few old papers) becomes one bar, lest it push the others together. */
function gather(bins) {
  const totals = new Uint32Array(bins.length);
  for (const bin of bins.of) if (bin >= 0) totals[bin] += 1;
  const all = totals.reduce((sum, value) => sum + value, 0);
  let cut = 0;
  let before = 0;
  while (before + totals[cut] < all * 0.01) before += totals[cut++];
  if (cut < 3 || cut < bins.length * 0.15) return bins;
  const early = { name: `before ${bins[cut].name}`, first: bins[0].first, last: bins[cut - 1].last };
  const kept = [early, ...bins.slice(cut)];
  const of = bins.of.map((bin) => (bin < 0 ? -1 : Math.max(bin - cut + 1, 0)));
  return Object.assign(kept, { of, unit: bins.unit });
}
