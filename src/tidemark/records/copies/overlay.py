"""What a copy's visible overlay says, and the typeface that its characters need."""

from datetime import UTC
from functools import cache
from pathlib import Path

from tidemark.records.copies.models import Copy

_BUILT_IN_BELOW = 0x0180  # the engine's own face has Latin letters
# One file with Chinese, Japanese and Korean beside Latin: Debian, Fedora, Arch, macOS, Windows. The first one found.
_TYPEFACES = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/System/Library/Fonts/PingFang.ttc",
    "/System/Library/Fonts/Hiragino Sans GB.ttc",
    "C:/Windows/Fonts/msyh.ttc",
)


def overlay_lines(copy: Copy) -> tuple[str, ...]:
    """Return what the overlay says: holder, person, day (UTC) and copy. A name that no typeface shows is left out."""
    day = copy.created.astimezone(UTC).date()
    names = (copy.holder.name, copy.person.name if copy.person else "")
    return (*(name for name in names if is_plain(name) or typeface()), f"{day} · {copy.id}")


def overlay_typeface(lines: tuple[str, ...]) -> bytes:
    """Return the font file that the lines need; b'' if the engine's own face has all of their characters."""
    return b"" if is_plain("".join(lines)) else typeface()


def is_plain(text: str) -> bool:
    """Return whether the engine's own face has all of these characters."""
    return all(ord(char) < _BUILT_IN_BELOW for char in text)


@cache
def typeface() -> bytes:
    """Return a font file of this machine with Chinese characters; b'' if none was found."""
    found = next((Path(name) for name in _TYPEFACES if Path(name).is_file()), None)
    return found.read_bytes() if found else b""
