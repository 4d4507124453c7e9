"""
Trends with verdicts
====================

Shares of topics by quarter, with intervals, a fitted curve and what can be said of it.
"""

import toolkit

papers = toolkit.load_sample("hf-papers")
topics = toolkit.fit_topics(papers)
trends = toolkit.topic_trends(papers, topics)
verdicts = toolkit.trend_verdicts(trends)
toolkit.plot_trends(trends, verdicts=verdicts, limit=6)

# %%
# What each panel says, in a sentence that may be quoted.

toolkit.show(verdicts, n=5, columns=["label", "verdict", "words"])
