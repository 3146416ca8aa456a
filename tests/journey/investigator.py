"""What the owner's investigator does with a picture that somebody posted."""

import io
from pathlib import Path

import numpy as np
from PIL import Image

from tests.journey.browser import Window
from tidemark.demo.scenes import reposted_photo


def posted(copy: Path, folder: Path) -> Path:
    """Photograph a copy off a screen, show that on a web page, pass a screenshot on, compressed twice."""
    picture = np.asarray(Image.open(io.BytesIO(copy.read_bytes())).convert("RGB"))
    leak = folder / "posted.jpg"
    leak.write_bytes(reposted_photo([picture], np.random.default_rng(11)))
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
