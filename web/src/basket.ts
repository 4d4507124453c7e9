// The basket: papers to read, each with a note; where it is kept is the backend's business.

import type { App } from "./app";
import { freshId, h, messageOf, plural } from "./dom";

export class BasketPane {
  readonly node = h("div", { class: "tk-basket", role: "tabpanel", hidden: true, tabindex: "0" });

  private drawn = "";
  private boxes: HTMLTextAreaElement[] = [];

  constructor(private readonly app: App) {}

  update(): void {
    const { app } = this;
    if (this.typing()) return;
    const drawn = JSON.stringify([app.basketPlace, app.basket.map(({ id, title }) => [id, title])]);
    if (drawn === this.drawn) {
      // Notes alone have changed: a button on which the pointer is down stays where it is.
      app.basket.forEach(({ note }, i) => {
        this.boxes[i]!.value = note;
      });
      return;
    }
    this.drawn = drawn;
    this.boxes = [];
    const entries = app.basket.map(({ id, row, title, note }) => {
      const noteId = freshId("note");
      const name = row === null
        ? h("span", { dir: "auto", text: title })
        : h("button", { class: "tk-plain", dir: "auto", text: title,
          onclick: () => app.openPaper(row, { focus: true }) });
      const box: HTMLTextAreaElement = h("textarea", { id: noteId, rows: "2", dir: "auto", "data-paper": id,
        onchange: () => app.note(id, box.value) });
      box.value = note;
      this.boxes.push(box);
      return h("li", {}, name, h("label", { for: noteId, text: "Note" }), box,
        h("button", { text: "Remove", "aria-label": `Remove: ${title}`, onclick: () => app.drop(id) }));
    });
    const format = h("select", { "aria-label": "Format" }, ...app.backend.formats
      .map(([value, text]) => h("option", { value, text })));
    const said = h("p", { class: "tk-note", role: "status" });
    const save = h("button", { text: "Export", onclick: async () => {
      try {
        said.textContent = await app.backend.exportBasket(format.value, app.basket);
      } catch (error) {
        said.textContent = messageOf(error);
      }
    } });
    const note = h("p", { class: "tk-note", text: entries.length
      ? `${plural(entries.length, "paper")}, saved in ${app.basketPlace}`
      : "Empty. Open a paper to add it, with a note." });
    const list = entries.length
      ? [h("ul", { class: "tk-kept" }, ...entries), h("div", { class: "tk-group" }, format, save)]
      : [];
    this.node.replaceChildren(note, ...list, said);
  }

  /** A note being written must not be taken from under the reader's hands. */
  private typing(): boolean {
    const { activeElement } = document;
    return activeElement?.tagName === "TEXTAREA" && this.node.contains(activeElement);
  }
}
