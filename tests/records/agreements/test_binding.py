"""What binds is what lets copies through: the rule without a person, and the decision for one, never differ."""

from datetime import date
from typing import Any

import pytest

from tests.desk import NOW, Desk
from tidemark.records.agreements.binding import binding
from tidemark.records.agreements.models import Acceptance, Agreement
from tidemark.records.agreements.releasable import Permit, releasable
from tidemark.records.projects.tree import Bond, supply_tree, walk

ON = NOW.date()
CHANGES: list[tuple[dict[str, Any], bool]] = [
    ({}, True),
    ({"valid_from": ON, "valid_until": ON}, True),
    ({"valid_from": date(2026, 3, 15)}, False),
    ({"valid_until": date(2026, 3, 13)}, False),
    ({"state": Agreement.State.PREPARED}, False),
    ({"state": Agreement.State.TERMINATED}, False),
    ({"kinds": ["final"]}, False),
    ({"content_sha256": "0" * 64}, False),  # not what was accepted
]


def both(desk: Desk) -> tuple[bool, bool]:
    """Return whether the supplier's agreement covers a bidding draft, and whether its contact may get a copy."""
    agreement = desk.agreements["supplier"]
    bound = binding(Agreement.objects.filter(pk=agreement.pk), on=ON)
    permit = releasable(desk.project, "bidding", desk["contact"], at=NOW)
    return any(each.covers(desk.project.pk, "bidding") for each in bound), isinstance(permit, Permit)


def bond(desk: Desk) -> Bond:
    """Return how the supply tree shows the supplier's engagement to be bound."""
    nodes = walk(supply_tree(desk.project, desk["officer"], at=NOW))
    return next(node.bond for node in nodes if node.engagement.party_id == desk.supplier.pk)


@pytest.mark.parametrize(("changes", "binds"), CHANGES, ids=lambda each: str(each)[:60])
def test_an_agreement_binds_exactly_while_it_lets_copies_through(
    desk: Desk, changes: dict[str, Any], binds: bool
) -> None:
    if changes:
        Agreement.objects.filter(pk=desk.agreements["supplier"].pk).update(**changes)
    assert both(desk) == (binds, binds)


def test_it_binds_only_in_the_projects_that_it_names_unless_in_all(desk: Desk) -> None:
    agreement = desk.agreements["supplier"]
    agreement.projects.set([desk.other_project])
    assert both(desk) == (False, False)
    Agreement.objects.filter(pk=agreement.pk).update(covers_all_projects=True)
    assert both(desk) == (True, True)
    (bound,) = binding(Agreement.objects.filter(pk=agreement.pk), on=ON)
    assert bound.covers(None, "bidding")


def test_the_supply_tree_calls_accepted_what_binds_and_nothing_else(desk: Desk) -> None:
    assert bond(desk) is Bond.ACCEPTED
    Agreement.objects.filter(pk=desk.agreements["supplier"].pk).update(content_sha256="0" * 64)
    assert bond(desk) is Bond.UNACCEPTED
    desk.agreements["supplier"].acceptances.filter(for_party=False).update(content_sha256="0" * 64)
    assert bond(desk) is Bond.UNACCEPTED  # by its persons, and still not for the party


def test_what_nobody_accepted_for_the_party_binds_nobody(desk: Desk) -> None:
    Acceptance.objects.filter(agreement=desk.agreements["supplier"], for_party=True).delete()
    assert both(desk) == (False, False)
    assert binding(Agreement.objects.filter(pk=desk.agreements["supplier"].pk), on=ON) == []
