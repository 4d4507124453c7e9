"""The explorer in a real JupyterLab, with mouse and keyboard, in a headless Chromium."""

from __future__ import annotations

import random

import pytest

pytestmark = pytest.mark.browser

ROOT = ".tk-explorer"
PLANT = "from planted import plant\nfrom toolkit.explorer import Explorer\n"
PLANT += "papers, topics, more = plant({n}, hostile={hostile})"
SHOW = "explorer = Explorer(papers, topics, **more, basket='basket.json'{extra})\nexplorer"

AXE = """async () => {
    const { violations } = await axe.run('.tk-explorer', { rules: { region: { enabled: false } } });
    return violations.map(({ id, nodes }) => [id, nodes.map((node) =>
        `${node.html.slice(0, 160)} ${node.failureSummary}`)]);
}"""

UNSEEN = """() => {
    const kinds = 'button, select, input, summary, canvas[tabindex], [tabindex="0"]';
    const stops = document.querySelectorAll(`.tk-explorer :is(${kinds})`);
    const missed = [];
    for (const stop of stops) {
        if (stop.disabled || !stop.checkVisibility()) continue;
        stop.focus({ focusVisible: true });
        const { outlineStyle, outlineWidth } = getComputedStyle(stop);
        const seen = outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2;
        const safe = stop.dataset.lmSuppressShortcuts === 'true';
        if (document.activeElement === stop && !(seen && safe)) missed.push(stop.outerHTML);
    }
    return [stops.length, missed];
}"""
SETTLED = """(nth) => {
    const { explorer } = document.querySelectorAll('.tk-explorer')[nth];
    const { backend, root } = explorer;
    return backend.turn && root.dataset.heard === `${backend.name}/${backend.turn}`
        && backend.sent === JSON.stringify(explorer.wire());
}"""
UNSETTLED = """(nth) => {
    const { explorer } = document.querySelectorAll('.tk-explorer')[nth];
    const { backend, root, fault } = explorer;
    return [backend.name, backend.turn, root.dataset.heard, backend.sent,
        JSON.stringify(explorer.wire()), fault.textContent];
}"""
STICKS_OUT = """() => {
    const parts = '.tk-bar, .tk-tools, .tk-grid, .tk-view, .tk-filters, .tk-reader, .tk-table';
    return [...document.querySelectorAll(`.tk-explorer, .tk-explorer :is(${parts})`)]
        .filter((node) => node.scrollWidth > node.clientWidth + 1)
        .map((node) => [node.className, node.scrollWidth, node.clientWidth]);
}"""


def open_explorer(lab, name, *, n=5680, hostile=False, extra="", cells=(), **options):
    notebook = lab.write(
        f"{name}.ipynb",
        [PLANT.format(n=n, hostile=hostile), SHOW.format(extra=extra), *cells],
    )
    page = lab.open_notebook(notebook, **options)
    lab.run_all(page)
    assert lab.errors(page) == []
    page.wait_for_selector(f"{ROOT}[data-ready]")
    page.evaluate("document.querySelector('.tk-explorer').scrollIntoView({block: 'start'})")
    return page


def shown(page, nth=0):
    return page.evaluate(
        "(nth) => document.querySelectorAll('.tk-explorer')[nth].explorer.linked.shown.length", nth
    )


def wait_shown(page, number):
    page.wait_for_selector(f"{ROOT}[data-shown='{number}']")


def settled(page, nth=0):
    """Wait until Python has answered the last change; return how many papers it has selected."""
    try:
        page.wait_for_function(SETTLED, arg=nth, timeout=20_000)
    except Exception as error:
        pytest.fail(f"Python does not answer: {page.evaluate(UNSETTLED, nth)}: {error}")
    return int(page.locator(ROOT).nth(nth).get_attribute("data-heard-shown"))


def drag(page, selector, *points):
    box = page.locator(selector).first.bounding_box()
    places = [(box["x"] + box["width"] * x, box["y"] + box["height"] * y) for x, y in points]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=6)
    page.mouse.up()


def cell_count(page):
    return page.evaluate("window.jupyterapp.shell.currentWidget.content.model.cells.length")


def active_cell(page):
    return page.evaluate("window.jupyterapp.shell.currentWidget.content.activeCellIndex")


def test_brush_lasso_box_and_python_agree(fresh):
    page = open_explorer(fresh, "brush")
    assert shown(page) == 5680
    drag(page, ".tk-strip", (0.3, 0.5), (0.6, 0.5))
    months = page.evaluate("document.querySelector('.tk-explorer').explorer.state.since")
    assert months.startswith("2024-")
    dated = shown(page)
    assert 0 < dated < 5680
    assert settled(page) == dated
    drag(page, ".tk-ink", (0.2, 0.2), (0.8, 0.2), (0.8, 0.8), (0.2, 0.8))
    lassoed = shown(page)
    assert 0 < lassoed < dated
    assert settled(page) == lassoed
    page.get_by_role("button", name="Box").click()
    page.keyboard.down("Shift")
    drag(page, ".tk-ink", (0.02, 0.02), (0.98, 0.98))
    page.keyboard.up("Shift")
    boxed = shown(page)
    assert lassoed < boxed <= dated
    assert settled(page) == boxed
    titles = fresh.ask(page, "explorer.selection['title'].head(3).tolist()")
    rows = page.locator(f"{ROOT} tbody .tk-col-title").all_text_contents()
    assert rows[:3] == titles
    live = page.locator(f"{ROOT} [aria-live]").text_content()
    assert f"{boxed:,} of 5,680 papers shown: from 2024-" in live
    page.get_by_role("button", name="Show all papers").click()
    wait_shown(page, 5680)
    assert settled(page) == 5680
    # Bounds far above what was measured: they catch a wrong turn, not a busy machine.
    paint = page.evaluate(
        """async () => {
            const { explorer } = document.querySelector('.tk-explorer');
            const paints = [];
            for (let i = 0; i < 20; i++) {
                explorer.map.pan(i % 2 ? 9 : -9, 3);
                await new Promise(requestAnimationFrame);
                paints.push(Number(explorer.root.dataset.paint));
            }
            return paints.sort((a, b) => a - b)[10];
        }"""
    )
    assert paint < 60
    assert fresh.ask(page, "len(explorer._data) + len(explorer._topic_data)") < 2e6
    labels = page.evaluate("document.querySelector('.tk-explorer').explorer.map.labels")
    assert len(labels) > 8
    for i, a in enumerate(labels):
        for b in labels[:i]:
            assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]


def test_both_sides_filter_alike(fresh):
    """Random views, set from Python and from the browser, leave the same papers on both sides."""
    page = open_explorer(fresh, "alike", n=900)
    dice = random.Random(7)
    for _ in range(14):
        state = {
            "topics": dice.sample(range(60), dice.choice([0, 0, 5, 20])),
            "code": dice.sample(["linked", "claimed", "promised", "none"], dice.choice([0, 1, 3])),
            "kinds": dice.sample(["code", "data", "demo"], dice.choice([0, 0, 1])),
            "hosts": dice.sample(["host1.org", "host7.org", "other-hosts"], dice.choice([0, 0, 2])),
            "since": dice.choice([None, "2024-03-11", "2025-01-01"]),
            "until": dice.choice([None, "2025-06-30"]),
            "upvotes": dice.choice([None, 0, 120]),
            "words": dice.choice(["", "cave", 'lamp -cave "with care"', "ÉTUDE"]),
        }
        page.evaluate(
            """async ({ state, every }) => {
                const { explorer } = document.querySelector('.tk-explorer');
                const marks = every ? Uint8Array.from({ length: explorer.store.n },
                    (_, i) => Number(i % every === 0)) : null;
                explorer.change({ ...state, marks });
            }""",
            {"state": state, "every": dice.choice([0, 2, 30])},
        )
        page.wait_for_selector(f"{ROOT}:not([aria-busy])")
        page.wait_for_function("!document.querySelector('.tk-explorer').explorer.frame")
        assert settled(page) == shown(page), state
    fresh.run(page, "explorer.view = 'code=linked.&words='.replace('.', '')")
    page.wait_for_function(
        "document.querySelector('.tk-explorer').explorer.state.code.length === 1"
    )
    expected = fresh.ask(page, "len(explorer.selection)")
    wait_shown(page, expected)


def test_python_moves_the_view(fresh):
    page = open_explorer(fresh, "moves")
    fresh.run(page, "explorer.selection = papers.iloc[100:140]")
    wait_shown(page, 40)
    camera = page.evaluate("document.querySelector('.tk-explorer').explorer.state.camera")
    assert camera == fresh.ask(page, "explorer._state['camera']")
    assert camera[2] > 1
    inside = page.evaluate("document.querySelector('.tk-explorer').explorer.map.inFrame().length")
    assert inside >= 40
    fresh.run(
        page, "heard = []\nexplorer.observe(lambda c: heard.append(len(c['new'])), 'selection')"
    )
    fresh.run(page, "explorer.selected_topics = [3]")
    page.locator(f"{ROOT} .tk-chips button").first.wait_for()
    assert fresh.ask(page, "heard") == [0]
    fresh.run(page, "explorer.observe(lambda c: 1 / 0, 'selection')")
    page.get_by_role("button", name="Show all papers").click()
    page.get_by_text("The selection changed, but in Python: ZeroDivisionError").wait_for()
    wait_shown(page, 5680)
    # Lab reports the observer's error as well; that is where the traceback is.
    fresh.console.clear()


def test_everything_by_keyboard_and_lab_steals_no_key(fresh):
    page = open_explorer(fresh, "keys", n=600)
    cells, active = cell_count(page), active_cell(page)
    page.locator(f"{ROOT} .tk-ink").focus()
    for key in ["ArrowRight", "ArrowDown", "+", "-", "0", "b", "a", "x", "d", "d", "Space"]:
        page.keyboard.press(key)
    wait_shown(page, 1)
    page.keyboard.press("Escape")
    wait_shown(page, 600)
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    page.locator(f"{ROOT} .tk-reader h2").first.wait_for()
    page.keyboard.press("f")
    page.keyboard.press("t")
    page.wait_for_function(
        "document.querySelector('.tk-explorer').explorer.state.topics.length === 1"
    )
    page.keyboard.press("Escape")
    # Timeline: both ends move by arrow keys, and say where they are.
    page.get_by_role("button", name="Show all papers").press("Enter")
    wait_shown(page, 600)
    page.get_by_role("slider", name="First period shown").press("ArrowRight")
    page.wait_for_selector("[aria-label='First period shown'][aria-valuetext='Feb 2024']")
    page.get_by_role("slider", name="Last period shown").press("Home")
    page.wait_for_selector("[aria-label='Last period shown'][aria-valuenow='1']")
    page.get_by_role("slider", name="Last period shown").press("Escape")
    wait_shown(page, 600)
    # Table: rows by arrows, pages by PageDown, Space marks, Enter reads.
    rows = page.locator(f"{ROOT} tbody tr")
    rows.first.focus()
    for key in ["ArrowDown", "b", "ArrowDown", "PageDown", "ArrowDown", "Space"]:
        page.keyboard.press(key)
    wait_shown(page, 1)
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.matches('.tk-reader h2')")
    page.get_by_role("button", name="Show all papers").press("Space")
    # Options: one tab stop, arrows inside.
    options = page.get_by_role("listbox", name="Code status").get_by_role("option")
    options.first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    page.wait_for_selector(f"{ROOT} [role=option][aria-selected=true]")
    assert "code claimed" in page.locator(f"{ROOT} .tk-chips").text_content()
    assert page.evaluate("document.activeElement.getAttribute('role')") == "option"
    page.get_by_role("columnheader", name="Date").get_by_role("button").press("Enter")
    page.wait_for_selector(f"{ROOT} .tk-col-date[aria-sort='descending']")
    page.get_by_role("searchbox", name="Search papers").press_sequentially("cave dd b")
    assert (cell_count(page), active_cell(page)) == (cells, active)


def test_focus_is_seen_nothing_sticks_out_and_nothing_moves_unasked(fresh):
    page = open_explorer(fresh, "looks", n=300, reduced_motion="reduce")
    count, unseen = page.evaluate(UNSEEN)
    assert count > 25
    assert unseen == []
    for width in (600, 900, 1400):
        page.set_viewport_size({"width": width + 430, "height": 1000})
        page.wait_for_function(
            """(width) => Math.abs(document.querySelector('.tk-explorer').clientWidth - width) < 60
                && !document.querySelector('.tk-explorer').explorer.frame""",
            arg=width,
        )
        assert page.evaluate(STICKS_OUT) == []
    page.evaluate("document.querySelector('.tk-explorer').explorer.map.moveTo([0.2, 0.1, 3])")
    camera = page.evaluate("document.querySelector('.tk-explorer').explorer.state.camera")
    assert camera == [0.2, 0.1, 3]


def test_axe_finds_nothing(fresh, axe):
    page = open_explorer(fresh, "axe", n=900)
    page.locator(f"{ROOT} tbody tr").nth(1).click()
    page.locator(f"{ROOT} .tk-similar li").first.wait_for()
    page.get_by_role("button", name="Keep in basket").click()
    page.get_by_role("button", name="Take out of basket").wait_for()
    page.locator(f"{ROOT} .tk-edit summary").click()
    page.get_by_role("listbox", name="Topics").get_by_role("option").first.click()
    page.evaluate(axe)
    for theme in ("Dark", "Light"):
        fresh.set_theme(page, f"JupyterLab {theme}")
        page.wait_for_selector(f"{ROOT}[data-theme='{theme.lower()}']")
        for tab in ("Paper", "Basket (1)"):
            page.get_by_role("tab", name=tab).click()
            page.mouse.move(5, 5)
            page.wait_for_timeout(200)  # colours fade in 0.12 s; axe must see them as they stay
            assert page.evaluate(AXE) == []
    page.get_by_role("button", name="Take out: ").click()
    page.get_by_role("tab", name="Basket (0)").wait_for()


def test_hostile_text_is_text(fresh):
    page = open_explorer(fresh, "hostile", n=80, hostile=True)
    for row in range(6):
        page.locator(f"{ROOT} tbody tr").nth(row).click()
        page.locator(f"{ROOT} .tk-similar li").first.wait_for()
        page.locator(f"{ROOT} .tk-ink").hover(position={"x": 100 + 40 * row, "y": 150})
    assert (
        "<script>window.pwned = 1</script> on maps" in page.locator(f"{ROOT} tbody").text_content()
    )
    page.locator(f"{ROOT} tbody tr").nth(0).click()
    page.locator(f"{ROOT} .tk-links").wait_for()
    assert page.locator(f"{ROOT} .tk-links a").count() == 0
    page.get_by_role("button", name="Keep in basket").click()
    page.get_by_role("tab", name="Basket (1)").click()
    page.get_by_role("textbox", name="Note").fill("<img src=x onerror='window.pwned=7'>")
    page.get_by_role("tab", name="Paper").click()
    assert fresh.ask(page, "explorer.basket['note'].tolist()") == [
        "<img src=x onerror='window.pwned=7'>"
    ]
    fresh.run(page, "explorer.rename_topic(0, '<b onclick=x>bold</b>')")
    page.get_by_role("option", name="<b onclick=x>bold</b>").wait_for()
    fresh.run(page, "explorer.drop(papers['paper_id'][0])")
    inside = "script, img, iframe, b, [onclick], [onerror]"
    assert page.locator(f"{ROOT} :is({inside})").count() == 0
    assert page.evaluate("window.pwned") is None
    wide = page.evaluate(
        "(() => { const r = document.querySelector('.tk-explorer'); "
        "return r.scrollWidth - r.clientWidth; })()"
    )
    assert wide <= 0


def test_topics_are_edited_and_the_basket_kept_by_hand(fresh):
    page = open_explorer(fresh, "edit", n=400)
    topics = page.get_by_role("listbox", name="Topics")
    topics.get_by_role("option").nth(0).click()
    page.locator(f"{ROOT} .tk-edit summary").click()
    page.get_by_role("textbox", name="New name of the chosen topic").fill("deep caves")
    page.get_by_role("button", name="Rename").click()
    topics.get_by_role("option", name="deep caves").wait_for()
    assert fresh.ask(page, "explorer.topics.topics['label'][0]") == "deep caves"
    topics.get_by_role("option").nth(1).click()
    page.get_by_role("button", name="Merge").click()
    page.wait_for_function(
        "document.querySelector('.tk-explorer').explorer.store.topics.length === 59"
    )
    assert fresh.ask(page, "len(explorer.topics.topics)") == 59
    page.get_by_role("button", name="Undo").click()
    page.wait_for_function(
        "document.querySelector('.tk-explorer').explorer.store.topics.length === 60"
    )
    page.locator(f"{ROOT} tbody tr").nth(0).click()
    page.get_by_role("button", name="Keep in basket").click()
    page.get_by_role("tab", name="Basket (1)").click()
    page.get_by_role("textbox", name="Note").fill("read again")
    page.get_by_role("button", name="Take out: ").focus()
    assert fresh.ask(page, "explorer.basket['note'].tolist()") == ["read again"]
    page.get_by_role("button", name="Take out: ").click()
    page.get_by_role("tab", name="Basket (0)").wait_for()
    assert fresh.ask(page, "len(explorer.basket)") == 0


def test_search_by_words_and_by_meaning(fresh):
    page = open_explorer(
        fresh, "search", n=500, extra=", vectors=__import__('toolkit').embed(papers)"
    )
    page.get_by_role("searchbox", name="Search papers").fill('"number 17"')
    page.wait_for_selector(f"{ROOT}[data-searched='\"number 17\"']:not([aria-busy])")
    assert settled(page) == shown(page) == 11
    page.locator(f"{ROOT} .tk-filters select").select_option("meaning")
    wait_shown(page, 100)
    assert settled(page) == 100
    first = page.locator(f"{ROOT} tbody .tk-col-title").first.text_content()
    best = fresh.ask(
        page, "papers['title'][int(explorer.shelf.search('\"number 17\"', 'meaning')[0].argmax())]"
    )
    assert first != best
    page.get_by_role("searchbox", name="Search papers").fill("")
    wait_shown(page, 500)


def test_a_restarted_kernel_brings_the_view_back(fresh):
    cells = ["from pathlib import Path\nPath('view.txt').write_text(explorer.view)"]
    page = open_explorer(fresh, "restart", n=700)
    page.locator(f"{ROOT} tbody tr").nth(3).click()
    drag(page, ".tk-strip", (0.3, 0.5), (0.6, 0.5))
    drag(page, ".tk-ink", (0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.1, 0.9))
    number = settled(page)
    assert 0 < number < 700
    fresh.run(page, cells[0])
    open_paper = page.locator(f"{ROOT} .tk-reader h2").first.text_content()
    fresh.restart_kernel(page)
    # Without a kernel the four parts stay linked: brushing needs no Python.
    page.get_by_role("button", name="Show all papers").click()
    wait_shown(page, 700)
    page.close()
    view = ", view=open('view.txt').read()"
    page = open_explorer(fresh, "restarted", n=700, extra=view)
    wait_shown(page, number)
    assert page.locator(f"{ROOT} .tk-reader h2").first.text_content() == open_paper
    assert fresh.ask(page, "len(explorer.selection)") == number


def test_two_explorers_and_two_views_of_one(fresh):
    page = open_explorer(
        fresh,
        "two",
        n=300,
        cells=["other = Explorer(papers, topics, **more, basket='b.json')\nother", "explorer"],
    )
    page.wait_for_function("document.querySelectorAll('.tk-explorer[data-ready]').length === 3")
    first, second, again = (page.locator(ROOT).nth(i) for i in range(3))
    first.get_by_role("listbox", name="Code status").get_by_role("option").first.click()
    page.wait_for_function(
        "[...document.querySelectorAll('.tk-explorer')].map(e => e.dataset.shown)"
        ".every((n, i, all) => (i === 1 ? n === '300' : n === all[0] && n !== '300'))"
    )
    assert settled(page) == shown(page)
    assert fresh.ask(page, "[len(explorer.selection), len(other.selection)]") == [shown(page), 300]
    second.locator("tbody tr").first.click()
    second.locator(".tk-similar li").first.wait_for()
    assert first.locator(".tk-reader h2").count() == 0
    again.locator("tbody tr").first.click()
    again.locator(".tk-similar li").first.wait_for()
    first.locator(".tk-similar li").first.wait_for()


def test_seventy_seven_thousand_papers(fresh):
    page = open_explorer(fresh, "many", n=77_000)
    drag(page, ".tk-strip", (0.3, 0.5), (0.6, 0.5))
    assert settled(page) == shown(page)
    drag(page, ".tk-ink", (0.3, 0.3), (0.7, 0.3), (0.7, 0.7), (0.3, 0.7))
    assert 0 < settled(page) == shown(page) < 40_000
