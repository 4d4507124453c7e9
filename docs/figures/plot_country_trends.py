"""
Trends by country
=================

Any column can take the place of topics; of a list, each value counts. These papers are planted.
"""

import toolkit

papers = toolkit.synthetic.plant_literature(n_papers=400)
trends = toolkit.topic_trends(papers, by="countries", freq="Y")
toolkit.plot_trends(trends)

# %%
# The table behind it.

toolkit.show(toolkit.count_by(papers, "countries"))
