"""Frame times of the explorer's map: `python tests/bench/explorer_map.py [papers]`.

Pans a standalone page of planted papers (300,000 by default) in a headless Chromium, drawn on a
canvas and with WebGL 2 in software (SwiftShader), and prints the median and the 95th percentile of
the milliseconds a frame takes. Labels, shading and rings are in them.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests/ui")]

import numpy as np  # noqa: E402
from planted import plant  # noqa: E402

from toolkit.explorer import Explorer  # noqa: E402
from toolkit.explorer import page as page_module  # noqa: E402

BROWSER = ["--no-sandbox", "--disable-background-networking", "--use-angle=swiftshader"]
BROWSER += ["--use-gl=angle", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"]
PAN = """async (kind) => {
    const { explorer } = document.querySelector('.tk-explorer');
    const { map, root } = explorer;
    if (kind === 'webgl') map.use(map.makeLayer(true));
    if (map.layer.kind !== kind) return null;
    const times = [];
    for (let i = 0; i < 40; i++) {
        map.pan(i % 2 ? 11 : -11, 4);
        const started = performance.now();
        explorer.flush();
        map.layer.finish?.();
        times.push(performance.now() - started);
        await new Promise(requestAnimationFrame);
    }
    times.sort((a, b) => a - b);
    return [times[20], times[38]];
}"""


def main() -> None:
    """Measure and print."""
    from playwright.sync_api import sync_playwright

    n = int(sys.argv[1]) if len(sys.argv) > 1 else 300_000
    papers, topics, more = plant(n, topics=150)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        explorer = Explorer(papers, topics, **more, basket=Path(folder) / "b.json")
        # The map needs neither texts nor neighbours, which take minutes for so many.
        explorer.data.__dict__["distinct_terms"] = [[]] * n
        page_module._neighbours = lambda _: (np.zeros(0, np.uint32), np.zeros(0, np.float32))
        path = explorer.to_html(Path(folder) / "page.html", prose=False)
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=BROWSER)
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        page.goto(f"file://{path}", timeout=240_000)
        page.wait_for_selector(".tk-explorer[data-ready]", timeout=240_000)
        for kind in ("canvas", "webgl"):
            found = page.evaluate(PAN, kind)
            said = f"{found[0]:.1f} ms, {found[1]:.1f} ms in the slowest" if found else "not there"
            print(f"{n:,} papers, {kind}: {said}")
        browser.close()


if __name__ == "__main__":
    main()
