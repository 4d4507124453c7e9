// The table: one page of rows at a time, sortable, with rows that arrow keys walk through.

import { dateText, MISSING, topicLabel } from "./data.js";
import { count, enable, h } from "./dom.js";

const PAGE = 25;

export class Table {
  constructor(app) {
    this.app = app;
    this.page = 0;
    this.at = 0;
    this.keys = {};
    this.columns = columnsOf(app.store);
    this.heads = this.columns.map(({ name, title, tip }) => {
      const button = h("button", { title: tip ?? `Sort by ${title.toLowerCase()}`,
        onclick: () => this.sortBy(name) }, title);
      return h("th", { scope: "col", class: `tk-col-${name}` }, button);
    });
    this.body = h("tbody");
    this.table = h("table", { role: "grid", "aria-label": "Papers", "aria-multiselectable": "true" },
      h("thead", {}, h("tr", {}, h("th", { scope: "col", class: "tk-col-mark" },
        h("span", { class: "tk-hidden", text: "Marked" })), ...this.heads)), this.body);
    this.where = h("span", { class: "tk-where" });
    this.back = h("button", { text: "‹", "aria-label": "Previous page", onclick: () => this.turn(-1) });
    this.next = h("button", { text: "›", "aria-label": "Next page", onclick: () => this.turn(1) });
    this.scroll = h("div", { class: "tk-scroll" }, this.table);
    this.node = h("section", { class: "tk-table", "aria-label": "Table of papers" }, this.scroll,
      h("div", { class: "tk-pager" }, this.where, this.back, this.next));
    this.body.addEventListener("keydown", (event) => this.key(event));
  }

  sortBy(name) {
    const { sort, down } = this.app.state;
    const first = this.columns.find((column) => column.name === name).down ?? false;
    // Third press goes back to the order of the collection (or of a search by meaning).
    if (sort !== name) this.app.change({ sort: name, down: first });
    else if (down === first) this.app.change({ down: !first });
    else this.app.change({ sort: "", down: false });
  }

  order() {
    const { state, linked } = this.app;
    let key = null;
    if (state.sort && this.columns.some(({ name }) => name === state.sort)) key = this.key_(state.sort);
    else if (linked.found?.ordered && state.words.trim()) key = linked.found.rank;
    if (!key) return linked.shown;
    const sign = state.sort && state.down ? -1 : 1;
    // What is missing comes last, whichever way.
    const value = (row) => (key[row] === MISSING ? Infinity : sign * key[row]);
    return Uint32Array.from(linked.shown).sort((a, b) => {
      const [x, y] = [value(a), value(b)];
      return x === y ? a - b : x < y ? -1 : 1;
    });
  }

  key_(name) {
    const { store } = this.app;
    if (name === "topic") {
      return ranks(Array.from(store.topic, (topic) => topicLabel(store, topic)));
    }
    this.keys[name] ??= {
      title: () => ranks(store.titles),
      date: () => store.date,
      code: () => store.code,
      links: () => store.linkCount,
      upvotes: () => store.upvotes,
    }[name]();
    return this.keys[name];
  }

  /** New filters or order: back to the first page. */
  refresh() {
    this.rows = this.order();
    this.page = 0;
    this.at = 0;
    this.update();
  }

  get pages() {
    return Math.max(1, Math.ceil(this.rows.length / PAGE));
  }

  turn(by, at = 0) {
    const to = Math.min(Math.max(this.page + by, 0), this.pages - 1);
    if (to === this.page) return;
    this.page = to;
    this.at = at;
    this.update();
    this.scroll.scrollTop = 0;
  }

  update() {
    const { store, state } = this.app;
    const had = this.body.contains(document.activeElement);
    const rows = Array.from(this.rows.slice(this.page * PAGE, (this.page + 1) * PAGE));
    this.heads.forEach((head, i) => {
      const sorted = state.sort === this.columns[i].name;
      head.setAttribute("aria-sort",
        !sorted ? "none" : state.down ? "descending" : "ascending");
    });
    this.body.replaceChildren(...rows.map((row, i) => this.line(row, i, store, state)));
    if (!rows.length) {
      this.body.append(h("tr", {}, h("td", {
        colspan: this.columns.length + 1, class: "tk-none",
      }, h("p", { text: "No paper passes all filters." }),
      h("button", { text: "Remove all filters", onclick: () => this.app.showAll() }))));
    }
    const first = this.rows.length ? this.page * PAGE + 1 : 0;
    this.where.textContent = !rows.length ? "" :
      `${count(first)}–${count(first + Math.max(rows.length - 1, 0))} of ${count(this.rows.length)}`;
    this.back.disabled = this.next.disabled = false;
    enable(this.back, this.page > 0, this.next);
    enable(this.next, this.page < this.pages - 1, this.back);
    if (had) this.focusRow(this.at);
  }

  line(row, i, store, state) {
    const marked = state.marks !== null && state.marks[row] === 1;
    const line = h("tr", {
      tabindex: i === this.at ? "0" : "-1", "data-row": row, "aria-selected": String(marked),
      class: row === state.open ? "tk-open" : null,
      onclick: (event) => {
        this.at = i;
        if (event.target.closest(".tk-col-mark") || event.shiftKey) this.app.toggleMark(row);
        else this.app.openPaper(row);
      },
      onpointerenter: () => this.app.map.setHover(row),
      onpointerleave: () => this.app.map.setHover(-1),
      onfocus: () => this.app.map.setHover(row),
      onblur: () => this.app.map.setHover(-1),
    });
    const tick = h("span", { class: "tk-tick", "aria-hidden": "true", text: marked ? "✓" : "" });
    line.append(h("td", { class: "tk-col-mark", title: "Mark (Space, or Shift-click)" }, tick));
    for (const { name, cell } of this.columns) {
      line.append(h("td", { class: `tk-col-${name}` }, cell(row, this.app)));
    }
    return line;
  }

  focusRow(i) {
    const lines = this.body.querySelectorAll("tr[data-row]");
    if (!lines.length) return;
    this.at = Math.min(Math.max(i, 0), lines.length - 1);
    lines.forEach((line, j) => { line.tabIndex = j === this.at ? 0 : -1; });
    lines[this.at].focus();
  }

  key(event) {
    const line = event.target.closest("tr[data-row]");
    if (!line || event.ctrlKey || event.metaKey) return;
    const row = Number(line.dataset.row);
    const lines = this.body.querySelectorAll("tr[data-row]").length;
    const { at } = this;
    const deeds = {
      ArrowDown: () => (at < lines - 1 ? this.focusRow(at + 1) : this.turn(1)),
      ArrowUp: () => (at > 0 ? this.focusRow(at - 1) : this.turn(-1, PAGE - 1)),
      PageDown: () => this.turn(1),
      PageUp: () => this.turn(-1),
      Home: () => this.focusRow(0),
      End: () => this.focusRow(lines - 1),
      Enter: () => this.app.openPaper(row, { focus: true }),
      " ": () => this.app.toggleMark(row),
    };
    if (!deeds[event.key]) return;
    this.at = Array.from(this.body.children).indexOf(line);
    deeds[event.key]();
    event.preventDefault();
    event.stopPropagation();
  }
}

function ranks(texts) {
  const lower = texts.map((text) => text.toLowerCase());
  const order = lower.map((_, i) => i).sort((a, b) =>
    lower[a] < lower[b] ? -1 : lower[a] > lower[b] ? 1 : a - b);
  const rank = new Int32Array(texts.length);
  let value = 0;
  order.forEach((row, i) => {
    if (i && lower[row] !== lower[order[i - 1]]) value = i;
    rank[row] = value;
  });
  return rank;
}

function columnsOf(store) {
  const columns = [
    { name: "title", title: "Title",
      cell: (row) => h("span", { class: "tk-clamp", dir: "auto", text: store.titles[row] }) },
    { name: "date", title: "Date", down: true, cell: (row) => dateText(store, row) },
    { name: "topic", title: "Topic", cell: (row, app) => {
      const swatch = h("span", { class: "tk-swatch", "aria-hidden": "true" });
      swatch.style.background = app.map.swatch(store.topic[row]);
      return h("span", { class: "tk-clamp", dir: "auto" }, swatch, topicLabel(store, store.topic[row]));
    } },
    { name: "code", title: "Code", cell: (row) => {
      const code = store.codes[store.code[row]];
      return h("span", { class: code === "none" || code === "unknown" ? "tk-number" : null, text: code });
    } },
    { name: "links", title: "Links", down: true,
      cell: (row) => (store.linkCount[row] ? String(store.linkCount[row]) : "") },
  ];
  if (store.hasUpvotes) {
    columns.push({ name: "upvotes", title: "Votes", down: true, tip: "Sort by upvotes",
      cell: (row) => (store.upvotes[row] === MISSING ? "" : count(store.upvotes[row])) });
  }
  return columns;
}
