"""Two runs at once, and runs that are interrupted: each copy is in its folder exactly when it is on record."""

import json
import signal
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow  # each starts the command anew

SLOW = """
import time
from tidemark.engine.carriers import image

marked = image.mark
image.mark = lambda *a: (time.sleep(0.2), marked(*a))[1]
"""


def _count(tmp_path: Path, table: str, which: str = "true") -> int:
    with sqlite3.connect(tmp_path / "home" / "records.sqlite3") as database:
        return database.execute(f"SELECT count(*) FROM {table} WHERE {which}").fetchone()[0]


def _args(draft: Path, out: Path, recipients: int) -> list[object]:
    return [
        "mark",
        draft,
        *(part for n in range(recipients) for part in ("--for", f"Supplier {n}")),
        "--out",
        out,
        "--json",
    ]


def test_two_first_runs_at_once_both_succeed(spawn: Callable, cli: Callable, draft_path: Path, tmp_path: Path) -> None:
    runs = [spawn(*_args(draft_path, tmp_path / "o", 4)) for _ in range(2)]
    lines = []
    for run in runs:
        shown, told = run.communicate(timeout=90)
        assert run.returncode == 0, told
        assert told == ""
        lines += [json.loads(line) for line in shown.splitlines()]
    assert len(list((tmp_path / "o").iterdir())) == len({line["path"] for line in lines}) == 8
    counts = [_count(tmp_path, table) for table in ("copies_copy", "parties_party", "projects_draft")]
    assert counts == [8 + 1, 4 + 1, 1]  # and the owner, with its master
    assert cli("check").exit_code == 0


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_says_what_it_made(
    spawn: Callable, cli: Callable, draft_path: Path, tmp_path: Path, how: signal.Signals
) -> None:
    run = spawn(*_args(draft_path, tmp_path / "o", 60), before=SLOW)
    first = run.stdout.readline()
    time.sleep(0.35)  # somewhere in the middle of the next copies
    run.send_signal(how)
    shown, told = run.communicate(timeout=60)
    assert run.returncode == 130, told
    made = len(list((tmp_path / "o").iterdir()))
    assert 1 <= made < 60
    assert told == f"tidemark: Interrupted. {made} of 60 copies were made, and are on record.\n"
    assert _count(tmp_path, "copies_copy", "state = 'released' AND NOT is_master") == made
    assert len([first, *shown.splitlines()]) in {made, made - 1}  # the last may have been released but not yet shown
    assert cli("check").exit_code == 0


def test_an_interrupt_before_the_first_copy_leaves_nothing(
    spawn: Callable, cli: Callable, draft_path: Path, tmp_path: Path
) -> None:
    wait = "import time\nfrom tidemark.engine.carriers import image\nimage.mark = lambda *a: time.sleep(3)"
    run = spawn(*_args(draft_path, tmp_path / "o", 3), before=wait)
    while not (tmp_path / "home" / "master.secret").exists():
        time.sleep(0.05)
        assert run.poll() is None
    time.sleep(0.5)
    run.send_signal(signal.SIGINT)
    _, told = run.communicate(timeout=60)
    assert (run.returncode, told) == (130, "tidemark: Interrupted. No copy was made.\n")
    assert list((tmp_path / "o").iterdir()) == []
    assert _count(tmp_path, "parties_party") == _count(tmp_path, "projects_draft") == 0
    assert cli("check").exit_code == 0


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_trace_says_how_many_leaks_are_in_the_ledger(
    spawn: Callable, cli: Callable, draft_path: Path, tmp_path: Path, how: signal.Signals
) -> None:
    marked = cli("mark", draft_path, "--for", "Supplier", "--out", tmp_path / "o", "--json")
    assert marked.exit_code == 0, marked.output
    copy = json.loads(marked.stdout)["path"]
    slow = "import time\nfrom tidemark.engine import trace as engine\nreally = engine.trace\n"
    slow += "engine.trace = lambda *a, **k: (time.sleep(1), really(*a, **k))[1]"
    run = spawn("trace", *[copy] * 30, "--decoys", 200, "--json", before=slow)
    first = json.loads(run.stdout.readline())
    assert first["verdict"] == "accused"
    time.sleep(0.4)
    run.send_signal(how)
    shown, told = run.communicate(timeout=60)
    traced = 1 + len(shown.splitlines())
    assert (run.returncode, told) == (
        130,
        f"tidemark: Interrupted. {traced} of 30 leaks were traced, and are in the ledger.\n",
    )
    assert _count(tmp_path, "ledger_leaf", "kind = 'trace-run'") == traced
    assert cli("check").exit_code == 0


def test_an_interrupted_demo_ends_its_workers_and_says_what_is_left(spawn: Callable, tmp_path: Path) -> None:
    run = spawn("demo", "--out", tmp_path / "demo")
    until = time.monotonic() + 120
    while not (tmp_path / "demo" / "home" / "ledger.head").exists():
        assert run.poll() is None
        assert time.monotonic() < until
        time.sleep(0.1)
    children = Path(f"/proc/{run.pid}/task/{run.pid}/children").read_text(encoding="ascii").split()
    run.send_signal(signal.SIGINT)
    _, told = run.communicate(timeout=15)
    assert run.returncode == 130, told
    assert told.splitlines()[-1] == (
        f"tidemark: Interrupted. What was played so far lies in {tmp_path / 'demo'}; it can be removed."
    )
    assert "Traceback" not in told
    assert len(children) >= 4  # two that draw, two that work
    time.sleep(1)  # what Python keeps beside its processes ends after them
    assert not [child for child in children if _runs(child)]


def _runs(process: str) -> bool:
    """Tell whether a process runs; one that has ended may still be listed, until somebody asks how."""
    try:
        return Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
