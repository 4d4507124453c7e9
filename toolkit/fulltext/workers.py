"""Files read in child processes: on all cores, and so that no file can harm the session.

A file that makes the reader crash, hang or take all memory ends one child; the file is told of
and another child goes on with the next. The children are plain Python processes: `multiprocessing`
would import the user's own script again.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import IO

from toolkit.errors import DataError
from toolkit.fulltext.documents import Document, Part
from toolkit.fulltext.pdf_document import read_pdf

#: Seconds that one file may take, and bytes that its child may take beyond what Python needs.
TIME_LIMIT = 60.0
_MEMORY = 1 << 30
#: Seconds that are waited for a child that was told to end.
_PATIENCE = 2.0
_CODE = (
    "import sys; sys.path[:] = sys.argv[1:]; from toolkit.fulltext.workers import serve; serve()"
)

Answer = Document | DataError


def read_each(
    files: Sequence[tuple[Path, str]], *, time_limit: float = TIME_LIMIT
) -> Iterator[tuple[int, Answer]]:
    """Yield the paper or the error of each file with its number, as they are done.

    Parameters
    ----------
    files : sequence of (Path, str)
        Each with its kind, as `kind_of` gives it.
    time_limit : float
        Seconds for one file.
    """
    waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
    for number in range(len(files)):
        waiting.put(number)
    done: queue.SimpleQueue[tuple[int, Answer]] = queue.SimpleQueue()
    count = min(len(files), max(1, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity")
                                else os.cpu_count() or 1), 16)  # fmt: skip
    workers = [_Worker(files, waiting, done, time_limit) for _ in range(count)]
    try:
        for worker in workers:
            worker.start()
        for _ in files:
            yield done.get()
    finally:
        for worker in workers:
            worker.stop()
        for worker in workers:
            if worker.is_alive():
                worker.join(_PATIENCE)


class _Worker(threading.Thread):
    """Feeds one child process, and starts another when it ends."""

    def __init__(
        self,
        files: Sequence[tuple[Path, str]],
        waiting: queue.SimpleQueue[int],
        done: queue.SimpleQueue[tuple[int, Answer]],
        time_limit: float,
    ) -> None:
        super().__init__(daemon=True)
        self._files, self._waiting, self._done = files, waiting, done
        self._time_limit = time_limit
        self._child: subprocess.Popen[bytes] | None = None
        self._stopped = False

    def run(self) -> None:
        while not self._stopped:
            try:
                number = self._waiting.get_nowait()
            except queue.Empty:
                break
            try:
                answer = self._ask(*self._files[number])
            except Exception as error:
                answer = DataError(f"cannot be read ({error})", source=self._files[number][0])
            self._done.put((number, answer))
        self._end_child()

    def stop(self) -> None:
        """End the child now."""
        self._stopped = True
        child = self._child
        if child is not None and child.poll() is None:
            child.kill()

    def _ask(self, path: Path, kind: str) -> Answer:
        child = self._child
        if child is None or child.poll() is not None:
            child = self._child = _new_child()
        assert child.stdin is not None and child.stdout is not None
        late = threading.Event()

        def end() -> None:
            late.set()
            child.kill()

        timer = threading.Timer(self._time_limit, end)
        timer.daemon = True
        timer.start()
        try:
            child.stdin.write(json.dumps([str(path.absolute()), kind]).encode() + b"\n")
            child.stdin.flush()
            line = child.stdout.readline()
        except OSError:
            line = b""
        finally:
            timer.cancel()
        if not line:
            self._end_child()
            why = (
                f"reading took more than {self._time_limit:g} seconds"
                if late.is_set()
                else "the file ended the program that read it: it is damaged or harmful"
            )
            return DataError(why, source=path, hint="Download it again, or leave it out")
        return _decode(json.loads(line), path)

    def _end_child(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        for stream in (child.stdin, child.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
        try:
            child.wait(0.5)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _new_child() -> subprocess.Popen[bytes]:
    quiet = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    return subprocess.Popen(
        [sys.executable, "-c", _CODE, *sys.path],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **quiet},
    )


def serve() -> None:
    """Read the files that come in, path and kind a line, and answer each with one line of JSON."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # What a library prints must not get between the answers.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    _limit_memory()
    for line in sys.stdin.buffer:
        path, kind = json.loads(line)
        _answer(Path(path), kind, answers)


def _answer(path: Path, kind: str, answers: IO[bytes]) -> None:
    try:
        if kind == "pdf":
            reply = json.dumps(asdict(read_pdf(path)))
        else:
            from toolkit.fulltext.reading import read_document

            reply = json.dumps(asdict(read_document(path, kind)))
    except DataError as error:
        reply = json.dumps(_facts(error))
    except MemoryError:
        reply = json.dumps({"message": "takes more memory than a paper does"})
    except RecursionError:
        reply = json.dumps({"message": "nested too deep for a paper"})
    answers.write(reply.encode("utf-8", "replace") + b"\n")
    answers.flush()


def _facts(error: DataError) -> dict[str, object]:
    found = error.found if error.found is None or isinstance(error.found, str) else str(error.found)
    return {
        "message": error.message, "found": found, "expected": error.expected, "hint": error.hint,
    }  # fmt: skip


def _decode(reply: dict[str, object], path: Path) -> Answer:
    if "parts" in reply:
        parts = [Part(**part) for part in reply["parts"]]  # type: ignore[attr-defined]
        return Document(parts, reply["ids"], reply["title"])  # type: ignore[arg-type]
    known = {name: value for name, value in reply.items() if value is not None}
    message = str(known.pop("message"))
    return DataError(message, source=path, **known)  # type: ignore[arg-type]


def _limit_memory() -> None:
    """Let this process take so much memory beyond what it has now (where the system can)."""
    try:
        import resource

        with open("/proc/self/status", encoding="ascii") as status:  # noqa: PTH123
            now = next(int(line.split()[1]) for line in status if line.startswith("VmData")) << 10
        resource.setrlimit(resource.RLIMIT_DATA, (now + _MEMORY, now + _MEMORY))
    except (ImportError, OSError, StopIteration, ValueError):
        pass
