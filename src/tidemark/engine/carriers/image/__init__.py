"""The image carrier: raster pictures, from the draft's file to its copies, and from a leak to its feature vector.

In the order of the data's path: ``kinds``, ``picture``, ``reading``, ``writing``, ``jpeg``, ``sixteen`` (files) ·
``grid``, ``mask``, ``marking``, ``overlay`` (draft → copy) · ``features``, ``register``, ``refine`` (leak →
placement) · ``leak_frame``, ``residual``, ``recompress``, ``feature`` (placement → feature vector) · ``observe`` (all
of that, in three verbs) · ``alike`` (leaks that show one picture) · ``places`` (where a new draft shows older ones) ·
``illustrate`` (pictures for people).
"""

from tidemark.engine.carriers.image.alike import Alike, same_picture
from tidemark.engine.carriers.image.features import extract
from tidemark.engine.carriers.image.illustrate import Illustration, illustrate
from tidemark.engine.carriers.image.marking import MarkedCopy, Plate, mark, prepare
from tidemark.engine.carriers.image.observe import Look, Observation, Reference, likeness, look, observe, reference
from tidemark.engine.carriers.image.overlay import overlaid
from tidemark.engine.carriers.image.picture import Picture
from tidemark.engine.carriers.image.places import Place, part, places
from tidemark.engine.carriers.image.reading import read_picture as read
from tidemark.engine.carriers.image.register import NotRegistered

NAME = "image"


def describe(picture: Picture) -> bytes:
    """Return what matching needs to know of a draft, to be stored beside it."""
    return extract(picture.luma()).to_bytes()


__all__ = [
    "NAME",
    "Alike",
    "Illustration",
    "Look",
    "MarkedCopy",
    "NotRegistered",
    "Observation",
    "Picture",
    "Place",
    "Plate",
    "Reference",
    "describe",
    "illustrate",
    "likeness",
    "look",
    "mark",
    "observe",
    "overlaid",
    "part",
    "places",
    "prepare",
    "read",
    "reference",
    "same_picture",
]
