// A view as a short text, the same in Python (view_text.py): `code=linked&words=%22graph+of%22&…`.

import { START } from "./linking.js";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

function toBase64(bytes) {
  let text = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i;
    const triple = (bytes[i] << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    text += ALPHABET[triple >> 18] + ALPHABET[(triple >> 12) & 63];
    if (left > 1) text += ALPHABET[(triple >> 6) & 63];
    if (left > 2) text += ALPHABET[triple & 63];
  }
  return text;
}

function fromBase64(text) {
  const bytes = [];
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
  return Uint8Array.from(bytes);
}

/** Marked papers as text: gaps between rows, or one bit a paper, whichever is shorter. */
export function marksText(marks) {
  if (!marks) return null;
  const gaps = [];
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
  for (let row = 0; row < marks.length; row++) if (marks[row]) bits[row >> 3] |= 1 << (row & 7);
  return `b${toBase64(bits)}`;
}

export function parseMarks(text, n) {
  if (text === null || text === undefined) return null;
  const bytes = fromBase64(text.slice(1));
  const marks = new Uint8Array(n);
  if (text[0] === "b") {
    for (let row = 0; row < n; row++) marks[row] = (bytes[row >> 3] >> (row & 7)) & 1;
    return marks;
  }
  let row = -1;
  for (let i = 0; i < bytes.length; ) {
    let gap = 0;
    let shift = 0;
    let byte;
    do {
      byte = bytes[i++];
      gap |= (byte & 127) << shift;
      shift += 7;
    } while (byte & 128);
    row += gap + 1;
    if (row < n) marks[row] = 1;
  }
  return marks;
}

/** The state as Python keeps it: the same fields, the marks as text. */
export function toWire(state) {
  return { ...state, marks: marksText(state.marks) };
}

export function fromWire({ by, ...wire }, n) {
  return { ...START, ...wire, marks: parseMarks(wire.marks ?? null, n) };
}

/** As Python writes it (view_text.py): for the page's address, and to start a new explorer from. */
export function viewText(state, store) {
  const view = new URLSearchParams();
  const put = (name, value) => { if (value !== null && value !== "") view.set(name, value); };
  put("topics", state.topics.join("."));
  for (const name of ["code", "kinds", "hosts"]) put(name, state[name].join(" "));
  put("since", state.since);
  put("until", state.until);
  put("words", state.words);
  put("upvotes", state.upvotes);
  if (state.mode !== START.mode) put("mode", state.mode);
  put("marks", marksText(state.marks));
  put("open", state.open === null ? null : store.ids[state.open]);
  const [x, y, zoom] = state.camera;
  if (x || y || zoom !== 1) put("at", state.camera.map((v) => v.toPrecision(4) * 1).join(","));
  if (state.colour !== START.colour) put("colour", state.colour);
  put("sort", state.sort && (state.down ? "-" : "") + state.sort);
  // Marks are rows of these very papers; Python checks that they still are.
  if (state.marks) put("papers", store.fingerprint);
  return view.toString();
}

export function parseView(text, store) {
  const view = new URLSearchParams(text);
  const list = (name, gap) => (view.get(name) ? view.get(name).split(gap) : []);
  const date = (name) => (/^\d{4}-\d\d-\d\d$/.test(view.get(name) ?? "") ? view.get(name) : null);
  const at = list("at", ",").map(Number);
  const open = store.ids.indexOf(view.get("open"));
  const marks = view.get("marks");
  const sort = view.get("sort") ?? "";
  return {
    ...START,
    topics: list("topics", ".").map(Number).filter(Number.isInteger),
    code: list("code", " ").filter((name) => store.codes.includes(name)),
    kinds: list("kinds", " ").filter((name) => store.kindNames.includes(name)),
    hosts: list("hosts", " ").filter((name) => store.hosts.includes(name)),
    since: date("since"),
    until: date("until"),
    words: view.get("words") ?? "",
    upvotes: /^\d+$/.test(view.get("upvotes") ?? "") ? Number(view.get("upvotes")) : null,
    marks: /^[bg][\w-]*$/.test(marks ?? "") ? parseMarks(marks, store.n) : null,
    open: open < 0 ? null : open,
    camera: at.length === 3 && at.every(Number.isFinite) && at[2] > 0 ? at : START.camera,
    colour: view.get("colour") ?? START.colour,
    sort: sort.replace(/^-/, ""),
    down: sort.startsWith("-"),
  };
}
