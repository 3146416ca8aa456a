"""Processes of their own that make copies, and are killed while they do."""

import os
import subprocess
import sys
from pathlib import Path

from tidemark.records.home import Home

_OPENED = """
import os, sys
from datetime import timedelta
from pathlib import Path
from tidemark.records.home import make_home
from tidemark.records.connect import open_records
home = make_home(Path(sys.argv[1])); open_records(home)
from tidemark.records.copies import make
from tidemark.records.copies.models import Copy
from tidemark.records import blobs
make._BATCH_COPIES = 2

def end():
    os._exit(9)  # as a power cut ends it: nothing is flushed, closed or cleaned up

def end_before(module, name, nth=1):
    step, calls = getattr(module, name), []
    def cut(*args, **named):
        calls.append(name)
        if len(calls) == nth:
            end()
        return step(*args, **named)
    setattr(module, name, cut)

def end_after(module, name, nth=1):
    step, calls = getattr(module, name), []
    def cut(*args, **named):
        done = step(*args, **named)
        calls.append(name)
        if len(calls) == nth:
            end()
        return done
    setattr(module, name, cut)
"""
MAKE = "make.make_copies.call(*sys.argv[2:4])"
WORK = """
from tidemark.records.work.worker import work
work(queues=["copies"], lost_after=timedelta(seconds=float(sys.argv[2])), until_empty=len(sys.argv) > 3)
"""


def start(home: Home, code: str, *args: object, before: str = "") -> "subprocess.Popen[str]":
    """Start a process on the folder's records; the caller waits for it or kills it."""
    root = str(Path(__file__).parents[3])
    return subprocess.Popen(
        [sys.executable, "-c", f"{_OPENED}\n{before}\n{code}", str(home.path), *map(str, args)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([root, os.environ.get("PYTHONPATH", "")])},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(home: Home, code: str, *args: object, before: str = "") -> int:
    """Run such a process to its end; return how it ended, with its words if that was neither 0 nor 9."""
    process = start(home, code, *args, before=before)
    _, said = process.communicate(timeout=300)
    assert process.returncode in (0, 9), said
    return process.returncode
