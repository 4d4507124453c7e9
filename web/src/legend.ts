// What the colours of the map mean. Themes are buttons: each filters by its topics.

import type { App } from "./app";
import { topicsOf } from "./data";
import { count, h, swatch } from "./dom";
import type { Box } from "./labels";

export class Legend {
  readonly node = h("div", { class: "tk-legend", role: "group", "aria-label": "Colours", hidden: true });
  private known: Box | null | undefined;
  private drawn = "";

  /** Show colours with their texts; `ramp`: they run from the first to the last. */
  show(entries: [colour: string, text: string][], ramp: string[] | null): void {
    this.fill("", entries.length === 0, ramp !== null);
    if (ramp) {
      const bar = h("div", { class: "tk-scale", "aria-hidden": "true" });
      bar.style.background = `linear-gradient(to right, ${ramp.join(", ")})`;
      this.node.append(bar);
    }
    this.node.append(h("ul", {}, ...entries.map(([colour, text]) =>
      h("li", { title: text }, swatch(colour), h("span", { text, dir: "auto" })))));
  }

  /** Show the themes, the largest first, with the papers that each would show. */
  themes(app: App): void {
    const { store, state, linked, map } = app;
    const counts = linked.topicCounts();
    const entries = store.themes.map(({ theme, label: text }) => {
      const topics = topicsOf(store, theme);
      return { theme, text, colour: map.swatch(theme), chosen: topics.every((topic) => state.topics.includes(topic)),
        papers: topics.reduce((sum, topic) => sum + (counts.get(topic) ?? 0), 0) };
    });
    const drawn = JSON.stringify(entries.map(({ theme, colour, text }) => [theme, colour, text]));
    if (drawn !== this.drawn || !drawn) {
      this.fill(drawn, entries.length === 0, false);
      this.node.append(h("p", { class: "tk-name", text: "Themes" }), h("ul", {}, ...entries.map(({ theme, colour, text }) =>
        h("li", {}, h("button", { title: text, onclick: () => choose(app, theme) }, swatch(colour),
          h("span", { class: "tk-text", text, dir: "auto" }), h("span"))))));
    }
    this.node.querySelectorAll("button").forEach((button, i) => {
      const { papers, chosen } = entries[i]!;
      button.setAttribute("aria-pressed", String(chosen));
      button.lastElementChild!.className = papers ? "tk-number" : "tk-number tk-zero";
      button.lastElementChild!.textContent = count(papers);
    });
  }

  private fill(drawn: string, hidden: boolean, ramp: boolean): void {
    this.moved();
    this.drawn = drawn;
    this.node.hidden = hidden;
    this.node.classList.toggle("tk-ramp", ramp);
    this.node.replaceChildren();
  }

  /** Where it lies over the frame, which stands before it; null where it is below. */
  get box(): Box | null {
    if (this.node.hidden) return null;
    if (this.known !== undefined) return this.known;
    const frame = this.node.previousElementSibling;
    if (!(frame instanceof HTMLElement)) return null;
    const { offsetLeft: left, offsetWidth: width, offsetHeight: height } = this.node;
    const top = this.node.offsetTop - frame.offsetTop;
    this.known = top < frame.offsetHeight - 8 ? [left - 4, top - 4, left + width, top + height] : null;
    return this.known;
  }

  /** It may lie elsewhere now. Asking for its place makes the browser lay out everything. */
  moved(): void {
    this.known = undefined;
  }
}

/** Filter by all topics of a theme besides those chosen already; or no longer. */
function choose(app: App, theme: number): void {
  const { state, store } = app;
  const mine = topicsOf(store, theme);
  const others = state.topics.filter((topic) => !mine.includes(topic));
  const chosen = mine.every((topic) => state.topics.includes(topic));
  app.change({ topics: chosen ? others : [...others, ...mine] });
}
