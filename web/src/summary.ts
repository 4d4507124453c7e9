// What is filtered, in words: the chips above the map, and what screen readers hear.

import { topicLabel, topicsOf, type Store } from "./data";
import { count, plural } from "./dom";
import { FACET_NAMES, NUMBER_NAMES, type Patch, type State } from "./rules";

export interface Reason {
  text: string;
  /** The change that removes it. */
  patch: Patch;
}

const PREFIX: Record<string, string> = { code: "code ", kinds: "links to ", hosts: "on " };

/** The active filters in words. */
export function reasonsOf(state: State, store: Store): Reason[] {
  const reasons: Reason[] = [];
  const add = (text: string, patch: Patch): void => {
    reasons.push({ text, patch });
  };
  if (state.topics.length) {
    const names = state.topics.map((topic) => topicLabel(store, topic));
    const theme = store.themes.find((one) => {
      const mine = topicsOf(store, one.theme);
      return mine.length === names.length && mine.every((topic) => state.topics.includes(topic));
    });
    if (theme) add(`theme ${theme.label}`, { topics: [] });
    else add(names.length > 2 ? plural(names.length, "topic") : names.join(" or "), { topics: [] });
  }
  for (const name of FACET_NAMES) {
    if (state[name].length) add((PREFIX[name] ?? "") + state[name].join(" or "), { [name]: [] });
  }
  if (state.since || state.until) {
    add([state.since && `from ${state.since}`, state.until && `to ${state.until}`]
      .filter(Boolean).join(" "), { since: null, until: null });
  }
  if (state.words.trim()) {
    const how = state.mode === "meaning" ? "near to" : "has";
    add(`${how} “${state.words.trim()}”`, { words: "", score: null });
  }
  for (const name of NUMBER_NAMES) {
    const least = state[name];
    if (least === null) continue;
    const noun = { upvotes: "upvote", stars: "star", cited_by: "citation" }[name];
    add(`at least ${plural(least, noun)}`, { [name]: null });
  }
  if (state.marks) {
    const marked = state.marks.reduce((sum, value) => sum + value, 0);
    add(`${plural(marked, "paper")} marked`, { marks: null });
  }
  return reasons;
}

export function summaryOf(state: State, store: Store, shown: number): string {
  const why = reasonsOf(state, store).map(({ text }) => text).join("; ");
  return `${count(shown)} of ${plural(store.n, "paper")} shown${why ? `: ${why}` : ""}.`;
}
