// The explorer in a notebook: state, topics and basket are synced with Python, questions asked there.

import { ExplorerApp } from "./app.js";
import { unpack } from "./data.js";
import { fromWire, toWire } from "./view.js";

const PATIENCE = 30000;

class Kernel {
  constructor(model) {
    this.model = model;
    this.meaning = true;
    this.keepsBasket = true;
    this.asked = new Map();
    this.details = new Map();
    this.next = 0;
    // Two views of one widget must not take each other's answers.
    this.name = Math.random().toString(36).slice(2);
    this.hear = (message, buffers) => this.answer(message, buffers);
    model.on("msg:custom", this.hear);
  }

  ask(what, content = {}) {
    this.next += 1;
    const key = `${this.name}/${this.next}`;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.asked.delete(key);
        reject(new Error("The notebook's kernel does not answer. Run the cell again."));
      }, PATIENCE);
      this.asked.set(key, { resolve, reject, timer });
      this.model.send({ key, what, ...content });
    });
  }

  answer({ key, error, ...content }, buffers) {
    const asked = this.asked.get(key);
    if (!asked) return;
    this.asked.delete(key);
    clearTimeout(asked.timer);
    if (error) asked.reject(new Error(error));
    else asked.resolve({ ...content, buffers });
  }

  /** Send the state once the hand rests: at once for a filter, later for mere panning. */
  push(state, filtering) {
    clearTimeout(this.pushing);
    this.urgent ||= filtering;
    this.pushing = setTimeout(() => {
      this.urgent = false;
      this.turn = (this.turn ?? 0) + 1;
      this.sent = JSON.stringify(toWire(state));
      this.model.set("_state", { ...JSON.parse(this.sent), turn: `${this.name}/${this.turn}` });
      this.model.save_changes();
    }, this.urgent ? 25 : 400);
  }

  settled() {}

  async search(words, mode) {
    const { ordered, buffers } = await this.ask("search", { words, mode });
    const bytes = buffers[0];
    const rank = new Int32Array(
      bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
    return { rank, ordered };
  }

  async detail(row) {
    if (!this.details.has(row)) this.details.set(row, await this.ask("detail", { row }));
    return this.details.get(row);
  }

  async similar(row) {
    return (await this.ask("similar", { row })).papers;
  }

  async fetchAbstract(row) {
    await this.ask("fetch", { row });
    this.details.delete(row);
  }

  editTopics(deed) { return this.ask("topics", deed); }

  keep(row) { return this.ask("keep", { row }); }

  drop(id) { return this.ask("drop", { id }); }

  note(id, note) { return this.ask("note", { id, note }); }

  exportBasket(format) { return this.ask("export", { format }); }
}

function bytesOf(view) {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

async function render({ model, el }) {
  el.classList.add("tk-host");
  const [store, topics] = await Promise.all(
    [unpack(bytesOf(model.get("_data"))), unpack(bytesOf(model.get("_topic_data")))]);
  const backend = new Kernel(model);
  const app = new ExplorerApp({
    store, topics, backend, edits: model.get("_edits"), state: fromWire(model.get("_state"), store.n),
    basket: model.get("_basket"), basketPlace: model.get("_basket_place"),
  });
  const heed = {
    "change:_state": () => {
      const { turn, ...wire } = model.get("_state");
      if (turn?.startsWith(backend.name)) return;
      app.change(fromWire(wire, store.n), { from: "python" });
    },
    "change:_topic_data": async () =>
      app.setTopics(await unpack(bytesOf(model.get("_topic_data"))), model.get("_edits")),
    "change:_basket": () => app.setBasket(model.get("_basket"), model.get("_basket_place")),
    "change:_heard": () => {
      const { turn, n, error } = model.get("_heard");
      app.complain(error ? `The selection changed, but in Python: ${error}` : "");
      app.root.dataset.heard = turn;
      app.root.dataset.heardShown = n;
    },
  };
  for (const [event, deed] of Object.entries(heed)) model.on(event, deed);
  el.replaceChildren(app.root);
  app.start();
  return () => {
    app.stop();
    model.off("msg:custom", backend.hear);
    for (const [event, deed] of Object.entries(heed)) model.off(event, deed);
  };
}

export default { render };
