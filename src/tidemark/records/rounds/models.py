"""Bidding rounds, who was invited, what they handed in, and what they certified at the end."""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from tidemark.errors import Refused
from tidemark.limits import MAX_NAME_CHARS
from tidemark.records.accounts.models import Person, new_id
from tidemark.records.parties.models import Party
from tidemark.records.projects.models import Draft, Project


class RoundQuerySet(models.QuerySet["Round"]):
    """Rounds, and which of them somebody may see."""

    def visible_to(self, person: Person) -> "RoundQuerySet":
        """The owner's people see all; a supplier's, those that their party was invited to, once they are open."""
        if person.is_owners:
            return self
        invited = Bidder.objects.filter(party_id=person.party_id).values("round_id")
        return self.filter(pk__in=invited).exclude(state=Round.State.PREPARED)


class Round(models.Model):
    """A bidding round: drafts, invited parties, a closing date."""

    class State(models.TextChoices):
        PREPARED = "prepared", _("prepared")
        OPEN = "open", _("open")
        CLOSED = "closed", _("closed")

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    project = models.ForeignKey(Project, on_delete=models.RESTRICT, related_name="rounds")
    title = models.CharField(_("title"), max_length=MAX_NAME_CHARS)
    brief = models.TextField(_("what is asked"), blank=True, max_length=8000)
    drafts = models.ManyToManyField(Draft, related_name="rounds")
    closes = models.DateTimeField(_("closes"))
    state = models.CharField(max_length=12, choices=State.choices, default=State.PREPARED)
    created = models.DateTimeField()
    created_by = models.ForeignKey(Person, on_delete=models.RESTRICT, related_name="+")
    opened = models.DateTimeField(null=True)
    closed = models.DateTimeField(null=True)
    awarded = models.DateTimeField(null=True, help_text="When winners were chosen, or that there is none.")

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ("-closes",)

    def __str__(self) -> str:
        return self.title

    def takes_bids(self, now: datetime) -> bool:
        """Whether a bid that comes in now is in time."""
        return self.state == self.State.OPEN and now < self.closes

    def advance(self, state: "Round.State", *, now: datetime) -> None:
        """Take the next step: prepared → open → closed. The caller is in a transaction; the row stays locked in it.

        Raises
        ------
        Refused
            For any other step, such as a second closing.
        """
        before = {self.State.OPEN: self.State.PREPARED, self.State.CLOSED: self.State.OPEN}.get(state)
        seen = self.State(type(self).objects.select_for_update().values_list("state", flat=True).get(pk=self.pk))
        if seen != before:
            raise Refused(
                _("The round is %(seen)s and cannot become %(state)s.") % {"seen": seen.label, "state": state.label}
            )
        self.state = state
        if state == self.State.OPEN:
            self.opened = now
        else:
            self.closed = now
        self.save(update_fields=["state", "opened", "closed"])


class Bidder(models.Model):
    """A party that was invited to a round."""

    class Outcome(models.TextChoices):
        PENDING = "pending", _("pending")
        WON = "won", _("won")
        LOST = "lost", _("lost")
        DECLINED = "declined", _("declined")

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    round = models.ForeignKey(Round, on_delete=models.RESTRICT, related_name="bidders")
    party = models.ForeignKey(Party, on_delete=models.RESTRICT, related_name="biddings")
    invited = models.DateTimeField()
    outcome = models.CharField(max_length=12, choices=Outcome.choices, default=Outcome.PENDING)
    must_certify_since = models.DateTimeField(null=True, help_text="When its copies were revoked; None if it had none.")

    class Meta:
        ordering = ("party__name",)
        constraints = (models.UniqueConstraint(fields=("round", "party"), name="one_invitation_a_party"),)

    def __str__(self) -> str:
        return self.id

    @property
    def owes_certificate(self) -> bool:
        """Whether it had copies, lost them, and has not certified yet what became of them."""
        return self.must_certify_since is not None and not hasattr(self, "certificate")


class BidQuerySet(models.QuerySet["Bid"]):
    """Bids, and which of them somebody may read."""

    def visible_to(self, person: Person) -> "BidQuerySet":
        """A bidder's people see their own. The owner's see none before the round is closed: bids are sealed."""
        if person.is_owners:
            return self.filter(bidder__round__state=Round.State.CLOSED)
        return self.filter(bidder__party_id=person.party_id)


class Bid(models.Model):
    """What a bidder handed in before the closing date. A later one stands beside the earlier, never in its place."""

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    bidder = models.ForeignKey(Bidder, on_delete=models.RESTRICT, related_name="bids")
    person = models.ForeignKey(Person, on_delete=models.RESTRICT, related_name="+")
    note = models.TextField(_("note"), blank=True, max_length=4000)
    file_sha256 = models.CharField(max_length=64, blank=True)
    file_name = models.CharField(max_length=MAX_NAME_CHARS, blank=True)
    handed_in = models.DateTimeField()

    objects = BidQuerySet.as_manager()

    class Meta:
        ordering = ("-handed_in",)

    def __str__(self) -> str:
        return self.id


class Certificate(models.Model):
    """A loser's word that its copies were returned or destroyed. Logged in the ledger."""

    class Means(models.TextChoices):
        RETURNED = "returned", _("returned")
        DESTROYED = "destroyed", _("destroyed")

    bidder = models.OneToOneField(Bidder, on_delete=models.RESTRICT, related_name="certificate")
    person = models.ForeignKey(Person, on_delete=models.RESTRICT, related_name="+")
    means = models.CharField(max_length=12, choices=Means.choices)
    statement = models.TextField(blank=True, max_length=4000)
    certified = models.DateTimeField()
    leaf_index = models.PositiveBigIntegerField(help_text="Of its entry in the ledger.")

    def __str__(self) -> str:
        return self.bidder_id
