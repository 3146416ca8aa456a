"""How the overview is said: what is late, the steps to an attribution, and times that have passed."""

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tidemark.records.overview.overdue import Subject

SUBJECTS = {
    Subject.RESPONSE: pgettext_lazy("overdue", "next response"),
    Subject.DUTY: pgettext_lazy("overdue", "duty"),
    Subject.REPLY: pgettext_lazy("overdue", "reply"),
    Subject.PLAN: pgettext_lazy("overdue", "plan"),
    Subject.ACTION: pgettext_lazy("overdue", "action of a plan"),
    Subject.MEASURE: pgettext_lazy("overdue", "measure"),
    Subject.PAYMENT: pgettext_lazy("overdue", "payment"),
    Subject.AWARD: pgettext_lazy("overdue", "award of a round"),
    Subject.CERTIFICATE: pgettext_lazy("overdue", "certificate"),
    Subject.AGREEMENT: pgettext_lazy("overdue", "agreement"),
}

STEPS = {
    "in_all": gettext_lazy("First post → attributed"),
    "to_received": gettext_lazy("First post → received"),
    "to_accused": gettext_lazy("Received → attributed"),
    "to_put": gettext_lazy("Attributed → put to the party"),
    "to_final": gettext_lazy("Put to the party → final"),
}

_MINUTE_S, _HOUR_S, _DAY_S = 60, 3600, 86_400
_NO_HOURS_FROM = 10  # days, after which hours say nothing


def spell(time: timedelta) -> str:
    """Say how long something took, in its largest units: minutes, hours, days."""
    seconds = int(time.total_seconds())
    if seconds < _MINUTE_S:
        return _("under 1 min")
    if seconds < _HOUR_S:
        return _("%(n)d min") % {"n": seconds // _MINUTE_S}
    if seconds < _DAY_S:
        return _("%(h)d h %(m)d min") % {"h": seconds // _HOUR_S, "m": seconds % _HOUR_S // _MINUTE_S}
    days, hours = seconds // _DAY_S, seconds % _DAY_S // _HOUR_S
    if days >= _NO_HOURS_FROM or not hours:
        return _("%(d)d d") % {"d": days}
    return _("%(d)d d %(h)d h") % {"d": days, "h": hours}
