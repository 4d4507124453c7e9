"""Which colour a topic has: themes share a hue, neighbours on the map differ.

The explorer takes its themes, places and colours from here, so that its map and `plot_topic_map`
agree.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

#: Background, text, softer text, and papers in no topic, in the light and the dark theme.
THEMES = {
    False: {"paper": "#ffffff", "ink": "#1b1b1b", "soft": "#4d555e", "none": "#9a9fa5"},
    True: {"paper": "#15181c", "ink": "#eceff2", "soft": "#b4bcc5", "none": "#6b7178"},
}
#: Neighbours are that far apart in OKLab at least (0 to 1), which is a CIEDE2000 difference of 8 or
#: more; 1 is the least that an eye sees.
MIN_DISTANCE = 0.085
#: Each topic is held apart from so many that are nearest.
NEIGHBOURS = 6
#: The contrast that WCAG 2 asks for text.
TEXT_CONTRAST = 4.5
#: Lightness in OKLab: each has a contrast of 3 or more with the background.
_LIGHTNESS = {False: (0.60, 0.47, 0.645, 0.53), True: (0.74, 0.62, 0.86, 0.68)}
_CHROMA = (0.15, 0.09)
#: Themes: so many times the square root of the number of topics, within these bounds.
_THEMES, _LEAST_THEMES, _MOST_THEMES = 1.3, 3, 9
#: Papers of a topic among which its middle is looked for.
_SAMPLE = 400
#: OKLab (Ottosson 2020): linear sRGB to cone responses, and their cube roots to L, a, b.
_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def topic_centres(
    topic: NDArray[np.int64], place: NDArray[np.float64], numbers: Sequence[int]
) -> NDArray[np.float64]:
    """Return the middle of each topic on the map: its paper that has most others around it.

    Parameters
    ----------
    topic : int array, shape (n_papers,)
    place : array, shape (n_papers, 2)
    numbers : sequence of int
        The topics.

    Returns
    -------
    array, shape (n_topics, 2)
        NaN for a topic without papers.
    """
    centres = np.full((len(numbers), 2), np.nan)
    reach = 0.04 * max(float(np.ptp(place, axis=0).max()), 1e-12) if len(place) else 1.0
    for i, number in enumerate(numbers):
        inside = place[topic == number]
        if not len(inside):
            continue
        inside = inside[np.lexsort(inside.T)]  # the order of the rows must not matter
        some = inside[:: max(1, len(inside) // _SAMPLE)]
        # Axis by axis and in place: seven times as fast as over an array of pairs.
        apart = np.subtract.outer(some[:, 0], some[:, 0]) ** 2
        apart += np.subtract.outer(some[:, 1], some[:, 1]) ** 2
        apart /= -2 * reach**2
        crowd = np.exp(apart, out=apart).sum(axis=1)
        centres[i] = some[int(np.argmax(crowd))]
    return centres


def topic_colours(
    topics: Sequence[int], centres: NDArray[np.float64], *, dark: bool = False
) -> dict[int, str]:
    """Return the colour of each topic.

    Topics that lie together on the map are a theme and share a part of the colour circle; the
    themes follow one another on it as they do around the map. Within its part, each topic takes
    the colour that differs most from those of its neighbours.

    Parameters
    ----------
    topics : sequence of int
        The topics, the largest first; -1 has no colour of its own and is left out.
    centres : array, shape (n_topics, 2)
        The place of each on the map.
    dark : bool
        For a dark background.

    Returns
    -------
    dict
        ``"#rrggbb"`` by topic. A topic and its six nearest differ by `MIN_DISTANCE` or more.

    Notes
    -----
    OKLab: Ottosson (2020), https://bottosson.github.io/posts/oklab.

    Examples
    --------
    >>> topic_colours([0, 1], np.array([[0.0, 0.0], [1.0, 1.0]]))
    {0: '#888508', 1: '#7e6ed3'}
    """
    known = [place for place, topic in enumerate(topics) if topic >= 0]
    if not known:
        return {}
    place = _standardised(np.asarray(centres, dtype=float)[known])
    hues, width = _theme_hues(place)
    apart = np.hypot(*(place[:, None] - place[None]).T)
    near = _near(apart)
    chosen = np.full((len(known), 3), np.nan)
    for i, hue in enumerate(hues):
        chosen[i] = _choose(i, hue, width[i], chosen, apart[i], near[i], dark)
    codes = _hex(chosen)
    return {int(topics[k]): code for k, code in zip(known, codes)}


def _standardised(place: NDArray[np.float64]) -> NDArray[np.float64]:
    centred: NDArray[np.float64] = place - place.mean(axis=0)
    return centred / max(float(np.abs(centred).max()), 1e-12)


def _theme_hues(place: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the middle of each topic's part of the colour circle and half its width, in turns."""
    n = len(place)
    theme = group_topics(place)
    kinds = np.unique(theme)
    middles = np.array([place[theme == kind].mean(axis=0) for kind in kinds])
    angle = np.arctan2(middles[:, 1], middles[:, 0])
    # Parts are as wide as the square root of the number of topics: a large theme needs more room.
    share = np.sqrt([np.sum(theme == kind) for kind in kinds])
    share = share / share.sum()
    order = np.argsort(angle, kind="stable")
    ends = np.cumsum(share[order])
    middle = np.empty(len(kinds))
    middle[order] = ends - share[order] / 2
    at = np.searchsorted(kinds, theme)
    width = share[at] / 2 if len(kinds) > 1 else np.full(n, 0.5)
    return (middle[at] + 0.05) % 1, width


def group_topics(place: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the theme of each topic: topics that lie together on the map.

    Parameters
    ----------
    place : array, shape (n_topics, 2)

    Returns
    -------
    int array, shape (n_topics,)
        Themes count from 0: 3 to 9 of them, 1.3 √n_topics; a topic each where there are fewer.

    Notes
    -----
    Ward's method.

    Examples
    --------
    >>> group_topics(np.array([[0.0, 0], [0, 1], [5, 0], [9, 0], [9, 1]])).tolist()
    [0, 0, 1, 2, 2]
    """
    n = len(place)
    middles, weight = np.array(place, dtype=float), np.ones(n)
    group = np.arange(n)
    count = int(np.clip(round(_THEMES * n**0.5), _LEAST_THEMES, _MOST_THEMES))
    # By hand: scipy's takes longer to import than all of this.
    for _ in range(n - count):
        apart = ((middles[:, None] - middles[None]) ** 2).sum(axis=2)
        cost = apart * weight[:, None] * weight[None] / (weight[:, None] + weight[None])
        cost[np.tril_indices(len(cost))] = np.inf
        a, b = (int(i) for i in np.unravel_index(int(np.argmin(cost)), cost.shape))
        middles[a] = (middles[a] * weight[a] + middles[b] * weight[b]) / (weight[a] + weight[b])
        weight[a] += weight[b]
        group[group == b] = a
        group[group > b] -= 1
        middles, weight = np.delete(middles, b, axis=0), np.delete(weight, b)
    return group


def _near(apart: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which topics are among the nearest of each other."""
    n = len(apart)
    near = np.zeros((n, n), dtype=bool)
    ranked = np.argsort(apart, axis=1, kind="stable")
    for i in range(n):
        near[i, [j for j in ranked[i] if j != i][:NEIGHBOURS]] = True
    return near | near.T


def _choose(
    i: int,
    hue: float,
    width: float,
    chosen: NDArray[np.float64],
    apart: NDArray[np.float64],
    near: NDArray[np.bool_],
    dark: bool,
) -> NDArray[np.float64]:
    """Return the colour, as OKLab, that keeps a topic apart from those that have one."""
    done = ~np.isnan(chosen[:, 0])
    best, best_gap = _candidates(hue, width, dark)[0][0], -1.0
    # Where all of its part is too like a neighbour, a topic may leave it. A little more,
    # since codes are rounded.
    least = MIN_DISTANCE + 0.005
    for wide in (0.7 * width, width, 1.5 * width, 0.5):
        candidates, away = _candidates(hue, wide, dark)
        if not done.any():
            break
        gap = np.linalg.norm(candidates[:, None] - chosen[done][None], axis=2)
        to_near = gap[:, near[done]].min(axis=1) if near[done].any() else np.full(len(gap), 1.0)
        # What is far away may be alike, but not the same.
        weighted = (gap * (1 + 3 * apart[done])).min(axis=1)
        score = np.minimum(to_near, 0.16) + 0.5 * np.minimum(weighted, 0.2) - 0.1 * away
        at = int(np.argmax(np.where(to_near >= least, score + 10, score)))
        if to_near[at] > best_gap:
            best, best_gap = candidates[at], float(to_near[at])
        if best_gap >= least:
            break
    return np.asarray(best)


@lru_cache(maxsize=64)
def _candidates(
    hue: float, width: float, dark: bool
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return colours around a hue as OKLab, and how far each is from the first, 0 to 1."""
    steps = np.linspace(-1, 1, max(5, 2 * round(24 * width) + 1))
    steps = steps[np.argsort(np.abs(steps), kind="stable")]
    found, away = [], []
    for level, light in enumerate(_LIGHTNESS[dark]):
        for chroma in _CHROMA:
            for step in steps:
                angle = 2 * np.pi * (hue + step * width)
                found.append([light, chroma * np.cos(angle), chroma * np.sin(angle)])
                away.append(abs(step) * width + 0.05 * level + 2 * (_CHROMA[0] - chroma))
    return _to_lab(_to_rgb(np.array(found))), np.array(away)


def _to_rgb(lab: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return OKLab as sRGB, 0 to 1; what a screen cannot show loses chroma."""
    lab = lab.copy()
    for _ in range(40):
        linear = np.linalg.solve(_CONES, np.linalg.solve(_LAB, lab.T) ** 3).T
        outside = (linear < -1e-4).any(axis=1) | (linear > 1 + 1e-4).any(axis=1)
        if not outside.any():
            break
        lab[outside, 1:] *= 0.96
    linear = np.clip(linear, 0, 1)
    curved: NDArray[np.float64] = np.where(
        linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055
    )
    return curved


def _linear(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    straight: NDArray[np.float64] = np.where(
        rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4
    )
    return straight


def _to_lab(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    lab: NDArray[np.float64] = (_LAB @ np.cbrt(_CONES @ _linear(rgb).T)).T
    return lab


def _hex(lab: NDArray[np.float64]) -> list[str]:
    whole = np.rint(255 * _to_rgb(lab)).astype(int)
    return ["#{:02x}{:02x}{:02x}".format(*row) for row in whole]


def _parsed(colour: Any) -> NDArray[np.float64]:
    if isinstance(colour, str) and len(colour) == 7 and colour[0] == "#":
        return np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    from matplotlib.colors import to_rgb

    return np.array(to_rgb(colour))


def contrast(one: Any, other: Any) -> float:
    """Return the contrast of two colours, 1 to 21, as WCAG 2 defines it.

    Examples
    --------
    >>> contrast("white", "black")
    21.0
    """
    light = [float(_linear(_parsed(c)) @ (0.2126, 0.7152, 0.0722)) + 0.05 for c in (one, other)]
    return round(max(light) / min(light), 4)


def is_dark(colour: Any) -> bool:
    """Return whether white text is easier to read on a colour than black text."""
    return contrast(colour, "white") > contrast(colour, "black")


def readable(colour: Any, background: Any, least: float = TEXT_CONTRAST + 0.1) -> str:
    """Return a colour of the same hue whose contrast with the background suffices for text.

    Examples
    --------
    >>> contrast(readable("#e69f00", "white"), "white") >= 4.5
    True
    """
    lab = _to_lab(_parsed(colour)[None])
    step = 0.02 if is_dark(background) else -0.02
    code = _hex(lab)[0]
    while contrast(code, background) < least and 0 < lab[0, 0] < 1:
        lab[0, 0] = np.clip(lab[0, 0] + step, 0, 1)
        code = _hex(lab)[0]
    return code
