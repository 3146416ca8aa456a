"""Draft what is put to a party, from what is on record: three claims, apart, and what is not claimed.

The draft is a proposal: officer and legal edit it. What it may never do is checked when it is put: it names no other
party than the one it goes to, those below it, and the owner.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tidemark.odds import one_in
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Role
from tidemark.records.agreements.models import Agreement
from tidemark.records.cases.caveats import caveats, times_of
from tidemark.records.cases.corrected import SAID as CORRECTED
from tidemark.records.cases.ended import SAID
from tidemark.records.cases.issued_after import SAID as ISSUED_AFTER
from tidemark.records.cases.undownloaded import SAID as NOT_LEFT
from tidemark.records.copies.models import Copy
from tidemark.records.leaks.models import NamedCopy
from tidemark.records.parties.models import Party
from tidemark.records.projects.models import Draft, Engagement
from tidemark.records.sentences import joined

TO_FILL_IN = "[…]"
"""Where the draft of an override cannot know what to say. As long as it stands there, nothing is put."""

_OPENING = gettext_lazy(
    "Confidential material of %(owner)s was found where it must not be. We ask for your answer. Three things are "
    "said below, and each is to be judged by itself."
)
_COPY = gettext_lazy(
    "The copy. The file found (SHA-256 %(sha256)s, received on %(day)s) shows %(file)s, revision %(revision)d, a "
    "%(status)s draft, and carries the invisible mark of copy %(copy)s. The probability that any copy from which "
    "the file was not made would be named on such evidence is %(odds)s."
)
_ISSUED = gettext_lazy("By the ledger, copy %(copy)s was issued to %(holder)s on %(day)s.")
_AT_YOUR_REQUEST = gettext_lazy("The copy was made for your sub-vendor at your request.")
_AT_ANOTHERS_REQUEST = gettext_lazy("The copy was made at the request of %(asked)s.")
_TO_YOUR_SUB_VENDOR = gettext_lazy("The owner issued the copy to your sub-vendor directly.")
_CUSTODIAN = gettext_lazy("The custodian.")
_NOBODY_ANSWERS = gettext_lazy(
    "The responsible party. No agreement on record says who answers; this is put to you as the custodian."
)
_ANSWERS = gettext_lazy("The responsible party. Under the agreement %(agreement)s, %(party)s answers for it.")
_NOT_OWNERS = gettext_lazy("The owner is no party to this agreement: no amount of damages is derived from it.")
_BETWEEN_US = gettext_lazy("Between us, the agreement %(agreement)s stands.")
_CLOSING = gettext_lazy(
    "Nothing is claimed of who passed the material on, or why. Nothing is final before you have answered or the "
    "time to answer is over. You can accept, dispute, or name your sub-vendor, add files, and ask for the evidence."
)
_NOT_ACCUSED = gettext_lazy("The tracing of the file does not accuse a copy. It is put to you because: %s")
PROPOSED = (
    _OPENING,
    _COPY,
    _ISSUED,
    _AT_YOUR_REQUEST,
    _AT_ANOTHERS_REQUEST,
    _TO_YOUR_SUB_VENDOR,
    _CUSTODIAN,
    _NOBODY_ANSWERS,
    _ANSWERS,
    _NOT_OWNERS,
    SAID,
    NOT_LEFT,
    ISSUED_AFTER,
    CORRECTED,
    _BETWEEN_US,
    _CLOSING,
    _NOT_ACCUSED,
)
"""All that a proposal says of itself, before it is filled in: words that name nobody."""


def draft_summary(
    party: Party, named: Sequence[NamedCopy], agreement: Agreement | None, *, owner: str, language: str = ""
) -> str:
    """Return a proposal for the summary, in the language of the party's contact unless another is asked for."""
    with translation.override(language or _language_of(party)):
        parts = [_opening(owner)]
        parts += [_of_copy(each) for each in named if each.is_accused]
        if not any(each.is_accused for each in named):
            parts.append(_NOT_ACCUSED % TO_FILL_IN)
            parts += [_agreement(party, agreement), _closing()]
        else:
            parts += [_custodians(party, named), _responsible(party, agreement), _closing()]
        parts[-1:-1] = caveats(agreement, named, times_of(named)).said()
    return "\n\n".join(part for part in parts if part)


def below(party: Party) -> QuerySet[Engagement]:
    """Return the engagements below those of a party, its own among them."""
    found = Q(pk__in=())
    for path in Engagement.objects.filter(party=party).values_list("path", flat=True):
        found |= Q(path__startswith=path)
    return Engagement.objects.filter(found)


def _language_of(party: Party) -> str:
    contact = Person.objects.filter(party=party, is_active=True, grants__role=Role.CONTACT).order_by("created").first()
    return contact.language if contact else "en"


def _opening(owner: str) -> str:
    return _OPENING % {"owner": owner}


def _of_copy(named: NamedCopy) -> str:
    draft = named.copy.draft
    return _COPY % {
        "sha256": named.trace.post.file_sha256,
        "day": _day(named.trace.post.received),
        "file": draft.file_name,
        "revision": draft.revision,
        "status": Draft.Status(draft.status).label,
        "copy": named.copy_id,
        "odds": _spoken(named.log10_bound),
    }


def _custodians(party: Party, named: Sequence[NamedCopy]) -> str:
    said = []
    for each in named:
        if each.is_accused:
            facts = {
                "copy": each.copy_id,
                "holder": each.copy.holder.name,
                "day": _day(each.copy.issued),
            }
            said.append(_ISSUED % facts)
            if each.copy.holder_id != party.pk:
                said.append(_at_whose_request(party, each.copy.parent))
    return joined([str(_CUSTODIAN), *said]) if said else ""


def _at_whose_request(party: Party, parent: Copy | None) -> str:
    """Say who asked for a copy that the party does not hold: whoever holds the one that it is a child of."""
    if parent is None:
        return str(_TO_YOUR_SUB_VENDOR)
    if parent.holder_id == party.pk:
        return str(_AT_YOUR_REQUEST)
    return _AT_ANOTHERS_REQUEST % {"asked": parent.holder.name}


def _responsible(party: Party, agreement: Agreement | None) -> str:
    if agreement is None:
        return str(_NOBODY_ANSWERS)
    facts = {"agreement": agreement.reference, "party": party.name}
    return joined((_ANSWERS % facts, "" if agreement.is_owners else str(_NOT_OWNERS)))


def _agreement(party: Party, agreement: Agreement | None) -> str:
    if agreement is None:
        return ""
    if not agreement.is_owners:
        return _responsible(party, agreement)
    return _BETWEEN_US % {"agreement": agreement.reference}


def _closing() -> str:
    return str(_CLOSING)


def _spoken(log10_bound: float) -> str:
    number = one_in(log10_bound)
    return _("at most 1 in %(number)s") % {"number": number} if number else _("with any probability")


def _day(time: datetime) -> str:
    return f"{time:%Y-%m-%d}"
