"""How often what check_links says of repositories and pages agrees with people.

    .venv/bin/python tests/bench/linkcheck_contents.py [FOLDER]

Repositories: `repositories.csv` has 87 of seventeen fields, at random from the links of
papers, labelled by hand from the names of their files and their README before the code was run.
Set 1 (64) was looked at afterwards, and rules were mended; set 2 (23) was labelled later, and
only the names of packages (RubyGems, folders) followed from it. Agreement when each set was
first run: 0.957 and 0.942. FOLDER holds bare or normal clones, named ``owner+name/repo``; a
repository that is not there, or stands at another commit, is left out.

Pages: the invented ones of `tests/invented_pages.py`, with precision and recall of each state; and
saved pages in the clones, beside what their file names say (judging does not use the names). Of 807
pages of 460 public repositories: 34 files named 404 say so, 32 are found (8 of the 10 that came
last, when they were first judged; the rules were mended for both); 12 sign-in pages are named
so, 11 are found; of 5 named 'coming soon' 2. Of the 752 others eleven are called gone, login or
coming soon: four are saved 'not found' pages, six are for signing in or up, one is coming soon.
"""

from __future__ import annotations

import csv
import random
import re
import subprocess
import sys
from collections import Counter
from dataclasses import asdict
from pathlib import Path

import httpx

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from invented_pages import PAGES

from toolkit.linkcheck.contents import is_promise, read_contents
from toolkit.linkcheck.file_names import README
from toolkit.linkcheck.page_text import read_page
from toolkit.linkcheck.pages import challenge, judge_page
from toolkit.linkcheck.rate_limits import Answer

LABELS = Path(__file__).with_name("repositories.csv")
NO_ITEMS = ("set", "repository", "commit", "field")


def git(folder: Path, *arguments: str) -> str:
    """Return what git says of a clone."""
    place = folder / ".git" if (folder / ".git").is_dir() else folder
    command = ["git", "--git-dir", str(place), "-c", "core.quotepath=off", *arguments]
    done = subprocess.run(command, capture_output=True, check=False, timeout=60)
    return done.stdout.decode("utf-8", "replace")


def read_clone(folder: Path) -> tuple[list[str], str]:
    """Return the names of the files of a clone, and its README."""
    names = [
        name for name in git(folder, "ls-tree", "-r", "--name-only", "HEAD").split("\n") if name
    ]
    readmes = [name for name in names if README.fullmatch(name)]
    readmes.sort(key=lambda name: (not name.lower().endswith(".md"), name))
    return names, git(folder, "show", f"HEAD:{readmes[0]}") if readmes else ""


def compare_repositories(mirror: Path) -> None:
    """Print the agreement by item, and on all."""
    with LABELS.open(encoding="utf-8", newline="") as file:
        labels = list(csv.DictReader(file))
    items = [name for name in labels[0] if name not in NO_ITEMS]
    for number in ("1", "2"):
        counts: dict[str, Counter[tuple[bool, bool]]] = {item: Counter() for item in items}
        seen = 0
        for row in (row for row in labels if row["set"] == number):
            folder = mirror / row["repository"].replace("/", "+") / "repo"
            if not git(folder, "rev-parse", "HEAD").startswith(row["commit"]):
                continue
            seen += 1
            names, readme = read_clone(folder)
            found = asdict(read_contents(names, readme, repository=row["repository"]))
            found["coming_soon"] = is_promise(readme, names)
            for item in items:
                counts[item][bool(found[item]), row[item] == "1"] += 1
        if not seen:
            print(f"set {number}: no clones in {mirror}")
            continue
        print(f"set {number}: {seen} repositories; agreement (found and so, only found, missed)")
        for item, count in counts.items():
            agreed = (count[True, True] + count[False, False]) / seen
            told = f"{count[True, True]}, {count[True, False]}, {count[False, True]}"
            print(f"  {item:12} {agreed:.3f} ({told})")
        hits = sum(count[True, True] + count[False, False] for count in counts.values())
        print(f"  all          {hits / (seen * len(items)):.3f}")


#: File names that tell what a page is; a few files named so are something else.
NAMED = {
    "gone": re.compile(r"(?:.*/)?(?:404|not[-_]?found|page[-_]?not[-_]?found)\.html?", re.I),
    "login": re.compile(r"(?:.*/)?(?:log-?in|sign-?in)\.html?", re.I),
    "coming soon": re.compile(r"(?:.*/)?(?:coming-?soon|under-?construction)\.html?", re.I),
}
TEMPLATE = re.compile(r"template|layout|include|partial|theme|_site|\{", re.I)


def compare_saved_pages(mirror: Path, per_clone: int = 12) -> None:
    """Print how saved pages are judged, beside what their names say, and each disagreement."""
    pairs: Counter[tuple[str, str]] = Counter()
    for folder in sorted(mirror.glob("*/repo")):
        names = git(folder, "ls-tree", "-r", "--name-only", "HEAD").splitlines()
        pages = [name for name in names if name.lower().endswith((".html", ".htm"))]
        pages = [name for name in pages if not TEMPLATE.search(name)]
        known = {n: state for state, named in NAMED.items() for n in pages if named.fullmatch(n)}
        others = [name for name in pages if name not in known]
        random.Random(3).shuffle(others)
        for name in [*sorted(known)[:6], *others[:per_clone]]:
            place = folder / ".git" if (folder / ".git").is_dir() else folder
            command = ["git", "--git-dir", str(place), "show", f"HEAD:{name}"]
            body = subprocess.run(command, capture_output=True, check=False, timeout=60).stdout
            url = "https://lab.example/some/page"
            answer = Answer(url, 200, httpx.Headers())
            verdict = judge_page(url, answer, shown := read_page(body[:65_536]))
            pairs[known.get(name, "alive"), verdict.state] += 1
            if known.get(name, "alive") != verdict.state:
                print(
                    f"    {folder.parent.name} {name[-40:]}: {verdict.state}, {shown.title[:50]!r}"
                )
    print("saved pages, by name and as judged:", dict(pairs))


def compare_pages() -> None:
    """Print precision and recall of each state on the invented pages."""
    pairs: Counter[tuple[str, str]] = Counter()
    for state, url, final, status, headers, html in PAGES:
        shown = read_page(html.encode(), headers.get("content-type", ""))
        answer = Answer(final, status, httpx.Headers(headers))
        refused = "unknown" if challenge(answer, shown) else "alive"
        pairs[state, refused if status >= 300 else judge_page(url, answer, shown).state] += 1
    print(f"{pairs.total()} invented pages")
    for state in dict.fromkeys(state for state, _ in pairs):
        right = pairs[state, state]
        found = sum(n for (_, told), n in pairs.items() if told == state)
        so = sum(n for (is_so, _), n in pairs.items() if is_so == state)
        print(f"  {state:12} precision {right / max(found, 1):.3f}, recall {right / so:.3f} ({so})")


if __name__ == "__main__":
    compare_pages()
    if len(sys.argv) > 1:
        compare_repositories(Path(sys.argv[1]))
        compare_saved_pages(Path(sys.argv[1]))
