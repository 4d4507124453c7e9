"""What Python and the browser send each other; `web/src/schema.ts` is made from these."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict


class Place(TypedDict):
    """A link to the paper itself."""

    text: str
    url: str


class PaperLink(TypedDict):
    """A link in the paper's text."""

    url: str
    kind: str
    tense: str
    state: str


class Fact(TypedDict):
    """One column of a paper, in words."""

    title: str
    text: str


class Detail(TypedDict):
    """What the reading pane shows of a paper."""

    authors: str
    abstract: str
    terms: list[str] | None
    places: list[Place]
    links: list[PaperLink]
    facts: list[Fact]
    canFetch: bool


class Near(TypedDict):
    """A similar paper and its cosine."""

    row: int
    score: float


class BasketEntry(TypedDict):
    """A paper in the basket; its row is null where it is not in this collection."""

    id: str
    row: int | None
    title: str
    note: str


class Named(TypedDict):
    """A column and what it is called."""

    name: str
    title: str


class FacetMeta(TypedDict):
    """A filter of listed values; arrays ``codes:name``, and ``counts:name`` if not one a paper."""

    name: str
    title: str
    names: list[str]


class ColourMeta(TypedDict):
    """A column that can colour the map, and the array that holds it."""

    name: str
    title: str
    array: str
    type: Literal["number", "category"]
    names: NotRequired[list[str]]


class PaperMeta(TypedDict):
    """The papers, beside their arrays."""

    n: int
    ids: list[str]
    fingerprint: str
    titles: list[str]
    facets: list[FacetMeta]
    numbers: list[Named]
    texts: list[Named]
    columns: list[ColourMeta]


class TopicRow(TypedDict):
    """A topic with its theme (the largest topic of it), place, colours of dot and text."""

    topic: int
    label: str
    size: int
    theme: int
    place: list[float]
    light: list[str]
    dark: list[str]


class ThemeRow(TypedDict):
    """A theme, called by the number of its largest topic, and what stands for it on the map."""

    theme: int
    label: str


class TopicMeta(TypedDict):
    """The topics, beside each paper's topic."""

    topics: list[TopicRow]
    themes: list[ThemeRow]


class PageMeta(TypedDict):
    """What only the standalone page holds: the texts.

    Beside them the arrays ``text:column`` and ``cite:style``, texts as bytes, zeros between.
    """

    view: str
    bodies: list[str]
    stopWords: list[str]
    places: list[list[Place]]
    links: list[PaperLink]


#: Types that the browser knows, in the order in which they are written.
TYPES = (Place, PaperLink, Fact, Detail, Near, BasketEntry, Named, FacetMeta, ColourMeta,
         PaperMeta, TopicRow, ThemeRow, TopicMeta, PageMeta)  # fmt: skip
