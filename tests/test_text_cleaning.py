"""LaTeX, HTML and white space → one line of Unicode; addresses unharmed."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.text.cleaning import clean_text

CASES = [
    # accents
    (r"Schr\"odinger", "Schrödinger"),
    (r"Bal\'azs, {\L}ukasz, \O{}stergaard, Erd\H{o}s", "Balázs, Łukasz, Østergaard, Erdős"),
    (r"\v{S}i\v{c}, \'{E}, {\"U}ber, fa\c{c}ade, \c c", "Šič, É, Über, façade, ç"),
    (r"na\"{\i}ve, na\"\i ve, Stra\ss e, \aa rhus", "naïve, naïve, Straße, århus"),
    (r"the point query\'s content", "the point query's content"),
    # markup and macros
    (r"\textbf{a \emph{b}} {\it c} \textsc{Name}", "a b c Name"),
    (r"we try \method with \ours, \benchname{} and {\name}",
     "we try method with ours, benchname and name"),
    (r"as shown~\cite{a2020,b2021}, and~\citep[see][]{c}.", "as shown, and."),
    (r"a method\footnote{It is new.} works", "a method (It is new) works"),
    (r"{\mu}-Bench and 360{\deg} video", "μ-Bench and 360° video"),
    (r"the {LLM}s of {B}ayes", "the LLMs of Bayes"),
    ("labels {yes, no} stay", "labels {yes, no} stay"),
    (r"\color{red}red words", "red words"),
    # mathematics
    (r"$O(n^2)$ and $\alpha$-VAE, $K\geq 1$", "O(n²) and α-VAE, K≥1"),
    (r"$\tilde{\mathcal{O}}(d^{5/4}\sqrt{T})$", "O(d^(5/4)√T)"),
    (r"$\frac{1}{2}$, \(x_{i+1}\), $10^{-3}$, $x_2$", "1/2, x_(i+1), 10⁻³, x₂"),
    (r"LLM$\times$MapReduce at 90$^\circ$", "LLM×MapReduce at 90°"),
    ("it costs $5 and then $10, not $3k-$4k", "it costs $5 and then $10, not $3k-$4k"),
    (r"cost \$5 and \$6", "cost $5 and $6"),
    (r"9{,}600 of 10\% \& \#1 \_x", "9,600 of 10% & #1 _x"),
    (r"a \textbraceleft{}set\textbraceright{} \textbackslash{}n", "a {set} \\n"),
    # ties, quotes, dashes, line ends
    ("prediction~(MSP) of~10, about ~5, 3~5", "prediction (MSP) of 10, about ~5, 3~5"),
    ("``quoted'' and it's", "“quoted” and it's"),
    ("A -- B --- C", "A -- B --- C"),
    ("wrapped\n  in   mid-\nsentence\t\x0b", "wrapped in mid- sentence"),
    ("soft\u00adhyphen \u200bwidth \ufeffmark \u202eturned", "softhyphen width mark turned"),
    ("e\u0301 composed", "é composed"),
    # lost backslashes, as copies of pages have them
    ("13$ imes$ faster, emph{very} and extbf{bold}", "13× faster, very and bold"),
    # HTML
    ("H<sub>2</sub>O, x<sup>2</sup>, <i>E. coli</i>", "H₂O, x², E. coli"),
    ("<jats:title>Abstract</jats:title><jats:p>Words.</jats:p>", "Words."),
    ("a &amp; b &lt;c&gt; &quot;d&quot; &#233; &amp;amp;", 'a & b <c> "d" é &'),
    ("AT&T &copy R&D", "AT&T &copy R&D"),
    ("keeps <think> and </s> and a < b > c", "keeps <think> and </s> and a < b > c"),
    ("one<br/>two<p class='x'>three</p>", "one two three"),
    ("safe <script>alert('x')</script> words", "safe words"),
    # odd ends
    ("", ""),
    (" \n\t ", ""),
    ("\\", ""),
    (r"\textbf{never closed", "never closed"),
    ("$", "$"),
    ("{}", ""),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "clean"), CASES)
def test_cases(raw, clean):
    assert clean_text(raw) == clean


ADDRESSES = [
    "https://github.com/some-lab/some_repo.v2",
    "http://www.example.edu/~name/data_2024/index.html#top",
    "https://example.org/search?q=a%20b&lang=en&x=1,2",
    "https://example.org/a--b/c_d_e/f^g",
    "https://huggingface.co/datasets/lab/name_with_underscores",
    "www.example.org/~me/page",
    "github.com/lab/repo_name",
    "https://example.org/$cash/x",
]
WRAPPINGS = [
    (r"Code at \url{%s}.", "Code at %s."),
    ("Code at url{%s}.", "Code at %s."),
    (r"Code\footnote{\url{%s}} here", "Code (%s) here"),
    (r"at \href{%s}{this link} now", "at this link (%s) now"),
    ("see %s for 10\\% more", "see %s for 10% more"),
    ("(%s)", "(%s)"),
    ("<i>x</i> %s, y", "x %s, y"),
    ("$O(n)$ at %s and~more", "O(n) at %s and more"),
    ("page\\url{%s}and", "page %s and"),
    ('<a href="%s">code</a>', None),
]


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize(("raw", "clean"), WRAPPINGS)
def test_addresses_come_through(address, raw, clean):
    if clean is None:
        if address.startswith("http"):
            assert clean_text(raw % address) == f"code ({address})"
    elif not ("url{" in raw and raw[0] == "C" and "\\" not in raw and address[0] != "h"):
        assert clean_text(raw.replace("%s", address)) == clean.replace("%s", address)


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        (r"\url{https://x.org/a\_b\%20c\#d\&e}", "https://x.org/a_b%20c#d&e"),
        (r"http://www.x.edu/$\sim$me/y and \url{http://x.edu/\~{}me}",
         "http://www.x.edu/~me/y and http://x.edu/~me"),
        (r"\href{https://x.org/a_b}{https://x.org/a_b}", "https://x.org/a_b"),
        (r"\href{https://x.org/a_b}{x.org/a\_b}!", "https://x.org/a_b!"),
        ("https://x.org/a{this https URL}", "https://x.org/a"),
        ("https://x.org/a{Project X}.", "https://x.org/a (Project X)."),
        ("https://x.org/?a=1&amp;b=2", "https://x.org/?a=1&b=2"),
        (r"https://x\allowbreak.org/\allowbreak y", "https://x.org/y"),
        (r"\url{https://x.org/cut", "https://x.org/cut"),
        (r"at \urlhttps://x.org/a_b, too", "at https://x.org/a_b, too"),
    ],
)  # fmt: skip
def test_addresses_spelt_in_latex(raw, clean):
    assert clean_text(raw) == clean


@given(st.text())
def test_any_text_gives_one_clean_line(text):
    clean = clean_text(text)
    assert clean == " ".join(clean.split())
    assert unicodedata.is_normalized("NFC", clean)
    assert not any(unicodedata.category(sign) == "Cc" for sign in clean if sign < "\x20")


LATEX_BITS = st.sampled_from(
    ["\\", "{", "}", "$", "~", "\\frac", "\\url{", "\\\"", "^", "_", "\\begin{x}", "\\[", "\\(",
     "a", " ", "1", "&amp;", "<b>", "</b>", "<a href='http://x.y/'>", "http://x.y/", "``", "''",
     "\\cite{", "%", "\n", "\\sqrt", "\\c", "\\v", "\ue000", "\\footnote{", "\\textbf"]
)  # fmt: skip


@given(st.lists(LATEX_BITS, max_size=60).map("".join))
def test_any_heap_of_markup_is_survived(text):
    clean = clean_text(text)
    assert clean == " ".join(clean.split())
    assert not any("\ue000" <= sign <= "\uf8ff" for sign in clean)


@given(
    st.lists(
        st.text("abcdefghijklmnopqrstuvwxyzäöéßABC0123456789.,:;!?()'-%+/=*", min_size=1),
        min_size=1,
    )
)
def test_plain_words_are_left_alone(words):
    text = " ".join(words)
    if "://" not in text and "www." not in text:
        assert clean_text(text) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize(
    "bad", ["{" * 50_000, "$" * 50_000, "\\frac{" * 8_000, "<b" * 30_000, "&amp" * 30_000,
            "~" * 50_000, "\\url{" * 8_000, "http://" * 8_000, "a." * 30_000 + "com/",
            "\\\"" * 20_000,
            "`" * 50_000, "<a href=" * 8_000, "_{" * 20_000, "\\textbf{a}" * 5_000,
            "ab" * 40_000 + ".com/x", "<script>" * 6_000, "\\[" * 20_000, "$a" * 20_000]
)  # fmt: skip
def test_hostile_repetition_ends_soon(bad):
    import time

    started = time.perf_counter()
    clean_text(bad)
    assert time.perf_counter() - started < 10


def test_real_abstracts_keep_their_words(raw_hf_papers):
    """On the real collection: no macro, tag or entity left, and few words changed."""
    import re

    texts = raw_hf_papers["abstract"].tolist()[::5]
    cleaned = [clean_text(text) for text in texts]
    assert not [
        text for text in cleaned if re.search(r"\\[A-Za-z]|&\w+;|\burl\{|</?(?:i|b|p)>", text)
    ]
    assert [clean_text(text) for text in cleaned] == cleaned
    lengths = [len(after) / len(" ".join(before.split())) for before, after in zip(texts, cleaned)]
    assert min(lengths) > 0.9 and max(lengths) < 1.05
