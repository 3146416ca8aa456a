"""Signing in by other ways than a password, with everything that a browser holds against it."""

import re

from playwright.sync_api import Browser

from tests.journey import passkeys
from tests.journey.browser import Window
from tests.journey.conftest import Seen
from tests.journey.looking import look
from tests.journey.persons import OFFICER
from tests.journey.provided import to_provider
from tests.journey.server import Served
from tests.provider import NAME, Provider


def test_a_person_goes_to_an_identity_provider_and_comes_back_signed_in(
    browser: Browser, served: Served, provider: Provider, officer: Window, windows: dict[str, Window]
) -> None:
    assert officer.faults == []
    windows["by provider"] = window = Window(browser, served.address)
    provider.claims = {"sub": "s-1", "email": OFFICER.email, "email_verified": True}
    to_provider(window)
    assert not window.page.url.startswith((served.address, provider.url))
    window.follow("It is me")
    window.page.wait_for_url(re.compile(re.escape(served.address)))
    assert OFFICER.name in window.page.locator(".rail").inner_text()
    assert window.faults == []


def test_the_page_that_leads_to_the_provider_has_a_link_too(
    browser: Browser, served: Served, windows: dict[str, Window]
) -> None:
    windows["leads on"] = window = Window(browser, served.address)
    window.open("/accounts/login/")
    window.follow(f"Sign in with {NAME}")
    look(window)
    window.context.route("**/authorize?*", lambda route: route.fulfill(status=204))  # the browser stays where it is
    window.press("Continue")
    window.page.get_by_role("link", name="Continue").wait_for()
    look(window)
    window.context.unroute("**/authorize?*")
    window.follow("Continue")
    window.page.get_by_role("link", name="It is me").wait_for()
    assert window.faults == []


def test_who_cancels_or_comes_unasked_is_told_so(turned_back: Seen, windows: dict[str, Window]) -> None:
    assert "Nothing has happened." in turned_back["cancelled"]
    assert "The identity provider did not say who you are." in turned_back["unasked"]
    assert windows["turned back"].faults == []


def test_a_passkey_signs_in_is_a_second_factor_is_renamed_and_removed(
    passkeyed: Seen, windows: dict[str, Window]
) -> None:
    assert passkeyed["kept"] == "1"
    assert OFFICER.name in passkeyed["who"]
    assert "Desk key" in passkeyed["renamed"]
    assert "Telephone" not in passkeyed["renamed"]
    assert "Enter the code of your authenticator app" in passkeyed["asked"]
    assert "No passkeys yet" in passkeyed["removed"]
    assert windows["passkeys"].faults == []


def test_what_stops_a_passkey_is_said_on_the_page(
    browser: Browser,
    served: Served,
    passkeyed: Seen,  # noqa: ARG001
    windows: dict[str, Window],
) -> None:
    windows["no passkey"] = window = Window(browser, served.address)
    key = passkeys.Key(window)
    said = window.page.get_by_role("alert")
    window.open("/accounts/login/")
    window.press("Sign in with a passkey")  # there is none on the key
    said.get_by_text("No passkey was used").wait_for()
    look(window)
    passkeys.sign_in(window, OFFICER.email)
    passkeys.go_to_add(window)
    key.recognises(False)
    window.tick("Passwordless")
    window.press("Add")
    said.get_by_text("No passkey was added").wait_for()
    look(window)
    assert key.credentials == []
    assert window.faults == []


def test_at_an_ip_address_no_passkey_is_offered_and_the_page_says_why(
    browser: Browser,
    served: Served,
    windows: dict[str, Window],
    officer: Window,  # noqa: ARG001
) -> None:
    windows["by number"] = window = Window(browser, served.address.replace("localhost", "127.0.0.1"))
    window.open("/accounts/login/")
    assert f"They work at {served.address}." in window.text
    assert window.page.get_by_role("button", name="passkey").count() == 0
    look(window)
    passkeys.sign_in(window, OFFICER.email)
    for path in ("/accounts/2fa/", "/accounts/2fa/webauthn/add/"):
        window.open(path)
        passkeys.prove(window)
        assert f"They work at {served.address}." in window.text
        look(window)
    assert window.page.get_by_role("button", name="Add").count() == 0
    assert window.faults == []
