"""Two runs at once, and one that is interrupted: each copy is in its folder exactly when it is on record."""

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
