"""The pages of the desk with ten thousand copies on record: how fast, at what cost, on SQLite and on PostgreSQL.

python -m benchmarks.desk [--seconds 60] [--only sqlite]

Each database gets a data folder of its own, filled by :mod:`.fill`; `tidemark serve` runs on it as it would anywhere,
and :mod:`.load`, a process that knows nothing of Tidemark, asks for pages. This process only starts and counts.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from typing import Any

from benchmarks import pages
from benchmarks.desk.load import A_SECOND
from tests.postgresql import Server

ALLOWED_MS = 300
SIZES = ("50x20", "200x50")
"""Persons × drafts: a thousand and ten thousand copies."""
DATABASES = ("sqlite", "postgresql")
_TITLES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


@dataclass(frozen=True, slots=True)
class Run:
    """What came of one database.

    Attributes
    ----------
    told : mapping
        What :mod:`.fill` says of the desk and its pages.
    times : mapping of str to list of float
        For each person and page, the milliseconds of its answers.
    wrong : list of str
        Requests that were not answered with 200.
    cpu_ms : float
        Processor time of the server's processes, its worker's included, for an answer, in the mean.
    busy : float
        Load of the whole machine while it ran: processes that wanted a processor, in the mean of a minute.
    """

    told: Mapping[str, Any]
    times: Mapping[str, list[float]]
    wrong: list[str]
    cpu_ms: float
    busy: float

    @property
    def all_times(self) -> list[float]:
        return [took for each in self.times.values() for took in each]


def main() -> None:
    """Run on each database; write docs/benchmarks/desk.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--only", choices=DATABASES)
    asked = parser.parse_args()
    runs = {name: run(name, asked.seconds) for name in DATABASES if asked.only in (None, name)}
    for name, each in runs.items():
        assert not each.wrong, f"{name}: {each.wrong[:5]}"
    told = next(iter(runs.values())).told
    small, large = told["counted"].values()
    grown = [
        f"{page['who']}: {page['name']}"
        for page, one, two in zip(told["pages"], small, large, strict=True)
        if two["queries"] > one["queries"]
    ]
    pages.write(
        "desk",
        "make bench-desk",
        "# The desk with ten thousand copies on record",
        f"{told['copies']:,} copies (200 persons of 60 parties in three tiers × 50 drafts), {told['leaves']:,} entries "
        f"in the ledger. `tidemark serve` with one worker, asked from outside for {asked.seconds:.0f} s, "
        f"{A_SECOND} times a second at random times, for each of {len(told['pages'])} pages alike, on "
        f"{os.cpu_count()} processors that the server, its database and the asking process share. A time counts from "
        "when the request was due.",
        pages.table(
            (
                "database",
                "answers",
                "p50",
                "p95",
                "allowed p95",
                "slowest page's p95",
                "longest",
                "CPU an answer",
                "load",
            ),
            overall(runs),
        ),
        verdict(runs),
        "CPU is that of the server and its worker, without PostgreSQL's. Load is what the machine had to do while it "
        "ran, this included (`uptime`, one minute): above the number of processors, times say more of the machine than "
        "of the pages.",
        "## Page by page",
        "Queries at 1,000 and at 10,000 copies; processor time of one answer alone, in one process, at both; "
        "p50 / p95 / longest of the answers in milliseconds.",
        pages.table(
            ("who", "page", "queries", "CPU, ms", *(f"{_TITLES[name]}, ms" for name in runs), "kB"),
            by_page(runs, small, large),
        ),
        "No page asks more often when there are more rows."
        if not grown
        else f"Pages that ask more often when there are more rows: {', '.join(grown)}.",
    )


def overall(runs: Mapping[str, Run]) -> list[list[str]]:
    """Return the rows of the first table."""
    return [
        [
            _TITLES[name],
            f"{len(run.all_times):,}",
            f"{percentile(run.all_times, 50):.0f} ms",
            f"{percentile(run.all_times, 95):.0f} ms",
            f"≤ {ALLOWED_MS} ms",
            f"{max(percentile(times, 95) for times in run.times.values()):.0f} ms",
            f"{max(run.all_times):.0f} ms",
            f"{run.cpu_ms:.0f} ms",
            f"{run.busy:.1f}",
        ]
        for name, run in runs.items()
    ]


def verdict(runs: Mapping[str, Run]) -> str:
    """Say whether the figure is reached, and which pages alone would not reach it."""
    missed = [_TITLES[name] for name, run in runs.items() if percentile(run.all_times, 95) > ALLOWED_MS]
    slow = [
        f"{page} ({_TITLES[name]})"
        for name, run in runs.items()
        for page, times in run.times.items()
        if percentile(times, 95) > ALLOWED_MS
    ]
    said = f"Not reached on {' and '.join(missed)}." if missed else "Reached."
    return f"{said} Pages whose own p95 is longer: {'; '.join(slow) or 'none'}."


def by_page(runs: Mapping[str, Run], small: list[dict[str, Any]], large: list[dict[str, Any]]) -> Iterator[list[str]]:
    """Yield the rows of the second table."""
    told = next(iter(runs.values())).told
    for page, one, two in zip(told["pages"], small, large, strict=True):
        key = f"{page['who']}: {page['name']}"
        cells = [spread(run.times.get(key, [])) for run in runs.values()]
        asked, spent = f"{one['queries']} → {two['queries']}", f"{one['cpu_ms']:.0f} → {two['cpu_ms']:.0f}"
        yield [page["who"], page["name"], asked, spent, *cells, f"{two['bytes'] / 1000:.0f}"]


def spread(times: list[float]) -> str:
    """Write p50, p95 and the longest."""
    if not times:
        return "not asked for"
    return f"{percentile(times, 50):.0f} / {percentile(times, 95):.0f} / {max(times):.0f}"


def percentile(times: list[float], percent: int) -> float:
    """Return the time within which so many of a hundred answers came."""
    return quantiles(times, n=100, method="inclusive")[percent - 1] if len(times) > 1 else times[0]


def run(database: str, seconds: float) -> Run:
    """Fill, serve, ask."""
    with tempfile.TemporaryDirectory() as folder, started(database) as env:
        home, told = Path(folder) / "home", Path(folder) / "pages.json"
        _python("-m", "benchmarks.desk.fill", home, *SIZES, env=env)
        with served(home, env) as (address, pid):
            before = cpu_seconds(pid)
            printed = _python("-m", "benchmarks.desk.load", address, told, seconds, env=env)
            spent = cpu_seconds(pid) - before
        found = json.loads(printed)
        known = json.loads(told.read_text())
        answers = sum(map(len, found["times"].values())) + len(known["pages"])  # and those of warming up
        return Run(known, found["times"], found["wrong"], 1000 * spent / answers, os.getloadavg()[0])


@contextmanager
def started(database: str) -> Iterator[dict[str, str]]:
    """Have the database, and yield the environment that names it."""
    if database == "sqlite":
        yield {name: value for name, value in os.environ.items() if name != "TIDEMARK_DATABASE_URL"}
        return
    server = Server()
    server.start()
    try:
        server.renew()
        yield dict(os.environ)
    finally:
        server.stop()
        os.environ.pop("TIDEMARK_DATABASE_URL", None)


@contextmanager
def served(home: Path, env: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    """Run the server; yield its address and its process."""
    code = "from tidemark.cli import run; import sys; sys.argv = ['tidemark', *sys.argv[1:]]; run()"
    command = [sys.executable, "-c", code, "serve", "--port", "0", "--home", str(home)]
    with (home.parent / "log").open("wb") as log:
        process = subprocess.Popen(command, env=dict(env), stdout=subprocess.PIPE, stderr=log, text=True)
        try:
            assert process.stdout is not None
            address = re.search(r"http://localhost:\d+", process.stdout.readline())
            assert address, (home.parent / "log").read_text()
            yield address[0], process.pid
        finally:
            process.terminate()
            process.wait(60)


def cpu_seconds(pid: int) -> float:
    """Return the processor time that a process and the running ones that it started have used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    own = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    started = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return own + sum(cpu_seconds(int(each)) for each in started)


def _python(*args: object, env: Mapping[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, *map(str, args)], env=dict(env), check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout


if __name__ == "__main__":
    main()
