"""The leaks of the demonstration. They are made by the drill's functions, and so the truth about each is known."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from tidemark.demo import landscape
from tidemark.demo.cast import OWNER
from tidemark.engine.drill import encoding, geometry, screenshots
from tidemark.engine.drill.leaks import LEAKS

_SEED = 11
_SMALL_PX = 640
"""To find that a picture shows none of the drafts takes the longest search of all, the longer the larger it is."""

Pixels = npt.NDArray[np.uint8]
MakeLeak = Callable[[Sequence[Pixels], np.random.Generator], bytes]


@dataclass(frozen=True, slots=True)
class Scene:
    """One leak, and the truth about it.

    Attributes
    ----------
    name : str
        Its file's stem.
    story : str
        What happened.
    draft : str or None
        Name of the draft that it shows, None if it shows none.
    culprits : tuple of str
        Latin names of those whose copies it was made from; the owner's, if it was the owner's own copy.
    verdict : str
        What a trace must find.
    make : callable
        ``make(pictures, rng) -> bytes``; the pictures are the culprits' copies, or else the unmarked draft.
    platform, handle, url, text : str
        Where and by which account it was posted, and what was written with it.
    """

    name: str
    story: str
    draft: str | None
    culprits: tuple[str, ...]
    verdict: str
    make: MakeLeak
    platform: str = ""
    handle: str = ""
    url: str = ""
    text: str = ""

    @property
    def title(self) -> str:
        """The name as a heading."""
        return self.name.partition("-")[2].replace("-", " ").capitalize()

    @property
    def is_own(self) -> bool:
        """Whether the owner's own copy leaked."""
        return self.culprits == (OWNER,)


def drilled(name: str) -> MakeLeak:
    """Return the drill's leak of this name, for one copy or for several."""
    leak = next(leak for leak in LEAKS if leak.name == name)
    return lambda copies, rng: leak.make(copies if leak.holders > 1 else copies[0], rng)


def reposted_photo(copies: Sequence[Pixels], rng: np.random.Generator) -> bytes:
    """A phone photo of a screen; then shown on a web page of which a screenshot is passed on, compressed twice."""
    photo = encoding.decoded(drilled("screen photo, near")(copies, rng))
    window = screenshots.browser_window(photo, rng)
    return encoding.jpeg(screenshots.messaged(window, 1), 75)


def passed_on(pictures: Sequence[Pixels], _rng: np.random.Generator) -> bytes:
    """The picture as somebody passes it on: small."""
    return encoding.jpeg(geometry.fitted(pictures[0], _SMALL_PX), 80)


def saved(pictures: Sequence[Pixels], _rng: np.random.Generator) -> bytes:
    """The picture, saved as a JPEG of quality 80."""
    buffer = io.BytesIO()
    Image.fromarray(pictures[0]).save(buffer, "JPEG", quality=80)
    return buffer.getvalue()


DRAFTS = ("ms11-front-bumper", "ms11-rear-bumper", "ms11-drawing")
"""The bundled drafts that are played with; the full view is four times as large, and would take as much longer."""

FINAL_DRAFT = "ms11-rear-bumper"
"""The only one that shows the final design. It is no part of the bidding round."""

PHOTO, FINAL, COLLUDED, OWN, UNRELATED, UNMARKED = (
    "1-reposted-phone-photo",
    "2-cropped-final-render",
    "3-two-copies-averaged",
    "4-our-own-copy",
    "5-unrelated-picture",
    "6-the-unmarked-original",
)

SCENES = (
    Scene(
        PHOTO,
        "A sub-vendor photographs the front bumper on a screen; a web page shows it, and its screenshot goes round.",
        "ms11-front-bumper",
        ("Jichuan Coatings",),
        "accused",
        reposted_photo,
        platform="Kuaiying",
        handle="@nightshift_spyshots",
        url="https://kuaiying.example/post/88121",
        text="Is this the new MS11?",
    ),
    Scene(
        FINAL,
        "A quarter of the final rear bumper turns up on social media, cut out, made smaller and recompressed.",
        "ms11-rear-bumper",
        ("Silberfenn Werkzeugbau",),
        "accused",
        drilled("crop 25 % × 0.6 + jpeg 70"),
        platform="Kuaiying",
        handle="@nightshift_spyshots",
        url="https://kuaiying.example/post/90417",
        text="And this is the real one.",
    ),
    Scene(
        COLLUDED,
        "Two bidders that lost average their copies of the front bumper, so that the marks cancel.",
        "ms11-front-bumper",
        ("Northwick Mouldings", "Xingdu Precision"),
        "accused",
        drilled("mean of 2"),
        platform="Carfolk",
        handle="torque_weasel",
        url="https://carfolk.example/t/5501",
    ),
    Scene(
        OWN,
        "The car maker's own marked copy of the drawing goes through a messenger twice: it came out of its own house.",
        "ms11-drawing",
        (OWNER,),
        "accused",
        drilled("messenger twice"),
        platform="a chat group",
    ),
    Scene(
        UNRELATED,
        "A photograph from a pass in the snow, where its poster saw a wrapped test car: it shows none of the drafts.",
        None,
        (),
        "unmatched",
        passed_on,
        platform="Carfolk",
        handle="pass_spotter",
    ),
    Scene(
        UNMARKED,
        "The front bumper as it was before marking: it left the car maker itself, not a supplier.",
        "ms11-front-bumper",
        (),
        "inconclusive",
        saved,
        platform="Carfolk",
        handle="bumper_bard",
        url="https://carfolk.example/t/5713",
    ),
)


def make_leak(scene: Scene, files: Sequence[bytes]) -> bytes:
    """Make a scene's leak out of the culprits' copies, or the unmarked draft; the same files give the same leak."""
    rng = np.random.default_rng([_SEED, int(scene.name.partition("-")[0]) - 1])
    pictures = [pixels(data) for data in files] if scene.draft else [landscape.snowy_ridges(rng)]
    return scene.make(pictures, rng)


def pixels(data: bytes) -> Pixels:
    """Return a file's picture, (height, width, 3) RGB."""
    with Image.open(io.BytesIO(data)) as picture:
        return np.asarray(picture.convert("RGB"), np.uint8)


def extension(data: bytes) -> str:
    """Return what a picture's file name ends in."""
    with Image.open(io.BytesIO(data)) as picture:
        return {"JPEG": "jpg"}.get(picture.format or "", (picture.format or "bin").lower())
