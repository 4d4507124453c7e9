// What Ctrl+Z takes back: filters and topic edits, in the order in which they were made; what it
// took back comes again with Ctrl+Shift+Z or Ctrl+Y.

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

const EDIT: Step = { before: null, key: "topics edited", time: 0 };

export class History {
  private readonly steps: Step[] = [];
  /** What was taken back: the fields as they were before that, null for an edit of the topics. */
  private undone: (Patch | null)[] = [];
  private undoing = false;

  constructor(private readonly app: App) {
    app.root.addEventListener("keydown", (event) => this.key(event));
  }

  /** These fields are about to change here. */
  note(fields: (keyof State)[]): void {
    const filters = fields.filter((name) => FILTERING.includes(name));
    if (this.undoing || !filters.length) return;
    this.undone = [];
    const key = filters.join();
    const last = this.steps.at(-1);
    const now = performance.now();
    if (last?.key === key && now - last.time < ONE_DEED) {
      last.time = now;
      return;
    }
    this.push({ before: this.now(filters), key, time: now });
  }

  private now(fields: (keyof State)[]): Patch {
    return Object.fromEntries(fields.map((name) => [name, this.app.state[name]]));
  }

  /** The topics were edited. */
  edited(): void {
    this.undone = [];
    this.push(EDIT);
  }

  /** The last edit of the topics is taken back, whatever was filtered since. */
  undoEdit(): void {
    const at = this.steps.lastIndexOf(EDIT);
    if (at >= 0) this.steps.splice(at, 1);
    this.undone.push(null);
    void this.app.editTopics({ action: "undo" });
  }

  /** The edit that was taken back last is made again. */
  redoEdit(): void {
    const at = this.undone.lastIndexOf(null);
    if (at >= 0) this.undone.splice(at, 1);
    this.push(EDIT);
    void this.app.editTopics({ action: "redo" });
  }

  private push(step: Step): void {
    this.steps.push(step);
    if (this.steps.length > MOST) this.steps.shift();
  }

  undo(): void {
    const step = this.steps.pop();
    if (!step) return this.app.say("Nothing to undo.");
    if (!step.before) {
      this.undone.push(null);
      void this.app.editTopics({ action: "undo" });
      return;
    }
    this.undone.push(this.now(Object.keys(step.before) as (keyof State)[]));
    this.go(step.before);
  }

  redo(): void {
    const patch = this.undone.pop();
    if (patch === undefined) return this.app.say("Nothing to do again.");
    if (patch === null) {
      this.push(EDIT);
      void this.app.editTopics({ action: "redo" });
      return;
    }
    this.push({ before: this.now(Object.keys(patch) as (keyof State)[]), key: "again", time: 0 });
    this.go(patch);
  }

  private go(patch: Patch): void {
    this.undoing = true;
    this.app.change(patch);
    this.undoing = false;
  }

  key(event: KeyboardEvent): void {
    const key = event.key.toLowerCase();
    if (!["z", "y"].includes(key) || !(event.ctrlKey || event.metaKey) || event.altKey) return;
    // Where text is written, Ctrl+Z is for the text.
    const typed = (event.target as Element).closest("textarea, input:not([type=checkbox]):not([type=range])");
    if (typed) return;
    if (key === "y" || event.shiftKey) this.redo();
    else this.undo();
    event.preventDefault();
    event.stopPropagation();
  }
}
