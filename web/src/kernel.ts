// Requests to Python. Each has a reply with its key; a state that Python has not confirmed is sent
// again, so that both sides agree even where a message is lost.

import type { App } from "./app";
import type { Backend, TopicEdit } from "./backend";
import { messageOf } from "./dom";
import type { Found, State } from "./rules";
import type { Detail, Near } from "./schema";
import { toWire, viewText } from "./view";

const PATIENCE = 10000;
const SILENT = "Python has not answered for a while: the kernel is busy with a cell, or it has stopped. " +
  "Map, timeline, table and filters still work.";
const GONE = "The notebook's kernel was restarted or stopped. Map, timeline, table and filters " +
  "still work, but changes no longer reach Python. Run the notebook's cells again to reconnect.";

/** The part of a widget's model that is used here. */
export interface Model {
  get(name: string): unknown;
  on(event: string, deed: (...given: never[]) => void): void;
  off(event: string, deed: (...given: never[]) => void): void;
  send(content: unknown): void;
}
interface Reply {
  key: string;
  error?: string;
  [name: string]: unknown;
}
interface Asked {
  resolve: (reply: Reply & { buffers: DataView[] }) => void;
  reject: (error: Error) => void;
  timer: number;
}

export class Kernel implements Backend {
  app: App | null = null;
  readonly meaning = true;
  readonly editsTopics = true;
  readonly formats = [["bib", "BibTeX"], ["ris", "RIS"], ["csv", "CSV"], ["md", "Markdown"],
    ["html", "HTML"]] as const satisfies [string, string][];
  readonly asked = new Map<string, Asked>();
  /** Two views of one widget must not take each other's answers. */
  readonly name = Math.random().toString(36).slice(2);
  /** The last state as it was sent, and the message that it was sent with. */
  sent = "";
  toldAs = "";
  pushing: number | null = null;
  telling = false;
  behind = false;
  private gone = false;
  private urgent = false;
  private next = 0;
  private readonly details = new Map<number, Detail>();

  constructor(readonly model: Model) {
    model.on("msg:custom", this.hear);
  }

  readonly hear = (message: Reply, buffers: DataView[]): void => {
    const asked = this.asked.get(message.key);
    if (!asked) return;
    this.asked.delete(message.key);
    clearTimeout(asked.timer);
    if (!this.gone) this.app?.notify("");
    if (message.error) asked.reject(new Error(message.error));
    else asked.resolve({ ...message, buffers });
  };

  private ask(what: string, content: Record<string, unknown> = {}, quietly = false): Promise<Reply & { buffers: DataView[] }> {
    this.next += 1;
    const key = `${this.name}/${this.next}`;
    return new Promise((resolve, reject) => {
      if (this.gone) {
        reject(new Error(GONE));
        return;
      }
      const timer = quietly ? 0 : window.setTimeout(() => this.app?.notify(SILENT), PATIENCE);
      this.asked.set(key, { resolve, reject, timer });
      try {
        this.model.send({ key, what, ...content });
      } catch {
        this.lose();
      }
    });
  }

  /** The kernel will not answer any more: say so, once and to all who wait. */
  lose(): void {
    this.gone = true;
    for (const { reject, timer } of this.asked.values()) {
      clearTimeout(timer);
      reject(new Error(GONE));
    }
    this.asked.clear();
    if (this.app) this.app.notify(GONE, viewText(this.app.state, this.app.store.meta));
  }

  /** Send the state once the hand rests: at once for a filter, later for mere panning. */
  push(state: State, filtering: boolean): void {
    if (this.gone) return this.lose();
    if (this.pushing) clearTimeout(this.pushing);
    this.urgent ||= filtering;
    this.pushing = window.setTimeout(() => {
      this.pushing = null;
      this.urgent = false;
      this.behind = true;
      if (!this.telling) void this.tell(state);
    }, this.urgent ? 25 : 400);
  }

  /** Tell Python the newest state until it has confirmed it; one message is on its way at a time. */
  private async tell(state: State): Promise<void> {
    this.telling = true;
    for (let patience = PATIENCE; this.owes(); patience *= 2) {
      this.behind = false;
      const wire = toWire(state);
      this.sent = JSON.stringify(wire);
      const heard = this.ask("state", { state: JSON.parse(this.sent) as unknown });
      this.toldAs = `${this.name}/${this.next}`;
      let timer = 0;
      const late = new Promise<null>((resolve) => {
        timer = window.setTimeout(resolve, patience, null);
      });
      try {
        const reply = await Promise.race([heard, late]);
        this.behind ||= reply === null;
        if (reply) this.confirmed(Number(reply["n"]));
      } catch (error) {
        if (!this.lost()) this.app?.complain(`Python could not update the selection: ${messageOf(error)}`);
      }
      clearTimeout(timer);
    }
    this.telling = false;
  }

  private owes(): boolean {
    return this.behind && !this.gone;
  }

  private lost(): boolean {
    return this.gone;
  }

  private confirmed(n: number): void {
    if (!this.app) return;
    this.app.complain("");
    this.app.root.dataset["heardShown"] = String(n);
  }

  /** Whether Python has confirmed all that was changed here. */
  get rests(): boolean {
    return !this.pushing && !this.telling;
  }

  async search(words: string, mode: string, score: number | null): Promise<Found> {
    const { buffers } = await this.ask("search", { words, mode, score });
    const part = (nth: number): ArrayBuffer | null => {
      const view = buffers[nth];
      return view ? (view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength) as ArrayBuffer) : null;
    };
    const scores = part(1);
    return { rank: new Int32Array(part(0)!), scores: scores && new Float32Array(scores) };
  }

  async detail(row: number): Promise<Detail> {
    const known = this.details.get(row);
    if (known) return known;
    const detail = (await this.ask("detail", { row })) as unknown as Detail;
    this.details.set(row, detail);
    return detail;
  }

  async similar(row: number): Promise<Near[]> {
    return (await this.ask("similar", { row }))["papers"] as Near[];
  }

  async cite(row: number, style: string): Promise<string> {
    return (await this.ask("cite", { row, style }))["text"] as string;
  }

  async column(name: string): Promise<string[]> {
    return (await this.ask("column", { column: name }))["texts"] as string[];
  }

  async fetchAbstract(row: number): Promise<void> {
    await this.ask("fetch", { row });
    this.details.delete(row);
  }

  async editTopics(edit: TopicEdit): Promise<string> {
    return (await this.ask("topics", edit))["message"] as string;
  }

  async readBasket(): Promise<void> {
    // Nobody asked for it: a kernel that is busy or gone is told of when somebody does.
    if (!this.gone) await this.ask("basket", {}, true);
  }

  async keep(row: number): Promise<void> {
    await this.ask("keep", { row });
  }

  async drop(id: string): Promise<void> {
    await this.ask("drop", { id });
  }

  async note(id: string, note: string): Promise<void> {
    await this.ask("note", { id, note });
  }

  async exportBasket(format: string): Promise<string> {
    return `Written: ${(await this.ask("export", { format }))["path"] as string}`;
  }

  async exportList(format: string, rows: Uint32Array): Promise<string> {
    return `Written: ${(await this.ask("list", { format, rows: Array.from(rows) }))["path"] as string}`;
  }
}
