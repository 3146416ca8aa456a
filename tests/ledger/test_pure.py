"""The ledger stands alone: a verifier can be shipped without the engine, a database or a web framework."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

MODULES = sorted((Path(__file__).parents[2] / "src/tidemark/ledger").glob("*.py"))
ALLOWED = {
    "base64", "binascii", "collections", "contextlib", "cryptography", "dataclasses", "datetime", "enum", "hashlib",
    "hmac", "json", "math", "re", "rfc3161_client", "rfc8785", "tidemark", "typing",
}  # fmt: skip
CLOCKS = {"now", "utcnow", "today"}


def test_importing_it_loads_neither_django_nor_the_engine() -> None:
    code = "import tidemark.ledger.receipt, tidemark.ledger.timestamp, sys; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "tidemark.ledger.receipt" in loaded
    assert not {"django", "numpy", "cv2", "tidemark.engine", "tidemark.records"} & set(loaded)


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_no_module_reads_a_disk_a_clock_or_a_network(module: Path) -> None:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert imported <= ALLOWED
    called = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert not called & CLOCKS
    assert "open" not in names
