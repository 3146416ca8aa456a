"""``import tidemark`` is cheap: whoever wants the engine's types need not load a web framework or OpenCV."""

import subprocess
import sys

import pytest

HEAVY = ("cv2", "django", "faiss", "scipy", "typer")


def _loaded_after(statement: str) -> set[str]:
    code = f"{statement}\nimport sys; print(*(name for name in {HEAVY!r} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_importing_the_package_loads_neither_django_nor_opencv() -> None:
    assert not _loaded_after("import tidemark") & {"cv2", "django"}


def test_the_engine_never_loads_django() -> None:
    assert "django" not in _loaded_after("import tidemark.engine.trace, tidemark.engine.drill.run")


@pytest.mark.parametrize("module", ["home", "files", "parties.recipients", "parties.names", "copies.names"])
def test_modules_that_claim_to_know_no_django_load_none(module: str) -> None:
    assert "django" not in _loaded_after(f"import tidemark.records.{module}")


def test_help_is_printed_without_loading_the_engine() -> None:
    assert not _loaded_after("import tidemark.cli.main") & {"cv2", "django", "scipy", "faiss"}
