"""Releasing copies to persons."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import groupby, product

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tidemark.errors import Refused, TidemarkError
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.connect import current_home
from tidemark.records.copies.share import Shared, refuse_too_many, share
from tidemark.records.projects.foresee import candidates, foresee
from tidemark.records.projects.models import Draft, Project
from tidemark.records.projects.warned import warned
from tidemark.records.rounds.models import Round
from tidemark.web.accounts.signed_in import signed_in
from tidemark.web.projects.access import as_told, owners_project, require, rights
from tidemark.web.projects.forms import ShareForm
from tidemark.web.projects.selection import pairs_of

_SHOWN_PERSONS = 50

Pairs = list[tuple[Draft, Person]]


@dataclass(frozen=True, slots=True)
class _Chosen:
    """Who is to get copies of what.

    Attributes
    ----------
    drafts, persons : list
        Each once, in the order in which they are shown.
    pairs : list of (Draft, Person)
        What is released. Sorted by person.
    is_exact : bool
        Whether the pairs were chosen one by one, in the matrix; else they are each draft with each person.
    refusal : str
        Why no pairs were made of them: they would be too many. '' if they were made.
    """

    drafts: list[Draft]
    persons: list[Person]
    pairs: Pairs
    is_exact: bool
    refusal: str = ""

    @property
    def by_person(self) -> list[tuple[Person, list[Draft]]]:
        """The first persons, with the drafts that each is to get."""
        rows = groupby(self.pairs, key=lambda pair: pair[1])
        return [(person, [draft for draft, _person in each]) for person, each in rows][:_SHOWN_PERSONS]

    @property
    def as_text(self) -> str:
        """The pairs as the form carries them on."""
        return "\n".join(f"{person.pk}:{draft.pk}" for draft, person in self.pairs)


@login_required
def share_form(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose drafts and persons, see what would happen, release."""
    project = owners_project(request, pk)
    person = signed_in(request)
    require(person, Act.RELEASE)
    now = timezone.now()
    step = request.POST.get("step", "")
    form = ShareForm(request.POST if step in ("preview", "release") else None)
    chosen, places = _chosen(request, project), request.POST.getlist("place")
    context = {"project": project, "form": form, "chosen": chosen, "warned": warned(chosen.drafts)} | rights(person)
    if step in ("preview", "release") and form.is_valid():
        if step == "release" and not chosen.refusal:
            answer = _release(request, project, chosen.pairs, form, places, now=now)
            if answer is not None:
                return answer
        context["is_previewed"] = True
        if chosen.pairs:
            again = form.cleaned_data["again"]
            context["foreseen"] = foresee(project, chosen.pairs, at=now, again=again, places=places)
        if request.headers.get("HX-Target") == "foreseen":
            return render(request, "projects/foreseen.html", context)
    elif chosen.pairs and not form.is_bound:  # chosen already, in a round or in the matrix
        context |= {"is_previewed": True, "foreseen": foresee(project, chosen.pairs, at=now)}
    if chosen.is_exact:
        return render(request, "projects/share.html", context)
    all_drafts = list(Draft.objects.filter(project=project).order_by("file_name", "-revision"))
    context |= {
        "all_drafts": all_drafts,
        "groups": candidates(project, sorted({draft.status for draft in all_drafts}), at=now),
        "draft_ids": {draft.pk for draft in chosen.drafts},
        "person_ids": {each.pk for each in chosen.persons},
    }
    return render(request, "projects/share.html", context)


def _chosen(request: HttpRequest, project: Project) -> _Chosen:
    """Return what a form, a link, a round or the matrix names. Ids that the person may not see are left out.

    Of pairs that were chosen in the matrix nothing is made but these pairs: never all of their drafts for all of their
    persons.
    """
    asked = request.POST if request.method == "POST" else request.GET
    wanted, is_exact = pairs_of(asked.get("pairs", "")), bool(asked.get("pairs"))
    draft_ids, person_ids = set(asked.getlist("draft")), set(asked.getlist("person"))
    if is_exact:
        draft_ids, person_ids = {draft for _person, draft in wanted}, {person for person, _draft in wanted}
    parties: set[int] = set()
    if request.method == "GET" and asked.get("round") and not is_exact:
        found = Round.objects.visible_to(signed_in(request)).filter(pk=asked["round"], project=project).first()
        if found is not None:
            draft_ids |= set(found.drafts.values_list("pk", flat=True))
            parties = set(found.bidders.values_list("party_id", flat=True))
    drafts = list(Draft.objects.filter(project=project, pk__in=draft_ids).order_by("file_name", "-revision"))
    persons = Person.objects.filter(pk__in=person_ids) | Person.objects.filter(party__in=parties, is_active=True)
    engaged = persons.filter(party__engagements__project=project).distinct()
    receivers = list(engaged.select_related("party").order_by("party__name", "name", "pk"))
    try:
        refuse_too_many(len(wanted) if is_exact else len(drafts) * len(receivers))
    except Refused as refused:
        return _Chosen(drafts, receivers, [], is_exact, as_told(refused))
    pairs = [(draft, person) for person, draft in product(receivers, drafts)]
    if is_exact:
        pairs = [(draft, person) for draft, person in pairs if (person.pk, draft.pk) in wanted]
    return _Chosen(drafts, receivers, pairs, is_exact)


def _release(
    request: HttpRequest,
    project: Project,
    pairs: Pairs,
    form: ShareForm,
    places: list[str],
    *,
    now: datetime,
) -> HttpResponse | None:
    """Release, and go to the release's page; None if nothing could be released."""
    given = form.cleaned_data
    last_day = given["expires"]
    expires = datetime.combine(last_day + timedelta(days=1), time(), UTC) if last_day else None
    try:
        shared = share(
            current_home(),
            pairs,
            project=project,
            by=signed_in(request),
            now=now,
            has_overlay=given["has_overlay"],
            expires=expires,
            note=given["note"],
            again=given["again"],
            places=places,
        )
    except TidemarkError as refused:
        messages.error(request, as_told(refused))
        return None
    if shared.release is None:
        messages.error(request, _("Nothing was released: nobody of those chosen may get any of these drafts."))
        return None
    _tell(request, shared)
    return redirect("release", shared.release.pk)


def _tell(request: HttpRequest, shared: Shared) -> None:
    count = len(shared.planned)
    messages.success(
        request, ngettext("%(count)d copy is being made.", "%(count)d copies are being made.", count) % {"count": count}
    )
    for reason in sorted({f"{each.person.name}: {each.reason}" for each in shared.refusals})[:20]:
        messages.warning(request, reason)
