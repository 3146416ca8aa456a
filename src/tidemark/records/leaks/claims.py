"""The three claims that follow from a trace, kept apart.

* The **copy** is the engine's: this file carries the mark of that copy, with a probability. Suspected is no claim.
* The **custodian** is the ledger's: to which party, and which person there, that copy was issued.
* The **responsible party** is the agreements': who answers for the copy, and under which paper.

Who leaked it is none of the three, and nothing here says so.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from tidemark.odds import odds
from tidemark.records.accounts.models import Person
from tidemark.records.agreements.models import Agreement
from tidemark.records.copies.models import Copy
from tidemark.records.leaks.models import NamedCopy
from tidemark.records.parties.models import Party
from tidemark.records.projects.models import Engagement


@dataclass(frozen=True, slots=True)
class Claims:
    """What is claimed of one named copy.

    Attributes
    ----------
    named : NamedCopy
    odds : str
        The bound on the probability that an innocent copy is named on such evidence, in words.
    custodian : Party
        To whom the copy was issued.
    person : Person or None
        For whom there.
    issued : datetime
    way : tuple of Party
        From whom the owner engaged down to the custodian.
    is_own : bool
        Whether the copy is the owner's own: then nobody outside is concerned.
    responsible : Party or None
        Who answers for it by the agreements; None if no agreement on record covers it.
    agreement : Agreement or None
        The responsible party's own, under which it answers; None of copies from before it was kept.
    """

    named: NamedCopy
    odds: str
    custodian: Party
    person: Person | None
    issued: datetime
    way: tuple[Party, ...]
    is_own: bool
    responsible: Party | None
    agreement: Agreement | None

    @property
    def copy(self) -> Copy:
        return self.named.copy


RELATED = (
    "copy__holder",
    "copy__person",
    "copy__engagement",
    "copy__responsible",
    "copy__agreement__discloser",
    "copy__answers_under__discloser",
    "copy__draft",
)
"""What :func:`claims` reads of each named copy, for ``select_related``."""


def claims(named: Iterable[NamedCopy]) -> tuple[Claims, ...]:
    """Return the claims about each named copy, in their order; two queries however many there are."""
    rows = tuple(named)
    ways = _ways([each.copy for each in rows])
    return tuple(
        Claims(
            named=each,
            odds=odds(each.log10_bound),
            custodian=each.copy.holder,
            person=each.copy.person,
            issued=each.copy.issued,
            way=ways.get(each.copy.engagement_id or "", ()),
            is_own=each.copy.is_master or each.copy.holder.is_owner,
            responsible=each.copy.responsible,
            agreement=each.copy.kept_agreement_of(each.copy.responsible) if each.copy.responsible else None,
        )
        for each in rows
    )


def _ways(copies: Sequence[Copy]) -> dict[str, tuple[Party, ...]]:
    """Return, for each engagement, the parties from the first tier down to it."""
    paths = {copy.engagement.id: copy.engagement.ancestor_ids for copy in copies if copy.engagement is not None}
    on_the_way = {each for path in paths.values() for each in path}
    party = {row.id: row.party for row in Engagement.objects.filter(pk__in=on_the_way).select_related("party")}
    return {id_: tuple(party[each] for each in path if each in party) for id_, path in paths.items()}
