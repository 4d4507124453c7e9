"""Figures of the explorer in a real JupyterLab: `python tests/bench/explorer.py [CHECKOUT …]`.

Prints, for the shipped 5,680 papers and for 77,000 planted ones: processor seconds of Python for
`Explorer(papers, topics)` and for `to_html`, seconds from running the cell to
a live widget, bytes over the wire, milliseconds from a change in the browser to the selection in
Python and back, milliseconds to redraw everything that is linked, milliseconds a map frame, and
how many times longer the same points take drawn as arcs on a canvas; and the page's size.

Other checkouts of the toolkit are measured as well, in the same run: on a machine that is busy with
something else only the ratios mean anything.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/ui")]

from lab import Lab  # noqa: E402

SHIPPED = """import toolkit
papers = toolkit.load_sample("hf-papers")
topics = toolkit.fit_topics(papers)
more = {}"""
PLANTED = """import toolkit
from planted import plant
papers, topics, more = plant(77_000, topics=150)"""
CELL = "explorer = toolkit.Explorer(papers, topics, basket='b.json', **more)\nexplorer"
#: Processor seconds that an expression takes, as an expression.
TIMED = "(lambda f, t: (t0 := t(), f(), t() - t0)[-1])(lambda: {}, __import__('time').process_time)"
LIVE = """async (nth) => {
    const app = window.jupyterapp;
    app.shell.currentWidget.content.activeCellIndex = nth;
    const started = performance.now();
    app.commands.execute('notebook:run-cell');
    for (;;) {
        await new Promise(requestAnimationFrame);
        if (document.querySelector('.tk-explorer[data-ready]')) return performance.now() - started;
    }
}"""
MEASURE = """async () => {
    const { explorer } = document.querySelector('.tk-explorer');
    const { backend, map, root, store } = explorer;
    const middle = (values) => values.sort((a, b) => a - b)[values.length >> 1];
    const frame = () => new Promise(requestAnimationFrame);
    const trips = [], links = [], paints = [], arcs = [];
    const months = [...new Set(store.date)].sort((a, b) => a - b);
    for (let i = 0; i < 12; i++) {
        const day = new Date(months[2 + i] * 86400000).toISOString().slice(0, 10);
        const started = performance.now();
        explorer.change({ since: day });
        explorer.flush();
        links.push(performance.now() - started);
        while (!backend.rests) await new Promise((r) => setTimeout(r, 1));
        trips.push(performance.now() - started);
    }
    explorer.change({ since: null });
    await frame();
    for (let i = 0; i < 24; i++) {
        map.pan(i % 2 ? 11 : -11, 4);
        await frame();
        await frame();
        paints.push(Number(root.dataset.paint));
    }
    const pen = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    Object.assign(pen.canvas, { width: map.points.width, height: map.points.height });
    for (let i = 0; i < 5; i++) {
        const started = performance.now();
        const { k, ox, oy } = map.project();
        const size = map.radius();
        for (let row = 0; row < store.n; row++) {
            pen.fillStyle = map.theme.palette[row % 7];
            pen.beginPath();
            pen.arc(store.x[row] * k + ox, oy - store.y[row] * k, size, 0, 7);
            pen.fill();
        }
        pen.getImageData(0, 0, 1, 1);
        arcs.push(performance.now() - started);
    }
    return { trip: middle(trips), link: middle(links), paint: middle(paints), arc: middle(arcs) };
}"""


def main() -> None:
    """Measure and print."""
    for root in (ROOT, *map(Path, sys.argv[1:])):
        print(root)
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            (folder / "planted.py").write_text((ROOT / "tests/ui/planted.py").read_text())
            with Lab.start(folder, env={"PYTHONPATH": str(root.resolve())}) as lab:
                for name, setup in (("5,680 shipped", SHIPPED), ("77,000 planted", PLANTED)):
                    measure(lab, folder, name, setup)


def measure(lab: Lab, folder: Path, name: str, setup: str) -> None:
    """Measure one collection and print a paragraph."""
    page = lab.open_notebook(lab.write("bench.ipynb", [setup, "1"]))
    lab.run_all(page, timeout=600)
    wrong = lab.errors(page)
    if wrong:
        raise SystemExit(f"{name}: {wrong}")
    page.evaluate(
        """(code) => window.jupyterapp.shell.currentWidget.content.model.sharedModel
            .getCell(1).setSource(code)""",
        CELL,
    )
    before = lab.traffic
    live = page.evaluate(LIVE, 1)
    page.wait_for_timeout(300)
    traffic = lab.traffic - before
    facts = page.evaluate(MEASURE)
    made = lab.ask(page, TIMED.format("toolkit.Explorer(papers, topics, basket='b.json', **more)"))
    print(f"{name} papers")
    print(f"  Python makes it in {made:.2f} s of processor time")
    print(f"  live after {live / 1000:.2f} s, {traffic / 1e6:.2f} MB over the wire")
    print(
        f"  change to Python and back {facts['trip']:.0f} ms, redrawn after {facts['link']:.0f} ms"
    )
    print(
        f"  map frame {facts['paint']:.1f} ms; drawn as arcs {facts['arc']:.0f} ms, "
        f"{facts['arc'] / facts['paint']:.1f} times as long"
    )
    if name.startswith("5,680"):
        written = lab.ask(page, TIMED.format("explorer.to_html('page.html')"))
        size = (folder / "page.html").stat().st_size
        print(f"  page {size / 1e6:.2f} MB, written in {written:.2f} s of processor time")
    page.context.close()


if __name__ == "__main__":
    main()
