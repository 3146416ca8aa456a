"""From a finding and its pictures to a PDF.

The PDF is archival and accessible (PDF/A-2a, PDF/UA-1): it holds its typefaces, refers to nothing outside, and can be
read aloud. The same finding gives the same bytes: no clock is read, and the document's date is the finding's. A report
with Chinese text has that text's typeface from the machine, so there the bytes also depend on the typeface's version.

It does not guarantee that the figures are right. That is for :mod:`tidemark.evidence.verify`.
"""

import base64
import json
import struct
from dataclasses import asdict
from datetime import datetime
from importlib import resources

import typst

from tidemark.engine.detect import Scores
from tidemark.errors import ReportFailed
from tidemark.evidence.finding import Finding
from tidemark.evidence.report import fonts as typefaces
from tidemark.evidence.report import typesetter
from tidemark.evidence.report.blocks import Block
from tidemark.evidence.report.content import content
from tidemark.evidence.report.legible import legible
from tidemark.evidence.report.pictures import Pictures
from tidemark.evidence.report.runs import Run
from tidemark.evidence.report.texts import Texts
from tidemark.evidence.report.texts_en import ENGLISH
from tidemark.evidence.report.texts_zh import CHINESE

LANGUAGES = {"en": ENGLISH, "zh": CHINESE}
"""The languages of a report, by their ISO 639-1 code."""

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def report(finding: Finding, pictures: Pictures, decoys: Scores, *, language: str = "en") -> bytes:
    """Set the report of a finding.

    Parameters
    ----------
    finding : Finding
        With at least one accused copy.
    pictures : Pictures
    decoys : ndarray, shape (D,)
        z of every decoy on this leak, which the finding sums up.
    language : str
        One of :data:`LANGUAGES`.

    Returns
    -------
    bytes
        A PDF file.

    Raises
    ------
    ReportFontMissing
        If there is Chinese text and no typeface for it.
    ReportFailed
        If the finding accuses nobody, a picture is no PNG, or the typesetter fails otherwise.
    """
    if not finding.accused:
        raise ReportFailed("a report is made of an accusation, and this finding accuses no copy; none can be written")
    if language not in LANGUAGES:
        raise ReportFailed(
            f"a report is written in one of {', '.join(LANGUAGES)}, not in {language!r}; name one of them"
        )
    files, at_hand = _files(finding, pictures, decoys, LANGUAGES[language])
    try:
        return typesetter.pdf(files, fonts=at_hand)
    except typst.TypstError as error:
        raise ReportFailed(f"the report could not be set: {error}. Check that the pictures are PNG files") from error


def _files(finding: Finding, pictures: Pictures, decoys: Scores, text: Texts) -> tuple[dict[str, bytes], typst.Fonts]:
    """Return the typesetter's files by name, and the typefaces that it may use."""
    document = content(legible(finding), decoys, text)
    unusual = typefaces.unusual(_as_json(document).decode())
    if unusual:
        at_hand = typst.Fonts()
        chosen = typefaces.faces(at_hand.families(), chinese=typefaces.has_chinese(unusual))
        if unshown := typefaces.unshown(unusual, chosen, at_hand):
            document = content(legible(finding, without=unshown), decoys, text)
    else:
        at_hand = typst.Fonts(include_system_fonts=False)
        chosen = typefaces.faces((), chinese=False)
    document["faces"] = asdict(chosen)
    document["made"] = _date(finding.made)
    template = resources.files("tidemark.evidence.report").joinpath("report.typ").read_bytes()
    files = {"main.typ": template, "content.json": _as_json(document)}
    files |= {f"{name}.svg": _enveloped(picture, name) for name, picture in asdict(pictures).items()}
    return files, at_hand


def _enveloped(png: bytes, name: str) -> bytes:
    """Put a PNG into an SVG of its size, pixel for pixel: files given from memory must be UTF-8."""
    if len(png) < 24 or not png.startswith(_PNG_SIGNATURE):
        raise ReportFailed(f"the picture {name!r} should be a PNG file, and it is none; draw it again")
    width, height = struct.unpack(">II", png[16:24])
    size = f'width="{width}" height="{height}"'
    data = base64.b64encode(png).decode()
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="0 0 {width} {height}">'
    return f'{head}<image {size} href="data:image/png;base64,{data}"/></svg>'.encode()


def _date(made: str) -> dict[str, int]:
    try:
        at = datetime.fromisoformat(made)
    except ValueError as error:
        raise ReportFailed(f"a finding states when it was made as an RFC 3339 time, not as {made!r}") from error
    names = ("year", "month", "day", "hour", "minute", "second")
    return {name: getattr(at, name) for name in names}


def _as_json(document: Block) -> bytes:
    def run(value: object) -> object:
        if isinstance(value, Run):
            return asdict(value)
        raise TypeError(f"{type(value).__name__} is no part of a report")

    return json.dumps(document, default=run, ensure_ascii=False, allow_nan=False).encode()
