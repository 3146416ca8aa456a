"""The mail that copies are ready: to each person once a release, when the last of them is made. A task of a minute."""

from datetime import UTC, datetime, timedelta
from functools import partial

from django.db.models import Count, Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tidemark.records.accounts.models import Notice, Person
from tidemark.records.copies.models import Copy, Release
from tidemark.records.notices import tell
from tidemark.records.sentences import joined

RECENT = timedelta(days=7)
"""For how long the mail is still sent, if no task ran in time. After that, the page tells."""


def announce(*, now: datetime) -> int:
    """Tell the persons whose copies of a release are all made; return how many.

    What was revoked, has expired or was opened already is not announced.
    """
    waiting = Copy.objects.filter(release=OuterRef("release"), person=OuterRef("person"), state=Copy.State.PLANNED)
    ready = Copy.objects.open_at(now).filter(
        release__created__gte=now - RECENT, person__is_active=True, is_master=False, downloads=None
    )
    counted = ready.filter(~Exists(waiting)).order_by().values_list("release", "person").annotate(Count("pk"))
    pairs = {(release, person): count for release, person, count in counted}
    reasons = {_reason(release) for release, _person in pairs}
    told = set(Notice.objects.filter(reason__in=reasons).values_list("reason", "person"))
    new = {pair: count for pair, count in pairs.items() if (_reason(pair[0]), pair[1]) not in told}
    persons = Person.objects.in_bulk({person for _release, person in new})
    releases = Release.objects.select_related("project").in_bulk({release for release, _person in new})
    return sum(
        tell(persons[person], _reason(release), partial(_ready, releases[release], count), now=now)
        for (release, person), count in new.items()
    )


def _reason(release: str) -> str:
    return f"copies-ready:{release}"


def _ready(release: Release, count: int) -> tuple[str, str, str]:
    facts = {"count": count, "project": release.project.code_name}
    subject = ngettext(
        "%(count)d drawing is ready for you: %(project)s", "%(count)d drawings are ready for you: %(project)s", count
    )
    text = [
        ngettext(
            "A copy of a drawing was released to you. It is marked as yours alone: hand it to nobody, and ask for a "
            "child copy if your sub-vendor needs one.",
            "Copies of %(count)d drawings were released to you. They are marked as yours alone: hand them to nobody, "
            "and ask for child copies if your sub-vendor needs them.",
            count,
        )
        % facts
    ]
    if release.note:
        text.append(_("The owner wrote a note to it, which you find beside them."))
    if release.expires is not None:
        text.append(_("Download until %(time)s.") % {"time": f"{release.expires.astimezone(UTC):%Y-%m-%d %H:%M} UTC"})
    return subject % facts, joined(text), reverse("home")
