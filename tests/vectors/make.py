"""Write the golden vectors of the mark's format, or check that they still hold.

    python -m tests.vectors.make            write marks.json
    python -m tests.vectors.make --check    compare the file with the engine and with a second implementation

The second implementation below follows docs/formats/mark.md alone and shares no line with the engine: HKDF from
`cryptography`, counter mode put together from single AES blocks, the table by SciPy's quantiles, the order of the
coefficients in whole numbers, the DCT as a sum of cosines. A vector is written only if both agree.

``draft.jpg`` and ``copy.jpg`` beside it are a draft and a copy, marked by the release that froze the format.
They are made once and never again: they stand for the copies that are out in the world. ``leak.heic`` is the copy
less its margins, [8:280, 16:560], as pillow-heif 1.8.1 (x265) writes it at quality 60: what we need writes no HEIC.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from scipy import stats

from tests.engine import workshop
from tidemark.engine import detect, keys
from tidemark.engine.carriers import image
from tidemark.engine.carriers.image.grid import band, grid_shape

FILE = Path(__file__).with_name("marks.json")

SECRETS = (bytes(range(32)), hashlib.sha256(b"tidemark vectors").digest())
NAMES: tuple[tuple[str, str, bytes], ...] = (
    ("", "", b""),
    ("ms11-front-bumper", "copy-1", b""),
    ("ms11-front-bumper", "copy-1", b"\x00"),
    ("ms11-front-bumperc", "opy-1", b""),
    ("0f8fad5b-d9cb-469f-a165-70867728950e", "霁川", bytes(range(16))),
)
SIZES = ((1440, 2560), (2160, 3840), (1024, 1024), (768, 512), (480, 640), (256, 4000))
DRAFT, COPY = (Path(__file__).with_name(name) for name in ("draft.jpg", "copy.jpg"))
HEIC_LEAK = DRAFT.with_name("leak.heic")
DRAFT_ID = "frozen draft"
COPIES = tuple(f"copy {at}" for at in range(10))
LEAKED = "copy 4"
LEAST_Z = 50.0

SHOWN = 8
HASHED = 4096
SCORED = 1000

Floats = npt.NDArray[np.float64]


# --- the second implementation ----------------------------------------------------------------------------------------


def counted(*fields: bytes) -> bytes:
    out = b""
    for field in fields:
        out += len(field).to_bytes(4, "big") + field
    return out


def second_key(secret: bytes, draft: str, copy: str, nonce: bytes) -> bytes:
    info = counted(b"tidemark-mark", b"\x00\x00\x00\x01", draft.encode(), copy.encode(), nonce)
    return HKDF(SHA256(), 32, salt=b"tidemark-mark", info=info).derive(secret)


def second_decoy(seed: bytes, index: int) -> bytes:
    return hashlib.sha256(counted(b"tidemark-mark", b"decoy", seed, index.to_bytes(8, "big"))).digest()


def second_table() -> Floats:
    edges = stats.norm.isf(np.arange(32_768, -1, -1) / 65_536)
    density = stats.norm.pdf(edges)
    upper = np.floor((density[:-1] - density[1:]) * 65_536 * 8192) / 8192
    return np.concatenate([-upper[::-1], upper])


def second_numbers(key: bytes, count: int, table: Floats) -> Floats:
    block = Cipher(algorithms.AES256(key), modes.ECB()).encryptor()
    stream = b"".join(block.update(at.to_bytes(16, "big")) for at in range((2 * count + 15) // 16))
    return np.array([table[stream[2 * at] | stream[2 * at + 1] << 8] for at in range(count)])


def second_order(rows: int, columns: int) -> list[int]:
    """Flat positions of the band's coefficients; frequency squared is compared as an exact fraction's numerator."""
    long_side = max(rows, columns)
    whole = (2 * rows * columns) ** 2
    found = []
    for ky in range(rows):
        for kx in range(columns):
            square = (long_side * columns * ky) ** 2 + (long_side * rows * kx) ** 2
            if 36 * whole <= square < 57_600 * whole:
                found.append((square, ky * columns + kx))
    return [at for _, at in sorted(found)]


# --- the vectors ------------------------------------------------------------------------------------------------------


def vectors() -> dict[str, Any]:
    """Compute everything twice; raise AssertionError if the two implementations differ."""
    return {
        "scheme": keys.SCHEME,
        "version": keys.VERSION,
        "provenance": "python -m tests.vectors.make: the engine, and a second implementation from docs/formats/mark.md",
        "table_sha256": _table(),
        "keys": list(_keys()),
        "decoys": list(_decoys()),
        "orders": list(_orders()),
        "fields": list(_fields()),
        "scores": list(_scores()),
    }


def _table() -> str:
    found = digest(keys.normal_table(), "<f4")
    assert found == digest(second_table(), "<f4")
    return found


def _keys() -> Iterator[dict[str, Any]]:
    table = second_table()
    for secret in SECRETS:
        for draft, copy, nonce in NAMES:
            key = keys.copy_key(secret, draft=draft, copy=copy, nonce=nonce)
            assert key == second_key(secret, draft, copy, nonce)
            numbers = keys.gaussians(key, HASHED)
            assert np.array_equal(numbers, second_numbers(key, HASHED, table))
            yield {
                "secret": secret.hex(),
                "draft": draft,
                "copy": copy,
                "nonce": nonce.hex(),
                "key": key.hex(),
                "first_numbers": [str(Fraction(float(number))) for number in numbers[:SHOWN]],
                f"first_{HASHED}_sha256": digest(numbers, "<f4"),
            }


def _decoys() -> Iterator[dict[str, Any]]:
    for seed in (b"", bytes(range(32))):
        found = list(keys.decoy_keys(seed, 3))
        assert found == [second_decoy(seed, index) for index in range(3)]
        yield {"seed": seed.hex(), "keys": [key.hex() for key in found]}


def _orders() -> Iterator[dict[str, Any]]:
    for height, width in SIZES:
        rows, columns = grid_shape(height, width)
        found = band((rows, columns))
        assert found.index.tolist() == second_order(rows, columns)
        yield {
            "picture": [height, width],
            "grid": [rows, columns],
            "coefficients": len(found.index),
            "first_positions": found.index[:SHOWN].tolist(),
            "positions_sha256": digest(found.index, "<u4"),
            "first_amplitude": round(float(found.amplitude[0]), 4),
            "last_amplitude": round(float(found.amplitude[-1]), 4),
        }


def _fields() -> Iterator[dict[str, Any]]:
    """A few places of the pattern that the first coefficients of a key make, each a sum of cosines."""
    rows, columns = 576, 1024
    key, found, table = bytes.fromhex("00" * 32), band((rows, columns)), second_table()
    numbers = second_numbers(key, SHOWN, table)
    field = found.field(keys.gaussians(key, SHOWN) * found.amplitude[:SHOWN])
    for p, q in ((0, 0), (100, 200), (575, 1023)):
        total = 0.0
        for k, at in enumerate(second_order(rows, columns)[:SHOWN]):
            ky, kx = divmod(at, columns)
            wave = np.cos(np.pi * (2 * p + 1) * ky / (2 * rows)) * np.cos(np.pi * (2 * q + 1) * kx / (2 * columns))
            scale = np.sqrt((1 if ky == 0 else 2) / rows) * np.sqrt((1 if kx == 0 else 2) / columns)
            total += float(numbers[k] * found.amplitude[k] * scale * wave)
        assert abs(float(field[p, q]) - total) < 1e-6
        yield {"key": key.hex(), "grid": [rows, columns], "first": SHOWN, "at": [p, q], "value": round(total, 6)}


def _scores() -> Iterator[dict[str, Any]]:
    table = second_table()
    x = np.sin(np.arange(SCORED) ** 2 / 7.0)
    for draft, copy, nonce in NAMES[1:3]:
        key = keys.copy_key(SECRETS[0], draft=draft, copy=copy, nonce=nonce)
        expected = float(x @ second_numbers(key, SCORED, table) / np.sqrt(x @ x))
        assert abs(float(detect.scores(x.astype(np.float32), [key])[0]) - expected) < 1e-4
        yield {"key": key.hex(), "vector": f"sin(k²/7), k = 0 … {SCORED - 1}", "z": round(expected, 4)}


def digest(values: npt.NDArray[Any], kind: str) -> str:
    """Return the SHA-256 of an array's values, stored as ``kind``."""
    return hashlib.sha256(values.astype(kind).tobytes()).hexdigest()


def freeze() -> None:
    """Make the draft and its copy, unless they are there."""
    if DRAFT.exists() or COPY.exists():
        return
    DRAFT.write_bytes(workshop.jpeg(workshop.bumper("A")[:, 96:672], 88))
    plate = image.prepare(image.read(DRAFT.read_bytes()))
    COPY.write_bytes(image.mark(plate, keys.copy_key(SECRETS[0], draft=DRAFT_ID, copy=LEAKED)).data)


def main() -> int:
    parser = argparse.ArgumentParser(description="Golden vectors of the mark's format.")
    parser.add_argument("--check", action="store_true", help="compare with the file instead of writing it")
    text = json.dumps(vectors(), indent=1, ensure_ascii=False) + "\n"
    if not parser.parse_args().check:
        FILE.write_text(text, encoding="utf-8")
        freeze()
        return 0
    if FILE.read_text(encoding="utf-8") == text:
        return 0
    print(f"{FILE.name} differs from what the engine computes", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
