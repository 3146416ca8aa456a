"""What the entries of a project's ledger are called where its activity is shown."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tidemark.ledger.entry import Kind

HEADS: Mapping[str, str | Promise] = {
    Kind.DRAFT_REGISTERED: _("Draft registered:"),
    Kind.DRAFT_CHANGED: _("Status or label of a draft changed:"),
    Kind.COPY_ISSUED: _("Copy issued:"),
    Kind.COPY_DOWNLOADED: _("Copy downloaded:"),
    Kind.COPY_REVOKED: _("Copy revoked:"),
    Kind.ENGAGEMENT_SUSPENDED: _("Suspended:"),
    Kind.ENGAGEMENT_RESUMED: _("Resumed:"),
    Kind.AGREEMENT_REGISTERED: _("Agreement registered:"),
    Kind.AGREEMENT_ACCEPTED: _("Agreement accepted:"),
    Kind.AGREEMENT_TERMINATED: _("Agreement terminated:"),
    Kind.ROUND_OPENED: _("Round opened:"),
    Kind.ROUND_CLOSED: _("Round closed:"),
    Kind.ROUND_AWARDED: _("Round awarded:"),
    Kind.DESTRUCTION_CERTIFIED: _("Return or destruction certified:"),
}
"""By the kind of the entry: each that can speak of a draft, a copy, an engagement, an agreement or a round."""
