// The timeline: papers a period, and a brush with two handles that keyboards can move as well.

import type { App } from "./app";
import { makeBins, tally, type Bins } from "./bins";
import { count, h, plural, s, setAttributes } from "./dom";

const HEIGHT = 64;
type End = "since" | "until";

interface Grabbed {
  end: End | "new";
  x: number;
  moved: boolean;
  here: number;
  anchor: number;
  last?: number;
}

export class Timeline {
  readonly node: HTMLElement;
  readonly strip: HTMLElement;
  readonly svg: SVGSVGElement;
  private readonly bins: Bins;
  private readonly axis = s("g", { class: "tk-axis", "aria-hidden": "true" });
  private readonly bars = s("g", { "aria-hidden": "true" });
  private readonly window = s("rect", { class: "tk-window", y: 0, height: HEIGHT });
  private readonly handles: HTMLElement[];
  private readonly title = h("span", { class: "tk-title" });
  private grabbed: Grabbed | null = null;
  private step = 1;
  private width = 0;

  constructor(private readonly app: App) {
    this.bins = makeBins(app.store);
    this.svg = s("svg", { class: "tk-bars", height: HEIGHT + 18, role: "img" });
    this.svg.append(this.window, this.bars, this.axis);
    this.handles = (["since", "until"] as const).map((end, i) => h("div", {
      class: "tk-handle", role: "slider", tabindex: "0", "aria-orientation": "horizontal",
      "aria-label": i ? "Last period shown" : "First period shown",
      "aria-valuemin": 0, "aria-valuemax": Math.max(this.size - 1, 0),
      onkeydown: (event) => this.key(event, end),
      onpointerdown: (event) => this.grab(event, end),
    }));
    this.strip = h("div", { class: "tk-strip" }, this.svg, ...this.handles);
    this.node = h("section", { class: "tk-timeline", "aria-label": "Timeline" }, this.title,
      this.strip);
    this.svg.addEventListener("pointerdown", (event) => this.grab(event, "new"));
    this.strip.addEventListener("pointermove", (event) => this.drag(event));
    this.strip.addEventListener("pointerup", () => this.drop());
    this.strip.addEventListener("pointercancel", () => this.drop());
    this.node.hidden = this.size === 0;
  }

  private get size(): number {
    return this.bins.bins.length;
  }

  /** First and last bar of the brush. */
  private range(): [number, number] {
    const { since, until } = this.app.state;
    const { bins } = this.bins;
    const first = since ? bins.findIndex((bin) => bin.last >= since) : 0;
    let last = bins.length - 1;
    if (until) while (last > 0 && bins[last]!.first > until) last -= 1;
    return [first < 0 ? bins.length - 1 : first, last];
  }

  /** Called when the strip's size changes: to ask at each update would lay out everything. */
  resize(): void {
    this.width = this.strip.clientWidth;
  }

  update(): void {
    if (!this.size || !this.width) return;
    const { linked, state } = this.app;
    const { bins, unit } = this.bins;
    const others = tally(this.bins, linked.passingBut("date"));
    const shown = tally(this.bins, linked.shown);
    const { width } = this;
    const step = (this.step = width / bins.length);
    const top = Math.max(...others, 1);
    this.svg.setAttribute("width", String(width));
    const gap = step > 4 ? 1 : 0;
    const bar = (i: number, value: number, kind: string): SVGElement => {
      const tall = (value / top) * (HEIGHT - 4);
      return s("rect", { class: kind, x: i * step + gap / 2, width: Math.max(step - gap, 0.5),
        y: HEIGHT - tall, height: tall });
    };
    this.bars.replaceChildren(...bins.map((bin, i) => s("g", {},
      bar(i, others[i]!, "tk-all"), bar(i, shown[i]!, "tk-shown"),
      s("title", { text: `${bin.name}: ${count(Math.round(shown[i]!))} of ` +
        plural(Math.round(others[i]!), "paper") }))));
    const [first, last] = this.range();
    const brushed = Boolean(state.since ?? state.until);
    setAttributes(this.window, { x: first * step, width: Math.max((last - first + 1) * step, 1) });
    this.window.classList.toggle("tk-on", brushed);
    this.placeHandles(first, last, step);
    this.drawAxis(step);
    const span = `${bins[first]!.name} to ${bins[last]!.name}`;
    const most = Math.round(Math.max(...others));
    this.title.textContent =
      `Papers a ${unit}, ${most ? `at most ${count(most)}` : "none"}${brushed ? ` · ${span}` : ""}`;
    this.svg.setAttribute("aria-label",
      `Bar chart: papers a ${unit} from ${bins[0]!.name} to ${bins.at(-1)!.name}, ` +
      `at most ${most}; shown: ${span}`);
  }

  private placeHandles(first: number, last: number, step: number): void {
    [first, last].forEach((bin, i) => {
      const handle = this.handles[i]!;
      handle.style.left = `${(bin + i) * step}px`;
      handle.setAttribute("aria-valuenow", String(bin));
      handle.setAttribute("aria-valuetext", this.bins.bins[bin]!.name);
    });
  }

  private drawAxis(step: number): void {
    const every = Math.max(1, Math.ceil(64 / step));
    const texts: SVGElement[] = [];
    let free = 0;
    this.bins.bins.forEach((bin, i) => {
      const wide = bin.name.length * 6.4;
      if (i % every || i * step < free || i * step + wide > this.width + 6) return;
      free = i * step + wide + 6;
      texts.push(s("text", { x: i * step + 1, y: HEIGHT + 13, text: bin.name }));
      texts.push(s("line", { x1: i * step, x2: i * step, y1: HEIGHT, y2: HEIGHT + 4 }));
    });
    this.axis.replaceChildren(...texts);
  }

  private setRange(first: number, last: number): void {
    const end = this.size - 1;
    const [a, b] = [Math.max(0, Math.min(first, last)), Math.min(end, Math.max(first, last))];
    const whole = a === 0 && b === end;
    this.app.change({
      since: whole ? null : this.bins.bins[a]!.first,
      until: whole ? null : this.bins.bins[b]!.last,
    });
  }

  private key(event: KeyboardEvent, end: End): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const [first, last] = this.range();
    const now = end === "since" ? first : last;
    const big = Math.max(1, Math.round(this.size / 10));
    const places: Record<string, number> = {
      ArrowLeft: now - 1, ArrowDown: now - 1, ArrowRight: now + 1, ArrowUp: now + 1,
      PageDown: now - big, PageUp: now + big, Home: 0, End: this.size - 1,
    };
    const to = places[event.key];
    if (event.key === "Escape") this.setRange(0, this.size - 1);
    else if (to === undefined) return;
    else if (end === "since") this.setRange(Math.min(to, last), last);
    else this.setRange(first, Math.max(to, first));
    event.preventDefault();
    event.stopPropagation();
  }

  private bin(event: PointerEvent): number {
    const x = event.clientX - this.strip.getBoundingClientRect().left;
    return Math.max(0, Math.min(this.size - 1, Math.floor(x / this.step)));
  }

  private grab(event: PointerEvent, end: End | "new"): void {
    if (event.button !== 0) return;
    event.preventDefault();
    this.strip.setPointerCapture(event.pointerId);
    const [first, last] = this.range();
    const here = this.bin(event);
    if (end !== "new") this.handles[end === "since" ? 0 : 1]!.focus();
    const anchor = end === "since" ? last : end === "until" ? first : here;
    this.grabbed = { end, x: event.clientX, moved: false, here, anchor };
  }

  private drag(event: PointerEvent): void {
    const { grabbed } = this;
    if (!grabbed) return;
    grabbed.moved ||= Math.abs(event.clientX - grabbed.x) > 3;
    const here = this.bin(event);
    if (!grabbed.moved || here === grabbed.last) return;
    grabbed.last = here;
    this.setRange(grabbed.anchor, here);
  }

  private drop(): void {
    const { grabbed } = this;
    if (grabbed && !grabbed.moved && grabbed.end === "new") {
      const { here } = grabbed;
      const [first, last] = this.range();
      if (first === here && last === here) this.setRange(0, this.size - 1);
      else this.setRange(here, here);
    }
    this.grabbed = null;
  }
}
