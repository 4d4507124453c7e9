"""The standalone page, opened from a file URL with nothing else at hand."""

from __future__ import annotations

import csv
import random
import re
import time
from pathlib import Path

import pytest
from PIL import Image
from planted import HOSTILE, plant

from toolkit.embedding import embed
from toolkit.explorer import Explorer

expect = pytest.importorskip("playwright.sync_api").expect
pytestmark = pytest.mark.browser

ROOT = ".tk-explorer"


def open_page(lab, path, *, fragment="", **options):
    page = lab.new_page(**options)
    page.goto(f"file://{path}{fragment}")
    page.wait_for_selector(f"{ROOT}[data-ready][data-labels]:not([aria-busy])")
    return page


def open_row(page, nth):
    row = page.locator(f"{ROOT} tbody tr").nth(nth)
    title = row.locator(".tk-col-title").text_content()
    row.click()
    expect(page.locator(f"{ROOT} .tk-reader h2")).to_have_text(title)
    expect(page.locator(f"{ROOT} .tk-similar li")).not_to_have_count(0)


@pytest.fixture(scope="module")
def planted():
    return plant(1200)


@pytest.fixture(scope="module")
def explorer(planted, tmp_path_factory):
    papers, topics, more = planted
    return Explorer(papers, topics, **more, basket=tmp_path_factory.mktemp("b") / "b.json")


def test_all_parts_work_without_python(fresh, explorer, tmp_path):
    explorer.view = ""
    page = open_page(fresh, explorer.to_html(tmp_path / "page.html", title="Maps & <caves>"))
    assert page.title() == "Maps & <caves>"
    assert page.locator(ROOT).get_attribute("data-shown") == "1200"
    open_row(page, 2)
    near = page.locator(f"{ROOT} .tk-similar button").first
    title = near.text_content()
    near.click()
    expect(page.locator(f"{ROOT} .tk-reader h2")).to_have_text(title)
    expect(page.locator(f"{ROOT} .tk-body")).to_contain_text("We study")
    expect(page.locator(f"{ROOT} .tk-reader")).not_to_contain_text("null")
    ink = page.locator(f"{ROOT} .tk-ink")
    fresh.drag(page, ink, (0.2, 0.2), (0.8, 0.2), (0.8, 0.8), (0.2, 0.8))
    page.wait_for_selector(f"{ROOT}:not([data-shown='1200'])")
    shown = int(page.locator(ROOT).get_attribute("data-shown"))
    assert 0 < shown < 1200
    # The address holds the view: opened again, the page shows the same.
    page.wait_for_url(re.compile("marks="))
    again = open_page(fresh, tmp_path / "page.html", fragment=page.evaluate("location.hash"))
    expect(again.locator(ROOT)).to_have_attribute("data-shown", str(shown))


def test_page_and_python_filter_alike(fresh, explorer, tmp_path):
    explorer.view = ""
    path = explorer.to_html(tmp_path / "page.html")
    dice = random.Random(3)
    page = open_page(fresh, path)
    for _ in range(8):
        parts = {
            "code": dice.choice(["", "linked", "none claimed"]),
            "hosts": dice.choice(["", "host3.org", "other-hosts"]),
            "kinds": dice.choice(["", "data"]),
            "since": dice.choice(["", "2024-06-01"]),
            "upvotes": dice.choice(["", "100"]),
            "words": dice.choice(["", "cave", "star -bell", '"with care"', "CAVÉ"]),
        }
        explorer.view = "&".join(f"{name}={value}" for name, value in parts.items() if value)
        page.goto("about:blank")
        page.goto(f"file://{path}#{explorer.view}")
        page.wait_for_selector(f"{ROOT}[data-ready]:not([aria-busy])")
        expect(page.locator(ROOT)).to_have_attribute("data-shown", str(len(explorer.selection)))


def test_the_view_of_the_notebook_goes_along(fresh, explorer, planted, tmp_path):
    explorer.view = ""
    explorer.selection = planted[0].iloc[10:60]
    page = open_page(fresh, explorer.to_html(tmp_path / "page.html"))
    expect(page.locator(ROOT)).to_have_attribute("data-shown", "50")
    # A page cannot search by meaning: the papers found go along as marked ones.
    papers, topics, more = planted
    near = Explorer(papers, topics, **more, vectors=embed(papers), basket=tmp_path / "b.json")
    near.view = "words=deep+caves&mode=meaning"
    page = open_page(fresh, near.to_html(tmp_path / "near.html"))
    expect(page.locator(ROOT)).to_have_attribute("data-shown", str(len(near.selection)))


def test_hostile_text_and_no_prose(fresh, tmp_path):
    papers, topics, more = plant(60, hostile=True)
    explorer = Explorer(papers, topics, **more, basket=tmp_path / "b.json")
    path = explorer.to_html(tmp_path / "page.html", title=HOSTILE[2], prose=False)
    source = path.read_text()
    assert source.count("<script") == 2
    assert "We study" not in source
    page = open_page(fresh, path)
    for row in range(6):
        open_row(page, row)
    open_row(page, 0)
    page.locator(f"{ROOT} .tk-links").wait_for()
    assert page.locator(f"{ROOT} .tk-links a").count() == 0
    assert page.locator(f"{ROOT} .tk-terms span").count() > 2
    assert page.evaluate("window.pwned") is None
    assert page.locator(f"{ROOT} :is(script, img, iframe)").count() == 0


def test_the_policy_lets_nothing_else_run(fresh, explorer, tmp_path):
    """Even script that somebody smuggles into the finished page does not run."""
    explorer.view = ""
    path = explorer.to_html(tmp_path / "page.html")
    smuggled = "<main><script>window.pwned = 1</script><img src=x onerror='window.pwned = 2'>"
    path.write_text(path.read_text().replace("<main>", smuggled, 1))
    page = open_page(fresh, path)
    assert page.evaluate("window.pwned") is None
    # The browser reports each refusal when it gets round to it.
    until = time.monotonic() + 60
    while len(fresh.console) < 2 and time.monotonic() < until:
        page.wait_for_timeout(50)
    refused = [text for text in fresh.console if "Content Security Policy" in text]
    assert len(refused) >= 2
    assert len(refused) == len(fresh.console)
    fresh.close_pages()
    fresh.console.clear()
    fresh.foreign.clear()


def test_a_damaged_page_says_so(fresh, explorer, tmp_path):
    path = explorer.to_html(tmp_path / "page.html")
    path.write_text(re.sub(r'(type="text/plain">.{2000}).{300}', r"\1", path.read_text()))
    page = fresh.new_page()
    page.goto(f"file://{path}")
    page.get_by_text("This page is damaged").wait_for()


def test_the_map_has_one_scale_and_labels_apart(fresh, explorer, tmp_path):
    explorer.view = ""
    page = open_page(fresh, explorer.to_html(tmp_path / "page.html"))
    x, y, labels, dots = page.evaluate(
        """() => {
            const { map, store } = document.querySelector('.tk-explorer').explorer;
            const far = (values) => values.indexOf(Math.max(...values));
            const [a, b] = [far(store.x), far(store.y)];
            const of = (axis) => (axis ? store.y : store.x);
            const scale = (axis, row, from) =>
                Math.abs((map.place(row)[axis] - map.place(from)[axis])
                    / (of(axis)[row] - of(axis)[from]));
            return [scale(0, a, b), scale(1, b, a), map.labels,
                map.layer.canvas.getContext('2d') !== null];
        }"""
    )
    assert x == pytest.approx(y, rel=1e-6)
    assert dots
    assert len(labels) > 5
    for i, a in enumerate(labels):
        for b in labels[:i]:
            assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]


def test_back_undo_and_the_basket_of_the_page(fresh, explorer, tmp_path):
    explorer.view = ""
    path = explorer.to_html(tmp_path / "page.html")
    page = open_page(fresh, path)
    root = page.locator(ROOT)
    options = page.get_by_role("listbox", name="Code status").get_by_role("option")
    options.nth(0).click()
    page.wait_for_url(re.compile("code=linked$"))
    one = root.get_attribute("data-shown")
    options.nth(1).click()
    page.wait_for_url(re.compile("code=linked.claimed$"))
    page.go_back()
    expect(root).to_have_attribute("data-shown", one)
    page.go_back()
    expect(root).to_have_attribute("data-shown", "1200")
    # Ctrl+Z takes back what the hand did, one filter at a time.
    options.nth(0).click()
    expect(root).to_have_attribute("data-shown", one)
    page.wait_for_timeout(1300)
    options.nth(1).click()
    expect(root).not_to_have_attribute("data-shown", one)
    page.keyboard.press("Control+z")
    expect(root).to_have_attribute("data-shown", one)
    page.keyboard.press("Control+z")
    expect(root).to_have_attribute("data-shown", "1200")
    # Once more what was taken back, until something else is done.
    page.keyboard.press("Control+Shift+z")
    expect(root).to_have_attribute("data-shown", one)
    page.keyboard.press("Control+y")
    expect(root).not_to_have_attribute("data-shown", one)
    page.keyboard.press("Control+z")
    options.nth(2).click()
    expect(root).not_to_have_attribute("data-shown", one)
    now = root.get_attribute("data-shown")
    page.keyboard.press("Control+y")
    expect(root).to_have_attribute("data-shown", now)
    page.keyboard.press("Control+z")
    expect(root).to_have_attribute("data-shown", one)
    page.keyboard.press("Control+z")
    expect(root).to_have_attribute("data-shown", "1200")
    open_row(page, 3)
    title = page.locator(f"{ROOT} .tk-reader h2").text_content()
    page.get_by_role("button", name="Copy BibTeX").click()
    expect(page.get_by_role("textbox", name="Citation")).to_have_value(re.compile("^@"))
    page.get_by_role("button", name="Add to basket").click()
    page.get_by_role("tab", name="Basket (1)").click()
    page.get_by_role("textbox", name="Note").fill('=cmd "read" <b>')
    with page.expect_download() as saved:
        page.get_by_role("button", name="Export").click()
    assert saved.value.suggested_filename == "basket.md"
    text = Path(saved.value.path()).read_text(encoding="utf-8")
    assert title in text and "<b>" not in text.replace("\\<b\\>", "")
    page.get_by_role("combobox", name="Format").select_option("csv")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Export").click()
    lines = Path(saved.value.path()).read_text(encoding="utf-8-sig").splitlines()
    cells = next(csv.reader(lines[1:]))
    assert cells[1:] == [title, cells[2], '\'=cmd "read" <b>']
    page.reload()
    page.get_by_role("tab", name="Basket (1)").wait_for()


def test_the_link_that_is_copied_opens_the_view(fresh, explorer, tmp_path):
    explorer.view = ""
    path = explorer.to_html(tmp_path / "page.html")
    page = open_page(fresh, path)
    page.evaluate(
        """Object.defineProperty(navigator, 'clipboard',
            { value: { writeText: async (text) => { window.copied = text; } } })"""
    )
    page.get_by_role("listbox", name="Code status").get_by_role("option").first.click()
    shown = page.locator(ROOT).get_attribute("data-shown")
    assert shown != "1200"
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("button", name="Link copied")).to_be_visible()
    address = page.evaluate("window.copied")
    assert address.startswith(f"file://{path}#")
    again = open_page(fresh, path, fragment="#" + address.split("#", 1)[1])
    assert again.locator(ROOT).get_attribute("data-shown") == shown
    # Where the browser does not let pages copy, the address is to be read.
    again.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    again.get_by_role("button", name="Copy link").click()
    expect(again.locator(f"{ROOT} .tk-notice")).to_contain_text(address)


def test_a_colleague_gets_the_newest_papers_a_picture_and_a_list(fresh, explorer, tmp_path):
    explorer.view = ""
    page = open_page(fresh, explorer.to_html(tmp_path / "page.html", title="Caves"))
    theme = page.locator(f"{ROOT} .tk-legend button").first
    name, papers = re.fullmatch(r"(.*?)([\d,]+)", theme.text_content()).groups()
    theme.click()
    expect(theme).to_have_attribute("aria-pressed", "true")
    expect(page.locator(ROOT)).to_have_attribute("data-shown", papers.replace(",", ""))
    expect(page.locator(f"{ROOT} .tk-chips")).to_contain_text(f"theme {name}")
    shown = explorer.data.papers.iloc[
        page.evaluate("Array.from(document.querySelector('.tk-explorer').explorer.linked.shown)")
    ]
    newest = page.locator(f"{ROOT} .tk-paper .tk-newest li").first
    assert newest.text_content().endswith(f" {shown['published'].max():%Y-%m-%d}")
    title = newest.locator("button").text_content()
    newest.locator("button").click()
    expect(page.locator(f"{ROOT} .tk-reader h2")).to_have_text(title)
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save picture").click()
    with Image.open(saved.value.path()) as picture:
        assert picture.format == "PNG"
        box = page.locator(f"{ROOT} .tk-frame").bounding_box()
        assert picture.size[0] == 2 * round(box["width"])
        assert picture.size[1] > 2 * box["height"]
        assert len(picture.convert("RGB").getcolors(10**7)) > 500
    page.locator(f"{ROOT} .tk-pager summary", has_text="Save list").click()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Markdown").click()
    assert saved.value.suggested_filename == "papers.md"
    lines = Path(saved.value.path()).read_text().splitlines()
    assert len(lines) == len(shown) and sum(title in line for line in lines) >= 1
    page.get_by_role("button", name="Close").click()
    expect(page.locator(f"{ROOT} .tk-reader h2")).to_have_text(f"{papers} of 1,200 papers shown")
    theme.click()
    expect(page.locator(ROOT)).to_have_attribute("data-shown", "1200")


STATE = """async () => {
    for (let i = 0; i < 2; i++) await new Promise(requestAnimationFrame);
    const { explorer } = document.querySelector('.tk-explorer');
    const { map, state } = explorer;
    return { shown: map.scene.shown.length, named: map.labelling.texts, camera: map.camera,
        state: JSON.stringify([state.topics, state.camera]),
        said: document.querySelector('dialog h2')?.textContent };
}"""


@pytest.mark.parametrize("screen", [True, False])
def test_a_class_is_shown_themes_and_topics_by_keys(fresh, explorer, tmp_path, screen):
    explorer.view = "code=linked"
    page = open_page(fresh, explorer.to_html(tmp_path / "page.html"), reduced_motion="reduce")
    if not screen:
        # As in a frame that may not use the full screen.
        page.evaluate(
            "() => { Element.prototype.requestFullscreen = () => Promise.reject(new Error('no')); }"
        )
    before = page.evaluate(STATE)
    present = page.get_by_role("button", name="Present")
    present.focus()
    page.keyboard.press("Enter")
    talk = page.get_by_role("dialog")
    heading = talk.get_by_role("heading")
    expect(heading).to_be_focused()
    expect(heading).to_have_text(f"{before['shown']:,} papers")
    assert page.evaluate("Boolean(document.fullscreenElement)") is screen
    for hidden in (".tk-filters", ".tk-table", ".tk-reader", ".tk-timeline", ".tk-tools"):
        box = page.locator(f"{ROOT} {hidden}").bounding_box()
        over = page.evaluate(
            "({ x, y }) => Boolean(document.elementFromPoint(x + 5, y + 5)?.closest('dialog'))", box
        )
        assert over or box["y"] > page.viewport_size["height"]
    whole = page.evaluate(STATE)
    assert whole["shown"] == before["shown"] and whole["named"]
    # The legend has the themes with their papers: the first slide is of the largest.
    themes = page.locator(f"{ROOT} .tk-legend button").all_text_contents()
    page.keyboard.press("ArrowRight")
    first = page.evaluate(STATE)
    assert f"{heading.text_content()}{first['shown']}" in [t.replace(",", "") for t in themes]
    assert first["shown"] == max(int(re.sub(r"^.*\D", "", t.replace(",", ""))) for t in themes)
    assert first["camera"] != whole["camera"]
    page.keyboard.press("ArrowDown")
    topic = page.evaluate(STATE)
    assert 0 < topic["shown"] < first["shown"] and len(topic["named"]) == 1
    assert heading.text_content().startswith(topic["named"][0])
    page.keyboard.press("PageDown")
    assert page.evaluate(STATE)["said"] != topic["said"]
    page.keyboard.press("PageUp")
    page.keyboard.press("ArrowUp")
    assert page.evaluate(STATE)["shown"] == first["shown"]
    # Letters have at least 20 pixels, also those on the map.
    big = page.evaluate(
        "parseFloat(getComputedStyle(document.querySelector('.tk-slide h2')).fontSize)"
    )
    assert big >= 28
    assert page.evaluate("document.querySelector('.tk-explorer').explorer.map.slide.scale") >= 1.2
    # A button keeps Space for itself.
    talk.get_by_role("button", name="Previous").focus()
    page.keyboard.press("Space")
    expect(heading).to_have_text(f"{before['shown']:,} papers")
    page.keyboard.press("Escape")
    expect(talk).to_have_count(0)
    expect(present).to_be_focused()
    assert page.evaluate("document.fullscreenElement") is None
    after = page.evaluate(STATE)
    assert after["state"] == before["state"] and after["shown"] == before["shown"]
    assert after["named"] == before["named"]
    expect(page.locator(f"{ROOT} .tk-ink")).to_be_visible()


@pytest.mark.parametrize("width", [700, 1600])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_a_presentation(fresh, axe, explorer, tmp_path, scheme, width):
    explorer.view = ""
    page = open_page(
        fresh, explorer.to_html(tmp_path / "page.html"), color_scheme=scheme, bypass_csp=True,
        reduced_motion="reduce", width=width,
    )  # fmt: skip
    page.get_by_role("button", name="Present").click()
    page.evaluate(axe)
    for key in ("Home", "ArrowRight", "ArrowDown"):
        page.keyboard.press(key)
        found = page.evaluate(
            """async () => (await axe.run()).violations.map(({ id, nodes }) =>
                [id, nodes.map(({ html }) => html.slice(0, 200))])"""
        )
        assert found == []
        sticks = page.evaluate("""() => [...document.querySelectorAll('dialog *')].filter((node) =>
            node.getBoundingClientRect().right > innerWidth + 1).map((node) => node.className)""")
        assert sticks == []


@pytest.mark.parametrize("width", [700, 1600])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(fresh, axe, explorer, tmp_path, scheme, width):
    explorer.view = "code=linked&colour=date"
    path = explorer.to_html(tmp_path / "page.html")
    # Without motion no colour fades: axe sees them as they stay.
    page = open_page(
        fresh, path, color_scheme=scheme, bypass_csp=True, reduced_motion="reduce",
        width=width,
    )  # fmt: skip
    for fold in page.locator(f"{ROOT} details summary").all():
        fold.click()
    open_row(page, 1)
    expect(page.locator(ROOT)).to_have_attribute("data-theme", scheme)
    page.evaluate(axe)
    page.mouse.move(2, 2)
    found = page.evaluate(
        """async () => (await axe.run()).violations.map(({ id, nodes }) =>
            [id, nodes.map(({ html }) => html.slice(0, 200))])"""
    )
    assert found == []
