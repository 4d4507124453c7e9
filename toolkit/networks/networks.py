"""`find_network`: who and what is connected, as a table of nodes and a table of edges."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from toolkit.errors import DataError, check_positive, check_whole, checked, hint_nearest
from toolkit.networks.building import Asked, build_citations, build_shared, make_tables
from toolkit.networks.links import NORMALIZATIONS
from toolkit.papers.schema import check_papers

if TYPE_CHECKING:
    from collections.abc import Iterator

COUNTINGS = ("full", "fractional")
#: What is connected in which way; the first unit of each is its default.
HOW = {
    "co-occurrence": ("keywords", "terms", "categories"),
    "co-authorship": ("authors", "institutions", "countries", "affiliations"),
    "coupling": ("papers", "authors", "venues", "institutions", "countries"),
    "co-citation": ("references", "authors", "venues"),
    "citation": ("papers", "authors", "venues", "institutions", "countries"),
}
#: What other programs call the units.
_ALSO = {
    "documents": "papers", "sources": "venues", "journals": "venues", "venue": "venues",
    "organizations": "institutions", "universities": "institutions", "words": "terms",
    "cited references": "references", "author_keywords": "keywords",
}  # fmt: skip


@dataclass(frozen=True, repr=False)
class Network:
    """A network: its nodes and its edges. ``nodes, edges = network`` gives the two tables.

    Attributes
    ----------
    nodes : DataFrame
        One row a node, those in most papers first:

        - id: what the edges name: the keyword, the author, the paper_id, the reference
        - label: what is shown; works of one author and year have a letter: 2018a, 2018b
        - papers: papers with this node; of references, papers that cite it
        - degree: number of nodes it is linked to
        - strength: sum of the weights of its links, VOSviewer's total link strength
        - betweenness: share of the shortest paths between other nodes that pass it, 0 to 1
          (links count one each); NA where nodes times links exceed 500 million
        - community: from 0 by size; -1 for a node without links
        - mean_year: mean year of publication of its papers; of references, their year, and of
          cited authors and venues the mean year of their works that are cited, each once
        - mean_cited_by: mean citations of its papers; NA where no paper has a count, and with
          ``how="co-citation"``, where nodes are no papers of the collection
        - variants: other forms, `` | `` between them: counted with it for references, apart for
          authors and other names
        - cited: only with ``how="citation"``: the weight of the links that lead to it
    edges : DataFrame
        One row a link, the strongest first: source and target (ids), weight, similarity (the
        weight, normalised). With ``how="citation"`` the source cites the target.
    of, how, counting : str
        What was asked for.
    normalize : str or None
        How `similarity` was made.
    """

    nodes: pd.DataFrame
    edges: pd.DataFrame
    of: str
    how: str
    counting: str
    normalize: str | None

    def __repr__(self) -> str:
        """Return what it is, and how large."""
        return (
            f"<Network of {len(self.nodes):,} {self.of} and {len(self.edges):,} links: "
            f"{self.how}, {self.counting} counts>"
        )

    def __iter__(self) -> Iterator[pd.DataFrame]:
        """Yield nodes and edges."""
        return iter((self.nodes, self.edges))


@checked
def find_network(
    papers: pd.DataFrame,
    *,
    of: str | None = None,
    how: str | None = None,
    counting: str = "full",
    normalize: str | None = "association",
    min_papers: int = 1,
    limit: int | str | None = "auto",
    max_per_paper: int | str | None = "auto",
    resolution: float = 1.0,
    seed: int = 42,
) -> Network:
    """Return a network of keywords, terms, people, places, venues, papers or references.

    Parameters
    ----------
    papers : DataFrame
        A papers table.
    of : str, optional
        What the nodes are: ``"keywords"``, ``"terms"`` (words of title and abstract, but those as
        frequent in any field), ``"authors"``, ``"institutions"`` (of the affiliations),
        ``"countries"``, ``"venues"``, ``"papers"``, ``"references"``, or any other column of
        papers. Spellings of authors, institutions and keywords that differ only in capitals,
        accents or points are one node, with a warning.
    how : str, optional
        What links two nodes; by default what fits `of`, and of keywords co-occurrence:

        - ``"co-occurrence"``: papers that have both (keywords, terms, any list)
        - ``"co-authorship"``: the same, of authors, institutions or countries
        - ``"coupling"``: works that both cite (papers; of authors, venues, institutions and
          countries the products of how many of their papers cite each work, summed)
        - ``"co-citation"``: papers that cite both (references; their first authors or venues)
        - ``"citation"``: one cites the other (papers, authors, venues, institutions, countries of
          this collection); edges have a direction
    counting : {"full", "fractional"}
        With ``"full"``, each shared paper or work counts 1. With ``"fractional"`` it counts
        1 / (n − 1) for its n nodes, so that it gives each of them 1 in all however many there
        are; of citations, each citing paper counts 1 in all, and so does each node of a paper.
    normalize : {"association", "cosine", "jaccard", "inclusion"} or None
        How `similarity` is made of a weight c and the sizes s of its two nodes: c / (s₁s₂),
        c / √(s₁s₂) (Salton), c / (s₁ + s₂ − c), c / min(s₁, s₂), or c itself. A size is the
        weight a node would have with itself in full counts: its papers, or the works that a
        paper cites; of citations, all that lead to and from it. Communities follow it.
    min_papers : int
        Nodes in fewer papers are left out.
    limit : int, "auto" or None
        Most nodes: those in most papers, then those with the strongest links. ``"auto"`` keeps all
        up to 500, else those of the highest numbers of papers that are no more than 500, and says
        so. None keeps all.
    max_per_paper : int, "auto" or None
        Papers with more values than this are left out, and counted in a warning: the links of a
        paper grow with the square of its authors. ``"auto"`` is 100 for co-authorship, where a
        consortium else makes a ball of nodes all linked (VOSviewer: 25), and None for the rest.
    resolution : float
        Above 1 for more, smaller communities.
    seed : int
        Of the communities.

    Returns
    -------
    Network
        Frozen; `nodes` and `edges` are tables. `plot_network` draws it, `export` writes it for
        VOSviewer (.json; .txt), Gephi and others (.graphml; .csv).

    Raises
    ------
    DataError
        Not a papers table; nothing to connect (no references, say); unknown arguments; more than
        five million links.

    Warns
    -----
    UserWarning
        Counts papers and nodes left out, references that are other forms of one work, and names
        that may be one person's: these are counted apart.

    Notes
    -----
    Full and fractional counting: Perianes-Rodriguez, Waltman and van Eck (2016),
    doi:10.1016/j.joi.2016.10.006; of all nodes of a paper, those left out included. Normalisations:
    van Eck and Waltman (2009), doi:10.1002/asi.21075. Coupling: Kessler (1963),
    doi:10.1002/asi.5090140103. Co-citation: Small (1973), doi:10.1002/asi.4630240406. Communities:
    Leiden by modularity, doi:10.1038/s41598-019-41695-z. Which references are one work:
    `toolkit.networks.match_references`.

    Examples
    --------
    >>> papers = pd.DataFrame({"paper_id": list("abc"), "title": list("ABC"),
    ...     "keywords": ["bees; wax", "bees; wax; honey", "bees; honey"]})
    >>> nodes, edges = find_network(papers, of="keywords", normalize="jaccard")
    >>> nodes[["id", "papers", "degree", "strength"]].to_numpy().tolist()
    [['bees', 3, 2, 4], ['honey', 2, 2, 3], ['wax', 2, 2, 3]]
    >>> edges.round(2).to_numpy().tolist()
    [['bees', 'honey', 2, 0.67], ['bees', 'wax', 2, 0.67], ['honey', 'wax', 1, 0.33]]
    """
    check_papers(papers)
    of, how = _check_what(papers, of, how)
    _check_choice(counting, COUNTINGS, "counting")
    if normalize is not None:
        _check_choice(normalize, NORMALIZATIONS, "normalize")
    check_whole(min_papers, "min_papers", least=1)
    if isinstance(limit, str) and limit != "auto":
        raise DataError(
            "not a limit", argument="limit", found=limit,
            expected='a number, 2 or more, "auto", or None, which keeps all',
        )  # fmt: skip
    if limit is not None and limit != "auto":
        check_whole(limit, "limit", least=2)
    if max_per_paper is not None and max_per_paper != "auto":
        check_whole(max_per_paper, "max_per_paper", least=2)
        if how in ("coupling", "citation"):
            raise DataError(
                "only co-occurrence, co-authorship and co-citation link the values of one paper",
                argument="max_per_paper", found=max_per_paper, expected=f"None with how={how!r}",
            )  # fmt: skip
    check_positive(resolution, "resolution")
    asked = Asked(of, how, counting, normalize, min_papers, limit, max_per_paper, resolution, seed)
    links = (build_citations if how == "citation" else build_shared)(papers, asked)
    nodes, edges = make_tables(papers, links, asked)
    return Network(nodes, edges, of, how, counting, normalize)


def _check_what(papers: pd.DataFrame, of: str | None, how: str | None) -> tuple[str, str]:
    """Return what the nodes are and what links them, defaults filled in."""
    if how is not None:
        _check_choice(how, tuple(HOW), "how")
    if of is None:
        return (HOW[how][0], how) if how else ("keywords", "co-occurrence")
    units = list(dict.fromkeys(unit for units in HOW.values() for unit in units))
    known = [*units, *map(str, papers.columns)]
    if of not in known or of == "venue":
        near = _ALSO.get(str(of).lower())
        hint = f"Did you mean {near!r}?" if near else hint_nearest(of, known)
        more = [str(name) for name in papers.columns if name not in units]
        raise DataError(
            "unknown kind of node", argument="of", found=of, expected="one of " + ", ".join(units),
            hint=hint if hint.startswith("Did") else f"Other columns are {', '.join(more)}",
        )  # fmt: skip
    if how is None:
        first = {"papers": "coupling", "venues": "coupling", "references": "co-citation"}
        fits = [name for name in ("co-authorship", "co-occurrence") if of in HOW[name]]
        return of, first.get(of) or (fits[0] if fits else "co-occurrence")
    own = of in papers.columns and of not in units
    if (
        of not in HOW[how]
        and not (
            how in ("co-occurrence", "co-authorship")
            and of not in ("papers", "venues", "references")
        )
        and not own
    ):
        raise DataError(
            f"{of} are not linked by {how}", argument="of", found=of,
            expected="one of " + ", ".join(HOW[how]),
            hint=f"{of} are linked by "
            + " or ".join(repr(name) for name in HOW if of in HOW[name]),
        )  # fmt: skip
    return of, how


def _check_choice(value: object, choices: tuple[str, ...], argument: str) -> None:
    if value not in choices:
        near = hint_nearest(value, choices)
        raise DataError(
            f"unknown value of {argument}", argument=argument, found=value,
            expected="one of " + ", ".join(map(repr, choices)),
            hint=near if near.startswith("Did") else None,
        )  # fmt: skip
