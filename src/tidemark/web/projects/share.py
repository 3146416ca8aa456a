"""Releasing copies to persons, and taking them back."""

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

from tidemark.errors import TidemarkError
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.connect import current_home
from tidemark.records.copies.models import Copy
from tidemark.records.copies.revoke import revoke
from tidemark.records.copies.share import Shared, share_pairs
from tidemark.records.projects.foresee import candidates, foresee
from tidemark.records.projects.models import Draft, Project
from tidemark.records.rounds.models import Round
from tidemark.web.accounts.signed_in import signed_in
from tidemark.web.projects.access import as_told, owners_project, require, rights
from tidemark.web.projects.forms import RevokeForm, ShareForm

_SHOWN_COPIES = 50
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
    """

    drafts: list[Draft]
    persons: list[Person]
    pairs: Pairs
    is_exact: bool

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
    chosen = _chosen(request, project)
    context = {"project": project, "form": form, "chosen": chosen} | rights(person)
    if step in ("preview", "release") and form.is_valid():
        if step == "release":
            answer = _release(request, project, chosen.pairs, form, now=now)
            if answer is not None:
                return answer
        context["is_previewed"] = True
        if chosen.pairs:
            context["foreseen"] = foresee(project, chosen.pairs, at=now, again=form.cleaned_data["again"])
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
    wanted, is_exact = _pairs_of(asked.get("pairs", "")), bool(asked.get("pairs"))
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
    pairs = [(draft, person) for person, draft in product(receivers, drafts)]
    if is_exact:
        pairs = [(draft, person) for draft, person in pairs if (person.pk, draft.pk) in wanted]
    return _Chosen(drafts, receivers, pairs, is_exact)


def _pairs_of(text: str) -> set[tuple[str, str]]:
    """Return the pairs of person and draft, by their ids, that the matrix sends, one a line."""
    return {(person, draft) for person, colon, draft in (pair.partition(":") for pair in text.split()) if colon}


def _release(
    request: HttpRequest,
    project: Project,
    pairs: Pairs,
    form: ShareForm,
    *,
    now: datetime,
) -> HttpResponse | None:
    """Release, and go to the release's page; None if nothing could be released."""
    given = form.cleaned_data
    last_day = given["expires"]
    expires = datetime.combine(last_day + timedelta(days=1), time(), UTC) if last_day else None
    try:
        shared = share_pairs(
            current_home(),
            pairs,
            project=project,
            by=signed_in(request),
            now=now,
            has_overlay=given["has_overlay"],
            expires=expires,
            note=given["note"],
            again=given["again"],
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


@login_required
def revoke_form(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what is open of the chosen pairs of person and draft, after a reason was given."""
    project = owners_project(request, pk)
    require(signed_in(request), Act.RELEASE)
    pairs = _pairs_of(request.POST.get("pairs", ""))
    pairs |= {(request.POST.get("person", ""), draft) for draft in request.POST.getlist("draft")}
    copies = _open_copies(project, pairs, now=timezone.now())
    form = RevokeForm(request.POST if request.POST.get("step") == "revoke" else None)
    if form.is_valid() and copies:
        try:
            revoke(current_home(), copies, by=signed_in(request), why=form.cleaned_data["why"], now=timezone.now())
        except TidemarkError as refused:
            messages.error(request, as_told(refused))
        else:
            count = len(copies)
            said = ngettext("%(count)d copy is revoked.", "%(count)d copies are revoked.", count)
            messages.success(request, said % {"count": count})
            return redirect("project-matrix", project.pk)
    context = {
        "project": project,
        "form": form,
        "copies": copies[:_SHOWN_COPIES],
        "count": len(copies),
        "pairs": "\n".join(sorted(":".join(pair) for pair in pairs)),
    }
    return render(request, "projects/revoke.html", context)


def _open_copies(project: Project, pairs: set[tuple[str, str]], *, now: datetime) -> list[Copy]:
    if not pairs:
        return []
    rows = Copy.objects.filter(draft__project=project, is_master=False, person__isnull=False)
    rows = rows.open_at(now, or_planned=True)
    rows = rows.select_related("draft", "holder", "person").order_by("holder__name", "draft__file_name")
    if len(pairs) <= _SHOWN_COPIES:
        rows = rows.filter(person__in={pair[0] for pair in pairs})
    return [copy for copy in rows if (copy.person_id, copy.draft_id) in pairs]
