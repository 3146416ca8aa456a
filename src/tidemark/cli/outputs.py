"""Files that commands write beside copies: evidence, receipts, reports. Never over another file."""

from pathlib import Path

from tidemark.errors import OutputUnusable
from tidemark.records.files import make_output_folder, write_durably

__all__ = ["make_output_folder", "write_new"]

_MOST_OF_A_NAME = 10_000


def write_new(path: Path, data: bytes) -> Path:
    """Write a file under this name, or, if that is taken by other bytes, under the next one; return where.

    Raises
    ------
    OutputUnusable
        If it cannot be written. Nothing is left behind then.
    """
    try:
        for number in range(1, _MOST_OF_A_NAME):
            free = path if number == 1 else path.with_name(f"{path.stem} ({number}){path.suffix}")
            if not free.exists():
                write_durably(free, data)
                return free
            if free.read_bytes() == data:
                return free
    except OSError as error:
        raise OutputUnusable(f"{path} cannot be written: {error.strerror}.") from error
    raise OutputUnusable(f"{path} has {_MOST_OF_A_NAME:,} namesakes. Name another folder.")
