"""A copy is in the world only when it is on record and in the ledger, wherever its release is cut off."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import people
from tests.conftest import NOW
from tidemark.errors import OutputUnusable, TidemarkError
from tidemark.records import files
from tidemark.records.home import Home

# Each cuts a release off at one point. The driver's `die` ends the process in a step on a file of the out folder.
BEFORE_THE_LEDGER = {
    "before anything": "release._free_name = lambda *a, **k: end()",
    "in the transaction": "release.Party.named = lambda *a, **k: end()",
    "after the row": "release.keep_bytes = lambda *a: end()",
    "while the draft is stored": "files.rename = lambda a, b: a.suffix == '.part' and 'originals' in str(a) and end()",
    "before the empty file": "die('create_empty', before=True)",
    "after the empty file": "die('create_empty')",
    "in the commit": "release.commit_copy = lambda *a, **k: end()",
    "after the leaf": "leaf = release.commit_copy; release.commit_copy = lambda *a, **k: (leaf(*a, **k), end())",
}
AFTER_THE_LEDGER = {
    "after the commit": "die('fill', before=True)",
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

    from tidemark.engine.keys import copy_key, key_commitment
    from tidemark.records.copies.release import MarkedFile, new_copy_id, release
    from tidemark.records.copies.secret import master_secret
    from tidemark.records.parties.recipients import Recipient
    from tidemark.records.projects.drafts import draft_file

    draft = draft_file("front.png", b"draft", description=b"description", project="MS11")
    copy = new_copy_id()
    key = copy_key(master_secret(home, now=NOW), draft=draft.id, copy=copy)
    marked = MarkedFile(copy, "png", data, hashlib.sha256(data).hexdigest(), 46.0, key_commitment(key).hex())
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
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(root), os.environ.get("PYTHONPATH", "")])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 9, done.stderr


def _assert_nothing_happened(home: Home, out: Path) -> None:
    from tidemark.records.copies.models import Copy
    from tidemark.records.ledger.models import Leaf
    from tidemark.records.parties.models import Party
    from tidemark.records.projects.models import Draft, Project

    assert list(out.iterdir()) == []
    assert [model.objects.count() for model in (Copy, Party, Draft, Project, Leaf)] == [0, 0, 0, 0, 0]
    assert not list(files.stored(home.originals))
    _assert_sound(home)


def _assert_committed_and_undelivered(home: Home, out: Path) -> None:
    from tidemark.records.copies.commit import leaf_of_copy, leaf_of_draft
    from tidemark.records.copies.models import Copy

    copy = Copy.objects.get()
    assert list(out.iterdir()) == []
    assert copy.state == Copy.State.UNDELIVERED
    assert leaf_of_copy(copy.id) is not None
    assert leaf_of_draft(copy.draft_id) is not None
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


@pytest.mark.slow
@pytest.mark.parametrize("cut", BEFORE_THE_LEDGER.values(), ids=BEFORE_THE_LEDGER)
def test_killed_before_it_is_in_the_ledger_nothing_happened(home: Home, out: Path, cut: str) -> None:
    _killed(home, out, cut)
    _assert_nothing_happened(_reopened(home), out)


@pytest.mark.slow
@pytest.mark.parametrize("cut", AFTER_THE_LEDGER.values(), ids=AFTER_THE_LEDGER)
def test_killed_after_that_the_copy_is_committed_and_undelivered(home: Home, out: Path, cut: str) -> None:
    _killed(home, out, cut)
    _assert_committed_and_undelivered(_reopened(home), out)


def test_no_byte_of_a_copy_is_outside_before_its_leaf_is_signed(
    home: Home, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tidemark.records.copies.commit import leaf_of_copy
    from tidemark.records.copies.models import Copy
    from tidemark.records.ledger.log import first_checkpoint_with

    fill, seen = files.fill, []

    def look_first(path: Path, data: bytes) -> None:
        if path.parent == out:
            leaf = leaf_of_copy(Copy.objects.get().id)
            assert leaf is not None
            seen.append((path.stat().st_size, first_checkpoint_with(leaf).size > leaf.index))
        fill(path, data)

    monkeypatch.setattr(files, "fill", look_first)
    release_one(home, out)
    assert seen == [(0, True)]


@pytest.mark.slow
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


@pytest.mark.slow
def test_killed_before_the_ledger_what_others_built_on_stays_and_blocks_nothing(home: Home, out: Path) -> None:
    from tests.desk import person
    from tidemark.records.accounts.roles import Role
    from tidemark.records.copies.models import Copy
    from tidemark.records.parties.models import Party
    from tidemark.records.projects.models import Draft

    _killed(home, out, BEFORE_THE_LEDGER["before the empty file"])
    party = Party.objects.get()
    person(party, "contact", Role.CONTACT)  # a running desk shows the party in the meantime
    _reopened(home)
    assert list(Party.objects.all()) == [party]
    assert [model.objects.count() for model in (Copy, Draft)] == [0, 0]
    _assert_sound(home)


@pytest.mark.slow
def test_killed_in_the_second_release_the_first_stays(home: Home, out: Path) -> None:
    from tidemark.records.copies.models import Copy
    from tidemark.records.parties.models import Party

    release_one(home, out)
    _killed(home, out, AFTER_THE_LEDGER["half-written"], data="2")
    _reopened(home)
    assert Copy.objects.filter(state=Copy.State.RELEASED).count() == Party.objects.count() == 1
    assert [path.name for path in out.iterdir()] == ["front--northwick-mouldings.png"]
    _assert_sound(home)


def test_a_copy_whose_folder_is_away_is_settled_when_it_is_back(home: Home, out: Path) -> None:
    from tidemark.records.copies.models import Copy

    _killed(home, out, AFTER_THE_LEDGER["half-written"])
    away = out.rename(out.with_name("unplugged"))
    _reopened(home)
    assert Copy.objects.get().state == Copy.State.WRITING
    away.rename(out)
    _assert_committed_and_undelivered(_reopened(home), out)


@pytest.fixture(params=["create_empty", "fill", "rename"])
def failing(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Callable[[BaseException], str]:
    """Return what lets one step, which it names, on the copy's file fail after half its work."""
    step = getattr(files, request.param)

    def arm(error: BaseException) -> str:
        def fail(path: Path, *args: object, **named: object) -> None:
            if not path.name.startswith(files.TEMPORARY_PREFIX) or path.parent.name != "out":
                step(path, *args, **named)
                return
            if request.param == "fill":
                path.write_bytes(b"ma")
            raise error

        monkeypatch.setattr(files, request.param, fail)
        return str(request.param)

    return arm


def test_a_full_disk_leaves_no_file(home: Home, out: Path, failing: Callable[[BaseException], str]) -> None:
    step = failing(OSError(28, "No space left on device"))
    with pytest.raises(OutputUnusable, match="No space left"):
        release_one(home, out)
    (_assert_nothing_happened if step == "create_empty" else _assert_committed_and_undelivered)(home, out)


def test_an_interrupt_leaves_no_file(home: Home, out: Path, failing: Callable[[BaseException], str]) -> None:
    step = failing(KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        release_one(home, out)
    (_assert_nothing_happened if step == "create_empty" else _assert_committed_and_undelivered)(home, out)


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
        release(home, MarkedFile("1f", "png", b"m", "0" * 64, 46.0, "00" * 32), ours, Recipient("x"), out=out, now=NOW)
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


@pytest.mark.slow
@pytest.mark.parametrize("step", ["lstat", "unlink"])
def test_what_cannot_be_told_yet_stays_and_blocks_nothing(
    home: Home, out: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    from tidemark.records.connect import open_records
    from tidemark.records.copies.models import Copy

    _killed(home, out, AFTER_THE_LEDGER["half-written"])
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
    _assert_committed_and_undelivered(home, out)


@pytest.mark.slow
def test_settling_that_is_cut_off_itself_does_not_make_a_copy(
    home: Home, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:

    _killed(home, out, AFTER_THE_LEDGER["half-written"])

    unlink = Path.unlink

    def cut(path: Path, **named: bool) -> None:
        if out in path.parents:
            raise KeyboardInterrupt
        unlink(path, **named)

    monkeypatch.setattr(Path, "unlink", cut)
    with pytest.raises(KeyboardInterrupt):
        _reopened(home)
    monkeypatch.undo()
    _assert_committed_and_undelivered(_reopened(home), out)
