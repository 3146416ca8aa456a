"""What a person does with passkeys. The key is Chromium's own virtual one, which answers at once."""

import re
from typing import Any

from playwright.sync_api import CDPSession

from tests.journey.browser import Window
from tests.journey.looking import look
from tests.journey.persons import PASSWORD

_KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
_HOME = re.compile(r"^http://localhost:\d+/$")


class Key:
    """A key in a window: a finger is on it, or not."""

    def __init__(self, window: Window) -> None:
        self._session: CDPSession = window.context.new_cdp_session(window.page)
        self._session.send("WebAuthn.enable")
        made: dict[str, Any] = self._session.send("WebAuthn.addVirtualAuthenticator", {"options": _KEY})
        self._id = made["authenticatorId"]

    def recognises(self, is_owner: bool) -> None:
        """Let the key know its owner, or take whoever touches it for somebody else."""
        self._session.send("WebAuthn.setUserVerified", {"authenticatorId": self._id, "isUserVerified": is_owner})

    @property
    def credentials(self) -> list[dict[str, Any]]:
        found: dict[str, Any] = self._session.send("WebAuthn.getCredentials", {"authenticatorId": self._id})
        return list(found["credentials"])


def sign_in(window: Window, email: str) -> None:
    window.open("/accounts/login/")
    window.fill(login=email, password=PASSWORD)
    window.press("Sign in")


def prove(window: Window) -> None:
    """Type the password once more, if the page asks for it."""
    if "/reauthenticate/?" in window.page.url:
        window.fill(password=PASSWORD)
        window.page.keyboard.press("Enter")
        window.page.wait_for_url(lambda url: "/reauthenticate/?" not in url)


def add(window: Window, name: str) -> None:
    """Add a passkey that a person can sign in with, and come to the recovery codes."""
    go_to_add(window)
    window.fill(name=name)
    window.tick("Passwordless")
    window.press("Add")
    window.page.get_by_role("heading", level=1, name="Recovery codes").wait_for()


def go_to_add(window: Window) -> None:
    window.open("/profile/")
    window.page.locator('#main a[href="/accounts/2fa/"]').click()
    window.follow("Add a passkey")
    prove(window)
    window.page.get_by_role("heading", level=1, name="Add a passkey").wait_for()


def sign_out(window: Window) -> None:
    window.page.locator(".who").get_by_role("button", name="Sign out").click()
    window.page.get_by_role("heading", level=1, name="Sign in").wait_for()


def sign_in_with_it(window: Window) -> None:
    window.open("/accounts/login/")
    window.press("Sign in with a passkey")
    window.page.wait_for_url(_HOME)


def go_to_second_factor(window: Window, email: str) -> str:
    """Sign in with the password, and come to the page that asks for more; return what it says."""
    sign_in(window, email)
    window.page.get_by_role("heading", level=1, name="Second factor").wait_for()
    look(window)
    return window.text


def use_it(window: Window) -> None:
    """Answer with the passkey where a second factor is asked for."""
    window.press("Use a passkey or security key")
    window.page.wait_for_url(_HOME)


def rename(window: Window, name: str, other: str) -> str:
    """Give a passkey another name; return what the list says then."""
    window.open("/accounts/2fa/webauthn/")
    window.page.locator("#main tr").filter(has_text=name).get_by_role("link", name="Rename").click()
    prove(window)
    look(window)
    window.fill(name=other)
    window.press("Save")
    window.page.get_by_role("heading", level=1, name="Passkeys").wait_for()
    look(window)
    return window.text


def remove(window: Window, name: str) -> str:
    """Remove a passkey; return what the list says then."""
    window.open("/accounts/2fa/webauthn/")
    window.page.locator("#main tr").filter(has_text=name).get_by_role("link", name="Remove").click()
    prove(window)
    look(window)
    window.press("Remove")
    window.page.get_by_role("heading", level=1, name="Passkeys").wait_for()
    return window.text


def play(window: Window, email: str) -> dict[str, str]:
    """Add a passkey, sign in with it alone, rename it, use it as second factor, remove it; return what pages said."""
    key = Key(window)
    sign_in(window, email)
    add(window, "Telephone")
    said = {"kept": str(len(key.credentials))}
    sign_out(window)
    sign_in_with_it(window)
    said["who"] = window.page.locator(".rail").inner_text()
    said["renamed"] = rename(window, "Telephone", "Desk key")
    sign_out(window)
    said["asked"] = go_to_second_factor(window, email)
    use_it(window)
    said["removed"] = remove(window, "Desk key")
    return said
