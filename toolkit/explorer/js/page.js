// The explorer as a standalone page: it contains the data and contacts no server.

import { ExplorerApp } from "./app.js";
import { unpack } from "./data.js";
import { searchWords } from "./linking.js";
import { parseView, viewText } from "./view.js";

class Page {
  constructor(store) {
    this.store = store;
    this.meaning = false;
    this.keepsBasket = false;
    this.editTopics = null;
  }

  push(state) {
    clearTimeout(this.pushing);
    this.pushing = setTimeout(() => {
      const view = viewText(state, this.store);
      history.replaceState(null, "", view ? `#${view}` : "#");
    }, 300);
  }

  async search(words) {
    return searchWords(this.store, words);
  }

  async detail(row) {
    const { store } = this;
    const links = [];
    for (let i = store.linkStart[row]; i < store.linkStart[row + 1]; i++) links.push(store.links[i]);
    const body = store.bodies[row];
    return {
      authors: store.authors[row],
      abstract: store.isAbstract[row] ? body : "",
      terms: store.isAbstract[row] || !body
        ? null
        : body.split(" ").slice(0, 60).map((term) => term.replaceAll("_", " ")),
      places: store.places[row],
      links,
      canFetch: false,
    };
  }

  async similar(row) {
    const { store } = this;
    const k = store.n ? store.neighbours.length / store.n : 0;
    return Array.from({ length: k }, (_, i) => ({
      row: store.neighbours[row * k + i], score: store.scores[row * k + i] }));
  }
}

async function open() {
  const text = document.getElementById("data").textContent.trim();
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const store = await unpack(bytes);
  const topics = { topics: store.topics, topic: store.topic };
  const start = location.hash.length > 1 ? location.hash.slice(1) : store.view;
  const app = new ExplorerApp({
    store, topics, backend: new Page(store), state: parseView(start, store) });
  document.getElementById("explorer").replaceChildren(app.root);
  app.start();
}

open().catch((error) => {
  document.getElementById("explorer").textContent = `This page is damaged: ${error.message}`;
});
