"""The controls that an action can be mapped to: numbers of two catalogues, with titles in our own words. Pure.

The numbers are those of VDA ISA 6 and of Annex A of ISO/IEC 27001:2022. The titles say what a control is about, so that
somebody without the catalogue at hand finds the number; what it demands is for the catalogue to say.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

VDA_ISA = "VDA ISA"
ISO_27001 = "ISO/IEC 27001"


@dataclass(frozen=True, slots=True)
class Control:
    """One control of a catalogue.

    Attributes
    ----------
    id : str
        How plans name it, such as ``isa-8.2.2``.
    catalogue : str
    number : str
        As the catalogue writes it.
    title : str
        What it is about, in our words.
    """

    id: str
    catalogue: str
    number: str
    title: Promise

    @property
    def name(self) -> str:
        """The number with its catalogue, as people write it."""
        return f"{self.catalogue} {self.number}"


_ISA = (
    ("1.3.2", _("Knowing how sensitive information is, and handling it accordingly")),
    ("1.6.1", _("Reporting what looks like a breach, quickly and to the right place")),
    ("1.6.2", _("Dealing with reported breaches, within set times")),
    ("2.1.2", _("Binding staff by contract to the security rules")),
    ("2.1.3", _("Training staff and keeping them aware")),
    ("4.2.1", _("Giving, reviewing and taking back access rights")),
    ("5.1.2", _("Protecting information on its way")),
    ("6.1.1", _("Security at contractors and partners")),
    ("6.1.2", _("Confidentiality agreed before anything is exchanged")),
    ("8.2.1", _("Confidentiality duties for prototypes, with companies and persons")),
    ("8.2.2", _("Rules for passing work on prototypes to sub-vendors")),
    ("8.2.3", _("Training for everybody who handles prototypes")),
    ("8.2.4", _("Knowing a project's classification and what follows from it")),
    ("8.2.6", _("Who may take pictures of prototypes, and what becomes of them")),
    ("8.2.7", _("Phones and cameras in protected areas")),
)
_ISO = (
    ("5.19", _("Security in dealings with suppliers")),
    ("5.20", _("Security written into suppliers' contracts")),
    ("5.21", _("Security along the chain of IT suppliers")),
    ("5.22", _("Watching suppliers, and changes in what they do")),
    ("5.24", _("Being prepared for incidents")),
    ("5.25", _("Judging whether an event is an incident")),
    ("5.26", _("Reacting to incidents")),
    ("5.27", _("Learning from incidents")),
    ("5.28", _("Securing evidence")),
    ("6.6", _("Signed duties of confidentiality")),
)

CATALOGUE: dict[str, Control] = {
    each.id: each
    for each in (
        *(Control(f"isa-{number}", VDA_ISA, number, title) for number, title in _ISA),
        *(Control(f"iso-{number}", ISO_27001, number, title) for number, title in _ISO),
    )
}
"""All controls by their ids, in the catalogues' order."""


def known(ids: Iterable[str]) -> list[str]:
    """Return the ids of known controls, each once, in the catalogue's order.

    Raises
    ------
    KeyError
        If one is in no catalogue; the argument is its id.
    """
    asked = set(ids)
    unknown = asked - CATALOGUE.keys()
    if unknown:
        raise KeyError(min(unknown))
    return [control for control in CATALOGUE if control in asked]
