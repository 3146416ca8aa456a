"""Issue copies of a draft: one newly marked file for each recipient, each on record before it can leave.

Every call makes new copies: whoever got one before holds two then, with two marks, because each file that is handed
out must be told apart from every other. Several runs at once are fine; they take turns at the last step.

The first copy of a draft is its **master**: the owner's own, kept in the data folder, for people to work with in place
of the original. It has a mark like any other and is tested like any other, so that a leak from the owner's own house
is told from a holder's.

Marking needs only the draft and a key and is done by a few threads (the work is in libraries that let others run);
remembering and writing is done here, one copy after the other, by :func:`.release.release`.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tidemark.engine.carriers import image
from tidemark.engine.keys import copy_key, key_commitment
from tidemark.errors import HomeUnusable
from tidemark.records.copies.names import extension_of
from tidemark.records.copies.release import MarkedFile, master_of, new_copy_id, release
from tidemark.records.home import Home
from tidemark.records.parties.names import OWNER
from tidemark.records.parties.recipients import Recipient
from tidemark.records.projects.drafts import draft_file


@dataclass(frozen=True, slots=True)
class Issued:
    """One copy that has been written and is on record."""

    draft: str
    recipient: str
    copy: str
    path: Path
    psnr_db: float
    sha256: str


def issue(
    home: Home,
    data: bytes,
    recipients: Sequence[Recipient],
    *,
    name: str,
    out: Path,
    secret: bytes,
    now: datetime,
    project: str | None = None,
    owner: str = OWNER,
    workers: int = 2,
) -> Iterator[Issued]:
    """Mark a draft for each recipient, write the copies to a folder and remember them, one by one.

    Parameters
    ----------
    home : Home
        Whose records are open.
    data : bytes
        The draft's file.
    recipients : sequence of Recipient
        Who gets a copy, each once. A name not on record yet becomes a party.
    name : str
        The draft's file name.
    out : Path
        An existing folder for the copies. No file in it is ever replaced.
    secret : bytes
        The home's master secret.
    now : datetime
        The time to be remembered.
    project : str, optional
        Code name of the project of a draft that is not on record yet.
    owner : str
        Name of the owner, if none is on record yet. A new draft's first copy, its master, is the owner's own.
    workers : int
        How many copies are marked at the same time; as many more may wait in memory.

    Yields
    ------
    Issued
        Each copy, after it was released. What was yielded stays, even if a later one fails.

    Raises
    ------
    UnreadableFile, LimitExceeded, Unmarkable
        Before anything is remembered, if the draft cannot carry a mark.
    OutputUnusable, HomeUnusable
        If a copy cannot be written or remembered: neither happened then.
    """
    picture = image.read(data)
    plate = image.prepare(picture)
    extension = extension_of(name, picture.format)
    draft = draft_file(name, data, description=image.describe(picture), project=project)

    def mark(nonce: bytes = b"") -> MarkedFile:
        copy = new_copy_id()
        key = copy_key(secret, draft=draft.id, copy=copy, nonce=nonce)
        marked = image.mark(plate, key)
        return MarkedFile(copy, extension, marked.data, marked.sha256, marked.psnr_db, key_commitment(key).hex(), nonce)

    if master_of(draft.id) is None:
        _make_masters(home)
        release(home, mark(), draft, Recipient(owner), out=home.masters, now=now, is_master=True)
    with ThreadPoolExecutor(workers, thread_name_prefix="mark") as pool:
        under_way: deque[Future[MarkedFile]] = deque()
        try:
            for index, recipient in enumerate(recipients):
                while len(under_way) < 2 * workers and index + len(under_way) < len(recipients):
                    under_way.append(pool.submit(mark, recipients[index + len(under_way)].nonce))
                marked = under_way.popleft().result()
                copy = release(home, marked, draft, recipient, out=out, now=now)
                released = out / Path(copy.path).name
                yield Issued(draft.id, copy.holder.name, copy.id, released, marked.psnr_db, marked.sha256)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _make_masters(home: Home) -> None:
    try:
        home.masters.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise HomeUnusable(f"The folder of masters {home.masters} cannot be made: {error.strerror}.") from error
