"""What somebody does who signs in by way of an identity provider."""

from tests.journey.browser import Window
from tests.journey.looking import look
from tests.provider import LOGIN, NAME


def to_provider(window: Window) -> None:
    """Go to the provider's own page, which is at another origin, from the page for signing in."""
    window.open("/accounts/login/")
    window.follow(f"Sign in with {NAME}")
    window.press("Continue")
    window.page.get_by_role("link", name="It is me").wait_for()


def cancel(window: Window) -> str:
    """Go there and change one's mind; return what is said then."""
    to_provider(window)
    window.follow("Cancel")
    window.page.get_by_role("heading", level=1, name="Signing in was cancelled").wait_for()
    look(window)
    return window.text


def come_back_unasked(window: Window) -> str:
    """Come from the provider though nobody went; return what is said."""
    assert window.open(f"{LOGIN}callback/?code=once&state=of-nobody") == 401
    look(window)
    return window.text
