"""Topics of a collection, found by BERTopic with our own parts, and the topic model."""

from toolkit.topics.fitting import fit_topics, replay
from toolkit.topics.model import TopicModel, load_topics
from toolkit.topics.tree import cut_tree, topic_tree

__all__ = [
    "TopicModel",
    "cut_tree",
    "fit_topics",
    "load_topics",
    "replay",
    "topic_tree",
]
