// The bar above the map: how many papers are shown and why; below it what went wrong.

import type { App } from "./app";
import { count, h, plural } from "./dom";
import { reasonsOf } from "./summary";

export class Bar {
  readonly total = h("strong", { class: "tk-total", tabindex: "-1" });
  readonly notice = h("div", { class: "tk-notice", role: "status", hidden: true });
  readonly fault = h("p", { class: "tk-error", role: "alert", hidden: true });
  readonly live = h("div", { class: "tk-hidden", role: "status", "aria-live": "polite" });
  readonly node: HTMLElement;
  private readonly chips = h("ul", { class: "tk-chips", "aria-label": "Active filters" });
  private readonly clear: HTMLButtonElement;
  private speaking = 0;

  constructor(private readonly app: App) {
    this.clear = h("button", { text: "Show all papers", onclick: () => app.showAll() });
    this.node = h("div", { class: "tk-bar" }, this.total, this.chips, this.clear);
  }

  update(): void {
    const { app } = this;
    const { n } = app.store;
    const shown = app.linked.shown.length;
    this.total.textContent = shown === n
      ? plural(n, "paper")
      : `${count(shown)} of ${plural(n, "paper")}`;
    const buttons = reasonsOf(app.state, app.store).map(({ text, patch }) =>
      h("button", { title: "Remove this filter", onclick: () => app.change(patch) },
        h("span", { dir: "auto", text }), h("span", { "aria-hidden": "true", text: " ✕" }),
        h("span", { class: "tk-hidden", text: ", take away" })));
    // What is taken away takes the focus with it: hand it on to what is left.
    const active = document.activeElement;
    const at = [...this.chips.children].findIndex((chip) => chip.contains(active));
    this.chips.replaceChildren(...buttons.map((button) => h("li", {}, button)));
    this.chips.hidden = this.clear.hidden = buttons.length === 0;
    if (at >= 0 && buttons.length) buttons[Math.min(at, buttons.length - 1)]!.focus();
    else if (at >= 0) this.focus();
  }

  focus(): void {
    this.total.focus({ preventScroll: true });
  }

  /** Tell screen readers; only the last of many quick changes. */
  say(text: string): void {
    clearTimeout(this.speaking);
    this.speaking = window.setTimeout(() => {
      this.live.textContent = text;
    }, 80);
  }

  complain(text: string): void {
    this.fault.hidden = !text;
    this.fault.textContent = text;
  }

  /** Show a problem with the kernel, and the code for a new explorer with the same view. */
  notify(text: string, view: string): void {
    this.notice.hidden = !text;
    if (this.notice.dataset["said"] === text + view) return;
    this.notice.dataset["said"] = text + view;
    const start: HTMLInputElement = h("input", { readonly: true,
      "aria-label": "Code for a new explorer with this view",
      value: `Explorer(papers, topics, view="${view}")`, onfocus: () => start.select() });
    this.notice.replaceChildren(h("p", { text }), ...(view
      ? [h("label", {}, "Code for a new explorer with this view: ", start)] : []));
  }
}
