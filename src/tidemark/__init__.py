"""Tidemark: every copy of a confidential draft carries a mark of its own, and a leak is traced to its copy.

>>> from tidemark import Candidate, copy_key, image, trace
>>> picture = image.read(draft_bytes)
>>> key = copy_key(master_secret, draft="front-bumper", copy="7")
>>> copy = image.mark(image.prepare(picture), key)
>>> candidate = Candidate("front-bumper", image.describe(picture), lambda: draft_bytes, lambda: {"7": key})
>>> trace(leak_bytes, [candidate], decoy_seed=b"any").verdict
<Verdict.ACCUSED: 'accused'>

The names are loaded when they are first asked for: ``import tidemark`` costs nothing and needs neither OpenCV nor
Django.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tidemark.engine.accuse import Accusation, Decoys, Verdict
    from tidemark.engine.carriers import image
    from tidemark.engine.keys import copy_key
    from tidemark.engine.match import Candidate
    from tidemark.engine.trace import Trace, trace

__version__ = "0.1.0"

_HOMES = {
    "Accusation": "tidemark.engine.accuse",
    "Candidate": "tidemark.engine.match",
    "Decoys": "tidemark.engine.accuse",
    "Trace": "tidemark.engine.trace",
    "Verdict": "tidemark.engine.accuse",
    "copy_key": "tidemark.engine.keys",
    "image": "tidemark.engine.carriers.image",
    "trace": "tidemark.engine.trace",
}

__all__ = ["Accusation", "Candidate", "Decoys", "Trace", "Verdict", "copy_key", "image", "trace"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'tidemark' has no attribute {name!r}")
    home = import_module(_HOMES[name])
    return home if name == "image" else getattr(home, name)
