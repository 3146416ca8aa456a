"""Every page there is, at both widths, light and dark, for all who can reach it."""

from collections import Counter

import pytest
from playwright.sync_api import Browser

from tests.journey.affair import Told
from tests.journey.browser import Window
from tests.journey.conftest import Seen, Taken
from tests.journey.pages import Walk, addresses, name_of
from tests.journey.server import Served

NOT_REACHED = {
    "account_confirm_email": "everybody comes by an invitation, which confirms the address",
    "account_reset_password_from_key": "nobody forgets a password here",
    "statement_picture": "the statement has no picture",
}
"""Looked at by no journey yet, and why."""


@pytest.fixture(scope="package")
def walked(
    served: Served,
    browser: Browser,
    windows: dict[str, Window],
    officer: Window,
    contact: Window,
    sibling: Window,
    sub_vendor: Window,
    investigator: Window,
    child: Taken,  # noqa: ARG001
    round_over: Seen,  # noqa: ARG001
    traced: Seen,  # noqa: ARG001
    told: Told,  # noqa: ARG001
    sighted: Seen,  # noqa: ARG001
    turned_back: Seen,  # noqa: ARG001
    passkeyed: Seen,  # noqa: ARG001
) -> Counter[str]:
    """Go through the whole desk in every window, and in one of nobody's."""
    plain = ["/" + address.route for address in addresses() if address.is_plain]
    windows["nobody"] = nobody = Window(browser, served.address)
    nobody.open("/")
    seen: Counter[str] = Counter()
    for window in (officer, investigator, contact, sibling, sub_vendor, nobody):
        walk = Walk(window, of_one_kind=2 if window is officer else 1)
        walk.along([*plain, served.first_link] if window in (officer, nobody) else ["/"])
        seen += walk.seen
    return seen + Counter(name_of(address) for window in windows.values() for address in window.looked)


def test_every_page_is_reached(walked: Counter[str]) -> None:
    missing = {address.name: address.route for address in addresses() if address.name not in walked}
    assert not {name: route for name, route in missing.items() if name not in NOT_REACHED}, (
        "nothing on these journeys leads to these pages: add the step that does, or the reason to NOT_REACHED"
    )


def test_no_page_has_a_fault(walked: Counter[str], windows: dict[str, Window]) -> None:
    assert walked
    faults = [f"{name}: {fault}" for name, window in windows.items() for fault in window.faults]
    assert not faults, "\n".join(dict.fromkeys(faults))
