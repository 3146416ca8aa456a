"""What a picture's file tells beside what it shows: where and when it was taken, with what, by whom; other pictures.

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

_PNG_END = b"IEND\xaeB`\x82"


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
                if getattr(picture, "n_frames", 1) > 1:
                    found.add("frames")
                if picture.has_transparency_data:
                    alpha = (picture if "A" in picture.getbands() else picture.convert("RGBA")).getchannel("A")
                    if alpha.getextrema() != (255, 255):
                        found.add("transparency")  # under which, or by which, another picture may be drawn
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise ValueError("not a picture that can be read") from error
    if _goes_on(data):
        found.add("bytes after the picture")
    return tuple(sorted(found))


def _goes_on(data: bytes) -> bool:
    """Whether something follows the picture in its file, as far as the format says where it ends."""
    if data.startswith(b"\xff\xd8"):  # JPEG: in a picture's own bytes there is no second beginning
        return data.count(b"\xff\xd8\xff") > 1 or not data.endswith(b"\xff\xd9")
    if data.startswith(b"\x89PNG"):
        return not data.endswith(_PNG_END) or data.count(_PNG_END) > 1
    if data.startswith(b"RIFF"):  # WebP
        return len(data) > 8 + int.from_bytes(data[4:8], "little") + 1
    return False
