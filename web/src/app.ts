// The explorer: one state, four linked parts, independent of Jupyter. A backend answers what needs
// Python or, in the standalone page, the page's own data.

import type { Backend, TopicEdit } from "./backend";
import { Bar } from "./bar";
import type { ThemeName } from "./colours";
import { setTopics, type Packed, type Store } from "./data";
import { h, messageOf } from "./dom";
import { Filters } from "./filters";
import { History } from "./history";
import { PaperMap } from "./map";
import { Reader } from "./reader";
import { EMPTY, FILTERING, Linked, same, START, type Patch, type State } from "./rules";
import type { BasketEntry, TopicMeta } from "./schema";
import { summaryOf } from "./summary";
import { Table } from "./table";
import { ThemeWatch } from "./theme";
import { Timeline } from "./timeline";
import { toWire } from "./view";

type Part = "filter" | "timeline" | "order" | "open" | "open-focus" | "colour" | "camera" | "hover";
export interface Basket {
  entries: BasketEntry[];
  place: string;
}
interface Given {
  store: Store;
  state: State;
  backend: Backend;
  basket: Basket;
  edits?: [made: number, undone: number];
}

export class App {
  readonly store: Store;
  readonly backend: Backend;
  readonly state: State;
  readonly linked: Linked;
  readonly root: HTMLElement;
  readonly map: PaperMap;
  readonly timeline: Timeline;
  readonly filters: Filters;
  readonly table: Table;
  readonly reader: Reader;
  readonly bar: Bar;
  readonly history: History;
  basket: BasketEntry[];
  basketPlace: string;
  /** How many edits of the topics can be taken back, and how many made again. */
  edits: [made: number, undone: number];
  editing = false;
  shownTopics = new Map<number, number>();
  frame: number | null = null;
  private waiting = new Set<Part>();
  private searching = 0;
  private resizing: ResizeObserver | null = null;
  private readonly theme: ThemeWatch;
  private readonly columnTexts = new Map<string, string[] | null>();

  constructor({ store, state, backend, basket, edits = [0, 0] }: Given) {
    Object.assign(backend, { app: this });
    this.store = store;
    this.backend = backend;
    this.basket = basket.entries;
    this.basketPlace = basket.place;
    this.edits = edits;
    this.state = { ...START, ...state };
    this.linked = new Linked(store);
    this.root = h("section", { class: "tk-explorer", "aria-label": "Paper explorer" });
    this.history = new History(this);
    Object.assign(this.root, { explorer: this });
    this.theme = new ThemeWatch(this.root, () => this.draw("colour", "open"));
    this.bar = new Bar(this);
    this.map = new PaperMap(this);
    this.timeline = new Timeline(this);
    this.filters = new Filters(this);
    this.table = new Table(this);
    this.reader = new Reader(this);
    this.root.append(
      this.bar.node, this.bar.notice, this.bar.fault,
      h("div", { class: "tk-grid" }, this.filters.node,
        h("div", { class: "tk-view" }, this.map.node, this.timeline.node),
        this.table.node, this.reader.node),
      this.bar.live);
    this.linked.apply(this.state);
    this.countTopics();
    this.map.recolour();
    if (this.state.words.trim()) void this.search();
  }

  get themeName(): ThemeName {
    return this.theme.name;
  }

  /** Called once the root stands in the document. */
  start(): void {
    this.resizing = new ResizeObserver(() => {
      this.map.resize();
      this.timeline.resize();
      this.draw("timeline");
    });
    this.resizing.observe(this.map.frame);
    this.resizing.observe(this.timeline.strip);
    window.addEventListener("focus", this.readBasket);
    this.map.resize();
    this.timeline.resize();
    this.draw("filter", "open");
    this.flush();
    this.root.dataset["ready"] = "true";
  }

  stop(): void {
    this.resizing?.disconnect();
    window.removeEventListener("focus", this.readBasket);
    this.theme.stop();
    if (this.frame) cancelAnimationFrame(this.frame);
    this.map.stop();
  }

  /** The state as Python gets it. */
  wire(): ReturnType<typeof toWire> {
    return toWire(this.state);
  }

  // The state ---------------------------------------------------------------------------------

  /** The only way the state changes. `from` is "python" when the change came from there. */
  change(patch: Patch, { from = "here", focus = false } = {}): void {
    const { state } = this;
    const fields = (Object.keys(patch) as (keyof State)[])
      .filter((name) => !same(patch[name], state[name]));
    if (!fields.length) return;
    const started = performance.now();
    if (from === "here") this.history.note(fields);
    Object.assign(state, patch);
    const has = (...names: (keyof State)[]): boolean => names.some((name) => fields.includes(name));
    const filtering = fields.some((name) => FILTERING.includes(name));
    if (has("words", "mode", "score")) void this.search();
    if (filtering && this.linked.apply(state, fields)) this.filtered();
    if (has("camera")) this.draw("camera");
    if (has("colour")) this.draw("colour");
    if (has("sort", "down")) this.draw("order");
    if (has("open")) this.draw(focus ? "open-focus" : "open");
    if (from === "here") this.backend.push(state, filtering);
    // The next key may follow before the next frame: it must find the focus where it is wanted.
    if (focus) this.flush();
    this.root.dataset["linking"] = (performance.now() - started).toFixed(2);
  }

  showAll(): void {
    this.change({ ...EMPTY });
    // The button that was pressed goes; so does one that stands in an empty table.
    this.flush();
    this.bar.focus();
  }

  private filtered(): void {
    this.countTopics();
    this.draw("filter");
    this.say(summaryOf(this.state, this.store, this.linked.shown.length));
  }

  private countTopics(): void {
    this.shownTopics = new Map();
    for (const row of this.linked.shown) {
      const topic = this.store.topic[row]!;
      this.shownTopics.set(topic, (this.shownTopics.get(topic) ?? 0) + 1);
    }
  }

  private async search(): Promise<void> {
    const { words, mode, score } = this.state;
    const turn = ++this.searching;
    const settle = (found: Linked["found"]): void => {
      this.linked.found = found;
      this.linked.apply(this.state, ["words"]);
      this.filtered();
      if (this.state.colour === "score") this.draw("colour");
      this.root.dataset["searched"] = words;
    };
    if (!words.trim()) {
      this.root.removeAttribute("aria-busy");
      return settle(null);
    }
    this.root.setAttribute("aria-busy", "true");
    try {
      const found = await this.backend.search(words, mode, score);
      if (turn === this.searching) settle(found);
    } catch (error) {
      if (turn === this.searching) this.complain(messageOf(error));
    }
    if (turn === this.searching) this.root.removeAttribute("aria-busy");
  }

  mark(rows: number[] | null, how: "replace" | "add" | "remove" = "replace"): void {
    if (rows === null) return this.change({ marks: null });
    const { marks: old } = this.state;
    const marks = how !== "replace" && old ? old.slice() : new Uint8Array(this.store.n);
    for (const row of rows) marks[row] = how === "remove" ? 0 : 1;
    return this.change({ marks: marks.includes(1) ? marks : null });
  }

  toggleMark(row: number): void {
    this.mark([row], this.state.marks?.[row] === 1 ? "remove" : "add");
  }

  openPaper(row: number, { focus = false } = {}): void {
    if (row === this.state.open) {
      this.draw(focus ? "open-focus" : "open");
      if (focus) this.flush();
      return;
    }
    this.change({ open: row }, { focus });
    this.say(`Opened: ${this.store.titles[row]!}`);
  }

  /** A column of text, once the backend has sent it; null until then. */
  texts(name: string): string[] | null {
    const found = this.columnTexts.get(name);
    if (found !== undefined) return found;
    this.columnTexts.set(name, null);
    this.backend.column(name).then((texts) => {
      this.columnTexts.set(name, texts);
      this.draw("order");
    }, (error: unknown) => this.complain(messageOf(error)));
    return null;
  }

  // Topics and basket -------------------------------------------------------------------------

  setTopics(topics: Packed<TopicMeta>, edits: [number, number]): void {
    setTopics(this.store, topics);
    this.edits = edits;
    this.linked.apply(this.state, ["topics"]);
    this.countTopics();
    this.draw("colour", "filter", "open");
  }

  async editTopics(edit: TopicEdit): Promise<void> {
    this.editing = true;
    this.draw("filter");
    try {
      const said = await this.backend.editTopics(edit);
      if (edit.action !== "undo" && edit.action !== "redo") this.history.edited();
      this.say(said);
    } catch (error) {
      this.complain(messageOf(error));
    }
    this.editing = false;
    this.draw("filter");
  }

  setBasket({ entries, place }: Basket): void {
    this.basket = entries;
    this.basketPlace = place;
    this.reader.updateBasket();
  }

  /** Others may have changed the basket. */
  readonly readBasket = (): void => {
    this.backend.readBasket().catch((error: unknown) => this.complain(messageOf(error)));
  };

  async keep(row: number, wanted: boolean): Promise<void> {
    await this.attempt(wanted ? this.backend.keep(row) : this.backend.drop(this.store.meta.ids[row]!),
      wanted ? "Added to the basket." : "Removed from the basket.");
  }

  async drop(id: string): Promise<void> {
    await this.attempt(this.backend.drop(id), "Removed from the basket.");
  }

  async note(id: string, text: string): Promise<void> {
    await this.attempt(this.backend.note(id, text), "Note saved.");
  }

  private async attempt(deed: Promise<void>, done: string): Promise<void> {
    try {
      await deed;
      this.say(done);
    } catch (error) {
      this.complain(messageOf(error));
    }
  }

  // Drawing -----------------------------------------------------------------------------------

  /** Ask for parts to be drawn again with the next frame. */
  draw(...what: Part[]): void {
    for (const part of what) this.waiting.add(part);
    if (this.frame || !this.resizing) return;
    this.frame = requestAnimationFrame(() => this.flush());
  }

  flush(): void {
    if (this.frame) cancelAnimationFrame(this.frame);
    this.frame = null;
    const what = this.waiting;
    this.waiting = new Set();
    const [filter, colour] = [what.has("filter"), what.has("colour")];
    if (colour) this.map.recolour();
    else if (filter) this.map.refilter();
    if (filter || colour) this.filters.update();
    if (filter) this.bar.update();
    if (filter || what.has("timeline")) this.timeline.update();
    if (filter || what.has("order")) this.table.refresh();
    else if (what.has("open") || what.has("open-focus") || colour) this.table.update();
    if (what.has("open") || what.has("open-focus") || (filter && this.state.open === null)) {
      void this.reader.update({ focus: what.has("open-focus") });
    }
    if (what.size) this.map.paint();
    if (filter) this.map.describe();
    this.root.dataset["shown"] = String(this.linked.shown.length);
  }

  say(text: string): void {
    this.bar.say(text);
  }

  complain(text: string): void {
    this.bar.complain(text);
  }

  notify(text: string, view = ""): void {
    this.bar.notify(text, view);
  }
}
