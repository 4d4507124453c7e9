"""Collections that outgrow memory: a folder of Parquet parts, one machine or Dask.

The order of things::

    import_snapshot(path, folder)         arXiv's snapshot → papers/
    add_features(folder)                  claims and vectors → features/
    topics = fit_sample(folder)           topics of a seeded sample → topics/
    assign_topics(folder, topics)         a topic for every paper → assigned/
    whole = gather(folder)                narrow tables for topic_trends, availability
    find_drift(folder, topics)            do new months still fit?

Each step goes on where it was stopped, and takes ``client=`` to run on Dask instead.
"""

from __future__ import annotations

from toolkit.scale.drift import find_drift
from toolkit.scale.engines import dask_parts
from toolkit.scale.gathering import Gathered, gather
from toolkit.scale.snapshot import import_snapshot
from toolkit.scale.steps import add_features, assign_topics, features_of, fit_sample, topics_of

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
