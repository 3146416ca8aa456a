"""Correct what is known of a post: by which account, where and when something was posted.

What was handed in stays: the file, what was written with it, where it was found and by whom are somebody's word of that
day. What was said before a correction stays on record beside it, and as hashes in the ledger.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tidemark.errors import Refused
from tidemark.ledger.canonical import JSON
from tidemark.ledger.entry import Kind, time_text
from tidemark.limits import MAX_FOUND_CHARS
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.connect import exclusively
from tidemark.records.home import Home
from tidemark.records.leaks.journal import origin_of, origin_sha256
from tidemark.records.leaks.models import Correction, Post
from tidemark.records.leaks.posters import channel_of, one_line, poster_of
from tidemark.records.leaks.receive import MAX_URL_CHARS, in_one_line, refuse_posted_after
from tidemark.records.ledger.key import signing_key
from tidemark.records.ledger.log import append, hash_of, sign
from tidemark.records.reasons import reason_of


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a post now, all of it: what is empty is not known."""

    url: str = ""
    platform: str = ""
    handle: str = ""
    channel: str = ""
    posted: datetime | None = None


def correct(home: Home, post: Post, known: Known, *, why: str, by: Person, now: datetime, shown: str = "") -> Post:
    """Write down what is known better now, and why; return the post.

    Parameters
    ----------
    shown : str
        The hash of what was on record when the person looked (:func:`.journal.origin_sha256`); '' if nobody says. What
        is known is written as a whole, so it would undo what somebody else corrected meanwhile.

    Raises
    ------
    Refused
        If the person may not, no reason is given, something is over its limit, it was posted after it was received,
        nothing differs, or somebody else has corrected it since the person looked.
    """
    if not by.may(Act.HANDLE_LEAKS):
        raise Refused(_("Posts are corrected by officers and investigators. Ask one of them."))
    reason = reason_of(why, most=MAX_FOUND_CHARS)
    url = in_one_line(known.url, MAX_URL_CHARS, _("The address"))
    platform = one_line(known.platform, what=_("The platform"))
    with exclusively(home), transaction.atomic():
        row = Post.objects.select_for_update(of=("self",)).select_related("poster", "channel").get(pk=post.pk)
        if shown and shown != origin_sha256(row):
            raise Refused(_("Somebody has corrected this post since you looked. Reload the page and look again."))
        refuse_posted_after(known.posted, row.received)
        before, words = origin_of(row), _words(row)
        row.url, row.platform, row.posted = url, platform, known.posted
        row.poster = poster_of(platform, known.handle, now=now)
        row.channel = channel_of(platform, known.channel, now=now)
        changed = {name: value for name, value in origin_of(row).items() if value != before[name]}
        if not changed:
            raise Refused(_("This is what is on record. Nothing is changed."))
        if "posted" in changed:
            changed["posted_before"] = before["posted"]
        body: dict[str, JSON] = {
            "post": row.pk,
            "leak": row.file_sha256,
            "by": by.pk,
            "reason_sha256": hash_of(reason),
            **changed,
        }
        leaf = append(Kind.POST_CHANGED, body, subject=row.file_sha256, now=now)
        row.save(update_fields=["url", "platform", "posted", "poster", "channel"])
        Correction.objects.create(post=row, before=words, why=reason, by=by, time=now, leaf_index=leaf.index)
        sign(home, signing_key(home))
    return row


def _words(post: Post) -> dict[str, str]:
    """Return what is on record of a post, to be read."""
    return {
        "url": post.url,
        "platform": post.platform,
        "handle": post.poster.handle if post.poster else "",
        "channel": post.channel.name if post.channel else "",
        "posted": time_text(post.posted) if post.posted else "",
    }
