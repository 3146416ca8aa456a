"""Add a party by hand; the command line adds them by their names in a list of recipients."""

from datetime import datetime

from django.utils.translation import gettext

from tidemark.errors import Refused
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.parties.models import Party
from tidemark.records.parties.names import clean_name, fold


def add_party(name: str, *, by: Person, now: datetime) -> Party:
    """Remember a new party.

    Raises
    ------
    Refused
        If ``by`` may not, the name is empty or too long, or a party of this name is known, however it is spelt.
    """
    if not by.may(Act.MANAGE_PEOPLE):
        raise Refused(gettext("Your role does not allow you to add parties."))
    try:
        name = clean_name(name)
    except ValueError:
        raise Refused(gettext("Give the party's name, of at most 200 characters.")) from None
    known = Party.objects.filter(folded_name=fold(name)).first()
    if known is not None:
        raise Refused(gettext("%(party)s is on record already.") % {"party": known.name})
    return Party.named(name, {}, now=now)
