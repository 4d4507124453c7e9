// The reading pane: one paper with its text, links and neighbours; beside it the basket.

import { dateText, topicLabel } from "./data.js";
import { freshId, h, link, plural } from "./dom.js";

export class Reader {
  constructor(app) {
    this.app = app;
    this.paper = h("div", { class: "tk-paper", role: "tabpanel", tabindex: "0" });
    this.basket = h("div", { class: "tk-basket", role: "tabpanel", hidden: true, tabindex: "0" });
    const panels = [this.paper, this.basket];
    this.tabs = ["Paper", "Basket"].map((text, i) => {
      const tab = h("button", { role: "tab", text, id: freshId("tab"),
        "aria-selected": String(i === 0), tabindex: i ? "-1" : "0",
        onclick: () => this.show(i), onkeydown: (event) => this.key(event, i) });
      panels[i].id = freshId("panel");
      tab.setAttribute("aria-controls", panels[i].id);
      panels[i].setAttribute("aria-labelledby", tab.id);
      return tab;
    });
    this.panels = panels;
    const tabs = app.backend.keepsBasket
      ? h("div", { role: "tablist", class: "tk-tabs", "aria-label": "Reading pane" }, ...this.tabs)
      : null;
    if (!tabs) {
      this.paper.setAttribute("role", "region");
      this.paper.removeAttribute("aria-labelledby");
      this.paper.setAttribute("aria-label", "Paper");
    }
    this.node = h("section", { class: "tk-reader", "aria-label": "Reading pane" }, tabs, this.paper,
      tabs ? this.basket : null);
    this.updateBasket();
  }

  key(event, i) {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    this.show(1 - i);
    this.tabs[1 - i].focus();
    event.preventDefault();
    event.stopPropagation();
  }

  show(which) {
    this.panels.forEach((panel, i) => { panel.hidden = i !== which; });
    this.tabs.forEach((tab, i) => {
      tab.setAttribute("aria-selected", String(i === which));
      tab.tabIndex = i === which ? 0 : -1;
    });
  }

  /** Show the open paper; its text, links and neighbours arrive as the backend has them. */
  async update({ focus = false } = {}) {
    const { store, state, backend } = this.app;
    const row = state.open;
    if (row === null) {
      this.paper.replaceChildren(h("p", { class: "tk-note",
        text: "Click a paper on the map or in the table to read it here." }));
      return;
    }
    this.show(0);
    const text = h("div", { class: "tk-body", "aria-busy": "true" });
    const similar = h("div", {});
    const heading = h("h2", { dir: "auto", tabindex: "-1", text: store.titles[row] });
    this.paper.replaceChildren(heading, this.facts(row), ...this.deeds(row), text, similar);
    this.paper.scrollTop = 0;
    if (focus) heading.focus();
    const fresh = () => state.open === row && text.isConnected;
    try {
      const detail = await backend.detail(row);
      if (!fresh()) return;
      text.replaceChildren(...this.body(row, detail));
      text.removeAttribute("aria-busy");
      similar.replaceChildren(h("p", { class: "tk-note", text: "Looking for similar papers…" }));
      const neighbours = await backend.similar(row);
      if (fresh()) similar.replaceChildren(...this.neighbours(neighbours));
    } catch (error) {
      if (!fresh()) return;
      similar.replaceChildren();
      text.append(h("p", { class: "tk-error", role: "alert", text: error.message }));
    }
  }

  facts(row) {
    const { store } = this.app;
    const topic = store.topic[row];
    const swatch = h("span", { class: "tk-swatch", "aria-hidden": "true" });
    swatch.style.background = this.app.map.swatch(topic);
    const facts = [dateText(store, row), `code ${store.codes[store.code[row]]}`];
    return h("p", { class: "tk-facts" }, h("span", { text: facts.filter(Boolean).join(" · ") }), h("button", { class: "tk-plain", dir: "auto",
      title: "Show only this topic", onclick: () => this.app.change({ topics: [topic] }) },
    swatch, topicLabel(store, topic)));
  }

  deeds(row) {
    const { app } = this;
    if (!app.backend.keepsBasket) return [];
    const kept = app.basket.some((entry) => entry.row === row);
    const button = h("button", { class: kept ? "" : "tk-main",
      text: kept ? "Remove from basket" : "Add to basket",
      onclick: async () => {
        await app.keep(row, !kept);
        if (app.state.open !== row || !button.isConnected) return;
        const [fresh] = this.deeds(row);
        button.parentNode.replaceWith(fresh);
        fresh.firstChild.focus();
      } });
    return [h("p", { class: "tk-deeds" }, button)];
  }

  body(row, detail) {
    const parts = [];
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
    const places = detail.places.map(({ text, url }) => h("li", {}, link(text, url)));
    const links = detail.links.map(({ url, kind, tense, state }) =>
      h("li", {}, h("span", { class: "tk-kind", text: kind }), " ", link(url, url), " ",
        h("span", { class: "tk-state", text: [tense === "future" ? "promised" : "", state]
          .filter(Boolean).join(", ") })));
    if (places.length + links.length) {
      parts.push(h("h3", { text: "Links" }), h("ul", { class: "tk-links" }, ...places, ...links));
    }
    return parts;
  }

  fetchButton(row) {
    const button = h("button", { text: "Fetch the abstract from arXiv", onclick: async () => {
      button.disabled = true;
      button.textContent = "Fetching…";
      try {
        await this.app.backend.fetchAbstract(row);
        if (this.app.state.open === row) this.update({ focus: true });
      } catch (error) {
        button.disabled = false;
        button.textContent = "Try again";
        button.after(h("p", { class: "tk-error", role: "alert", text: error.message }));
      }
    } });
    return h("p", {}, button);
  }

  neighbours(list) {
    const { store } = this.app;
    if (!list.length) return [];
    return [h("h3", { text: "Similar papers" }), h("ol", { class: "tk-similar" },
      ...list.map(({ row, score }) => h("li", {}, h("button", { class: "tk-plain", dir: "auto",
        text: store.titles[row], onclick: () => this.app.openPaper(row, { focus: true }) }),
      h("span", { class: "tk-number", title: "Cosine similarity",
        text: ` ${score.toFixed(2)}` }))))];
  }

  updateBasket() {
    const { app } = this;
    this.tabs[1].textContent = `Basket (${app.basket.length})`;
    if (!app.backend.keepsBasket || this.typing()) return;
    const entries = app.basket.map(({ id, row, title, note }) => {
      const noteId = freshId("note");
      const name = row === null
        ? h("span", { dir: "auto", text: title })
        : h("button", { class: "tk-plain", dir: "auto", text: title,
          onclick: () => app.openPaper(row, { focus: true }) });
      const box = h("textarea", { id: noteId, rows: "2", dir: "auto", "data-paper": id,
        onchange: () => app.note(id, box.value) });
      box.value = note;
      return h("li", {}, name, h("label", { for: noteId, text: "Note" }), box,
        h("button", { text: "Remove", "aria-label": `Remove: ${title}`,
          onclick: () => app.drop(id) }));
    });
    const format = h("select", { "aria-label": "Format" }, ...[["bib", "BibTeX"], ["ris", "RIS"],
      ["csv", "CSV"], ["md", "Markdown"], ["html", "HTML"]].map(([value, text]) =>
      h("option", { value, text })));
    const said = h("p", { class: "tk-note", role: "status" });
    const save = h("button", { text: "Export", onclick: async () => {
      try {
        said.textContent = `Written: ${(await app.backend.exportBasket(format.value)).path}`;
      } catch (error) {
        said.textContent = error.message;
      }
    } });
    const note = h("p", { class: "tk-note", text: entries.length
      ? `${plural(entries.length, "paper")}, saved in ${app.basketPlace}`
      : "Empty. Open a paper to add it, with a note." });
    const list = entries.length
      ? [h("ul", { class: "tk-kept" }, ...entries), h("div", { class: "tk-group" }, format, save)]
      : [];
    this.basket.replaceChildren(note, ...list, said);
  }

  /** A note being written must not be taken from under the reader's hands. */
  typing() {
    return document.activeElement?.tagName === "TEXTAREA" &&
      this.basket.contains(document.activeElement);
  }
}
