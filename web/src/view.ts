// A view as a short text, as in `view_text.py`: `code=linked&words=%22graph+of%22&…`.

import { FIELDS, START, type Patch, type State } from "./rules";
import { CODECS, CODES, PARAMETERS, type WireView } from "./schema";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** What a view's text needs to know of the papers. */
export interface Papers {
  n: number;
  ids: string[];
  fingerprint: string;
}

function toBase64(bytes: ArrayLike<number>): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i;
    const triple = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    const digits = [18, 12, 6, 0].map((shift) => ALPHABET[(triple >> shift) & 63]!);
    text += digits.slice(0, left > 2 ? 4 : left + 1).join("");
  }
  return text;
}

function fromBase64(text: string): number[] {
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  for (const letter of text) {
    held = (held << 6) | ALPHABET.indexOf(letter);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((held >> bits) & 255);
      held &= (1 << bits) - 1;
    }
  }
  return bytes;
}

/** Marked papers as text: gaps between rows, or one bit a paper, whichever is shorter. */
export function marksText(marks: Uint8Array | null): string | null {
  if (!marks) return null;
  const gaps: number[] = [];
  let last = -1;
  for (let row = 0; row < marks.length; row++) {
    if (!marks[row]) continue;
    let gap = row - last - 1;
    last = row;
    while (gap > 127) {
      gaps.push((gap & 127) | 128);
      gap >>= 7;
    }
    gaps.push(gap);
  }
  if (gaps.length <= Math.ceil(marks.length / 8)) return `g${toBase64(gaps)}`;
  const bits = new Uint8Array(Math.ceil(marks.length / 8));
  for (let row = 0; row < marks.length; row++) if (marks[row]) bits[row >> 3]! |= 1 << (row & 7);
  return `b${toBase64(bits)}`;
}

export function parseMarks(text: string | null, n: number): Uint8Array | null {
  if (text === null) return null;
  const bytes = fromBase64(text.slice(1));
  const marks = new Uint8Array(n);
  if (text.startsWith("b")) {
    for (let row = 0; row < n; row++) marks[row] = ((bytes[row >> 3] ?? 0) >> (row & 7)) & 1;
    return marks;
  }
  let row = -1;
  let gap = 0;
  let shift = 0;
  for (const byte of bytes) {
    gap |= (byte & 127) << shift;
    shift += 7;
    if (byte & 128) continue;
    row += gap + 1;
    if (row < n) marks[row] = 1;
    gap = shift = 0;
  }
  return marks;
}

/** The state as Python keeps it: the same fields, the marks as text. */
export function toWire(state: State): WireView {
  return { ...state, marks: marksText(state.marks) };
}

export function fromWire(wire: Partial<WireView>, n: number): State {
  const known = Object.fromEntries(Object.entries(wire).filter(([name]) => name in START));
  return { ...START, ...known, marks: parseMarks(wire.marks ?? null, n) };
}

export function viewText(state: State, papers: Papers): string {
  const view = new URLSearchParams();
  for (const name of FIELDS) {
    for (const text of written(name, state, papers)) view.append(PARAMETERS[name] ?? name, text);
  }
  // Marks are rows of these very papers; Python checks that they still are.
  if (state.marks) view.set("papers", papers.fingerprint);
  return view.toString();
}

function written(field: string, state: State, papers: Papers): string[] {
  const value = state[field as keyof State];
  const plain = START[field as keyof State];
  switch (CODECS[field]) {
    case "numbers": return state.topics.length ? [state.topics.join(".")] : [];
    case "words": return (value as string[]).length ? [(value as string[]).join(" ")] : [];
    case "list": return value as string[];
    case "marks": return state.marks ? [marksText(state.marks)!] : [];
    case "paper": return state.open === null ? [] : [papers.ids[state.open]!];
    case "camera": {
      const same = state.camera.every((part, i) => part === START.camera[i]);
      return same ? [] : [state.camera.map((part) => Number(part.toPrecision(4))).join(",")];
    }
    case "sort": return state.sort ? [`${state.down ? "-" : ""}${state.sort}`] : [];
    default: return value === plain || value === null ? [] : [String(value)];
  }
}

/** Read a view's text; what does not fit these papers is left out. */
export function parseView(text: string, papers: Papers): State {
  const view = new URLSearchParams(text);
  const state: State = { ...START };
  for (const name of FIELDS) {
    const texts = view.getAll(PARAMETERS[name] ?? name);
    const last = texts.at(-1);
    if (last !== undefined) Object.assign(state, read(name, last, texts, papers));
  }
  return state;
}

function read(field: string, text: string, texts: string[], papers: Papers): Patch {
  switch (CODECS[field]) {
    case "numbers": return { topics: text.split(".").map(Number).filter(Number.isInteger) };
    case "words": {
      const names = text.split(/\s+/).filter(Boolean);
      return { [field]: field === "code" ? names.filter((code) => CODES.includes(code)) : names };
    }
    case "list": return { [field]: texts.filter(Boolean) };
    case "day": return /^\d{4}-\d\d-\d\d$/.test(text) ? { [field]: text } : {};
    case "number": return /^\d{1,9}$/.test(text) ? { [field]: Number(text) } : {};
    case "mode": return text === "words" || text === "meaning" ? { mode: text } : {};
    case "marks": return /^[bg][\w-]*$/.test(text) ? { marks: parseMarks(text, papers.n) } : {};
    case "paper": {
      const row = papers.ids.indexOf(text);
      return row < 0 ? {} : { open: row };
    }
    case "camera": {
      const [x, y, zoom, more] = text.split(",").map(Number);
      const right = [x, y, zoom].every(Number.isFinite) && more === undefined && zoom! > 0;
      return right ? { camera: [x!, y!, zoom!] } : {};
    }
    case "sort": return { sort: text.replace(/^-/, ""), down: text.startsWith("-") };
    default: return { [field]: text };
  }
}

