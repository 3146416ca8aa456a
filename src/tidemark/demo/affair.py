"""The affair of the MS11 drafts, played through: drawn, marked, leaked, traced, and compared with the truth.

Everything goes the way that it goes for an officer: the same records, the same issuing, the same tracing. Only the
leaks are made here, by the drill's functions, and so the truth about each is known.
"""

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from tidemark import limits
from tidemark.demo import drafts, landscape
from tidemark.demo.cast import HOLDERS, OWNER
from tidemark.demo.sheets import Sheet, write_sheet
from tidemark.engine.drill.leaks import LEAKS
from tidemark.evidence.bundle import EXTENSION
from tidemark.odds import odds
from tidemark.records.copies.issue import Issued, issue
from tidemark.records.files import write_new
from tidemark.records.home import Home
from tidemark.records.leaks.evidence import evidence
from tidemark.records.leaks.journal import Journal, write_journal
from tidemark.records.leaks.tracing import TracedLeak, candidates, trace_leak
from tidemark.records.parties.recipients import Recipient

PROJECT = "MS11"
SEALED = "4-printed-and-scanned"
"""The scene of which the evidence is sealed: its holder's name needs no Chinese typeface in the report."""

_SEED = 11

Pixels = npt.NDArray[np.uint8]
MakeLeak = Callable[[Sequence[Pixels], np.random.Generator], bytes]


@dataclass(frozen=True, slots=True)
class Scene:
    """One leak, and the truth about it.

    Attributes
    ----------
    name : str
        Its file's stem.
    story : str
        What happened.
    draft : str or None
        Name of the draft that it shows, None if it shows none.
    culprits : tuple of str
        Latin names of those whose copies it was made from.
    verdict : str
        What a trace must find.
    make : callable
        ``make(pictures, rng) -> bytes``; the pictures are the culprits' copies, or else the unmarked draft.
    """

    name: str
    story: str
    draft: str | None
    culprits: tuple[str, ...]
    verdict: str
    make: MakeLeak

    @property
    def title(self) -> str:
        """The name as a heading."""
        return self.name.partition("-")[2].replace("-", " ").capitalize()


@dataclass(frozen=True, slots=True)
class Played:
    """A scene after its leak was traced."""

    scene: Scene
    leak: Path
    found: TracedLeak
    draft: str | None  # the id on record of the draft that it truly shows
    journal: Journal

    @property
    def named(self) -> frozenset[str]:
        """Names of all holders that were accused."""
        return frozenset(self.found.holders[accusation.copy] for accusation in self.found.trace.accused)

    @property
    def is_right(self) -> bool:
        """Whether the trace found the truth: the draft, every culprit, and nobody else."""
        culprits = frozenset(holder.name for holder in HOLDERS if holder.latin in self.scene.culprits)
        trace = self.found.trace
        return trace.verdict == self.scene.verdict and trace.draft == self.draft and self.named == culprits


def _drilled(name: str) -> MakeLeak:
    """Return the drill's leak of this name, for one copy or for several."""
    leak = next(leak for leak in LEAKS if leak.name == name)
    return lambda copies, rng: leak.make(copies if leak.holders > 1 else copies[0], rng)


def _saved(pictures: Sequence[Pixels], _rng: np.random.Generator) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pictures[0]).save(buffer, "JPEG", quality=80)
    return buffer.getvalue()


SCENES = (
    Scene(
        "1-phone-photo-of-a-screen",
        "A sub-vendor photographs the front bumper on a screen and sends the photo to a friend.",
        "ms11-front-bumper",
        ("Jichuan Coatings",),
        "accused",
        _drilled("screen photo, at an angle"),
    ),
    Scene(
        "2-cropped-repost",
        "A quarter of the rear bumper turns up on social media, cut out, made smaller and recompressed.",
        "ms11-rear-bumper",
        ("Lanting Exteriors",),
        "accused",
        _drilled("crop 25 % × 0.6 + jpeg 70"),
    ),
    Scene(
        "3-two-copies-averaged",
        "Two holders average their copies of the full view, so that the marks cancel.",
        "ms11-full-view",
        ("Northwick Mouldings", "Xingdu Precision"),
        "accused",
        _drilled("mean of 2"),
    ),
    Scene(
        "4-printed-and-scanned",
        "The line drawing is printed on an office printer, and the print is scanned.",
        "ms11-drawing",
        ("Pellworth Renderings",),
        "accused",
        _drilled("print + scan"),
    ),
    Scene(
        "5-unrelated-picture",
        "A tip-off that proves to be somebody's holiday: a picture of none of the drafts.",
        None,
        (),
        "unmatched",
        _saved,
    ),
    Scene(
        "6-the-unmarked-original",
        "The front bumper as it was before marking: it left the car maker itself, not a supplier.",
        "ms11-front-bumper",
        (),
        "inconclusive",
        _saved,
    ),
)


def draw(folder: Path) -> Iterator[tuple[str, Path]]:
    """Draw the bundled drafts into a new folder, two at a time; yield the name and the file of each."""
    folder.mkdir()
    with ThreadPoolExecutor(2) as pool:
        for name, data in zip(drafts.DRAFTS, pool.map(drafts.png, drafts.DRAFTS), strict=True):
            path = folder / f"{name}.png"
            path.write_bytes(data)
            yield name, path


def hand_out(home: Home, draft: Path, *, out: Path, secret: bytes, now: datetime) -> Iterator[Issued]:
    """Issue a copy of a draft to everyone of the cast."""
    recipients = [Recipient(holder.name, {"engaged by": holder.engaged_by}) for holder in HOLDERS]
    yield from issue(
        home,
        draft.read_bytes(),
        recipients,
        name=draft.name,
        out=out,
        secret=secret,
        now=now,
        project=PROJECT,
        owner=OWNER,
    )


def leak(scene: Scene, drawn: Mapping[str, Path], copies: Sequence[Issued], *, folder: Path) -> Path:
    """Make a scene's leak and write it to a folder. The same copies give the same leak."""
    rng = np.random.default_rng([_SEED, SCENES.index(scene)])
    if scene.draft is None:
        pictures = [landscape.snowy_ridges(rng)]
    elif not scene.culprits:
        pictures = [_pixels(drawn[scene.draft])]
    else:
        holders = {holder.name: holder.latin for holder in HOLDERS}
        of_draft = [copy for copy in copies if copy.path.name.startswith(f"{scene.draft}--")]
        pictures = [_pixels(copy.path) for copy in of_draft if holders[copy.recipient] in scene.culprits]
    data = scene.make(pictures, rng)
    path = folder / f"{scene.name}.{_extension(data)}"
    path.write_bytes(data)
    return path


def investigate(
    home: Home, leaks: Mapping[Path, Scene], *, secret: bytes, drafts_on_record: Mapping[str, str], now: datetime
) -> Iterator[Played]:
    """Trace every leak against everything on record, and write it into the ledger.

    Parameters
    ----------
    home : Home
    leaks : mapping of Path to Scene
    secret : bytes
        The home's master secret.
    drafts_on_record : mapping of str to str
        Name of a draft → its id on record.
    now : datetime
    """
    among = candidates(home, secret=secret)
    for path, scene in leaks.items():
        found = trace_leak(path.read_bytes(), among, decoys=limits.DECOYS)
        journal = write_journal(
            home, path.read_bytes(), found, name=path.name, where=scene.story, only_draft=None, now=now
        )
        yield Played(scene, path, found, drafts_on_record[scene.draft] if scene.draft else None, journal)


def seal(home: Home, played: Played, *, secret: bytes, folder: Path, now: datetime) -> Path:
    """Seal the evidence of a scene that accuses somebody, and return its file."""
    (made,) = evidence(home, played.leak.read_bytes(), played.found, played.journal, secret=secret, now=now)
    return write_new(folder / f"{played.leak.stem}{EXTENSION}", made.data)


def draw_sheet(played: Played, drawn: Mapping[str, Path], copies: Sequence[Issued], *, path: Path) -> None:
    """Draw the finding on one leak beside its draft."""
    trace = played.found.trace
    latin = {holder.name: holder.latin for holder in HOLDERS}
    files = {copy.copy: copy.path for copy in copies}
    # The draft that was *found*, which need not be the true one.
    found = next((copy.path.name.partition("--")[0] for copy in copies if copy.draft == trace.draft), None)
    named = [
        (
            latin[played.found.holders[accusation.copy]],
            f"was issued copy {accusation.copy}. It scores z = {accusation.z:.1f}; the probability that any "
            f"innocent copy would score so is {odds(accusation.log10_bound)}.",
        )
        for accusation in trace.accused
    ]
    tested = f" {trace.copies_tested} copies were tested." if trace.copies_tested else ""
    sheet = Sheet(
        title=played.scene.title,
        story=played.scene.story,
        verdict=trace.verdict,
        named=named or [("Nobody", "is accused.")],
        remarks=(
            f"{trace.reason[0].upper()}{trace.reason[1:]}.{tested}",
            "What is named is a copy and the party that it was issued to, not the person who leaked it."
            if named
            else "",
        ),
        draft=drawn[found].read_bytes() if found else None,
        leak=played.leak.read_bytes(),
        copies=[files[accusation.copy].read_bytes() for accusation in trace.accused],
    )
    write_sheet(sheet, path)


def _pixels(path: Path) -> Pixels:
    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB"), np.uint8)


def _extension(data: bytes) -> str:
    with Image.open(io.BytesIO(data)) as picture:
        return {"JPEG": "jpg"}.get(picture.format or "", (picture.format or "bin").lower())
