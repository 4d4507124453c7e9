from __future__ import annotations

from math import log

import numpy as np
import pandas as pd
import pytest

from toolkit.reliability.coherence import npmi

PAPERS = pd.Series(["a b", "a b c", "a", "c", None])


def test_by_hand():
    # a stands in 3 of 5 papers, b in 2, both in 2; c in 2, a and c in 1, b and c in 1.
    ab = log((2 / 5) / (3 / 5 * 2 / 5)) / -log(2 / 5)
    ac = log((1 / 5) / (3 / 5 * 2 / 5)) / -log(1 / 5)
    bc = log((1 / 5) / (2 / 5 * 2 / 5)) / -log(1 / 5)
    assert npmi([["a", "b"]], PAPERS)[0] == pytest.approx(ab)
    assert npmi([["a", "b", "c"]], PAPERS)[0] == pytest.approx((ab + ac + bc) / 3)


def test_a_phrase_and_its_own_word_do_not_count():
    papers = pd.Series(["graph graph_net net", "speech"])
    assert np.isnan(npmi([["graph", "graph_net"]], papers)[0])


def test_terms_that_nobody_uses_and_terms_in_every_paper():
    assert npmi([["a", "nowhere"]], PAPERS).tolist() == [-1.0]
    assert npmi([["x", "y"]], pd.Series(["x y", "y x"])).tolist() == [1.0]


def test_one_term_has_no_coherence():
    assert np.isnan(npmi([["a"], []], PAPERS)).all()
