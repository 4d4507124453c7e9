"""
What a collection lacks
=======================

The share of papers that have each column, with the problems found in it.
"""

import toolkit

papers = toolkit.load_sample("hf-papers")
toolkit.plots.plot_health(toolkit.describe_papers(papers))
