// The presentation for a class: the map in large type, theme by theme and topic by topic, by keys.
// It changes neither filters nor view: when it ends, the explorer is as it was.

import type { App } from "./app";
import type { Camera } from "./camera";
import { dateText, topicLabel } from "./data";
import { count, enable, freshId, h, plural, swatch } from "./dom";
import { cameraOn, only, type Lit } from "./scene";
import { go, outline, typical, WAYS, type At, type Group, type Way } from "./slides";

const KEYS = "← → next · ↓ its topics · ↑ back · Esc ends";
const TITLES = 4;

export class Presenter {
  readonly button: HTMLButtonElement;
  private readonly dialog: HTMLDialogElement;
  private readonly step = h("p", { class: "tk-step" });
  private readonly heading: HTMLElement;
  private readonly size = h("p", { class: "tk-size" });
  private readonly list = h("ul", {});
  private readonly buttons: Record<"back" | "next" | "in" | "out", HTMLButtonElement>;
  private groups: Group[] = [];
  private at: At = { theme: -1, topic: -1 };
  private all: Lit | null = null;

  constructor(private readonly app: App) {
    this.button = h("button", { text: "Present", title: "Show the map to a class: full screen, large type, by arrow keys",
      onclick: () => void this.start() });
    const button = (text: string, way: Way): HTMLButtonElement => h("button", { text, onclick: () => this.go(way) });
    this.buttons = { back: button("‹ Previous", "back"), next: button("Next ›", "next"),
      in: button("Its topics", "in"), out: button("Back", "out") };
    this.heading = h("h2", { id: freshId("talk"), tabindex: "-1", dir: "auto" });
    const { back, next, in: deeper, out } = this.buttons;
    this.dialog = h("dialog", { class: "tk-talk", "aria-labelledby": this.heading.id, onkeydown: (event) => this.key(event),
      // Escape, where the browser is not in full screen.
      oncancel: (event) => {
        event.preventDefault();
        this.end();
      } },
    h("div", { class: "tk-slide", role: "status", "aria-live": "polite" }, this.step, this.heading, this.size, this.list),
    h("div", { class: "tk-cues" }, back, next, deeper, out, h("span", { class: "tk-keys", "aria-hidden": "true", text: KEYS }),
      h("button", { text: "End", title: "Escape", onclick: () => this.end() })));
    document.addEventListener("fullscreenchange", this.screenChanged);
  }

  get running(): boolean {
    return this.dialog.open;
  }

  private async start(): Promise<void> {
    const { app } = this;
    if (document.fullscreenEnabled && !document.fullscreenElement) {
      // Before the dialog opens: what comes later lies on top. Without full screen, it fills the window.
      const late = new Promise((resolve) => setTimeout(resolve, 1000));
      await Promise.race([app.root.requestFullscreen().catch(() => null), late]);
    }
    if (this.running) return;
    const { map } = app;
    this.all = map.scene;
    this.groups = outline(app.store, this.all.counts);
    this.at = { theme: -1, topic: -1 };
    map.pointer.setHover(-1);
    map.ink.tabIndex = -1;
    app.root.append(this.dialog);
    this.dialog.firstElementChild!.after(map.frame);
    this.dialog.showModal();
    map.resize();
    this.show();
    this.heading.focus();
  }

  end(): void {
    if (!this.running) return;
    const { map } = this.app;
    this.dialog.close();
    this.dialog.remove();
    map.legend.node.before(map.frame);
    map.ink.tabIndex = 0;
    map.pointer.setHover(-1);
    map.present(null);
    map.resize();
    if (document.fullscreenElement === this.app.root) void document.exitFullscreen().catch(() => null);
    this.button.focus();
  }

  stop(): void {
    document.removeEventListener("fullscreenchange", this.screenChanged);
    if (this.running) this.dialog.close();
  }

  /** In full screen the browser keeps Escape for itself: leaving it ends the presentation. */
  private readonly screenChanged = (): void => {
    if (!this.running) return;
    if (!document.fullscreenElement) this.end();
    else {
      // Full screen that came late lies on top of the dialog.
      this.dialog.close();
      this.dialog.showModal();
      this.heading.focus();
    }
  };

  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") this.end();
    else {
      const way = WAYS[event.key];
      const pressed = event.key === " " && event.target instanceof HTMLButtonElement;
      if (!way || pressed) return;
      this.go(way);
    }
    event.preventDefault();
    event.stopPropagation();
  }

  private go(way: Way): void {
    this.at = go(this.groups, this.at, way);
    this.show();
  }

  private show(): void {
    const { app, groups, at } = this;
    const { map, store } = app;
    const group = groups[at.theme];
    const topic = group && (at.topic >= 0 ? group.topics[at.topic]! : group.topics.length === 1 ? group.topics[0]! : null);
    const all = this.all!;
    const wanted = new Set(topic !== null && topic !== undefined ? [topic] : (group?.topics ?? []));
    const lit = group ? only(store, all, (row) => wanted.has(store.topic[row]!)) : all;
    const scale = Math.min(Math.max(Math.min(map.width, 1.4 * map.height) / 640, 1.2), 2.2);
    const camera: Camera = group ? cameraOn(store, lit.shown, map.width, map.height) : [0, 0, 1];
    map.present({ lit, scale, camera: map.camera, level: group || !store.themes.length ? "topic" : "theme" });
    map.moveTo(camera);
    this.describe(group, topic ?? null, lit);
    enable(this.buttons.back, at.theme >= 0 && !same(go(groups, at, "back"), at), this.buttons.next);
    enable(this.buttons.next, !same(go(groups, at, "next"), at), this.buttons.back);
    enable(this.buttons.in, !same(go(groups, at, "in"), at), this.buttons.next);
    enable(this.buttons.out, at.theme >= 0, this.buttons.next);
    this.buttons.in.textContent = group ? "Its topics" : "First theme";
  }

  private describe(group: Group | undefined, topic: number | null, lit: Lit): void {
    const { store, map } = this.app;
    const { groups, at } = this;
    const papers = lit.shown.length;
    const share = Math.round((100 * papers) / this.all!.shown.length);
    const part = `${plural(papers, "paper")}, ${share < 1 ? "under 1" : share} % of ${count(this.all!.shown.length)}`;
    const themed = store.themes.length > 0;
    const line = (name: string, colour: string | null, said: string): HTMLElement => h("li", { class: colour ? null : "tk-title" },
      colour ? swatch(colour) : null, h("span", { class: "tk-text", dir: "auto", text: name }),
      h("span", { class: "tk-number", text: said }));
    if (!group) {
      this.step.textContent = "All papers";
      this.heading.textContent = plural(papers, "paper");
      this.size.textContent = (themed ? `${plural(groups.length, "theme")}, ` : "") +
        plural(groups.reduce((sum, { topics }) => sum + topics.length, 0), "topic");
      this.list.replaceChildren(...groups.map(({ theme, label, papers: n }) => line(label, map.swatch(theme), count(n))));
    } else if (topic === null) {
      this.step.textContent = `Theme ${at.theme + 1} of ${groups.length}`;
      this.heading.textContent = group.label;
      this.size.textContent = `${part}, ${plural(group.topics.length, "topic")}`;
      this.list.replaceChildren(...group.topics.map((one) =>
        line(topicLabel(store, one), map.swatch(one), count(lit.counts.get(one)!))));
    } else {
      this.step.textContent = at.topic >= 0 ? `${group.label}: topic ${at.topic + 1} of ${group.topics.length}`
        : `${themed ? "Theme" : "Topic"} ${at.theme + 1} of ${groups.length}`;
      this.heading.textContent = topicLabel(store, topic);
      this.size.textContent = `${part}; in its middle:`;
      this.list.replaceChildren(...typical(store, lit, topic, TITLES).map((row) =>
        line(store.titles[row]!, null, dateText(store, row))));
    }
    this.heading.style.color = group ? map.text(topic ?? group.theme) : "";
  }
}

function same(a: At, b: At): boolean {
  return a.theme === b.theme && a.topic === b.topic;
}
