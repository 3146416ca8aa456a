"""The affair, played through the API over HTTP by its named persons, on small drafts."""

import dataclasses
import re
import shutil
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tests.started  # noqa: F401
from tests.conftest import make_draft
from tests.journey.browser import Window, chromium, chromium_path
from tests.journey.server import serving
from tidemark import limits
from tidemark.demo.cast import contact_of, holder
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


@pytest.mark.skipif(not chromium_path(), reason="there is no Chromium")
def test_a_server_on_that_folder_shows_the_whole_affair_to_either_side(played: Performance) -> None:
    with serving(played.home.path, has_officer=True) as served, chromium() as browser:
        officer = _signed_in(Window(browser, served.address), "mara.quill@halden.example")
        texts = {path: _opened(officer, path) for path in ("/cases/", "/leaks/", "/overview/", "/ledger/")}
        cases = _links(officer, "/cases/", "?status=all")
        closed = [text for text in (_opened(officer, each) for each in cases) if "The case is now: closed." in text]
        leaks = {each: _opened(officer, each) for each in _links(officer, "/leaks/")}
        accused = _signed_in(Window(browser, served.address), contact_of(holder("Lanting Exteriors")).email)
        put = [_opened(accused, each) for each in _links(accused, "/allegations/")]
    assert len(cases) >= 4
    assert closed
    assert len(leaks) == len(CHEAP)
    assert "1,000,000.00" in texts["/overview/"].replace("\xa0", " ")
    assert put
    assert not any("Northwick" in text or "Internal" in text for text in put)
    assert officer.faults == accused.faults == []


def _signed_in(window: Window, email: str) -> Window:
    window.open("/accounts/login/")
    window.fill(login=email, password=PASSWORD)
    window.page.locator("#main form button[type=submit]").first.click()
    window.page.wait_for_url(lambda address: "login" not in address)
    return window


def _opened(window: Window, path: str) -> str:
    assert window.open(path) == 200
    return window.text


def _links(window: Window, below: str, which: str = "") -> list[str]:
    """Return the addresses of all single things that a list leads to."""
    window.open(below + which)
    found = window.page.eval_on_selector_all("#main a[href]", "links => links.map(link => new URL(link.href).pathname)")
    return sorted({each for each in found if re.fullmatch(rf"{below}[0-9a-f]{{16}}/", each)})
