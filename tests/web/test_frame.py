"""The frame of every page: who is signed in sees the navigation of his or her side; who is not is asked to sign in."""

from collections.abc import Callable

import pytest
from django.test import Client


@pytest.mark.parametrize(
    ("who", "sees", "not_this"), [("officer", "Parties", "Drawings"), ("contact", "Drawings", "Parties")]
)
def test_each_side_has_its_own_navigation(browse: Callable[[str], Client], who: str, sees: str, not_this: str) -> None:
    page = browse(who).get("/").content.decode()
    assert sees in page
    assert not_this not in page


def test_a_stranger_is_asked_to_sign_in(browse: Callable[[str], Client]) -> None:
    answer = browse("").get("/")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/accounts/login/")
