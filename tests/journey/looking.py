"""Looking at a page in every light: names, labels and contrast by axe-core, and nothing wider than a phone."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe

from tests.journey.browser import NARROW, WIDE, Window

_GRAVE = ("serious", "critical")
_EVERYTHING: dict[str, Any] = {"resultTypes": ["violations"]}
_CONTRAST: dict[str, Any] = {**_EVERYTHING, "runOnly": {"type": "rule", "values": ["color-contrast"]}}
_LIGHTS = (
    (WIDE, "light", _EVERYTHING),
    (WIDE, "dark", _CONTRAST),
    (NARROW, "dark", _EVERYTHING),
    (NARROW, "light", _CONTRAST),
)
"""Names and landmarks depend on the width alone, so each width is looked at whole in one of its two lights."""

# What reaches over the right edge of the page and makes it scroll, outermost first.
_TOO_WIDE = """(width) => {
  if (document.documentElement.scrollWidth <= width) return [];
  const over = [...document.body.querySelectorAll("*")].filter((element) => {
    if (element.getBoundingClientRect().right <= width + 0.5) return false;
    for (let above = element.parentElement; above; above = above.parentElement) {
      if (getComputedStyle(above).overflowX !== "visible") return false;
    }
    return true;
  });
  return over.slice(0, 3).map((element) => element.outerHTML.slice(0, 160));
}"""


def look(window: Window) -> None:
    """Look at the page that is open at both widths, light and dark; what is wrong goes to the window's faults."""
    page = window.page
    window.looked.add(page.url)
    before = page.viewport_size
    for (width, height), light, options in _LIGHTS:
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=light, reduced_motion="reduce")  # type: ignore[arg-type]
        where = f"{page.url} at {width} px, {light}"
        for found in Axe().run(page, options=options).response["violations"]:
            if found["impact"] in _GRAVE:
                told = "; ".join(f"{node['html'][:160]} ({node['failureSummary']})" for node in found["nodes"][:3])
                window.faults.append(f"{where}: {found['id']}: {told}")
        if width == NARROW[0]:
            window.faults += [f"{where}: too wide: {html}" for html in page.evaluate(_TOO_WIDE, width)]
    page.emulate_media(color_scheme="light")
    if before is not None:
        page.set_viewport_size(before)
