from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from toolkit.errors import DataError
from toolkit.linkcheck import link_survival
from toolkit.synthetic import plant_link_checks

LINKS = pd.DataFrame({"url": [f"https://code.example.org/planted/oak{n}" for n in range(400)]})


def test_the_planted_half_life_comes_back(tmp_path: Path) -> None:
    newest = plant_link_checks(LINKS, log=tmp_path / "log.sqlite", years=3, half_life=3.0)
    assert len(newest) == 400 and set(newest["why"]) == {"invented"}
    # Half are dead after one half-life: 400 draws, three standard errors.
    alive = newest["resolves"].mean()
    assert abs(alive - 0.5) < 3 * np.sqrt(0.25 / 400)
    # The last checks only confirm those of three months before.
    table = link_survival(tmp_path / "log.sqlite", resamples=50)
    end = table.iloc[-1]
    assert end["time"] == pytest.approx(2.75 * 365, abs=3)
    assert end["low"] < 0.5 ** (2.75 / 3) < end["high"]


def test_a_log_that_exists_is_not_touched(tmp_path: Path) -> None:
    log = tmp_path / "log.sqlite"
    log.write_text("mine")
    with pytest.raises(DataError, match="exists already"):
        plant_link_checks(LINKS, log=log)
    assert log.read_text() == "mine"
    real = pd.DataFrame({"url": ["https://code.example.org/a", "https://github.com/lantern/oak"]})
    with pytest.raises(DataError, match=r"may be real: found 'https://github\.com/lantern/oak'"):
        plant_link_checks(real, log=tmp_path / "other.sqlite")
    with pytest.raises(DataError, match="the column url is missing"):
        plant_link_checks(LINKS.rename(columns={"url": "link"}), log=tmp_path / "other.sqlite")
