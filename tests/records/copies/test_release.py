"""A copy is in the world exactly when it is on record, wherever its release is cut off."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import people
from tests.conftest import NOW
from tidemark.errors import OutputUnusable, TidemarkError
from tidemark.records import files
from tidemark.records.home import Home

# Each cuts a release off at one point. The driver's `die` ends the process in a step on a file of the out folder.
CUTS = {
    "before anything": "release._free_name = lambda *a, **k: end()",
    "in the transaction": "release.Party.named = lambda *a, **k: end()",
    "after the row": "release.keep_bytes = lambda *a: end()",
    "while the draft is stored": "files.rename = lambda a, b: a.suffix == '.part' and 'originals' in str(a) and end()",
    "before the empty file": "die('create_empty', before=True)",
    "after the empty file": "die('create_empty')",
    "after the row says writing": "die('fill', before=True)",
    "half-written": "die('fill', half=True)",
    "wholly written": "die('fill')",
}

_RELEASE = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from tidemark.records.home import make_home
from tidemark.records.connect import open_records
home = make_home(Path(sys.argv[1])); open_records(home)
from tidemark.records import files
from tidemark.records.copies import release
from tests.records.copies.test_release import release_one

def end():
    os._exit(9)  # as a power cut ends it: nothing is flushed, closed or cleaned up

def die(name, before=False, half=False):
    step = getattr(files, name)
    def cut(path, *args, **named):
        if path.parent != Path(sys.argv[2]):
            return step(path, *args, **named)
        if half:
            args = (args[0][: len(args[0]) // 2],)
        if not before:
            step(path, *args, **named)
        end()
    setattr(files, name, cut)

{cut}
release_one(home, Path(sys.argv[2]), data=sys.argv[3].encode())
"""


def release_one(home: Home, out: Path, *, holder: str = people.SUPPLIER, data: bytes = b"marked") -> None:
    """Release one copy of a stand-in draft; releasing does not look into the bytes."""
    import hashlib

    from tidemark.records.copies.release import MarkedFile, new_copy_id, release
    from tidemark.records.copies.secret import master_secret
    from tidemark.records.parties.recipients import Recipient
    from tidemark.records.projects.drafts import draft_file

    master_secret(home, now=NOW)
    marked = MarkedFile(new_copy_id(), "png", data, hashlib.sha256(data).hexdigest(), 46.0)
    draft = draft_file("front.png", b"draft", description=b"description", project="MS11")
    release(home, marked, draft, Recipient(holder), out=out, now=NOW)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


def _killed(home: Home, out: Path, cut: str, *, data: str = "marked") -> None:
    code = _RELEASE.replace("{cut}", cut)
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", code, home.path, out, data],
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 9, done.stderr


def _assert_nothing_happened(home: Home, out: Path) -> None:
    from tidemark.records.copies.models import Copy
    from tidemark.records.parties.models import Party
    from tidemark.records.projects.models import Draft, Project

    assert list(out.iterdir()) == []
    assert [model.objects.count() for model in (Copy, Party, Draft, Project)] == [0, 0, 0, 0]
    assert not list(files.stored(home.originals))
    _assert_sound(home)


def _assert_sound(home: Home) -> None:
    from tidemark.records.check import check

    assert [step for step in check(home) if not step.holds] == []


def _reopened(home: Home) -> Home:
    from tidemark.records.connect import open_records

    open_records(home)
    return home


def test_a_released_copy_is_in_its_folder_and_on_record(home: Home, out: Path) -> None:
    from tidemark.records.copies.models import Copy

    release_one(home, out)
    copy = Copy.objects.get()
    assert (out / "front--northwick-mouldings.png").read_bytes() == b"marked"
    assert copy.state == Copy.State.RELEASED
    assert copy.path == str(out / "front--northwick-mouldings.png")
    assert copy.holder.name == people.SUPPLIER
    assert copy.draft.project is not None
    assert copy.draft.project.code_name == "MS11"
    assert files.load(home.originals, copy.draft.sha256) == b"draft"


@pytest.mark.parametrize("cut", CUTS.values(), ids=CUTS)
def test_killed_before_the_rename_nothing_happened(home: Home, out: Path, cut: str) -> None:
    _killed(home, out, cut)
    _assert_nothing_happened(_reopened(home), out)


@pytest.mark.parametrize("moved_away", [False, True])
def test_killed_after_the_rename_the_copy_stays_on_record(home: Home, out: Path, moved_away: bool) -> None:
    from tidemark.records.copies.models import Copy

    _killed(home, out, "die('rename')")
    copy_file = out / "front--northwick-mouldings.png"
    assert copy_file.read_bytes() == b"marked"
    if moved_away:
        copy_file.unlink()
    _reopened(home)
    assert Copy.objects.get().state == Copy.State.RELEASED
    _assert_sound(home)


def test_killed_in_the_second_release_the_first_stays(home: Home, out: Path) -> None:
    from tidemark.records.copies.models import Copy
    from tidemark.records.parties.models import Party

    release_one(home, out)
    _killed(home, out, CUTS["half-written"], data="2")
    _reopened(home)
    assert Copy.objects.count() == Party.objects.count() == 1
    assert [path.name for path in out.iterdir()] == ["front--northwick-mouldings.png"]
    _assert_sound(home)


def test_a_copy_whose_folder_is_away_is_settled_when_it_is_back(home: Home, out: Path) -> None:
    from tidemark.records.copies.models import Copy

    _killed(home, out, CUTS["half-written"])
    away = out.rename(out.with_name("unplugged"))
    _reopened(home)
    assert Copy.objects.get().state == Copy.State.WRITING
    away.rename(out)
    _assert_nothing_happened(_reopened(home), out)


@pytest.fixture(params=["create_empty", "fill", "rename"])
def failing(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[BaseException], None]]:
    """Let one step on the copy's file fail, after it has done half its work."""
    step = getattr(files, request.param)

    def arm(error: BaseException) -> None:
        def fail(path: Path, *args: object, **named: object) -> None:
            if not path.name.startswith(files.TEMPORARY_PREFIX) or path.parent.name != "out":
                step(path, *args, **named)
                return
            if request.param == "fill":
                path.write_bytes(b"ma")
            raise error

        monkeypatch.setattr(files, request.param, fail)

    return arm


def test_a_full_disk_leaves_nothing(home: Home, out: Path, failing: Callable[[BaseException], None]) -> None:
    failing(OSError(28, "No space left on device"))
    with pytest.raises(OutputUnusable, match="No space left"):
        release_one(home, out)
    _assert_nothing_happened(home, out)


def test_an_interrupt_leaves_nothing(home: Home, out: Path, failing: Callable[[BaseException], None]) -> None:
    failing(KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        release_one(home, out)
    _assert_nothing_happened(home, out)


def test_a_full_disk_of_the_home_leaves_nothing(home: Home, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "store", full)
    with pytest.raises(TidemarkError, match="No space left"):
        release_one(home, out)
    monkeypatch.undo()
    _assert_nothing_happened(home, out)


def test_no_file_is_ever_overwritten(home: Home, out: Path) -> None:
    (out / "front--northwick-mouldings.png").write_bytes(b"mine")
    release_one(home, out)
    release_one(home, out, data=b"again")
    names = sorted(path.name for path in out.iterdir())
    assert (out / "front--northwick-mouldings.png").read_bytes() == b"mine"
    assert len(names) == 3
    assert all(name.startswith("front--northwick-mouldings") for name in names)


def test_a_draft_that_another_run_names_at_the_same_moment_is_refused(home: Home, out: Path) -> None:
    from tidemark.records.copies.models import Copy
    from tidemark.records.copies.release import MarkedFile, release
    from tidemark.records.parties.recipients import Recipient
    from tidemark.records.projects.drafts import draft_file

    ours = draft_file("back.png", b"draft", description=b"description")
    release_one(home, out)
    assert ours.id != Copy.objects.get().draft_id
    with pytest.raises(TidemarkError, match="Run this one again"):
        release(home, MarkedFile("1f", "png", b"m", "0" * 64, 46.0), ours, Recipient("x"), out=out, now=NOW)
    assert Copy.objects.count() == 1


def test_copies_of_different_parties_never_differ_by_a_random_id_only(home: Home, out: Path) -> None:
    from tidemark.records.copies.models import Copy

    for data, party in ((b"1", "A+B"), (b"2", "A-B"), (b"3", "a+b"), (b"4", "A-B")):
        release_one(home, out, data=data, holder=party)
    names = {Path(copy.path).read_bytes(): Path(copy.path).stem for copy in Copy.objects.all()}
    plain, other = names[b"1"], names[b"2"]
    assert (plain, len(other)) == ("front--a-b", len("front--a-b-012345"))
    assert names[b"3"].startswith(f"{plain}--")
    assert names[b"4"].startswith(f"{other}--")


@pytest.mark.parametrize("step", ["lstat", "unlink"])
def test_what_cannot_be_told_yet_stays_and_blocks_nothing(
    home: Home, out: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    from tidemark.records.connect import open_records
    from tidemark.records.copies.models import Copy

    _killed(home, out, CUTS["half-written"])
    whole = getattr(Path, step)

    def forbidden(path: Path, **named: bool) -> object:
        if out in path.parents:
            raise PermissionError(13, "Permission denied")
        return whole(path, **named)

    monkeypatch.setattr(Path, step, forbidden)
    (warning,) = open_records(home)
    assert "cannot be told yet: Permission denied" in warning
    assert Copy.objects.get().state != Copy.State.RELEASED
    monkeypatch.undo()
    assert open_records(home) == ()
    _assert_nothing_happened(home, out)


def test_settling_that_is_cut_off_itself_does_not_make_a_copy(
    home: Home, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tidemark.records.copies.models import Copy

    _killed(home, out, CUTS["half-written"])

    def cut(_: Copy) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Copy, "delete", cut)
    with pytest.raises(KeyboardInterrupt):
        _reopened(home)
    monkeypatch.undo()
    _assert_nothing_happened(_reopened(home), out)
