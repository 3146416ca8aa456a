"""The finding: everything that an evidence bundle claims, as one frozen value and as one canonical JSON document.

Three claims are kept apart. The *copy* claim is technical and has a probability. The *custodian* claim says to whom
the ledger shows that copy issued. The *responsible party* follows from an agreement, if there is one. Who the leaking
person was is claimed nowhere.
"""

import typing
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, is_dataclass
from types import UnionType
from typing import Any

from tidemark import limits
from tidemark.errors import EvidenceInvalid, UnreadableFile
from tidemark.ledger import canonical

SCHEME = "tidemark-finding"
VERSION = 1


@dataclass(frozen=True, slots=True)
class Leak:
    """The found file. Times are RFC 3339 in UTC; ``found`` is what the finder says of where and when."""

    name: str
    sha256: str
    size_bytes: int
    found: str
    received: str


@dataclass(frozen=True, slots=True)
class DraftClaim:
    """A draft that the leak was registered to. ``coverage`` is the share of the draft that the leak shows."""

    draft: str
    sha256: str
    file_name: str
    revision: int
    project: str
    correlation: float
    coverage: float
    mirrored: bool


@dataclass(frozen=True, slots=True)
class Accused:
    """One copy that the leak carries the mark of, and its custodian on record.

    ``round`` is 1 for what the leak shows at once, r for what it shows once r − 1 marks are projected out.
    ``agreement`` and ``responsible`` are empty if no agreement is on record: then nobody is said to be responsible.
    """

    draft: str
    copy: str
    z: float
    log10_bound: float
    round: int
    holder: str
    issued: str
    agreement: str
    responsible: str


@dataclass(frozen=True, slots=True)
class Tested:
    """K copies were tested under each of T hypotheses; ``scores`` are those of this draft,
    in the first round, ascending."""

    copies: int
    hypotheses: int
    scores: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Decoys:
    """Never-issued keys, derived from ``seed`` (hexadecimal), and how they scored."""

    seed: str
    count: int
    max_z: float
    ks_p: float


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Bounds that were laid down in the ledger when the draft was registered, before any copy was issued."""

    accused: float
    suspected: float


@dataclass(frozen=True, slots=True)
class Rivals:
    """Other ways in which the leak could have come about, each with its own figure.

    Attributes
    ----------
    next_copy_z, next_copy_log10_bound : float
        The strongest copy that is not accused, when the marks of the accused are projected out: could somebody else
        have mixed in a copy?
    master_z, master_log10_bound : float or None
        The owner's own undistributed copy of the draft: was it that? The bound is that of this one copy; None if none
        was among the copies tested.
    other_revisions : tuple of DraftClaim
        Other drafts on record that the leak fits as well, with how well: which revision is it?
    """

    next_copy_z: float
    next_copy_log10_bound: float
    master_z: float | None
    master_log10_bound: float | None
    other_revisions: tuple[DraftClaim, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """One leaf of the ledger that the bundle proves. ``kind`` is the leaf's kind, ``time`` the time that it states."""

    index: int
    kind: str
    time: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What the owner claims of one leak.

    Attributes
    ----------
    verdict : str
        "accused": bundles are made of accusations only.
    reason : str
    leak : Leak
    draft : DraftClaim
        The draft whose copies are accused.
    accused : tuple of Accused
        In the order of naming.
    tested : Tested
    decoys : Decoys
    thresholds : Thresholds
    rivals : Rivals
    timeline : tuple of Event
        Ascending in the order of the ledger.
    owner : str
        The party that kept the ledger and made the bundle.
    made : str
        When, RFC 3339 in UTC.
    versions : mapping of str to str
        Of Tidemark, the mark's scheme and the libraries that the figures were computed with.
    """

    verdict: str
    reason: str
    leak: Leak
    draft: DraftClaim
    accused: tuple[Accused, ...]
    tested: Tested
    decoys: Decoys
    thresholds: Thresholds
    rivals: Rivals
    timeline: tuple[Event, ...]
    owner: str
    made: str
    versions: Mapping[str, str]

    def to_json(self) -> bytes:
        """Return the canonical JSON document (RFC 8785)."""
        return canonical.dumps({"scheme": SCHEME, "version": VERSION, **asdict(self)})

    @classmethod
    def from_json(cls, data: bytes) -> "Finding":
        """Read what :meth:`to_json` wrote.

        Raises
        ------
        EvidenceInvalid
            If it is not exactly such a document, or one of a newer version.
        """
        try:
            said = canonical.loads(data, what="finding", max_bytes=limits.MAX_FINDING_BYTES, max_depth=8)
        except UnreadableFile as fault:
            raise EvidenceInvalid(str(fault)) from None
        scheme, version = said.pop("scheme", None), said.pop("version", None)
        if scheme != SCHEME or type(version) is not int:
            raise EvidenceInvalid(f"A finding says that its scheme is {SCHEME} and its version; this one does not.")
        if version != VERSION:
            raise EvidenceInvalid(
                f"This finding is of version {version}; this Tidemark reads {VERSION}. Use the newer Tidemark."
            )
        return typing.cast("Finding", _read(cls, said, "finding"))


def _read(kind: Any, value: Any, where: str) -> Any:
    """Return ``value``, from JSON, as an instance of ``kind``, or raise EvidenceInvalid."""
    if is_dataclass(kind) and isinstance(kind, type):
        hints = typing.get_type_hints(kind)
        names = [each.name for each in fields(kind)]
        if not isinstance(value, dict) or set(value) != set(names):
            raise EvidenceInvalid(f"The {where} should have the fields {', '.join(names)}, no more and no fewer.")
        return kind(**{name: _read(hints[name], value[name], f"{where}'s {name}") for name in names})
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is tuple and isinstance(value, list):
        return tuple(_read(arguments[0], each, where) for each in value)
    if origin in (typing.Union, UnionType):
        return None if value is None else _read(arguments[0], value, where)
    if origin is Mapping and isinstance(value, dict):
        return {key: _read(arguments[1], each, where) for key, each in value.items()}
    if kind is float and type(value) in (int, float):
        return float(value)
    if kind in (str, int, bool) and type(value) is kind:
        return value
    raise EvidenceInvalid(f"The {where} is not of the kind that a finding has there.")
