"""Labels of topics written by a language model, checked before they are taken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from toolkit.errors import DataError, check_model, check_whole, checked, warn_user
from toolkit.papers.schema import check_papers
from toolkit.topics.edits import check_unmodified, take_names
from toolkit.topics.name_asking import Answer, Asking, ask_all
from toolkit.topics.name_checks import compare_labels
from toolkit.topics.name_questions import TITLES, naming_questions

if TYPE_CHECKING:
    from toolkit.topics.model import TopicModel

_CHECKED = [
    *("topic", "verdict", "old_fit", "new_fit", "difference", "low", "high"),
    *("held_out", "nearest_topic", "misleads"),
]
#: Topics about which one and the same answer is no name of any.
_SAME = 3
_COLUMNS = ("topic", "old_label", "answered", "label", "why_kept")


@checked
def name_topics(
    topics: TopicModel,
    papers: pd.DataFrame,
    *,
    ask: Callable[[str], str],
    max_questions: int = 200,
    max_characters: int = 400_000,
    check: bool = True,
    progress: bool = True,
) -> TopicModel:
    """Return topics with labels that a language model wrote, where they hold up.

    The model sees a topic's terms, up to twelve titles and the terms of the nearest topics
    (`toolkit.topics.naming_questions` shows it all beforehand). Titles are written by anyone, and
    one may say "ignore previous instructions": the answer is only ever read as a name, so that a
    hostile title can spoil the name of its topic and do nothing else. A name that is refused
    leaves the old label, and one warning tells why.

    Parameters
    ----------
    topics : TopicModel
    papers : DataFrame
        The papers of the topics.
    ask : callable
        Takes a prompt, returns an answer: `toolkit.ChatEndpoint` (Ollama, vLLM, llama.cpp, hosted
        services), or any function. An attribute `name` of it goes into `settings`.
    max_questions, max_characters : int
        The budget: the most questions, and the most characters of questions and answers (about
        four a token). It is told before the first question; the largest topics come first.
    check : bool
        Keep the old label where the name misleads on held-out papers (`toolkit.check_names`).
    progress : bool
        Show the plan and a progress bar.

    Returns
    -------
    TopicModel
        What was asked, answered, found and kept is the last entry of ``settings["edits"]``, which
        `save`, `load_topics` and `replay` keep; `toolkit.topics.naming_table` shows it.

    Raises
    ------
    DataError
        `ask` cannot be called, papers are missing, or the budget allows no question.
    Exception
        What `ask` raises on the first question. Later, or on Ctrl-C, a warning tells, and the
        names that came are kept; `ChatEndpoint` caches them, so that repeating the call goes on.

    Warns
    -----
    UserWarning
        Topics that keep their label and why; topics beyond the budget; questions that failed.

    Examples
    --------
    >>> import toolkit
    >>> papers = toolkit.load_sample("trending-page")
    >>> topics = toolkit.fit_topics(papers, n_topics=2)
    >>> def ask(prompt):
    ...     terms = prompt.split("Terms: ")[1].split(", ")
    ...     return f"**{terms[0]} research**"
    >>> named = name_topics(topics, papers, ask=ask, check=False)
    >>> all(label.endswith("research") for label in named.topics["label"])
    True
    """
    check_model(topics, "topics")
    check_papers(papers)
    check_unmodified(topics)
    check_whole(max_questions, "max_questions", least=1)
    check_whole(max_characters, "max_characters", least=1)
    if not callable(ask):
        raise DataError(
            "cannot be asked",
            argument="ask",
            found=type(ask).__name__,
            expected="a function from a prompt to an answer, or toolkit.ChatEndpoint(…)",
        )
    questions = naming_questions(topics)
    asking = Asking(ask, max_questions, max_characters)
    affordable = asking.affordable(questions)
    old = dict(zip(topics.topics["topic"].astype(int), topics.topics["label"].astype(str)))
    answers = ask_all(asking, affordable, old, _contexts(topics), progress=progress)
    _refuse_sameness(answers)
    _refuse_doubles(answers, old)
    pairs = {t: (old[t], a.name) for t, a in answers.items() if a.name and a.name != old[t]}
    checks = compare_labels(topics, papers, pairs)
    if check:
        bad = checks[checks["misleads"].fillna(False).astype(bool)]
        for topic, nearest in zip(bad["topic"].astype(int), bad["nearest_topic"].astype(int)):
            better = f"it fits topic {nearest} ({old[nearest]}) better"
            answers[topic].refuse(better if nearest != topic else "it fits no topic")
        _refuse_doubles(answers, old)
    record = {
        "edit": "name",
        "labels": {str(t): a.name for t, a in answers.items() if a.name and a.name != old[t]},
        "by": _name_of(ask),
        "titles": TITLES,
        "checked": check,
        "answers": [a.record(t, old[t]) for t, a in answers.items()],
        "checks": _as_json(checks),
    }
    _tell(answers, len(questions), asking)
    return take_names(topics, record)


def naming_table(topics: TopicModel) -> pd.DataFrame:
    """Return what came of the last `name_topics`.

    Parameters
    ----------
    topics : TopicModel

    Returns
    -------
    DataFrame
        One row a topic as it was numbered then: topic, old_label, answered (the last answer),
        label (the one taken), why_kept (why the old one stayed; NA where it did not), and the
        columns of `toolkit.check_names` for names that could be compared.

    Raises
    ------
    DataError
        No language model named these topics.

    Examples
    --------
    >>> import toolkit
    >>> papers = toolkit.load_sample("trending-page")
    >>> topics = toolkit.fit_topics(papers, n_topics=2)
    >>> answers = iter(["Language models", "**Alignment**"])
    >>> named = toolkit.name_topics(topics, papers, ask=lambda prompt: next(answers), check=False)
    >>> naming_table(named)["label"].tolist()
    ['Language models', 'Alignment']
    """
    check_model(topics, "topics")
    records = [edit for edit in topics.settings["edits"] if edit.get("edit") == "name"]
    if not records:
        raise DataError(
            "no language model named these topics",
            argument="topics",
            hint="named = toolkit.name_topics(topics, papers, ask=…)",
        )
    last = records[-1]
    rows = []
    for answer in last["answers"]:
        label = last["labels"].get(str(answer["topic"]), answer["old_label"])
        said = answer["asked"][-1]["answer"] if answer["asked"] else None
        rows.append((answer["topic"], answer["old_label"], said, label, answer["why_kept"] or None))
    table = pd.DataFrame(rows, columns=list(_COLUMNS)).astype(
        dict.fromkeys(_COLUMNS[1:], "string") | {"topic": "int64"}
    )
    checks = pd.DataFrame(last["checks"], columns=_CHECKED)
    return table.merge(checks, on="topic", how="left")


def _refuse_sameness(answers: Mapping[int, Answer]) -> None:
    """Refuse the one answer given about half of the topics or more, three at least."""
    said = {t: {one["answer"].strip() for one in answer.asked} for t, answer in answers.items()}
    often = Counter(min(texts) for texts in said.values() if len(texts) == 1)
    for topic, answer in answers.items():
        n = often[min(said[topic])] if len(said[topic]) == 1 else 0
        if answer.name and n >= max(_SAME, len(answers) / 2):
            answer.refuse(f"the same answer was given about {n} topics")


def _refuse_doubles(answers: Mapping[int, Answer], old: Mapping[int, str]) -> None:
    """Refuse names that are the label which another topic keeps."""
    while True:
        kept = {label.casefold(): t for t, label in old.items()
                if t not in answers or not answers[t].name}  # fmt: skip
        doubled = [(t, a) for t, a in answers.items() if kept.get(a.name.casefold(), t) != t]
        if not doubled:
            return
        for _, answer in doubled:
            answer.refuse(f"topic {kept[answer.name.casefold()]} keeps the same label")


def _contexts(topics: TopicModel) -> dict[int, str]:
    """Return all titles and terms of each topic: the scripts its name may have."""
    found = dict(zip(topics.topics["topic"].astype(int), topics.topics["terms"].fillna("")))
    titles: dict[int, list[str]] = {topic: [str(terms)] for topic, terms in found.items()}
    for topic, title in zip(topics.papers["topic"].astype(int), topics.titles):
        titles[topic].append(title)
    return {topic: " ".join(texts) for topic, texts in titles.items()}


def _name_of(ask: object) -> str:
    """Return what to call the one that was asked; never its repr, which may hold a key."""
    for name in ("name", "__qualname__"):
        found = getattr(ask, name, None)
        if isinstance(found, str) and found:
            return found[:200]
    return type(ask).__qualname__


def _as_json(checks: pd.DataFrame) -> list[dict[str, Any]]:
    plain = checks.astype(object).where(checks.notna(), None)
    return [
        {str(k): v.item() if hasattr(v, "item") else v for k, v in row.items()}
        for row in plain.to_dict("records")
    ]


def _tell(answers: Mapping[int, Answer], total: int, asking: Asking) -> None:
    why = [f"{topic} ({a.why})" for topic, a in answers.items() if not a.name]
    parts = []
    if len(answers) < total:
        parts.append(f"{total - len(answers)} of {total} topics were not asked about")
        parts[-1] += f" ({asking.ended})" if asking.ended else ": the budget does not reach them"
    if why:
        more = f" and {len(why) - 5} more" if len(why) > 5 else ""
        parts.append(f"{len(why)} of {total} keep their label: topic {', '.join(why[:5])}{more}")
    if parts:
        warn_user(f"{'; '.join(parts)}. toolkit.topics.naming_table(…) has all of it")
