// The table: one page of rows at a time, sortable, with rows that arrow keys walk through.

import type { App } from "./app";
import { defaultColumns, columnsOf, type Column } from "./columns";
import { count, enable, h, messageOf } from "./dom";
import { MISSING } from "./schema";

const PAGE = 25;

export class Table {
  readonly node: HTMLElement;
  private page = 0;
  private at = 0;
  private rows = new Uint32Array(0);
  private readonly every: Column[];
  private columns: Column[] = [];
  private heads: HTMLElement[] = [];
  private readonly head = h("tr");
  private readonly body = h("tbody");
  private readonly where = h("span", { class: "tk-where" });
  private readonly back: HTMLButtonElement;
  private readonly next: HTMLButtonElement;
  private readonly scroll: HTMLElement;
  private readonly wanted: Set<string>;

  constructor(private readonly app: App) {
    this.every = columnsOf(app);
    this.wanted = new Set(defaultColumns(this.every));
    const table = h("table", { role: "grid", "aria-label": "Papers", "aria-multiselectable": "true" },
      h("thead", {}, this.head), this.body);
    this.back = h("button", { text: "‹", "aria-label": "Previous page", onclick: () => this.turn(-1) });
    this.next = h("button", { text: "›", "aria-label": "Next page", onclick: () => this.turn(1) });
    this.scroll = h("div", { class: "tk-scroll" }, table);
    this.node = h("section", { class: "tk-table", "aria-label": "Table of papers" }, this.scroll,
      h("div", { class: "tk-pager" }, this.where, this.saver(), this.chooser(), this.back, this.next));
    this.body.addEventListener("keydown", (event) => this.key(event));
  }

  /** Which columns the table shows. */
  private chooser(): HTMLElement {
    const boxes = this.every.filter(({ name }) => name !== "title").map(({ name, title }) => {
      const box = h("input", { type: "checkbox", onchange: () => {
        if (box.checked) this.wanted.add(name);
        else this.wanted.delete(name);
        this.update();
      } });
      box.checked = this.wanted.has(name);
      return h("li", {}, h("label", {}, box, " ", title));
    });
    return h("details", { class: "tk-columns" }, h("summary", { text: "Columns" }),
      h("ul", {}, ...boxes));
  }

  /** Saves what is listed, in its order, in one of the formats. */
  private saver(): HTMLElement {
    const said = h("p", { class: "tk-note", role: "status" });
    const buttons = this.app.backend.formats.map(([format, name]) => h("li", {}, h("button", { text: name, onclick: async () => {
      try {
        said.textContent = await this.app.backend.exportList(format, this.rows);
      } catch (error) {
        said.textContent = messageOf(error);
      }
    } })));
    return h("details", { class: "tk-columns", ontoggle: () => said.replaceChildren() },
      h("summary", { text: "Save list" }), h("ul", {}, ...buttons, h("li", {}, said)));
  }

  private arrange(): void {
    const columns = this.every.filter(({ name, shown }) => this.wanted.has(name) && shown());
    if (columns.map(({ name }) => name).join() === this.columns.map(({ name }) => name).join()) return;
    this.columns = columns;
    this.heads = columns.map(({ name, title, tip }) => h("th", { scope: "col", class: `tk-col-${name}` },
      h("button", { title: tip ?? `Sort by ${title.toLowerCase()}`,
        onclick: () => this.sortBy(name) }, title)));
    this.head.replaceChildren(h("th", { scope: "col", class: "tk-col-mark" },
      h("span", { class: "tk-hidden", text: "Marked" })), ...this.heads);
  }

  private sortBy(name: string): void {
    const { sort, down } = this.app.state;
    const first = this.columns.find((column) => column.name === name)?.down ?? false;
    // Third press goes back to the order of the collection (or of a search by meaning).
    if (sort !== name) this.app.change({ sort: name, down: first });
    else if (down === first) this.app.change({ down: !first });
    else this.app.change({ sort: "", down: false });
  }

  private order(): Uint32Array<ArrayBuffer> {
    const { state, linked } = this.app;
    const column = this.every.find(({ name }) => name === state.sort);
    let key: ArrayLike<number> | null = null;
    if (column) key = column.key();
    else if (linked.found?.scores && state.words.trim()) key = linked.found.rank;
    if (!key) return linked.shown;
    const found = key;
    const sign = column && state.down ? -1 : 1;
    // What is missing comes last, whichever way.
    const value = (row: number): number => (found[row] === MISSING ? Infinity : sign * found[row]!);
    return Uint32Array.from(linked.shown).sort((a, b) => {
      const [x, y] = [value(a), value(b)];
      return x === y ? a - b : x < y ? -1 : 1;
    });
  }

  /** New filters or order: back to the first page. */
  refresh(): void {
    this.rows = this.order();
    this.page = 0;
    this.at = 0;
    this.update();
  }

  private get pages(): number {
    return Math.max(1, Math.ceil(this.rows.length / PAGE));
  }

  private turn(by: number, at = 0): void {
    const to = Math.min(Math.max(this.page + by, 0), this.pages - 1);
    if (to === this.page) return;
    this.page = to;
    this.at = at;
    this.update();
    this.scroll.scrollTop = 0;
  }

  update(): void {
    const { state } = this.app;
    this.arrange();
    const had = this.body.contains(document.activeElement);
    const rows = Array.from(this.rows.slice(this.page * PAGE, (this.page + 1) * PAGE));
    this.heads.forEach((head, i) => {
      const sorted = state.sort === this.columns[i]!.name;
      head.setAttribute("aria-sort", !sorted ? "none" : state.down ? "descending" : "ascending");
    });
    this.body.replaceChildren(...rows.map((row, i) => this.line(row, i)));
    if (!rows.length) {
      const unknown = state.mode === "meaning" && state.words.trim() &&
        !this.app.linked.found?.rank.some((rank) => rank >= 0);
      this.body.append(h("tr", {}, h("td", { colspan: this.columns.length + 1, class: "tk-none" },
        h("p", { text: unknown ? "No paper speaks of that." : "No paper passes all filters." }),
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

  private line(row: number, i: number): HTMLElement {
    const { state, map } = this.app;
    const marked = state.marks?.[row] === 1;
    const line = h("tr", {
      tabindex: i === this.at ? "0" : "-1", "data-row": row, "aria-selected": String(marked),
      class: row === state.open ? "tk-open" : null,
      onclick: (event) => {
        this.at = i;
        const inMark = (event.target as Element).closest(".tk-col-mark");
        if (inMark ?? event.shiftKey) this.app.toggleMark(row);
        else this.app.openPaper(row);
      },
      onpointerenter: () => map.pointer.setHover(row),
      onpointerleave: () => map.pointer.setHover(-1),
      onfocus: () => map.pointer.setHover(row),
      onblur: () => map.pointer.setHover(-1),
    });
    const tick = h("span", { class: "tk-tick", "aria-hidden": "true", text: marked ? "✓" : "" });
    line.append(h("td", { class: "tk-col-mark", title: "Mark (Space, or Shift-click)" }, tick),
      ...this.columns.map(({ name, cell }) => h("td", { class: `tk-col-${name}` }, cell(row))));
    return line;
  }

  private lines(): HTMLElement[] {
    return Array.from(this.body.querySelectorAll<HTMLElement>("tr[data-row]"));
  }

  private focusRow(i: number): void {
    const lines = this.lines();
    if (!lines.length) return;
    this.at = Math.min(Math.max(i, 0), lines.length - 1);
    lines.forEach((line, j) => {
      line.tabIndex = j === this.at ? 0 : -1;
    });
    lines[this.at]!.focus();
  }

  private key(event: KeyboardEvent): void {
    const line = (event.target as Element).closest<HTMLElement>("tr[data-row]");
    if (!line || event.ctrlKey || event.metaKey) return;
    const row = Number(line.dataset["row"]);
    const lines = this.lines();
    this.at = lines.indexOf(line);
    const { at } = this;
    const deeds: Record<string, () => void> = {
      ArrowDown: () => (at < lines.length - 1 ? this.focusRow(at + 1) : this.turn(1)),
      ArrowUp: () => (at > 0 ? this.focusRow(at - 1) : this.turn(-1, PAGE - 1)),
      PageDown: () => this.turn(1),
      PageUp: () => this.turn(-1),
      Home: () => this.focusRow(0),
      End: () => this.focusRow(lines.length - 1),
      Enter: () => this.app.openPaper(row, { focus: true }),
      " ": () => this.app.toggleMark(row),
    };
    const deed = deeds[event.key];
    if (!deed) return;
    deed();
    event.preventDefault();
    event.stopPropagation();
  }
}
