"""What the gate of an allegation holds, and which gates hold an engagement."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from tidemark.records.cases.models import Allegation
from tidemark.records.parties.models import Party
from tidemark.records.plans.facts import gate_of
from tidemark.records.plans.gate import open_ones
from tidemark.records.plans.models import Hold
from tidemark.records.projects.models import Engagement, Project
from tidemark.records.sanctions.models import Measure
from tidemark.records.sentences import joined


def gate_name(allegation: Allegation) -> str:
    """Return what engagements say that this gate holds."""
    return f"allegation:{allegation.pk}"


def held_of(allegation: Allegation) -> list[Engagement]:
    """Return the suspended engagements that the gate of an allegation holds, though another may hold them too."""
    held = Q(held_by=gate_name(allegation)) | Q(pk__in=holds_of(allegation).values("engagement"))
    for measure in suspensions_of(allegation):
        held |= Q(project=measure.project_id) if measure.project_id else Q(party=allegation.party_id)
    rows = Engagement.objects.filter(held, state=Engagement.State.SUSPENDED, party=allegation.party_id)
    return list(rows.select_related("party", "project").order_by("path"))


def why_held(engagement: Engagement, now: datetime) -> str:
    """Return why an engagement cannot be resumed by hand, with the gate's open conditions; '' if no gate holds it."""
    if engagement.state != Engagement.State.SUSPENDED:
        return ""
    said = []
    for allegation in gates_holding(engagement):
        unmet = open_ones(gate_of(allegation, now=now))
        said.append(
            _("Access was suspended in case %(number)s and returns through its gate alone.")
            % {"number": allegation.case.number}
        )
        said += [f"{each.claim}: {each.detail}" for each in unmet]
        if not unmet:
            said.append(_("All its conditions hold: open it there."))
    return joined(said)


def is_suspended_in(party: Party, project: Project) -> bool:
    """Whether a sanction suspends a party in a project; in all of them means also where it has no place yet."""
    measures = Measure.objects.filter(kind=Measure.Kind.SUSPENSION, state=Measure.State.OPEN)
    here = Q(project=None) | Q(project=project)
    return measures.filter(here, sanction__allegation__party=party).exists()


def gates_holding(engagement: Engagement) -> Collection[Allegation]:
    """Return the allegations whose gates hold an engagement."""
    held = Q(pk=engagement.held_by.removeprefix("allegation:")) if engagement.held_by else Q(pk__in=())
    held |= Q(pk__in=engagement.holds.filter(ended=None).values("allegation"))
    measures = Measure.objects.filter(kind=Measure.Kind.SUSPENSION, state=Measure.State.OPEN)
    measures = measures.filter(Q(project=None) | Q(project=engagement.project_id))
    held |= Q(party=engagement.party_id, sanctions__measures__in=measures)
    return Allegation.objects.filter(held).distinct().select_related("case", "party").order_by("created", "pk")


def suspensions_of(allegation: Allegation) -> list[Measure]:
    """Return the suspensions that are in force by the sanctions of an allegation."""
    rows = Measure.objects.filter(sanction__allegation=allegation, kind=Measure.Kind.SUSPENSION)
    return list(rows.filter(state=Measure.State.OPEN))


def holds_of(allegation: Allegation) -> QuerySet[Hold]:
    """Return at which places an officer suspended the party because of an allegation."""
    return Hold.objects.filter(allegation=allegation, ended=None)


def own_reason(allegation: Allegation, engagement: Engagement) -> str:
    """Return why this allegation suspends the party there, whatever else does: an officer's words, or its sanction's.

    It is '' if neither is on record.
    """
    return own_reasons(allegation, [engagement])[engagement.pk]


def own_reasons(allegation: Allegation, engagements: Collection[Engagement]) -> dict[str, str]:
    """Return the same by engagement, by its id. Two queries, however many there are."""
    said: dict[str, str] = {}
    for hold in holds_of(allegation).filter(engagement__in=engagements):
        said.setdefault(hold.engagement_id, hold.why)
    suspensions = suspensions_of(allegation)

    def covered(engagement: Engagement) -> str:
        covering = (each for each in suspensions if each.project_id in (None, engagement.project_id))
        return next((each.text for each in covering), "")

    return {each.pk: said[each.pk] if each.pk in said else covered(each) for each in engagements}
