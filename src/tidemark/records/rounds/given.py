"""What bidders got by their rounds: the one rule for what is taken back, certified, and counted as overdue."""

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet

from tidemark.records.copies.models import Copy, CopyQuerySet
from tidemark.records.projects.models import Engagement
from tidemark.records.rounds.models import Bidder, Round

OUT = (Bidder.Outcome.LOST, Bidder.Outcome.DECLINED)
"""Outcomes by which a bidder is out of a round."""


def copies_of(bidder: Bidder) -> CopyQuerySet:
    """Return the copies of the round's drafts that the bidder and those below it got.

    Left out are drafts that the party works with by another round: one that is open, one that has closed in which the
    party waits for the award, or one that it won. A round that is only prepared gives nobody anything yet.
    """
    return copies_of_any(Bidder.objects.filter(pk=bidder.pk))


def copies_of_any(bidders: QuerySet[Bidder]) -> CopyQuerySet:
    """Return the copies of which :func:`copies_of` has any for one of these bidders, each once."""
    place = Engagement.objects.filter(project=OuterRef("round__project"), party=OuterRef("party"))
    path = ExpressionWrapper(OuterRef(OuterRef("engagement__path")), output_field=CharField())
    above = place.annotate(of_copy=path).filter(of_copy__startswith=F("path"))
    still = Bidder.objects.filter(party=OuterRef("party"), round__drafts=OuterRef(OuterRef("draft")))
    others = still.exclude(round__state=Round.State.PREPARED).exclude(round=OuterRef("round"))
    kept = others.exclude(outcome__in=OUT)
    answering = bidders.filter(
        Q(party=OuterRef("holder")) | Exists(above), ~Exists(kept), round__drafts=OuterRef("draft")
    ).order_by()
    drafts = Round.drafts.through.objects.filter(round__in=bidders.order_by().values("round"))
    found: CopyQuerySet = Copy.objects.filter(Exists(answering), draft__in=drafts.values("draft"), is_master=False)
    return found
