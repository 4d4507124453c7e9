"""
Papers over time
================

How many papers each period holds. Hatched periods are not covered in full; pale ones have few papers.
"""

import toolkit

papers = toolkit.load_sample("hf-papers")
toolkit.plot_papers(papers)

# %%
# The calendar that was chosen, and why.

print(toolkit.choose_calendar(papers).reason)
