"""What happened to the leaks of a case, in the words of the reader's language."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from tidemark.ledger.entry import Kind
from tidemark.records.leaks.models import Post
from tidemark.records.sentences import joined


def _post(detail: Mapping[str, Any]) -> str:
    """Say where a file was seen, by whom and when it was posted, as far as that is known."""
    platform, poster, channel = (str(detail.get(name, "")) for name in ("platform", "poster", "channel"))
    if poster and platform:
        said = _("A post by %(poster)s on %(platform)s was put on record: %(file)s.")
    elif poster:
        said = _("A post by %(poster)s was put on record: %(file)s.")
    elif channel and platform:
        said = _("A post in %(channel)s on %(platform)s was put on record: %(file)s.")
    elif platform:
        said = _("A post on %(platform)s was put on record: %(file)s.")
    else:
        said = _("A place where it was seen was put on record: %(file)s.")
    more = [_("It was posted on %(time)s (UTC).") % {"time": _minute(detail["posted"])}] if detail["posted"] else []
    if detail["via"] == Post.Via.MAIL:
        more.append(_("It came by e-mail."))
    facts = {"platform": platform, "poster": poster, "channel": channel, "file": detail["file"]}
    return joined([said % facts, *more])


def _corrected(detail: Mapping[str, Any]) -> str:
    """Say that a post was corrected, and from when to when, if that was."""
    said = [_("What is known of a post was corrected: %(file)s.") % detail]
    if "posted_before" in detail:
        before, after = (
            f"{_minute(time)} UTC" if time else _("not known") for time in (detail["posted_before"], detail["posted"])
        )
        said.append(_("When it was posted: %(before)s → %(after)s.") % {"before": before, "after": after})
    return joined(said)


def _minute(time: str) -> str:
    """Return a time of the ledger to the minute."""
    return f"{time[:10]} {time[11:16]}"


def _regrouped(detail: Mapping[str, Any]) -> str:
    if detail["from"] == detail["to"]:
        return _("It was confirmed that a file belongs to its leak: %(file)s.") % detail
    return _("A file was put into another leak by hand: %(file)s.") % detail


def _traced(detail: Mapping[str, Any]) -> str:
    verdicts = {
        "accused": _("a copy is accused"),
        "suspected": _("it gives a lead, which is never an accusation"),
        "inconclusive": _("inconclusive"),
        "unmatched": _("it shows no draft on record"),
    }
    said = _("%(file)s was traced again: %(verdict)s.") if detail["again"] else _("%(file)s was traced: %(verdict)s.")
    return said % {"file": detail["file"], "verdict": verdicts.get(str(detail["verdict"]), detail["verdict"])}


SAID: dict[str, Callable[[Mapping[str, Any]], str]] = {
    Kind.LEAK_RECEIVED: lambda d: _("A file was received, and is kept unchanged: %(file)s.") % d,
    Kind.POST_RECEIVED: _post,
    Kind.POST_CHANGED: _corrected,
    Kind.LEAK_CLUSTERED: lambda d: _("A file was put into a leak because it looks the same, unchecked: %(file)s.") % d,
    Kind.LEAK_REGROUPED: _regrouped,
    Kind.TRACE_RUN: _traced,
    Kind.TRACE_FAILED: lambda d: _("A trace failed: %(file)s.") % d,
}
