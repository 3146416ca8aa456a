"""The terms of an agreement, as they are sent and as they are answered."""

from decimal import Decimal
from typing import Annotated, Literal

from djmoney.money import Money as KeptMoney
from djmoney.settings import CURRENCY_CHOICES
from pydantic import Field, StringConstraints

from tidemark.api.pages import Day, Id, Line, Name, RowId, Text, named_all
from tidemark.api.sent import Sent
from tidemark.limits import MAX_CLAUSE_CHARS
from tidemark.records.accounts.models import Person
from tidemark.records.agreements.terms import Terms
from tidemark.records.projects.models import Draft, Project

CURRENCIES = tuple(code for code, _ in CURRENCY_CHOICES or ())
Clause = Annotated[str, StringConstraints(max_length=MAX_CLAUSE_CHARS, pattern=r"^[^\x00]*$")]


class Money(Sent):
    """An amount with its currency."""

    amount: Annotated[Decimal, Field(gt=0, max_digits=18, decimal_places=2)]
    currency: Literal[CURRENCIES]  # type: ignore[valid-type]

    @classmethod
    def of(cls, kept: KeptMoney | None) -> "Money | None":
        return None if kept is None else cls(amount=kept.amount, currency=str(kept.currency))

    def kept(self) -> KeptMoney:
        return KeptMoney(self.amount, self.currency)


class TermsIn(Sent):
    """What two parties agree on. Sent whole: what is left out is as if it had never been said."""

    reference: Name
    kinds: Annotated[list[Draft.Status], Field(min_length=1, max_length=3)]
    covers_all_projects: bool = False
    projects: Annotated[list[RowId], Field(max_length=1000)] = Field(default_factory=list)
    valid_from: Day
    valid_until: Day | None = None
    survival_months: Annotated[int, Field(ge=0, le=1200)] = 0
    flow_down: bool = True
    standing_approval: bool = False
    liable_downstream: bool = True
    damages: Money | None = None
    damages_formula: Text = ""
    damages_cap: Money | None = None
    clause: Clause = ""
    governing_law: Line = ""

    def for_records(self, person: Person) -> Terms:
        """Return the terms with the projects that their sender may see."""
        return Terms(
            kinds=[str(kind) for kind in self.kinds],
            projects=named_all(Project.objects.visible_to(person), self.projects, at="projects"),
            damages=self.damages.kept() if self.damages else None,
            damages_cap=self.damages_cap.kept() if self.damages_cap else None,
            **self.dict(include=_PLAIN),
        )


class AgreementIn(TermsIn):
    """The terms, and whom they bind. The discloser is the caller's own party."""

    recipient: RowId
    under: Id | None = Field(None, description="The agreement whose duty it passes on.")


_PLAIN = set(TermsIn.model_fields) - {"kinds", "projects", "damages", "damages_cap"}
