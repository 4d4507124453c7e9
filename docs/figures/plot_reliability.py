"""
How far to trust each topic
===========================

Topics are fitted again on parts of the papers; survival is how much of a topic comes back.
"""

import toolkit

papers = toolkit.load_sample("hf-papers").head(1500)
topics = toolkit.fit_topics(papers)
card = toolkit.check_topics(topics, papers, refits=10, progress=False)
toolkit.plot_reliability(card)

# %%
# The table behind it.

toolkit.show(card, n=5)
