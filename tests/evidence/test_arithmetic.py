"""What decides the last digits is named, does not depend on load or threads, and tells processors apart."""

import json
import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

from tests.evidence.affair import story, told
from tests.ledger.workshop import VKEY
from tidemark.evidence import arithmetic
from tidemark.evidence.arithmetic import Difference, compared

pytestmark = pytest.mark.slow

ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "OPENCV_FOR_THREADS_NUM": "1"}
OLD_PROCESSOR = {
    "OPENCV_CPU_DISABLE": "AVX512-SKX,AVX2,AVX,FP16,SSE4.2,SSE4.1",
    "NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4 AVX512_ICL",
    "OPENBLAS_CORETYPE": "Nehalem",
}
needs_x86 = pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="the switches are of x86")


def elsewhere(code: str, **environment: str) -> str:
    """Return what another process prints, in another environment."""
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, check=True)
    return done.stdout


def test_the_arithmetic_of_this_machine_is_its_own() -> None:
    assert compared(arithmetic.arithmetic()).same


def test_what_is_named_otherwise_or_not_at_all_differs() -> None:
    stated = arithmetic.arithmetic() | {"numpy": "1.0"}
    own_system = stated.pop("system")
    found = compared(stated)
    assert not found.same
    numpy, system = found.differences
    assert (numpy.name, numpy.stated) == ("numpy", "1.0")
    assert system == Difference("system", "", own_system)


def test_what_is_not_installed_here_is_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    stated = arithmetic.arithmetic()
    monkeypatch.setattr(arithmetic, "_LIBRARIES", tuple(set(arithmetic._LIBRARIES) - {"pi-heif"}))
    assert compared(stated | {"pi-heif": "0.1", "cryptography": "0.1"}).same


def test_threads_do_not_change_what_is_computed() -> None:
    code = "from tidemark.evidence.arithmetic import probe; print(probe())"
    assert elsewhere(code, **ONE_THREAD) == elsewhere(code) == arithmetic.probe() + "\n"


@needs_x86
@pytest.mark.parametrize("switch", OLD_PROCESSOR)
def test_a_processor_with_fewer_features_is_told_apart(switch: str) -> None:
    """By the names of what it has; linear algebra names nothing, and is told apart by what it computes."""
    code = "import json; from tidemark.evidence.arithmetic import arithmetic; print(json.dumps(arithmetic()))"
    here, there = arithmetic.arithmetic(), json.loads(elsewhere(code, **{switch: OLD_PROCESSOR[switch]}))
    differing = {name for name in here if there[name] != here[name]}
    assert ("probe" if switch == "OPENBLAS_CORETYPE" else "processor") in differing
    assert differing <= {"processor", "probe"}


VERIFY = (
    "from tidemark.cli.main import app\napp(['verify', {path!r}, '--key', {key!r}, '--json'], standalone_mode=False)"
)


def test_another_process_with_one_thread_computes_every_digit_again(tmp_path: Path) -> None:
    path = tmp_path / "leak.tidemark"
    path.write_bytes(told(story("copy 2")))
    found = json.loads(elsewhere(VERIFY.format(path=str(path), key=VKEY), **ONE_THREAD))
    assert found["valid"]
    assert found["arithmetic"] == {"same": True, "differences": []}
    assert all(each["computed"] == each["stated"] for step in found["steps"] for each in step["figures"])


@needs_x86
def test_another_processor_verifies_within_the_tolerances_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "leak.tidemark"
    path.write_bytes(told(story("copy 2")))
    found = json.loads(elsewhere(VERIFY.format(path=str(path), key=VKEY), **OLD_PROCESSOR))
    assert found["valid"]
    assert {"processor", "probe"} <= {each["name"] for each in found["arithmetic"]["differences"]}
    assert not found["arithmetic"]["same"]
    figures = [each for step in found["steps"] for each in step["figures"]]
    assert all(each["tolerance"] > 0 for each in figures)
