"""What a dossier holds of what was found: leaks, traces, sightings; and how it names a person and a file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tidemark.records.blobs import Shelf


@dataclass(frozen=True, slots=True)
class Who:
    """A person, or nobody's doing: then both are ''."""

    name: str
    party: str


@dataclass(frozen=True, slots=True)
class File:
    """A file that belongs to the case. ``about`` says what it is: found, evidence, reply, letter, appeal, …"""

    about: str
    name: str
    sha256: str
    shelf: Shelf


@dataclass(frozen=True, slots=True)
class Named:
    """A copy that a trace accuses: the copy, its custodian, and who answers, apart.

    Of one that is merely suspected there is the copy alone: a lead is told to no reader as a party's name.
    """

    copy: str
    is_accused: bool
    is_own: bool
    z: float
    log10_bound: float
    custodian: str
    person: str
    issued: datetime | None
    way: tuple[str, ...]
    responsible: str
    agreement: str


@dataclass(frozen=True, slots=True)
class Laid:
    """A draft that a file was laid on. ``pictures`` are hashes of what was drawn of it, by their names."""

    draft: str
    file_name: str
    revision: int
    status: str
    draft_sha256: str
    correlation: float
    coverage: float
    mirrored: bool
    evidence_sha256: str
    pictures: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Traced:
    """The trace that speaks for one file."""

    id: str
    file_sha256: str
    state: str
    verdict: str
    reason: str
    finished: datetime | None
    copies_tested: int
    hypotheses: int
    decoys: Mapping[str, Any]
    laid: tuple[Laid, ...]
    named: tuple[Named, ...]
    ledger_index: int | None


@dataclass(frozen=True, slots=True)
class Seen:
    """A place where a leak was seen."""

    id: str
    file: File
    preview_sha256: str
    platform: str
    poster: str
    channel: str
    url: str
    text: str
    posted: datetime | None
    found: str
    finder: str
    received: datetime
    joined: str
    unreadable: str
    ledger_index: int


@dataclass(frozen=True, slots=True)
class FoundLeak:
    """One leaked picture, the places where it was seen, and the traces of its files."""

    id: str
    title: str
    standing: str
    is_divided: bool
    seen: tuple[Seen, ...]
    traces: tuple[Traced, ...]


@dataclass(frozen=True, slots=True)
class Sighted:
    """A photograph of a vehicle that is linked to the case, and how it stands to the embargo."""

    id: str
    vehicle: str
    camouflage: str
    place: str
    seen: datetime | None
    drive: str
    outcome: str
    file: File
