"""What the owner's people do in a case: officer, legal and communications, each in a window of their own."""

from datetime import UTC, datetime, timedelta

from tests import people
from tests.journey.browser import Window
from tests.journey.looking import look

TITLE = "Front bumper on a forum"
LOG = {"name": "upload-log.txt", "mimeType": "text/plain", "buffer": b"19:02 upload 88121\n"}
RETURNED = "That is who, not why. Why could a telephone be there at all?"


def day(ahead: int) -> str:
    return f"{datetime.now(UTC) + timedelta(days=ahead):%Y-%m-%d}"


def go_to_case(window: Window) -> None:
    window.open("/cases/")
    window.page.locator("#main tr").filter(has_text=TITLE).get_by_role("link").first.click()
    window.page.wait_for_load_state()


def go_to_allegation(window: Window) -> None:
    """From the case: the party's name leads to what is put to it."""
    go_to_case(window)
    window.page.locator('#main a[href^="/allegations/"]').first.click()
    window.page.wait_for_load_state()


def go_to_sanction(window: Window) -> None:
    go_to_case(window)
    window.page.locator('#main a[href^="/sanctions/"]').first.click()
    window.page.wait_for_load_state()


def go_to_plan(window: Window, name: str = "Rectification plan") -> None:
    go_to_allegation(window)
    window.follow(name)


def unfold(window: Window, summary: str) -> None:
    """Open what is folded away under these words, unless it is open."""
    folded = window.page.locator("#main details", has=window.page.get_by_text(summary, exact=True)).first
    if folded.get_attribute("open") is None:
        folded.locator("summary").first.click()


def open_case(window: Window, leak: str) -> str:
    """Open a case about a leak and take it up; return what the page says."""
    window.open("/cases/")
    window.follow("Open a case")
    window.fill(title=TITLE)
    window.page.locator("#main .choices").get_by_text(leak).first.click()
    window.press("Open the case")
    window.press("Take it up")
    window.fill(text="The forum keeps the upload log for us.")
    window.press("Write it down")
    form = window.page.locator('#main form[action$="/files/"]')
    form.locator('[name="file"]').set_input_files(LOG)
    form.get_by_role("button", name="Add", exact=True).click()
    window.page.wait_for_load_state()
    return window.text


def slide(window: Window) -> tuple[bytes, bytes]:
    """Lay the leak on its draft, slider at the left and at the right; return what the screen shows of each.

    At the left the leak is seen alone, at the right the draft.
    """
    go_to_case(window)
    stage = window.page.locator("#main [data-compare] .stage").first
    stage.scroll_into_view_if_needed()
    for picture in stage.locator("img").all():
        picture.evaluate("picture => picture.decode()")
    slider = window.page.locator("#main [data-compare] input").first
    seen = []
    for key in ("Home", "End"):
        slider.press(key)
        seen.append(stage.screenshot())
    return seen[0], seen[1]


def put(window: Window) -> str:
    """Prepare the allegation and put it to the party; return why it cannot be final yet."""
    go_to_case(window)
    window.press("Prepare the allegation")
    look(window)
    window.press("Put it to the party")
    return window.text


def grant(window: Window) -> None:
    go_to_allegation(window)
    window.press("Grant the evidence")


def decide(window: Window) -> str:
    """Judge the intent, and make the allegation final; return what the case says."""
    go_to_case(window)
    unfold(window, "Judge it")
    form = window.page.locator('#main form[action$="/intent/"]')
    form.locator('[name="kind"]').select_option("negligent")
    form.locator('[name="reason"]').fill("An intern without instruction.")
    form.get_by_role("button", name="Write it down", exact=True).click()
    window.page.wait_for_load_state()
    go_to_allegation(window)
    window.press("Make it final")
    go_to_case(window)
    return window.text


def prepare_sanction(window: Window) -> str:
    """Prepare what the clause leads to, converted, with a suspension and an obligation; return what the page says."""
    go_to_case(window)
    window.press("Prepare a sanction")
    window.fill(
        rate="6.7221",
        rate_currency="USD",
        rate_on=day(0),
        rate_source="Central parity",
        pay_to="Halden Motors, account 000-000-11",
        due_on=day(30),
        appeal_until=day(14),
    )
    window.press("Save")
    for kind, text, due in (
        ("suspension", "No drawings until the way back is free.", ""),
        ("obligation", "Bar telephones from every desk at which drawings are shown.", day(21)),
    ):
        unfold(window, "Add a measure")
        form = window.page.locator('#main form[action$="/measures/"]').last
        form.locator('[name="kind"]').select_option(kind)
        form.locator('[name="due"]').fill(due)
        form.locator('[name="text"]').fill(text)
        form.locator("button").click()
        window.page.wait_for_load_state()
    look(window)
    return window.text


def approve_sanction(window: Window) -> None:
    go_to_sanction(window)
    window.press("Approve as it stands")


def impose(window: Window) -> str:
    go_to_sanction(window)
    window.press("Impose it")
    return window.text


def propose_to_uphold(window: Window) -> None:
    """Say that the sum stands, and approve that as the one of two."""
    go_to_sanction(window)
    window.fill(outcome="upheld")
    window.page.locator("#main #why").fill("The clause names one sum, whoever was at fault.")
    window.press("Propose")
    window.press("Approve as it stands")


def take_decision(window: Window) -> None:
    go_to_sanction(window)
    window.press("Approve as it stands")
    window.press("Take the decision")


def record_payment(window: Window, amount: str, reference: str) -> str:
    go_to_sanction(window)
    unfold(window, "Record a payment")
    form = window.page.locator('#main form:has([name="reference"])')
    form.locator('[name="amount"]').fill(amount)
    form.locator('[name="reference"]').fill(reference)
    form.get_by_role("button", name="Record", exact=True).click()
    window.page.wait_for_load_state()
    return window.text


def accept_measure(window: Window) -> None:
    go_to_sanction(window)
    window.press("Accept")
    look(window)


def ask_for_plan(window: Window) -> None:
    go_to_allegation(window)
    window.follow("Access and its gate")
    window.fill(words="One section is enough for us: the cause.")
    for box in window.page.locator('#main [name="sections"]').all():
        box.set_checked(box.get_attribute("value") == "cause")
    window.press("Ask for the plan")
    look(window)


def judge_action(window: Window, *, accepts: bool) -> None:
    """Accept the plan's one action, or return it as a symptom."""
    go_to_plan(window)
    window.page.locator("#main a.row-link").first.click()
    window.page.wait_for_load_state()
    if accepts:
        window.page.locator('#main button[value="accept"]').first.click()
    else:
        look(window)
        window.fill(reason="symptom", text=RETURNED)
        window.press("Return it")
    window.page.wait_for_load_state()


def confirm_checks(window: Window) -> None:
    go_to_plan(window)
    window.follow("Checks of sub-vendors")
    look(window)
    while window.page.locator("#main").get_by_role("button", name="Confirm it", exact=True).count():
        window.press("Confirm it")


def look_at_gate(window: Window) -> str:
    go_to_allegation(window)
    window.follow("Access and its gate")
    look(window)
    return window.text


def open_gate(window: Window) -> str:
    look_at_gate(window)
    window.press("Open the gate")
    return window.text


def prepare_statement(window: Window) -> str:
    """Prepare the final statement, try to name the supplier, and take that out again; return what the check said."""
    go_to_case(window)
    window.press("Prepare a final statement")
    text = window.page.locator('#main [name="text_en"]')
    plain = text.input_value()
    text.fill(f"{plain}\n\nThe pictures came from {people.SUPPLIER}.")
    window.page.locator("#check .badge.is-bad").wait_for()
    refused = window.page.locator("#check").inner_text()
    look(window)
    text.fill(plain)
    window.page.locator("#check .badge:not(.is-bad)").wait_for()
    for number in range(window.page.locator("#main form.promise").count()):
        form = window.page.locator("#main form.promise").nth(number)
        form.locator("select").select_option(index=1)
        form.locator('[name="due"]').fill(day(60))
        form.get_by_role("button", name="Save", exact=True).click()
        window.page.wait_for_load_state()
    return refused


def go_to_statement(window: Window) -> None:
    go_to_case(window)
    window.page.locator('#main a[href^="/statements/"]').first.click()
    window.page.wait_for_load_state()


def approve_statement(window: Window) -> None:
    go_to_statement(window)
    window.press("Approve as it stands")


def issue_statement(window: Window) -> str:
    go_to_statement(window)
    window.fill(channel="Press release")
    window.press("Issue it")
    return window.text


def close_case(window: Window) -> str:
    """Take the last steps, with the reason."""
    go_to_case(window)
    if window.page.locator("#main").get_by_role("button", name="Rectification begins", exact=True).count():
        window.press("Rectification begins")
    unfold(window, "Close")
    window.page.locator("#main #why-closed").fill("Paid, put right, said in public.")
    window.page.locator('#main form:has(#why-closed) button[type="submit"]').click()
    window.page.wait_for_load_state()
    return window.text
