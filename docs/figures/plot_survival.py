"""
Survival of links
=================

The share of links that still work, from repeated checks. The checks are invented: no host was asked.
"""

import tempfile

import toolkit

papers = toolkit.plant_collection(n_papers=400).papers
log = tempfile.mkdtemp() + "/links.sqlite"
toolkit.synthetic.plant_link_checks(toolkit.find_links(papers), log=log)
toolkit.plot_survival(toolkit.link_survival(log))
