from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.claims.url_repair import repair_urls
from toolkit.claims.url_targets import url_target
from toolkit.claims.urls import find_urls


def urls(text: str) -> list[str]:
    return [found.url for found in find_urls(repair_urls(text))]


REPO = "https://github.com/Lantern/Oak_2"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("at http://a.org/software/.3 https://b.org.", ["http://a.org/software/", "https://b.org"]),
        ("(https://a.org/x%20and%20 https://b.org)", ["https://a.org/x", "https://b.org"]),
        ("https://a.org/x%20and%20y", ["https://a.org/x%20and%20y"]),
    ],
)
def test_what_stands_after_an_address_is_not_in_it(text: str, found: list[str]):
    assert urls(text) == found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"Code: {REPO}.", [REPO]),
        (f"Code ({REPO}), please.", [REPO]),
        (f'"{REPO}"', [REPO]),
        (rf"at \url{{{REPO}}}.", [REPO]),
        (f"at url{{{REPO}}}.", [REPO]),
        (r"at https://github.com/Lantern/Oak\_2", [REPO]),
        (f"at~{REPO}.", [REPO]),
        (f"at {REPO}{{this https URL}}.", [REPO]),
        (f"at {REPO}{{{REPO}}}.", [REPO]),
        (f"at {REPO}{{blue{{{REPO}}}}}.", [REPO]),
        (rf"\href{{{REPO}}}{{our repository}} holds it", [REPO]),
        (f"[code]({REPO})", [REPO]),
        (f"[{REPO}]({REPO})", [REPO]),
        ("at github.com/Lantern/Oak_2.", [REPO]),
        ("at www.lantern.org/oak", ["https://www.lantern.org/oak"]),
        ("page: lantern-oak.github.io.", ["https://lantern-oak.github.io"]),
        ("at https: //github.com/Lantern/Oak_2", [REPO]),
        ("at https://github. com/Lantern/Oak_2", [REPO]),
        ("at https://lantern. github.io/oak/", ["https://lantern.github.io/oak/"]),
        ("at https://github.com/Lantern/ Oak_2.", [REPO]),
        ("at https://github.com/Lantern/Oak-\n2.", ["https://github.com/Lantern/Oak-2"]),
        (f"athttps://github.com/Lantern/Oak_2 and {REPO}.", [REPO, REPO]),
        ("released11https://github.com/Lantern/Oak_2", [REPO]),
        (
            "https://github.com/Lantern/Oakgithub.com/Lantern/Oak",
            ["https://github.com/Lantern/Oak"],
        ),
        (f"{REPO},https://lantern.org/b", [REPO, "https://lantern.org/b"]),
        ("Page: https://oak.github.io/ Code: " + REPO, ["https://oak.github.io/", REPO]),
        ("at https://oak.github.io/a.The method", ["https://oak.github.io/a"]),
        ("our dataset is available at oakdata.org", ["https://oakdata.org"]),
        ("at www.cs.lantern.edu/ name/page.html", ["https://www.cs.lantern.edu/~name/page.html"]),
        ("see https://lantern.edu/~me/a%20b?x=1#top", ["https://lantern.edu/~me/a%20b?x=1#top"]),
        ("(https://en.lantern.org/wiki/Oak_(tree))", ["https://en.lantern.org/wiki/Oak_(tree)"]),
        ("data: 10.5281/zenodo.12345", ["https://doi.org/10.5281/zenodo.12345"]),
        ("bit.ly/oak-code", ["https://bit.ly/oak-code"]),
        ("code on github .com/Lantern/Oak_2.", [REPO]),
        ("more can be found lantern-oak.org.", ["https://lantern-oak.org"]),
        ("at https://github.com/\u200bLantern/Oak_2", [REPO]),
        ("  see\nhttps://oak.org/a  ", ["https://oak.org/a"]),
    ],
)
def test_urls_are_found_as_a_reader_would_open_them(text: str, expected: list[str]) -> None:
    assert urls(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "mail oak@lantern.org for it",
        "e.g. and/or i.e. 3.5/4.2",
        "reviews collected from Amazon.com",
        "written in Infer.NET, as ASP.NET is",
        "in these models.In practice, deep nets win",
        "state-of-the-art on A/B tests at JD.com",
        "",
        "https://",
        "http:// www",
        "https://" + "a." * 3000 + "org",
    ],
)
def test_what_is_no_url_is_left_alone(text: str) -> None:
    assert urls(text) == []


@pytest.mark.parametrize(
    ("url", "host", "repo", "canonical"),
    [
        (
            "http://www.GitHub.com/Me/Oak.git/tree/main",
            "github.com",
            "me/oak",
            "github.com/me/oak",
        ),
        ("https://github.com/Me/Oak/", "github.com", "me/oak", "github.com/me/oak"),
        ("https://github.com/Me", "github.com", None, "github.com/Me"),
        (
            "https://hf.co/datasets/Me/Oak",
            "huggingface.co",
            "me/oak",
            "huggingface.co/datasets/me/oak",
        ),
        ("https://me.github.io/Oak/", "github.io", None, "me.github.io/Oak"),
        (
            "https://anonymous.4open.science/r/Oak-1/",
            "anonymous.4open.science",
            "r/oak-1",
            "anonymous.4open.science/r/oak-1",
        ),
        (
            "https://youtube.com/watch?v=Ab",
            "youtube.com",
            None,
            "youtube.com/watch?v=Ab",
        ),
        ("http://[broken", "", None, "http://[broken"),
    ],
)
def test_one_spelling_for_counting(url: str, host: str, repo: str | None, canonical: str) -> None:
    assert url_target(url) == (host, repo, canonical)


@given(st.text())
def test_no_text_breaks_it(text: str) -> None:
    for found in find_urls(repair_urls(text)):
        assert found.url.lower().startswith(("http://", "https://"))
        assert not any(sign.isspace() for sign in found.url)
        assert url_target(found.url).canonical


name = st.from_regex(r"[A-Za-z][A-Za-z0-9]{1,12}", fullmatch=True)


@given(owner=name, repo=name, wrap=st.sampled_from(["{}", "({})", "\\url{{{}}}", "{}.", "[x]({})"]))
def test_a_planted_repository_is_found_whatever_stands_around(
    owner: str, repo: str, wrap: str
) -> None:
    url = f"https://github.com/{owner}/{repo}"
    assert urls(f"Our code is at {wrap.format(url)} now") == [url]
