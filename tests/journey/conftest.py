"""The journeys' steps, each done once: a test asks for the step that it is about, and gets what was seen there.

One server and one browser serve them all, so all run in one worker, one after another.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser

import tests.started  # noqa: F401
from tests import people
from tests.conftest import make_draft
from tests.journey import affair, passkeys, provided, supplier
from tests.journey import investigator as investigation
from tests.journey import officer as office
from tests.journey.affair import Desks, Told
from tests.journey.browser import Window, chromium, chromium_path
from tests.journey.looking import look
from tests.journey.persons import (
    COMMUNICATIONS,
    CONTACT,
    DEPUTY,
    INVESTIGATOR,
    LEGAL,
    OFFICER,
    SIBLING,
    SIBLINGS_CONTACT,
    SUB_VENDORS_CONTACT,
    come_by_invitation,
    found_the_desk,
)
from tests.journey.server import Served, serving
from tests.provider import Provider, providing

BUMPER, LAMP = "Front Bumper.png", "Tail Lamp.png"
NDA, SIBLINGS_NDA, FLOW_DOWN = "NDA 2026-014", "NDA 2026-015", "FD-7"
ROUND = "Tail lamp tooling"


@pytest.hookimpl(tryfirst=True)  # before the marks select what runs
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.slow)
            item.add_marker(pytest.mark.skipif(not chromium_path(), reason="there is no Chromium"))


@pytest.fixture(autouse=True)
def _fresh_database() -> None:
    """The server has a database of its own, for all steps."""


@pytest.fixture(scope="package")
def provider() -> Iterator[Provider]:
    """An identity provider that the server knows."""
    with providing() as provider:
        yield provider


@pytest.fixture(scope="package")
def served(tmp_path_factory: pytest.TempPathFactory, provider: Provider) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("journey") / "home", TIDEMARK_OIDC=json.dumps([provider.app])) as served:
        yield served


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="package")
def windows() -> dict[str, Window]:
    """Every window that was opened, by whose it is."""
    return {}


@pytest.fixture(scope="package")
def officer(served: Served, browser: Browser, windows: dict[str, Window]) -> Window:
    """The first officer's window, once the printed link was used."""
    windows["officer"] = window = Window(browser, served.address)
    assert window.open(served.first_link) == 200
    look(window)
    found_the_desk(window, served)
    return window


@dataclass(frozen=True, slots=True)
class Seen:
    """What pages said at a step, by what the step calls them."""

    texts: dict[str, str]

    def __getitem__(self, name: str) -> str:
        return self.texts[name]


@pytest.fixture(scope="package")
def drafted(officer: Window) -> Seen:
    """Two drafts were dropped on the page for uploads."""
    welcome = officer.text
    office.open_project(officer)
    office.drop_drafts(officer, {BUMPER: make_draft(1), "notes.png": b"no picture"}, status="bidding")
    first = officer.text
    look(officer)
    office.drop_drafts(officer, {LAMP: make_draft(2)}, status="bidding")
    return Seen({"welcome": welcome, "uploaded": first})


@pytest.fixture(scope="package")
def engaged(officer: Window, drafted: Seen) -> Seen:  # noqa: ARG001
    """Two suppliers are on record, invited, engaged and bound; none has accepted yet."""
    for who, reference in ((CONTACT, NDA), (SIBLINGS_CONTACT, SIBLINGS_NDA)):
        office.add_party(officer, who.party)
        office.invite(officer, who)
        office.engage(officer, who.party)
        office.agree(officer, who.party, reference)
    return Seen({"agreement": officer.text})


@pytest.fixture(scope="package")
def invited(
    served: Served,
    browser: Browser,
    officer: Window,
    engaged: Seen,  # noqa: ARG001
    windows: dict[str, Window],
) -> Seen:
    """The suppliers' contacts have come by their links; the officer looks at what cannot be shared yet, and why."""
    for name, who in (("contact", CONTACT), ("sibling", SIBLINGS_CONTACT)):
        windows[name] = come_by_invitation(browser, served, who)
    office.go_to_project(officer)
    officer.follow("Share")
    look(officer)
    return Seen({"share": officer.text, "contact": windows["contact"].text})


@pytest.fixture(scope="package")
def contact(invited: Seen, windows: dict[str, Window]) -> Window:  # noqa: ARG001
    """The supplier's contact's window, after the agreement was accepted for the company and for herself."""
    window = windows["contact"]
    supplier.accept(window, NDA)
    return window


@pytest.fixture(scope="package")
def sibling(invited: Seen, windows: dict[str, Window]) -> Window:  # noqa: ARG001
    """The other supplier's contact's window, likewise."""
    window = windows["sibling"]
    supplier.accept(window, SIBLINGS_NDA)
    return window


@pytest.fixture(scope="package")
def turned_back(served: Served, browser: Browser, windows: dict[str, Window]) -> Seen:
    """Somebody went to the identity provider and cancelled there, and came from it without having gone."""
    windows["turned back"] = window = Window(browser, served.address)
    return Seen({"cancelled": provided.cancel(window), "unasked": provided.come_back_unasked(window)})


@pytest.fixture(scope="package")
def passkeyed(served: Served, browser: Browser, officer: Window, windows: dict[str, Window]) -> Seen:  # noqa: ARG001
    """The officer, in another window, adds a passkey, signs in with it, gives it another name, and removes it."""
    windows["passkeys"] = window = Window(browser, served.address)
    return Seen(passkeys.play(window, OFFICER.email))


@dataclass(frozen=True, slots=True)
class Taken:
    """A copy as its holder has it on the disk, and the receipt for it."""

    copy: Path
    receipt: Path


def take(window: Window, draft: str, folder: Path) -> Taken:
    name, data = supplier.download(window, draft)
    copy, receipt = folder / name, folder / f"{name}.receipt"
    copy.write_bytes(data)
    receipt.write_bytes(supplier.receipt(window, draft))
    return Taken(copy, receipt)


@pytest.fixture(scope="package")
def copy(officer: Window, contact: Window, tmp_path_factory: pytest.TempPathFactory) -> Taken:
    """The supplier's own copy, shared, made and downloaded."""
    office.share(officer, BUMPER, CONTACT.name)
    look(officer)
    office.think_of_revoking(officer, BUMPER, CONTACT.name)
    look(officer)
    return take(contact, BUMPER, tmp_path_factory.mktemp("copy"))


@pytest.fixture(scope="package")
def onward(
    served: Served,
    browser: Browser,
    officer: Window,
    contact: Window,
    copy: Taken,  # noqa: ARG001
    windows: dict[str, Window],
) -> Seen:
    """A sub-vendor was asked for, approved, bound alike, and has accepted; its copy is on its page."""
    supplier.ask_onward(contact, BUMPER, SUB_VENDORS_CONTACT)
    request = contact.page.url
    officer.open("/onward/")
    officer.follow(people.SUB_VENDOR)
    look(officer)
    officer.press("Approve")
    contact.open(request)
    waiting = contact.text
    look(contact)
    windows["sub-vendor"] = window = come_by_invitation(browser, served, SUB_VENDORS_CONTACT)
    supplier.bind_alike(contact, NDA, people.SUB_VENDOR, FLOW_DOWN)
    supplier.accept(window, FLOW_DOWN)
    supplier.wait_for_drawing(window, BUMPER)
    contact.open(request)
    return Seen({"waiting": waiting, "made": contact.text})


@pytest.fixture(scope="package")
def sub_vendor(onward: Seen, windows: dict[str, Window]) -> Window:  # noqa: ARG001
    return windows["sub-vendor"]


@pytest.fixture(scope="package")
def child(sub_vendor: Window, tmp_path_factory: pytest.TempPathFactory) -> Taken:
    """The sub-vendor's own copy."""
    return take(sub_vendor, BUMPER, tmp_path_factory.mktemp("child"))


@pytest.fixture(scope="package")
def round_over(officer: Window, contact: Window, sibling: Window) -> Seen:
    """A round was held: both suppliers bid, one lost; it still has the page open from which it would download."""
    office.prepare_round(officer, ROUND, LAMP, people.SUPPLIER, SIBLING)
    look(officer)
    officer.follow("Release to all invited persons")
    officer.press_like(r"^Release \d")
    office.wait_until_made(officer)
    supplier.bid(contact, ROUND, "CNY 840,000 for the tool.")
    supplier.bid(sibling, ROUND, "CNY 910,000 for the tool.")
    look(sibling)
    sealed = office.open_round(officer, ROUND)
    officer.press("Close it now")
    look(officer)
    sibling.open("/")
    officer.tick(people.SUPPLIER)
    officer.press("Award")
    awarded = officer.text
    sibling.press(f"Download {LAMP}")
    refused = sibling.text
    sibling.follow("Certify")
    asked = sibling.text
    look(sibling)
    supplier.certify(sibling)
    certified = office.open_round(officer, ROUND)
    texts = {"sealed": sealed, "awarded": awarded, "refused": refused, "asked": asked, "certified": certified}
    return Seen(texts | {"certificate": sibling.text})


@pytest.fixture(scope="package")
def leaked(child: Taken, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sub-vendor's copy, as it was found on the net."""
    return investigation.posted(child.copy, tmp_path_factory.mktemp("leaked"))


@pytest.fixture(scope="package")
def investigator(served: Served, browser: Browser, officer: Window, windows: dict[str, Window]) -> Window:
    office.invite(officer, INVESTIGATOR, role="Investigator")
    windows["investigator"] = window = come_by_invitation(browser, served, INVESTIGATOR)
    return window


@pytest.fixture(scope="package")
def traced(investigator: Window, leaked: Path) -> Seen:
    """The found picture was handed in on the page of leaks, and a worker has traced it."""
    return Seen({"verdict": investigation.hand_in(investigator, leaked)})


@pytest.fixture(scope="package")
def desks(
    served: Served,
    browser: Browser,
    officer: Window,
    contact: Window,
    windows: dict[str, Window],
) -> Desks:
    """Those who play the affair; the officer invites legal, communications and the deputy who approves."""
    for name, who in (("legal", LEGAL), ("communications", COMMUNICATIONS), ("deputy", DEPUTY)):
        office.invite(officer, who, role="Officer" if name == "deputy" else name.capitalize())
        windows[name] = come_by_invitation(browser, served, who)
    return Desks(officer, windows["legal"], windows["communications"], contact, windows["deputy"])


@pytest.fixture(scope="package")
def told(desks: Desks, traced: Seen, round_over: Seen, leaked: Path) -> Told:  # noqa: ARG001
    """The affair was played to its end."""
    return affair.play(desks, leaked.name)


@pytest.fixture(scope="package")
def sighted(investigator: Window, tmp_path_factory: pytest.TempPathFactory) -> Seen:
    """A photograph of a test car was recorded."""
    photograph = tmp_path_factory.mktemp("sighted") / "pass.jpg"
    photograph.write_bytes(make_draft(7, size=(150, 200), form="JPEG"))
    return Seen({"sighting": investigation.record_sighting(investigator, photograph)})
