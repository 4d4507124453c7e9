"""
Comparison of groups
====================

Which topics link more or less code than all others: the difference, its interval, and q.
"""

import toolkit

papers = toolkit.load_sample("hf-papers")
topics = toolkit.fit_topics(papers, n_topics=12)
rates = toolkit.availability(papers, by="topic", topics=topics)
toolkit.plot_availability(rates)

# %%
# The table behind it.

found = toolkit.rates.compare_groups(rates)
toolkit.show(found, n=5)
