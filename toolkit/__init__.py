"""A research toolkit for collections of papers: topics, trends, repo availability, explorer.

The public names stand in ``__init__.pyi``, where editors and type checkers read them; each is
imported when it is first used, so that ``import toolkit`` takes no time.

Examples
--------
>>> import toolkit
>>> papers = toolkit.load_sample("trending-page")
>>> len(papers)
31
"""

import lazy_loader

__version__ = "0.2.0"

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
