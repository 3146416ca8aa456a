"""The affair, played through the API over HTTP by its named persons, on small drafts."""

import dataclasses
import shutil
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tests.started  # noqa: F401
from tests.conftest import make_draft
from tidemark import limits
from tidemark.demo.scenes import DRAFTS, FINAL, PHOTO, SCENES, UNRELATED, Pixels, Scene
from tidemark.engine.drill import encoding
from tidemark.records.accounts.models import ApiToken
from tidemark.records.check import check
from tidemark.records.connect import close_records, open_records
from tidemark.records.home import Home, make_home

pytestmark = [pytest.mark.sqlite, pytest.mark.slow]

SIZE = (300, 400)
PASSWORD = "tideline-cormorant-42"


def posted(copies: Sequence[Pixels], _rng: np.random.Generator) -> bytes:
    """Cropped and compressed twice: what costs less to make and to trace than a photograph of a screen."""
    rows, columns, _ = copies[0].shape
    cropped = copies[0][rows // 20 :, : columns - columns // 20]
    return encoding.jpeg(encoding.decoded(encoding.jpeg(cropped, 85)), 75)


def _cheaper(scene: Scene) -> Scene:
    return dataclasses.replace(scene, make=posted) if scene.name in (PHOTO, FINAL) else scene


CHEAP = [_cheaper(scene) for scene in SCENES if scene.name != UNRELATED]
"""All but one: to find that a picture shows no draft takes the longest search of all."""


@dataclasses.dataclass(frozen=True, slots=True)
class Performance:
    """The play when it is over: its stage, what was told of each act, and the data folder."""

    stage: Any
    told: dict[str, list[str]]
    home: Home


@pytest.fixture(autouse=True)
def _fresh_database() -> None:
    """The play has a database of its own, for all tests."""


@pytest.fixture(scope="module")
def few_decoys() -> Iterator[None]:
    """Decoys try the null; that there are enough of them is tested elsewhere, and takes a third of the time here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(limits, "DECOYS", 300)
        yield


@pytest.fixture(scope="module")
def played(
    few_decoys: None,  # noqa: ARG001
    tmp_path_factory: pytest.TempPathFactory,
    migrated: Path,
) -> Iterator[Performance]:
    """The whole play, once: in this process, its tasks done whenever somebody waits for one."""
    folder = tmp_path_factory.mktemp("play")
    home = make_home(folder / "home")
    shutil.copyfile(migrated, home.database)
    home.database.chmod(0o600)
    open_records(home)
    drafts = {name: make_draft(seed, size=SIZE) for seed, name in enumerate(DRAFTS, start=1)}
    from tidemark.cli.demo import on_stage
    from tidemark.demo.play.acts import ACTS
    from tidemark.demo.play.others import tell_sighting
    from tidemark.records.work.worker import work

    def do() -> None:
        work(queues=("default", "copies", "traces"), until_empty=True)

    now = datetime.now(UTC)
    with on_stage(home, folder, drafts, CHEAP, password=PASSWORD, work=do, now=now) as stage:
        told = {act.title: list(act.play(stage)) for act in ACTS if act.play is not tell_sighting}
    yield Performance(stage, told, home)
    close_records()


def test_every_act_is_played_and_told(played: Performance) -> None:
    assert all(played.told.values())
    assert len(played.told) >= 16


def test_every_finding_is_the_truth(played: Performance) -> None:
    wrong = [(found.scene.name, found.verdict, found.named) for found in played.stage.found if not found.is_right]
    assert not wrong
    assert len(played.stage.found) == len(CHEAP)


def test_what_the_accused_was_handed_verifies_without_the_records(played: Performance) -> None:
    assert played.stage.bundle.exists()
    assert played.stage.verification.valid


def test_the_tokens_of_the_play_open_nothing_afterwards(played: Performance) -> None:  # noqa: ARG001
    assert not ApiToken.objects.filter(revoked=None).exists()


def test_the_ledger_of_the_play_holds_together(played: Performance) -> None:
    failing = [f"{step.step}: {step.detail}" for step in check(played.home) if not step.holds]
    assert not failing
