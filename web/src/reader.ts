// The reading pane: one paper with its links, text and neighbours; beside it the basket.

import type { App } from "./app";
import { BasketPane } from "./basket";
import { codeOf, dateText, topicLabel } from "./data";
import { freshId, h, link, messageOf, swatch, webAddress } from "./dom";
import { home } from "./home";
import type { Detail, Near, PaperLink } from "./schema";

export class Reader {
  readonly node: HTMLElement;
  readonly basket: BasketPane;
  private readonly paper: HTMLElement;
  private readonly cited = h("div", { class: "tk-cited" });
  private readonly tabs: HTMLButtonElement[];
  private readonly panels: HTMLElement[];

  constructor(private readonly app: App) {
    this.paper = h("div", { class: "tk-paper", role: "tabpanel", tabindex: "0" });
    this.basket = new BasketPane(app);
    this.panels = [this.paper, this.basket.node];
    this.tabs = ["Paper", "Basket"].map((text, i) => {
      const tab = h("button", { role: "tab", text, id: freshId("tab"),
        "aria-selected": String(i === 0), tabindex: i ? "-1" : "0",
        onclick: () => this.choose(i), onkeydown: (event) => this.key(event, i) });
      const panel = this.panels[i]!;
      panel.id = freshId("panel");
      tab.setAttribute("aria-controls", panel.id);
      panel.setAttribute("aria-labelledby", tab.id);
      return tab;
    });
    this.node = h("section", { class: "tk-reader", "aria-label": "Reading pane" },
      h("div", { role: "tablist", class: "tk-tabs", "aria-label": "Reading pane" }, ...this.tabs),
      ...this.panels);
    this.updateBasket();
  }

  private key(event: KeyboardEvent, i: number): void {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    this.choose(1 - i);
    this.tabs[1 - i]!.focus();
    event.preventDefault();
    event.stopPropagation();
  }

  private choose(which: number): void {
    if (which === 1) this.app.readBasket();
    this.show(which);
  }

  private show(which: number): void {
    this.panels.forEach((panel, i) => {
      panel.hidden = i !== which;
    });
    this.tabs.forEach((tab, i) => {
      tab.setAttribute("aria-selected", String(i === which));
      tab.tabIndex = i === which ? 0 : -1;
    });
  }

  /** Show the open paper; its text, links and neighbours arrive as the backend has them. */
  async update({ focus = false } = {}): Promise<void> {
    const { store, state, backend } = this.app;
    const row = state.open;
    if (row === null) {
      this.paper.replaceChildren(...home(this.app));
      return;
    }
    this.show(0);
    const code = h("div", { class: "tk-first" });
    const text = h("div", { class: "tk-body", "aria-busy": "true" });
    const similar = h("div", {});
    const heading = h("h2", { dir: "auto", tabindex: "-1", text: store.titles[row]! });
    this.paper.replaceChildren(heading, this.facts(row), code, this.deeds(row), this.cited, text, similar);
    this.cited.replaceChildren();
    this.paper.scrollTop = 0;
    if (focus) heading.focus();
    const fresh = (): boolean => state.open === row && text.isConnected;
    try {
      const detail = await backend.detail(row);
      if (!fresh()) return;
      const address = detail.places.map(({ url }) => url).find((url) => webAddress(url));
      if (address && !heading.contains(document.activeElement)) {
        heading.replaceChildren(link(store.titles[row]!, address));
      }
      const first = links(detail.links, true);
      if (first.length) code.replaceChildren(h("ul", { class: "tk-links" }, ...first));
      text.replaceChildren(...this.body(row, detail));
      text.removeAttribute("aria-busy");
      similar.replaceChildren(h("p", { class: "tk-note", text: "Looking for similar papers…" }));
      const neighbours = await backend.similar(row);
      if (fresh()) similar.replaceChildren(...this.neighbours(neighbours));
    } catch (error) {
      if (!fresh()) return;
      similar.replaceChildren();
      text.append(h("p", { class: "tk-error", role: "alert", text: messageOf(error) }));
    }
  }

  private facts(row: number): HTMLElement {
    const { store } = this.app;
    const topic = store.topic[row]!;
    const facts = [dateText(store, row), store.facets.has("code") ? `code ${codeOf(store, row)}` : ""];
    return h("p", { class: "tk-facts" }, h("span", { text: facts.filter(Boolean).join(" · ") }),
      h("button", { class: "tk-plain", dir: "auto", title: "Show only this topic",
        onclick: () => this.app.change({ topics: [topic] }) },
      swatch(this.app.map.swatch(topic)), topicLabel(store, topic)));
  }

  private deeds(row: number): HTMLElement {
    const { app } = this;
    const kept = app.basket.some((entry) => entry.row === row);
    const button = h("button", { class: kept ? "" : "tk-main",
      text: kept ? "Remove from basket" : "Add to basket",
      onclick: async () => {
        await app.keep(row, !kept);
        if (app.state.open !== row || !button.isConnected) return;
        const fresh = this.deeds(row);
        button.parentElement?.replaceWith(fresh);
        fresh.querySelector("button")?.focus();
      } });
    return h("p", { class: "tk-deeds" }, button, ...(["apa", "bibtex"] as const).map((style) =>
      h("button", { text: `Copy ${style === "apa" ? "APA" : "BibTeX"}`, title: "Copy the citation",
        onclick: () => this.cite(row, style) })),
    h("button", { class: "tk-close", text: "Close", title: "Close the paper", onclick: () => {
      app.change({ open: null });
      app.flush();
      this.paper.focus();
    } }));
  }

  /** Copy a reference, and show it, since some browsers let nothing be copied. */
  private async cite(row: number, style: "apa" | "bibtex"): Promise<void> {
    const said = h("p", { class: "tk-note", role: "status" });
    const box: HTMLTextAreaElement = h("textarea", { readonly: true, rows: style === "apa" ? "3" : "6",
      "aria-label": "Citation", dir: "auto", onfocus: () => box.select() });
    try {
      box.value = await this.app.backend.cite(row, style);
      this.cited.replaceChildren(box, said);
      const { clipboard } = navigator as { clipboard?: Clipboard };
      await clipboard?.writeText(box.value);
      said.textContent = clipboard ? "Copied." : "Copy it from here.";
    } catch (error) {
      if (!box.value) this.cited.replaceChildren(said);
      said.textContent = box.value ? "Copy it from here." : messageOf(error);
    }
  }

  private body(row: number, detail: Detail): HTMLElement[] {
    const parts: HTMLElement[] = [];
    if (detail.authors) parts.push(h("p", { class: "tk-authors", dir: "auto", text: detail.authors }));
    if (detail.abstract) parts.push(h("p", { dir: "auto", text: detail.abstract }));
    else {
      parts.push(h("p", { class: "tk-note",
        text: detail.terms ? "This collection has no abstracts. The paper's terms:" : "No abstract." }));
      if (detail.terms) {
        parts.push(h("p", { class: "tk-terms" }, ...detail.terms.map((term) =>
          h("span", { dir: "auto", text: term }))));
      }
      if (detail.canFetch) parts.push(this.fetchButton(row));
    }
    if (detail.facts.length) {
      parts.push(h("dl", { class: "tk-details" }, ...detail.facts.flatMap(({ title, text }) =>
        [h("dt", { text: title }), h("dd", { dir: "auto", text })])));
    }
    const places = detail.places.map(({ text, url }) => h("li", {}, link(text, url)));
    const others = links(detail.links, false);
    if (places.length + others.length) {
      parts.push(h("h3", { text: "Links" }), h("ul", { class: "tk-links" }, ...places, ...others));
    }
    return parts;
  }

  private fetchButton(row: number): HTMLElement {
    const button = h("button", { text: "Fetch the abstract from arXiv", onclick: async () => {
      button.disabled = true;
      button.textContent = "Fetching…";
      try {
        await this.app.backend.fetchAbstract(row);
        if (this.app.state.open === row) await this.update({ focus: true });
      } catch (error) {
        button.disabled = false;
        button.textContent = "Try again";
        button.after(h("p", { class: "tk-error", role: "alert", text: messageOf(error) }));
      }
    } });
    return h("p", {}, button);
  }

  private neighbours(list: Near[]): HTMLElement[] {
    const { store } = this.app;
    if (!list.length) return [];
    return [h("h3", { text: "Similar papers" }), h("ol", { class: "tk-similar" },
      ...list.map(({ row, score }) => h("li", {}, h("button", { class: "tk-plain", dir: "auto",
        text: store.titles[row]!, onclick: () => this.app.openPaper(row, { focus: true }) }),
      h("span", { class: "tk-number", title: "Cosine similarity",
        text: ` ${score.toFixed(2)}` }))))];
  }

  updateBasket(): void {
    this.tabs[1]!.textContent = `Basket (${this.app.basket.length})`;
    this.basket.update();
  }
}

/** Links to code, or all the others, each with its kind and state. */
function links(all: PaperLink[], code: boolean): HTMLElement[] {
  return all.filter(({ kind }) => (kind === "code") === code).map(({ url, kind, tense, state }) =>
    h("li", {}, h("span", { class: "tk-kind", text: kind }), " ", link(url, url), " ",
      h("span", { class: "tk-state", text: [tense === "future" ? "promised" : "", state]
        .filter(Boolean).join(", ") })));
}
