"""Write report.html on a collection: `make report`, or `make report PAPERS=my_export.bib`.

Several files may be named; records of one paper are merged. What cannot be read is told of in one
sentence, and nothing is written.
"""

import sys
import warnings
from pathlib import Path

import toolkit
from toolkit.errors import DataError

#: Written into the folder from which the command is called.
REPORT = Path("report.html")


def main(named: list[str]) -> None:
    """Load what is named (the shipped sample otherwise) and write the report."""
    warnings.showwarning = _tell  # a warning is a sentence, not a line of code
    if not named:
        papers, title = toolkit.load_sample("hf-papers"), "Hugging Face papers, 2024 to 2026"
    else:
        papers, merges = toolkit.deduplicate(toolkit.load([Path(name) for name in named]))
        title = f"Papers of {', '.join(Path(name).name for name in named)}"
        if len(merges):
            print(toolkit.findings(merges=merges))
    toolkit.report(papers, REPORT, title=title)
    print(f"{len(papers):,} papers: {REPORT.resolve()}")


def _tell(message: Warning | str, *_: object, **__: object) -> None:
    print(f"Note: {message}", file=sys.stderr)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except (DataError, toolkit.SourceError, OSError) as error:
        # The message says all there is to say; a traceback would hide it.
        sys.exit(f"No report was written. {error}")
