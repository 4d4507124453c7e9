"""Vectors: bundled model, rounding, cache, bad input."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from toolkit.embedding import embed, embed_texts, from_stored, load_static, to_stored
from toolkit.errors import DataError, MissingExtraError


def make(titles, abstracts=None):
    return pd.DataFrame(
        {
            "paper_id": [f"title:{i:016x}" for i in range(len(titles))],
            "title": titles,
            "abstract": [None] * len(titles) if abstracts is None else abstracts,
        }
    ).astype("string")


PAPERS = make(
    ["Grasping with a soft robot hand", "Planning robot grasps", "Translation of rare words"],
    ["We close five rubber fingers.", None, "Sentences in forty languages are translated."],
)


def test_like_papers_lie_close_together():
    vectors = embed(PAPERS)
    assert vectors.dtype == np.float32
    assert vectors.shape == (3, load_static().dim)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    assert vectors[0] @ vectors[1] > max(vectors[0] @ vectors[2], vectors[1] @ vectors[2]) + 0.2


def test_a_vector_depends_on_its_paper_alone():
    assert (embed(PAPERS)[[1]] == embed(PAPERS.iloc[[1]])).all()
    assert (embed(PAPERS.iloc[::-1])[::-1] == embed(PAPERS)).all()


def test_as_model2vec_but_for_the_rounding():
    texts = ["Naïve Bayes — “revisited”", "GPT-4 & co.: x_1 >= 2", "Tab\tand\x00control\nmarks"]
    theirs = load_static().encode(texts)
    assert np.abs(embed_texts(texts) - theirs).max() < 1e-3


def test_rounding_is_stable():
    vectors = embed(PAPERS)
    assert (from_stored(to_stored(vectors)) == vectors).all()


def test_paper_without_text_is_named():
    with pytest.raises(DataError, match="row 2, column 'title': a paper has no text to embed"):
        embed(make(["Words", " -- "]))


def test_missing_extra(monkeypatch, tmp_path):
    import sys

    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(MissingExtraError, match="all-MiniLM-L6-v2.*optional group 'transformers'"):
        embed(PAPERS, model="all-MiniLM-L6-v2", cache=tmp_path)
