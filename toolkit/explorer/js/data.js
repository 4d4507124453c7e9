// The papers as columns. Python packs them: gzip of [header length][JSON header][arrays].

const KINDS_OF_ARRAY = {
  u8: Uint8Array,
  u16: Uint16Array,
  u32: Uint32Array,
  i32: Int32Array,
  f32: Float32Array,
};
/** How Python writes a missing date or number. */
export const MISSING = -2147483648;

export async function gunzip(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Unpack what `toolkit/explorer/browser_data.py` packed. */
export async function unpack(bytes) {
  const raw = await gunzip(bytes);
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  const headerLength = view.getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(raw.subarray(4, 4 + headerLength)));
  let offset = 4 + headerLength;
  const store = header.meta;
  for (const [name, type, length] of header.arrays) {
    const Kind = KINDS_OF_ARRAY[type];
    const size = length * Kind.BYTES_PER_ELEMENT;
    store[name] = new Kind(raw.slice(offset, offset + size).buffer);
    offset += size;
  }
  return store;
}

export function toDay(isoDate) {
  return isoDate ? Math.round(Date.parse(`${isoDate}T00:00:00Z`) / 86400000) : null;
}

export function fromDay(day) {
  return new Date(day * 86400000).toISOString().slice(0, 10);
}

/** A date as precisely as it is known: day, month or year. */
export function dateText(store, row) {
  const day = store.date[row];
  if (day === MISSING) return "";
  return fromDay(day).slice(0, [10, 7, 4][store.precision[row]]);
}

export function topicLabel(store, topic) {
  const found = store.topicOf.get(topic);
  return found ? found.label : topic === -1 ? "no topic" : `topic ${topic}`;
}

/** Hang a topic table and each paper's topic onto the store. */
export function setTopics(store, { topics, topic }) {
  store.topics = topics;
  store.topic = topic;
  store.topicOf = new Map(topics.map((entry) => [entry.topic, entry]));
}
