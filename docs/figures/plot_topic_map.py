"""
A map of topics
===============

Near papers are alike. Labels are placed so that none covers another; larger figures name more topics.
"""

import toolkit

papers = toolkit.load_sample("hf-papers")
topics = toolkit.fit_topics(papers)
toolkit.plot_topic_map(topics)

# %%
# The table behind it.

toolkit.show(topics.topics, n=5)
