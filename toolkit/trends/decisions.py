"""What the tests of a topic's trend say: its verdict, with control of false discoveries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from toolkit.intervals import benjamini_hochberg

if TYPE_CHECKING:
    from toolkit.trends.measures import Measured


def decide(measured: Measured, alpha: float) -> pd.DataFrame:
    """Return the tests of all topics with q, q_steady, q_turn, verdict and turn_open.

    Parameters
    ----------
    measured : Measured
        Of all topics: the number of them counts.
    alpha : float
        The rate of false discoveries.
    """
    out = measured.table.copy()
    out["q"] = benjamini_hochberg(out["p"])
    out["q_steady"] = benjamini_hochberg(out["p_steady"])
    out["q_turn"] = np.nan
    changed = out["q"] <= alpha
    verdict = pd.Series("can't tell", index=out.index)
    verdict[out["q_steady"] <= alpha] = "steady"
    straight = changed & (out["p_line"] <= alpha)
    verdict[straight & (out["z"] > 0)] = "rising"
    verdict[straight & (out["z"] < 0)] = "falling"
    if measured.turns is not None and changed.any():
        out.loc[changed, "q_turn"] = benjamini_hochberg(out.loc[changed, "p_turn"])
        turned = changed & (out["q_turn"] <= alpha) & measured.turns.stands_out
        verdict[turned & (measured.turns.sign > 0)] = "rose then fell"
        verdict[turned & (measured.turns.sign < 0)] = "fell then rose"
    # The change is sure, and that it goes on is not what the last papers show.
    straight = verdict.isin(["rising", "falling"])
    return out.assign(verdict=verdict, turn_open=straight & (out["p_back"] <= alpha))
