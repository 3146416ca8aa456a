"""The one face that the bench gives to every peer."""

from collections.abc import Iterator
from typing import Protocol

from benchmarks.peers.codewords import Bits
from tidemark.engine.drill.leak import Pixels


class Peer(Protocol):
    """A blind scheme as its package ships it. Pictures are (H, W, 3) uint8, RGB.

    Attributes
    ----------
    name : str
    tries : int
        Payloads read from one leak, at most, as shipped and helped together; each counts in the bound.
    """

    name: str
    tries: int

    def mark(self, draft: Pixels, payload: Bits) -> Pixels:
        """The draft with the payload in it."""

    def read(self, picture: Pixels) -> Bits:
        """The payload of a picture that lies as the draft lies. Raises whatever the package raises."""

    def as_shipped(self, leak: Pixels, draft: Pixels) -> Iterator[Bits]:
        """Every payload that the package's own means read from a leak as found."""
