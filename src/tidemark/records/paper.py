"""Set words on paper: a template of ours, what it says as JSON, the report's typesetter and typefaces.

What people wrote is set as text and never evaluated as markup, and what cannot be printed as it is shows its code.
"""

import base64
import io
import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

import typst
from PIL import Image

from tidemark.errors import ReportFailed
from tidemark.evidence.report import fonts as typefaces
from tidemark.evidence.report import typesetter
from tidemark.evidence.report.legible import legible


def paper(
    template: bytes,
    document: Mapping[str, Any],
    *,
    what: str,
    made: datetime,
    pictures: Mapping[str, bytes] | None = None,
) -> bytes:
    """Set a document. The same gives the same bytes.

    Parameters
    ----------
    template : bytes
        Typst markup that reads ``content.json``: the document, with ``faces`` and ``made`` added.
    document : mapping
        Texts, numbers, lists and mappings of these.
    what : str
        What it is, for an error's sentence: "the letter".
    made : datetime
        The time that stands in the file.
    pictures : mapping of str to bytes, optional
        JPEG or PNG files by name; the template finds each as ``NAME.svg``.

    Returns
    -------
    bytes
        A PDF file, archival and accessible.

    Raises
    ------
    ReportFontMissing
        If there is Chinese text and no typeface for it.
    ReportFailed
        If the typesetter fails otherwise.
    """
    unusual = typefaces.unusual(json.dumps(document, ensure_ascii=False))
    at_hand = typst.Fonts() if unusual else typst.Fonts(include_system_fonts=False)
    chosen = typefaces.faces(at_hand.families() if unusual else (), chinese=typefaces.has_chinese(unusual))
    without = typefaces.unshown(unusual, chosen, at_hand) if unusual else frozenset()
    shown = {
        **_legible(document, without),
        "faces": asdict(chosen),
        "made": {"year": made.year, "month": made.month, "day": made.day},
    }
    files = {"main.typ": template, "content.json": json.dumps(shown, ensure_ascii=False).encode()}
    files |= {f"{name}.svg": _enveloped(picture) for name, picture in (pictures or {}).items()}
    try:
        return typesetter.pdf(files, fonts=at_hand)
    except typst.TypstError as error:
        raise ReportFailed(f"{what} could not be set: {error}. Look for odd characters in it") from error


def sets_chinese() -> bool:
    """Say whether a typeface on this machine has Chinese, so that a Chinese document can be set here."""
    return typefaces.shows_chinese(typst.Fonts().families())


def paragraphs(text: str) -> list[list[str]]:
    """Return a text's paragraphs, each as its lines: how somebody set it out is kept."""
    blocks = text.replace("\r\n", "\n").replace("\r", "\n").split("\n\n")
    found = [[line.strip() for line in block.split("\n") if line.strip()] for block in blocks]
    return [lines for lines in found if lines]


def _enveloped(picture: bytes) -> bytes:
    """Put a picture into an SVG of its size, pixel for pixel: files given from memory must be UTF-8."""
    with Image.open(io.BytesIO(picture)) as opened:
        (width, height), form = opened.size, (opened.format or "").lower()
    size = f'width="{width}" height="{height}"'
    data = base64.b64encode(picture).decode()
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="0 0 {width} {height}">'
    return f'{head}<image {size} href="data:image/{form};base64,{data}"/></svg>'.encode()


def _legible(value: Any, without: frozenset[str]) -> Any:
    if isinstance(value, str):
        return legible(value, without=without)
    if isinstance(value, (list, tuple)):
        return [_legible(each, without) for each in value]
    if isinstance(value, Mapping):
        return {name: _legible(each, without) for name, each in value.items()}
    return value
