// Generated from Python by scripts/explorer_schema.py: change it there.

export const CODES: readonly string[] = ["linked", "claimed", "promised", "request", "none", "unknown"];
export const MISSING = -2147483648;
export const CODECS: Readonly<Record<string, string>> = {"topics": "numbers", "code": "words", "kinds": "words", "hosts": "words", "venue": "list", "authors": "list", "countries": "list", "keywords": "list", "kind": "list", "year": "list", "since": "day", "until": "day", "words": "text", "mode": "mode", "score": "number", "upvotes": "number", "stars": "number", "cited_by": "number", "marks": "marks", "open": "paper", "camera": "camera", "colour": "text", "sort": "sort"};
export const PARAMETERS: Readonly<Record<string, string>> = {"camera": "at"};

export interface Rule {
  readonly name: string;
  readonly test: "topic" | "facet" | "span" | "least" | "found" | "marked";
  readonly fields: string[];
}
export const RULES: readonly Rule[] = [
  {"name": "topics", "test": "topic", "fields": ["topics"]},
  {"name": "code", "test": "facet", "fields": ["code"]},
  {"name": "kinds", "test": "facet", "fields": ["kinds"]},
  {"name": "hosts", "test": "facet", "fields": ["hosts"]},
  {"name": "venue", "test": "facet", "fields": ["venue"]},
  {"name": "authors", "test": "facet", "fields": ["authors"]},
  {"name": "countries", "test": "facet", "fields": ["countries"]},
  {"name": "keywords", "test": "facet", "fields": ["keywords"]},
  {"name": "kind", "test": "facet", "fields": ["kind"]},
  {"name": "year", "test": "facet", "fields": ["year"]},
  {"name": "date", "test": "span", "fields": ["since", "until"]},
  {"name": "upvotes", "test": "least", "fields": ["upvotes"]},
  {"name": "stars", "test": "least", "fields": ["stars"]},
  {"name": "cited_by", "test": "least", "fields": ["cited_by"]},
  {"name": "words", "test": "found", "fields": ["words", "mode", "score"]},
  {"name": "marks", "test": "marked", "fields": ["marks"]},
];

/** A view as it is sent; the app holds its marks as one byte a paper. */
export interface WireView {
  topics: number[];
  code: string[];
  kinds: string[];
  hosts: string[];
  venue: string[];
  authors: string[];
  countries: string[];
  keywords: string[];
  kind: string[];
  year: string[];
  since: string | null;
  until: string | null;
  words: string;
  mode: "words" | "meaning";
  score: number | null;
  upvotes: number | null;
  stars: number | null;
  cited_by: number | null;
  marks: string | null;
  open: number | null;
  camera: [number, number, number];
  colour: string;
  sort: string;
  down: boolean;
}
export const START: WireView = {"topics": [], "code": [], "kinds": [], "hosts": [], "venue": [], "authors": [], "countries": [], "keywords": [], "kind": [], "year": [], "since": null, "until": null, "words": "", "mode": "words", "score": null, "upvotes": null, "stars": null, "cited_by": null, "marks": null, "open": null, "camera": [0.0, 0.0, 1.0], "colour": "topic", "sort": "", "down": false};

/** A link to the paper itself. */
export interface Place {
  text: string;
  url: string;
}

/** A link in the paper's text. */
export interface PaperLink {
  url: string;
  kind: string;
  tense: string;
  state: string;
}

/** One column of a paper, in words. */
export interface Fact {
  title: string;
  text: string;
}

/** What the reading pane shows of a paper. */
export interface Detail {
  authors: string;
  abstract: string;
  terms: string[] | null;
  places: Place[];
  links: PaperLink[];
  facts: Fact[];
  canFetch: boolean;
}

/** A similar paper and its cosine. */
export interface Near {
  row: number;
  score: number;
}

/** A paper in the basket; its row is null where it is not in this collection. */
export interface BasketEntry {
  id: string;
  row: number | null;
  title: string;
  note: string;
}

/** A column and what it is called. */
export interface Named {
  name: string;
  title: string;
}

/** A filter of listed values; arrays ``codes:name``, and ``counts:name`` if not one a paper. */
export interface FacetMeta {
  name: string;
  title: string;
  names: string[];
}

/** A column that can colour the map, and the array that holds it. */
export interface ColourMeta {
  name: string;
  title: string;
  array: string;
  type: "number" | "category";
  names?: string[];
}

/** The papers, beside their arrays. */
export interface PaperMeta {
  n: number;
  ids: string[];
  fingerprint: string;
  titles: string[];
  facets: FacetMeta[];
  numbers: Named[];
  texts: Named[];
  columns: ColourMeta[];
}

/** A topic with its theme (the largest topic of it), place, colours of dot and text. */
export interface TopicRow {
  topic: number;
  label: string;
  size: number;
  theme: number;
  place: number[];
  light: string[];
  dark: string[];
}

/** A theme, called by the number of its largest topic, and what stands for it on the map. */
export interface ThemeRow {
  theme: number;
  label: string;
}

/** The topics, beside each paper's topic. */
export interface TopicMeta {
  topics: TopicRow[];
  themes: ThemeRow[];
}

/** What only the standalone page holds: the texts.

Beside them the arrays ``text:column`` and ``cite:style``, texts as bytes, zeros between. */
export interface PageMeta {
  view: string;
  bodies: string[];
  stopWords: string[];
  places: Place[][];
  links: PaperLink[];
}
