"""Fixtures that every test may use."""

from __future__ import annotations

import os
from pathlib import Path

import matplotlib
import pandas as pd
import pytest
from hypothesis import settings

# No deadline: machines are noisy. CI draws the same examples each time, so that it cannot flake.
settings.register_profile("here", deadline=None, max_examples=50)
settings.register_profile("ci", deadline=None, max_examples=50, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")

matplotlib.use("Agg")

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real collections beside the checkout; tests that need it skip without."""
    folder = ROOT.parent / "shared"
    if not (folder / "collections").is_dir():
        pytest.skip("the real collections (../shared) are not here")
    return folder


@pytest.fixture(scope="session")
def raw_hf_papers(shared: Path) -> pd.DataFrame:
    """The 5,680 papers with abstracts, as records (not yet a papers table)."""
    return pd.read_json(
        shared / "collections" / "hf_papers_2024_2026.jsonl.gz",
        lines=True,
        dtype=False,
    )


@pytest.fixture(autouse=True, scope="session")
def own_cache(tmp_path_factory: pytest.TempPathFactory):
    """Keep the user's cache out of the tests, in processes that they start as well."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PAPERSCOPE_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(autouse=True)
def close_figures():
    """Leave no figure open from one test to the next."""
    yield
    import matplotlib.pyplot as plt

    plt.close("all")
