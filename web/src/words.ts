// Search by words, as in `word_search.py`: texts are folded to words, a query matches whole ones.

const UNSPACED = /([\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff])/g;
const PART = /(-?)(?:"([^"]*)"|([^ \t\n]+))/g;

export interface QueryPart {
  text: string;
  wanted: boolean;
}

/** The words of a text without case and accents, a blank around each. */
export function fold(text: string): string {
  const bare = text.normalize("NFKD").replace(/\p{Mn}/gu, "").replace(UNSPACED, " $1 ")
    .toLowerCase().replaceAll("ς", "σ");
  return ` ${bare.replace(/[^\p{L}\p{N}]+/gu, " ").trim()} `;
}

/** What a folded text must contain, or must not; the last word may be the beginning of one. */
export function queryParts(query: string, stopWords: ReadonlySet<string>): QueryPart[] {
  const parts: (QueryPart & { plain: boolean })[] = [];
  for (const match of query.matchAll(PART)) {
    const [all, minus, phrase, word] = match as unknown as [string, string, string?, string?];
    const text = fold(word ?? phrase ?? "");
    if (!text.trim()) continue;
    const begun = word !== undefined && match.index + all.length === query.length;
    parts.push({
      text: begun ? text.slice(0, -1) : text, wanted: minus === "",
      plain: word !== undefined && minus === "" && stopWords.has(text.trim()),
    });
  }
  const telling = parts.filter(({ plain }) => !plain);
  return (telling.length ? telling : parts).map(({ text, wanted }) => ({ text, wanted }));
}

/** For each row its place among those found, −1 where the query does not match. */
export function searchWords(
  folded: string[], query: string, stopWords: ReadonlySet<string>,
): Int32Array {
  const parts = queryParts(query, stopWords);
  const rank = new Int32Array(folded.length).fill(-1);
  let next = 0;
  folded.forEach((text, row) => {
    if (parts.every((part) => text.includes(part.text) === part.wanted)) rank[row] = next++;
  });
  return rank;
}
