// A list of options, any number of which can be chosen; one tab stop, arrow keys inside.

import { count, h, swatch } from "./dom";

export interface Option<Value> {
  value: Value;
  text: string;
  number: number;
  colour?: string;
}

export class OptionList<Value extends string | number> {
  readonly list: HTMLElement;
  private options: Option<Value>[] = [];
  private lines: { option: HTMLElement; box: HTMLElement; count: HTMLElement }[] = [];
  private at = 0;

  constructor(
    label: string, private readonly chosen: () => readonly Value[],
    private readonly onchange: (values: Value[]) => void,
  ) {
    this.list = h("div", { class: "tk-options", role: "listbox", "aria-multiselectable": "true",
      "aria-label": label, tabindex: "-1" });
    this.list.addEventListener("keydown", (event) => this.key(event));
    this.list.addEventListener("click", (event) => {
      const option = (event.target as Element).closest("[role=option]");
      if (option) this.toggle(Array.from(this.list.children).indexOf(option));
    });
  }

  update(options: Option<Value>[]): void {
    const chosen = this.chosen();
    const same = options.length === this.options.length && options.every(({ value, text, colour }, i) =>
      value === this.options[i]!.value && text === this.options[i]!.text && colour === this.options[i]!.colour);
    this.options = options;
    if (!same) this.fill();
    const most = Math.max(1, ...options.map(({ number }) => number));
    options.forEach(({ value, number }, i) => {
      const { option, box, count: counted } = this.lines[i]!;
      const on = chosen.includes(value);
      option.setAttribute("aria-selected", String(on));
      box.textContent = on ? "✓" : "";
      counted.className = number ? "tk-number" : "tk-number tk-zero";
      counted.textContent = count(number);
      option.style.setProperty("--share", String(number / most));
    });
  }

  /** The lines anew; where the options are as before, only their counts and ticks change. */
  private fill(): void {
    const had = this.list.contains(document.activeElement);
    this.at = Math.min(this.at, Math.max(this.options.length - 1, 0));
    this.lines = this.options.map(({ text, colour }, i) => {
      const box = h("span", { class: "tk-box", "aria-hidden": "true" });
      const counted = h("span");
      const option = h("div", { role: "option", class: "tk-option", tabindex: i === this.at ? "0" : "-1", title: text },
        box, colour ? swatch(colour) : null, h("span", { class: "tk-text", dir: "auto", text }), counted);
      return { option, box, count: counted };
    });
    this.list.replaceChildren(...this.lines.map(({ option }) => option));
    if (had) this.focus(this.at);
  }

  private focus(i: number): void {
    const all = Array.from(this.list.children) as HTMLElement[];
    if (!all.length) return;
    this.at = Math.min(Math.max(i, 0), all.length - 1);
    all.forEach((option, j) => {
      option.tabIndex = j === this.at ? 0 : -1;
    });
    all[this.at]!.focus();
  }

  private toggle(i: number): void {
    const option = this.options[i];
    if (!option) return;
    this.at = i;
    // Asked anew: a second key may come before the first one's choice is drawn.
    const chosen = this.chosen();
    const without = chosen.filter((other) => other !== option.value);
    this.onchange(without.length < chosen.length ? without : [...chosen, option.value]);
  }

  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const deeds: Record<string, () => void> = {
      ArrowDown: () => this.focus(this.at + 1),
      ArrowUp: () => this.focus(this.at - 1),
      PageDown: () => this.focus(this.at + 10),
      PageUp: () => this.focus(this.at - 10),
      Home: () => this.focus(0),
      End: () => this.focus(this.list.children.length - 1),
      Enter: () => this.toggle(this.at),
      " ": () => this.toggle(this.at),
    };
    const deed = deeds[event.key];
    if (!deed) return;
    deed();
    event.preventDefault();
    event.stopPropagation();
  }
}
