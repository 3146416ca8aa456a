"""What several files of tests of the command line start from."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from tests import people


@pytest.fixture
def copies(
    cli: Callable[..., Result],
    draft_path: Path,
    tmp_path: Path,
    no_trial: None,  # noqa: ARG001 - it spares the trial
) -> list[dict]:
    """What mark said of three copies in tmp_path/o; their receipts lie in tmp_path/r."""
    names = [part for name in people.RECIPIENTS for part in ("--for", name)]
    made = cli("mark", draft_path, *names, "--out", tmp_path / "o", "--receipts", tmp_path / "r", "--json")
    assert made.exit_code == 0, made.output
    return [json.loads(line) for line in made.stdout.splitlines()]
