"""The demonstration's affair: its scenes fit together, and it calls a finding right only when it is the truth."""

import dataclasses
from pathlib import Path

import pytest

from tidemark.demo import drafts
from tidemark.demo.cast import HOLDERS
from tidemark.engine.accuse import Accusation, Verdict
from tidemark.engine.trace import Trace

pytestmark = pytest.mark.usefixtures("home")  # the affair knows the records, which can be imported once they are open

NORTHWICK, XINGDU = "Northwick Mouldings", "星渡精密 Xingdu Precision"


def _accusation(copy: str) -> Accusation:
    return Accusation(draft="full-1", copy=copy, z=20.0, log10_bound=-80.0, round=1)


def _played(trace: Trace, *, scene: int = 2, draft: str | None = "full-1"):
    from tidemark.demo.affair import SCENES, Played
    from tidemark.records.leaks.journal import Journal
    from tidemark.records.leaks.tracing import TracedLeak
    from tidemark.records.ledger.models import Leaf

    holders = {"a": NORTHWICK, "b": XINGDU, "c": "Oakhollow Textures"}
    return Played(
        SCENES[scene], Path("leak.jpg"), TracedLeak(trace, holders, bytes(32)), draft, Journal(Leaf(), Leaf())
    )


ACCUSED = Trace(Verdict.ACCUSED, "full-1", "why", (_accusation("a"), _accusation("b")), (), 12, 2, None, ())
UNMATCHED = Trace(Verdict.UNMATCHED, None, "why", (), (), 0, 0, None, ())


def test_the_scenes_are_played_by_the_cast_with_the_bundled_drafts() -> None:
    from tidemark.demo.affair import SCENES

    cast = {holder.latin for holder in HOLDERS}
    assert len({scene.name for scene in SCENES}) == len(SCENES)
    for scene in SCENES:
        assert scene.draft is None or scene.draft in drafts.DRAFTS
        assert set(scene.culprits) <= cast
        assert (scene.verdict == "accused") == bool(scene.culprits)


def test_everyone_of_the_cast_is_engaged_by_someone_of_it() -> None:
    cast = {holder.latin for holder in HOLDERS}
    assert {holder.engaged_by for holder in HOLDERS} - cast == {"the car maker"}
    assert len(HOLDERS) == len({holder.name for holder in HOLDERS}) == 12


def test_a_finding_is_right_when_all_culprits_and_nobody_else_are_accused() -> None:
    assert _played(ACCUSED).is_right
    assert not _played(dataclasses.replace(ACCUSED, accused=ACCUSED.accused[:1])).is_right
    assert not _played(dataclasses.replace(ACCUSED, accused=(*ACCUSED.accused, _accusation("c")))).is_right
    assert not _played(dataclasses.replace(ACCUSED, draft="rear-2")).is_right
    assert not _played(UNMATCHED).is_right


def test_a_finding_on_an_unrelated_picture_is_right_when_nothing_is_matched() -> None:
    assert _played(UNMATCHED, scene=4, draft=None).is_right
    assert not _played(ACCUSED, scene=4, draft=None).is_right


def test_a_folder_with_something_in_it_is_not_played_in(cli, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("x")
    result = cli("demo", "--out", tmp_path)
    assert result.exit_code == 1
    assert "is not empty" in result.stderr
    assert not (tmp_path / "drafts").exists()


def test_without_a_name_a_new_folder_is_taken_each_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tidemark.cli.demo import _fresh

    monkeypatch.chdir(tmp_path)
    assert [str(_fresh(None)) for _ in range(3)] == ["tidemark-demo", "tidemark-demo-2", "tidemark-demo-3"]
