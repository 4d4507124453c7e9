"""Records identified are those set aside, removed as duplicates and kept, for every origin."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import toolkit
from toolkit.deduplication import deduplicate, record_flow
from toolkit.errors import DataError
from toolkit.papers import BadRecord, make_papers
from toolkit.plots import plot_record_flow, text_summary

FILES = ("a.bib", "b.ris", "an openalex")


def test_counts_by_hand():
    papers = make_papers(
        [
            {"title": "Oaks", "origin": "a.bib; b.ris; b.ris"},
            {"title": "Elms", "origin": "b.ris"},
            {"title": "Firs"},
        ],
        source="test",
    )
    bad = [BadRecord("a.bib", "line 3", "cut off"), BadRecord("c.pdf", "the whole file", "no text")]
    table = record_flow(papers, set_aside=bad)
    counts = table.set_index(["step", "origin"])["records"]
    unread = counts.xs("c.pdf", level="origin")
    assert unread.index.tolist() == ["identified"], "nobody knows its records"
    assert unread.isna().all()
    counts = counts.drop("c.pdf", level="origin")
    assert counts["identified"].to_dict() == {"a.bib": 2, "b.ris": 3, "unknown": 1}
    assert counts["set aside"].to_dict() == {"a.bib": 1, "b.ris": 0, "unknown": 0}
    assert counts["duplicates removed"].to_dict() == {"a.bib": 0, "b.ris": 2, "unknown": 0}
    assert counts["kept"].to_dict() == {"a.bib": 1, "b.ris": 1, "unknown": 1}
    assert list(table["step"].cat.categories) == [
        "identified", "set aside", "duplicates removed", "kept",
    ]  # fmt: skip


records = st.lists(
    st.tuples(st.sampled_from(["Oaks of the north", "Elms of the south", "Firs"]),
              st.sampled_from([None, "10.1000/1", "10.1000/2"]), st.sampled_from(FILES)),
    max_size=9,
)  # fmt: skip


@settings(max_examples=15, deadline=None)
@given(records, st.lists(st.sampled_from(FILES), max_size=3))
@pytest.mark.filterwarnings("ignore:.*repeat an earlier one")
def test_counts_add_up_through_loading_and_merging(rows, unread):
    parts = [
        make_papers(
            [{"title": t, "doi": d} for t, d, f in rows if f == file], source="t", origin=file
        )
        for file in FILES
    ]
    papers, _ = deduplicate(pd.concat(parts, ignore_index=True))
    flow = record_flow(papers, set_aside=[BadRecord(file, "line 1", "odd") for file in unread])
    wide = flow.pivot_table(index="origin", columns="step", values="records", observed=False)
    if len(wide):
        parts_of = wide[["set aside", "duplicates removed", "kept"]].sum(axis=1)
        assert (wide["identified"] == parts_of).all()
    total = flow.groupby("step", observed=False)["records"].sum()
    assert total["identified"] == len(rows) + len(unread)
    assert total["kept"] == len(papers)
    for file in FILES:
        mine = flow[(flow["step"] == "identified") & (flow["origin"] == file)]["records"].sum()
        assert mine == sum(f == file for *_, f in rows) + unread.count(file)


def test_a_search_of_two_files(tmp_path):
    (tmp_path / "one.csv").write_text(
        "Title,Authors,Year,DOI\nOaks,Ann Oak,2019,10.1000/1\nElms,Bo Elm,2020,\n,No Title,2020,\n"
    )
    (tmp_path / "two.csv").write_text(
        'Title,Authors,Year,DOI\nOAKS,"Oak, A.",2019,10.1000/1\nElms.,"Elm, B.",2020,10.1000/2\n'
    )
    bad: list[BadRecord] = []
    with pytest.warns(UserWarning, match="repeat an earlier one"):
        loaded = toolkit.load([tmp_path / "one.csv", tmp_path / "two.csv"], on_bad=bad.append)
    papers, _ = toolkit.deduplicate(loaded)
    total = (
        toolkit.record_flow(papers, set_aside=bad).groupby("step", observed=False)["records"].sum()
    )
    assert total.tolist() == [5, 1, 2, 2]


def test_tables_without_origin_are_told_what_to_do():
    with pytest.raises(DataError, match=r"column 'origin'.*toolkit\.load"):
        record_flow(pd.DataFrame({"paper_id": ["a"], "title": ["b"]}))
    with pytest.raises(DataError, match="not a table of record_flow"):
        plot_record_flow(pd.DataFrame({"a": [1]}))


def test_the_figure_says_all_counts():
    papers = make_papers(
        [{"title": f"Oak {i}", "origin": f"file {i // 2} $.bib; other.ris"} for i in range(40)],
        source="test",
    )
    ax = plot_record_flow(record_flow(papers, set_aside=[BadRecord("other.ris", "line 1", "odd")]))
    words = [text.get_text() for text in ax.texts]
    assert "Records identified (n = 81)" in words
    assert "Duplicates removed (n = 40)" in words
    assert "Set aside, cannot be read (n = 1)" in words
    assert "Papers kept (n = 40)" in words
    assert "10 others (n = 20)" in words
    assert "81 records were identified: other.ris (n = 41)" in text_summary(ax)
    ax.figure.canvas.draw()
    inside = ax.patches[0].get_window_extent()
    for text in ax.texts[: len(ax.texts) - 4]:
        if text.get_text() and "(n =" in text.get_text() and text.get_position()[0] < 5:
            assert text.get_window_extent().x1 <= inside.x1


def test_origins_count_one_by_one_however_many_records_a_paper_had():
    papers = make_papers(
        [
            {
                "title": "Oaks",
                "year": 2020,
                "origin": "a.bib; a.bib; b.ris",
                "abstract": "We count.",
            },
            {"title": "Elms", "year": 2020, "origin": "b.ris", "abstract": "We count."},
        ],
        source="test",
    )
    trends = toolkit.topic_trends(papers, by="origin", freq="Y")
    assert trends.set_index("topic")["papers"].to_dict() == {"b.ris": 2, "a.bib": 1}
    rates = toolkit.availability(papers, by="origin")
    assert rates.set_index("group")["n"].to_dict() == {"b.ris": 2, "a.bib": 1}


def four_papers():
    return make_papers(
        [
            {"title": "Oaks", "origin": "a.bib; b.ris"},
            {"title": "Elms", "origin": "b.ris"},
            {"title": "Firs", "origin": "b.ris; b.ris"},
            {"title": "Yews", "origin": "a.bib"},
        ],
        source="test",
    )


def test_what_was_set_aside_is_not_known_unless_it_is_told():
    with pytest.warns(UserWarning, match=r"not known here.*set_aside=bad"):
        flow = record_flow(four_papers())
    counts = flow.set_index(["step", "origin"])["records"]
    assert counts["set aside"].isna().all() and counts["identified"].tolist() == [2, 4]
    ax = plot_record_flow(flow)
    assert "Set aside, cannot be read (not known)" in [text.get_text() for text in ax.texts]
    assert "an unknown number of records" in text_summary(ax)
    assert "Files that" not in text_summary(ax)
    known = record_flow(four_papers(), set_aside=[]).set_index(["step", "origin"])["records"]
    assert known["set aside"].tolist() == [0, 0]


def test_what_screening_took_out_is_excluded_not_forgotten():
    papers = four_papers()
    left = papers[papers["title"].isin(["Oaks", "Elms"])]
    bad = [BadRecord("a.bib", "line 3", "cut off")]
    flow = record_flow(papers, set_aside=bad, screened=left)
    wide = flow.pivot(index="origin", columns="step", values="records")
    assert list(flow["step"].cat.categories) == list(wide.columns) == [
        "identified", "set aside", "duplicates removed", "excluded", "kept",
    ]  # fmt: skip
    assert wide.loc["a.bib"].tolist() == [3, 1, 0, 1, 1]
    assert wide.loc["b.ris"].tolist() == [4, 0, 2, 1, 1]
    nothing = record_flow(papers, set_aside=(), screened=papers.iloc[:0]).groupby(
        "step", observed=True
    )
    assert nothing["records"].sum().to_dict() == {
        "identified": 6, "set aside": 0, "duplicates removed": 2, "excluded": 4, "kept": 0,
    }  # fmt: skip
    with pytest.raises(DataError, match=r"argument 'screened'.*2 others, such as title:"):
        record_flow(left, screened=papers)
    with pytest.raises(DataError, match="not a papers table"):
        record_flow(papers, screened=["Oaks"])


def test_the_figure_of_a_screening_and_of_files_that_could_not_be_read(tmp_path):
    papers = four_papers()
    bad = [BadRecord(f"{name}.png", "the whole file", "a PNG") for name in "wxyz"]
    flow = record_flow(papers, set_aside=bad, screened=papers.iloc[:3])
    flow.to_csv(tmp_path / "flow.csv", index=False)
    for table in (flow, pd.read_csv(tmp_path / "flow.csv")):
        ax = plot_record_flow(table)
        words = [text.get_text() for text in ax.texts]
        assert "Records identified (n = 6)" in words and "a.bib (n = 2)" in words
        assert "Papers screened (n = 4)" in words and "Papers excluded (n = 1)" in words
        assert "Papers kept (n = 3)" in words
        unread = "Files that cannot be read, not counted: w.png, x.png, y.png, and 1 more"
        assert unread in words and "w.png (n = 0)" not in words
        assert f"1 papers were excluded, 3 papers were kept. {unread}." in text_summary(ax)
        ax.figure.canvas.draw()
        boxes = [patch.get_window_extent() for patch in ax.patches[:5]]
        for at, one in enumerate(boxes):
            assert not any(one.overlaps(other) for other in boxes[at + 1 :])


def test_records_of_a_named_source_count_under_its_name(tmp_path):
    (tmp_path / "one.csv").write_text("Title,Year\nOaks,2019\n,2020\n")
    bad: list[BadRecord] = []
    papers = toolkit.load({"Scopus": tmp_path / "one.csv"}, on_bad=bad.append)
    flow = record_flow(papers, set_aside=bad)
    assert flow["origin"].unique().tolist() == ["Scopus"]
    assert flow["records"].tolist() == [2, 1, 0, 1]
