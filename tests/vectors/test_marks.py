"""The format of the mark: its golden vectors hold, and its page says what the code does."""

import json
import re
from pathlib import Path
from types import ModuleType

import pytest

from tests.vectors import make
from tidemark.engine import keys
from tidemark.engine.carriers import image
from tidemark.engine.carriers.image import grid, marking, mask
from tidemark.engine.carriers.image.grid import band
from tidemark.engine.carriers.image.kinds import kind_of
from tidemark.engine.match import Candidate
from tidemark.engine.trace import Trace, trace

PAGE = (Path(__file__).parents[2] / "docs/formats/mark.md").read_text(encoding="utf-8")
MODULES: dict[str, ModuleType] = {"keys": keys, "grid": grid, "mask": mask, "marking": marking}
CONSTANTS = re.findall(r"^\| `(\w+)\.(\w+)` \| ([^|]+?) \|", PAGE, re.MULTILINE)


def test_vectors_are_what_two_implementations_compute() -> None:
    assert make.vectors() == json.loads(make.FILE.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("module", "name", "value"), CONSTANTS, ids=[f"{module}.{name}" for module, name, _ in CONSTANTS]
)
def test_page_gives_the_code_s_constants(module: str, name: str, value: str) -> None:
    held = getattr(MODULES[module], name)
    assert held == (value if isinstance(held, str) else type(held)(float(value)))


def test_page_leaves_no_constant_of_these_modules_out() -> None:
    given = {(module, name) for module, name, _ in CONSTANTS}
    public = {
        (module, name)
        for module, held in MODULES.items()
        for name, value in vars(held).items()
        if name.isupper() and not name.startswith("_") and isinstance(value, int | float | str)
    }
    assert public <= given | {("marking", "BAND_HIGH")}  # taken over from grid


def test_page_gives_the_table() -> None:
    table = keys.normal_table()
    assert json.loads(make.FILE.read_text(encoding="utf-8"))["table_sha256"] in PAGE
    for entry in (65535, 65534, 32768, 32769):
        (said,) = re.findall(rf"T\[{entry}\] = ([\d.]*\d)", PAGE)
        assert float(said) == table[entry]
    (variance,) = re.findall(r"the variance is ([\d.]+\d)", PAGE)
    assert float((table.astype(float) ** 2).mean()) == pytest.approx(float(variance), abs=5e-6)


def test_page_gives_the_order_of_grids() -> None:
    rows = re.findall(r"^\| (\d+) × (\d+) \| (\d+) \| `([0-9a-f]{64})` \|", PAGE, re.MULTILINE)
    assert len(rows) == 2
    for height, width, count, digest in rows:
        found = band((int(height), int(width)))
        assert len(found.index) == int(count)
        assert make.digest(found.index, "<u4") == digest
    wide = band((576, 1024))
    (first, last) = re.findall(r"from\s+([\d.]+) down to ([\d.]+)\)", PAGE)[0]
    assert (round(float(wide.amplitude[0]), 4), round(float(wide.amplitude[-1]), 4)) == (float(first), float(last))


def test_page_spells_out_the_info_of_a_key() -> None:
    block = PAGE.split("```")[1]
    spelt = "".join(re.findall(r"\b(?:[0-9a-f]{2})+\b", re.sub(r'"[^"]*"|version|no nonce', "", block)))
    assert bytes.fromhex(spelt) == make.counted(b"tidemark-mark", b"\x00\x00\x00\x01", b"d", b"c", b"")
    assert f"= {len(spelt) // 2} bytes" in PAGE


def _traced(leak: bytes) -> Trace:
    draft = make.DRAFT.read_bytes()
    issued = {name: keys.copy_key(make.SECRETS[0], draft=make.DRAFT_ID, copy=name) for name in make.COPIES}
    candidate = Candidate(make.DRAFT_ID, image.describe(image.read(draft)), lambda: draft, lambda: issued)
    return trace(leak, [candidate], decoy_seed=b"", decoys=100, threads=1)


def test_copy_of_the_first_version_is_still_traced() -> None:
    """The file was marked by the release that froze the format. Whatever is improved, it must stay traceable."""
    found = _traced(make.COPY.read_bytes())
    assert [accusation.copy for accusation in found.accused] == [make.LEAKED]
    assert found.accused[0].z > make.LEAST_Z


def test_a_heic_leak_is_traced_to_its_copy() -> None:
    leak = make.HEIC_LEAK.read_bytes()
    assert kind_of(leak) == "HEIF"
    assert [accusation.copy for accusation in _traced(leak).accused] == [make.LEAKED]
