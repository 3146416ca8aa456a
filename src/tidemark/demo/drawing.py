"""Draw the bundled drafts while the play goes on."""

import signal
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import active_children, get_context
from pathlib import Path

from tidemark.demo import drafts
from tidemark.demo.scenes import FINAL_DRAFT

_AT_ONCE = 2


class Drawn(Mapping[str, bytes]):
    """The files of bundled drafts by their names. Whoever asks for one that is not finished waits for it.

    Parameters
    ----------
    folder : Path
        A new folder, into which each is written.
    names : sequence of str
    """

    def __init__(self, folder: Path, names: Sequence[str]) -> None:
        folder.mkdir()
        # Processes, for drawing is arithmetic in Python, and threads would keep the server of the play waiting.
        self._pool = ProcessPoolExecutor(_AT_ONCE, mp_context=get_context("spawn"), initializer=_be_quiet)
        self._files: dict[str, Future[bytes]] = {name: self._pool.submit(_draw, folder, name) for name in names}

    def __getitem__(self, name: str) -> bytes:
        return self._files[name].result()

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)

    def __enter__(self) -> "Drawn":
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:  # nobody will look at what is still being drawn, and it may take a minute
            for process in active_children():
                process.terminate()
        self._pool.shutdown(cancel_futures=True)


def _be_quiet() -> None:
    """Leave Ctrl-C, which a terminal sends to every process, to the one that waits for the drawings."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _draw(folder: Path, name: str) -> bytes:
    data = drafts.png(name, status="final") if name == FINAL_DRAFT else drafts.png(name)
    (folder / f"{name}.png").write_bytes(data)
    return data
