"""Register an agreement, change it while it is only prepared, put it in force, end it.

It is the discloser who does this: the owner for its suppliers, a supplier's contact for the agreement by which it binds
its own sub-vendor. From when it is in force, the terms stand as they are and the ledger holds their hash.
"""

import hashlib
from datetime import UTC, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tidemark.errors import Refused
from tidemark.ledger.canonical import JSON
from tidemark.ledger.entry import Kind
from tidemark.limits import MAX_TEXT_CHARS
from tidemark.records import blobs
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.agreements.content import content_of, sha256_of
from tidemark.records.agreements.documents import Document, plain_name, refuse_other_than_pdf
from tidemark.records.agreements.models import Agreement
from tidemark.records.agreements.terms import Terms, faults, weaker
from tidemark.records.connect import exclusively
from tidemark.records.home import Home
from tidemark.records.ledger.key import signing_key
from tidemark.records.ledger.log import append, sign
from tidemark.records.parties.foreign import refuse_foreign
from tidemark.records.parties.models import Party
from tidemark.records.sentences import joined
from tidemark.records.visible import readable


def register(
    home: Home,
    discloser: Party,
    recipient: Party,
    terms: Terms,
    *,
    by: Person,
    now: datetime,
    under: Agreement | None = None,
    document: Document | None = None,
) -> Agreement:
    """Put a prepared agreement on record.

    Raises
    ------
    Refused
        If ``by`` may not, the terms do not hold, they are weaker than those of ``under``, the document is no PDF, or
        the owner's words name another party to the recipient.
    """
    _refuse_other_than_discloser(discloser, by)
    if recipient.is_owner or recipient.pk == discloser.pk:
        raise Refused(_("The recipient is a supplier or a sub-vendor, and not the party that discloses."))
    made = Agreement(discloser=discloser, recipient=recipient, under=under, created=now, created_by=by)
    _refuse_bad_terms(made, terms)
    _write(made, terms)
    if document is not None:
        _attach(made, document)
    _refuse_names(made)
    with transaction.atomic():
        made.save(force_insert=True)
        made.projects.set(() if terms.covers_all_projects else terms.projects)
        if document is not None:
            blobs.put(home, blobs.Shelf.DOCUMENTS, document.data)
    return made


def amend(home: Home, agreement: Agreement, terms: Terms, *, by: Person, document: Document | None = None) -> Agreement:
    """Change the terms of an agreement that is only prepared; without a document, the one that is there stays."""
    refuse_who_does_not_disclose(agreement, by)
    _refuse_bad_terms(agreement, terms)
    with transaction.atomic():
        seen = Agreement.objects.select_for_update().get(pk=agreement.pk)
        if seen.state != Agreement.State.PREPARED:
            raise Refused(_("An agreement in force is not changed. Terminate it and register another."))
        _write(seen, terms)
        if document is not None:
            _attach(seen, document)
        _refuse_names(seen)
        seen.save()
        seen.projects.set(() if terms.covers_all_projects else terms.projects)
        if document is not None:
            blobs.put(home, blobs.Shelf.DOCUMENTS, document.data)
    return seen


def put_in_force(home: Home, agreement: Agreement, *, by: Person, now: datetime) -> None:
    """Fix the terms and log their hash; from now on the recipient can accept them.

    Raises
    ------
    Refused
        If ``by`` may not, it is not prepared, its term is over, the agreement above it is no longer in force, or the
        owner's words name another party to the recipient.
    """
    refuse_who_does_not_disclose(agreement, by)
    with exclusively(home), transaction.atomic():
        # Locked from here on: what is amended meanwhile is either in the content that is fixed, or refused.
        agreement.refresh_from_db(from_queryset=Agreement.objects.select_for_update())
        if agreement.valid_until is not None and agreement.valid_until < now.astimezone(UTC).date():
            raise Refused(_("Its term is over already. Amend the dates first."))
        _refuse_bad_terms(agreement, terms_of(agreement))
        _refuse_names(agreement)  # who is on record by now
        content = content_of(agreement)
        agreement.fix(content, sha256_of(content), now=now)
        body: dict[str, JSON] = {
            "agreement": agreement.pk,
            "discloser": agreement.discloser.name,
            "recipient": agreement.recipient.name,
            "under": agreement.under_id or "",
            "content_sha256": agreement.content_sha256,
            "document_sha256": agreement.document_sha256,
        }
        append(Kind.AGREEMENT_REGISTERED, body, subject=agreement.pk, now=now)
        sign(home, signing_key(home))


def terminate(home: Home, agreement: Agreement, *, why: str, by: Person, now: datetime) -> None:
    """End an agreement: nothing more is released or downloaded by it. Duties that survive are not touched by that."""
    refuse_who_does_not_disclose(agreement, by)
    if not readable(why) or len(why) > MAX_TEXT_CHARS or "\0" in why:
        raise Refused(
            _("Say why it is terminated, as plain text of at most %(most)d characters.") % {"most": MAX_TEXT_CHARS}
        )
    _refuse_foreign(agreement, why)
    with exclusively(home), transaction.atomic():
        agreement.end(readable(why), now=now)
        body: dict[str, JSON] = {"agreement": agreement.pk, "content_sha256": agreement.content_sha256}
        append(Kind.AGREEMENT_TERMINATED, body, subject=agreement.pk, now=now)
        sign(home, signing_key(home))


def may_register(discloser: Party, by: Person) -> bool:
    """Whether a person may register agreements by which this party binds another."""
    return by.party_id == discloser.pk and by.may(Act.MANAGE_AGREEMENTS if discloser.is_owner else Act.ACCEPT_FOR_PARTY)


def refuse_who_does_not_disclose(agreement: Agreement, by: Person) -> None:
    """Raise Refused unless the person may change this agreement."""
    _refuse_other_than_discloser(agreement.discloser, by)


def terms_of(agreement: Agreement) -> Terms:
    """Return the terms of an agreement that is on record."""
    return Terms(
        kinds=tuple(agreement.kinds),
        projects=() if agreement.covers_all_projects else tuple(agreement.projects.all()),
        **{name: getattr(agreement, name) for name in _PLAIN},
    )


_PLAIN = tuple(name for name in Terms.__dataclass_fields__ if name not in ("projects", "kinds"))


def _write(agreement: Agreement, terms: Terms) -> None:
    for name in _PLAIN:
        setattr(agreement, name, getattr(terms, name))
    agreement.reference = readable(terms.reference)
    agreement.kinds = sorted(terms.kinds)


def _attach(agreement: Agreement, document: Document) -> None:
    refuse_other_than_pdf(document)
    agreement.document_sha256 = hashlib.sha256(document.data).hexdigest()
    agreement.document_name = plain_name(document.name, otherwise="agreement.pdf")


def _refuse_other_than_discloser(discloser: Party, by: Person) -> None:
    if not may_register(discloser, by):
        raise Refused(_("Only an officer, legal or a contact of the party that discloses can do this."))


def _refuse_names(agreement: Agreement) -> None:
    words = (agreement.reference, agreement.clause, agreement.damages_formula, agreement.governing_law)
    _refuse_foreign(agreement, "\n".join((*words, agreement.document_name)))


def _refuse_foreign(agreement: Agreement, words: str) -> None:
    """Refuse the owner's words that name another party to the recipient.

    A supplier's own words are let be: it must not find out by them who else is on record.
    """
    if agreement.discloser.is_owner:
        refuse_foreign(words, [agreement.recipient])


def _refuse_bad_terms(agreement: Agreement, terms: Terms) -> None:
    found = faults(terms)
    if not agreement.discloser.is_owner:
        above = agreement.under
        if above is None or above.recipient_id != agreement.discloser_id:
            raise Refused(_("Name the agreement by which your own company is bound: its duties are passed on."))
        if above.state != Agreement.State.IN_FORCE:
            raise Refused(_("The agreement by which your own company is bound is not in force."))
        found += weaker(terms, terms_of(above))
    elif agreement.under is not None:
        found.append(_("The owner passes on nobody's duties: leave out the agreement above."))
    if found:
        raise Refused(joined(found))
