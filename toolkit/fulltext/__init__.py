"""Full texts of papers: PDF, LaTeX source, HTML, JATS and TEI into one table.

`read_fulltext` is in `fulltext`. Nothing is imported here: the child processes that read PDFs
import a few light modules of this room, and must not wait for pandas.
"""
