"""Where the labels of a map go: beside what they name, on no other label and on few dots.

Boxes are tried on a grid over the whole plot, the most important first, and each is then moved once
more while the others stay. Nothing is random. All lengths are in points.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from toolkit.plots import label_geometry as geometry
from toolkit.plots.label_geometry import BESIDE, attach, beside, both, cross, through

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

#: Between two labels, and between a label and the edge.
GAP = 4.0
#: Grid of places that are tried; cells in which dots are counted.
_STEP, _CELL = 6.0, 3.0
#: A leader that comes so near to what another label names seems to lead there.
_PAST = 7.0
#: Costs, in points of leader: of a cell with dots under a label (of its own topic: twice), of two
#: leaders that cross, of a leader that runs through a label, of a label on what another one names,
#: or of a leader past it.
_DOT, _CROSSING, _THROUGH, _ON_ANCHOR = 5.0, 90.0, 800.0, 60.0
#: And of each other topic within about that distance, where labels are needed.
_CROWD, _NEARBY = 12.0, 45.0
_ROUNDS = 3
#: Places whose leaders are looked at, of those that are best without.
_SHORTLIST = 400
#: So many of them first, then as many again and again.
_FIRST = 64
#: A label that costs so much more than its best place would is badly off; how many of its best
#: places are tried, and how many labels may have to move for it.
_BADLY, _WISHES, _MOST_PUSHED = 60.0, 5, 2
#: The first places of each label are not on the grid.
_BESIDE = 4


class Placed(NamedTuple):
    """Where labels go: centres of boxes (NaN where there is no room), leaders, what it costs."""

    centres: Floats
    #: From the label to what it names, shape (n, 2, 2); NaN where no leader is needed.
    leaders: Floats
    cost: float


def place_labels(
    anchors: Floats,
    boxes: Floats,
    dots: Floats,
    owner: NDArray[np.int64],
    room: Floats,
    *,
    radius: float = 1.0,
) -> Placed:
    """Return places for labels, none of which overlap or leave the plot.

    Parameters
    ----------
    anchors : array, shape (n, 2)
        What each label names, the most important first.
    boxes : array, shape (n, 2)
        Width and height of each label.
    dots : array, shape (m, 2)
        What labels should not cover.
    owner : int array, shape (m,)
        The label of each dot, -1 for none.
    room : array, shape (2,)
        Width and height of the plot; its lower left corner is (0, 0).
    radius : float
        Of a dot.

    Returns
    -------
    Placed
        A label for which there is no room has NaN as its centre.

    Examples
    --------
    >>> anchors = dots = np.array([[50.0, 50.0]])
    >>> found = place_labels(anchors, np.array([[30.0, 10.0]]), dots, np.array([0]),
    ...                      np.array([100.0, 100.0]))
    >>> bool(np.abs(found.centres - anchors).max() < 20)
    True
    """
    plot = _Plot(anchors, boxes, dots, owner, room, radius)
    n = len(anchors)
    for _ in range(_ROUNDS):
        before = plot.centres.copy()
        for i in range(n):
            plot.place(i)
        plot.repair()
        plot.push()
        if np.array_equal(before, plot.centres, equal_nan=True):
            break
    leaders = np.stack([plot.ends, anchors], axis=1)
    leaders[~plot.led] = np.nan
    return Placed(plot.centres, leaders, plot.total())


class _Plot:
    """The labels placed so far, and what a further place would cost."""

    def __init__(
        self,
        anchors: Floats,
        boxes: Floats,
        dots: Floats,
        owner: NDArray[np.int64],
        room: Floats,
        radius: float,
    ) -> None:
        self.anchors, self.boxes, self.room = anchors, boxes, room
        self.centres = np.full_like(anchors, np.nan)
        self.ends = np.full_like(anchors, np.nan)
        self.led = np.zeros(len(anchors), dtype=bool)
        shape = tuple(np.ceil(room / _CELL).astype(int) + 1)
        cells = np.clip((dots / _CELL).astype(int), 0, np.array(shape) - 1)
        filled = np.zeros(shape)
        filled[cells[:, 0], cells[:, 1]] = 1
        x, y = (
            np.exp(-((np.arange(n)[:, None] * _CELL - at) ** 2) / (2 * _NEARBY**2))
            for n, at in zip(shape, anchors.T)
        )
        self.crowd = x @ y.T
        self.places, self.base, self.own, self.shapes, self.coarse = [], [], [], [], []
        for i in range(len(anchors)):
            weight = filled.copy()
            own = owner == i
            weight[cells[own, 0], cells[own, 1]] = 2
            places, shape_of_grid = geometry.grid_places(
                anchors[i], boxes[i] / 2 + GAP, room, _STEP
            )
            cost = _DOT * geometry.covered(weight, places, boxes[i] + 2 * radius, _CELL)
            cost += geometry.leader_cost(attach(places, boxes[i], anchors[i])[1])
            cost += self._crowd(i, places)
            half = boxes[i] / 2 + GAP
            outside = (places[:_BESIDE] < half) | (places[:_BESIDE] > room - half)
            cost[:_BESIDE][outside.any(axis=1)] = np.inf
            self.places.append(places)
            self.base.append(cost)
            self.own.append(np.full(len(places), np.nan))
            self.shapes.append(shape_of_grid)
            grid = np.arange(_BESIDE, len(places)).reshape(shape_of_grid)
            self.coarse.append(grid[::2, ::2].ravel())

    def _crowd(self, i: int, places: Floats) -> Floats:
        """Return what a place costs others: where much is to be named, room is precious."""
        cells = np.clip((places / _CELL).astype(int), 0, np.array(self.crowd.shape) - 1)
        own = np.exp(-((places - self.anchors[i]) ** 2).sum(axis=1) / (2 * _NEARBY**2))
        crowd: Floats = _CROWD * (self.crowd[cells[:, 0], cells[:, 1]] - own)
        return crowd

    def place(self, i: int) -> None:
        """Put a label where it costs least while all others stay."""
        self.centres[i] = np.nan
        places = self.places[i]
        others = np.flatnonzero(~np.isnan(self.centres[:, 0]))
        half = (self.boxes[i] + self.boxes[others]) / 2 + GAP
        cost = self.base[i].copy()
        corner = self.boxes[i] / 2 + GAP
        geometry.block(
            cost[_BESIDE:].reshape(self.shapes[i]), corner, self.centres[others], half, _STEP
        )
        off_grid = np.abs(places[:_BESIDE, None] - self.centres[others])
        cost[:_BESIDE][both(off_grid < half).any(axis=1)] = np.inf
        best, least = None, np.inf
        for free in (geometry.cheapest(cost, _SHORTLIST), self.coarse[i]):
            at, total, clash = self._least(i, free[cost[free] < least], cost, others)
            if total < least:
                best, least = at, total
            if clash < _CROSSING:
                break
        if best is not None:
            self._set(i, places[best])

    def _least(
        self, i: int, free: NDArray[np.int64], cost: Floats, others: NDArray[np.int64]
    ) -> tuple[int, float, float]:
        """Return the cheapest of some places, what it costs, and how much of it are clashes.

        Clashes cost nothing or more: those places come first that are cheapest without, and the
        rest is not looked at once none of them can be cheaper.
        """
        found = -1, np.inf, np.inf
        own = self._own(i, free)
        ahead = cost[free] + own
        order = np.argsort(ahead, kind="stable")
        start = 0
        while start < len(order) and ahead[order[start]] <= found[1] + 1e-9:
            some = order[start : start + max(_FIRST, start)]
            start += len(some)
            clashes = own[some] + self._clashes(i, self.places[i][free[some]], others)
            total = cost[free[some]] + clashes
            at = np.lexsort((some, total))[0]
            if (total[at], free[some[at]]) < (found[1], found[0]):
                found = int(free[some[at]]), float(total[at]), float(clashes[at])
        return found

    def _set(self, i: int, centre: Floats) -> None:
        end, length = attach(centre[None], self.boxes[i], self.anchors[i])
        self.centres[i], self.ends[i], self.led[i] = centre, end[0], length[0] > BESIDE

    def _own(self, i: int, at: NDArray[np.int64]) -> Floats:
        """Return the cost of covering and passing by what others name, whose places are fixed."""
        new = at[np.isnan(self.own[i][at])]
        if len(new):
            self.own[i][new] = self._near(i, self.places[i][new])
        found: Floats = self.own[i][at]
        return found

    def _near(self, i: int, places: Floats) -> Floats:
        rest = np.delete(self.anchors, i, axis=0)
        met = geometry.others_met(places, self.boxes[i], self.anchors[i], rest, _PAST)
        return _ON_ANCHOR * met

    def _clashes(self, i: int, places: Floats, others: NDArray[np.int64]) -> Floats:
        """Return the cost of leaders that cross, or run through labels."""
        anchor, box = self.anchors[i], self.boxes[i]
        ends, length = attach(places, box, anchor)
        led = length > BESIDE
        # Only those are looked at whose box and leader are not all to one side.
        low = np.minimum((places - box / 2).min(axis=0), anchor) - 2
        high = np.maximum((places + box / 2).max(axis=0), anchor) + 2
        centre, half = self.centres[others], self.boxes[others] / 2
        here, there = self.ends[others], self.anchors[others]
        meet = np.minimum(np.minimum(centre - half, here), there) < high
        meet &= np.maximum(np.maximum(centre + half, here), there) > low
        others = others[both(meet)]
        if not len(others):
            return np.zeros(len(places))
        centres, heres = places[:, None], ends[:, None]
        there, from_there = self.anchors[others], self.ends[others]
        crossing = cross(heres, anchor, from_there, there)
        mine = through(heres, anchor, self.centres[others], self.boxes[others])
        theirs = through(from_there, there, centres, box) & self.led[others]
        cost: Floats = _CROSSING * (crossing & self.led[others]).sum(axis=1) * led
        cost += _THROUGH * (mine.sum(axis=1) * led + theirs.sum(axis=1))
        return cost

    def repair(self) -> None:
        """Place labels anew two by two, where the leader of one is in the way of the other."""
        for i in range(len(self.anchors)):
            for j in self._in_the_way(i):
                kept = self.centres.copy(), self.ends.copy(), self.led.copy()
                before = self._cost(i) + self._cost(j)
                found = []
                for first, second in ((i, j), (j, i)):
                    self.centres[[i, j]] = np.nan
                    self.place(first)
                    self.place(second)
                    whole = not np.isnan(self.centres[[i, j], 0]).any()
                    cost = self._cost(i) + self._cost(j) if whole else np.inf
                    found.append((cost, (self.centres, self.ends, self.led)))
                    self.centres, self.ends, self.led = (part.copy() for part in kept)
                cost, state = min(found, key=lambda one: one[0])
                if cost < before - 1:
                    self.centres, self.ends, self.led = state

    def push(self) -> None:
        """Give labels that are badly off a better place, and those that stood there another one."""
        for i in np.flatnonzero(~np.isnan(self.centres[:, 0])):
            loss = self._cost(int(i)) - float(self.base[i].min())
            if loss < _BADLY:
                continue
            for place in self._wishes(int(i)):
                apart = np.abs(self.centres - place) < (self.boxes + self.boxes[i]) / 2 + GAP
                there = [int(j) for j in np.flatnonzero(both(apart)) if j != i]
                if len(there) <= _MOST_PUSHED and self._pushed(int(i), place, there):
                    break

    def _wishes(self, i: int) -> list[Floats]:
        """Return the places that would be cheapest if no label stood there, well apart."""
        found: list[Floats] = []
        for at in np.argsort(self.base[i], kind="stable")[:_SHORTLIST]:
            place = self.places[i][at]
            if all((np.abs(place - other) > self.boxes[i] / 2).any() for other in found):
                found.append(place)
            if len(found) == _WISHES:
                break
        return found

    def _pushed(self, i: int, place: Floats, there: list[int]) -> bool:
        """Try a place for a label whose present owners then move; return whether all gain."""
        kept = self.centres.copy(), self.ends.copy(), self.led.copy()
        before = sum(self._cost(k) for k in (i, *there))
        self.centres[there] = np.nan
        self._set(i, place)
        for j in there:
            self.place(j)
        whole = not np.isnan(self.centres[there, 0]).any()
        if whole and sum(self._cost(k) for k in (i, *there)) < before - 1:
            return True
        self.centres, self.ends, self.led = kept
        return False

    def _in_the_way(self, i: int) -> list[int]:
        """Return the labels whose leader or box meets the leader or box of a label."""
        others = np.flatnonzero(~np.isnan(self.centres[:, 0]))
        others = others[others != i]
        if np.isnan(self.centres[i, 0]) or not len(others):
            return []
        here, there = self.anchors[i], self.anchors[others]
        crossing = cross(self.ends[i], here, self.ends[others], there) & self.led[others]
        mine = through(self.ends[i], here, self.centres[others], self.boxes[others])
        theirs = through(self.ends[others], there, self.centres[i], self.boxes[i])
        past = beside(self.ends[i], here, there) < _PAST
        meet = ((crossing | mine | past) & self.led[i]) | (theirs & self.led[others])
        return [int(j) for j in others[meet]]

    def _cost(self, i: int) -> float:
        """Return what a label costs at its place, by the nearest place of the grid."""
        at = self.centres[i]
        nearest = int(np.argmin(((self.places[i] - at) ** 2).sum(axis=1)))
        others = np.flatnonzero(~np.isnan(self.centres[:, 0]))
        clashes = self._near(i, at[None]) + self._clashes(i, at[None], others[others != i])
        return float(self.base[i][nearest] + clashes[0])

    def total(self) -> float:
        """Return the cost of all labels; one without a place costs as much as a bad one."""
        placed = ~np.isnan(self.centres[:, 0])
        found = sum(self._cost(int(i)) for i in np.flatnonzero(placed))
        return found + 3000.0 * float((~placed).sum())
