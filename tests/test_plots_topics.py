"""The map and the tree: what they draw and say."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import PathCollection

from toolkit.plots import plot_dendrogram, plot_topic_flow, plot_topic_map, text_summary


@pytest.fixture
def model() -> SimpleNamespace:
    labels = np.array([0] * 5 + [1] * 3 + [-1])
    random = np.random.default_rng(0)
    papers = pd.DataFrame({"topic": labels, "x": random.normal(size=9), "y": labels * 3.0})
    topics = pd.DataFrame(
        {"topic": [-1, 0, 1], "label": ["Outliers", "Owls", "Bats, echoes"], "size": [1, 5, 3]}
    )
    tree = pd.DataFrame({"left": [0], "right": [1], "distance": [0.4], "topics": [2]})
    return SimpleNamespace(papers=papers, topics=topics, hierarchy=lambda: tree)


def test_map_draws_every_paper_and_names_topics(model):
    ax = plot_topic_map(model)
    dots = [c for c in ax.collections if isinstance(c, PathCollection)]
    assert sorted(n for c in dots if (n := len(c.get_offsets()))) == [1, 3, 5]
    assert {text.get_text() for text in ax.texts} == {"Owls", "Bats, echoes"}
    assert "9 papers, 2 topics, 1 papers in none" in ax.get_title("left")
    assert "Owls (5); Bats, echoes (3)" in text_summary(ax)


def test_tree(model):
    ax = plot_dendrogram(model)
    assert [text.get_text() for text in ax.get_yticklabels()] == ["Owls (5)", "Bats, echoes (3)"]
    assert "'Owls' and 'Bats, echoes' (distance 0.40)" in text_summary(ax)


def test_names_of_the_flow_are_whole_and_inside_the_figure():
    name = "Forty-six letters are a label, this one has so"
    changes = pd.DataFrame(
        {
            "change": pd.Categorical(["kept", "new", "gone"]),
            "old_topic": pd.array([0, pd.NA, 1], dtype="Int64"),
            "new_topic": pd.array([0, 1, pd.NA], dtype="Int64"),
            "old_label": [name, None, name],
            "new_label": [name, name, None],
            "old_size": pd.array([9999, pd.NA, 8], dtype="Int64"),
            "new_size": pd.array([9999, 7, pd.NA], dtype="Int64"),
            "shared": [9, 0, 0],
        }
    )
    ax = plot_topic_flow(changes)
    ax.figure.canvas.draw()
    frame = ax.figure.bbox
    boxes = [text.get_window_extent() for text in ax.texts]
    assert len(boxes) == 4
    assert all(name in text.get_text() for text in ax.texts)
    assert all(box.x0 >= frame.x0 and box.x1 <= frame.x1 for box in boxes)
    assert {text.get_text()[len(name) :] for text in ax.texts} == {
        " (9999)",
        " (7) · new",
        " (8) · gone",
    }
