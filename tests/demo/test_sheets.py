"""Sheets about findings, and the picture that has nothing to do with any draft."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.conftest import make_draft
from tidemark.demo.landscape import snowy_ridges
from tidemark.demo.sheets import Sheet, write_sheet


def _sheet(draft: bytes | None, copies: list[bytes], verdict: str) -> Sheet:
    named = [("Northwick Mouldings", "was issued copy 1f: at most 1 in 10^212.")] * max(1, len(copies))
    return Sheet("A title", "A story.", verdict, named, ["A remark."], draft, make_draft(2, size=(300, 200)), copies)


@pytest.mark.parametrize(("copies", "verdict"), [(0, "unmatched"), (1, "accused"), (2, "accused"), (0, "inconclusive")])
def test_a_sheet_is_drawn_for_every_kind_of_finding(tmp_path: Path, copies: int, verdict: str) -> None:
    draft = None if verdict == "unmatched" else make_draft(1)
    write_sheet(_sheet(draft, [make_draft(3)] * copies, verdict), tmp_path / "sheet.png")
    with Image.open(tmp_path / "sheet.png") as sheet:
        pixels = np.asarray(sheet.convert("RGB"))
    assert pixels.shape[1] == 2120
    assert (pixels[-1] == pixels[-1, 0]).all(), "nothing runs over the lower edge"
    assert (pixels[:, -30:] == pixels[0, 0]).all(), "nothing runs over the right edge"


@pytest.mark.slow
def test_the_landscape_is_the_same_for_the_same_state_of_chance() -> None:
    first, again, other = (snowy_ridges(np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert first.shape == (1200, 1800, 3)
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
