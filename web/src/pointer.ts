// Mouse, touch and keys on the map: hover, pan, lasso, box, and the way from paper to paper.

import type { App } from "./app";
import { factsOf, type Theme } from "./colours";
import { dateText, topicLabel } from "./data";
import { h } from "./dom";
import type { PaperMap } from "./map";

type Point = [number, number];

export class MapPointer {
  hover = -1;
  private path: Point[] | null = null;
  private start: Point | null = null;
  private moved = false;

  constructor(private readonly app: App, private readonly map: PaperMap) {
    const { ink } = map;
    ink.dataset["mode"] = map.mode;
    const at = (event: MouseEvent): Point => {
      const box = ink.getBoundingClientRect();
      return [event.clientX - box.left, event.clientY - box.top];
    };
    ink.addEventListener("pointerdown", (event) => this.down(event, at(event)));
    ink.addEventListener("pointermove", (event) => this.move(at(event)));
    ink.addEventListener("pointerup", (event) => this.drop(event, at(event)));
    ink.addEventListener("pointercancel", () => this.letGo());
    ink.addEventListener("pointerleave", () => {
      if (!this.start) this.setHover(-1);
    });
    ink.addEventListener("wheel", (event) => {
      // Without the focus the wheel scrolls the notebook: a map must not trap the reader.
      if (document.activeElement !== ink && !event.ctrlKey) return;
      event.preventDefault();
      map.zoom(Math.exp(-Math.max(-120, Math.min(120, event.deltaY)) / 240), at(event));
    }, { passive: false });
    ink.addEventListener("keydown", (event) => this.key(event));
    ink.addEventListener("blur", () => this.setHover(-1));
  }

  private nearest(x: number, y: number): number {
    const { store } = this.app;
    const { k, ox, oy } = this.map.project();
    const reach = Math.max(this.map.radius() + 3, 10);
    let best = -1;
    let closest = reach * reach;
    for (const row of this.map.scene.shown) {
      const distance = (store.x[row]! * k + ox - x) ** 2 + (oy - store.y[row]! * k - y) ** 2;
      if (distance < closest) [best, closest] = [row, distance];
    }
    return best;
  }

  setHover(row: number): void {
    const { map } = this;
    const { card } = map;
    if (row === this.hover && card.hidden === row < 0) return;
    this.hover = row;
    card.hidden = row < 0;
    if (!card.hidden) {
      const { store } = this.app;
      const facts = [...factsOf(store, row), topicLabel(store, store.topic[row]!)].join(" · ");
      card.replaceChildren(h("strong", { dir: "auto", text: store.titles[row]! }),
        h("span", { dir: "auto", text: facts }));
      const [x, y] = map.place(row);
      const low = y > map.height * 0.55;
      const half = card.offsetWidth / 2;
      card.style.left = `${Math.min(Math.max(x - half, 4), Math.max(map.width - 2 * half - 4, 4))}px`;
      card.style.top = low ? "" : `${y + 14}px`;
      card.style.bottom = low ? `${map.height - y + 14}px` : "";
    }
    this.app.draw("hover");
  }

  /** After filtering, the card of a paper that is gone goes too. */
  filtered(): void {
    if (this.hover >= 0 && this.app.linked.fails[this.hover]) this.setHover(-1);
  }

  private down(event: PointerEvent, here: Point): void {
    if (event.button !== 0) return;
    this.map.ink.focus({ preventScroll: true });
    this.map.ink.setPointerCapture(event.pointerId);
    this.start = here;
    this.moved = false;
    if (this.map.mode !== "pan" && !this.map.slide) this.path = [here];
  }

  private move(here: Point): void {
    if (!this.start) return this.setHover(this.nearest(here[0], here[1]));
    this.moved ||= Math.hypot(here[0] - this.start[0], here[1] - this.start[1]) > 4;
    if (!this.moved) return;
    this.setHover(-1);
    if (this.path) {
      this.path.push(here);
      this.app.draw("hover");
    } else {
      this.map.pan(here[0] - this.start[0], here[1] - this.start[1]);
      this.start = here;
    }
  }

  private letGo(): void {
    this.start = null;
    this.path = null;
    this.app.draw("hover");
  }

  private drop(event: PointerEvent, here: Point): void {
    if (!this.start) return;
    const { moved } = this;
    const rows = moved && this.path ? this.inside(this.outline(this.path)) : null;
    this.letGo();
    if (rows) {
      this.app.mark(rows, event.shiftKey ? "add" : event.altKey ? "remove" : "replace");
    } else if (!moved && !this.map.slide) {
      const row = this.nearest(here[0], here[1]);
      if (row >= 0 && event.shiftKey) this.app.toggleMark(row);
      else if (row >= 0) this.app.openPaper(row);
      else if (this.app.state.marks) this.app.mark(null);
    }
  }

  private outline(path: Point[]): Point[] {
    if (this.map.mode !== "box") return path;
    const [[x1, y1], [x2, y2]] = [path[0]!, path.at(-1)!];
    return [[x1, y1], [x2, y1], [x2, y2], [x1, y2]];
  }

  /** Papers inside the drawn line, of those that pass the other filters. */
  private inside(line: Point[]): number[] {
    const [xs, ys] = [line.map(([x]) => x), line.map(([, y]) => y)];
    const [left, right] = [Math.min(...xs), Math.max(...xs)];
    const [top, bottom] = [Math.min(...ys), Math.max(...ys)];
    return this.rowsWhere((x, y) =>
      x >= left && x <= right && y >= top && y <= bottom && within(line, x, y));
  }

  inFrame(): number[] {
    const { width, height } = this.map;
    return this.rowsWhere((x, y) => x >= 0 && x <= width && y >= 0 && y <= height);
  }

  private rowsWhere(wanted: (x: number, y: number) => boolean): number[] {
    const { k, ox, oy } = this.map.project();
    const { store, linked } = this.app;
    const rows: number[] = [];
    for (let row = 0; row < store.n; row++) {
      if (!linked.passesBut(row, "marks")) continue;
      if (wanted(store.x[row]! * k + ox, oy - store.y[row]! * k)) rows.push(row);
    }
    return rows;
  }

  paint(pen: CanvasRenderingContext2D, theme: Theme): void {
    if (!this.path || this.path.length < 2) return;
    pen.beginPath();
    this.outline(this.path).forEach(([x, y], i) => {
      if (i) pen.lineTo(x, y);
      else pen.moveTo(x, y);
    });
    pen.closePath();
    pen.globalAlpha = 0.12;
    pen.fillStyle = theme.palette[0]!;
    pen.fill();
    pen.globalAlpha = 1;
    pen.setLineDash([5, 4]);
    pen.lineWidth = 1.5;
    pen.strokeStyle = theme.ink;
    pen.stroke();
    pen.setLineDash([]);
  }

  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || this.map.slide) return;
    const { app, map, hover } = this;
    const ways: Record<string, Point> = {
      ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1],
    };
    const way = ways[event.key];
    const deeds: Record<string, () => void> = {
      "+": () => map.zoom(1.6),
      "=": () => map.zoom(1.6),
      "-": () => map.zoom(1 / 1.6),
      0: () => map.moveTo([0, 0, 1]),
      f: () => app.mark(this.inFrame()),
      Escape: () => app.mark(null),
      Enter: () => hover >= 0 && app.openPaper(hover),
      " ": () => hover >= 0 && app.toggleMark(hover),
      t: () => hover >= 0 && app.change({ topics: [app.store.topic[hover]!] }),
    };
    const deed = deeds[event.key];
    if (way && event.shiftKey) map.pan(-way[0] * 60, -way[1] * 60);
    else if (way) this.step(way);
    else if (deed) deed();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Go to the nearest shown paper that lies in a direction. */
  private step([dx, dy]: Point): void {
    const { app, map } = this;
    const { store, linked } = app;
    const { k, ox, oy } = map.project();
    const [fx, fy] = this.hover >= 0 ? map.place(this.hover) : [map.width / 2, map.height / 2];
    let best = -1;
    let least = Infinity;
    for (const row of linked.shown) {
      const [px, py] = [store.x[row]! * k + ox - fx, oy - store.y[row]! * k - fy];
      const along = px * dx + py * dy;
      if (row === this.hover || along <= 0) continue;
      const cost = along + 2.5 * Math.abs(px * dy + py * dx);
      if (cost < least) [best, least] = [row, cost];
    }
    if (best < 0) return app.say("No paper lies further that way.");
    const [x, y] = map.place(best);
    if (x < 10 || y < 10 || x > map.width - 10 || y > map.height - 10) {
      app.change({ camera: [store.x[best]!, store.y[best]!, app.state.camera[2]] });
    }
    this.setHover(best);
    return app.say(`${store.titles[best]!}. ${dateText(store, best)}. ` +
      `${topicLabel(store, store.topic[best]!)}.`);
  }
}

export function within(line: Point[], x: number, y: number): boolean {
  let inside = false;
  for (let i = 0, j = line.length - 1; i < line.length; j = i++) {
    const [xi, yi] = line[i]!;
    const [xj, yj] = line[j]!;
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}
