"""What a sealed bundle really says, of a trace that was run: whoever else stands in it, it is not handed over."""

import io
import zipfile

import pytest
from PIL import Image

from tests.desk import NOW, Desk
from tests.records.cases.played import opened
from tests.records.copies.desk_copies import put_draft
from tests.records.leaks.found import hand_in, hold, repost, traced
from tidemark.errors import Refused
from tidemark.records import blobs
from tidemark.records.blobs import Shelf
from tidemark.records.cases.allege import prepare, put
from tidemark.records.cases.hand_over import bundles_of, grant_evidence, hand_over
from tidemark.records.cases.models import Allegation
from tidemark.records.copies.make import make_copy
from tidemark.records.copies.models import Copy
from tidemark.records.copies.share import share
from tidemark.records.home import Home
from tidemark.records.leaks.models import Leak, Match
from tidemark.records.leaks.run import request_trace


def _said_in(home: Home, match: Match) -> str:
    with zipfile.ZipFile(io.BytesIO(blobs.get(home, Shelf.TRACES, match.bundle_sha256))) as sealed:
        return "\n".join(sealed.read(name).decode(errors="replace") for name in sealed.namelist())


def _put(home: Home, desk: Desk, leak: Leak) -> Allegation:
    Copy.objects.update(path="/handed/out")
    made = prepare(home, opened(home, desk, leak), desk.supplier, by=desk["officer"], now=NOW)
    put(home, made, by=desk["officer"], now=NOW)
    return made


def _refused(home: Home, desk: Desk, made: Allegation, *, match: str) -> None:
    with pytest.raises(Refused, match=match):
        grant_evidence(home, made, by=desk["officer"], now=NOW)
    Allegation.objects.update(evidence_granted=NOW)
    (bundle,) = bundles_of(made)
    with pytest.raises(Refused, match="cannot be handed over as it is"):
        hand_over(home, made, bundle.match, by=desk["contact"], now=NOW)


@pytest.mark.slow
def test_a_trace_of_a_second_place_seals_its_words_too_and_they_name_nobody_else_to_the_party(
    home: Home, desk: Desk
) -> None:
    held = hold(home, desk)
    picture = repost(held.file_of[held.suppliers.pk])
    first = hand_in(home, desk, picture)
    traced(home, first)
    again = hand_in(home, desk, picture, found=f"a chat, told by {desk.sibling.name}", platform="Chat")
    request_trace(home, again.post, by=desk["officer"], now=NOW)
    traced(home, again)
    made = _put(home, desk, first.leak)
    (bundle,) = bundles_of(made)
    assert desk.sibling.name in _said_in(home, bundle.match)
    _refused(home, desk, made, match=f"names {desk.sibling.name}")


@pytest.mark.slow
def test_a_bundle_of_one_draft_is_not_handed_over_if_its_trace_accuses_another_party_of_another(
    home: Home, desk: Desk
) -> None:
    persons = {put_draft(home, desk, size=(450, 600)): desk["contact"]}
    persons[put_draft(home, desk, seed=5, name="rear.png", size=(450, 600))] = desk["sibling_contact"]
    shared = share(home, persons.items(), project=desk.project, by=desk["officer"], now=NOW)
    copies = [make_copy(home, copy.pk, now=NOW) for copy in shared.planned]
    sheet = Image.new("RGB", (1300, 500), (235, 235, 235))
    for at, copy in enumerate(copies):
        with Image.open(io.BytesIO(blobs.get(home, Shelf.COPIES, copy.sha256 or ""))) as drawn:
            sheet.paste(drawn.convert("RGB"), (20 + 640 * at, 20))
    stream = io.BytesIO()
    sheet.save(stream, "PNG")
    received = hand_in(home, desk, stream.getvalue())
    trace = traced(home, received)
    assert set(trace.named.values_list("copy", flat=True)) == {copy.pk for copy in copies}
    theirs = next(copy for copy in copies if copy.holder == desk.sibling)
    made = _put(home, desk, received.leak)
    (bundle,) = bundles_of(made)
    assert theirs.pk in _said_in(home, bundle.match)
    _refused(home, desk, made, match="another party")
