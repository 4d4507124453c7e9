"""Dead pages that answer as living ones do, and living pages that look dead."""

from __future__ import annotations

import time

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented_pages import ALIVE, PAGES, page

from toolkit.linkcheck.page_text import read_page, to_markdown
from toolkit.linkcheck.pages import challenge, judge_page
from toolkit.linkcheck.rate_limits import Answer


def judged(url: str, final: str, status: int, headers: dict[str, str], html: str) -> str:
    shown = read_page(html.encode(), headers.get("content-type", ""))
    answer = Answer(final, status, httpx.Headers(headers), html.encode())
    if status >= 300:
        return "unknown" if challenge(answer, shown) else "alive"
    return judge_page(url, answer, shown).state


@pytest.mark.parametrize(
    ("state", "url", "final", "status", "headers", "html"),
    PAGES,
    ids=[f"{state}-{at}" for at, (state, *_) in enumerate(PAGES)],
)
def test_states_of_pages(state, url, final, status, headers, html) -> None:
    assert judged(url, final, status, headers, html) == state


def test_there_are_enough_and_both_kinds() -> None:
    assert len(PAGES) >= 80 and len(ALIVE) >= 40


def test_the_same_words_in_the_text_change_nothing() -> None:
    """Words anywhere on a page do not make it dead, however many."""
    words = "404 page not found; this domain is for sale; please sign in; coming soon. "
    for _, url, final, status, headers, html in [entry for entry in PAGES if entry[0] == "alive"]:
        if len(html) < 2500 or "content-type" in headers:
            continue
        more = html.replace("</p>", words * 3 + "</p>", 1)
        assert judged(url, final, status, headers, more) == "alive"


class TestReading:
    def test_what_is_shown(self) -> None:
        found = read_page(
            b"<TITLE>The &amp; oak</TITLE><!-- <h1>no</h1> --><script>var a = '<h1>no</h1>'"
            b"</script><style>h1 {}</style><h1>The <b>oak</b></h1>A tree.<noscript>no</noscript>"
        )
        assert found.title == "The & oak" and found.headings == ["The oak"]
        assert found.text == "The oak A tree."

    def test_where_it_leads(self) -> None:
        found = read_page(b"<meta http-equiv='Refresh' content='0; URL=\"/new\"'>")
        assert found.refresh == ("/new", 0.0)
        found = read_page(b'<meta content="5;url=https://x.org/a" http-equiv=refresh>')
        assert found.refresh == ("https://x.org/a", 5.0)
        assert read_page(b"<script>location.replace('/b')</script>").script_target == "/b"
        long = page("Oak", "", "word " * 200, more="<script>location.href='/b'</script>")
        assert read_page(long.encode()).script_target == ""

    def test_encodings(self) -> None:
        assert read_page("<title>Öl</title>".encode("latin-1"), "text/html; charset=iso-8859-1")
        told = "<meta charset=gbk><title>页面不存在</title>".encode("gbk")
        assert read_page(told).title == "页面不存在"
        assert (
            read_page(b"<meta charset=no-such><title>a\xff</title>").title
            == "a\N{REPLACEMENT CHARACTER}"
        )

    @given(st.text(max_size=300), st.sampled_from(["<title>", "<h1>", "<!--", "<script", "<meta "]))
    def test_any_text_is_read(self, text: str, mark: str) -> None:
        html = f"{mark}{text}</title>{text}"
        found = read_page(html.encode("utf-8", "replace"))
        answer = Answer("https://x.example/a", 200, httpx.Headers())
        assert judge_page("https://x.example/a", answer, found).state
        to_markdown(html)

    @pytest.mark.parametrize(
        "piece", ["<", "<script>", "<!--", "<title>", "<meta a=", "<h1>x", "not found ", "a=b " * 9,
                  "<a href='x'>", "the page ", "-| ", "domain.", "can't ",
                  "<h1>a.", "<input " + "a-" * 60,
              "<meta " + "a" * 90 + ">", "<h1>a.", "<input " + "a-" * 60],
    )  # fmt: skip
    def test_time_grows_with_length(self, piece: str) -> None:
        def used(n: int) -> float:
            body = ("<title>" + piece * n).encode()
            started = time.process_time()
            found = read_page(body)
            judge_page(
                "https://x.example/a", Answer("https://x.example/a", 200, httpx.Headers()), found
            )
            to_markdown(body.decode())
            return time.process_time() - started

        used(1000)
        short, long = used(20_000), used(80_000)
        assert long < 6 * short + 0.1

    @pytest.mark.parametrize(
        "odd", ["<" + " " * 50 + "h1>x", "< >", "<>", "</>", "<\n\n>", "<!-->"]
    )
    def test_odd_tags(self, odd: str) -> None:
        assert read_page(f"{odd}<title>Oak</title>".encode()).title in ("Oak", "")
        to_markdown(f"{odd}<p>Oak")

    def test_long_tags_cost_little(self) -> None:
        started = time.process_time()
        read_page(b"".join(b"<meta " + b"a" * 4000 + b">" for _ in range(16)))
        assert time.process_time() - started < 0.5

    def test_markdown_keeps_links_headings_and_badges(self) -> None:
        html = (
            '<article><h1>Oak</h1><p><a href="https://doi.org/10.5281/zenodo.1">'
            '<img src="https://camo.example/x" data-canonical-src="https://zenodo.org/badge/1.svg">'
            "</a></p><h2>Usage</h2><pre>python run.py\npython test.py</pre><ul><li>one</li></ul>"
        )
        assert to_markdown(html).split("\n") == [
            "# Oak",
            "[![](https://zenodo.org/badge/1.svg)](https://doi.org/10.5281/zenodo.1)",
            "## Usage",
            "python run.py",
            "python test.py",
            "one",
        ]
