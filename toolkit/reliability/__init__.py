"""Reliability of topics: refits, coherence, comparison of two models, methods paragraph."""

from toolkit.reliability.comparison import compare_topics, moved_papers
from toolkit.reliability.judging import JudgedTrends, judge_trends
from toolkit.reliability.methods import methods_paragraph
from toolkit.reliability.reliability import ReliabilityCard, check_topics

__all__ = [
    "JudgedTrends",
    "ReliabilityCard",
    "check_topics",
    "compare_topics",
    "judge_trends",
    "methods_paragraph",
    "moved_papers",
]
