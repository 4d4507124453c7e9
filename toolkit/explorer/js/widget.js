// The explorer in a notebook: state, topics and basket are synchronised with Python.

import { ExplorerApp } from "./app.js";
import { unpack } from "./data.js";
import { fromWire, toWire, viewText } from "./view.js";

const PATIENCE = 10000;
const SILENT = "Python has not answered for a while: the kernel is busy with a cell, or it has stopped. " +
  "Map, timeline, table and filters still work.";
const GONE = "The notebook's kernel was restarted or stopped. Map, timeline, table and filters " +
  "still work, but changes no longer reach Python. Run the notebook's cells again to reconnect.";

/** Sends requests to Python. Each has a reply with its key; a state that Python has not confirmed is
 *  sent again, so that both sides agree even where a message is lost. */
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
      if (this.gone) return reject(new Error(GONE));
      const timer = setTimeout(() => this.app.notify(SILENT), PATIENCE);
      this.asked.set(key, { resolve, reject, timer });
      try {
        this.model.send({ key, what, ...content });
      } catch {
        this.lose();
      }
      return null;
    });
  }

  answer({ key, error, ...content }, buffers) {
    const asked = this.asked.get(key);
    if (!asked) return;
    this.asked.delete(key);
    clearTimeout(asked.timer);
    if (!this.gone) this.app.notify("");
    if (error) asked.reject(new Error(error));
    else asked.resolve({ ...content, buffers });
  }

  /** The kernel will not answer any more: say so, once and to all who wait. */
  lose() {
    this.gone = true;
    for (const { reject, timer } of this.asked.values()) {
      clearTimeout(timer);
      reject(new Error(GONE));
    }
    this.asked.clear();
    this.app.notify(GONE, viewText(this.app.state, this.app.store));
  }

  /** Send the state once the hand rests: at once for a filter, later for mere panning. */
  push(state, filtering) {
    if (this.gone) return this.lose();
    clearTimeout(this.pushing);
    this.urgent ||= filtering;
    this.pushing = setTimeout(() => {
      this.pushing = null;
      this.urgent = false;
      this.behind = true;
      if (!this.telling) this.tell(state);
    }, this.urgent ? 25 : 400);
    return null;
  }

  /** Tell Python the newest state until it has confirmed it; one message is on its way at a time. */
  async tell(state) {
    this.telling = true;
    for (let patience = PATIENCE; this.behind && !this.gone; patience *= 2) {
      this.behind = false;
      this.sent = JSON.stringify(toWire(state));
      const heard = this.ask("state", { state: JSON.parse(this.sent) });
      this.toldAs = `${this.name}/${this.next}`;
      let timer;
      const late = new Promise((resolve) => { timer = setTimeout(resolve, patience, null); });
      try {
        const reply = await Promise.race([heard, late]);
        this.behind ||= reply === null;
        if (reply) this.confirmed(reply.n);
      } catch (error) {
        if (!this.gone) this.app.complain(`Python could not update the selection: ${error.message}`);
      }
      clearTimeout(timer);
    }
    this.telling = false;
  }

  confirmed(n) {
    this.app.complain("");
    this.app.root.dataset.heardShown = n;
  }

  /** Whether Python has confirmed all that was changed here. */
  get rests() {
    return !this.pushing && !this.telling;
  }

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

  editTopics(edit) { return this.ask("topics", edit); }

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
  const packedTopics = model.get("_topic_data");
  const [store, topics] = await Promise.all(
    [unpack(bytesOf(model.get("_data"))), unpack(bytesOf(packedTopics))]);
  const backend = new Kernel(model);
  const app = new ExplorerApp({
    store, topics, backend, edits: model.get("_edits"), state: fromWire(model.get("_state"), store.n),
    basket: model.get("_basket"), basketPlace: model.get("_basket_place"),
  });
  const showTopics = async () => {
    const packed = model.get("_topic_data");
    const newer = await unpack(bytesOf(packed));
    // Unpacking takes its time: of two quick edits the second may be done before the first.
    if (packed === model.get("_topic_data")) app.setTopics(newer, model.get("_edits"));
  };
  const heed = {
    "change:_state": () => {
      const wire = model.get("_state");
      const ours = wire.by?.startsWith(`${backend.name}/`);
      // Python decides the order of changes, but what was done here since is on its way there.
      if (ours && (wire.by !== backend.toldAs || backend.pushing || backend.behind)) return;
      app.change(fromWire(wire, store.n), { from: "python" });
    },
    "change:_topic_data": showTopics,
    "change:_basket": () => app.setBasket(model.get("_basket"), model.get("_basket_place")),
    // Comes when the kernel that holds the widget restarts; a model does not come to life again.
    comm_live_update: () => backend.lose(),
  };
  for (const [event, deed] of Object.entries(heed)) model.on(event, deed);
  el.replaceChildren(app.root);
  app.start();
  if (model.get("_topic_data") !== packedTopics) showTopics();
  return () => {
    app.stop();
    model.off("msg:custom", backend.hear);
    for (const [event, deed] of Object.entries(heed)) model.off(event, deed);
  };
}

export default { render };
