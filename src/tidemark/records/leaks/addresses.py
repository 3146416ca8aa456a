"""What an address on the web says of who posted something, and where: the platform, on many the account or the channel.

Nothing is fetched. What somebody says counts more than the address; the address fills in what nobody has said, so that
what one account posts meets whatever way it came.
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from tidemark.limits import MAX_NAME_CHARS
from tidemark.records.parties.names import clean_name, fold

_URL = re.compile(r"https?://[^\s<>\"')\]，。；、】》]+", re.IGNORECASE)
_TRAILING = ".,;:!?"

_PLATFORMS: tuple[tuple[str, str, str], ...] = (
    ("weibo.com", "Weibo", r"/(?:u/)?(?P<handle>[0-9A-Za-z_-]+)/[0-9A-Za-z]{6,}"),
    ("weibo.cn", "Weibo", r"/(?:u/)?(?P<handle>[0-9]+)/[0-9A-Za-z]{6,}"),
    ("x.com", "X", r"/(?P<handle>[A-Za-z0-9_]{1,15})/status/"),
    ("twitter.com", "X", r"/(?P<handle>[A-Za-z0-9_]{1,15})/status/"),
    ("instagram.com", "Instagram", r"/(?P<handle>[A-Za-z0-9_.]{1,30})/(?:p|reel)/"),
    ("reddit.com", "Reddit", r"/(?:r/(?P<channel>\w{2,21})|u(?:ser)?/(?P<handle>[\w-]{3,20}))(?:/|$)"),
    ("t.me", "Telegram", r"/(?:s/)?(?P<channel>[A-Za-z]\w{4,31})(?:/|$)"),
    ("youtube.com", "YouTube", r"/@(?P<handle>[\w.-]{3,30})(?:/|$)"),
    ("youtu.be", "YouTube", ""),
    ("facebook.com", "Facebook", r"/groups/(?P<channel>[\w.]+)(?:/|$)"),
    ("tiktok.com", "TikTok", r"/@(?P<handle>[\w.]{2,24})(?:/|$)"),
    ("bilibili.com", "Bilibili", ""),
    ("douyin.com", "Douyin", ""),
    ("xiaohongshu.com", "Xiaohongshu", ""),
    ("zhihu.com", "Zhihu", r"/people/(?P<handle>[\w-]+)(?:/|$)"),
    ("tieba.baidu.com", "Tieba", ""),
)
"""Host, what people call it, and where its paths name an account or a channel. Others go by their host."""

_RESERVED = {
    "Weibo": "a ajax at comment detail fav home hot login message n newlogin p search settings share signup status "
    "ttarticle tv u",
    "X": "about compose explore hashtag home i intent jobs login messages notifications search settings share signup",
    "Instagram": "about accounts direct explore p reel reels share stories tv web",
    "Reddit": "all friends me mod popular random",
    "Telegram": "addemoji addlist addstickers addtheme boost confirmphone contact giftcode invoice joinchat login "
    "message proxy setlanguage share socks stars",
    "Facebook": "category create discover feed joins notifications search",
}
"""What stands in these paths where a name would, and is a page of the platform: nobody's account, no channel."""


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
            handle, channel = (_unreserved(platform, said.get(name) or "") for name in ("handle", "channel"))
            return Link(url, platform, handle, channel)
    return Link(url, host[:MAX_NAME_CHARS], "", "")


def _unreserved(platform: str, name: str) -> str:
    return "" if name.lower() in _RESERVED.get(platform, "").split() else name


def filled_in(url: str, *, platform: str, handle: str, channel: str, by_stranger: bool = False) -> Link:
    """Return what is said of a post, with what its address says where nobody has said it.

    An account is one of its platform: where somebody names another platform than the address, the address says no more.

    Parameters
    ----------
    url, platform, handle, channel : str
    by_stranger : bool
        Whether the address was sent by somebody unknown, who could lay a leak at anybody's door with it: it says the
        platform then, and no account or channel.
    """
    link = read_link(url)
    if link is not None and by_stranger:
        link = Link(link.url, link.platform, "", "")
    if link is None or (platform.strip() and fold(platform) != fold(link.platform)):
        return Link(url, platform, handle, channel)
    return Link(
        url,
        platform if platform.strip() else _name(link.platform),
        handle if handle.strip() else _name(link.handle),
        channel if channel.strip() else _name(link.channel),
    )


def _name(text: str) -> str:
    """Return a name that an address gives as it is kept; '' if it is none: what was found is kept all the same."""
    try:
        return clean_name(text) if text else ""
    except ValueError:
        return ""
