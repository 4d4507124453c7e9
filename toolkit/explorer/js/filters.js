// The filters: search, lists of options with counts, dates, upvotes, topic editing.

import { topicLabel } from "./data.js";
import { count, enable, freshId, h } from "./dom.js";

/** A list of options, any number of which can be chosen; one tab stop, arrow keys inside. */
class OptionList {
  constructor({ label, chosen, onchange }) {
    this.chosen = chosen;
    this.onchange = onchange;
    this.at = 0;
    this.list = h("div", { class: "tk-options", role: "listbox", "aria-multiselectable": "true",
      "aria-label": label, tabindex: "-1" });
    this.list.addEventListener("keydown", (event) => this.key(event));
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.toggle(Array.from(this.list.children).indexOf(option));
    });
  }

  /** Show options [{value, text, number, colour}]. */
  update(options) {
    this.options = options;
    const chosen = this.chosen();
    const had = this.list.contains(document.activeElement);
    this.at = Math.min(this.at, Math.max(options.length - 1, 0));
    this.list.replaceChildren(...options.map(({ value, text, number, colour }, i) => {
      const on = chosen.includes(value);
      const swatch = colour ? h("span", { class: "tk-swatch", "aria-hidden": "true" }) : null;
      if (swatch) swatch.style.background = colour;
      return h("div", { role: "option", "aria-selected": String(on), class: "tk-option",
        tabindex: i === this.at ? "0" : "-1", title: text },
      h("span", { class: "tk-box", "aria-hidden": "true", text: on ? "✓" : "" }), swatch,
      h("span", { class: "tk-text", dir: "auto", text }),
      h("span", { class: number ? "tk-number" : "tk-number tk-zero", text: count(number) }));
    }));
    if (had) this.focus(this.at);
  }

  focus(i) {
    const all = this.list.children;
    if (!all.length) return;
    this.at = Math.min(Math.max(i, 0), all.length - 1);
    Array.from(all).forEach((option, j) => { option.tabIndex = j === this.at ? 0 : -1; });
    all[this.at].focus();
  }

  toggle(i) {
    this.at = i;
    const { value } = this.options[i];
    // Asked anew: a second key may come before the first one's choice is drawn.
    const chosen = this.chosen();
    const without = chosen.filter((other) => other !== value);
    this.onchange(without.length < chosen.length ? without : [...chosen, value]);
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const deeds = {
      ArrowDown: () => this.focus(this.at + 1),
      ArrowUp: () => this.focus(this.at - 1),
      PageDown: () => this.focus(this.at + 10),
      PageUp: () => this.focus(this.at - 10),
      Home: () => this.focus(0),
      End: () => this.focus(this.list.children.length - 1),
      Enter: () => this.toggle(this.at),
      " ": () => this.toggle(this.at),
    };
    if (!deeds[event.key]) return;
    deeds[event.key]();
    event.preventDefault();
    event.stopPropagation();
  }
}

export class Filters {
  constructor(app) {
    this.app = app;
    const { store, backend } = app;
    this.lists = {};
    const list = (name, label) => {
      this.lists[name] = new OptionList({ label, chosen: () => app.state[name],
        onchange: (values) => app.change({ [name]: values }) });
      return this.lists[name].list;
    };
    this.topicSearch = h("input", { type: "search", placeholder: "Find a topic",
      "aria-label": "Find a topic", oninput: () => this.updateTopics() });
    const topics = group("Topic", store.topics.length > 12 ? this.topicSearch : null,
      list("topics", "Topics"), backend.editTopics ? this.editor() : null);
    topics.classList.add("tk-topics");
    this.node = h("section", { class: "tk-filters", "aria-label": "Filters" }, this.search(),
      topics,
      group("Code", list("code", "Code status")),
      store.kindNames.length ? group("Links to", list("kinds", "Kind of link")) : null,
      store.hosts.length ? group("Host", list("hosts", "Host of link")) : null,
      this.dates(), store.hasUpvotes ? this.votes() : null);
  }

  search() {
    let waiting = null;
    const send = () => {
      clearTimeout(waiting);
      this.app.change({ words: this.words.value });
    };
    this.words = h("input", { type: "search", placeholder: "Search papers",
      "aria-label": "Search papers",
      oninput: () => { clearTimeout(waiting); waiting = setTimeout(send, 150); },
      onkeydown: (event) => { if (event.key === "Enter") send(); } });
    this.mode = h("select", { onchange: () => this.app.change({ mode: this.mode.value }) },
    h("option", { value: "words", text: "words they hold" }),
    h("option", { value: "meaning", text: "nearness in meaning" }));
    const note = this.app.backend.meaning ? null : h("p", { class: "tk-note",
      text: "Words in title and text. Search by meaning needs the notebook." });
    return group("Search", h("div", { class: "tk-search" }, this.words),
      this.app.backend.meaning ? h("label", { class: "tk-pair" }, "by ", this.mode) : null, note);
  }

  dates() {
    const change = () => {
      if (this.since.validity.badInput || this.until.validity.badInput) return;
      this.app.change({ since: this.since.value || null, until: this.until.value || null });
    };
    this.since = h("input", { type: "date", onchange: change });
    this.until = h("input", { type: "date", onchange: change });
    return group("Date", h("label", { class: "tk-pair" }, "from ", this.since),
      h("label", { class: "tk-pair" }, "to ", this.until));
  }

  votes() {
    this.upvotes = h("input", { type: "number", min: "0", step: "1", onchange: () => {
      const value = Number.parseInt(this.upvotes.value, 10);
      this.app.change({ upvotes: Number.isInteger(value) && value >= 0 ? value : null });
    } });
    return group("Upvotes", h("label", { class: "tk-pair" }, "at least ", this.upvotes));
  }

  /** Renaming and merging, on the topics chosen in the list. */
  editor() {
    const id = freshId("edit");
    this.name = h("input", { type: "text", "aria-label": "New name of the chosen topic", id,
      placeholder: "New name", onkeydown: (event) => { if (event.key === "Enter") rename(); } });
    const rename = () => {
      const label = this.name.value.trim();
      const [topic, ...more] = this.app.state.topics;
      if (!label || topic === undefined || more.length) return;
      this.app.editTopics({ action: "rename", topic, label });
      this.name.value = "";
    };
    this.rename = h("button", { text: "Rename", onclick: rename });
    this.merge = h("button", { text: "Merge",
      onclick: () => this.app.editTopics({ action: "merge", topics: this.app.state.topics }) });
    this.undo = h("button", { text: "Undo", onclick: () => this.app.editTopics({ action: "undo" }) });
    this.editHint = h("p", { class: "tk-note" });
    return h("details", { class: "tk-edit" }, h("summary", { text: "Edit topics" }), this.editHint,
      this.name, h("div", { class: "tk-group" }, this.rename, this.merge, this.undo));
  }

  updateTopics() {
    const { store, state, map, linked } = this.app;
    const wanted = this.topicSearch.value.trim().toLowerCase();
    const counts = linked.counts("topics");
    const values = store.topics.map(({ topic }) => topic);
    for (const topic of counts.keys()) if (!store.topicOf.has(topic)) values.push(topic);
    const options = values.map((topic) => ({ value: topic, text: topicLabel(store, topic),
      number: counts.get(topic) ?? 0, colour: map.swatch(topic) }))
      .filter(({ value, text }) => state.topics.includes(value) ||
        text.toLowerCase().includes(wanted));
    this.lists.topics.update(options);
    if (!this.undo) return;
    const chosen = state.topics.length;
    enable(this.rename, chosen === 1, this.name);
    enable(this.merge, chosen > 1, this.name);
    enable(this.undo, this.app.edits > 0, this.name);
    this.editHint.textContent = chosen === 0
      ? "Choose one topic above to rename it, two or more to merge them."
      : chosen === 1 ? "One topic chosen: type its new name." : `${chosen} topics chosen.`;
  }

  update() {
    const { store, state, linked } = this.app;
    this.updateTopics();
    const plain = { code: store.codes, kinds: store.kindNames, hosts: store.hosts };
    for (const [name, values] of Object.entries(plain)) {
      if (!this.lists[name]) continue;
      const counts = linked.counts(name);
      const options = values.map((value) => ({ value, text: value, number: counts.get(value) ?? 0 }));
      this.lists[name].update(options);
    }
    const fill = (input, value) => {
      if (input && document.activeElement !== input) input.value = value ?? "";
    };
    if (document.activeElement !== this.words || !state.words) fill(this.words, state.words);
    this.mode.value = state.mode;
    fill(this.since, state.since);
    fill(this.until, state.until);
    fill(this.upvotes, state.upvotes);
  }
}

function group(name, ...children) {
  return h("div", { role: "group", "aria-label": name }, h("p", { class: "tk-name", "aria-hidden": "true", text: name }), ...children);
}
