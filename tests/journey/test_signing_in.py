"""Signing in by other ways than a password, with everything that a browser holds against it."""

import re

from playwright.sync_api import Browser

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
