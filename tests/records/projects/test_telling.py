"""The name of a drawing that is shown to parties names none of them to another; one that is shown to nobody may."""

from datetime import timedelta

import pytest

from tests.conftest import NOW
from tests.desk import Desk
from tests.records.rounds.affair import draft, prepared
from tidemark.errors import Refused
from tidemark.records.copies.models import Copy
from tidemark.records.copies.share import Shared, share
from tidemark.records.home import Home
from tidemark.records.projects.models import Draft
from tidemark.records.rounds.models import Round
from tidemark.records.rounds.prepare import amend, open_round

TELLING = "bumper Ardoise Injection v2"


def _share(home: Home, desk: Desk, drafts: list[Draft], who: str) -> Shared:
    return share(home, [(each, desk[who]) for each in drafts], project=desk.project, by=desk["officer"], now=NOW)


def test_no_drawing_that_is_called_like_a_rival_is_shared_and_nothing_else_with_it(home: Home, desk: Desk) -> None:
    drafts = [draft(desk, "front"), draft(desk, TELLING)]
    with pytest.raises(Refused, match=r"v2\.png \(.*\) names Ardoise Injection, and a party learns of no other"):
        _share(home, desk, drafts, "contact")
    assert not Copy.objects.exists()


def test_a_drawing_that_is_called_like_its_receiver_is_shared_with_it(home: Home, desk: Desk) -> None:
    assert _share(home, desk, [draft(desk, TELLING)], "sibling_contact").planned


def test_the_id_is_read_too_and_stays_so_another_file_is_asked_for(home: Home, desk: Desk) -> None:
    made = draft(desk, "bumper-ardoise-injection-1f0c9a2b")
    Draft.objects.filter(pk=made.pk).update(file_name="bumper.png")
    with pytest.raises(Refused, match="Export the drawing anew under another name"):
        _share(home, desk, [Draft.objects.get(pk=made.pk)], "contact")


def test_no_round_is_prepared_amended_or_opened_with_such_a_drawing(home: Home, desk: Desk) -> None:
    drawing, telling = draft(desk, "front"), draft(desk, TELLING)
    with pytest.raises(Refused, match="names Ardoise Injection"):
        prepared(desk, drafts=(telling,))
    made = prepared(desk, drafts=(drawing,))
    parties, closes = (desk.supplier, desk.sibling), NOW + timedelta(days=1)
    with pytest.raises(Refused, match="names Ardoise Injection"):
        amend(made, "Bumpers", [drawing, telling], parties, closes=closes, by=desk["officer"], now=NOW)
    made.drafts.add(telling)  # prepared before that party was on record
    with pytest.raises(Refused, match="names Ardoise Injection"):
        open_round(home, made, by=desk["officer"], now=NOW)
    assert Round.objects.get().state == Round.State.PREPARED
