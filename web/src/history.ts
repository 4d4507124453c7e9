// What Ctrl+Z takes back: filters and topic edits, in the order in which they were made.

import type { App } from "./app";
import { FILTERING, type Patch, type State } from "./rules";

const MOST = 100;
/** Changes of one field that follow each other so fast (milliseconds) are one: typing, brushing. */
const ONE_DEED = 1200;

interface Step {
  /** The fields as they were; null for an edit of the topics. */
  before: Patch | null;
  key: string;
  time: number;
}

export class History {
  private readonly steps: Step[] = [];
  private undoing = false;

  constructor(private readonly app: App) {
    app.root.addEventListener("keydown", (event) => this.key(event));
  }

  /** These fields are about to change here. */
  note(fields: (keyof State)[]): void {
    const filters = fields.filter((name) => FILTERING.includes(name));
    if (this.undoing || !filters.length) return;
    const key = filters.join();
    const last = this.steps.at(-1);
    const now = performance.now();
    if (last?.key === key && now - last.time < ONE_DEED) {
      last.time = now;
      return;
    }
    const before = Object.fromEntries(filters.map((name) => [name, this.app.state[name]]));
    this.push({ before, key, time: now });
  }

  /** The topics were edited. */
  edited(): void {
    this.push({ before: null, key: "topics edited", time: 0 });
  }

  private push(step: Step): void {
    this.steps.push(step);
    if (this.steps.length > MOST) this.steps.shift();
  }

  undo(): void {
    const step = this.steps.pop();
    if (!step) return this.app.say("Nothing to undo.");
    if (!step.before) {
      void this.app.editTopics({ action: "undo" });
      return;
    }
    this.undoing = true;
    this.app.change(step.before);
    this.undoing = false;
  }

  key(event: KeyboardEvent): void {
    if (event.key !== "z" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
    // Where text is written, Ctrl+Z is for the text.
    const typed = (event.target as Element).closest("textarea, input:not([type=checkbox]):not([type=range])");
    if (typed) return;
    this.undo();
    event.preventDefault();
    event.stopPropagation();
  }
}
