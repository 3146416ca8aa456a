"""Leaks that went through a program's window or a messenger: screenshots and reposts.

A screenshot resizes the picture to fit a window and surrounds it with what is not the picture; a messenger resizes and
compresses at every hand.
"""

import numpy as np

from tidemark.engine.drill import canvas, encoding
from tidemark.engine.drill.geometry import fitted, scaled
from tidemark.engine.drill.leak import Leak, Pixels

DESKTOP_PX = (1440, 900)
"""Width and height of the desktop, in the pixels that a screenshot has."""

PHONE_PX = (1170, 2532)
"""Width and height of the phone's screen, in pixels."""


def browser_window(copy: Pixels, rng: np.random.Generator) -> Pixels:
    """A web page with the copy on it, in a browser that fills a desktop of :data:`DESKTOP_PX`."""
    width, height = DESKTOP_PX
    out = canvas.blank(width, height, canvas.WHITE)
    canvas.box(out, 0, 0, width, 42, (222, 225, 230))
    canvas.box(out, 84, 8, 240, 34, canvas.WHITE)
    canvas.write(out, "New MS11 leaked?", 104, 16, px=15, colour=(50, 50, 50))
    for place, colour in enumerate(((255, 95, 87), (254, 188, 46), (40, 200, 64))):
        canvas.disc(out, 20 + 20 * place, 21, 6, colour)
    canvas.box(out, 110, 50, 1160, 32, (240, 242, 245))
    canvas.write(out, "https://spyshots.example/2024/ms11-bumper", 126, 56, px=16, colour=(70, 70, 70))
    canvas.box(out, 0, 90, width, 1, (210, 210, 210))
    canvas.write(out, "Is this the new MS11?", 160, 104, px=34, colour=(20, 20, 20))
    scale = min(1120 / copy.shape[1], 640 / copy.shape[0])
    picture = scaled(copy, round(copy.shape[1] * scale), round(copy.shape[0] * scale))
    canvas.paste(out, picture, 160, 160)
    canvas.paragraph(out, 160, 815, 1120, 4, px=18, rng=rng)
    canvas.box(out, width - 14, 91, 14, height - 91, (245, 245, 245))
    canvas.box(out, width - 11, 120, 8, 180, (190, 190, 190))
    return out


def phone_viewer(copy: Pixels, _rng: np.random.Generator) -> Pixels:
    """The copy as wide as a phone's screen of :data:`PHONE_PX`, on black, between the bars of a gallery app."""
    width, height = PHONE_PX
    out = canvas.blank(width, height, canvas.BLACK)
    scale = min(width / copy.shape[1], (height - 700) / copy.shape[0])
    picture = scaled(copy, round(copy.shape[1] * scale), round(copy.shape[0] * scale))
    canvas.paste(out, picture, (width - picture.shape[1]) // 2, (height - picture.shape[0]) // 2)
    canvas.write(out, "22:41", 90, 50, px=52, colour=canvas.WHITE)
    canvas.box(out, 1010, 60, 80, 38, (220, 220, 220))
    for bar in range(4):
        canvas.box(out, 860 + 18 * bar, 88 - 10 * bar, 11, 10 + 10 * bar, canvas.WHITE)
    canvas.write(out, "Today  22:39", 420, 180, px=48, colour=canvas.WHITE)
    for place in range(4):
        x = 150 + 290 * place
        canvas.disc(out, x, 2340, 42, (70, 70, 74))
        canvas.disc(out, x, 2340, 20, (225, 225, 225))
    canvas.box(out, 390, 2490, 390, 14, canvas.WHITE)
    return out


def desktop_screenshot(copy: Pixels, rng: np.random.Generator) -> bytes:
    """The browser's window, as the PNG that the desktop writes."""
    return encoding.png(browser_window(copy, rng))


def phone_screenshot(copy: Pixels, rng: np.random.Generator) -> bytes:
    """The phone's screen, sent on as a JPEG."""
    return encoding.jpeg(phone_viewer(copy, rng), 80)


def messaged(rgb: Pixels, times: int) -> Pixels:
    """Through a messenger: at most 1280 pixels a side and JPEG 70, once for each hand that passes it on."""
    for _ in range(times):
        rgb = encoding.decoded(encoding.jpeg(fitted(rgb, 1280), 70))
    return rgb


def reposted(copy: Pixels, _rng: np.random.Generator) -> bytes:
    """Through a messenger twice."""
    return encoding.jpeg(fitted(messaged(copy, 1), 1280), 70)


def captioned(copy: Pixels, rng: np.random.Generator) -> bytes:
    """A screenshot cut roughly to the picture, sent through a messenger, and posted under a caption at 1080 pixels."""
    window = browser_window(copy, rng)
    margins = rng.integers(4, 30, 4)
    sent = messaged(window[160 - margins[0] : 800 + margins[1], 160 - margins[2] : 1280 + margins[3]], 1)
    sent = fitted(sent, 1080)
    band = canvas.blank(sent.shape[1], sent.shape[1] // 8, canvas.WHITE)
    px = band.shape[0] * 0.45
    canvas.write(band, "when the supplier says it is safe", round(px), round(px * 0.55), px=px, colour=canvas.BLACK)
    return encoding.jpeg(np.concatenate([band, sent]), 75)


LEAKS = (
    Leak("desktop screenshot", "reposted", desktop_screenshot),
    Leak("phone screenshot", "reposted", phone_screenshot),
    Leak("messenger twice", "reposted", reposted),
    Leak("screenshot, repost, caption", "reposted", captioned),
)
