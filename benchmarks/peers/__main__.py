"""The run: mark every picture, leak every copy, write docs/benchmarks/peers.md.

``make bench-peers`` runs it in an environment of its own. It takes some 25 minutes on two cores.
"""

import os

# Before NumPy is loaded: the work is shared out by processes, and a thread pool in each would only be in the way.
os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")

import argparse
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import TypeVar

from rich.console import Console
from rich.progress import Progress

from benchmarks import pages
from benchmarks.peers import report
from benchmarks.peers.pictures import PICTURES
from benchmarks.peers.selection import leaks
from benchmarks.peers.trial import Outcome, Quality, leak_all, mark_all

Result = TypeVar("Result")

QUICK_PICTURE = "astronaut"


def main() -> None:
    """Run the bench as the command line says."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one picture and six leaks; prints, and writes no page")
    parser.add_argument("--every-leak", action="store_true", help="every leak of one holder that the drill makes")
    parser.add_argument("--picture", choices=PICTURES, action="append", help="only this one; may be repeated")
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    names = options.picture or ([QUICK_PICTURE] if options.quick else list(PICTURES))
    started = time.perf_counter()
    qualities, outcomes = run(names, options)
    minutes = (time.perf_counter() - started) / 60
    parts = report.parts(qualities, outcomes, minutes=minutes, processes=options.processes)
    if options.quick or options.picture:
        print("\n\n".join([report.TITLE, *parts]))
    else:
        command = "make bench-peers" if not options.every_leak else "python -m benchmarks.peers --every-leak"
        pages.write("peers", command, report.TITLE, *parts)


def run(names: list[str], options: argparse.Namespace) -> tuple[list[Quality], list[Outcome]]:
    """Mark and leak the pictures of these names; results in a fixed order, whichever worker was first."""
    chosen = leaks(every=options.every_leak, quick=options.quick)
    # blind-watermark claims the fork method for its process at import, and a second import would raise: so the workers
    # are forked from this process, which has imported the packages and started none of their threads.
    forked = multiprocessing.get_context("fork")
    with (
        tempfile.TemporaryDirectory(prefix="tidemark-bench-") as name,
        ProcessPoolExecutor(options.processes, mp_context=forked) as pool,
        Progress(console=Console(file=sys.stderr)) as bar,
    ):
        folder = Path(name)
        qualities = _all("Marking", [pool.submit(mark_all, picture, folder) for picture in names], bar)
        tasks = [pool.submit(leak_all, picture, leak, folder) for leak in chosen for picture in names]
        return qualities, _all("Leaking and reading", tasks, bar)


def _all(title: str, waiting: Sequence[Future[list[Result]]], bar: Progress) -> list[Result]:
    task = bar.add_task(title, total=len(waiting))
    try:
        for done in as_completed(waiting):
            done.result()
            bar.advance(task)
    finally:
        for future in waiting:
            future.cancel()  # after a failure; what is done cannot be cancelled
    return [result for future in waiting for result in future.result()]


if __name__ == "__main__":
    main()
