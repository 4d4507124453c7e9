"""What networks cost: processor seconds for ten times the papers, and the peak of memory.

``python tests/bench/networks.py``: planted literatures of 7,700 and 77,000 papers.
"""

from __future__ import annotations

import resource
import time
import warnings

from toolkit.networks import find_network
from toolkit.synthetic import plant_literature

_ASKED = (
    {"of": "keywords"},
    {"of": "authors", "counting": "fractional"},
    {"of": "references"},
    {"of": "papers"},
    {"how": "citation"},
)


def main() -> None:
    """Print a line for each network."""
    warnings.simplefilter("ignore")
    seconds: dict[int, list[float]] = {}
    for size in (7_700, 77_000):
        papers = plant_literature(n_papers=size)
        for asked in _ASKED:
            start = time.process_time()
            find_network(papers, **asked)
            seconds.setdefault(size, []).append(time.process_time() - start)
    small, large = seconds.values()
    for asked, few, many in zip(_ASKED, small, large, strict=True):
        print(f"{asked}: {many:.1f} processor s for 77,000 papers, {many / few:.0f} × 7,700 papers")
    print(f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.1f} GB")


if __name__ == "__main__":
    main()
