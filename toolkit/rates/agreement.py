"""How far two people who labelled the same papers agree."""

from __future__ import annotations

import numpy as np
import pandas as pd

from toolkit.errors import DataError
from toolkit.intervals import wilson
from toolkit.rates.correction import UNSURE, read_answer


def check_agreement(
    first: pd.DataFrame,
    second: pd.DataFrame,
    *,
    column: str = "code",
    confidence: float = 0.95,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the agreement of two labellers beyond chance, and the papers they disagree about.

    Parameters
    ----------
    first, second : DataFrame
        Labels of two people: `paper_id` and `column`, as `LabellingWidget` saves them. Papers
        that only one of them has labelled, or for which one could not tell, are left out.
    column : str
        The labels to compare.
    confidence : float
        Of the interval.

    Returns
    -------
    agreement : DataFrame
        One row: papers (labelled by both), agree, share (agree / papers), kappa (1: full
        agreement, 0: what chance brings) with low and high; kappa is NaN where both gave one
        label to all papers.
    disagreements : DataFrame
        paper_id, first, second: what each of them said, to talk about.

    Raises
    ------
    DataError
        A table without `paper_id` and `column` or with a paper twice, or no paper that both have
        labelled.

    Notes
    -----
    J. Cohen (1960), doi:10.1177/001316446002000104. The interval is Wilson's, of the share of
    agreement, on the scale of kappa: with 25 to 100 papers it covers 0.92 or more where that of
    the usual standard error (Fleiss, Cohen and Everitt 1969) covers 0.5 to 0.94.

    Examples
    --------
    >>> first = pd.DataFrame({"paper_id": list("abcd"), "code": ["yes", "yes", "no", "no"]})
    >>> agreement, disagreements = check_agreement(first, first.assign(code=["yes"] + ["no"] * 3))
    >>> agreement["kappa"].tolist(), disagreements["paper_id"].tolist()
    ([0.5], ['b'])
    """
    ours = _labels(first, column, "first")
    both = ours.rename("first").to_frame().join(_labels(second, column, "second").rename("second"))
    both = both.dropna().sort_index()
    if both.empty:
        raise DataError("no paper was labelled by both", found=f"{len(first)} and {len(second)}")
    n = len(both)
    same = (both["first"] == both["second"]).to_numpy()
    shares = [both[side].value_counts(normalize=True) for side in ("first", "second")]
    by_chance = float((shares[0] * shares[1]).sum())
    ends = wilson(same.sum(), n, confidence=confidence)
    kappa, low, high = (
        (float(share) - by_chance) / (1 - by_chance) if by_chance < 1 else np.nan
        for share in (same.mean(), *ends)
    )
    agreement = pd.DataFrame(
        {
            "papers": [n],
            "agree": int(same.sum()),
            "share": float(same.mean()),
            "kappa": kappa,
            "low": max(low, -1.0),
            "high": high,
        }
    )
    return agreement, both[~same].rename_axis("paper_id").reset_index()


def _labels(labels: pd.DataFrame, column: str, name: str) -> pd.Series[str]:
    if not isinstance(labels, pd.DataFrame) or not {"paper_id", column} <= set(labels.columns):
        raise DataError(
            "not a table of labels",
            argument=name,
            found=list(getattr(labels, "columns", [type(labels).__name__])),
            expected=f"paper_id and {column}",
        )
    if labels["paper_id"].duplicated().any():
        raise DataError(
            "a paper is labelled twice",
            argument=name,
            column="paper_id",
            found=labels.loc[labels["paper_id"].duplicated(), "paper_id"].iloc[0],
            hint="Keep one label for each paper",
        )
    values = labels.set_index("paper_id")[column].dropna()
    values = values.map(lambda value: read_answer(value) or str(value)).astype("string")
    return values[values.notna() & (values != UNSURE)]
