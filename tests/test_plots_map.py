"""The map: what is named, where labels stand, colours, dark and light, what is highlighted."""

import re
from types import SimpleNamespace

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import PathCollection

from toolkit.errors import DataError
from toolkit.plots import fonts, plot_topic_map, text_summary
from toolkit.plots.label_geometry import beside
from toolkit.plots.label_placement import place_labels
from toolkit.plots.palette import NEIGHBOURS, THEMES, contrast, readable, topic_colours

WORDS = (
    "oak elm ash lime fir pine yew larch maple birch hazel rowan holly willow poplar alder".split()
)


def invented(n_topics: int, papers: int, *, seed: int = 0, spread: float = 0.06) -> SimpleNamespace:
    """Topics as clouds on a disk; sizes fall from the first to the last."""
    random = np.random.default_rng(seed)
    angle, far = random.uniform(0, 2 * np.pi, n_topics), np.sqrt(random.uniform(0, 1, n_topics))
    centres = np.stack([far * np.cos(angle), far * np.sin(angle)], axis=1)
    weights = np.linspace(3, 1, n_topics)
    topic = np.sort(random.choice(n_topics, papers, p=weights / weights.sum()))
    order = np.argsort(-np.bincount(topic, minlength=n_topics), kind="stable")
    topic = np.argsort(order)[topic]
    place = centres[topic] + random.normal(0, spread, (papers, 2))
    words = random.choice(WORDS, (n_topics, 3))
    labels = [f"{' '.join(three[:2])}, {three[2]} {n}" for n, three in enumerate(words)]
    return SimpleNamespace(
        papers=pd.DataFrame(
            {
                "paper_id": [f"title:{n}" for n in range(papers)],
                "topic": topic,
                "x": place[:, 0],
                "y": place[:, 1],
            }
        ),
        topics=pd.DataFrame(
            {"topic": range(n_topics), "label": labels, "size": np.bincount(topic)}
        ),
    )


def written(ax):
    return [t for t in ax.texts if t.get_visible() and t.get_text() and t.get_gid() is None]


def boxes(ax):
    ax.figure.canvas.draw()
    return [text.get_window_extent() for text in written(ax)]


def names(ax):
    return [" ".join(text.get_text().split()) for text in written(ax)]


def check_places(ax):
    found = boxes(ax)
    assert found
    for i, one in enumerate(found):
        assert not any(one.overlaps(other) for other in found[i + 1 :])
        assert ax.bbox.x0 <= one.x0 and one.x1 <= ax.bbox.x1
        assert ax.bbox.y0 <= one.y0 and one.y1 <= ax.bbox.y1


@pytest.mark.parametrize(("n_topics", "papers"), [(5, 31), (20, 500), (60, 1500)])
def test_labels_stand_apart_and_inside(n_topics, papers):
    ax = plot_topic_map(invented(n_topics, papers))
    check_places(ax)


def test_the_largest_topics_are_all_named():
    model = invented(50, 1500)
    ax = plot_topic_map(model)
    k = int(re.search(r"the (\d+) largest named", ax.get_title("left"))[1])
    assert k >= 30
    assert names(ax) == model.topics["label"].head(k).tolist()
    assert names(plot_topic_map(model, n_labels=7)) == model.topics["label"].head(7).tolist()


def test_all_are_named_where_there_is_room():
    model = invented(20, 500)
    ax = plot_topic_map(model)
    assert sorted(names(ax)) == sorted(model.topics["label"])
    assert ax.get_title("left") == "500 papers, 20 topics"


def test_labels_keep_off_dots_where_there_is_room():
    model = invented(6, 60, spread=0.03)
    ax = plot_topic_map(model)
    dots = ax.transData.transform(model.papers[["x", "y"]])
    for box in boxes(ax):
        inside = (dots > [box.x0, box.y0]) & (dots < [box.x1, box.y1])
        assert not inside.all(axis=1).any()


def test_both_axes_have_one_scale():
    ax = plot_topic_map(invented(20, 500))
    ax.figure.canvas.draw()
    one, two = ax.transData.transform([[0, 0], [1, 1]])
    assert (two - one)[0] == pytest.approx((two - one)[1], rel=1e-6)


def test_the_larger_the_topic_the_larger_its_name():
    ax = plot_topic_map(invented(20, 500))
    sizes = [text.get_fontsize() for text in written(ax)]
    assert sizes == sorted(sizes, reverse=True) and sizes[0] > sizes[-1] >= 9


def test_labels_are_placed_anew_in_another_size():
    figure, axes = plt.subplots(1, 2, figsize=(14, 6), layout="constrained")
    ax = plot_topic_map(invented(15, 500), ax=axes[0])
    axes[1].set_ylabel("wide\nlabel")
    check_places(ax)
    figure.set_size_inches(8, 5)
    figure.canvas.draw()
    check_places(ax)


def test_a_topic_in_one_place_is_drawn():
    model = invented(2, 9)
    model.papers[["x", "y"]] = 0.0
    check_places(plot_topic_map(model))


def test_the_same_topics_give_the_same_picture():
    model = invented(9, 2000)
    ax = plot_topic_map(model)
    ax.figure.canvas.draw()
    first = np.asarray(ax.figure.canvas.buffer_rgba()).copy()
    again = plot_topic_map(model)
    again.figure.canvas.draw()
    assert np.array_equal(first, np.asarray(again.figure.canvas.buffer_rgba()))
    model.papers = model.papers.sample(frac=1, random_state=1)
    turned = plot_topic_map(model)
    places = [[text.get_position() for text in written(one)] for one in (ax, turned)]
    assert np.allclose(*places)


# Colours -----------------------------------------------------------------------------------------


def cie_lab(code: str) -> np.ndarray:
    rgb = np.array([int(code[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    rgb = np.where(rgb > 0.04045, ((rgb + 0.055) / 1.055) ** 2.4, rgb / 12.92)
    xyz = (
        np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
        @ rgb
        / [0.95047, 1, 1.08883]
    )
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def ciede2000(one: np.ndarray, two: np.ndarray) -> float:
    """Sharma, Wu and Dalal (2005), doi:10.1002/col.20070."""
    c = np.hypot([one[1], two[1]], [one[2], two[2]])
    g = 0.5 * (1 - np.sqrt(c.mean() ** 7 / (c.mean() ** 7 + 25**7)))
    a = np.array([one[1], two[1]]) * (1 + g)
    b = np.array([one[2], two[2]])
    c, h = np.hypot(a, b), np.degrees(np.arctan2(b, a)) % 360
    dl, dc = two[0] - one[0], c[1] - c[0]
    turn = (h[1] - h[0] + 180) % 360 - 180 if c.prod() else 0.0
    dh = 2 * np.sqrt(c.prod()) * np.sin(np.radians(turn / 2))
    mean_h = (h[0] + turn / 2) % 360 if c.prod() else h.sum()
    t = (
        1 - 0.17 * np.cos(np.radians(mean_h - 30)) + 0.24 * np.cos(np.radians(2 * mean_h))
        + 0.32 * np.cos(np.radians(3 * mean_h + 6)) - 0.2 * np.cos(np.radians(4 * mean_h - 63))
    )  # fmt: skip
    mean_l, mean_c = (one[0] + two[0]) / 2, c.mean()
    sl = 1 + 0.015 * (mean_l - 50) ** 2 / np.sqrt(20 + (mean_l - 50) ** 2)
    sc, sh = 1 + 0.045 * mean_c, 1 + 0.015 * mean_c * t
    rc = 2 * np.sqrt(mean_c**7 / (mean_c**7 + 25**7))
    rt = -np.sin(np.radians(60 * np.exp(-(((mean_h - 275) / 25) ** 2)))) * rc
    parts = dl / sl, dc / sc, dh / sh
    return float(np.sqrt(sum(p * p for p in parts) + rt * parts[1] * parts[2]))


def test_the_measure_of_colour_is_that_of_its_source():
    # The first and the 17th pair of Sharma, Wu and Dalal's table 1.
    pairs = [((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425)]
    pairs += [((50, 2.5, 0), (73, 25, -18), 27.1492)]
    for one, two, expected in pairs:
        assert ciede2000(np.array(one), np.array(two)) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("n", [2, 9, 45, 170])
def test_neighbours_differ_in_colour(n, dark):
    for seed in range(3):
        centres = np.random.default_rng(seed).normal(size=(n, 2))
        found = topic_colours(range(n), centres, dark=dark)
        labs = [cie_lab(found[topic]) for topic in range(n)]
        apart = np.linalg.norm(centres[:, None] - centres, axis=2)
        for i in range(n):
            for j in np.argsort(apart[i])[1 : NEIGHBOURS + 1]:
                assert ciede2000(labs[i], labs[j]) >= 8
        assert min(contrast(code, THEMES[dark]["paper"]) for code in found.values()) >= 3


def test_topics_that_lie_together_have_like_hues():
    corners = np.array([[0, 0], [10, 0], [10, 10], [0, 10]])
    centres = np.vstack([corner + 0.1 * corners / 10 for corner in corners])
    found = topic_colours(range(16), centres)
    hue = [np.arctan2(*cie_lab(found[n])[[2, 1]]) for n in range(16)]
    same, other = [], []
    for i in range(16):
        for j in range(i):
            turn = abs((hue[i] - hue[j] + np.pi) % (2 * np.pi) - np.pi)
            (same if i // 4 == j // 4 else other).append(turn)
    assert np.mean(same) < np.mean(other) / 2


def test_colours_are_of_topics_and_not_of_outliers():
    assert list(topic_colours([-1, 3], np.array([[0, 0], [1, 1.0]]))) == [3]
    assert topic_colours([], np.empty((0, 2))) == {}


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [("#000000", "#ffffff", 21), ("#777777", "#ffffff", 4.478), ("#ff0000", "#ffffff", 3.998)],
)
def test_contrast_is_that_of_wcag(one, two, expected):
    assert contrast(one, two) == pytest.approx(expected, abs=0.001)
    assert contrast(readable(one, two), two) >= 4.5


@pytest.mark.parametrize("dark", [False, True])
def test_all_text_can_be_read(dark):
    ax = plot_topic_map(invented(9, 100), dark=dark, subtitle="one line")
    paper = ax.get_facecolor()
    assert ax.figure.get_facecolor() == paper
    assert (contrast(paper, "white") > 10) == dark
    texts = [t for t in ax.texts if t.get_visible()] + [ax._left_title, ax.xaxis.label]
    assert min(contrast(text.get_color(), paper) for text in texts if text.get_text()) >= 4.5
    assert min(text.get_fontsize() for text in texts if text.get_text()) >= 8.99


def test_a_dark_style_gives_a_dark_map():
    with plt.style.context("dark_background"):
        ax = plot_topic_map(invented(5, 50))
    assert min(contrast(text.get_color(), "black") for text in written(ax)) >= 4.5
    assert contrast(ax._left_title.get_color(), "black") >= 4.5


# What is highlighted -----------------------------------------------------------------------------


def coloured(ax) -> int:
    """Count the papers that are not grey."""
    grey = {THEMES[False]["none"]}
    return sum(
        len(dots.get_offsets())
        for dots in ax.collections
        if isinstance(dots, PathCollection)
        and dots.get_zorder() == 2
        and dots.get_facecolor().size
        and dots not in grey
    )


def test_topics_by_number_or_label_are_highlighted():
    model = invented(8, 400)
    sizes, labels = model.topics["size"], model.topics["label"]
    ax = plot_topic_map(model, highlight=[2, labels[5]])
    assert sorted(names(ax)) == sorted([labels[2], labels[5]])
    assert coloured(ax) == sizes[2] + sizes[5]
    assert f"{sizes[2] + sizes[5]} papers highlighted" in ax.get_title("left")
    assert f"{sizes[2] + sizes[5]} papers are highlighted." in text_summary(ax)
    assert names(plot_topic_map(model, highlight=2)) == [labels[2]]


def test_papers_are_highlighted_and_their_topics_named():
    model = invented(8, 400)
    some = model.papers.iloc[[0, 100, 399]]
    ax = plot_topic_map(model, highlight=some)
    assert coloured(ax) == 3
    assert set(names(ax)) == set(model.topics["label"][some["topic"].unique()])
    assert coloured(plot_topic_map(model, highlight=list(some["paper_id"]))) == 3
    assert coloured(plot_topic_map(model, highlight=some.head(0))) == 0


@pytest.mark.parametrize(
    ("wrong", "match"),
    [
        (99, "neither a topic nor a paper"),
        ("oaks", "neither a topic nor a paper"),
        (pd.DataFrame({"id": [1]}), "expected a column paper_id"),
        (True, "neither a topic nor a paper"),
    ],
)
def test_what_is_not_there_cannot_be_highlighted(wrong, match):
    with pytest.raises(DataError, match=match):
        plot_topic_map(invented(8, 400), highlight=wrong)


def test_titles_can_be_given():
    ax = plot_topic_map(invented(5, 50), title="Trees", subtitle="a $1 map")
    assert ax.get_title("left") == "Trees"
    assert [text.get_text() for text in ax.texts if text.get_gid() == "subtitle"] == ["a $1 map"]


# Files and fonts ---------------------------------------------------------------------------------


def test_many_papers_make_a_small_file(tmp_path):
    ax = plot_topic_map(invented(4, 20_000))
    for ending in ("svg", "pdf"):
        ax.figure.savefig(tmp_path / f"map.{ending}", dpi=200)
        assert (tmp_path / f"map.{ending}").stat().st_size < 3_000_000


def test_letters_that_no_font_has_are_told(monkeypatch):
    monkeypatch.setattr(fonts, "_letters", lambda families: frozenset(map(chr, range(127))))
    model = invented(3, 30)
    model.topics.loc[0, "label"] = "图 神经网络"
    with pytest.warns(UserWarning, match=r"letters of 1 of 3 labels \('图 神经网络'\)"):
        ax = plot_topic_map(model)
    assert "topic 0" in names(ax)


def test_a_font_that_has_the_letters_is_taken(monkeypatch):
    known = {"DejaVu Sans": "abc ", "Noto Sans CJK SC": "图论"}
    monkeypatch.setattr(
        fonts, "_letters", lambda names: frozenset("".join(known.get(name, "") for name in names))
    )
    families, labels = fonts.find_fonts(["a b", "图论 c"], ["topic 0", "topic 1"])
    assert families == ["DejaVu Sans", "Noto Sans CJK SC"] and labels == ["a b", "图论 c"]


# Placing -----------------------------------------------------------------------------------------


def test_a_label_goes_beside_its_dots_and_needs_no_leader():
    dots = np.array([[100.0, 100.0], [104.0, 100.0], [96.0, 100.0]])
    found = place_labels(
        dots[:1], np.array([[40.0, 10.0]]), dots, np.zeros(3, int), np.array([200.0, 200.0])
    )
    x, y = np.abs(found.centres[0] - 100)
    assert y > 5 or x > 24  # off all three
    assert np.hypot(max(x - 20, 0), max(y - 5, 0)) <= 11
    assert np.isnan(found.leaders).all()


def test_a_label_leaves_a_crowd_and_gets_a_leader():
    x, y = np.meshgrid(np.arange(40, 161, 3.0), np.arange(40, 161, 3.0))
    dots = np.stack([x.ravel(), y.ravel()], axis=1)
    anchor = np.array([[100.0, 100.0]])
    found = place_labels(
        anchor, np.array([[50.0, 12.0]]), dots, np.zeros(len(dots), int), np.array([200.0, 200.0])
    )
    assert np.abs(found.centres[0] - 100).max() > 60
    assert found.leaders[0, 1].tolist() == [100.0, 100.0]


def test_what_has_no_room_is_left_out_and_the_first_stays():
    anchors = np.array([[30.0, 20.0], [31.0, 20.0]])
    found = place_labels(
        anchors, np.array([[45.0, 20.0]] * 2), anchors, np.arange(2), np.array([60.0, 40.0])
    )
    assert np.isnan(found.centres[:, 0]).tolist() == [False, True]


def test_a_leader_past_what_another_label_names_is_known():
    start, end = np.zeros((1, 2)), np.array([10.0, 0.0])
    points = np.array([[5.0, 3.0], [14.0, 3.0], [-3.0, 4.0]])
    assert beside(start, end, points).tolist() == [3.0, 5.0, 5.0]


def test_in_a_dark_subfigure_all_text_is_light():
    with plt.style.context("dark_background"):
        left, _ = plt.figure(layout="constrained").subfigures(1, 2)
        ax = plot_topic_map(invented(4, 40), ax=left.subplots())
    assert contrast(ax._left_title.get_color(), "black") >= 4.5
    check_places(ax)
