"""
Where records came from
=======================

Identified, set aside, duplicates removed, kept: the numbers of a PRISMA diagram, on planted exports.
"""

import tempfile
from pathlib import Path

import toolkit

folder, bad = Path(tempfile.mkdtemp()), []
toolkit.synthetic.plant_search(folder, n_papers=300)
files = {"Scopus": folder / "scopus.csv", "Web of Science": folder / "web_of_science.txt"}
papers, merges = toolkit.deduplicate(toolkit.load(files, on_bad=bad.append))
toolkit.plot_record_flow(toolkit.record_flow(papers, set_aside=bad))
