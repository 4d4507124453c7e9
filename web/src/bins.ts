// The bars of the timeline: months, quarters, years or decades, and which of them a paper spans.

import { fromDay, type Store } from "./data";
import { MISSING } from "./schema";

export interface Bin {
  name: string;
  /** First and last day, YYYY-MM-DD. */
  first: string;
  last: string;
}

export interface Bins {
  unit: string;
  bins: Bin[];
  /** First and last bar that a paper's date may lie in, −1 where it has none. */
  from: Int32Array;
  to: Int32Array;
}

const SPANS: [unit: string, months: number][] = [["month", 1], ["quarter", 3], ["year", 12], ["decade", 120]];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const MOST = 60;
/** So few papers before the others become one bar, lest they squeeze the rest. */
const FEW = 0.02;

export type Dates = Pick<Store, "n" | "date" | "last" | "precision">;

export function makeBins(store: Dates): Bins {
  const from = new Int32Array(store.n).fill(-1);
  const to = new Int32Array(store.n).fill(-1);
  const known = Array.from(store.date).filter((day) => day !== MISSING).sort((a, b) => a - b);
  if (!known.length) return { unit: "month", bins: [], from, to };
  let newest = known.at(-1)!;
  for (let row = 0; row < store.n; row++) {
    if (store.date[row] !== MISSING) newest = Math.max(newest, store.last[row]!);
  }
  const few = Math.max(Math.floor(known.length * FEW), Math.min(3, Math.floor(known.length / 10)));
  const cut = known[few]!;
  const [oldest, most] = [monthOf(known[0]!), monthOf(newest)];
  // As `choose_calendar` does: months only where at most one in twenty dates is coarser.
  let coarse = 0;
  for (let row = 0; row < store.n; row++) {
    if (store.precision[row] === 2 && store.date[row] !== MISSING) coarse += 1;
  }
  const yearly = coarse * 20 > known.length;
  const unitFor = (least: number): [string, number] => SPANS.find(([, months]) =>
    (!yearly || months >= 12) && (most - least) / months < MOST) ?? SPANS[3]!;
  const [, all] = unitFor(oldest);
  const bulk = monthOf(cut);
  const squeezed = most - bulk < 0.6 * (most - oldest) && unitFor(bulk)[1] <= all;
  const [unit, months] = unitFor(squeezed ? bulk : oldest);
  const start = Math.floor((squeezed ? bulk : oldest) / months);
  const size = Math.floor(most / months) - start + 1;
  const early = Math.floor(oldest / months) < start ? 1 : 0;
  const bins = Array.from({ length: size }, (_, i) => binOf((start + i) * months, months, unit));
  if (early) {
    const first = fromDay(known[0]!);
    bins.unshift({ name: `before ${bins[0]!.name}`, first, last: fromDay(dayOf(start * months) - 1) });
  }
  const place = (day: number): number =>
    Math.max(Math.floor(monthOf(day) / months) - start, -early) + early;
  for (let row = 0; row < store.n; row++) {
    if (store.date[row] === MISSING) continue;
    from[row] = place(store.date[row]!);
    to[row] = place(store.last[row]!);
  }
  return { unit, bins, from, to };
}

/** Papers a bar; one whose date may lie in several counts a part in each. */
export function tally(bins: Bins, rows: Iterable<number>): Float64Array {
  const totals = new Float64Array(bins.bins.length);
  for (const row of rows) {
    const [first, last] = [bins.from[row]!, bins.to[row]!];
    if (first < 0) continue;
    const part = 1 / (last - first + 1);
    for (let bin = first; bin <= last; bin++) totals[bin]! += part;
  }
  return totals;
}

function monthOf(day: number): number {
  const date = new Date(day * 86400000);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

function dayOf(month: number): number {
  const date = new Date(0);
  // `Date.UTC` takes years below 100 for those of the 20th century.
  date.setUTCFullYear(Math.floor(month / 12), month % 12, 1);
  return Math.round(date.getTime() / 86400000);
}

function binOf(month: number, months: number, unit: string): Bin {
  const year = Math.floor(month / 12);
  const names: Record<string, string> = {
    month: `${MONTHS[month % 12]!} ${year}`, quarter: `Q${Math.floor((month % 12) / 3) + 1} ${year}`,
    year: `${year}`, decade: `${year}s`,
  };
  return { name: names[unit]!, first: fromDay(dayOf(month)), last: fromDay(dayOf(month + months) - 1) };
}
