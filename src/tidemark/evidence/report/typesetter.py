"""The one call of the typesetter: files in memory to a PDF, without network, clock or disk beside typefaces."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import typst

_STANDARDS = ["a-2a", "ua-1"]
"""Archival and accessible. They also make it an error to print a character that no typeface has."""


def pdf(files: Mapping[str, bytes], *, fonts: Sequence[Path], machine_fonts: bool) -> bytes:
    """Set ``main.typ``.

    Parameters
    ----------
    files : mapping of str to bytes
        By name, as ``main.typ`` refers to them; all UTF-8.
    fonts : sequence of Path
        Folders with typefaces.
    machine_fonts : bool
        Whether to consider those of the machine.

    Raises
    ------
    typst.TypstError
    """
    compile_files = cast(Any, typst.compile)  # its published types know of one file only
    made = compile_files(
        dict(files), font_paths=list(fonts), ignore_system_fonts=not machine_fonts, pdf_standards=_STANDARDS
    )
    return cast(bytes, made)
