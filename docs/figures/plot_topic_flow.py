"""
Two topic models compared
=========================

Which topics were kept, split or merged when the collection grew.
"""

import toolkit

papers = toolkit.load_sample("hf-papers").sort_values("published")
old = toolkit.fit_topics(papers.head(900))
new = toolkit.fit_topics(papers.head(1200))
toolkit.plots.plot_topic_flow(toolkit.compare_topics(old, new))
