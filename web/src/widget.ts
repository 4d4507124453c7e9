// The explorer in a notebook: state, topics and basket are synchronised with Python.

import { App, type Basket } from "./app";
import { makeStore, unpack } from "./data";
import { Kernel, type Model } from "./kernel";
import type { BasketEntry, PaperMeta, TopicMeta, WireView } from "./schema";
import { fromWire } from "./view";

function bytesOf(value: unknown): Uint8Array {
  const view = value as DataView;
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

export async function render({ model, el }: { model: Model; el: HTMLElement }): Promise<() => void> {
  el.classList.add("tk-host");
  const packedTopics = model.get("_topic_data");
  const [papers, topics] = await Promise.all([unpack<PaperMeta>(bytesOf(model.get("_data"))),
    unpack<TopicMeta>(bytesOf(packedTopics))]);
  const store = makeStore(papers, topics);
  const backend = new Kernel(model);
  const basket = (): Basket => ({ entries: model.get("_basket") as BasketEntry[],
    place: model.get("_basket_place") as string });
  const edits = (): [number, number] => [model.get("_edits") as number, model.get("_redos") as number];
  const wire = (): WireView & { by?: string } => model.get("_state") as WireView;
  const app = new App({ store, backend, edits: edits(), basket: basket(),
    state: fromWire(wire(), store.n) });
  const showTopics = async (): Promise<void> => {
    const packed = model.get("_topic_data");
    const newer = await unpack<TopicMeta>(bytesOf(packed));
    // Unpacking takes its time: of two quick edits the second may be done before the first.
    if (packed === model.get("_topic_data")) app.setTopics(newer, edits());
  };
  const heed: Record<string, () => void> = {
    "change:_state": () => {
      const { by } = wire();
      const ours = by?.startsWith(`${backend.name}/`);
      // Python decides the order of changes, but what was done here since is on its way there.
      if (ours && (by !== backend.toldAs || backend.pushing || backend.behind)) return;
      app.change(fromWire(wire(), store.n), { from: "python" });
    },
    "change:_topic_data": () => void showTopics(),
    "change:_basket": () => app.setBasket(basket()),
    // Comes when the kernel that holds the widget restarts; a model does not come to life again.
    comm_live_update: () => backend.lose(),
  };
  for (const [event, deed] of Object.entries(heed)) model.on(event, deed);
  el.replaceChildren(app.root);
  app.start();
  if (model.get("_topic_data") !== packedTopics) void showTopics();
  return () => {
    app.stop();
    model.off("msg:custom", backend.hear);
    for (const [event, deed] of Object.entries(heed)) model.off(event, deed);
  };
}
