"""No valid, accepted agreement, no release: say to either side what is missing, and where the next step is taken.

Other pages include ``agreements/gap.html`` with what :func:`why_not_yet` returns.
"""

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.agreements.barred import barred_from, reason_for
from tidemark.records.agreements.models import Agreement
from tidemark.records.agreements.register import may_register
from tidemark.records.agreements.releasable import Missing, Refusal
from tidemark.records.projects.models import Draft, Project

_NEEDS_A_NEW_ONE = frozenset({Missing.AGREEMENT, Missing.PROJECT, Missing.KIND, Missing.TERMINATED, Missing.LAPSED})


@dataclass(frozen=True, slots=True)
class Gap:
    """What is missing, and the next step; without an address it is somebody else's to take."""

    reason: str
    step: str = ""
    href: str = ""


def why_not_yet(
    person: Person,
    project: Project,
    *,
    viewer: Person,
    now: datetime,
    statuses: tuple[str, ...] = tuple(Draft.Status.values),
) -> Gap | None:
    """Return why ``person`` can get nothing of these statuses yet, as ``viewer`` may read it; None if something."""
    refusal = barred_from(project, person, statuses, at=now)
    return None if refusal is None else gap_of(refusal, person, project, viewer=viewer)


def gap_of(refusal: Refusal, person: Person, project: Project, *, viewer: Person) -> Gap:
    """Turn a refusal into what the viewer can do about it. Reads no more than one row."""
    reason = reason_for(refusal, viewer=viewer)
    agreement = refusal.agreement
    if refusal.missing is Missing.PERSON and agreement is not None:
        if viewer.pk == person.pk:
            return Gap(reason, _("Read and accept it"), reverse("agreement_accept", args=(agreement.pk,)))
        return Gap(reason, _("%(person)s is asked to accept it after signing in.") % {"person": person})
    if refusal.missing is Missing.COMPANY and agreement is not None:
        if viewer.party_id == agreement.recipient_id and viewer.may(Act.ACCEPT_FOR_PARTY):
            return Gap(reason, _("Accept it for your company"), reverse("agreement_accept", args=(agreement.pk,)))
        return Gap(reason, _("A contact of the company accepts it."))
    if agreement is not None and refusal.missing is Missing.NOT_IN_FORCE and may_register(agreement.discloser, viewer):
        return Gap(reason, _("Look at it and put it in force"), reverse("agreement", args=(agreement.pk,)))
    if (
        refusal.missing in _NEEDS_A_NEW_ONE
        and may_register(viewer.party, viewer)
        and viewer.party_id != person.party_id
    ):
        asked = urlencode({"recipient": person.party_id, "project": project.pk})
        return Gap(reason, _("Register an agreement"), f"{reverse('agreement_new')}?{asked}")
    if refusal.missing in (Missing.ENGAGEMENT, Missing.SUSPENDED) and viewer.may(Act.MANAGE_PROJECTS):
        return Gap(reason, _("Open the supply tree"), reverse("project-tree", args=(project.pk,)))
    return Gap(reason)


def next_step(agreement: Agreement, viewer: Person, *, on: date) -> Gap | None:
    """Return what an agreement waits for, and whether the viewer can do it; None if it waits for nothing."""
    if agreement.state == Agreement.State.PREPARED:
        if may_register(agreement.discloser, viewer):
            return Gap(
                _("It is prepared. Put it in force when the terms are final; after that they cannot be changed.")
            )
        return Gap(_("It is prepared, and can be accepted as soon as the other side puts it in force."))
    if agreement.state == Agreement.State.TERMINATED or agreement.has_lapsed(on):
        return Gap(_("Nothing is released or downloaded under it any more. Duties that survive go on."))
    accepted = agreement.acceptances.as_they_stand()
    own = set(accepted.filter(person=viewer).values_list("for_party", flat=True))
    for_company = accepted.filter(for_party=True).exists()
    if viewer.party_id == agreement.recipient_id:
        href = reverse("agreement_accept", args=(agreement.pk,))
        if not for_company and viewer.may(Act.ACCEPT_FOR_PARTY):
            return Gap(_("Nobody has accepted it for your company yet."), _("Read and accept it"), href)
        if False not in own:
            return Gap(_("You have not accepted it for yourself yet."), _("Read and accept it"), href)
    if not for_company:
        return Gap(_("It was not accepted for %(party)s yet: a contact of it can.") % {"party": agreement.recipient})
    return None
