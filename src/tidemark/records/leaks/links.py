"""A leak of which nobody has the file yet: the text of a link, as people pass it on, kept unchanged like any file.

Nothing is fetched: whoever posted it would see that we looked, and a server that opens addresses which strangers write
can be sent anywhere. What the address itself says is read from it (:mod:`.addresses`).
"""

from datetime import datetime

from django.utils.translation import gettext as _

from tidemark.errors import Refused
from tidemark.limits import MAX_FOUND_CHARS, MAX_NAME_CHARS
from tidemark.records.accounts.models import Person
from tidemark.records.home import Home
from tidemark.records.leaks.addresses import filled_in, read_link
from tidemark.records.leaks.models import Post
from tidemark.records.leaks.receive import MAX_TEXT_CHARS, Received, receive

FILE_NAME = "link.txt"


def paste(
    home: Home,
    text: str,
    *,
    found: str,
    finder: str,
    via: str,
    by: Person | None,
    now: datetime,
    url: str = "",
    platform: str = "",
    handle: str = "",
    channel: str = "",
    posted: datetime | None = None,
) -> Received:
    """Keep the text of a link as a leak of its own, until somebody has the file.

    Parameters
    ----------
    home : Home
    text : str
        What was passed on, to the letter.
    found, finder, via, by, now, posted
        As for :func:`~tidemark.records.leaks.receive.receive`.
    url, platform, handle, channel : str
        What of it is known; what is empty is read from the address, or from the first one in the text; of what came by
        e-mail, the platform alone.

    Raises
    ------
    Refused
        If the person may not, there is no address in it, or something is over its limit.
    """
    if len(text) > MAX_TEXT_CHARS:
        raise Refused(
            _("The text has %(seen)d characters; at most %(limit)d are kept.")
            % {"seen": len(text), "limit": MAX_TEXT_CHARS}
        )
    link = read_link(url) or read_link(text)
    if link is None:
        raise Refused(_("There is no address in the text that begins with https:// or http://. Paste the link, too."))
    said = filled_in(link.url, platform=platform, handle=handle, channel=channel, by_stranger=via == Post.Via.MAIL)
    return receive(
        home,
        text.encode(errors="replace"),
        file_name=FILE_NAME,
        found=found or link.url[:MAX_FOUND_CHARS],
        finder=finder,
        via=via,
        by=by,
        now=now,
        url=url or link.url,
        platform=said.platform,
        handle=said.handle,
        channel=said.channel,
        posted=posted,
        text=text,
        title=link.url.partition("://")[2][:MAX_NAME_CHARS],
        is_text=True,
    )
