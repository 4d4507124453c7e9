"""
Shares of all topics
====================

Areas that add up to all papers: the largest topics, and the others together.
"""

import toolkit

papers = toolkit.load_sample("hf-papers")
topics = toolkit.fit_topics(papers)
toolkit.plots.plot_share_area(toolkit.topic_trends(papers, topics))
