"""Write report.html on a collection: `make report`, or `make report PAPERS=my_export.bib`."""

import sys
from pathlib import Path

import toolkit


def main() -> None:
    """Load what is named (the shipped sample otherwise) and write the report."""
    named = sys.argv[1:]
    papers = toolkit.load(named[0]) if named else toolkit.load_sample("hf-papers")
    path = toolkit.report(papers, Path("report.html"))
    print(f"{len(papers)} papers: {path}")


if __name__ == "__main__":
    try:
        main()
    except (toolkit.DataError, toolkit.SourceError) as error:
        # The message says all there is to say; a traceback would hide it.
        sys.exit(str(error))
