"""Revoke copies: nobody can download them from then on. What somebody has already is out of reach; it stays traceable.

The bytes leave the shelf: to trace a leak, the draft and the copy's key are enough, and what is not there cannot leak.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from tidemark.errors import Refused
from tidemark.ledger.entry import Kind
from tidemark.limits import MAX_NAME_CHARS
from tidemark.records import blobs
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.blobs import Shelf
from tidemark.records.connect import database_errors, exclusively
from tidemark.records.copies.models import Copy
from tidemark.records.copies.readers import readers_of
from tidemark.records.home import Home
from tidemark.records.ledger.key import signing_key
from tidemark.records.ledger.log import append, sign
from tidemark.records.parties.foreign import refuse_foreign
from tidemark.records.reasons import reason_of


@dataclass(frozen=True, slots=True)
class Revoked:
    """What a revocation did.

    Attributes
    ----------
    copies : tuple of str
        Ids of the copies that are closed now and were not before.
    open_children : tuple of str
        Ids of child copies, at any depth, that are still open: to be revoked as well, or left on purpose.
    """

    copies: tuple[str, ...]
    open_children: tuple[str, ...]


def revoke(
    home: Home, copies: Collection[Copy], *, by: Person, why: str, now: datetime, with_children: bool = False
) -> Revoked:
    """Revoke copies, and their child copies if asked. Copies that are closed already stay as they are.

    Raises
    ------
    Refused
        If ``by`` may not, no reason is given, or it names another party to one that reads it.
    """
    if not by.may(Act.RELEASE):
        raise Refused(_("Copies are revoked by the owner's officers. Ask one of them."))
    why = reason_of(why, most=MAX_NAME_CHARS)
    ids = {copy.pk for copy in copies}
    refuse_foreign(why, readers_of(ids | (children_of(ids, now=now) if with_children else set())))
    with exclusively(home), database_errors(home), transaction.atomic():
        below = children_of(ids, now=now)
        closed = revoke_within(home, ids | (below if with_children else set()), why=why, now=now)
        sign(home, signing_key(home))
        return Revoked(closed, tuple(sorted(below - set(closed))))


def revoke_within(home: Home, ids: Collection[str], *, why: str, now: datetime, leaf_why: str = "") -> tuple[str, ...]:
    """Revoke copies as a part of a larger action, and return which were open. Whether it may be is the caller's to say.

    The caller holds the home's lock, is in a transaction, and signs. The ledger gets ``leaf_why``, which is a rule's
    name; persons' own words stay in the records.
    """
    rows = Copy.objects.select_for_update(of=("self",)).select_related("holder")
    closed = []
    for copy in rows.filter(pk__in=ids, revoked=None, is_master=False).order_by("id"):
        if copy.state == Copy.State.PLANNED and copy.is_kept:
            copy.give_up(why)
        elif copy.state == Copy.State.RELEASED:
            copy.become_revoked(why, now=now)
            body = {"copy": copy.pk, "copy_sha256": copy.sha256, "holder": copy.holder.name, "rule": leaf_why}
            append(Kind.COPY_REVOKED, body, subject=copy.pk, now=now)
        else:
            continue
        closed.append(copy.pk)
        if copy.is_kept and copy.sha256 is not None:
            transaction.on_commit(partial(blobs.forget, home, Shelf.COPIES, copy.sha256))
    return tuple(closed)


def children_of(ids: Collection[str], *, now: datetime) -> set[str]:
    """Return the ids of the open child copies below these, at any depth, closed ones in between notwithstanding."""
    found: set[str] = set()
    above = set(ids)
    while above:
        above = set(Copy.objects.filter(parent__in=above).values_list("pk", flat=True)) - found
        found |= above
    return set(Copy.objects.filter(pk__in=found).open_at(now, or_planned=True).values_list("pk", flat=True))
