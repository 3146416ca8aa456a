"""What kind of file some bytes are, by their content and never by a name.

The first step of reading: everything after it may rely on the kind, and a file that nobody can read is refused here
in words that say what it is instead.
"""

from tidemark.errors import UnreadableFile

READ = "PNG, JPEG, WebP, TIFF, BMP, GIF, HEIC or AVIF"

_STARTS = (
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"II+\0", "TIFF"),  # BigTIFF
    (b"MM\0+", "TIFF"),
    (b"BM", "BMP"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
)

_FOREIGN = (
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\xd0\xcf\x11\xe0", "an old or password-protected office document"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"8BPS", "a Photoshop document"),
    (b"AC10", "an AutoCAD drawing"),
    (b"ISO-10303-21", "a STEP model"),
    (b"\xff\x0a", "a JPEG XL picture"),
    (b"\0\0\0\x0cJXL ", "a JPEG XL picture"),
    (b"\0\0\0\x0cjP  ", "a JPEG 2000 picture"),
    (b"\xff\x4f\xff\x51", "a JPEG 2000 picture"),
    (b"-----BEGIN PGP", "a PGP-encrypted message"),
    (b"Salted__", "a file encrypted by OpenSSL"),
    (b"age-encryption.org", "a file encrypted by age"),
)

_AVIF_BRANDS = {b"avif", b"avis"}
_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}


def kind_of(data: bytes) -> str:
    """Name the kind of picture file: "PNG", "JPEG", "WEBP", "TIFF", "BMP", "GIF", "HEIF" or "AVIF".

    Raises
    ------
    UnreadableFile
        The bytes are none of these; the message says what they seem to be.
    """
    if not data:
        raise UnreadableFile(f"Expected a picture ({READ}), but the file is empty. Give it again, complete.")
    for start, kind in _STARTS:
        if data.startswith(start):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[4:8] == b"ftyp":
        return _kind_of_boxes(data)
    raise UnreadableFile(f"Expected a picture ({READ}), but this is {_likeness(data)}. Export the picture as PNG.")


def _kind_of_boxes(data: bytes) -> str:
    """Tell HEIF, AVIF and films apart by the brands in an ISO base media file's first box."""
    length = min(int.from_bytes(data[:4], "big"), 1024)
    brands = {data[8:12], *(data[at : at + 4] for at in range(16, length, 4))}
    # AVIF files also claim the brand mif1, which only says "some still picture", so they are asked about first.
    if brands & _AVIF_BRANDS:
        return "AVIF"
    if brands & _HEIF_BRANDS:
        return "HEIF"
    raise UnreadableFile(f"Expected a picture ({READ}), but this is a film. Give single frames of it as PNG.")


def _likeness(data: bytes) -> str:
    for start, name in _FOREIGN:
        if data.startswith(start):
            return name
    head = data[:512]
    if head.lstrip()[:1] == b"<":
        return "a text file (SVG, HTML or XML)"
    if not any(byte < 9 or byte == 127 for byte in head) and b"\xff" not in head:
        return "a text file"
    return "none of these, nor anything else known here: it may be damaged or encrypted"
