"""The stage: who can be called, what is known so far, and how to wait for what is done in the background."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from tidemark.demo.cast import HOLDERS, Holder, Player
from tidemark.demo.play.line import Astray, Line
from tidemark.demo.scenes import Scene
from tidemark.evidence.verify import Verification

_PATIENCE_S = 900
"""For everything that is under way at once."""


@dataclass(slots=True)
class Stage:
    """One performance.

    Attributes
    ----------
    lines : mapping of str to Line
        By the players' keys.
    drafts : mapping of str to bytes
        Name of a draft → its file.
    scenes : sequence of Scene
        The leaks.
    folder : Path
        Where copies, leaks and evidence are laid down.
    work : callable
        Called again and again while something is waited for: does some of what is enqueued, or lets others do it.
    master : callable
        ``master(draft id) -> bytes``: the owner's own marked copy, which no program can download.
    project, round : id
    parties, persons, engagements, agreements : mapping of str to id
        By latin names and players' keys.
    draft_ids : mapping of str to str
    copies : mapping of (str, str) to Path
        Draft and latin name of the holder → the file that was downloaded.
    leaks, leak_files, cases, allegations : mapping
        By names of scenes; allegations to several parties of a case by the latin names.
    sanction, plan : id
    found : list of Found
        What the traces said.
    bundle : Path or None
        The evidence as the accused party took it, and what it found when it verified it.
    """

    lines: Mapping[str, Line]
    drafts: Mapping[str, bytes]
    scenes: Sequence[Scene]
    folder: Path
    work: Callable[[], None]
    master: Callable[[str], bytes]
    project: int = 0
    round: str = ""
    parties: dict[str, int] = field(default_factory=dict)
    persons: dict[str, str] = field(default_factory=dict)
    engagements: dict[str, str] = field(default_factory=dict)
    agreements: dict[str, str] = field(default_factory=dict)
    draft_ids: dict[str, str] = field(default_factory=dict)
    copies: dict[tuple[str, str], Path] = field(default_factory=dict)
    leaks: dict[str, str] = field(default_factory=dict)
    leak_files: dict[str, Path] = field(default_factory=dict)
    cases: dict[str, str] = field(default_factory=dict)
    allegations: dict[str, str] = field(default_factory=dict)
    sanction: str = ""
    plan: str = ""
    found: "list[Found]" = field(default_factory=list)
    bundle: Path | None = None
    verification: Verification | None = None

    def by(self, who: Player | Holder | str) -> Line:
        """Return the line of a person, or of the contact of an organisation."""
        key = who if isinstance(who, str) else who.key if isinstance(who, Player) else who.latin
        return self.lines[key]

    @property
    def officer(self) -> Line:
        return self.lines["officer"]

    @property
    def legal(self) -> Line:
        return self.lines["legal"]

    @property
    def investigator(self) -> Line:
        return self.lines["investigator"]

    @property
    def communications(self) -> Line:
        return self.lines["communications"]

    def wait(self, look: Callable[[], Any], *, what: str) -> Any:
        """Look until something is there, and return it."""
        ends = time.monotonic() + _PATIENCE_S
        while not (seen := look()):
            if time.monotonic() > ends:
                raise Astray(f"{what} did not come within {_PATIENCE_S} s.")
            self.work()
        return seen


@dataclass(frozen=True, slots=True)
class Named:
    """A copy that a trace accuses, as the API tells of it."""

    copy: str
    custodian: str
    responsible: str
    z: float
    log10_bound: float


@dataclass(frozen=True, slots=True)
class Found:
    """What the trace of a scene's leak says.

    Attributes
    ----------
    draft : str
        Id of the draft that it was found to show; '' if none.
    true_draft : str
        Id of the draft that it does show; '' if none.
    """

    scene: Scene
    file: Path
    verdict: str
    reason: str
    draft: str
    true_draft: str
    copies_tested: int
    named: tuple[Named, ...]

    @property
    def is_right(self) -> bool:
        """Whether the trace found the truth: the draft, every culprit, and nobody else."""
        culprits = {each.name for each in HOLDERS if each.latin in self.scene.culprits} | (
            {self.scene.culprits[0]} if self.scene.is_own else set()
        )
        return (
            self.verdict == self.scene.verdict
            and self.draft == self.true_draft
            and {each.custodian for each in self.named} == culprits
        )


def expect(claim: object, what: str) -> None:
    """Go on only if something is as it must be.

    Raises
    ------
    Astray
        If it is not.
    """
    if not claim:
        raise Astray(f"This must be and is not: {what}.")


def today() -> date:
    return datetime.now(UTC).date()


def in_days(days: int) -> str:
    """Return a moment so many days ahead, or behind, as the API takes it."""
    return (datetime.now(UTC) + timedelta(days=days)).isoformat()
