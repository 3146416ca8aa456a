"""Which of the copies that were asked for got no child copy, and why, once the others were planned."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from tidemark.records.copies.models import Copy, OnwardRequest


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A copy of which no child copy was planned.

    Attributes
    ----------
    copy : Copy
    reason : str
        One sentence for both sides: it does not say from whom the contact has another copy.
    """

    copy: Copy
    reason: str


def left_out(request: OnwardRequest) -> tuple[LeftOut, ...]:
    """Return what was left out as the child copies of a request were planned; nothing if they are not planned yet."""
    release = request.release
    if release is None:
        return ()
    planned = Copy.objects.filter(release=release, parent__isnull=False).values("parent_id")
    rows = request.copies.exclude(pk__in=planned).select_related("draft").order_by("draft__file_name", "pk")
    return tuple(LeftOut(copy, _why(copy, request)) for copy in rows)


def _why(copy: Copy, request: OnwardRequest) -> str:
    """All else that could stand in the way would have held back every copy of the request."""
    assert request.release is not None
    ends = (copy.revoked, copy.expires)
    if any(end is not None and end <= request.release.created for end in ends):
        return _("The copy asked for was not open any more.")
    return _("The contact had an open copy of this drawing already. Ask again once that is closed.")
