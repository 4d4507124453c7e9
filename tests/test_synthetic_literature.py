"""A planted literature: its schools are there to be found, in each kind of network."""

from __future__ import annotations

import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score

import toolkit
from toolkit.errors import DataError
from toolkit.networks import match_references
from toolkit.synthetic import plant_literature


@pytest.fixture(scope="module")
def papers() -> pd.DataFrame:
    return plant_literature(n_papers=150, seed=7)


@pytest.mark.filterwarnings("ignore:references. .* forms count as a work:UserWarning")
@pytest.mark.parametrize("how", ["coupling", "citation"])
def test_communities_of_papers_are_the_schools(papers, how):
    nodes = toolkit.find_network(papers, of="papers", how=how).nodes
    both = nodes[nodes["community"] >= 0].merge(papers, left_on="id", right_on="paper_id")
    if how == "coupling":
        assert adjusted_rand_score(both["school"], both["community"]) > 0.95
    # Citations inside the collection are few: no community mixes schools much.
    most = both.groupby("community")["school"].agg(lambda one: one.value_counts().iloc[0])
    assert most.sum() / len(both) > 0.85


def test_a_work_has_two_forms_and_is_found_by_both(papers):
    found = match_references(papers)
    classics = found["work"].str.contains("10.5555/", regex=False)
    assert found.loc[classics, "work"].nunique() <= 45
    forms = found[classics].groupby("work")["form"].nunique()
    assert forms.max() == 2 and (forms == 2).sum() > 20
    # What is no classic is an earlier paper of the collection.
    assert (found["cited_id"].notna() | classics | found["work"].str.isupper()).all()
    assert found["cited_id"].notna().sum() > 100


def test_the_third_school_comes_later(papers):
    first = papers.groupby("school")["published"].min().dt.year
    assert first["health"] >= 2015 and first["wax"] < 2012


def test_the_same_seed_gives_the_same_papers(papers):
    pd.testing.assert_frame_equal(plant_literature(n_papers=150, seed=7), papers)
    assert not plant_literature(n_papers=150, seed=8)["authors"].equals(papers["authors"])
    with pytest.raises(DataError, match="10 or more"):
        plant_literature(n_papers=9)
