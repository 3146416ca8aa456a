"""What the supplier's and the sub-vendor's contacts do, on a telephone."""

from tests.journey.browser import Window
from tests.journey.looking import look
from tests.journey.officer import fill_in_terms
from tests.journey.persons import Named
from tests.journey.server import wait_for


def accept(window: Window, reference: str) -> None:
    """Read an agreement and accept it, for the company and for oneself."""
    window.open("/")
    window.follow(reference)
    window.follow("Read and accept it")
    look(window)
    window.tick("For my company")
    window.tick("For myself")
    window.press("Accept")


def download(window: Window, draft: str) -> tuple[str, bytes]:
    """Take one's own copy of a draft; return the file's name and bytes."""
    window.open("/")
    return window.save(f"Download {draft}")


def receipt(window: Window, draft: str) -> bytes:
    """Take the receipt from the page of one's copy."""
    window.open("/")
    window.follow(draft)
    return window.save("Receipt", role="link")[1]


def wait_for_drawing(window: Window, draft: str) -> None:
    """Look at the page of drawings again and again until one is there."""

    def look_again() -> bool:
        window.open("/")
        return window.page.get_by_role("button", name=f"Download {draft}").count() > 0

    wait_for(look_again, what=f"a copy of {draft}", seconds=180)


def ask_onward(window: Window, draft: str, who: Named) -> None:
    """Ask that a sub-vendor's contact gets a copy."""
    window.open("/onward/")
    window.follow("Ask for a sub-vendor")
    window.tick(draft)
    window.fill(
        sub_vendor=who.party, contact_name=who.name, contact_email=who.email, why="It paints the part, and masks by it."
    )
    window.press("Ask the owner")


def bind_alike(window: Window, under: str, party: str, reference: str) -> None:
    """Register the flow-down agreement with the sub-vendor, and put it in force."""
    window.open("/agreements/")
    window.follow(under)
    window.follow("Bind a sub-vendor alike")
    window.fill(recipient=f"={party}", under=f"={under}", reference=reference)
    fill_in_terms(window, reference)
    window.press("Prepare it")
    window.press("Put in force")


def bid(window: Window, title: str, note: str) -> None:
    """Hand in a bid with a file."""
    window.open("/rounds/")
    window.follow(title)
    window.page.locator("#main").locator('[name="file"]').set_input_files(
        {"name": "offer.txt", "mimeType": "text/plain", "buffer": note.encode()}
    )
    window.fill(note=note)
    window.press("Hand in")


def certify(window: Window) -> None:
    """Say for the company that all copies of the lost round are gone."""
    window.tick("destroyed")
    window.press("Certify for my company")
