"""Make the README's picture, docs/picture.png, from the shipped collection."""

from pathlib import Path

import matplotlib.pyplot as plt

import toolkit
from toolkit.plots.style import GREY
from toolkit.trends import label_periods

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    """Draw the map, the clearest riser and faller, and the rate of linked code."""
    papers = toolkit.load_sample("hf-papers")
    topics = toolkit.fit_topics(papers)
    trends, _, headlines, _, note = toolkit.judge_trends(papers, topics)
    print(note)
    figure = plt.figure(figsize=(13, 7.2), layout="constrained")
    left, right = figure.subfigures(1, 2, width_ratios=(1.25, 1))
    map_axes = left.subplots()
    rising, falling, code = right.subplots(3, 1)
    # Topics that still rise or fall at the end.
    going_on = headlines[~headlines["levels_off"].fillna(True)]
    for ax, verdict in ((rising, "rising"), (falling, "falling")):
        row = going_on[going_on["verdict"] == verdict].iloc[0]
        draw_share(ax, trends[trends["topic"] == row["topic"]], f"{row['label']}: {verdict}")
    toolkit.plot_availability(toolkit.availability(papers, by="period"), ax=code)
    code.set(xlabel="", ylabel="share (%)")
    code.tick_params(axis="x", labelsize="x-small")
    code.set_title("papers that link their code, by quarter", loc="left", fontsize="medium")
    # Labels are placed by the size of the axes, which the layout settles when it is drawn.
    map_axes.set_title("papers", loc="left", fontsize="medium")
    map_axes.set_xlabel("near")
    figure.canvas.draw()
    figure.set_layout_engine("none")
    toolkit.plot_topic_map(topics, ax=map_axes)
    figure.savefig(ROOT / "docs" / "picture.png", dpi=90)


def draw_share(ax: plt.Axes, rows, title: str) -> None:
    """Draw one topic's share with its intervals; hollow where the quarter is not whole."""
    rows = rows[rows["total"] > 0]
    share, low, high = (100 * rows[name] for name in ("share", "low", "high"))
    ax.errorbar(rows["period"], share, [share - low, high - share], fmt="none", ecolor=GREY)
    whole = ~rows["partial"]
    ax.plot(rows["period"], share, color="#0072B2", lw=1, alpha=0.5)
    ax.plot(rows["period"][whole], share[whole], "o", color="#0072B2")
    ax.plot(rows["period"][~whole], share[~whole], "o", mfc="white", mec="#0072B2")
    ax.set_title(title, loc="left", fontsize="medium")
    ax.set_ylabel("share (%)")
    ax.set_ylim(0)
    ax.set_xticks(rows["period"], label_periods(rows["period"]), fontsize="x-small")
    ax.spines[["top", "right"]].set_visible(False)


if __name__ == "__main__":
    main()
