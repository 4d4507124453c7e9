// The explorer: one state, four linked parts, independent of Jupyter. A backend answers what needs
// Python or, in the standalone page, the page's own data.

import { MISSING, setTopics, topicLabel } from "./data.js";
import { count, h, plural } from "./dom.js";
import { Filters } from "./filters.js";
import { EMPTY, Linked, START } from "./linking.js";
import { PaperMap } from "./map.js";
import { Reader } from "./reader.js";
import { Table } from "./table.js";
import { Timeline } from "./timeline.js";
import { toWire } from "./view.js";

const FILTERING = Object.keys(EMPTY);

export class ExplorerApp {
  constructor({ store, topics, state, backend, basket = [], basketPlace = "", edits = 0 }) {
    Object.assign(this, { store, backend, basket, basketPlace, edits });
    backend.app = this;
    setTopics(store, topics);
    store.hasUpvotes = store.upvotes.some((value) => value !== MISSING);
    this.state = { ...START, ...state };
    this.linked = new Linked(store);
    this.waiting = new Set();
    this.searching = 0;
    this.root = h("section", { class: "tk-explorer", "aria-label": "Paper explorer" });
    this.root.explorer = this;
    this.watchTheme();
    this.build();
    this.linked.apply(this.state);
    this.countTopics();
    this.map.recolour();
    if (this.state.words.trim()) this.search();
  }

  build() {
    this.map = new PaperMap(this);
    this.timeline = new Timeline(this);
    this.filters = new Filters(this);
    this.table = new Table(this);
    this.reader = new Reader(this);
    this.total = h("strong", { class: "tk-total", tabindex: "-1" });
    this.chips = h("ul", { class: "tk-chips", "aria-label": "Active filters" });
    this.clear = h("button", { text: "Show all papers", onclick: () => this.showAll() });
    this.live = h("div", { class: "tk-hidden", role: "status", "aria-live": "polite" });
    this.fault = h("p", { class: "tk-error", role: "alert", hidden: true });
    this.notice = h("div", { class: "tk-notice", role: "status", hidden: true });
    this.root.append(
      h("div", { class: "tk-bar" }, this.total, this.chips, this.clear), this.notice,
      this.fault,
      h("div", { class: "tk-grid" }, this.filters.node,
        h("div", { class: "tk-view" }, this.map.node, this.timeline.node),
        this.table.node, this.reader.node),
      this.live);
  }

  /** Called once the root stands in the document. */
  start() {
    this.resizing = new ResizeObserver(() => {
      this.map.resize();
      this.draw("timeline");
    });
    this.resizing.observe(this.map.frame);
    this.resizing.observe(this.timeline.strip);
    this.map.resize();
    this.draw("filter", "open");
    this.flush();
    this.root.dataset.ready = "true";
  }

  stop() {
    this.resizing?.disconnect();
    this.theming?.disconnect();
    this.preference?.removeEventListener("change", this.retheme);
    cancelAnimationFrame(this.frame);
  }

  /** The state as Python gets it. */
  wire() {
    return toWire(this.state);
  }

  // The state ---------------------------------------------------------------------------------

  /** The only way the state changes. `from` is "python" when the change came from there. */
  change(patch, { from = "here", focus = false } = {}) {
    const fields = Object.keys(patch).filter((name) => !same(patch[name], this.state[name]));
    if (!fields.length) return;
    const started = performance.now();
    Object.assign(this.state, patch);
    const filtering = fields.some((name) => FILTERING.includes(name));
    if (fields.includes("words") || fields.includes("mode")) this.search();
    if (filtering && this.linked.apply(this.state, fields)) this.filtered();
    if (fields.includes("camera")) this.draw("camera");
    if (fields.includes("colour")) this.draw("colour");
    if (fields.includes("sort") || fields.includes("down")) this.draw("order");
    if (fields.includes("open")) this.draw(focus ? "open-focus" : "open");
    if (from === "here") this.backend.push(this.state, filtering);
    // The next key may follow before the next frame: it must find the focus where it is wanted.
    if (focus) this.flush();
    this.root.dataset.linking = (performance.now() - started).toFixed(2);
  }

  showAll() {
    this.change({ ...EMPTY });
    // The button that was pressed goes; so does one that stands in an empty table.
    this.flush();
    this.total.focus({ preventScroll: true });
  }

  filtered() {
    this.countTopics();
    this.draw("filter");
    this.say(this.summary());
  }

  countTopics() {
    this.shownTopics = new Map();
    for (const row of this.linked.shown) {
      const topic = this.store.topic[row];
      this.shownTopics.set(topic, (this.shownTopics.get(topic) ?? 0) + 1);
    }
  }

  async search() {
    const { words, mode } = this.state;
    const turn = ++this.searching;
    const settle = (found) => {
      if (turn !== this.searching) return;
      this.linked.found = found;
      this.linked.apply(this.state, ["words"]);
      this.filtered();
      this.root.dataset.searched = words;
    };
    if (!words.trim()) {
      this.root.removeAttribute("aria-busy");
      return settle(null);
    }
    this.root.setAttribute("aria-busy", "true");
    try {
      settle(await this.backend.search(words, mode));
    } catch (error) {
      if (turn === this.searching) this.complain(error.message);
    }
    if (turn === this.searching) this.root.removeAttribute("aria-busy");
    return null;
  }

  mark(rows, how = "replace") {
    if (rows === null) return this.change({ marks: null });
    const marks = how !== "replace" && this.state.marks
      ? this.state.marks.slice()
      : new Uint8Array(this.store.n);
    for (const row of rows) marks[row] = how === "remove" ? 0 : 1;
    return this.change({ marks: marks.includes(1) ? marks : null });
  }

  toggleMark(row) {
    const marked = this.state.marks?.[row] === 1;
    this.mark([row], marked ? "remove" : "add");
  }

  openPaper(row, { focus = false } = {}) {
    if (row === this.state.open) {
      this.draw(focus ? "open-focus" : "open");
      if (focus) this.flush();
      return;
    }
    this.change({ open: row }, { focus });
    this.say(`Opened: ${this.store.titles[row]}`);
  }

  // Topics and basket -------------------------------------------------------------------------

  setTopics(topics, edits) {
    setTopics(this.store, topics);
    this.edits = edits;
    this.linked.apply(this.state, ["topics"]);
    this.countTopics();
    this.draw("colour", "filter", "open");
  }

  async editTopics(edit) {
    try {
      this.say((await this.backend.editTopics(edit)).message);
    } catch (error) {
      this.complain(error.message);
    }
  }

  setBasket(basket, place) {
    Object.assign(this, { basket, basketPlace: place });
    this.reader.updateBasket();
  }

  async keep(row, wanted) {
    try {
      await (wanted ? this.backend.keep(row) : this.backend.drop(this.store.ids[row]));
      this.say(wanted ? "Added to the basket." : "Removed from the basket.");
    } catch (error) {
      this.complain(error.message);
    }
  }

  async drop(id) {
    try {
      await this.backend.drop(id);
      this.say("Removed from the basket.");
    } catch (error) {
      this.complain(error.message);
    }
  }

  async note(id, text) {
    try {
      await this.backend.note(id, text);
    } catch (error) {
      this.complain(`The note was not saved: ${error.message}`);
    }
  }

  // Drawing -----------------------------------------------------------------------------------

  /** Ask for parts to be drawn again with the next frame. */
  draw(...what) {
    for (const part of what) this.waiting.add(part);
    if (this.frame || !this.resizing) return;
    this.frame = requestAnimationFrame(() => this.flush());
  }

  flush() {
    cancelAnimationFrame(this.frame);
    this.frame = null;
    const what = this.waiting;
    this.waiting = new Set();
    if (what.has("colour")) this.map.recolour();
    const filter = what.has("filter");
    if (filter || what.has("colour")) this.filters.update();
    if (filter) this.updateBar();
    if (filter || what.has("timeline")) this.timeline.update();
    if (filter || what.has("order")) this.table.refresh();
    else if (what.has("open") || what.has("open-focus") || what.has("colour")) this.table.update();
    if (what.has("open") || what.has("open-focus")) {
      this.reader.update({ focus: what.has("open-focus") });
    }
    if (what.size) this.map.paint();
    if (filter) this.map.describe();
    this.root.dataset.shown = String(this.linked.shown.length);
  }

  updateBar() {
    const { n } = this.store;
    const shown = this.linked.shown.length;
    this.total.textContent = shown === n
      ? plural(n, "paper")
      : `${count(shown)} of ${plural(n, "paper")}`;
    const chips = this.reasons().map(({ text, patch }) => h("li", {},
      h("button", { title: "Remove this filter", onclick: () => this.change(patch) },
        h("span", { dir: "auto", text }), h("span", { "aria-hidden": "true", text: " ✕" }),
        h("span", { class: "tk-hidden", text: ", take away" }))));
    // What is taken away takes the focus with it: hand it on to what is left.
    const active = document.activeElement;
    const at = [...this.chips.children].findIndex((chip) => chip.contains(active));
    this.chips.replaceChildren(...chips);
    this.chips.hidden = this.clear.hidden = chips.length === 0;
    if (at >= 0 && chips.length) chips[Math.min(at, chips.length - 1)].firstChild.focus();
    else if (at >= 0) this.total.focus({ preventScroll: true });
  }

  /** The active filters in words, each with the change that removes it. */
  reasons() {
    const { state, store } = this;
    const reasons = [];
    const add = (text, patch) => reasons.push({ text, patch });
    if (state.topics.length) {
      const names = state.topics.map((topic) => topicLabel(store, topic));
      add(names.length > 2 ? plural(names.length, "topic") : names.join(" or "), { topics: [] });
    }
    if (state.code.length) add(`code ${state.code.join(" or ")}`, { code: [] });
    if (state.kinds.length) add(`links to ${state.kinds.join(" or ")}`, { kinds: [] });
    if (state.hosts.length) add(`on ${state.hosts.join(" or ")}`, { hosts: [] });
    if (state.since || state.until) {
      add([state.since && `from ${state.since}`, state.until && `to ${state.until}`]
        .filter(Boolean).join(" "), { since: null, until: null });
    }
    if (state.words.trim()) {
      add(`${state.mode === "meaning" ? "nearest to" : "has"} “${state.words.trim()}”`, { words: "" });
    }
    if (state.upvotes !== null) add(`at least ${plural(state.upvotes, "upvote")}`, { upvotes: null });
    if (state.marks) {
      const marked = state.marks.reduce((sum, value) => sum + value, 0);
      add(`${plural(marked, "paper")} marked`, { marks: null });
    }
    return reasons;
  }

  summary() {
    const why = this.reasons().map(({ text }) => text).join("; ");
    return `${count(this.linked.shown.length)} of ${plural(this.store.n, "paper")} shown` +
      `${why ? `: ${why}` : ""}.`;
  }

  /** Tell screen readers; only the last of many quick changes. */
  say(text) {
    clearTimeout(this.speaking);
    this.speaking = setTimeout(() => { this.live.textContent = text; }, 80);
  }

  complain(text) {
    this.fault.hidden = !text;
    this.fault.textContent = text;
  }

  /** Show a problem with the kernel, and the code for a new explorer with the same view. */
  notify(text, view = "") {
    this.notice.hidden = !text;
    if (this.notice.dataset.said === text + view) return;
    this.notice.dataset.said = text + view;
    const start = h("input", { readonly: true, "aria-label": "Code for a new explorer with this view",
      value: `Explorer(papers, topics, view="${view}")`, onfocus: () => start.select() });
    this.notice.replaceChildren(h("p", { text }), ...(view
      ? [h("label", {}, "Code for a new explorer with this view: ", start)] : []));
  }

  // Theme -------------------------------------------------------------------------------------

  watchTheme() {
    this.preference = window.matchMedia("(prefers-color-scheme: dark)");
    this.retheme = () => {
      const lab = document.body.dataset.jpThemeLight;
      const dark = lab === undefined ? this.preference.matches : lab === "false";
      this.themeName = dark ? "dark" : "light";
      this.root.dataset.theme = this.themeName;
      if (this.map) this.draw("colour", "open");
    };
    this.retheme();
    this.preference.addEventListener("change", this.retheme);
    this.theming = new MutationObserver(this.retheme);
    this.theming.observe(document.body, { attributeFilter: ["data-jp-theme-light"] });
  }
}

function same(a, b) {
  if (a === b) return true;
  if (!a || !b || typeof a !== "object" || a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
