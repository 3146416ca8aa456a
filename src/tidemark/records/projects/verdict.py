"""What the drill's results say of a draft, in sentences for the officer who is about to send it. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

LEAST_TRACED_SHARE = 0.8
"""Share of the leaks that were tried below which a draft is called weak: then every fifth leak would go unpunished,
and a larger or richer export is worth the officer's time."""


@dataclass(frozen=True, slots=True)
class FamilyVerdict:
    """One family of leaks, with the results of those that were tried."""

    family: str
    results: Sequence[Mapping[str, Any]]

    @property
    def title(self) -> str:
        return family_title(self.family)

    @property
    def tried(self) -> int:
        return len(self.results)

    @property
    def missed(self) -> list[str]:
        """The names of the leaks that were not traced."""
        return [str(result["attack"]) for result in self.results if not result["traced"]]

    @property
    def traced(self) -> int:
        return self.tried - len(self.missed)

    @property
    def is_whole(self) -> bool:
        return not self.missed


@dataclass(frozen=True, slots=True)
class DrillVerdict:
    """All of it.

    Attributes
    ----------
    traced, tried : int
    sentences : sequence of str
        The first says how many leaks were traced; each further one, what the draft is too weak for.
    families : sequence of FamilyVerdict
        In the drill's order.
    is_weak : bool
        Whether less than :data:`LEAST_TRACED_SHARE` of the leaks were traced.
    """

    traced: int
    tried: int
    sentences: Sequence[str]
    families: Sequence[FamilyVerdict]
    is_weak: bool


def verdict(results: Sequence[Mapping[str, Any]]) -> DrillVerdict:
    """Return what the results of a drill, finished or not, say.

    Parameters
    ----------
    results : sequence of mapping
        For each leak that was tried ``attack``, ``family`` and ``traced``; see :class:`.models.DrillRun`.
    """
    families = _families(results)
    traced, tried = sum(family.traced for family in families), len(results)
    sentences = [
        ngettext("Traced in %(traced)d of %(tried)d leak.", "Traced in %(traced)d of %(tried)d leaks.", tried)
        % {"traced": traced, "tried": tried}
    ]
    sentences += [_sentence(each.family, each.tried, each.missed) for each in families if each.missed]
    return DrillVerdict(traced, tried, sentences, families, bool(tried) and traced < LEAST_TRACED_SHARE * tried)


def weaknesses(results: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return of each family in which not every leak was traced its ``family``, ``tried`` and ``missed``, the names.

    This is what is kept of the results for lists, which load none of them: see :func:`too_weak_for`.
    """
    return [
        {"family": each.family, "tried": each.tried, "missed": each.missed}
        for each in _families(results)
        if each.missed
    ]


def too_weak_for(kept: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return what a draft is too weak for, from its :func:`weaknesses`: a sentence a family, without single leaks."""
    return [_sentence(each["family"], each["tried"], each["missed"], with_names=False) for each in kept]


def family_title(family: str) -> str:
    """Return a family's name for people; the engine's own word where it is of a later release."""
    titles = {
        "recompressed": _("Recompressed"),
        "resized": _("Made smaller or larger"),
        "cropped": _("Cropped"),
        "moved": _("Turned, mirrored or bent"),
        "filtered": _("Filtered"),
        "drawn over": _("Drawn over"),
        "reposted": _("Screenshots and reposts"),
        "screen photo": _("Photographs of a screen"),
        "paper": _("Printed, then scanned or photographed"),
        "colluded": _("Mixed from several copies"),
    }
    return titles.get(family, family)


def _families(results: Sequence[Mapping[str, Any]]) -> list[FamilyVerdict]:
    """Return the results by family, in the drill's order."""
    by_family: dict[str, list[Mapping[str, Any]]] = {}
    for result in results:
        by_family.setdefault(str(result["family"]), []).append(result)
    return [FamilyVerdict(family, those) for family, those in by_family.items()]


def _sentence(family: str, tried: int, missed: Sequence[str], *, with_names: bool = True) -> str:
    """Return the sentence about a family in which not every leak was traced."""
    if family == "cropped" and (share := _largest(missed, r"^crop (\d+) %$")):
        return _("Too weak if cropped to %(share)d %% of the picture or less.") % {"share": share}
    if family == "resized" and (side := _largest(missed, r"^(\d+) px")):
        return _("Too weak if made smaller than about %(side)d pixels.") % {"side": side}
    if family == "recompressed" and (quality := _largest(missed, r"^jpeg (\d+)$")):
        return _("Too weak if saved as JPEG of quality %(quality)d or less.") % {"quality": quality}
    words = {"title": family_title(family), "missed": len(missed), "tried": tried, "names": _(", ").join(missed)}
    if len(missed) == tried:
        return _("%(title)s: none of %(tried)d traced.") % words
    if not with_names:
        return _("%(title)s: %(missed)d of %(tried)d not traced.") % words
    return _("%(title)s: %(missed)d of %(tried)d not traced (%(names)s).") % words


def _largest(attacks: Sequence[str], pattern: str) -> int:
    """Return the largest number that the pattern finds, 0 if it finds none or does not find one in each."""
    found = [re.search(pattern, attack) for attack in attacks]
    return max((int(match[1]) for match in found if match), default=0) if all(found) else 0
