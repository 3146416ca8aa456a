"""The demonstration's scenes fit together, and a finding is called right only when it is the truth."""

from pathlib import Path

import pytest

from tidemark.demo import drafts
from tidemark.demo.cast import BIDDERS, HOLDERS, OWNER, OWNERS_PEOPLE, contact_of
from tidemark.demo.play.stage import Found, Named
from tidemark.demo.scenes import COLLUDED, DRAFTS, OWN, SCENES, UNRELATED

NORTHWICK, XINGDU = "Northwick Mouldings", "星渡精密 Xingdu Precision"


def _named(custodian: str) -> Named:
    return Named(copy="a", custodian=custodian, responsible=custodian, z=20.0, log10_bound=-80.0)


def _found(name: str, *custodians: str, verdict: str = "accused", draft: str = "rear-1", true: str = "rear-1") -> Found:
    scene = next(scene for scene in SCENES if scene.name == name)
    return Found(scene, Path("leak.jpg"), verdict, "why", draft, true, 12, tuple(map(_named, custodians)))


def test_the_scenes_are_played_by_the_cast_with_the_bundled_drafts() -> None:
    cast = {holder.latin for holder in HOLDERS} | {OWNER}
    assert len({scene.name for scene in SCENES}) == len(SCENES)
    assert set(DRAFTS) <= set(drafts.DRAFTS)
    for scene in SCENES:
        assert scene.draft is None or scene.draft in DRAFTS
        assert set(scene.culprits) <= cast
        assert (scene.verdict == "accused") == bool(scene.culprits)


def test_everyone_of_the_cast_is_engaged_by_a_bidder_or_the_owner() -> None:
    assert {holder.engaged_by for holder in HOLDERS} - {holder.latin for holder in BIDDERS} == {""}
    assert len(HOLDERS) == len({holder.name for holder in HOLDERS}) == 12


def test_everybody_has_an_address_of_a_domain_that_does_not_exist() -> None:
    addresses = [player.email for player in (*OWNERS_PEOPLE, *map(contact_of, HOLDERS))]
    assert len(set(addresses)) == len(addresses) == 16
    assert all(address.isascii() and address.endswith(".example") for address in addresses)


def test_a_finding_is_right_when_all_culprits_and_nobody_else_are_accused() -> None:
    assert _found(COLLUDED, NORTHWICK, XINGDU).is_right
    assert not _found(COLLUDED, NORTHWICK).is_right
    assert not _found(COLLUDED, NORTHWICK, XINGDU, "Oakhollow Textures").is_right
    assert not _found(COLLUDED, NORTHWICK, XINGDU, draft="front-1").is_right
    assert not _found(COLLUDED, verdict="inconclusive").is_right


def test_a_finding_on_the_owners_own_copy_is_right_when_it_names_the_owner() -> None:
    assert _found(OWN, OWNER).is_right
    assert not _found(OWN, NORTHWICK).is_right


def test_a_finding_on_an_unrelated_picture_is_right_when_nothing_is_matched() -> None:
    assert _found(UNRELATED, verdict="unmatched", draft="", true="").is_right
    assert not _found(UNRELATED, NORTHWICK, draft="", true="").is_right


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
