"""
Availability of code
====================

The share of papers whose abstract links their own code, by quarter, with Wilson's interval.
"""

import toolkit

papers = toolkit.load_sample("hf-papers")
rates = toolkit.availability(papers, by="quarter")
toolkit.plot_availability(rates)

# %%
# The table behind it.

toolkit.show(rates, n=5)
