// What the colours of the map mean.

import { h, swatch } from "./dom";
import type { Box } from "./labels";

export class Legend {
  readonly node = h("ul", { class: "tk-legend", "aria-label": "Colours", hidden: true });
  private known: Box | null = null;

  /** Show colours with their texts; `ramp`: they run from the first to the last. */
  show(entries: [colour: string, text: string][], ramp: string[] | null): void {
    this.moved();
    this.node.hidden = entries.length === 0;
    this.node.classList.toggle("tk-ramp", ramp !== null);
    this.node.replaceChildren(...entries.map(([colour, text]) =>
      h("li", {}, swatch(colour), h("span", { text, dir: "auto" }))));
    if (!ramp) return;
    const bar = h("li", { class: "tk-scale", "aria-hidden": "true" });
    bar.style.background = `linear-gradient(to right, ${ramp.join(", ")})`;
    this.node.prepend(bar);
  }

  /** Where it lies on the frame. */
  get box(): Box | null {
    if (this.node.hidden) return null;
    if (this.known) return this.known;
    const { offsetLeft: left, offsetTop: top, offsetWidth: width, offsetHeight: height } = this.node;
    return (this.known = [left - 4, top - 4, left + width, top + height]);
  }

  /** It may lie elsewhere now. Asking for its place makes the browser lay out everything. */
  moved(): void {
    this.known = null;
  }
}
