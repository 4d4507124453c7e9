"""Make the README's picture, light and dark, from the shipped collection: docs/picture*.png."""

from pathlib import Path

import matplotlib.pyplot as plt

import toolkit
from toolkit.plots.palette import THEMES
from toolkit.trends import label_periods

ROOT = Path(__file__).resolve().parents[1]
#: The colour of lines on a light and on a dark background.
LINE = {False: "#0072B2", True: "#56B4E9"}


def main() -> None:
    """Draw the map, the clearest riser and faller, and the rate of linked code."""
    papers = toolkit.load_sample("hf-papers")
    topics = toolkit.fit_topics(papers)
    trends, _, headlines, _, note = toolkit.judge_trends(papers, topics)
    print(note)
    # Topics that still rise or fall at the end.
    going_on = headlines[~headlines["levels_off"].fillna(True)]
    lines = [going_on[going_on["verdict"] == one].iloc[0] for one in ("rising", "falling")]
    shares = [(f"{row['label']}: {row['verdict']}", row["topic"]) for row in lines]
    rates = toolkit.availability(papers, by="period")
    for dark, name in ((False, "picture.png"), (True, "picture_dark.png")):
        with plt.rc_context(style(dark)):
            figure = plt.figure(figsize=(12, 6.6), layout="constrained")
            left, right = figure.subfigures(1, 2, width_ratios=(1.75, 1))
            rising, falling, code = right.subplots(3, 1)
            for ax, (title, topic) in zip((rising, falling), shares):
                draw_share(ax, trends[trends["topic"] == topic], title, dark)
            toolkit.plot_availability(rates, ax=code)
            code.set(xlabel="", ylabel="share (%)")
            code.set_xticks(code.get_xticks()[::2])
            code.tick_params(axis="x", labelsize="small")
            code.set_title("papers that link their code, by quarter", loc="left", fontsize="medium")
            toolkit.plot_topic_map(topics, ax=left.subplots(), n_labels=22, dark=dark)
            figure.savefig(ROOT / "docs" / name, dpi=110)
            plt.close(figure)


def style(dark: bool) -> dict[str, str]:
    """Return matplotlib's settings for a light or dark background."""
    theme = THEMES[dark]
    ink = ("text.color", "axes.edgecolor", "axes.labelcolor", "xtick.color", "ytick.color")
    paper = ("figure.facecolor", "axes.facecolor", "savefig.facecolor")
    return dict.fromkeys(ink, theme["ink"]) | dict.fromkeys(paper, theme["paper"])


def draw_share(ax: plt.Axes, rows, title: str, dark: bool) -> None:
    """Draw one topic's share with its intervals; hollow where the quarter is not whole."""
    rows = rows[rows["total"] > 0]
    share, low, high = (100 * rows[name] for name in ("share", "low", "high"))
    ax.errorbar(
        rows["period"], share, [share - low, high - share], fmt="none", ecolor=THEMES[dark]["none"]
    )
    whole, line = ~rows["partial"], LINE[dark]
    ax.plot(rows["period"], share, color=line, lw=1, alpha=0.5)
    ax.plot(rows["period"][whole], share[whole], "o", color=line)
    ax.plot(rows["period"][~whole], share[~whole], "o", mfc=ax.get_facecolor(), mec=line)
    ax.set_title(title, loc="left", fontsize="medium")
    ax.set_ylabel("share (%)")
    ax.set_ylim(0)
    every_other = rows["period"].iloc[::2]
    ax.set_xticks(every_other, label_periods(every_other), fontsize="small")
    ax.spines[["top", "right"]].set_visible(False)


if __name__ == "__main__":
    main()
