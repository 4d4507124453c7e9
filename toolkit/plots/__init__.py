"""Plots: each ``plot_*(table, *, ax=None)`` draws a table and returns matplotlib Axes."""

from toolkit.plots.areas import plot_share_area
from toolkit.plots.availability import plot_availability, plot_reuse_levels
from toolkit.plots.flow import plot_record_flow
from toolkit.plots.health import plot_health
from toolkit.plots.networks import plot_network
from toolkit.plots.papers import plot_papers
from toolkit.plots.reliability import plot_reliability, plot_topic_flow
from toolkit.plots.slopes import plot_slopes
from toolkit.plots.style import COLOURS, new_axes, text_summary, tidy
from toolkit.plots.survival import plot_survival
from toolkit.plots.themes import plot_themes
from toolkit.plots.topic_map import plot_topic_map
from toolkit.plots.topics import plot_dendrogram
from toolkit.plots.trends import plot_trends

__all__ = [
    "COLOURS",
    "new_axes",
    "plot_availability",
    "plot_dendrogram",
    "plot_health",
    "plot_network",
    "plot_papers",
    "plot_record_flow",
    "plot_reliability",
    "plot_reuse_levels",
    "plot_share_area",
    "plot_slopes",
    "plot_survival",
    "plot_themes",
    "plot_topic_flow",
    "plot_topic_map",
    "plot_trends",
    "text_summary",
    "tidy",
]
