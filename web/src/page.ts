// The explorer as a standalone page: it contains the data and contacts no server.

import { App } from "./app";
import type { Backend } from "./backend";
import { makeStore, unpack, type Numbers, type PagePacked, type Store } from "./data";
import { messageOf } from "./dom";
import type { Found, State } from "./rules";
import type { BasketEntry, Detail, Near, PageMeta, Place } from "./schema";
import { download } from "./picture";
import { parseView, viewText } from "./view";
import { fold, searchWords } from "./words";

class Page implements Backend {
  app: App | null = null;
  readonly meaning = false;
  readonly editsTopics = false;
  readonly formats = [["md", "Markdown"], ["csv", "CSV"], ["bib", "BibTeX"]] as const satisfies [string, string][];
  private readonly stopWords: Set<string>;
  private readonly columns = new Map<string, string[]>();
  private folded: string[] | null = null;
  private pushing = 0;

  constructor(private readonly store: Store, private readonly meta: PageMeta) {
    this.stopWords = new Set(meta.stopWords);
  }

  push(state: State, filtering: boolean): void {
    clearTimeout(this.pushing);
    this.pushing = window.setTimeout(() => {
      const address = `#${viewText(state, this.store.meta)}`;
      if (address === (location.hash || "#")) return;
      // The browser's Back goes from filter to filter, not through each bit of panning.
      if (filtering) history.pushState(null, "", address);
      else history.replaceState(null, "", address);
    }, 300);
  }

  address(state: State): string {
    return `${location.href.split("#")[0]!}#${viewText(state, this.store.meta)}`;
  }

  private array(name: string): Numbers {
    return this.store.arrays.get(name) ?? new Uint8Array(0);
  }

  /** A column of texts, taken apart when it is first needed; no texts where there is none. */
  private texts(name: string): string[] {
    let found = this.columns.get(name);
    if (!found) {
      found = new TextDecoder().decode(this.array(name)).split("\0");
      this.columns.set(name, found);
    }
    return found;
  }

  search(words: string): Promise<Found> {
    const { titles } = this.store;
    const columns = this.store.meta.texts.map(({ name }) => this.texts(`text:${name}`));
    this.folded ??= titles.map((title, row) =>
      fold([title, this.meta.bodies[row]!, ...columns.map((texts) => texts[row]!)].join("\n")));
    return Promise.resolve({ rank: searchWords(this.folded, words, this.stopWords), scores: null });
  }

  detail(row: number): Promise<Detail> {
    const { meta } = this;
    const starts = this.array("linkStart");
    const body = meta.bodies[row]!;
    const isAbstract = Boolean(this.array("isAbstract")[row]);
    const text = (name: string): string => this.texts(`text:${name}`)[row] ?? "";
    return Promise.resolve({
      authors: text("authors"),
      abstract: isAbstract ? body : "",
      terms: isAbstract || !body
        ? null
        : body.split(" ").slice(0, 60).map((term) => term.replaceAll("_", " ")),
      places: this.places(row),
      links: meta.links.slice(starts[row], starts[row + 1]),
      facts: this.store.meta.texts.filter(({ name }) => name !== "authors" && text(name))
        .map(({ name, title }) => ({ title, text: text(name) })),
      canFetch: false,
    });
  }

  similar(row: number): Promise<Near[]> {
    const neighbours = this.array("neighbours");
    const cosines = this.array("cosines");
    const k = this.store.n ? neighbours.length / this.store.n : 0;
    return Promise.resolve(Array.from({ length: k }, (_, i) => ({
      row: neighbours[row * k + i]!, score: cosines[row * k + i]! / 100 })));
  }

  cite(row: number, style: string): Promise<string> {
    return Promise.resolve(this.citation(row, style));
  }

  private citation(row: number, style: string): string {
    return this.whole(this.texts(`cite:${style}`)[row] ?? "", row);
  }

  private places(row: number): Place[] {
    return this.meta.places[row]!.map(({ text, url }) =>
      ({ text: this.whole(text, row), url: this.whole(url, row) }));
  }

  /** A text with the paper's title and number put back in (`page.py` takes them out). */
  private whole(text: string, row: number): string {
    const { ids, titles } = this.store.meta;
    const number = ids[row]!.slice(ids[row]!.indexOf(":") + 1);
    return text.replaceAll("\u0002", () => number).replaceAll("\u0001", () => titles[row]!);
  }

  column(name: string): Promise<string[]> {
    return Promise.resolve(this.texts(`text:${name}`));
  }

  fetchAbstract(): Promise<void> {
    return Promise.reject(new Error("Abstracts are fetched in the notebook."));
  }

  editTopics(): Promise<string> {
    return Promise.reject(new Error("Topics are edited in the notebook."));
  }

  // The basket, kept by the browser for this collection -----------------------------------------

  private get key(): string {
    return `paper-explorer basket ${this.store.meta.fingerprint}`;
  }

  basket(): BasketEntry[] {
    try {
      const kept = JSON.parse(localStorage.getItem(this.key) ?? "[]") as Partial<BasketEntry>[];
      return kept.filter(({ id }) => typeof id === "string").map(({ id, title, note }) => {
        const row = this.store.meta.ids.indexOf(id!);
        return { id: id!, row: row < 0 ? null : row, title: title ?? "", note: note ?? "" };
      });
    } catch {
      return [];
    }
  }

  readBasket(): Promise<void> {
    const entries = this.basket();
    if (entries.length || !this.app?.basket.length) this.app?.setBasket({ entries, place: PLACE });
    return Promise.resolve();
  }

  private write(change: (entries: BasketEntry[]) => BasketEntry[]): Promise<void> {
    // Read anew: another tab may have kept papers since.
    const known = this.basket();
    const entries = change(known.length ? known : (this.app?.basket ?? []));
    try {
      localStorage.setItem(this.key, JSON.stringify(entries));
    } catch {
      this.app?.notify("This browser keeps nothing for this page: export the basket before you close it.");
    }
    this.app?.setBasket({ entries, place: PLACE });
    return Promise.resolve();
  }

  keep(row: number): Promise<void> {
    const [id, title] = [this.store.meta.ids[row]!, this.store.titles[row]!];
    return this.write((entries) => entries.some((entry) => entry.id === id) ? entries
      : [...entries, { id, row, title, note: "" }]);
  }

  drop(id: string): Promise<void> {
    return this.write((entries) => entries.filter((entry) => entry.id !== id));
  }

  note(id: string, note: string): Promise<void> {
    return this.write((entries) => entries.map((entry) => entry.id === id ? { ...entry, note } : entry));
  }

  exportBasket(format: string, basket: BasketEntry[]): Promise<string> {
    return this.save(format, basket, "basket");
  }

  exportList(format: string, rows: Uint32Array): Promise<string> {
    return this.save(format, Array.from(rows, (row) =>
      ({ id: this.store.meta.ids[row]!, row, title: this.store.titles[row]!, note: "" })), "papers");
  }

  private save(format: string, list: BasketEntry[], name: string): Promise<string> {
    const rows = list.map(({ id, row, title, note }) => {
      const url = row === null ? "" : (this.places(row)[0]?.url ?? "");
      return { id, title, url, note };
    });
    const text = format === "csv" ? csv(rows) : format === "md" ? markdown(rows)
      : list.flatMap(({ row }) => row === null ? [] : this.citation(row, "bibtex")).join("\n");
    download(new Blob([text], { type: "text/plain" }), `${name}.${format}`);
    return Promise.resolve(`Saved as ${name}.${format}`);
  }
}

const PLACE = "this browser";

interface Line {
  id: string;
  title: string;
  url: string;
  note: string;
}

/** As `exports/` does: a cell that a spreadsheet would compute is text. */
export function csv(lines: Line[]): string {
  const cell = (text: string): string => {
    const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  const rows = lines.map(({ id, title, url, note }) => [id, title, url, note].map(cell).join(","));
  return `\ufeff${["paper_id,title,url,note", ...rows].join("\r\n")}\r\n`;
}

export function markdown(lines: Line[]): string {
  const plain = (text: string): string => text.replace(/[\\`*_[\]<>#|]/g, "\\$&").replace(/\s+/g, " ");
  return lines.map(({ title, url, note }) => {
    const name = /^https?:\/\/[^\s()<>]+$/.test(url) ? `[${plain(title)}](${url})` : plain(title);
    return `- ${name}${note ? `\n  ${plain(note)}` : ""}\n`;
  }).join("");
}

export async function openPage(host: HTMLElement, data: HTMLElement): Promise<void> {
  try {
    const text = data.textContent.trim();
    const letters = atob(text);
    const bytes = new Uint8Array(letters.length);
    for (let i = 0; i < bytes.length; i++) bytes[i] = letters.charCodeAt(i);
    const packed: PagePacked = await unpack(bytes);
    const store = makeStore(packed, packed);
    const backend = new Page(store, packed.meta);
    const start = location.hash.length > 1 ? location.hash.slice(1) : packed.meta.view;
    const app = new App({ store, backend, state: parseView(start, store.meta),
      basket: { entries: backend.basket(), place: PLACE } });
    window.addEventListener("popstate", () => {
      app.change(parseView(location.hash.slice(1), store.meta), { from: "address" });
    });
    host.replaceChildren(app.root);
    app.start();
  } catch (error) {
    host.textContent = `This page is damaged: ${messageOf(error)}`;
  }
}
