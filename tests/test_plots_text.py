"""Text in plots: as it stands, large enough, and in words beside every plot."""

from __future__ import annotations

import re
from types import SimpleNamespace

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

from toolkit import plots
from toolkit.errors import DataError
from toolkit.intervals import wilson
from toolkit.networks import Network, find_network
from toolkit.plots import text_summary
from toolkit.plots.style import drawn, shorten_label
from toolkit.trends import trend_verdicts

HOSTILE = ["$$", "below 5$ and above 3$", "a_b^c", r"\frac", r"$\undefined{"]


def trends(labels) -> pd.DataFrame:
    """As many topics as labels, the first rising, over nine quarters."""
    papers = np.array([[20 + 12 * n for n in range(9)], *[[90] * 9] * (len(labels) - 1)])
    totals = papers.sum(axis=0)
    low, high = wilson(papers, totals)
    starts = pd.date_range("2022-01-01", periods=9, freq="QS")
    return pd.DataFrame(
        {
            "period": np.tile(starts, len(labels)),
            "topic": np.repeat(np.arange(len(labels)), 9),
            "papers": papers.ravel(),
            "total": np.tile(totals, len(labels)),
            "share": (papers / totals).ravel(),
            "low": np.asarray(low).ravel(),
            "high": np.asarray(high).ravel(),
            "partial": np.tile([False] * 8 + [True], len(labels)),
            "label": np.repeat(labels, 9),
        }
    )


def model(labels) -> SimpleNamespace:
    n = len(labels)
    place = np.arange(3.0 * n)
    tree = pd.DataFrame(
        [(0, 1, 0.1, 2), *((n + k - 2, k, 0.1 * k, k + 1) for k in range(2, n))],
        columns=["left", "right", "distance", "topics"],
    )
    return SimpleNamespace(
        papers=pd.DataFrame({"topic": np.repeat(range(n), 3), "x": place, "y": place % 7}),
        topics=pd.DataFrame({"topic": range(n), "label": labels, "size": 3}),
        hierarchy=lambda: tree,
    )


def network(labels) -> Network:
    lists = [f"{one}; {labels[0]}" for one in labels[1:]]
    names = [f"p{place}" for place in range(len(lists))]
    return find_network(pd.DataFrame({"paper_id": names, "title": names, "keywords": lists}))


def themes(labels) -> pd.DataFrame:
    n = len(labels)
    return pd.DataFrame(
        {
            "label": labels,
            "nodes": 3,
            "centrality": np.arange(n),
            "density": np.arange(n)[::-1],
            "quadrant": "motor",
        }
    )


def rates(labels) -> pd.DataFrame:
    n = len(labels)
    low, high = wilson(np.arange(1, n + 1), [40] * n)
    table = {"group": labels, "n": 40, "share": np.arange(1, n + 1) / 40, "low": low, "high": high}
    return pd.DataFrame(table)


def card(labels) -> pd.DataFrame:
    return pd.DataFrame(
        {"label": labels, "size": 9, "survival": 0.8, "survival_low": 0.7, "survival_high": 0.9,
         "verdict": "solid"}
    )  # fmt: skip


def changes(labels) -> pd.DataFrame:
    n = len(labels)
    return pd.DataFrame(
        {"change": "kept", "old_topic": range(n), "new_topic": range(n), "old_label": labels,
         "new_label": labels, "old_size": 9, "new_size": 9, "shared": 9}
    )  # fmt: skip


def flow(labels) -> pd.DataFrame:
    return pd.DataFrame({"step": "identified", "origin": labels, "records": 5})


def survival(labels) -> pd.DataFrame:
    parts = [
        pd.DataFrame({"group": label, "after": [0.0, 9.0], "time": [0.0, 30.0], "at_risk": 8,
                      "survival": [1.0, 0.75], "low": [1.0, 0.3], "high": [1.0, 0.9]})
        for label in labels
    ]  # fmt: skip
    return pd.concat(parts, ignore_index=True)


#: Each public plot with a table that holds the labels.
MAKE = {
    "plot_availability": rates,
    "plot_dendrogram": model,
    "plot_health": lambda labels: pd.DataFrame(
        {"column": labels, "share": 0.5, "problems": labels}
    ),
    "plot_network": network,
    "plot_papers": trends,
    "plot_record_flow": flow,
    "plot_reliability": card,
    "plot_reuse_levels": lambda labels: pd.DataFrame(
        {"level": labels, "needs": "all above", "n": 4, "unknown": 1, "total": 10, "share": 0.4}
    ),
    "plot_share_area": trends,
    "plot_slopes": lambda labels: trend_verdicts(trends(labels)),
    "plot_survival": survival,
    "plot_themes": themes,
    "plot_topic_flow": changes,
    "plot_topic_map": model,
    "plot_trends": trends,
}
#: Plots that name no label.
UNNAMED = {"plot_papers"}


def test_every_public_plot_is_here():
    assert sorted(MAKE) == sorted(name for name in plots.__all__ if name.startswith("plot_"))


@pytest.mark.parametrize("name", sorted(MAKE))
@pytest.mark.parametrize("given", [False, True])
def test_text_is_no_mathematics(name, given):
    table = MAKE[name](HOSTILE)
    own = plt.subplots()[1] if given else None
    if given:
        own.set_title("$$", loc="left")
        own.set_xticks([0.5], ["$$"])
    ax = getattr(plots, name)(table, ax=own)
    ax.figure.canvas.draw()  # "$$" taken for mathematics is an error
    texts = [text for text in ax.figure.findobj(Text) if text.get_text()]
    assert not any(text.get_parse_math() for text in texts if "$" in text.get_text())
    said = " ".join(text.get_text() for text in texts)
    if name not in UNNAMED:
        first = HOSTILE[0] if name != "plot_topic_map" else r"\frac"
        assert first in said and r"\$" not in said


def test_what_a_user_draws_elsewhere_keeps_its_mathematics():
    _, (own, other) = plt.subplots(1, 2)
    title = other.set_title("$x^2$")
    plots.plot_availability(rates(["a", "b"]), ax=own)
    assert title.get_parse_math() and plt.rcParams["text.parse_math"]


def test_settings_that_a_backend_makes_while_it_loads_stay():
    @drawn
    def plot(*, ax=None):
        assert not plt.rcParams["text.parse_math"]
        plt.rcParams["interactive"] = not before["interactive"]
        return plt.subplots()[1]

    before = dict(plt.rcParams)
    try:
        plot()
        assert plt.rcParams["interactive"] != before["interactive"]
        assert plt.rcParams["font.size"] == before["font.size"] and plt.rcParams["text.parse_math"]
    finally:
        plt.rcParams["interactive"] = before["interactive"]


@pytest.mark.parametrize("name", sorted(MAKE))
def test_text_is_large_enough_in_a_notebook(name):
    ax = getattr(plots, name)(MAKE[name]([f"topic {n}" for n in range(5)]))
    figure = ax.figure
    figure.canvas.draw()
    # JupyterLab's output is about 850 pixels wide; wider images are shrunk to that.
    shrunk = min(1, 850 / (figure.get_figwidth() * 100))
    texts = [text for text in figure.findobj(Text) if text.get_text() and text.get_visible()]
    assert min(text.get_fontsize() for text in texts) * shrunk >= 8


@pytest.mark.parametrize("name", sorted(MAKE))
def test_every_plot_is_said_in_words_where_its_image_goes(name):
    ax = getattr(plots, name)(MAKE[name](["oaks", "elms"]))
    words = text_summary(ax)
    assert len(words) > 30 and words.endswith(".")
    data, about = ax.figure._repr_mimebundle_()
    assert data == {"text/plain": words} and about["image/png"]["alt"] == words


def test_a_figure_of_two_plots_is_said_in_two_texts():
    _, (one, two) = plt.subplots(1, 2)
    plots.plot_availability(rates(["a", "b"]), ax=one)
    plots.plot_papers(trends(["a"]), ax=two)
    assert text_summary(one) != text_summary(two)
    data, _ = one.figure._repr_mimebundle_()
    assert data["text/plain"] == f"{text_summary(one)} {text_summary(two)}"


@pytest.mark.parametrize(
    ("label", "short"),
    [
        ("oak", "oak"),
        ("ten letters", "ten lette…"),
        ("a  b\nc", "a b c"),
        ("abcdefghijklm", "abcdefghi…"),
        ("manyxx words in a row", "manyxx…"),
        ("abcdefghi jkl", "abcdefghi…"),
    ],
)
def test_labels_are_cut_between_words_where_they_can_be(label, short):
    assert shorten_label(label, 10) == short


def test_bars_of_papers_are_counted_and_marked():
    periods = pd.DataFrame(
        {
            "period": pd.to_datetime([f"{year}-01-01" for year in range(2018, 2024)]),
            "papers": [12, 40, 0, 60, 29, 35],
            "partial": [True, False, False, False, False, True],
        }
    )
    ax = plots.plot_papers(periods)
    heights = {bar.get_height() for bars in ax.containers for bar in bars}
    assert heights == {12, 40, 60, 29, 35}
    kinds = {bars.get_label(): [bar.get_height() for bar in bars] for bars in ax.containers}
    assert kinds == {
        "_": [40, 60],
        "fewer than 30 papers": [29],
        "not covered in full": [35],
        "not covered in full, fewer than 30 papers": [12],
    }
    assert text_summary(ax) == (
        "176 papers by year, 2018 to 2023: 12 in 2018, most in 2021 (60), 35 in 2023. "
        "Not covered in full: 2018, 2023. Fewer than 30 papers: 2018, 2022. No papers: 2020."
    )
    assert re.sub(r"\s", " ", ax.get_xticklabels()[0].get_text()) == "2018"
    papers = pd.DataFrame(
        {"paper_id": list("abc"), "title": "T", "published": pd.to_datetime(["2023-01-05"] * 3)}
    )
    assert text_summary(plots.plot_papers(papers)).startswith("3 papers by month, 2023-01 to")
    with pytest.raises(DataError, match="not a table"):
        plots.plot_papers(pd.DataFrame({"period": []}))
