"""
Rising and falling
==================

From the first half of the time to the second, for topics that changed. The scale is logarithmic: equal slopes are equal factors.
"""

import toolkit

papers = toolkit.load_sample("hf-papers")
topics = toolkit.fit_topics(papers)
verdicts = toolkit.trend_verdicts(toolkit.topic_trends(papers, topics))
toolkit.plots.plot_slopes(verdicts, limit=6)
