from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from toolkit.claims import code_claims
from toolkit.errors import DataError
from toolkit.papers.schema import make_papers
from toolkit.rates import LabellingWidget, check_agreement, draw_sample


@pytest.fixture
def papers() -> pd.DataFrame:
    records = [
        {
            "title": f"Paper {n}",
            "abstract": "Code: github.com/a/b." if n % 5 == 0 else "Trees <b>grow</b>.",
        }
        for n in range(60)
    ]
    records[3] = {"title": "<script>alert(1)</script>", "abstract": None, "id": "2401.00001"}
    # That one has no abstract: what was found in it stands in its row.
    return make_papers(records, source="test", clean=False).assign(code="none", artifact="none")


def test_papers_that_nobody_could_read_are_not_drawn(papers: pd.DataFrame) -> None:
    unread = papers.drop(columns=["code", "artifact"])
    with pytest.warns(UserWarning, match="the code of 1 of 60 papers is not known"):
        assert set(papers["paper_id"]) - set(draw_sample(unread, n=60)) == {"arxiv:2401.00001"}
    with (
        pytest.warns(UserWarning, match="the code of 60 of 60 papers is not known"),
        pytest.raises(DataError, match=r"no paper has an abstract.*look for them: toolkit.enrich"),
    ):
        draw_sample(unread.drop(columns="abstract"))


def test_the_sample_is_divided_so_that_it_tells_most_and_is_the_same_for_all(
    papers: pd.DataFrame,
) -> None:
    sample = draw_sample(papers, n=20, seed=1)
    assert sample == draw_sample(papers, n=20, seed=1) != draw_sample(papers, n=20, seed=2)
    assert sample == draw_sample(papers.iloc[::-1], n=20, seed=1)
    claims = code_claims(papers).set_index("paper_id")["code"]
    assert (claims[sample] == "linked").sum() == 3 and len(set(sample)) == 20
    assert len(draw_sample(papers, n=500)) == 60
    with pytest.raises(DataError, match="2 or more"):
        draw_sample(papers, n=1)


def test_labels_are_divided_by_hand() -> None:
    """√(0.95 · 0.05) · 500 = 109 and √(0.25 · 0.75) · 1000 = 433: of 100, 20 and 80."""
    papers = pd.DataFrame({"paper_id": [f"p{n}" for n in range(1500)], "title": "T"})
    papers["code"] = ["linked"] * 500 + ["none"] * 1000
    papers["artifact"] = papers["code"]
    drawn = papers["paper_id"].isin(draw_sample(papers, n=100))
    assert drawn[:500].sum() == 20 and drawn[500:].sum() == 80
    # Where half of the linked turn out wrong and no silent paper has code, it turns round.
    some = papers[drawn]
    labels = some[["paper_id"]].assign(code=[True, False] * 10 + [False] * 80)
    more = draw_sample(papers, n=100, labels=labels)
    assert not set(more) & set(labels["paper_id"])
    assert papers.loc[papers["paper_id"].isin(more), "code"].eq("linked").sum() > 60


def test_every_group_gets_as_many_labels() -> None:
    papers = pd.DataFrame({"paper_id": [f"p{n}" for n in range(1000)], "title": "T"})
    papers["code"] = papers["artifact"] = ["linked", "none", "none", "none", "none"] * 200
    papers["venue"] = ["a"] * 900 + ["b"] * 95 + ["c"] * 5
    drawn = papers[papers["paper_id"].isin(draw_sample(papers, n=65, by="venue"))]
    assert drawn["venue"].value_counts().to_dict() == {"a": 30, "b": 30, "c": 5}
    assert drawn.groupby("venue")["code"].apply(lambda one: one.eq("linked").sum()).min() >= 1


def test_the_corrected_share_appears(papers: pd.DataFrame) -> None:
    widget = LabellingWidget(papers, n=10, ask="abstract")
    claims = code_claims(papers).set_index("paper_id")["code"]
    assert "appears when" in widget._parts["result"].value and widget.corrected() is None
    for paper in widget.sample:
        widget.label(claims[paper])
    assert len(widget.labels) == 10
    result = widget.corrected()
    assert result is not None and result.loc[0, "corrected"] == pytest.approx(0.2)
    assert "Corrected by 10 labels: 20.0%" in widget._parts["result"].value
    assert widget._parts["progress"].value == 10


def test_buttons_have_names_and_work(papers: pd.DataFrame) -> None:
    widget = LabellingWidget(papers, n=4)
    first = widget.sample[0]
    for button in widget.widget.children[3].children:
        assert button.description and button.tooltip
    assert "Does this paper have public code?" in widget.widget.children[2].value
    widget._parts["buttons"]["can't tell"].click()
    assert widget.labels["code"].tolist() == ["can't tell"]
    assert widget.labels["paper_id"].tolist() == [first]
    widget.move(-1)
    assert "label: can't tell" in widget._parts["count"].value
    widget._parts["buttons"]["no"].click()
    assert widget.labels[["code", "asked"]].values.tolist() == [["no", "paper"]]
    with pytest.raises(DataError, match="not a label"):
        widget.label("perhaps")


def test_labels_survive_in_their_file(papers: pd.DataFrame, tmp_path: Path) -> None:
    path = tmp_path / "labels" / "mine.csv"
    widget = LabellingWidget(papers, n=6, path=path, who="Ada, L.")
    widget.label("yes")
    widget.label("no")
    again = LabellingWidget(papers, n=6, path=path)
    pd.testing.assert_frame_equal(again.labels, widget.labels)
    assert again.labels["labelled_by"].tolist() == ["Ada, L."] * 2
    assert again._at == 2 and not list(tmp_path.rglob("*.part"))
    with pytest.raises(DataError, match="answers to another question: found 'paper'"):
        LabellingWidget(papers, n=6, path=path, ask="abstract")
    old = tmp_path / "old.csv"
    old.write_text(f"paper_id,code,labelled_by\n{widget.sample[0]},none,Ada\n")
    kept = LabellingWidget(papers, n=6, path=old, ask="abstract").labels
    assert kept[["code", "asked", "labelled_by"]].values.tolist() == [["none", "abstract", "Ada"]]
    with pytest.raises(DataError, match="unknown question: found 'soul'"):
        LabellingWidget(papers, ask="soul")


def test_two_labellers_of_one_file_keep_each_others_labels(
    papers: pd.DataFrame, tmp_path: Path
) -> None:
    """Both have read the file before either has labelled a paper."""
    place = tmp_path / "labels.csv"
    first = LabellingWidget(papers.iloc[:9], n=9, path=place, who="Ada")
    second = LabellingWidget(papers.iloc[9:19], n=10, path=place, who="Bo")
    for _ in range(9):
        first.label("no")
        second.label("yes")
    labels = pd.read_csv(place)
    assert sorted(labels["code"]) == ["no"] * 9 + ["yes"] * 9
    assert sorted(labels["labelled_by"]) == ["Ada"] * 9 + ["Bo"] * 9


@pytest.mark.parametrize(
    ("content", "match"),
    [
        ("paper_id,code\na,linked\n", "not a file of labels"),
        (
            "paper_id,code,asked,labelled_by\na,perhaps,paper,\n",
            r"row 2, column 'code': not a label",
        ),
        ("", "not a file of labels"),
    ],
)
def test_other_files_are_refused(
    papers: pd.DataFrame, tmp_path: Path, content: str, match: str
) -> None:
    path = tmp_path / "labels.csv"
    path.write_text(content)
    with pytest.raises(DataError, match=match):
        LabellingWidget(papers, n=4, path=path)
    (tmp_path / "binary.csv").write_bytes(b"\xff\xfe\x00\x81")
    with pytest.raises(DataError, match="not a file of labels"):
        LabellingWidget(papers, n=4, path=tmp_path / "binary.csv")


def test_text_of_papers_is_shown_as_text(papers: pd.DataFrame) -> None:
    widget = LabellingWidget(papers, n=60)
    while "alert" not in widget._parts["paper"].value:
        widget.move(1)
    shown = widget._parts["paper"].value
    assert "&lt;script&gt;" in shown and "https://arxiv.org/abs/2401.00001" in shown
    widget.move(1)
    assert "<b>grow" not in widget._parts["paper"].value


def test_a_place_that_cannot_be_written_is_refused(papers: pd.DataFrame, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match="argument 'path': labels cannot be saved there"):
        LabellingWidget(papers, n=4, path=tmp_path / "file" / "labels.csv")
    with pytest.raises(DataError, match="argument 'path': a folder, not a file"):
        LabellingWidget(papers, n=4, path=tmp_path)


def test_a_label_that_is_not_saved_is_told_and_kept(papers: pd.DataFrame, tmp_path: Path) -> None:
    folder = tmp_path / "labels"
    widget = LabellingWidget(papers, n=2, path=folder / "mine.csv")
    assert folder.is_dir() and not list(folder.iterdir()), "nothing is left of the trial"
    folder.rmdir()
    folder.write_text("in the way")
    button = widget._parts["buttons"]["no"]
    button.click()
    assert "Not saved; correct it and click again" in widget._parts["result"].value
    assert len(widget.labels) == 1
    folder.unlink()
    button.click()
    assert "Not saved" not in widget._parts["result"].value
    assert "Done" not in widget._parts["result"].value
    button.click()
    assert "Done: all 2 papers are labelled." in widget._parts["result"].value
    saved = pd.read_csv(folder / "mine.csv")
    assert saved["code"].tolist() == ["no", "no"]


def test_links_and_full_text_are_at_hand_and_escaped() -> None:
    papers = make_papers(
        [{"title": "A & <b>", "abstract": "Our code: github.com/a/b.", "doi": "10.1/x"},
         {"title": "B", "abstract": "Bees.", "url": "javascript:alert(1)"}],
        source="test", clean=False,
    )  # fmt: skip
    text = "We grew trees. The <i>code</i> is at https://osf.io/abcde. We thank all."
    fulltext = pd.DataFrame({"paper_id": papers["paper_id"], "section": "body", "text": text})
    widget = LabellingWidget(papers, n=2, fulltext=fulltext)
    pages = {}
    for _ in range(2):
        pages[widget.sample[widget._at]] = widget._parts["paper"].value
        widget.move(1)
    first, second = (pages[paper] for paper in papers["paper_id"])
    assert "<a href='https://doi.org/10.1/x'" in first and "A &amp; &lt;b&gt;" in first
    assert "code: <a href='https://github.com/a/b'" in first
    assert "The &lt;i&gt;code&lt;/i&gt; is at https://osf.io/abcde." in first
    assert "grew trees" not in first and "href='javascript" not in second
    with pytest.raises(DataError, match="not a table of full text"):
        LabellingWidget(papers, n=2, fulltext=papers)


def test_full_text_alone_is_enough_to_draw_and_label_data(tmp_path: Path) -> None:
    papers = make_papers([{"title": f"Paper {n}"} for n in range(4)], source="t")
    ids = papers["paper_id"].tolist()
    said = ["Our data are at https://zenodo.org/records/12345.", *["Data: on request."] * 3]
    fulltext = pd.DataFrame({"paper_id": ids, "section": "availability", "text": said})
    claims = code_claims(papers, fulltext=fulltext)
    assert sorted(draw_sample(papers, n=4, what="data", claims=claims)) == sorted(ids)
    path = tmp_path / "data.csv"
    widget = LabellingWidget(papers, n=4, what="data", fulltext=fulltext, path=path)
    assert "Does this paper have public data?" in widget.widget.children[2].value
    registered = LabellingWidget(papers, n=2, what="registry", claims=claims).widget
    assert "Does this paper have a registration?" in registered.children[2].value
    while widget.sample[widget._at] == ids[0]:
        widget.move(1)
    widget.label("no")
    assert "Corrected by 1 label: " in widget._parts["result"].value
    assert list(pd.read_csv(path).columns) == ["paper_id", "data", "asked", "labelled_by"]
    again = LabellingWidget(papers, n=4, what="data", claims=claims, path=path)
    assert again.labels["data"].tolist() == ["no"]
    with pytest.warns(UserWarning), pytest.raises(DataError, match=r"no paper has.*fulltext=…"):
        draw_sample(papers, n=2)


def test_agreement_by_hand() -> None:
    """20 papers: both yes 8, both no 7, yes/no 4, no/yes 1: 0.75 agree, 0.6·0.45 + 0.4·0.55."""
    ids = [f"p{n}" for n in range(23)]
    first = ["yes"] * 8 + ["no"] * 7 + ["yes"] * 4 + ["no", "can't tell", "yes", None]
    second = ["yes"] * 8 + ["no"] * 11 + ["yes", "no", "can't tell", "no"]
    tables = [pd.DataFrame({"paper_id": ids, "code": code}) for code in (first, second)]
    agreement, apart = check_agreement(tables[0], tables[1].iloc[::-1])
    row = agreement.iloc[0]
    chance = 0.6 * 0.45 + 0.4 * 0.55
    assert row[["papers", "agree", "share"]].tolist() == [20, 15, 0.75]
    assert row["kappa"] == pytest.approx((0.75 - chance) / (1 - chance))
    # Wilson's interval of 15 of 20 is 0.5313 to 0.8881.
    assert row["low"] == pytest.approx((0.5313 - chance) / (1 - chance), abs=1e-3)
    assert row["high"] == pytest.approx((0.8881 - chance) / (1 - chance), abs=1e-3)
    assert apart["paper_id"].tolist() == ["p15", "p16", "p17", "p18", "p19"]
    assert apart.loc[4].tolist() == ["p19", "no", "yes"]
    one = tables[0].assign(code="no")
    assert check_agreement(one, one)[0]["kappa"].isna().all()
    with pytest.raises(DataError, match="no paper was labelled by both"):
        check_agreement(tables[0].iloc[:2], tables[1].iloc[2:])
    with pytest.raises(DataError, match=r"argument 'second'.*not a table of labels"):
        check_agreement(tables[0], tables[1][["code"]])
