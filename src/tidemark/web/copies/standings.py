"""How things stand with a copy, as pages say it: in a word, and by the colour of a badge."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from tidemark.records.projects.matrix import Standing

TONES: Mapping[Standing, str] = {
    Standing.OPENED: "is-good",
    Standing.RELEASED: "is-accent",
    Standing.MAKING: "",
    Standing.FAULTY: "is-bad",
    Standing.EXPIRED: "",
    Standing.REVOKED: "is-warn",
    Standing.NONE: "",
}
"""The class of the badge."""


def words() -> dict[Standing, str]:
    """Return what each standing is called, in the reader's language."""
    return {
        Standing.OPENED: _("opened"),
        Standing.RELEASED: _("released"),
        Standing.MAKING: _("being made"),
        Standing.FAULTY: _("could not be made"),
        Standing.EXPIRED: _("expired"),
        Standing.REVOKED: _("revoked"),
        Standing.NONE: _("not released"),
    }
