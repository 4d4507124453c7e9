// The slides of a presentation: the whole map, each theme, each of its topics; and the way among them.

import { topicLabel, type Store } from "./data";
import type { Lit } from "./scene";

export interface Group {
  theme: number;
  label: string;
  papers: number;
  topics: number[];
}

/** Which slide: theme −1 is the whole map, topic −1 the theme itself. */
export interface At {
  theme: number;
  topic: number;
}

/** The themes with papers that are shown, and their topics, the largest first; a topic in no theme is one. */
export function outline(store: Store, counts: Map<number, number>): Group[] {
  const groups = new Map<number, Group>();
  const names = new Map(store.themes.map(({ theme, label }) => [theme, label]));
  const ranked = store.topics.filter(({ topic }) => topic >= 0 && counts.get(topic))
    .sort((a, b) => counts.get(b.topic)! - counts.get(a.topic)! || a.topic - b.topic);
  for (const { topic, theme } of ranked) {
    let group = groups.get(theme);
    if (!group) groups.set(theme, (group = { theme, label: names.get(theme) ?? topicLabel(store, topic), papers: 0, topics: [] }));
    group.topics.push(topic);
    group.papers += counts.get(topic)!;
  }
  return [...groups.values()].sort((a, b) => b.papers - a.papers || a.theme - b.theme);
}

export type Way = "next" | "back" | "in" | "out" | "first" | "last";

/** The keys of a presentation; those of a remote control are Page Up and Page Down. */
export const WAYS: Record<string, Way> = {
  ArrowRight: "next", PageDown: "next", " ": "next", ArrowLeft: "back", PageUp: "back",
  ArrowDown: "in", ArrowUp: "out", Home: "first", End: "last",
};

/** Topics of a group that have slides of their own: one alone is its theme's. */
function inside(group: Group | undefined): number {
  return group && group.topics.length > 1 ? group.topics.length : 0;
}

export function go(groups: Group[], { theme, topic }: At, way: Way): At {
  const last = groups.length - 1;
  if (way === "first") return { theme: -1, topic: -1 };
  if (way === "last") return { theme: last, topic: -1 };
  if (way === "in") {
    if (theme < 0) return { theme: Math.min(0, last), topic: -1 };
    return { theme, topic: topic < 0 && inside(groups[theme]) ? 0 : topic };
  }
  if (way === "out") return topic >= 0 ? { theme, topic: -1 } : { theme: -1, topic: -1 };
  const step = way === "next" ? 1 : -1;
  if (topic < 0) return { theme: Math.min(Math.max(theme + step, -1), last), topic: -1 };
  const to = topic + step;
  if (to >= 0 && to < inside(groups[theme])) return { theme, topic: to };
  // From the last topic of a theme to the first of the next that has some, and back.
  for (let other = theme + step; other >= 0 && other <= last; other += step) {
    const size = inside(groups[other]);
    if (size) return { theme: other, topic: step > 0 ? 0 : size - 1 };
  }
  return { theme, topic };
}

/** The papers that lie nearest to the middle of a topic. */
export function typical(store: Store, { shown, places }: Lit, topic: number, most: number): number[] {
  const [x, y] = places.get(topic) ?? [0, 0];
  const far = (row: number): number => (store.x[row]! - x) ** 2 + (store.y[row]! - y) ** 2;
  return Array.from(shown.filter((row) => store.topic[row] === topic))
    .sort((a, b) => far(a) - far(b) || a - b).slice(0, most);
}
