"""Copies: the draft's kind of file with all that it says about colours, and nothing that it says about people."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from tidemark.engine.carriers.image.picture import Picture
from tidemark.engine.carriers.image.reading import read_picture
from tidemark.engine.carriers.image.writing import DITHER_LEVELS, add_pattern, copy_writer, write_picture
from tidemark.errors import Unmarkable

from .picture_samples import (
    CANARY,
    HEIC,
    PROFILE,
    deep_tiff,
    drawn,
    image,
    noise,
    psnr_db,
    saved,
    seen,
    telltale_exif,
)

HARMLESS = {
    *("icc_profile", "dpi", "resolution", "compression", "adobe", "adobe_transform"),
    *("jfif", "jfif_version", "jfif_unit", "jfif_density", "loop", "background", "duration", "timestamp"),
}
"""All that Pillow says of a file without metadata."""

WRITTEN = [
    *[("PNG", mode, np.uint8) for mode in ("L", "LA", "RGB", "RGBA")],
    *[("PNG", mode, np.uint16) for mode in ("L", "LA", "RGB", "RGBA")],
    *[("TIFF", mode, np.uint8) for mode in ("L", "LA", "RGB", "RGBA", "CMYK")],
    *[("TIFF", mode, np.uint16) for mode in ("L", "RGB", "RGBA")],
    *[("BMP", mode, np.uint8) for mode in ("L", "RGB", "RGBA")],
    *[("WEBP", mode, np.uint8) for mode in ("RGB", "RGBA")],
]


@pytest.mark.parametrize(("kind", "mode", "dtype"), WRITTEN)
def test_a_copy_holds_the_pixels_the_depth_the_profile_and_the_resolution(kind, mode, dtype):
    pixels = drawn(45, 61, mode, dtype=dtype)
    draft = Picture(drawn(45, 61, mode, dtype=dtype, seed=9), mode, kind, profile=PROFILE, dpi=(300, 150))
    again = read_picture(write_picture(draft, pixels))
    assert (again.format, again.mode, again.pixels.dtype) == (kind, mode, dtype)
    assert np.array_equal(again.pixels, pixels)
    if kind != "BMP":  # whose profiles nobody reads
        assert again.profile == PROFILE
    if kind != "WEBP":  # which knows no resolution
        assert again.dpi == pytest.approx((300, 150), abs=0.02)


@pytest.mark.parametrize(("kind", "mode", "dtype"), WRITTEN)
def test_a_copy_is_the_same_bytes_each_time_and_readable_elsewhere(kind, mode, dtype):
    pixels = drawn(45, 61, mode, dtype=dtype)
    draft = Picture(pixels, mode, kind)
    copy = write_picture(draft, pixels)
    assert copy == write_picture(draft, pixels)
    if (kind, mode, dtype) != ("TIFF", "L", np.uint16):
        with Image.open(io.BytesIO(copy)) as opened:
            opened.load()
            assert opened.format == kind
            assert opened.size == (61, 45)


def telltale_drafts() -> dict[str, bytes]:
    small = image(drawn(48, 64), "RGB")
    small.info["comment"] = CANARY.encode()
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", CANARY)
    text.add_itxt("XML:com.adobe.xmp", CANARY)
    text.add(b"tIME", struct.pack(">H5B", 2024, 5, 17, 12, 0, 0))
    exif = telltale_exif()
    xmp = CANARY.encode()
    iptc = b"\x1c\x02\x50" + struct.pack(">H", len(CANARY)) + CANARY.encode()
    photoshop = b"\xff\xed" + struct.pack(">H", len(iptc) + 16) + b"Photoshop 3.0\0" + iptc
    return {
        "JPEG": saved(small, "JPEG", exif=exif, xmp=xmp, comment=CANARY, extra=photoshop, icc_profile=PROFILE),
        "PNG": saved(small, "PNG", exif=exif, pnginfo=text, icc_profile=PROFILE),
        "WEBP": saved(small, "WEBP", exif=exif, xmp=xmp, lossless=True),
        "TIFF": saved(small, "TIFF", exif=exif, tiffinfo={270: CANARY, 315: CANARY, 700: xmp, 33723: iptc}),
        "TIFF 16 bit": deep_tiff(drawn(48, 64, dtype=np.uint16), description=CANARY, software=CANARY),
        "CMYK JPEG": saved(image(drawn(48, 64, "CMYK"), "CMYK"), "JPEG", exif=exif, comment=CANARY),
    }


@pytest.mark.parametrize("kind", telltale_drafts())
def test_a_copy_holds_nothing_of_the_drafts_metadata(kind):
    stored = telltale_drafts()[kind]
    assert CANARY.encode() in stored
    draft = read_picture(stored)
    for copy in (write_picture(draft, draft.pixels), copy_writer(draft).copy(np.zeros((48, 64), np.float32))):
        assert CANARY.encode() not in copy
        with Image.open(io.BytesIO(copy)) as opened:
            opened.load()
            assert not opened.getexif().get_ifd(0x8825)
            assert set(opened.info) <= HARMLESS
            tags = set(getattr(opened, "tag_v2", {}))
            assert not tags & {270, 271, 272, 305, 306, 315, 316, 700, 33432, 33723, 34377, 34665, 34853}


def test_a_turned_draft_gives_an_upright_copy_without_the_tag():
    stored = saved(image(drawn(48, 64), "RGB"), "JPEG", quality=95, exif=telltale_exif(orientation=6))
    draft = read_picture(stored)
    with Image.open(io.BytesIO(write_picture(draft, draft.pixels))) as copy:
        assert copy.size == (48, 64)
        assert 0x0112 not in copy.getexif()


def test_png_keeps_what_defines_its_colours():
    chunks = {b"gAMA": struct.pack(">I", 45455), b"cHRM": bytes(range(32)), b"sRGB": b"\1"}
    info = PngImagePlugin.PngInfo()
    for name, body in chunks.items():
        info.add(name, body)
    for dtype in (np.uint8, np.uint16):
        draft = read_picture(saved(image(drawn(48, 64), "RGB"), "PNG", pnginfo=info))
        draft = Picture(drawn(48, 64, dtype=dtype), "RGB", "PNG", encoding=draft.encoding)
        assert dict(read_picture(write_picture(draft, draft.pixels)).encoding.colour_chunks) == chunks


def test_every_chunk_of_a_16_bit_png_has_its_checksum():
    pixels = drawn(45, 61, dtype=np.uint16)
    copy, at, names = write_picture(Picture(pixels, "RGB", "PNG", profile=PROFILE, dpi=(72, 72)), pixels), 8, []
    while at < len(copy):
        (length,) = struct.unpack(">I", copy[at : at + 4])
        body = copy[at + 4 : at + 8 + length]
        assert copy[at + 8 + length : at + 12 + length] == struct.pack(">I", zlib.crc32(body))
        names.append(body[:4])
        at += 12 + length
    assert names == [b"IHDR", b"iCCP", b"pHYs", b"IDAT", b"IEND"]


@pytest.mark.parametrize(
    ("compression", "kept"),
    [
        (None, "raw"),
        ("tiff_lzw", "tiff_lzw"),
        ("tiff_adobe_deflate", "tiff_adobe_deflate"),
        ("packbits", "packbits"),
        ("jpeg", "tiff_adobe_deflate"),
    ],
)
def test_tiff_keeps_its_compression_unless_that_loses_something(compression, kept):
    draft = read_picture(saved(image(drawn(48, 64), "RGB"), "TIFF", compression=compression))
    copy = write_picture(draft, draft.pixels)
    assert read_picture(copy).encoding.compression == kept
    assert np.array_equal(read_picture(copy).pixels, draft.pixels)


def test_a_bilevel_fax_becomes_a_grey_copy():
    draft = read_picture(saved(image(drawn(48, 64, "L"), "L").convert("1"), "TIFF", compression="group4"))
    assert read_picture(write_picture(draft, draft.pixels)).mode == "L"


def test_copies_of_lossy_webp_cost_nothing_but_the_mark():
    draft = read_picture(saved(image(drawn(256, 320), "RGB"), "WEBP", quality=80))
    delta = noise(256, 320, rms=1.2)
    copy = copy_writer(draft).copy(delta)
    assert np.array_equal(read_picture(copy).pixels, add_pattern(draft, delta))
    assert psnr_db(seen(copy), draft.rgb()) > 46


def test_16_bit_copies_keep_fractions_of_a_level():
    draft = Picture(drawn(64, 64, dtype=np.uint16), "RGB", "PNG")
    delta = np.full((64, 64), 0.25, np.float32)
    marked = read_picture(copy_writer(draft).copy(delta)).pixels.astype(int)
    unclipped = draft.pixels < 65000
    assert (marked - draft.pixels)[unclipped].tolist() == [64] * int(unclipped.sum())


def test_8_bit_copies_round_a_faint_mark_at_several_thresholds():
    """Otherwise a quarter of a level would vanish from every pixel; so it stays in every fourth."""
    draft = Picture(np.full((64, 64, 3), 100, np.uint8), "RGB", "PNG")
    marked = read_picture(copy_writer(draft).copy(np.full((64, 64), 0.25, np.float32))).pixels
    assert 0.2 < marked.mean() - 100 < 0.3
    assert marked.std() > 0.4


def test_dither_alone_changes_nothing():
    draft = Picture(drawn(63, 65), "RGB", "PNG")
    assert DITHER_LEVELS < 0.5
    assert np.array_equal(add_pattern(draft, np.zeros((32, 32), np.float32)), draft.pixels)


def test_leaks_only_formats_are_not_written():
    gif = saved(image(drawn(48, 64), "RGB").quantize(16), "GIF")
    avif = saved(image(drawn(48, 64), "RGB"), "AVIF")
    for stored in (gif, avif, HEIC):
        picture = read_picture(stored)
        with pytest.raises(Unmarkable, match="Export the draft as PNG"):
            write_picture(picture, picture.pixels)
        with pytest.raises(Unmarkable):
            copy_writer(picture)


def test_pixels_of_another_shape_are_a_mistake_of_the_caller():
    draft = Picture(drawn(48, 64), "RGB", "PNG")
    with pytest.raises(ValueError, match="expected uint8"):
        write_picture(draft, draft.pixels[:-1])
    with pytest.raises(ValueError, match="expected uint8"):
        write_picture(draft, draft.pixels.astype(np.uint16))
