"""Who is on the journey, and how each of them comes in."""

from dataclasses import dataclass

from tests import people
from tests.journey.browser import NARROW, Window
from tests.journey.looking import look
from tests.journey.server import Served

PASSWORD = "tideline-cormorant-42"
PROJECT = "MS11"
SIBLING = "Ardoise Injection"


@dataclass(frozen=True, slots=True)
class Named:
    """A named person of a party."""

    name: str
    email: str
    party: str


OFFICER = Named("Mara Quill", "mara@halden.example", people.OWNER)
INVESTIGATOR = Named("Ingrid Vale", "ingrid@halden.example", people.OWNER)
LEGAL = Named("Tomas Ferrand", "tomas@halden.example", people.OWNER)
DEPUTY = Named("Arno Keel", "arno@halden.example", people.OWNER)
COMMUNICATIONS = Named("Lene Aster", "lene@halden.example", people.OWNER)
CONTACT = Named("Jonas Feld", "jonas@northwick.example", people.SUPPLIER)
SIBLINGS_CONTACT = Named("Claire Aubry", "claire@ardoise.example", SIBLING)
SUB_VENDORS_CONTACT = Named("陈雨 Chen Yu", "chen@jichuan.example", people.SUB_VENDOR)


def found_the_desk(window: Window, served: Served) -> None:
    """Open the link that the server printed, and become the first officer."""
    assert window.open(served.first_link) == 200
    window.fill(company=OFFICER.party, name=OFFICER.name, email=OFFICER.email, password=PASSWORD, again=PASSWORD)
    window.press("Begin")


def come_by_invitation(browser: object, served: Served, who: Named) -> Window:
    """Open the link of the mail, on a telephone, and choose a password."""
    window = Window(browser, served.address, size=NARROW, is_mobile=True, has_touch=True)  # type: ignore[arg-type]
    assert window.open(served.link(who.email, "/invitations/")) == 200
    assert who.name in window.text
    if who is CONTACT:  # the page is the same for everybody
        look(window)
    window.fill(password=PASSWORD, again=PASSWORD)
    window.press("Accept and sign in")
    return window
