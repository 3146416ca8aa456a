"""Mail one person for one reason, at most once.

The row that says so is committed before the mail leaves: if the process is killed in between, the mail is lost rather
than sent every day. If the mail server refuses it, the row is taken back, and the next run tries again; one address
that does not work keeps nobody else from being told.
"""

from collections.abc import Callable
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from tidemark.records import mail
from tidemark.records.accounts.models import Notice, Person


def tell(person: Person, reason: str, words: Callable[[], tuple[str, str, str]], *, now: datetime) -> bool:
    """Send a mail unless this person was told for this reason before. Not to be called within a transaction.

    Parameters
    ----------
    reason : str
        Such as ``agreement-expires:ID:30``.
    words : callable
        Gives subject, text and the path of a page; it is called with the person's language active.

    Returns
    -------
    bool
        Whether a mail went out.
    """
    notice, is_new = Notice.objects.get_or_create(person=person, reason=reason, defaults={"created": now})
    if not is_new:
        return False
    is_sent = False
    try:
        with translation.override(person.language):
            subject, text, path = words()
            greeting = _("Good day %(name)s,") % {"name": person.name}
            is_sent = mail.send(person.email, subject=subject, paragraphs=(greeting, text, mail.link_to(path)))
    finally:
        if not is_sent:
            notice.delete()
    return is_sent
