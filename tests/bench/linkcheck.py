"""How fast 1,200 links are checked while no host is asked faster than allowed.

    .venv/bin/python tests/bench/linkcheck.py

Prints one line a setting: seconds, the pace of the busiest host against its allowed rate, and how
often faster this is than asking one link after the other.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from fake_hosts import LinkServer

import toolkit


def run(hosts: int, rate: float, n: int = 1200, delay: float = 0.05) -> None:
    """Check `n` links over `hosts` hosts and print what happened."""
    urls = pd.Series([f"https://h{i % hosts}.example/{i}" for i in range(n)])
    with LinkServer(delay=delay) as server, tempfile.TemporaryDirectory() as folder:
        start, used = time.perf_counter(), time.process_time()
        checks = toolkit.check_links(
            urls,
            log=Path(folder) / "log.sqlite",
            services=server.services,
            rate=rate,
            progress=False,
        )
        seconds, used = time.perf_counter() - start, time.process_time() - used
        start = time.perf_counter()
        toolkit.check_links(
            urls, log=Path(folder) / "log.sqlite", services=server.services, progress=False
        )
        again = time.perf_counter() - start
        paces = []
        for host in range(hosts):
            times = server.times(f"h{host}.example")
            paces.append((len(times) - 1) / (times[-1] - times[0]))
    assert (checks["state"] == "alive").all()
    print(
        f"{n} links, {hosts} hosts, {delay * 1000:.0f} ms an answer, {rate:g}/s a host: "
        f"{seconds:.1f} s ({used:.1f} s CPU, the stand-in's included); "
        f"busiest host at {max(paces) / rate:.3f} of its rate; "
        f"{n * delay / seconds:.1f} times faster than one by one; "
        f"again from the log {again:.2f} s"
    )


if __name__ == "__main__":
    for hosts, rate in ((24, 2.0), (60, 5.0), (400, 1.0)):
        run(hosts, rate)
