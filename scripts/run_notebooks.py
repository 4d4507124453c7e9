"""Execute the notebooks headless, one process each, and say how long each took.

``python scripts/run_notebooks.py [notebook …]``; the files themselves are not changed.
"""

import sys
import time
from pathlib import Path

try:
    import resource
except ImportError:  # Windows
    resource = None

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

FOLDER = Path(__file__).resolve().parents[1] / "notebooks"


def execute(path: Path) -> nbformat.NotebookNode:
    """Execute one notebook in its folder; return it with its outputs."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=600,
        kernel_name="python3",
        # Kernels listen on this machine only; their warning about it alarms readers.
        extra_arguments=["--IPKernelApp.log_level=40"],
        resources={"metadata": {"path": str(path.parent)}},
    )
    client.execute()
    return notebook


def run(path: Path) -> str:
    """Execute one notebook; return its error, or an empty string."""
    try:
        execute(path)
    except CellExecutionError as error:
        return str(error)
    return ""


def processor_seconds() -> float:
    """Return what the kernels that have ended took of the processor so far; 0 on Windows."""
    if resource is None:
        return 0.0
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> int:
    """Run those named, or all; return the number that failed."""
    failed = 0
    for path in [Path(name) for name in sys.argv[1:]] or sorted(FOLDER.glob("*.ipynb")):
        start, used = time.perf_counter(), processor_seconds()
        error = run(path)
        print(
            f"{path.name:32} {time.perf_counter() - start:6.1f} s  "
            f"{processor_seconds() - used:6.1f} s of the processor  {'FAILED' if error else 'ok'}",
            flush=True,
        )
        if error:
            print(error)
            failed += 1
    return failed


if __name__ == "__main__":
    sys.exit(main())
