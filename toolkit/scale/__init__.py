"""Collections larger than memory: a folder of Parquet parts, on one machine or on Dask.

The steps in order::

    import_snapshot(path, folder)         arXiv's snapshot → papers/
    add_features(folder)                  claims and vectors → features/
    topics = fit_sample(folder)           topics of a random sample → topics/
    assign_topics(folder, topics)         a topic for every paper → assigned/
    whole = gather(folder)                narrow tables for topic_trends, availability
    find_drift(folder, topics)            whether new months still fit the topics

An interrupted step goes on where it stopped. `add_features` and `assign_topics` take ``client=``
to run on Dask.
"""

from __future__ import annotations

from toolkit.scale.drift import find_drift
from toolkit.scale.execution import dask_parts
from toolkit.scale.gathering import Gathered, gather
from toolkit.scale.part_features import add_features, features_of
from toolkit.scale.part_topics import assign_topics, fit_sample, topics_of
from toolkit.scale.snapshot_import import import_snapshot

__all__ = [
    "Gathered",
    "add_features",
    "assign_topics",
    "dask_parts",
    "features_of",
    "find_drift",
    "fit_sample",
    "gather",
    "import_snapshot",
    "topics_of",
]
