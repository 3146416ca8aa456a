"""Marked and traced, on the command line: drafts of every kind that copies are written of, and leaks of any kind."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, PngImagePlugin
from typer.testing import Result

from tests import people
from tests.engine.carriers.image.picture_samples import (
    CANARY,
    PROFILE,
    deep_tiff,
    drawn,
    image,
    saved,
    telltale_exif,
)
from tidemark.engine.carriers.image.picture import Picture
from tidemark.engine.carriers.image.reading import read_picture
from tidemark.engine.carriers.image.writing import write_picture

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("no_trial")]

Cli = Callable[..., Result]
SIZE = (320, 416)
HARMLESS = {
    *("icc_profile", "dpi", "resolution", "compression", "adobe", "adobe_transform"),
    *("jfif", "jfif_version", "jfif_unit", "jfif_density", "loop", "background", "duration", "timestamp"),
}
"""All that Pillow says of a file without metadata."""


def _png(mode: str) -> bytes:
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", CANARY)
    return saved(image(drawn(*SIZE, mode), mode), "PNG", pnginfo=text, exif=telltale_exif(), icc_profile=_profile(mode))


def _deep_png(mode: str) -> bytes:
    """Return a 16-bit PNG with a text chunk, right behind its header."""
    bare = write_picture(picture := Picture(drawn(*SIZE, mode, dtype=np.uint16), mode, "PNG"), picture.pixels)
    small = PngImagePlugin.PngInfo()
    small.add_text("Author", CANARY)
    other = saved(Image.new("L", (2, 2)), "PNG", pnginfo=small)
    at = other.index(b"tEXt") - 4
    chunk = other[at : at + 12 + int.from_bytes(other[at : at + 4], "big")]
    return bare[:33] + chunk + bare[33:]


def _profile(mode: str) -> bytes | None:
    return PROFILE if mode in ("RGB", "RGBA") else None


def _tiff(mode: str) -> bytes:
    return saved(image(drawn(*SIZE, mode), mode), "TIFF", tiffinfo={270: CANARY, 315: CANARY})


def _deep(mode: str) -> bytes:
    return deep_tiff(drawn(*SIZE, mode, dtype=np.uint16), description=CANARY, software=CANARY)


def _jpeg(mode: str, *, orientation: int = 1) -> bytes:
    said = {"exif": telltale_exif(orientation=orientation), "comment": CANARY, "icc_profile": _profile(mode)}
    return saved(image(drawn(*SIZE, mode), mode), "JPEG", quality=92, **said)


def _webp(mode: str) -> bytes:
    said = {"exif": telltale_exif(), "xmp": CANARY.encode(), "icc_profile": PROFILE}
    return saved(image(drawn(*SIZE, mode), mode), "WEBP", lossless=True, exact=True, **said)


def _bmp(mode: str) -> bytes:
    return saved(image(drawn(*SIZE, mode), mode), "BMP") + CANARY.encode()  # it has no place for metadata but its end


DRAFTS: dict[str, Callable[[], bytes]] = {
    "grey PNG": lambda: _png("L"),
    "grey PNG with alpha": lambda: _png("LA"),
    "PNG": lambda: _png("RGB"),
    "PNG with alpha": lambda: _png("RGBA"),
    "grey PNG, 16 bit": lambda: _deep_png("L"),
    "PNG, 16 bit": lambda: _deep_png("RGB"),
    "PNG with alpha, 16 bit": lambda: _deep_png("RGBA"),
    "grey JPEG": lambda: _jpeg("L"),
    "JPEG": lambda: _jpeg("RGB"),
    "CMYK JPEG": lambda: _jpeg("CMYK"),
    "turned JPEG": lambda: _jpeg("RGB", orientation=6),
    "TIFF": lambda: _tiff("RGB"),
    "CMYK TIFF": lambda: _tiff("CMYK"),
    "grey TIFF, 16 bit": lambda: _deep("L"),
    "TIFF, 16 bit": lambda: _deep("RGB"),
    "WebP": lambda: _webp("RGB"),
    "WebP with alpha": lambda: _webp("RGBA"),
    "grey BMP": lambda: _bmp("L"),
    "BMP": lambda: _bmp("RGB"),
}

WITH_PROFILE = {"PNG", "PNG with alpha", "JPEG", "turned JPEG", "WebP", "WebP with alpha"}


def _marked(cli: Cli, draft: bytes, folder: Path) -> list[dict]:
    path = folder / f"draft.{read_picture(draft).format.lower()}"
    path.write_bytes(draft)
    names = [part for name in people.RECIPIENTS for part in ("--for", name)]
    result = cli("mark", path, *names, "--out", folder / "o", "--json")
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def _accused(cli: Cli, leak: Path) -> list[tuple[str, str]]:
    result = cli("trace", leak, "--decoys", 100, "--json")
    assert result.exit_code == 0, result.output
    return [(each["recipient"], each["copy"]) for each in json.loads(result.stdout)["accused"]]


@pytest.mark.parametrize("kind", DRAFTS)
def test_a_copy_of_any_kind_is_as_its_draft_and_is_traced_to_its_holder(cli: Cli, tmp_path: Path, kind: str) -> None:
    draft = DRAFTS[kind]()
    assert CANARY.encode() in draft
    copy = _marked(cli, draft, tmp_path)[1]
    data = Path(copy["path"]).read_bytes()

    given, made = read_picture(draft), read_picture(data)
    assert (made.format, made.mode, made.pixels.dtype) == (given.format, given.mode, given.pixels.dtype)
    assert made.pixels.shape == given.pixels.shape
    assert made.profile == given.profile
    assert (made.profile is None) == (kind not in WITH_PROFILE)
    assert ("16 bit" in kind) == (made.pixels.dtype == np.uint16)
    if "alpha" in kind:
        assert np.array_equal(made.pixels[..., -1], given.pixels[..., -1])
    assert copy["psnr_db"] >= 46

    assert CANARY.encode() not in data
    if kind != "grey TIFF, 16 bit":  # Pillow does not read every such file
        with Image.open(io.BytesIO(data)) as opened:
            opened.load()
            assert set(opened.info) <= HARMLESS
            assert not opened.getexif().get_ifd(0x8825)
            assert opened.getexif().get(0x0112, 1) == 1

    assert _accused(cli, Path(copy["path"])) == [(people.SUB_VENDOR, copy["copy"])]


def test_a_turned_draft_has_copies_that_stand_upright(cli: Cli, tmp_path: Path) -> None:
    copy = _marked(cli, DRAFTS["turned JPEG"](), tmp_path)[0]
    with Image.open(copy["path"]) as opened:
        assert opened.size == SIZE  # height and width of the draft have changed places


@pytest.mark.parametrize(("kind", "options"), [("AVIF", {"quality": 70}), ("GIF", {}), ("WEBP", {"quality": 60})])
def test_a_leak_of_a_kind_that_phones_and_chats_make_is_traced_to_its_copy(
    cli: Cli, tmp_path: Path, kind: str, options: dict
) -> None:
    copy = _marked(cli, DRAFTS["PNG"](), tmp_path)[2]
    leak = tmp_path / f"found.{kind.lower()}"
    with Image.open(copy["path"]) as opened:
        part = opened.convert("RGB").crop((12, 8, 400, 312))
        (part.quantize(256) if kind == "GIF" else part).save(leak, kind, **options)
    assert read_picture(leak.read_bytes()).format == kind
    assert _accused(cli, leak) == [(people.STRANGER, copy["copy"])]
