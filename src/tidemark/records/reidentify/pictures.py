"""What a picture's file tells beside what it shows: where and when it was taken, with what, by whom.

What it shows is compared elsewhere: that takes the drafts themselves.
"""

import io
import warnings

from PIL import Image

from tidemark.records.reidentify.ordinary import words

_PLAIN = frozenset(
    words("""
    dpi jfif jfif_version jfif_unit jfif_density gamma srgb chromaticity aspect interlace transparency background
    progressive progression adobe adobe_transform icc_profile loop duration blend disposal version compression
    timestamp resolution
""")
)
"""What a decoder reports that tells how to draw the picture, and nothing of its making."""


def metadata_of(data: bytes) -> tuple[str, ...]:
    """Return the names of what the file tells beside the picture; empty if nothing. Never what it says.

    Raises
    ------
    ValueError
        If the bytes are no picture.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data)) as picture:
                picture.load()  # a PNG has texts after the picture too
                found = {str(name).lower() for name in picture.info} - _PLAIN
                if len(picture.getexif()):
                    found.add("exif")
                parts: list[tuple[str, bytes]] = getattr(picture, "applist", [])  # of a JPEG
                found |= {"comment" for name, _ in parts if name == "COM"}
                found |= {"xmp" for _, said in parts if b"ns.adobe.com/xap" in said[:40]}
                found |= {"iptc" for _, said in parts if said.startswith(b"Photoshop")}
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise ValueError("not a picture that can be read") from error
    return tuple(sorted(found))
