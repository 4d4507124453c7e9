"""Topics: a neighbour graph, Leiden and c-TF-IDF inside BERTopic, and what a topic model can do."""

from toolkit.topics.topics import TopicModel, fit_topics, load_topics, replay
from toolkit.topics.tree import cut_tree, topic_tree

__all__ = [
    "TopicModel",
    "cut_tree",
    "fit_topics",
    "load_topics",
    "replay",
    "topic_tree",
]
