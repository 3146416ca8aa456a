"""Reading: every kind, depth and mode of file; and no bytes whatever that end in anything but one of two errors."""

import io
import struct
import zlib

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from tidemark import limits
from tidemark.engine.carriers.image.picture import turned
from tidemark.engine.carriers.image.reading import read_picture
from tidemark.errors import LimitExceeded, TidemarkError, UnreadableFile

from .picture_samples import HEIC, PROFILE, deep_tiff, drawn, image, psnr_db, saved, telltale_exif


def one_of_each_kind() -> dict[str, bytes]:
    small = image(drawn(48, 64), "RGB")
    return {
        "PNG": saved(small, "PNG"),
        "PNG interlaced": b"".join(interlaced_png()),
        "PNG 16 bit": deep_png(),
        "JPEG": saved(small, "JPEG"),
        "JPEG progressive": saved(small, "JPEG", progressive=True),
        "WEBP lossy": saved(small, "WEBP"),
        "WEBP lossless": saved(small, "WEBP", lossless=True),
        "TIFF": saved(small, "TIFF"),
        "TIFF LZW": saved(small, "TIFF", compression="tiff_lzw"),
        "TIFF 16 bit": deep_tiff(drawn(48, 64, dtype=np.uint16)),
        "BMP": saved(small, "BMP"),
        "GIF": saved(small.quantize(64), "GIF"),
        "AVIF": saved(small, "AVIF"),
        "HEIF": HEIC,
    }


def deep_png(mode: str = "RGB") -> bytes:
    """Write a 16-bit PNG of the drawing by OpenCV, which is not what writes our copies."""
    order = {"L": [0], "RGB": [2, 1, 0], "RGBA": [2, 1, 0, 3]}[mode]
    return cv2.imencode(".png", drawn(48, 64, mode, dtype=np.uint16)[..., order])[1].tobytes()


def interlaced_png() -> list[bytes]:
    """A grey 16 × 16 PNG in Adam7 order, which Pillow reads and does not write."""
    pixels = np.arange(256, dtype=np.uint8).reshape(16, 16)
    passes = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)]
    rows = b"".join(b"\0" + row.tobytes() for y, x, dy, dx in passes for row in pixels[y::dy, x::dx])
    header = struct.pack(">IIBBBBB", 16, 16, 8, 0, 0, 0, 1)
    return [
        b"\x89PNG\r\n\x1a\n",
        *(chunk(*c) for c in ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))),
    ]


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


KINDS = one_of_each_kind()


# --- what is read --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", KINDS)
def test_a_file_is_told_by_its_content(name):
    picture = read_picture(KINDS[name])
    assert picture.format == name.split()[0]
    assert picture.pixels.flags.c_contiguous


@pytest.mark.parametrize(
    ("kind", "modes"),
    [("PNG", "L LA RGB RGBA"), ("TIFF", "L LA RGB RGBA CMYK"), ("BMP", "L RGB"), ("WEBP", "RGB RGBA")],
)
def test_lossless_files_are_read_to_the_bit(kind, modes):
    options = {"lossless": True, "exact": True} if kind == "WEBP" else {}
    for mode in modes.split():
        pixels = drawn(40, 52, mode)
        picture = read_picture(saved(image(pixels, mode), kind, **options))
        assert picture.mode == mode
        assert np.array_equal(picture.pixels, pixels)


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA"])
def test_16_bit_png_keeps_all_bits(mode):
    picture = read_picture(deep_png(mode))
    assert picture.mode == mode
    assert np.array_equal(picture.pixels, drawn(48, 64, mode, dtype=np.uint16))


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA"])
@pytest.mark.parametrize("compression", [None, "zlib"])
def test_16_bit_tiff_keeps_all_bits(mode, compression):
    pixels = drawn(48, 64, mode, dtype=np.uint16)
    picture = read_picture(deep_tiff(pixels, compression=compression))
    assert picture.mode == mode
    assert np.array_equal(picture.pixels, pixels)


def test_a_16_bit_tiff_whose_zero_is_white_is_turned_round():
    pixels = drawn(48, 64, "L", dtype=np.uint16)
    assert np.array_equal(read_picture(deep_tiff(65535 - pixels, photometric="miniswhite")).pixels, pixels)


def test_one_bit_pictures_become_black_and_white_greys():
    drawing = image(drawn(40, 50, "L"), "L").convert("1")
    for kind in ("PNG", "TIFF", "BMP"):
        picture = read_picture(saved(drawing, kind))
        assert picture.mode == "L"
        assert np.array_equal(picture.pixels[..., 0], np.asarray(drawing) * np.uint8(255))


def test_palettes_become_colours_and_a_transparent_one_alpha():
    palette = image(drawn(40, 50), "RGB").quantize(16)
    for kind in ("PNG", "GIF", "TIFF", "BMP"):
        picture = read_picture(saved(palette, kind))
        assert picture.mode == "RGB"
        assert np.array_equal(picture.pixels, np.asarray(palette.convert("RGB")))
    clear = read_picture(saved(palette, "PNG", transparency=3))
    assert clear.mode == "RGBA"
    assert np.array_equal(clear.pixels[..., 3] == 0, np.asarray(palette) == 3)


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_cmyk_counts_ink(kind):
    paper = np.zeros((40, 50, 4), np.uint8)
    paper[10:20] = (0, 0, 0, 255)
    picture = read_picture(saved(Image.fromarray(paper, "CMYK"), kind))
    assert picture.mode == "CMYK"
    assert picture.rgb()[0, 0].min() >= 250
    assert picture.rgb()[15, 0].max() <= 5


def test_heic_and_avif_leaks_look_as_they_did():
    y, x = np.mgrid[:48, :64]
    assert psnr_db(read_picture(HEIC).rgb(), np.stack([4 * x, 5 * y, 2 * (x + y)], axis=-1)) > 30
    assert psnr_db(read_picture(KINDS["AVIF"]).rgb(), drawn(48, 64)) > 28


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_applied(kind, orientation):
    options = {"exif": telltale_exif(orientation=orientation)}
    if kind in ("JPEG", "WEBP", "AVIF"):
        options["quality"] = 95
    picture = read_picture(saved(image(drawn(48, 64), "RGB"), kind, **options))
    upright = turned(drawn(48, 64), orientation)
    assert picture.pixels.shape == upright.shape
    assert psnr_db(picture.pixels, upright) > 28


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_applied_to_16_bit_tiff(orientation):
    pixels = drawn(48, 64, dtype=np.uint16)
    stored = deep_tiff(pixels, extratags=[(274, 3, 1, orientation, True)])
    assert np.array_equal(read_picture(stored).pixels, turned(pixels, orientation))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TIFF", "AVIF"])
def test_the_profile_is_kept_if_it_is_one(kind):
    small = image(drawn(48, 64), "RGB")
    assert read_picture(saved(small, kind, icc_profile=PROFILE)).profile == PROFILE
    assert read_picture(saved(small, kind)).profile is None
    if kind != "AVIF":  # its writer refuses a false profile itself
        assert read_picture(saved(small, kind, icc_profile=b"x" * 400)).profile is None


def test_a_profile_of_insane_length_is_not_carried_on(monkeypatch):
    monkeypatch.setattr(limits, "MAX_PROFILE_BYTES", len(PROFILE) - 1)
    assert read_picture(saved(image(drawn(48, 64), "RGB"), "PNG", icc_profile=PROFILE)).profile is None


def test_a_resolution_of_nonsense_is_not_carried_on():
    small = image(drawn(48, 64), "RGB")
    assert read_picture(saved(small, "TIFF", dpi=(300, 300))).dpi == (300, 300)
    assert read_picture(saved(small, "TIFF", dpi=(10**9, 300))).dpi is None


def test_damaged_metadata_does_not_make_sound_pixels_unreadable():
    stored = saved(image(drawn(48, 64), "RGB"), "JPEG", exif=b"Exif\0\0MM\0*\0\0\xff\xff\0\0")
    assert read_picture(stored).pixels.shape == (48, 64, 3)


# --- several frames ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP", "TIFF", "AVIF"])
def test_moving_and_many_paged_files_are_refused_as_drafts_and_read_as_leaks(kind):
    frames = [image(drawn(48, 64, seed=seed)[:, :: 1 - 2 * (seed % 2)], "RGB") for seed in range(3)]
    options = {"lossless": True} if kind == "WEBP" else {}
    stored = saved(frames[0], kind, save_all=True, append_images=frames[1:], **options)
    with pytest.raises(UnreadableFile, match="several frames"):
        read_picture(stored)
    assert psnr_db(read_picture(stored, animated="first").rgb(), np.asarray(frames[0])) > 28


# --- what is refused -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("kept", [0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.97, 0.995, -40, -20, -12, -4, -1])
def test_a_truncated_file_is_refused_or_nothing_of_its_picture_is_missing(name, kept):
    whole = KINDS[name]
    cut = whole[: int(len(whole) * kept)] if kept > 0 else whole[:kept]
    try:
        picture = read_picture(cut)
    except UnreadableFile:
        return
    assert kept < 0 or kept > 0.95
    assert np.array_equal(picture.pixels, read_picture(whole).pixels)


@pytest.mark.parametrize("name", KINDS)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_damage_anywhere_ends_in_a_picture_or_in_one_of_our_errors(name, data):
    damaged = bytearray(KINDS[name])
    for _ in range(data.draw(st.integers(1, 6))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    try:
        picture = read_picture(bytes(damaged), animated="first")
    except TidemarkError:
        return
    assert picture.pixels.ndim == 3


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(KINDS)), st.integers(4, 40), st.binary(max_size=300))
def test_garbage_behind_a_good_beginning_ends_in_one_of_our_errors(name, kept, garbage):
    with pytest.raises((UnreadableFile, LimitExceeded)):
        read_picture(KINDS[name][:kept] + garbage)


@pytest.mark.parametrize(
    ("data", "likeness"),
    [
        (b"", "empty"),
        (b"Dear supplier,\nplease find the drawing attached.\n", "text file"),
        ("Stoßfänger vorne, Entwurf\n".encode(), "text file"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"%PDF-1.7\n/Encrypt 5 0 R", "PDF"),
        (b"PK\x03\x04\x14\0\x09\0", "ZIP"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "password"),
        (b"8BPS\0\1", "Photoshop"),
        (b"\0\0\0\x18ftypisom\0\0\0\1isomavc1", "film"),
        (bytes(range(256)) * 8, "damaged or encrypted"),
        (b"\0" * 5000, "damaged or encrypted"),
    ],
)
def test_what_is_no_picture_is_named(data, likeness):
    with pytest.raises(UnreadableFile, match=likeness):
        read_picture(data)


def test_a_file_with_a_false_name_is_read_as_what_it_is():
    # The reader gets no name: a JPEG called drawing.png is a JPEG.
    assert read_picture(KINDS["JPEG"]).format == "JPEG"


def bombs() -> dict[str, bytes]:
    side = 50_000
    png = (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)) + chunk(b"IDAT", b"")
    )
    deep = (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 16, 6, 0, 0, 0)) + chunk(b"IDAT", b"")
    )
    bmp = bytearray(saved(image(drawn(16, 16), "RGB"), "BMP"))
    bmp[18:26] = struct.pack("<ii", side, side)
    gif = bytearray(KINDS["GIF"])
    gif[6:10] = struct.pack("<HH", side, side)
    jpeg = bytearray(KINDS["JPEG"])
    at = jpeg.find(b"\xff\xc0")
    jpeg[at + 5 : at + 9] = struct.pack(">HH", side, side)
    tiff_tags = [(256, 4, 1, side), (257, 4, 1, side), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1), (273, 4, 1, 8)]
    tiff = b"II*\0\x08\0\0\0" + struct.pack("<H", len(tiff_tags))
    tiff += b"".join(struct.pack("<HHII", *tag) for tag in tiff_tags) + bytes(4)
    canvas = struct.pack("<I", 16382)[:3] * 2
    vp8x = b"VP8X" + struct.pack("<I", 10) + bytes(4) + canvas
    body = b"WEBP" + vp8x + KINDS["WEBP lossless"][12:]
    heif = HEIC.replace(struct.pack(">II", 64, 64), struct.pack(">II", side, side))
    return {
        "PNG": png,
        "PNG 16 bit": deep,
        "BMP": bytes(bmp),
        "GIF": bytes(gif),
        "JPEG": bytes(jpeg),
        "TIFF": tiff,
        "WEBP": b"RIFF" + struct.pack("<I", len(body)) + body,
        "HEIF": heif,
    }


@pytest.mark.parametrize("kind", bombs())
def test_a_header_of_billions_of_pixels_is_refused_before_decoding(kind):
    # The WebP and HEIF libraries notice that canvas and picture disagree, and say so in their own way.
    expected = (LimitExceeded, UnreadableFile) if kind in ("WEBP", "HEIF") else LimitExceeded
    with pytest.raises(expected) as refusal:
        read_picture(bombs()[kind])
    assert "Expected" in str(refusal.value)


def test_the_limit_binds_at_the_pixel(monkeypatch):
    stored = saved(image(drawn(48, 64), "RGB"), "PNG")
    monkeypatch.setattr(limits, "MAX_PIXELS", 48 * 64)
    assert read_picture(stored).width_px == 64
    monkeypatch.setattr(limits, "MAX_PIXELS", 48 * 64 - 1)
    with pytest.raises(LimitExceeded, match="64 × 48"):
        read_picture(stored)


def test_pictures_that_pillow_alone_would_warn_about_are_read_in_silence(monkeypatch, recwarn):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 2000)
    for name in ("PNG", "TIFF", "JPEG"):
        assert read_picture(KINDS[name]).width_px == 64
    assert not recwarn


def test_a_file_of_too_many_bytes_is_refused_before_its_kind_is_asked(monkeypatch):
    monkeypatch.setattr(limits, "MAX_FILE_BYTES", 1000)
    with pytest.raises(LimitExceeded, match="MiB"):
        read_picture(b"x" * 1001)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TIFF", "BMP", "GIF"])
def test_a_picture_of_one_pixel_is_refused(kind):
    with pytest.raises(UnreadableFile, match="1 × 1"):
        read_picture(saved(Image.new("RGB", (1, 1)), kind))


def test_samples_that_we_would_lose_bits_of_are_refused():
    floats, deeper = io.BytesIO(), io.BytesIO()
    Image.fromarray(np.ones((32, 32), np.float32)).save(floats, "TIFF")
    Image.fromarray(np.ones((32, 32), np.int32)).save(deeper, "TIFF")
    planes = deep_tiff(drawn(32, 32, dtype=np.uint16)).replace(
        struct.pack("<HHIHH", 284, 3, 1, 1, 0), struct.pack("<HHIHH", 284, 3, 1, 2, 0)
    )
    for stored in (floats.getvalue(), deeper.getvalue(), planes):
        with pytest.raises(UnreadableFile, match="16-bit PNG"):
            read_picture(stored)


def test_a_bomb_of_compressed_text_is_refused():
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "a" * 80_000_000, zip=True)
    with pytest.raises((UnreadableFile, LimitExceeded)):
        read_picture(saved(image(drawn(32, 32), "RGB"), "PNG", pnginfo=text))
