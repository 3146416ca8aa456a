"""In one's own language, and without a mouse."""

from pathlib import Path

from playwright.sync_api import Browser

from tests.journey.browser import NARROW, Window
from tests.journey.conftest import BUMPER, Taken
from tests.journey.persons import PASSWORD, SUB_VENDORS_CONTACT
from tests.journey.server import Served

_MOST_TABS = 40


def tab_to(window: Window, selector: str) -> None:
    """Press Tab until something has the focus, and see that the focus can be seen."""
    for _ in range(_MOST_TABS):
        window.page.keyboard.press("Tab")
        focused = window.page.locator(":focus")
        if focused.count() and focused.evaluate("(element, wanted) => element.matches(wanted)", selector):
            assert focused.evaluate("element => getComputedStyle(element).outlineStyle") != "none"
            return
    raise AssertionError(f"{selector} cannot be reached with the Tab key")


def test_a_person_signs_in_and_downloads_with_the_keyboard_alone(
    browser: Browser, served: Served, child: Taken, windows: dict[str, Window]
) -> None:
    windows["keyboard"] = window = Window(browser, served.address)
    window.open("/")
    tab_to(window, '[name="login"]')
    window.page.keyboard.type(SUB_VENDORS_CONTACT.email)
    tab_to(window, '[name="password"]')
    window.page.keyboard.type(PASSWORD)
    window.page.keyboard.press("Enter")
    window.page.get_by_role("heading", level=1).get_by_text("Drawings").wait_for()
    tab_to(window, "a.skip")
    window.page.keyboard.press("Enter")
    tab_to(window, f'button[aria-label="Download {BUMPER}"]')
    with window.page.expect_download() as waiting:
        window.page.keyboard.press("Enter")
    assert Path(waiting.value.path()).read_bytes() == child.copy.read_bytes()


def test_the_menu_of_a_telephone_opens_with_the_keyboard(sub_vendor: Window) -> None:
    sub_vendor.page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    sub_vendor.open("/")
    links = sub_vendor.page.get_by_role("navigation", name="Main").get_by_role("link")
    assert links.count() == 0
    tab_to(sub_vendor, "button.menu")
    sub_vendor.page.keyboard.press("Enter")
    assert links.count() >= 4


def test_a_person_chooses_chinese_and_keeps_it(served: Served, sub_vendor: Window) -> None:
    page = sub_vendor.page
    sub_vendor.open("/profile/")
    assert page.locator("html").get_attribute("lang") == "en"
    sub_vendor.fill(language="=简体中文")
    page.locator('#main form:has([name="language"]) button[type="submit"]').click()
    page.wait_for_load_state()
    sub_vendor.open("/")
    try:
        assert page.locator("html").get_attribute("lang") == "zh-hans"
        assert sub_vendor.context.request.get(served.address).headers["content-language"] == "zh-hans"
    finally:
        sub_vendor.open("/profile/")
        sub_vendor.fill(language="=English")
        page.locator('#main form:has([name="language"]) button[type="submit"]').click()
        page.wait_for_load_state()
