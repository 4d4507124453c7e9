"""The explorer in a real JupyterLab, with mouse and keyboard, in a headless Chromium."""

from __future__ import annotations

import json
import random
import re

import pytest

from toolkit.explorer.basket import Basket

expect = pytest.importorskip("playwright.sync_api").expect
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
    return backend.rests && root.dataset.heardShown !== undefined && !explorer.frame
        && !root.hasAttribute('aria-busy');
}"""
UNSETTLED = """(nth) => {
    const { explorer } = document.querySelectorAll('.tk-explorer')[nth];
    const { backend, bar: { notice, fault } } = explorer;
    return [backend.pushing, backend.telling, backend.asked.size, backend.sent,
        JSON.stringify(explorer.wire()), notice.textContent, fault.textContent];
}"""
AS_WIDE = """(width) => {
    const { explorer } = document.querySelector('.tk-explorer');
    const { root, map, timeline } = explorer;
    return Math.abs(root.clientWidth - width) < 60 && !explorer.frame
        && map.width === map.frame.clientWidth
        && timeline.svg.getAttribute('width') === String(timeline.strip.clientWidth);
}"""
QUICK = """async ({ changes, code }) => {
    const { explorer } = document.querySelector('.tk-explorer');
    const app = window.jupyterapp;
    const { content } = app.shell.currentWidget;
    content.model.sharedModel.insertCell(content.model.cells.length, {
        cell_type: 'code', source: code, metadata: {} });
    content.activeCellIndex = content.model.cells.length - 1;
    const cell = app.commands.execute('notebook:run-cell');
    for (const change of changes) {
        explorer.change(change);
        await new Promise((done) => setTimeout(done, Math.random() * 40));
    }
    await cell;
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
    """Wait until Python has confirmed the last change and all is drawn; return its selection."""
    try:
        page.wait_for_function(SETTLED, arg=nth)
    except Exception as error:
        pytest.fail(f"Python does not answer: {page.evaluate(UNSETTLED, nth)}: {error}")
    return int(page.locator(ROOT).nth(nth).get_attribute("data-heard-shown"))


def part(page, selector):
    return page.locator(f"{ROOT} {selector}").first


def open_row(page, nth):
    """Open a paper by a click on its row; wait until its neighbours have come."""
    row = page.locator(f"{ROOT} tbody tr").nth(nth)
    title = row.locator(".tk-col-title").text_content()
    row.click()
    expect(part(page, ".tk-reader h2")).to_have_text(title)
    expect(page.locator(f"{ROOT} .tk-similar li")).not_to_have_count(0)


def wait_asked(page):
    """Wait until Python has answered all: its thread for widgets is not the one that runs cells."""
    page.wait_for_function(
        "document.querySelector('.tk-explorer').explorer.backend.asked.size === 0"
    )


def cell_count(page):
    return page.evaluate("window.jupyterapp.shell.currentWidget.content.model.cells.length")


def active_cell(page):
    return page.evaluate("window.jupyterapp.shell.currentWidget.content.activeCellIndex")


def test_brush_lasso_box_and_python_agree(fresh):
    page = open_explorer(fresh, "brush")
    assert shown(page) == 5680
    fresh.drag(page, part(page, ".tk-strip"), (0.3, 0.5), (0.6, 0.5))
    months = page.evaluate("document.querySelector('.tk-explorer').explorer.state.since")
    assert months.startswith("2024-")
    dated = shown(page)
    assert 0 < dated < 5680
    assert settled(page) == dated
    fresh.drag(page, part(page, ".tk-ink"), (0.2, 0.2), (0.8, 0.2), (0.8, 0.8), (0.2, 0.8))
    lassoed = shown(page)
    assert 0 < lassoed < dated
    assert settled(page) == lassoed
    page.get_by_role("button", name="Box").click()
    page.keyboard.down("Shift")
    fresh.drag(page, part(page, ".tk-ink"), (0.02, 0.02), (0.98, 0.98))
    page.keyboard.up("Shift")
    boxed = shown(page)
    assert lassoed < boxed <= dated
    assert settled(page) == boxed
    titles = fresh.ask(page, "explorer.selection['title'].head(3).tolist()")
    rows = page.locator(f"{ROOT} tbody .tk-col-title").all_text_contents()
    assert rows[:3] == titles
    said = f"{boxed:,} of 5,680 papers shown: from 2024-"
    expect(part(page, "[aria-live]")).to_contain_text(said)
    page.get_by_role("button", name="Show all papers").click()
    wait_shown(page, 5680)
    assert settled(page) == 5680
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
        assert settled(page) == shown(page), state
    fresh.run(page, "explorer.view = 'code=linked.&words='.replace('.', '')")
    page.wait_for_function(
        "document.querySelector('.tk-explorer').explorer.state.code.length === 1"
    )
    expected = fresh.ask(page, "len(explorer.selection)")
    wait_shown(page, expected)


def test_quick_changes_on_both_sides_at_once_end_alike(fresh):
    """A kernel that changes the view while somebody brushes: neither side may keep its own."""
    page = open_explorer(fresh, "atonce", n=900)
    code = "import time\nfor i in range(40):\n    explorer.selected_topics = [i % 60, 59]\n"
    code += "    explorer.view = explorer.view + '&upvotes=' + str(i)\n    time.sleep(0.01)"
    dice = random.Random(5)
    changes = [
        {
            "code": dice.sample(["linked", "claimed", "none"], dice.choice([0, 1, 2])),
            "hosts": dice.choice([[], ["host1.org", "other-hosts"]]),
            "since": dice.choice([None, "2024-05-11"]),
            "words": dice.choice(["", "cave", "star -bell"]),
        }
        for _ in range(80)
    ]
    page.evaluate(QUICK, {"changes": changes, "code": code})
    settled(page)
    for nth in range(3):
        fresh.run(page, f"explorer.selected_topics = [{nth}]")
        fresh.ask(page, "1")
    # What Python said last has been drawn when an answer to a later question has come.
    page.wait_for_function(
        """() => document.querySelector('.tk-explorer').explorer.state.topics.join() === '2'"""
    )
    count = settled(page)
    mine = page.evaluate("document.querySelector('.tk-explorer').explorer.wire()")
    theirs = fresh.ask(page, "{k: v for k, v in explorer._state.items() if k != 'by'}")
    assert mine == theirs
    assert shown(page) == count == fresh.ask(page, "len(explorer.selection)")


def test_python_moves_the_view(fresh):
    page = open_explorer(fresh, "moves")
    fresh.run(page, "explorer.selection = papers.iloc[100:140]")
    wait_shown(page, 40)
    camera = page.evaluate("document.querySelector('.tk-explorer').explorer.state.camera")
    assert camera == fresh.ask(page, "explorer._state['camera']")
    assert camera[2] > 1
    inside = page.evaluate(
        "document.querySelector('.tk-explorer').explorer.map.pointer.inFrame().length"
    )
    assert inside >= 40
    fresh.run(
        page, "heard = []\nexplorer.observe(lambda c: heard.append(len(c['new'])), 'selection')"
    )
    fresh.run(page, "explorer.selected_topics = [3]")
    page.locator(f"{ROOT} .tk-chips button").first.wait_for()
    assert fresh.ask(page, "heard") == [0]
    # Lab reports the observer's error as well; that is where the traceback is.
    fresh.forgiven.append("ZeroDivisionError")
    fresh.run(page, "explorer.observe(lambda c: 1 / 0, 'selection')")
    page.get_by_role("button", name="Show all papers").click()
    page.get_by_text("Python could not update the selection: ZeroDivisionError").wait_for()
    wait_shown(page, 5680)


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
    # At once, before the next frame: the next key may follow.
    assert page.evaluate("document.activeElement.matches('.tk-reader h2')")
    page.get_by_role("button", name="Show all papers").press("Space")
    wait_shown(page, 600)
    expect(part(page, ".tk-total")).to_be_focused()
    # Options: one tab stop, arrows inside.
    options = page.get_by_role("listbox", name="Code status").get_by_role("option")
    options.first.focus()
    for key in ["Space", "ArrowDown", "Space", "ArrowDown", "Space", "Space"]:
        page.keyboard.press(key)
    expect(part(page, ".tk-chips")).to_contain_text("code linked or claimed ✕")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "option"
    part(page, ".tk-chips button").press("Enter")
    wait_shown(page, 600)
    expect(part(page, ".tk-total")).to_be_focused()
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
        page.wait_for_function(AS_WIDE, arg=width)
        assert page.evaluate(STICKS_OUT) == []
    page.evaluate("document.querySelector('.tk-explorer').explorer.map.moveTo([0.2, 0.1, 3])")
    camera = page.evaluate("document.querySelector('.tk-explorer').explorer.state.camera")
    assert camera == [0.2, 0.1, 3]


def test_axe_finds_nothing(fresh, axe):
    # Without motion no colour fades: axe sees them as they stay.
    page = open_explorer(fresh, "axe", n=900, reduced_motion="reduce")
    open_row(page, 1)
    page.get_by_role("button", name="Add to basket").click()
    page.get_by_role("button", name="Remove from basket").wait_for()
    page.locator(f"{ROOT} .tk-edit summary").click()
    page.get_by_role("listbox", name="Topics").get_by_role("option").first.click()
    page.evaluate(axe)
    for theme in ("Dark", "Light"):
        fresh.set_theme(page, f"JupyterLab {theme}")
        page.wait_for_selector(f"{ROOT}[data-theme='{theme.lower()}']")
        for tab in ("Paper", "Basket (1)"):
            page.get_by_role("tab", name=tab).click()
            page.mouse.move(5, 5)
            assert page.evaluate(AXE) == []
    page.get_by_role("button", name="Remove: ").click()
    page.get_by_role("tab", name="Basket (0)").wait_for()


def test_hostile_text_is_text(fresh):
    page = open_explorer(fresh, "hostile", n=80, hostile=True)
    for row in range(6):
        open_row(page, row)
        page.locator(f"{ROOT} .tk-ink").hover(position={"x": 100 + 40 * row, "y": 150})
    expect(part(page, "tbody")).to_contain_text("<script>window.pwned = 1</script> on maps")
    open_row(page, 0)
    part(page, ".tk-links").wait_for()
    assert page.locator(f"{ROOT} .tk-links a").count() == 0
    page.get_by_role("button", name="Add to basket").click()
    page.get_by_role("tab", name="Basket (1)").click()
    page.get_by_role("textbox", name="Note").fill("<img src=x onerror='window.pwned=7'>")
    page.get_by_role("tab", name="Paper").click()
    wait_asked(page)
    assert fresh.ask(page, "explorer.basket['note'].tolist()") == [
        "<img src=x onerror='window.pwned=7'>"
    ]
    fresh.run(page, "explorer.rename_topic(0, '<b onclick=x>bold</b>')")
    page.get_by_role("option", name="<b onclick=x>bold</b>").wait_for()
    fresh.run(page, "explorer.drop(papers['paper_id'][0])")
    page.get_by_role("tab", name="Basket (0)").wait_for()
    inside = "script, img, iframe, b, [onclick], [onerror]"
    assert page.locator(f"{ROOT} :is({inside})").count() == 0
    assert page.evaluate("window.pwned") is None
    wide = page.evaluate(
        "(() => { const r = document.querySelector('.tk-explorer'); "
        "return r.scrollWidth - r.clientWidth; })()"
    )
    assert wide <= 0


def wait_topics(page, count):
    """Wait until the explorer has so many topics."""
    page.wait_for_function(
        f"document.querySelector('.tk-explorer').explorer.store.topics.length === {count}"
    )


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
    wait_topics(page, 59)
    assert fresh.ask(page, "len(explorer.topics.topics)") == 59
    page.get_by_role("button", name="Undo").click()
    wait_topics(page, 60)
    page.get_by_role("button", name="Redo").click()
    wait_topics(page, 59)
    topics.get_by_role("option").nth(3).click()
    page.get_by_role("button", name="Drop", exact=True).click()
    wait_topics(page, 57)
    assert fresh.ask(page, "len(explorer.topics.topics)") == 57
    # By keys as by buttons: both topics that were dropped, then the two that were merged.
    part(page, ".tk-ink").focus()
    page.keyboard.press("Control+z")
    wait_topics(page, 59)
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    wait_topics(page, 60)
    open_row(page, 0)
    page.get_by_role("button", name="Add to basket").click()
    page.get_by_role("tab", name="Basket (1)").click()
    page.get_by_role("textbox", name="Note").fill("read again")
    page.get_by_role("button", name="Remove: ").focus()
    wait_asked(page)
    assert fresh.ask(page, "explorer.basket['note'].tolist()") == ["read again"]
    page.get_by_role("button", name="Remove: ").click()
    page.get_by_role("tab", name="Basket (0)").wait_for()
    assert fresh.ask(page, "len(explorer.basket)") == 0
    # Another process keeps a paper: seen when the reader comes back to the page, or to the basket.
    Basket(fresh.folder / "basket.json").keep("doi:10.1/x", "From elsewhere")
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    page.get_by_role("tab", name="Basket (1)").wait_for()


def test_search_by_words_and_by_meaning(fresh):
    page = open_explorer(
        fresh, "search", n=500, extra=", vectors=__import__('toolkit').embed(papers)"
    )
    page.get_by_role("searchbox", name="Search papers").fill('"number 17"')
    page.wait_for_selector(f"{ROOT}[data-searched='\"number 17\"']:not([aria-busy])")
    # A phrase is whole words: not number 170.
    assert settled(page) == shown(page) == 1
    page.locator(f"{ROOT} .tk-filters select").select_option("meaning")
    expect(part(page, "tbody")).to_contain_text("No paper speaks of that.")
    assert settled(page) == 0
    # A lower threshold lets more pass, the nearest first.
    page.get_by_role("slider", name="score from").fill("0")
    page.wait_for_selector(f"{ROOT}:not([data-shown='0']):not([aria-busy])")
    near = shown(page)
    assert settled(page) == near > 1
    first = page.locator(f"{ROOT} tbody .tk-col-title").first.text_content()
    found = "explorer.search_rows('\"number 17\"', 'meaning', 0)"
    assert first == fresh.ask(page, f"papers['title'][int({found}.scores.argmax())]")
    page.get_by_role("searchbox", name="Search papers").fill("")
    wait_shown(page, 500)


def test_a_restarted_kernel_is_told_and_the_view_comes_back(fresh):
    page = open_explorer(fresh, "restart", n=700)
    open_row(page, 3)
    open_paper = part(page, ".tk-reader h2").text_content()
    fresh.drag(page, part(page, ".tk-strip"), (0.3, 0.5), (0.6, 0.5))
    fresh.drag(page, part(page, ".tk-ink"), (0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.1, 0.9))
    number = settled(page)
    assert 0 < number < 700
    assert json.loads(page.evaluate("document.querySelector('.tk-explorer').explorer.backend.sent"))
    view = fresh.ask(page, "explorer.view")
    fresh.restart_kernel(page)
    expect(part(page, ".tk-notice")).to_contain_text("Run the notebook's cells again")
    code = page.get_by_label("Code for a new explorer with this view").input_value()
    # Without a kernel the four parts stay linked: brushing needs no Python; texts do.
    page.get_by_role("button", name="Show all papers").click()
    wait_shown(page, 700)
    page.locator(f"{ROOT} tbody tr").nth(5).click()
    expect(part(page, ".tk-body [role=alert]")).to_contain_text("Run the notebook's cells again")
    # The code on show starts a new explorer where the old one was.
    page.close()
    assert code.startswith('Explorer(papers, topics, view="') and code.endswith('")')
    given = code.removeprefix('Explorer(papers, topics, view="').removesuffix('")')
    page = open_explorer(fresh, "restarted", n=700, extra=f", view={given!r}")
    wait_shown(page, number)
    assert part(page, ".tk-reader h2").text_content() == open_paper
    assert fresh.ask(page, "len(explorer.selection)") == number
    fresh.run(page, f"explorer.view = ''; explorer.view = {view!r}")
    assert fresh.ask(page, "len(explorer.selection)") == number


def test_a_silent_kernel_is_named_and_told_again(fresh):
    page = open_explorer(fresh, "silent", n=300)
    page.evaluate(
        """() => {
            const { model } = document.querySelector('.tk-explorer').explorer.backend;
            const { send } = model;
            Object.assign(model, { send: () => {}, heal: () => { model.send = send; } });
        }"""
    )
    page.get_by_role("listbox", name="Code status").get_by_role("option").first.click()
    expect(part(page, ".tk-notice")).to_contain_text("Python has not answered for a while")
    # Once messages get through again, the state is told anew and the notice goes.
    page.evaluate("document.querySelector('.tk-explorer').explorer.backend.model.heal()")
    assert settled(page) == shown(page) < 300
    expect(part(page, ".tk-notice")).to_be_hidden()


def test_a_notebook_opened_again_says_how_to_get_the_explorer_back(fresh):
    page = open_explorer(fresh, "asleep", n=60)
    expect(page.locator(".tk-disconnected")).to_be_hidden()
    page.evaluate("window.jupyterapp.commands.execute('docmanager:save')")
    fresh.close_pages()
    fresh.forgiven.append("widget model not found")
    page = fresh.open_notebook("asleep.ipynb")
    expect(page.locator(".tk-disconnected")).to_contain_text("Run the cells of this notebook")
    expect(page.locator(".tk-disconnected")).to_be_visible()
    # Nothing else stands in the explorer's place, neither before the kernel has started nor after.
    fresh.ask(page, "1")
    said = page.locator(".jp-CodeCell").nth(1).locator(".jp-OutputArea-child:visible")
    expect(said).to_have_count(1)
    expect(
        page.locator(".jp-OutputArea", has=page.locator(".tk-disconnected"))
    ).not_to_contain_text(re.compile("widget", re.IGNORECASE), use_inner_text=True)


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
    expect(second.locator(".tk-similar li")).not_to_have_count(0)
    expect(first.locator(".tk-reader h2")).to_contain_text("papers shown")
    again.locator("tbody tr").first.click()
    expect(again.locator(".tk-similar li")).not_to_have_count(0)
    expect(first.locator(".tk-similar li")).not_to_have_count(0)


def test_seventy_seven_thousand_papers(fresh):
    page = open_explorer(fresh, "many", n=77_000)
    fresh.drag(page, part(page, ".tk-strip"), (0.3, 0.5), (0.6, 0.5))
    assert settled(page) == shown(page)
    fresh.drag(page, part(page, ".tk-ink"), (0.3, 0.3), (0.7, 0.3), (0.7, 0.7), (0.3, 0.7))
    assert 0 < settled(page) == shown(page) < 40_000
