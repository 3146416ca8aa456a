"""What the accused supplier's contact does in the portal, on a telephone: answers, appeals, pays, puts it right."""

from tests.journey.browser import Window
from tests.journey.casework import day
from tests.journey.looking import look

BLAME = "The intern was careless."
CAUSE = "Nobody at our house owned what happens to a drawing after it was passed on."
PROOF = {"name": "proof.txt", "mimeType": "text/plain", "buffer": b"Signed on each page.\n"}


def go_to_allegation(window: Window) -> None:
    window.open("/allegations/")
    window.page.locator('#main a[href^="/allegations/"]').first.click()
    window.page.wait_for_load_state()


def go_to_sanction(window: Window) -> None:
    go_to_allegation(window)
    window.page.locator('#main a[href^="/sanctions/"]').first.click()
    window.page.wait_for_load_state()


def go_to_plan(window: Window) -> None:
    go_to_allegation(window)
    window.follow("Rectification plan")


def dispute(window: Window) -> str:
    """“It was our sub-vendor.” Ask for the evidence; return what was put to the company."""
    go_to_allegation(window)
    seen = window.text
    look(window)
    window.tick("disputes")
    window.page.locator("#main #text").fill("It was our sub-vendor, and not us.")
    window.press("Answer for my company")
    window.press("Ask for the evidence")
    return seen


def take_evidence(window: Window) -> bytes:
    """Download the sealed evidence that was granted."""
    go_to_allegation(window)
    with window.page.expect_download() as waiting:
        window.page.locator('#main form[action*="/evidence/"] button').first.click()
    return waiting.value.path().read_bytes()


def name_sub_vendor(window: Window, party: str) -> str:
    """Answer once more: name the sub-vendor, with a file."""
    go_to_allegation(window)
    window.tick("names its sub-vendor")
    window.fill(names_party=f"={party}")
    window.page.locator("#main #text").fill("We have verified your evidence.")
    window.page.locator("#main #file").set_input_files(PROOF)
    window.press("Answer for my company")
    return window.text


def appeal(window: Window) -> str:
    """Appeal against the sanction; return what was imposed."""
    go_to_sanction(window)
    seen = window.text
    look(window)
    window.page.locator("#main #reason").fill("We ask you to halve the sum.")
    window.page.locator('#main form[action$="/appeal/"] [name="file"]').set_input_files(PROOF)
    window.press("Appeal for my company")
    return seen


def report_measure(window: Window) -> None:
    go_to_sanction(window)
    form = window.page.locator('#main form:has([name="file"][required])').first
    if not form.is_visible():
        window.page.locator("#main details:has([name='file'][required]) summary").first.click()
    form.locator('[name="text"]').fill("Lockers stand at the door.")
    form.locator('[name="file"]').set_input_files(PROOF)
    form.get_by_role("button", name="Report it", exact=True).click()
    window.page.wait_for_load_state()


def write_plan(window: Window, owner: str) -> None:
    """Write the one action that is asked for, and submit the plan."""
    go_to_plan(window)
    window.press_like("Add an action")
    fill_action(window, BLAME, owner)
    look(window)
    window.press("Save, and back to the plan")
    window.press("Submit the plan")


def write_anew(window: Window, owner: str) -> str:
    """Write the returned action anew; return what the plan said of it."""
    go_to_plan(window)
    seen = window.text
    look(window)
    window.page.locator("#main a.row-link").first.click()
    window.page.wait_for_load_state()
    fill_action(window, CAUSE, owner)
    window.press("Save, and back to the plan")
    window.press("Submit the plan")
    return seen


def fill_action(window: Window, text: str, owner: str) -> None:
    window.fill(text=text, owner=owner, due=day(20), proof="A protocol that its owner signs.")
    box = window.page.locator('#main [name="controls"]').first
    if not box.is_visible():
        window.page.locator("#main details.catalogue summary").first.click()
    box.check()


def report_action(window: Window) -> None:
    go_to_plan(window)
    window.page.locator("#main a.row-link").first.click()
    window.page.wait_for_load_state()
    window.page.locator("#main #done-text").fill("Done as planned.")
    window.page.locator("#main #done-file").set_input_files(PROOF)
    look(window)
    window.press("Report as done")


def state_checks(window: Window, by: str) -> None:
    """Say of each sub-vendor that it is bound and sound."""
    go_to_plan(window)
    window.follow("Checks of sub-vendors")
    look(window)
    form = window.page.locator('#main form:has([name="bound"])').first
    form.locator('[name="bound"][value="yes"]').check()
    form.locator('[name="result"][value="sound"]').check()
    form.locator('[name="checked"]').fill(day(0))
    form.locator('[name="by"]').fill(by)
    form.get_by_role("button", name="State it", exact=True).click()
    window.page.wait_for_load_state()
