"""docs/formats/evidence.md says what the code does; docs/verify.md names what an outsider must install."""

import json
import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from types import ModuleType

import pytest

from tests.evidence.affair import sha256, sketch, story, told
from tests.ledger.workshop import KEY, VKEY
from tidemark import limits
from tidemark.evidence import bundle, finding
from tidemark.evidence.log import _ACCUSED, _BODIES
from tidemark.evidence.verify import Claim
from tidemark.ledger.entry import Kind

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "formats/evidence.md").read_text(encoding="utf-8")
HOW_TO = (DOCS / "verify.md").read_text(encoding="utf-8")
MODULES: dict[str, ModuleType] = {"bundle": bundle, "finding": finding, "limits": limits}
CONSTANTS = re.findall(r"^\| `(\w+)\.(\w+)` \| ([^|]+?) \|", PAGE, re.MULTILINE)
NEEDED = {
    "cryptography": "cryptography",
    "cv2": "opencv-python-headless",
    "numpy": "numpy",
    "PIL": "pillow",
    "rfc3161_client": "rfc3161-client",
    "rfc8785": "rfc8785",
    "rich": "rich",
    "scipy": "scipy",
    "tifffile": "tifffile",
    "typer": "typer",
}
NOT_NEEDED = ("django", "typst", "pi_heif")


def section(number: int) -> str:
    return PAGE.split(f"\n## {number}. ")[1].split("\n## ")[0]


@pytest.mark.parametrize(("module", "name", "value"), CONSTANTS, ids=[f"{one}.{other}" for one, other, _ in CONSTANTS])
def test_page_gives_the_code_s_constants(module: str, name: str, value: str) -> None:
    held = getattr(MODULES[module], name)
    assert held == type(held)(value)


def test_page_leaves_no_constant_out() -> None:
    given = {(module, name) for module, name, _ in CONSTANTS}
    public = {
        (module, name)
        for module in ("bundle", "finding")
        for name, value in vars(MODULES[module]).items()
        if name.isupper() and not name.startswith("_") and isinstance(value, int | str) and name != "KEY_BYTES"
    }
    assert public <= given
    assert all(f"`{name}`" in section(2) for name in bundle.REPORTS.values())


def test_page_has_every_field_of_a_finding() -> None:
    said = section(4)
    for kind in (
        finding.Finding,
        finding.Leak,
        finding.DraftClaim,
        finding.Accused,
        finding.Tested,
        finding.Decoys,
        finding.Thresholds,
        finding.Rivals,
        finding.Event,
    ):
        assert all(f"`{field.name}`" in said for field in fields(kind))


def test_page_has_every_field_of_the_entries_and_the_proofs() -> None:
    rows = dict(re.findall(r"^\| `([a-z-]+)` \| (.+) \|$", section(5), re.MULTILINE))
    for kind, body in _BODIES.items():
        assert all(f"`{name}`" in rows[kind] for name in body)
    assert all(f"`{name}`" in rows[Kind.TRACE_RUN] for name in _ACCUSED)
    proofs = json.loads(bundle.read(bundle.write(sketch(), KEY)).members[bundle.LEDGER])
    assert all(f"`{name}`" in section(5) for name in (*proofs, *proofs["entries"][0]))


def test_page_has_every_step() -> None:
    assert re.findall(r"^(\d+)\. \*\*", section(7), re.MULTILINE) == [str(at + 1) for at in range(len(Claim))]


def test_seal_is_that_of_the_page() -> None:
    members = bundle.read(bundle.write(sketch(), KEY)).members
    text = f"tidemark-evidence 1\nmanifest sha256 {sha256(members[bundle.MANIFEST])}\n"
    assert members[bundle.SIGNATURE].startswith(text.encode() + b"\n\xe2\x80\x94 ")


@pytest.mark.slow
def test_verifying_needs_what_the_how_to_has_installed_and_no_more(tmp_path: Path) -> None:
    path = tmp_path / "leak.tidemark"
    path.write_bytes(told(story("copy 2")))
    code = (
        "import sys\nfrom tidemark.cli.main import app\n"
        f"app(['verify', {str(path)!r}, '--key', {VKEY!r}, '--json'], standalone_mode=False)\n"
        "print(*{name.partition('.')[0] for name in sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    line, loaded = done.stdout.splitlines()
    assert json.loads(line)["valid"] is True
    assert not set(NOT_NEEDED) & set(loaded.split())
    assert set(NEEDED) <= set(loaded.split())
    install = re.findall(r"^verifier/bin/pip install (?!--no-deps)(.*?\n.*?)$", HOW_TO, re.MULTILINE)
    assert set(install[0].replace("\\", "").split()) == set(NEEDED.values())
