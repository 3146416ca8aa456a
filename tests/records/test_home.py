"""The data folder: made once, private, and refused when it is not ours or newer than we are."""

import json
import stat
from pathlib import Path

import pytest

from tidemark.errors import HomeUnusable
from tidemark.records.home import find_home, make_home


def test_a_new_home_is_private_and_says_its_version(tmp_path: Path) -> None:
    home = make_home(tmp_path / "a" / "home")
    assert json.loads((home.path / "home.json").read_text()) == {"scheme": "tidemark-home", "version": 1}
    assert stat.S_IMODE(home.path.stat().st_mode) == 0o700
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in home.path.iterdir())


def test_making_a_home_twice_is_finding_it(tmp_path: Path) -> None:
    assert make_home(tmp_path / "home") == make_home(tmp_path / "home") == find_home(tmp_path / "home")


def test_a_home_that_was_never_made_is_not_made_by_looking(tmp_path: Path) -> None:
    with pytest.raises(HomeUnusable, match="no Tidemark data folder"):
        find_home(tmp_path / "home")
    assert not (tmp_path / "home").exists()


def test_a_newer_home_is_left_alone(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    (home.path / "home.json").write_text('{"scheme": "tidemark-home", "version": 2}')
    for use in (find_home, make_home):
        with pytest.raises(HomeUnusable, match="newer"):
            use(home.path)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"scheme": "other", "version": 1}', '{"scheme": "tidemark-home"}'])
def test_a_damaged_layout_file_is_said_to_be_damaged(tmp_path: Path, text: str) -> None:
    home = make_home(tmp_path / "home")
    (home.path / "home.json").write_text(text)
    with pytest.raises(HomeUnusable, match="damaged"):
        find_home(home.path)


def test_a_folder_of_other_files_does_not_become_a_home(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("x")
    with pytest.raises(HomeUnusable, match=r"thesis\.tex"):
        make_home(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_a_file_is_no_home(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("x")
    with pytest.raises(HomeUnusable, match="is a file"):
        make_home(tmp_path / "home")
