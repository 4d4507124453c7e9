"""Papers are found by id in whatever order, and what is missing is named."""

from __future__ import annotations

import pandas as pd
import pytest

from toolkit.errors import DataError
from toolkit.papers.lookup import find_rows, look_up

TABLE = pd.DataFrame({"paper_id": ["title:c", "title:a", "title:b"], "topic": [2, 0, 1]})


def papers(*letters: str) -> pd.DataFrame:
    ids = [f"title:{letter}" for letter in letters]
    return pd.DataFrame({"paper_id": ids}).astype("string")


def test_by_id_in_the_order_of_the_papers():
    assert find_rows(["title:b", "title:c"], TABLE, what="the table").tolist() == [2, 0]
    assert look_up(papers("a", "b"), TABLE, "topic", what="the table").tolist() == [0, 1]
    strings = TABLE.astype({"paper_id": "string"})
    assert look_up(papers("c"), strings, "topic", what="the table").tolist() == [2]
    assert find_rows([], TABLE, what="the table").tolist() == []


def test_what_is_missing_or_there_twice():
    message = (
        r"row 2, column 'paper_id': 2 of 3 papers are not in the model: found 'title:x'. Do it"
    )
    with pytest.raises(DataError, match=message):
        look_up(papers("a", "x", "y"), TABLE, "topic", what="the model", hint="Do it")
    with pytest.raises(DataError, match="the model holds a paper twice"):
        look_up(papers("a"), pd.concat([TABLE, TABLE.head(1)]), "topic", what="the model")
