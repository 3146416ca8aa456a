"""``tidemark mark`` of drafts that bear a mark badly, with the trial leaks as the engine makes and traces them."""

import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import Result

from tests import people
from tests.conftest import make_draft
from tidemark.engine.drill import run
from tidemark.engine.drill.leaks import QUICK

pytestmark = pytest.mark.slow

Cli = Callable[..., Result]


@pytest.fixture
def drilled(monkeypatch: pytest.MonkeyPatch) -> list[run.Drilled]:
    """What the drill found while a draft was marked: it is listened to, and nothing stands in its place."""
    found: list[run.Drilled] = []
    whole = run.quick

    def quick(original: bytes, *, secret: bytes) -> Iterator[run.Drilled]:
        for result in whole(original, secret=secret):
            found.append(result)
            yield result

    monkeypatch.setattr(run, "quick", quick)
    return found


def _mark(cli: Cli, draft: bytes, folder: Path) -> Result:
    path = folder / "draft.png"
    path.write_bytes(draft)
    return cli("mark", path, "--for", people.SUPPLIER, "--out", folder / "o", "--json")


def _grey(levels: np.ndarray) -> bytes:
    """Return the PNG file of a picture of these greys."""
    buffer = io.BytesIO()
    Image.fromarray(np.repeat(levels.astype(np.uint8)[..., None], 3, axis=2)).save(buffer, "PNG")
    return buffer.getvalue()


def _rows(told: str) -> dict[str, tuple[str, str]]:
    """Return z and whether it would be traced of each leak in the table, by its name."""
    names = "|".join(re.escape(name) for name in QUICK)
    return {name: (z, traced) for name, z, traced in re.findall(rf"({names})\s+(–|-?\d+\.\d)\s+(yes|no)\b", told)}


def _figures(drilled: list[run.Drilled]) -> dict[str, tuple[str, str]]:
    shown = ((each, "–" if np.isnan(each.z) else f"{each.z:.1f}") for each in drilled)
    return {each.leak.name: (z, "yes" if each.traced else "no") for each, z in shown}


@pytest.mark.parametrize(
    "draft",
    [
        pytest.param(lambda: make_draft(3, size=(256, 256)), id="tiny"),
        pytest.param(lambda: _grey(np.tile(200 + np.arange(400) / 20, (300, 1))), id="plain"),
    ],
)
def test_a_tiny_or_plain_draft_is_warned_of_with_the_figures_of_the_drill(
    cli: Cli, tmp_path: Path, drilled: list[run.Drilled], draft: Callable[[], bytes]
) -> None:
    result = _mark(cli, draft(), tmp_path)
    assert result.exit_code == 0, result.output
    assert [each.leak.name for each in drilled] == list(QUICK)
    untraced = [each for each in drilled if not each.traced]
    assert 0 < len(untraced) < len(drilled)
    assert f"{len(untraced)} of {len(QUICK)} leaks on trial could not be traced" in result.stderr
    assert _rows(result.stderr) == _figures(drilled)
    assert [each.reason for each in untraced if each.reason not in " ".join(result.stderr.split())] == []
    (copy,) = (json.loads(line) for line in result.stdout.splitlines())
    assert Path(copy["path"]).exists()


def test_a_draft_too_plain_for_its_untouched_copy_to_be_traced_is_refused(
    cli: Cli, tmp_path: Path, drilled: list[run.Drilled]
) -> None:
    result = _mark(cli, _grey(np.tile(128 + 2 * (np.arange(256) // 128), (256, 1))), tmp_path)
    assert result.exit_code == 1
    assert not drilled[0].traced
    assert _rows(result.stderr) == _figures(drilled)
    assert "not even an untouched copy of this draft could be traced" in " ".join(result.stderr.split())
    assert "No copy was made." in result.stderr
    assert list((tmp_path / "o").iterdir()) == []


@pytest.mark.parametrize(
    ("draft", "said"),
    [
        pytest.param(lambda: make_draft(3, size=(200, 260)), "at least 256 pixels", id="too small"),
        pytest.param(lambda: _grey(np.full((300, 400), 128)), "The draft is blank", id="blank"),
    ],
)
def test_what_can_bear_no_mark_is_refused_without_a_trial(
    cli: Cli, tmp_path: Path, drilled: list[run.Drilled], draft: Callable[[], bytes], said: str
) -> None:
    result = _mark(cli, draft(), tmp_path)
    assert result.exit_code == 1
    assert said in " ".join(result.stderr.split())
    assert drilled == []
    assert list((tmp_path / "o").iterdir()) == []
