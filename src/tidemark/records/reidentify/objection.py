"""What the check finds: what, where, by which rule, and whether a reason can let it pass."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """Whether an objection can be let pass."""

    REFUSES = "refuses"
    NEEDS_REASON = "needs a reason"


class Rule(StrEnum):
    """What was looked for."""

    NAME = "name"  # of a party, or a word of it that only it has
    MASKED = "masked name"  # with stars or dots for letters
    ENCODED = "letters in code"  # as pages and addresses may have them
    ALMOST = "almost a name"  # one letter off, or an ordinary word that is written like a name
    INITIALS = "initials"
    PERSON = "person"
    ADDRESS = "address"  # e-mail, web, street
    PLACE = "place"
    CODE = "code"  # ids of copies, hashes
    FILE_NAME = "file name"
    CODE_NAME = "code name"
    REFERENCE = "agreement's number"
    NUMBER = "number of a sanction or case"
    QUOTE = "quote"
    PHRASE = "unique phrase"
    AMOUNT = "amount"
    CLAIM = "claim"  # of somebody's part in it
    STATUS = "status of the draft"
    PROMISE = "promise that nobody keeps"
    PICTURE = "picture"  # shows a draft, a copy, a leak or a sighting
    UNCOMPARED = "picture not compared yet"
    METADATA = "picture's metadata"


@dataclass(frozen=True, slots=True)
class Objection:
    """One objection.

    Attributes
    ----------
    rule : Rule
    severity : Severity
    place : str
        Which text or picture, as the caller named it.
    start, end : int
        Where in it, as indices into the text as it was written; both 0 for a picture.
    said : str
        What stands there. Never the name that it was compared with.
    """

    rule: Rule
    severity: Severity
    place: str
    start: int
    end: int
    said: str

    @property
    def key(self) -> str:
        """What a reason is kept under: the same words found by the same rule, wherever they stand."""
        seen = " ".join(self.said.split()).casefold()
        return f"{self.rule.replace(' ', '-')}:{hashlib.sha256(seen.encode(errors='replace')).hexdigest()[:16]}"
