"""The layers of ARCHITECTURE.md hold."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_imports_point_down_only() -> None:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]
    done = subprocess.run([*command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_contract_says_why() -> None:
    lines = (ROOT / ".importlinter").read_text().splitlines()
    for number, line in enumerate(lines):
        if line.startswith("[importlinter:contract:"):
            assert lines[number - 1].startswith("# "), f"{line} has no reason above it"
