"""The key of sessions is made where there is none that could keep anybody out, and kept where there is one."""

from pathlib import Path

import pytest

from tidemark.records.session_key import session_key


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "home.json").touch()
    return tmp_path


def test_a_key_is_made_once(folder: Path) -> None:
    key = session_key(folder)
    assert len(key) >= 48
    assert session_key(folder) == key == (folder / "session.key").read_text()


@pytest.mark.parametrize("left", [b"", b"x", b"\xff" * 64])
def test_a_key_that_was_cut_short_or_is_no_text_is_made_anew(folder: Path, left: bytes) -> None:
    (folder / "session.key").write_bytes(left)
    key = session_key(folder)
    assert len(key) >= 48
    assert (folder / "session.key").read_text() == key


def test_a_folder_in_its_place_costs_no_more_than_the_sessions(folder: Path) -> None:
    (folder / "session.key").mkdir()
    assert len(session_key(folder)) >= 48
