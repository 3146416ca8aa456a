"""What the owner's officer does, page by page, as a person would: by what stands on links, fields and buttons."""

import base64
import re
from datetime import UTC, datetime, timedelta

from tests.journey.browser import Window
from tests.journey.looking import look
from tests.journey.persons import PROJECT, Named

# A page of its own, so small that a reader would call it empty.
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n%%EOF\n"

CLAUSE = "For each drawing that reaches a third party through the recipient, it owes 1,000,000 CNY."

_DROP = """([selector, files]) => {
  const dropped = new DataTransfer();
  for (const [name, base64] of files) {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    dropped.items.add(new File([bytes], name, {type: "image/png"}));
  }
  document.querySelector(selector).dispatchEvent(
    new DragEvent("drop", {dataTransfer: dropped, bubbles: true, cancelable: true}));
}"""


def open_project(window: Window) -> None:
    """Make the project."""
    window.open("/")
    window.follow("New project")
    window.fill(code_name=PROJECT, embargo="2028-06-01", description="Facelift of the compact model.")
    window.press("Open project")


def go_to_project(window: Window, *, tab: str = "") -> None:
    window.open("/projects/")
    window.follow(PROJECT)
    if tab:
        window.follow(tab)


def drop_drafts(window: Window, drafts: dict[str, bytes], *, status: str) -> None:
    """Drop files on the upload page and wait until each was taken or refused."""
    go_to_project(window)
    window.follow("Upload drafts")
    window.fill(status=status)
    files = [[name, base64.b64encode(data).decode()] for name, data in drafts.items()]
    window.page.evaluate(_DROP, ["#drop", files])
    for name in drafts:
        line = window.page.locator("#results li:is(.is-good, .is-bad)").filter(has_text=name)
        line.wait_for(timeout=60_000)


def add_party(window: Window, party: str) -> None:
    window.open("/parties/")
    window.follow("Add a party")
    window.fill(name=party)
    window.press("Add")


def invite(window: Window, who: Named, *, role: str = "Contact") -> None:
    """Invite a person, from the page of the party."""
    window.open("/parties/")
    window.follow(who.party)
    window.follow("Invite a person")
    window.fill(name=who.name, email=who.email)
    for box in window.page.locator('#main input[type="checkbox"][name="roles"]').all():
        box.uncheck()  # one is ticked beforehand
    window.tick(role)
    window.press("Send the invitation")


def engage(window: Window, party: str) -> None:
    go_to_project(window, tab="Supply tree")
    window.fill(party=f"={party}")
    window.press("Engage")


def agree(window: Window, party: str, reference: str) -> None:
    """Register an agreement with its PDF, and put it in force."""
    window.open("/agreements/")
    window.follow("Register an agreement")
    window.fill(recipient=f"={party}", reference=reference)
    fill_in_terms(window, reference)
    window.press("Prepare it")
    _amend(window)
    window.press("Put in force")


def fill_in_terms(window: Window, reference: str) -> None:
    """Fill in what any agreement says of scope, term and damages."""
    main = window.page.locator("#main")
    main.locator('[name="document"]').set_input_files(
        {"name": f"{reference}.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    window.tick(PROJECT)
    for kind in ("Bidding", "Development"):
        main.get_by_label(re.compile(f"^{kind}$", re.IGNORECASE)).check()
    window.fill(valid_from="2026-01-01", valid_until="2029-12-31", governing_law="PRC")
    window.fill(damages="1000000", damages_currency="CNY", clause=CLAUSE)


def share(window: Window, draft: str, *names: str) -> None:
    """Share a draft with persons, and wait on the release's page until all copies are made."""
    go_to_project(window)
    window.follow("Share")
    main = window.page.locator("#main")
    main.locator("#draft-choices").get_by_text(draft).click()
    for name in names:
        main.locator("#person-choices").get_by_text(name).click()
    window.press_like(r"^Release \d")
    wait_until_made(window)


def wait_until_made(window: Window) -> None:
    """Stay on the release's page until its progress says that all is done, without loading the page again."""
    window.page.locator("#progress").get_by_text("Done.").wait_for(timeout=120_000)


def prepare_round(window: Window, title: str, draft: str, *parties: str) -> None:
    window.open("/rounds/")
    window.follow("Prepare a round")
    window.press("Go on")
    closes = datetime.now(UTC) + timedelta(days=7)
    window.fill(title=title, brief="A price for tooling and for 40,000 pieces.", closes=f"{closes:%Y-%m-%dT%H:%M}")
    window.tick(draft)
    for party in parties:
        window.tick(party)
    window.press("Prepare it")
    _amend(window)
    window.press("Open the round")


def _amend(window: Window) -> None:
    """Think again about what is prepared, and leave it as it is."""
    window.follow("Amend")
    look(window)
    window.press("Save")


def open_round(window: Window, title: str) -> str:
    """Go to a round's page; return what it says."""
    window.open("/rounds/")
    window.follow(title)
    return window.text


def think_of_revoking(window: Window, draft: str, name: str) -> None:
    """Choose a person's copy in the matrix and go to the page that would revoke it."""
    go_to_project(window, tab="Matrix")
    holder = window.page.locator("#main .m-list a").filter(has_text=name).first.get_attribute("href")
    assert holder is not None
    window.open(holder)
    window.tick(draft)
    window.press("Revoke")
    assert "1 copy will be revoked" in window.text
