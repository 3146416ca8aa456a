"""What is on record that a statement must not point to. Plain values, so that the check needs no database."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Source(StrEnum):
    """Where a confidential text comes from."""

    REPLY = "reply"  # what a party answered, or its plan
    AGREEMENT = "agreement"
    ALLEGATION = "allegation"  # what was put to it
    NOTE = "note"  # of the owner's people


@dataclass(frozen=True, slots=True)
class KnownParty:
    """A party, with all by which it is known.

    Attributes
    ----------
    names : tuple of str
        Its name, and what others call it.
    persons : tuple of str
    emails : tuple of str
    domains : tuple of str
        Addresses in the web that are on record beside its name.
    places : tuple of str
    details : tuple of str
        Whatever else is on record: numbers, streets.
    is_on_record : bool
        Else another party has written these names down, and could write anything: they never refuse a statement.
    """

    key: str
    names: tuple[str, ...]
    persons: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    details: tuple[str, ...] = ()
    is_on_record: bool = True


@dataclass(frozen=True, slots=True)
class KnownText:
    """A confidential text, and whose it is; '' where it is the owner's own. The case tells notes apart."""

    party: str
    source: Source
    text: str
    case: str = ""


@dataclass(frozen=True, slots=True)
class KnownAmount:
    """A sum of money in an agreement of a party, or of what was imposed on it."""

    party: str
    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Known:
    """All of it. It can be compared and hashed, so that what is made of it is made once.

    Attributes
    ----------
    parties : tuple of KnownParty
        All but the owner.
    owner : KnownParty or None
        Whose words are no hint.
    codes : tuple of str
        Ids of copies, hashes of files: a part of one of eight digits is enough.
    file_names : tuple of str
        Of drafts, and of found files.
    code_names : tuple of str
        Of projects that are not public.
    references : tuple of str
        Of agreements.
    numbers : tuple of str
        Of sanctions, and of other cases.
    texts : tuple of KnownText
        The papers of this case: none of their words are said.
    papers : tuple of KnownText
        Of all cases, this one's among them: what points to one party is not said.
    amounts : tuple of KnownAmount
        Of agreements.
    imposed : tuple of KnownAmount
        Of sanctions: what was agreed, claimed, imposed, reduced to and paid.
    plain : tuple of str
        Texts that point to nobody: the templates.
    public : tuple of str
        What was said in public before: it is no quote of a party's, but a name in it stays a name.
    forms : tuple of str
        The owner's forms of what is written to any party: in another case's papers they point to nobody.
    """

    parties: tuple[KnownParty, ...] = ()
    owner: KnownParty | None = None
    codes: tuple[str, ...] = ()
    file_names: tuple[str, ...] = ()
    code_names: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    texts: tuple[KnownText, ...] = ()
    papers: tuple[KnownText, ...] = ()
    amounts: tuple[KnownAmount, ...] = ()
    imposed: tuple[KnownAmount, ...] = ()
    plain: tuple[str, ...] = ()
    public: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
