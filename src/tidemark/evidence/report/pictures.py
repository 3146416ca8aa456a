"""The pictures that a report shows. They are made elsewhere; here they are only carried."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pictures:
    """Five PNG files. All but ``leak_as_found`` share the draft's frame and one size, long side about 1,024 pixels.

    Attributes
    ----------
    leak : bytes
        The leak warped onto the draft's frame; light grey where it shows nothing of it.
    draft : bytes
        The unmarked draft.
    difference : bytes
        Leak minus fitted draft, amplified; mid-grey is no difference.
    where : bytes
        Where the mark of the copy that was named first was found, over a faint draft; it sums to that copy's z.
    leak_as_found : bytes
        The leak's own picture, not aligned to anything.
    """

    leak: bytes
    draft: bytes
    difference: bytes
    where: bytes
    leak_as_found: bytes
