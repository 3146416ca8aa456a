"""What the owner's investigator does with a picture that somebody posted."""

import io
from pathlib import Path

from PIL import Image

from tests.journey.browser import Window


def posted(copy: Path, folder: Path) -> Path:
    """Crop a copy on all sides and compress it again, as a forum would; return the file."""
    picture = Image.open(io.BytesIO(copy.read_bytes())).convert("RGB")
    width, height = picture.size
    leak = folder / "posted.jpg"
    picture.crop((width // 12, height // 10, width - width // 14, height - height // 16)).save(leak, quality=80)
    return leak


def record_sighting(window: Window, photograph: Path) -> str:
    """Record a photograph of a wrapped test car, and say what is known of it; return what the page says."""
    window.open("/sightings/")
    if not window.page.locator('#main [name="file"]').is_visible():
        window.page.locator("#main details:has([name='file']) summary").first.click()
    window.page.locator('#main [name="file"]').set_input_files(photograph)
    window.fill(vehicle="MS11, prototype 4", project="=MS11", camouflage="wrapped", place="a pass in the snow")
    window.press("Keep and compare")
    if "/sightings/" not in window.page.url.removesuffix("/sightings/"):
        window.page.locator('#main a[href^="/sightings/"]').first.click()
        window.page.wait_for_load_state()
    return window.text


def hand_in(window: Window, leak: Path) -> str:
    """Hand a found file in, wait for its verdict, and return what the page says of it."""
    window.open("/leaks/")
    window.page.locator('#main [name="files"]').set_input_files(leak)
    window.press("Keep and trace")
    verdict = window.page.locator("#main .verdict").first
    verdict.wait_for(timeout=240_000)
    return verdict.inner_text()
