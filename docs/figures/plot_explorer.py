"""
The explorer's map as a picture
===============================

What is selected in the explorer is drawn in colour; the view stands below in words. SVG and PDF are for print.
"""

import toolkit

papers = toolkit.load_sample("hf-papers").head(2000)
topics = toolkit.fit_topics(papers)
explorer = toolkit.Explorer(papers, topics, view="code=linked")
explorer.to_png("explorer.made.png", dpi=100)
