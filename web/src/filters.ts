// The filters: search, lists of options with counts, dates, least numbers, topic editing.

import type { App } from "./app";
import { topicLabel } from "./data";
import { enable, freshId, h, type Child } from "./dom";
import { OptionList, type Option } from "./options";
import type { FacetName, NumberName } from "./rules";
import type { FacetMeta, Named } from "./schema";

/** Options shown of a long list; its search finds the others. */
const MOST_OPTIONS = 60;
const LONG = 12;
const LABELS: Record<string, string> = {
  code: "Code status", kinds: "Kind of link", hosts: "Host of link",
};
/** Lowest and highest threshold of a search by meaning, and the usual one (`paper_data.py`). */
const USUAL_SCORE = 40;

interface FacetFilter {
  meta: FacetMeta;
  list: OptionList<string>;
  find: HTMLInputElement | null;
  fold: HTMLDetailsElement | null;
}

export class Filters {
  readonly node: HTMLElement;
  private readonly facets: FacetFilter[] = [];
  private readonly topics: OptionList<number>;
  private readonly topicSearch: HTMLInputElement;
  private readonly words: HTMLInputElement;
  private readonly mode: HTMLSelectElement;
  private readonly score: HTMLInputElement;
  private readonly scoreRow: HTMLElement;
  private readonly since: HTMLInputElement;
  private readonly until: HTMLInputElement;
  private readonly numbers = new Map<NumberName, HTMLInputElement>();
  private readonly editor: TopicEditor | null;

  constructor(private readonly app: App) {
    const { store, backend } = app;
    this.topics = new OptionList("Topics", () => app.state.topics, (topics) => app.change({ topics }));
    this.topicSearch = findBox("Find a topic", () => this.updateTopics());
    this.words = h("input", { type: "search", placeholder: "Search papers", "aria-label": "Search papers" });
    this.mode = h("select", { onchange: () =>
      app.change({ mode: this.mode.value === "meaning" ? "meaning" : "words", score: null }) },
    h("option", { value: "words", text: "words they hold" }),
    h("option", { value: "meaning", text: "nearness in meaning" }));
    this.score = h("input", { type: "range", min: "0", max: "100", step: "1",
      onchange: () => app.change({ score: Number(this.score.value) }) });
    this.scoreRow = h("label", { class: "tk-pair", hidden: true }, "score from ", this.score);
    this.editor = backend.editsTopics ? new TopicEditor(app) : null;
    const change = (): void => {
      if (this.since.validity.badInput || this.until.validity.badInput) return;
      app.change({ since: this.since.value || null, until: this.until.value || null });
    };
    this.since = h("input", { type: "date", onchange: change });
    this.until = h("input", { type: "date", onchange: change });
    const topics = group("Topic", store.topics.length > LONG ? this.topicSearch : null,
      this.topics.list, this.editor?.node);
    topics.classList.add("tk-topics");
    this.node = h("section", { class: "tk-filters", "aria-label": "Filters" }, this.search(), topics,
      ...store.meta.facets.map((meta) => this.facet(meta)),
      store.dated ? group("Date", h("label", { class: "tk-pair" }, "from ", this.since),
        h("label", { class: "tk-pair" }, "to ", this.until)) : "",
      ...store.meta.numbers.map((meta) => this.number(meta)));
  }

  private search(): HTMLElement {
    let waiting = 0;
    const send = (): void => {
      clearTimeout(waiting);
      this.app.change({ words: this.words.value });
    };
    this.words.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = window.setTimeout(send, 150);
    });
    this.words.addEventListener("keydown", (event) => {
      if (event.key === "Enter") send();
    });
    const { meaning } = this.app.backend;
    const note = meaning ? null : h("p", { class: "tk-note",
      text: "Whole words of all texts. Search by meaning needs the notebook." });
    return group("Search", h("div", { class: "tk-search" }, this.words),
      meaning ? h("label", { class: "tk-pair" }, "by ", this.mode) : null, this.scoreRow, note);
  }

  private facet(meta: FacetMeta): HTMLElement {
    const name = meta.name as FacetName;
    const list = new OptionList(LABELS[name] ?? meta.title, () => this.app.state[name],
      (values) => this.app.change({ [name]: values }));
    const filter: FacetFilter = { meta, list, find: null, fold: null };
    if (meta.names.length > LONG) {
      filter.find = findBox(`Find: ${meta.title.toLowerCase()}`, () => this.updateFacet(filter));
    }
    this.facets.push(filter);
    if (name === "code") return group(meta.title, list.list);
    // Closed, so that all filters of a collection can be seen at once.
    filter.fold = h("details", { class: "tk-fold", ontoggle: () => this.updateFacet(filter) },
      h("summary", { class: "tk-name", text: meta.title }), filter.find, list.list);
    return h("div", { role: "group", "aria-label": meta.title }, filter.fold);
  }

  private number({ name, title }: Named): HTMLElement {
    const input = h("input", { type: "number", min: "0", step: "1", onchange: () => {
      const value = Number.parseInt(input.value, 10);
      this.app.change({ [name]: Number.isInteger(value) && value >= 0 ? value : null });
    } });
    this.numbers.set(name as NumberName, input);
    return group(title, h("label", { class: "tk-pair" }, "at least ", input));
  }

  private updateTopics(): void {
    const { store, state, map, linked } = this.app;
    const wanted = this.topicSearch.value.trim().toLowerCase();
    const counts = linked.topicCounts();
    const values = store.topics.map(({ topic }) => topic);
    for (const topic of counts.keys()) if (!store.topicOf.has(topic)) values.push(topic);
    this.topics.update(values.map((topic): Option<number> => ({ value: topic,
      text: topicLabel(store, topic), number: counts.get(topic) ?? 0, colour: map.swatch(topic) }))
      .filter(({ value, text }) => state.topics.includes(value) ||
        text.toLowerCase().includes(wanted)));
    this.editor?.update();
  }

  private updateFacet({ meta, list, find, fold }: FacetFilter): void {
    const chosen = this.app.state[meta.name as FacetName];
    if (fold && chosen.length) fold.open = true;
    // Closed, nobody reads its counts; they are made when it opens.
    if (fold && !fold.open) return;
    const counts = this.app.linked.counts(meta.name);
    const wanted = find?.value.trim().toLowerCase() ?? "";
    let options = meta.names.map((text, i): Option<string> => ({ value: text, text, number: counts[i]! }));
    for (const value of chosen) {
      if (!meta.names.includes(value)) options.unshift({ value, text: value, number: 0 });
    }
    if (find) {
      options = options.filter(({ value, text }) => chosen.includes(value) ||
        text.toLowerCase().includes(wanted));
      options.sort((a, b) => Number(chosen.includes(b.value)) - Number(chosen.includes(a.value)) ||
        (meta.name === "year" ? 0 : b.number - a.number));
    }
    list.update(options.slice(0, MOST_OPTIONS));
  }

  update(): void {
    const { state } = this.app;
    this.updateTopics();
    for (const filter of this.facets) this.updateFacet(filter);
    const fill = (input: HTMLInputElement, value: string | number | null): void => {
      if (document.activeElement !== input) input.value = String(value ?? "");
    };
    if (document.activeElement !== this.words || !state.words) this.words.value = state.words;
    this.mode.value = state.mode;
    this.scoreRow.hidden = state.mode !== "meaning" || !state.words.trim();
    fill(this.score, state.score ?? USUAL_SCORE);
    fill(this.since, state.since);
    fill(this.until, state.until);
    for (const [name, input] of this.numbers) fill(input, state[name]);
  }
}

/** Renaming and merging, on the topics chosen in the list. */
class TopicEditor {
  readonly node: HTMLElement;
  private readonly name: HTMLInputElement;
  private readonly rename: HTMLButtonElement;
  private readonly merge: HTMLButtonElement;
  private readonly drop: HTMLButtonElement;
  private readonly undo: HTMLButtonElement;
  private readonly redo: HTMLButtonElement;
  private readonly hint = h("p", { class: "tk-note" });

  constructor(private readonly app: App) {
    const rename = (): void => {
      const label = this.name.value.trim();
      const [topic, ...more] = app.state.topics;
      if (!label || topic === undefined || more.length) return;
      void app.editTopics({ action: "rename", topic, label });
      this.name.value = "";
    };
    this.name = h("input", { type: "text", "aria-label": "New name of the chosen topic",
      id: freshId("edit"), placeholder: "New name", onkeydown: (event) => {
        if (event.key === "Enter") rename();
      } });
    this.rename = h("button", { text: "Rename", onclick: rename });
    this.merge = h("button", { text: "Merge",
      onclick: () => app.editTopics({ action: "merge", topics: app.state.topics }) });
    this.drop = h("button", { text: "Drop", title: "Their papers belong to no topic then",
      onclick: () => app.editTopics({ action: "drop", topics: app.state.topics.filter((topic) => topic >= 0) }) });
    this.undo = h("button", { text: "Undo", onclick: () => app.history.undoEdit() });
    this.redo = h("button", { text: "Redo", onclick: () => app.history.redoEdit() });
    this.node = h("details", { class: "tk-edit" }, h("summary", { text: "Edit topics" }), this.hint,
      this.name, h("div", { class: "tk-group" }, this.rename, this.merge, this.drop,
        this.undo, this.redo));
  }

  update(): void {
    const { app } = this;
    const chosen = app.state.topics.length;
    enable(this.rename, chosen === 1 && !app.editing, this.name);
    enable(this.merge, chosen > 1 && !app.editing, this.name);
    enable(this.drop, app.state.topics.some((topic) => topic >= 0) && !app.editing, this.name);
    enable(this.undo, app.edits[0] > 0 && !app.editing, this.name);
    enable(this.redo, app.edits[1] > 0 && !app.editing, this.name);
    this.hint.textContent = app.editing ? "Working…"
      : chosen === 0 ? "Choose one topic above to rename or drop it, two or more to merge them."
        : chosen === 1 ? "One topic chosen: type its new name." : `${chosen} topics chosen.`;
  }
}

function findBox(label: string, oninput: () => void): HTMLInputElement {
  return h("input", { type: "search", placeholder: label, "aria-label": label, oninput });
}

function group(name: string, ...children: Child[]): HTMLElement {
  return h("div", { role: "group", "aria-label": name },
    h("p", { class: "tk-name", "aria-hidden": "true", text: name }), ...children);
}
