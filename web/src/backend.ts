// What an explorer asks of Python, or, in the standalone page, of the page's own data.

import type { App } from "./app";
import type { Found, State } from "./rules";
import type { BasketEntry, Detail, Near } from "./schema";

export type TopicEdit =
  | { action: "rename"; topic: number; label: string }
  | { action: "merge" | "drop"; topics: number[] }
  | { action: "undo" | "redo" };

export interface Backend {
  app: App | null;
  /** Whether it can search by meaning, and edit topics. */
  readonly meaning: boolean;
  readonly editsTopics: boolean;
  /** Formats in which it exports the basket, with their names. */
  readonly formats: readonly [value: string, text: string][];
  /** The state has changed here. */
  push(state: State, filtering: boolean): void;
  /** The address that opens this view, where there is one. */
  address?(state: State): string;
  search(words: string, mode: string, score: number | null): Promise<Found>;
  detail(row: number): Promise<Detail>;
  similar(row: number): Promise<Near[]>;
  /** The reference to a paper, in APA or as a BibTeX entry. */
  cite(row: number, style: "apa" | "bibtex"): Promise<string>;
  /** A column of text, "" where a paper has none. */
  column(name: string): Promise<string[]>;
  fetchAbstract(row: number): Promise<void>;
  editTopics(edit: TopicEdit): Promise<string>;
  /** Look whether others have changed the basket. */
  readBasket(): Promise<void>;
  keep(row: number): Promise<void>;
  drop(id: string): Promise<void>;
  note(id: string, note: string): Promise<void>;
  /** Export; what to tell the reader. */
  exportBasket(format: string, basket: BasketEntry[]): Promise<string>;
  /** Write a list of papers in a format of `formats`; what to tell the reader. */
  exportList(format: string, rows: Uint32Array): Promise<string>;
}
