"""Headless Chromium: a person's own window on the desk, which keeps what went wrong in it."""

import contextlib
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
WIDE, NARROW = (1440, 900), (390, 844)
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_STEP_MS = 30_000


def chromium_path() -> str:
    """Return where Chromium is, '' where there is none."""
    named = os.environ.get("TIDEMARK_TEST_CHROMIUM", "")
    return named or (str(CHROMIUM) if CHROMIUM.exists() else shutil.which("chromium") or "")


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """Run the browser until the block ends."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=list(_FLAGS))
        try:
            yield browser
        finally:
            browser.close()


class Window:
    """A browser of one person, with a session of its own.

    ``faults`` is what a person would not see but must not be: errors of scripts, what the content security policy
    stopped, files that were not there, answers of the server that say that it broke. ``looked`` are the
    addresses of the pages that were looked at.
    """

    def __init__(self, browser: Browser, address: str, *, size: tuple[int, int] = WIDE, **options: object) -> None:
        width, height = size
        self.context: BrowserContext = browser.new_context(
            base_url=address,
            viewport={"width": width, "height": height},
            accept_downloads=True,
            **options,  # type: ignore[arg-type]
        )
        self.context.set_default_timeout(_STEP_MS)
        self.page: Page = self.context.new_page()
        self.faults: list[str] = []
        self.looked: set[str] = set()
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.faults.append(f"{self.page.url}: {error}"))
        self.page.on("response", self._answered)
        self.page.on("dialog", lambda dialog: dialog.accept())

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.faults.append(f"{self.page.url}: {message.text}")

    def _answered(self, response: Response) -> None:
        is_told = response.request.resource_type == "document" or response.status == 422  # what was wrong is shown
        if response.status >= 500 or (response.status >= 400 and not is_told):
            self.faults.append(f"{self.page.url}: {response.status} for {response.url}")

    def open(self, path: str) -> int:
        """Go to a page as if its address was typed; return the status."""
        response = self.page.goto(path)
        assert response is not None
        return response.status

    def follow(self, name: str, *, within: str = "#main") -> None:
        """Click a link by what it says."""
        self.page.locator(within).get_by_role("link", name=name, exact=True).first.click()
        self.page.wait_for_load_state()

    def press(self, name: str) -> None:
        """Click a button by what it says."""
        self.page.locator("#main").get_by_role("button", name=name, exact=True).first.click()
        self.page.wait_for_load_state()

    def press_like(self, pattern: str) -> None:
        """Click a button by a regular expression of what it says, once it is there."""
        self.page.locator("#main").get_by_role("button", name=re.compile(pattern)).first.click()
        self.page.wait_for_load_state()

    def fill(self, **fields: str) -> None:
        """Fill a form's fields in by their names."""
        for name, value in fields.items():
            field = self.page.locator(f'#main [name="{name}"]').first
            if field.evaluate("field => field.tagName") == "SELECT":
                field.select_option(value) if not value.startswith("=") else field.select_option(label=value[1:])
            else:
                field.fill(value)

    def tick(self, label: str) -> None:
        """Tick a box by its label, or what the label begins with."""
        self.page.locator("#main").get_by_label(label).first.check()

    def save(self, name: str, *, role: str = "button") -> tuple[str, bytes]:
        """Click what hands out a file; return the file's name and bytes."""
        with self.page.expect_download() as waiting:
            self.page.locator("#main").get_by_role(role, name=name, exact=True).first.click()  # type: ignore[arg-type]
        download = waiting.value
        return download.suggested_filename, Path(download.path()).read_bytes()

    @property
    def text(self) -> str:
        """What the page says."""
        return self.page.locator("#main").inner_text()

    def close(self) -> None:
        self.context.close()
