"""
Central and dense themes
========================

Callon's map: themes of keywords by how much they link to others (across) and within themselves (up).
"""

import toolkit

papers = toolkit.load_sample("motor-learning-papers")
words = toolkit.find_network(papers, of="keywords")
themes = toolkit.networks.find_themes(words)
toolkit.plots.plot_themes(themes)
