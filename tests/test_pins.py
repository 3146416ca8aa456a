"""What is installed is pinned by hash, and the pins say nothing of where it is fetched from."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PINS = [*ROOT.glob("requirements*.txt"), *ROOT.glob("benchmarks/**/requirements*.txt")]


def test_there_are_pins_for_running_and_for_developing() -> None:
    assert {"requirements.txt", "requirements-dev.txt"} <= {path.name for path in PINS}


@pytest.mark.parametrize("path", PINS, ids=lambda path: str(path.relative_to(ROOT)))
def test_pins_name_no_host_and_no_index(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    hosts = re.compile(r"http|://|index-url|find-links|trusted-host|^-[if]\b| @ ", re.IGNORECASE)
    assert [line for line in lines if hosts.search(line)] == []


@pytest.mark.parametrize("path", PINS, ids=lambda path: str(path.relative_to(ROOT)))
def test_each_pin_is_one_version_with_its_hashes(path: Path) -> None:
    pinned = re.sub(r"#[^\n]*|\\\n", "", path.read_text(encoding="utf-8")).strip().splitlines()
    one = re.compile(r"[\w.\[\],-]+==[\w.+!]+( +--hash=sha256:[0-9a-f]{64})+\s*")
    assert [line for line in pinned if line and not one.fullmatch(line)] == []
