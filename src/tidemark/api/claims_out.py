"""What is shown of the copies that a case's traces name: three claims, apart."""

from ninja import Schema
from pydantic import Field

from tidemark.api.forms import DraftRef, PartyOut
from tidemark.records.cases.accusable import Accusable, accusables, own_copies
from tidemark.records.cases.models import Case
from tidemark.records.leaks.claims import claims
from tidemark.records.leaks.models import NamedCopy


class ClaimOut(Schema):
    """A copy that the case's traces name, and who answers for it."""

    is_accused: bool = Field(description="Else it is a lead for an investigator, and nothing is claimed.")
    copy_id: str
    draft: DraftRef = Field(description="Of which it is a copy.")
    z: float
    log10_bound: float
    custodian: PartyOut
    way: list[PartyOut] = Field(description="Through the supply tree: from whom the owner engaged to the custodian.")
    responsible: PartyOut | None = Field(description="null if it is the owner's own copy.")
    agreement: str | None
    is_owners_agreement: bool | None = Field(
        description="Whether the owner is the discloser; else no damages are derived from it. null without one."
    )
    duties_ended: str = Field(
        description="That the agreement's duties had ended before the leak was first seen, in words; '' if not."
    )
    not_downloaded: str = Field(
        description="That the file had not left the owner's desk when the leak was first seen, in words; '' if it had."
    )
    issued_after: str = Field(
        description="That the copy was issued only after the leak was first seen, in words; '' if before."
    )
    said_before_correction: str = Field(
        description="Which of these three was to be said until a post of the leak was corrected, in words; '' if none."
    )


def claims_of(case: Case, *, leads: bool) -> list[ClaimOut]:
    """Return what is claimed of each accused copy, the owner's own among them; then the leads, if asked for."""
    found: list[tuple[NamedCopy, Accusable | None]] = []
    found += [(named, each) for each in accusables(case) for named in each.named]
    found += [(named, None) for named in own_copies(case)]
    if leads:
        found += [(named, each) for each in accusables(case, is_accused=False) for named in each.named]
    said = claims(named for named, _ in found)
    return [
        ClaimOut(
            is_accused=named.is_accused,
            copy_id=named.copy_id,
            draft=DraftRef.of(named.copy.draft),
            z=named.z,
            log10_bound=named.log10_bound,
            custodian=PartyOut.of(claim.custodian),
            way=[PartyOut.of(party) for party in claim.way],
            responsible=PartyOut.of(each.party) if each else None,
            agreement=each.agreement.pk if each and each.agreement else None,
            is_owners_agreement=each.agreement.is_owners if each and each.agreement else None,
            duties_ended=str(each.caveats.ended or "") if each else "",
            not_downloaded=str(each.caveats.undownloaded or "") if each else "",
            issued_after=str(each.caveats.issued_after or "") if each else "",
            said_before_correction=str(each.caveats.corrected or "") if each else "",
        )
        for (named, each), claim in zip(found, said, strict=True)
    ]
