"""A leak of which nobody has the file yet: the text of a link, as people pass it on, kept unchanged like any file.

Nothing is fetched: whoever posted it would see that we looked, and a server that opens addresses which strangers write
can be sent anywhere. What the address itself says (the platform, on many the account or the channel) is read from it,
where nobody has said it.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from tidemark.errors import Refused
from tidemark.limits import MAX_FOUND_CHARS, MAX_NAME_CHARS
from tidemark.records.accounts.models import Person
from tidemark.records.home import Home
from tidemark.records.leaks.receive import MAX_TEXT_CHARS, Received, receive

FILE_NAME = "link.txt"

_URL = re.compile(r"https?://[^\s<>\"')\]，。；、】》]+", re.IGNORECASE)
_TRAILING = ".,;:!?"

_PLATFORMS: tuple[tuple[str, str, str], ...] = (
    ("weibo.com", "Weibo", r"/(?:u/)?(?P<handle>[0-9A-Za-z_-]+)/[0-9A-Za-z]{6,}"),
    ("weibo.cn", "Weibo", r"/(?:u/)?(?P<handle>[0-9]+)/[0-9A-Za-z]{6,}"),
    ("x.com", "X", r"/(?P<handle>[A-Za-z0-9_]{1,15})/status/"),
    ("twitter.com", "X", r"/(?P<handle>[A-Za-z0-9_]{1,15})/status/"),
    ("instagram.com", "Instagram", r"/(?P<handle>[A-Za-z0-9_.]{1,30})/(?:p|reel)/"),
    ("reddit.com", "Reddit", r"/(?:r/(?P<channel>\w{2,21})|u(?:ser)?/(?P<handle>[\w-]{3,20}))"),
    ("t.me", "Telegram", r"/(?:s/)?(?P<channel>[A-Za-z]\w{4,31})(?:/|$)"),
    ("youtube.com", "YouTube", r"/@(?P<handle>[\w.-]{3,30})"),
    ("youtu.be", "YouTube", ""),
    ("facebook.com", "Facebook", r"/groups/(?P<channel>[\w.]+)"),
    ("tiktok.com", "TikTok", r"/@(?P<handle>[\w.]{2,24})"),
    ("bilibili.com", "Bilibili", ""),
    ("douyin.com", "Douyin", ""),
    ("xiaohongshu.com", "Xiaohongshu", ""),
    ("zhihu.com", "Zhihu", r"/people/(?P<handle>[\w-]+)"),
    ("tieba.baidu.com", "Tieba", ""),
)
"""Host, what people call it, and where its paths name an account or a channel. Others go by their host."""


@dataclass(frozen=True, slots=True)
class Link:
    """What an address in a text says of itself."""

    url: str
    platform: str
    handle: str
    channel: str


def read_link(text: str) -> Link | None:
    """Return what the first address in a text says; None if there is none."""
    found = _URL.search(text)
    if found is None:
        return None
    url = found.group().rstrip(_TRAILING)
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    except ValueError:  # brackets that are no address
        return None
    if not host:
        return None
    for known, platform, pattern in _PLATFORMS:
        if host == known or host.endswith(f".{known}"):
            named = re.match(pattern, parts.path) if pattern else None
            said = named.groupdict() if named else {}
            return Link(url, platform, said.get("handle") or "", said.get("channel") or "")
    return Link(url, host[:MAX_NAME_CHARS], "", "")


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
        What of it is known; what is empty is read from the address in the text.

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
        platform=platform or link.platform,
        handle=handle or link.handle,
        channel=channel or link.channel,
        posted=posted,
        text=text,
        title=link.url.partition("://")[2][:MAX_NAME_CHARS],
        is_text=True,
    )
