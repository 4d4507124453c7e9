"""
The tree of topics
==================

At which distance topics join: nearby topics are one theme.
"""

import toolkit

papers = toolkit.load_sample("hf-papers").head(1500)
topics = toolkit.fit_topics(papers)
toolkit.plots.plot_dendrogram(topics)
