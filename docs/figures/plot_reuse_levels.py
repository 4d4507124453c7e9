"""
From a mention of code to an archived copy
==========================================

How many papers reach each level of reuse. The checks are invented.
"""

import tempfile

import toolkit

papers = toolkit.plant_collection(n_papers=400).papers
claims, links = toolkit.code_claims(papers), toolkit.find_links(papers)
log = tempfile.mkdtemp() + "/links.sqlite"
checks = toolkit.synthetic.plant_link_checks(links, log=log)
toolkit.plots.plot_reuse_levels(toolkit.linkcheck.reuse_levels(claims, links, checks))
