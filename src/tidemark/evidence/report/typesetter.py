"""The one call of the typesetter: files in memory to a PDF, without network, clock or disk beside typefaces."""

from collections.abc import Mapping
from typing import Any, cast

import typst

_STANDARDS = ["a-2a", "ua-1"]
"""Archival and accessible. They also make it an error to print a character that no typeface has."""


def pdf(files: Mapping[str, bytes], *, fonts: typst.Fonts) -> bytes:
    """Set ``main.typ``.

    Parameters
    ----------
    files : mapping of str to bytes
        By name, as ``main.typ`` refers to them; all UTF-8.
    fonts : typst.Fonts
        Typefaces at hand.

    Raises
    ------
    typst.TypstError
    """
    compile_files = cast(Any, typst.compile)  # its published types know of one file only
    return cast(bytes, compile_files(dict(files), font_paths=fonts, pdf_standards=_STANDARDS))
