"""Pictures that go out with a statement: what they show, and what their files tell."""

import io
from datetime import timedelta

import numpy as np
import pytest
from django.apps import apps
from django_tasks_db.models import DBTaskResult
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from tests.conftest import make_draft
from tests.desk import Desk
from tests.records.cases.played import LATER, leak_of, opened
from tests.records.copies.desk_copies import put_draft
from tests.records.sanctions.after import measure
from tests.records.sanctions.imposed import imposed
from tests.records.statements.said import AFTER, approved, ready
from tidemark.errors import Refused
from tidemark.records import blobs
from tidemark.records.agreements.documents import Document
from tidemark.records.check import check
from tidemark.records.home import Home
from tidemark.records.leaks.models import Post
from tidemark.records.projects.models import Draft
from tidemark.records.reidentify.objection import Rule
from tidemark.records.reidentify.pictures import metadata_of
from tidemark.records.rounds.models import Bid
from tidemark.records.sanctions.measures import report
from tidemark.records.sightings.models import Sighting
from tidemark.records.statements.compare import compare, compare_picture
from tidemark.records.statements.examine import examine
from tidemark.records.statements.issue import issue
from tidemark.records.statements.kept import HANDED_IN, is_kept
from tidemark.records.statements.models import Statement, StatementPicture
from tidemark.records.statements.pictures import attach_picture, remove_picture
from tidemark.records.work.queue import waiting_arguments


@pytest.fixture
def statement(home: Home, desk: Desk) -> Statement:
    return ready(home, desk, opened(home, desk, leak_of(desk, [])), "holding")


def _lay(home: Home, desk: Desk, row: Statement, data: bytes, name: str = "car.png") -> StatementPicture:
    return attach_picture(home, row, Document(name, data), by=desk["communications"], now=LATER)


def _attach(home: Home, desk: Desk, row: Statement, data: bytes, name: str = "car.png") -> StatementPicture:
    picture = _lay(home, desk, row, data, name)
    compare(home, picture, now=LATER)
    picture.refresh_from_db()
    return picture


def _refused_at_the_issue(home: Home, desk: Desk, row: Statement) -> None:
    with pytest.raises(Refused, match="is being compared"):
        issue(home, row, channel="Web", by=desk["officer"], now=AFTER)
    for (pk,) in waiting_arguments(compare_picture):
        compare_picture.call(pk)
    with pytest.raises(Refused, match="The check refuses it"):
        issue(home, row, channel="Web", by=desk["officer"], now=AFTER)


def _sighting(desk: Desk, sha256: str, **more: object) -> None:
    given = {"vehicle": "A car", "size_bytes": 1, "finder": "a friend", "received": LATER, "file_sha256": sha256}
    Sighting.objects.create(**{**given, "received_by": desk["officer"], **more})


def _saved(picture: Image.Image, form: str = "PNG", **more: object) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, form, **more)
    return buffer.getvalue()


def _opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


def test_a_picture_of_our_own_passes(home: Home, desk: Desk, statement: Statement) -> None:
    put_draft(home, desk)
    _attach(home, desk, statement, make_draft(77))
    assert examine(statement).objections == ()


def test_a_picture_that_was_not_compared_yet_is_neither_approved_nor_issued(
    home: Home, desk: Desk, statement: Statement
) -> None:
    picture = _lay(home, desk, statement, make_draft(77))
    assert [each.rule for each in examine(statement).refusing] == [Rule.UNCOMPARED]
    with pytest.raises(Refused, match="not compared"):
        approved(home, desk, statement)
    compare(home, picture, now=LATER)
    approved(home, desk, statement)
    StatementPicture.objects.update(compared=None)  # as if its comparison had never come to an end
    with pytest.raises(Refused, match="is being compared"):
        issue(home, statement, channel="Web", by=desk["communications"], now=AFTER)
    assert (picture.pk,) in waiting_arguments(compare_picture)


def test_a_picture_is_compared_in_the_background_once_and_not_after_it_was_taken_away(
    home: Home, desk: Desk, statement: Statement
) -> None:
    picture = _lay(home, desk, statement, make_draft(77))
    assert (picture.pk,) in waiting_arguments(compare_picture)
    compare_picture.call(picture.pk)
    picture.refresh_from_db()
    first = picture.compared
    assert first is not None
    compare_picture.call(picture.pk)
    picture.refresh_from_db()
    assert picture.compared == first
    remove_picture(home, statement, picture, by=desk["legal"], now=LATER)
    compare_picture.call(picture.pk)
    assert not StatementPicture.objects.exists()


def test_a_picture_that_cannot_be_compared_says_why_and_does_not_go_out(
    home: Home, desk: Desk, statement: Statement
) -> None:
    put_draft(home, desk)
    Draft.objects.update(description_sha256="0" * 64)  # of which there is no file
    picture = _lay(home, desk, statement, make_draft(77))
    compare_picture.call(picture.pk)
    picture.refresh_from_db()
    assert picture.fault
    assert not picture.is_being_compared
    (found,) = examine(statement).refusing
    assert found.rule == Rule.UNCOMPARED
    assert picture.fault in found.said


def test_of_two_comparisons_at_once_neither_undoes_what_the_other_found(
    home: Home, desk: Desk, statement: Statement
) -> None:
    seen = make_draft(31)
    small = blobs.put(home, blobs.Shelf.TRACES, _saved(_opened(seen).resize((400, 300)), "JPEG", quality=80))
    picture = _lay(home, desk, statement, seen)  # as a slow worker has read it
    _sighting(desk, "0" * 64, preview_sha256=small)
    StatementPicture.objects.update(shows=["leak"], known={"leak": ["seen"]}, compared=LATER)  # by another, meanwhile
    compare(home, picture, now=AFTER)
    picture.refresh_from_db()
    assert picture.shows == ["leak", "sighting"]


def test_an_issued_statements_picture_is_left_as_it_is(home: Home, desk: Desk, statement: Statement) -> None:
    picture = _attach(home, desk, statement, make_draft(31))
    approved(home, desk, statement)
    issue(home, statement, channel="Web", by=desk["communications"], now=AFTER)
    picture.refresh_from_db()
    before = picture.compared
    compare(home, picture, now=AFTER + timedelta(days=1))
    picture.refresh_from_db()
    assert picture.compared == before
    _sighting(desk, "0" * 64, preview_sha256=blobs.put(home, blobs.Shelf.TRACES, make_draft(5)))
    with pytest.raises(Refused, match="The statement is issued"):
        issue(home, statement, channel="Web", by=desk["communications"], now=AFTER)
    picture.refresh_from_db()
    assert picture.compared == before


def test_what_arrived_before_the_comparison_and_was_on_record_only_after_it_is_found_at_the_issue(
    home: Home, desk: Desk, statement: Statement
) -> None:
    seen = make_draft(31)
    _attach(home, desk, statement, seen)
    approved(home, desk, statement)
    small = blobs.put(home, blobs.Shelf.TRACES, _saved(_opened(seen).resize((400, 300)), "JPEG", quality=80))
    _sighting(desk, "0" * 64, preview_sha256=small, received=LATER - timedelta(days=2))
    _refused_at_the_issue(home, desk, statement)


def test_what_comes_on_record_while_it_is_issued_holds_the_issue_up(
    home: Home, desk: Desk, statement: Statement, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = _attach(home, desk, statement, make_draft(31))
    approved(home, desk, statement)
    small = blobs.put(home, blobs.Shelf.TRACES, make_draft(5))

    def comes(_home: Home, _statement: Statement) -> bool:
        _sighting(desk, "0" * 64, preview_sha256=small)
        return False

    with monkeypatch.context() as patch:
        patch.setattr("tidemark.records.statements.issue.compare_again", comes)
        with pytest.raises(Refused, match="just now"):
            issue(home, statement, channel="Web", by=desk["communications"], now=AFTER)
    compare(home, picture, now=AFTER)
    issue(home, statement, channel="Web", by=desk["communications"], now=AFTER)


def test_what_is_found_after_the_question_whether_all_was_compared_is_examined(
    home: Home, desk: Desk, statement: Statement, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another's comparison may come to its end at any moment of an issue, on a database that lets it."""
    picture = _attach(home, desk, statement, make_draft(31))
    approved(home, desk, statement)

    def found_meanwhile(_statement: Statement) -> bool:
        StatementPicture.objects.filter(pk=picture.pk).update(shows=["sighting"])
        return True

    monkeypatch.setattr("tidemark.records.statements.issue.are_compared", found_meanwhile)
    with pytest.raises(Refused, match="The check refuses it"):
        issue(home, statement, channel="Web", by=desk["communications"], now=AFTER)


def test_a_comparison_that_was_given_up_is_taken_up_by_the_next_who_issues(
    home: Home, desk: Desk, statement: Statement
) -> None:
    picture = _attach(home, desk, statement, make_draft(31))
    approved(home, desk, statement)
    DBTaskResult.objects.all().delete()
    StatementPicture.objects.update(compared=None, fault="The disk broke.")
    for _ in range(2):
        with pytest.raises(Refused, match="is being compared"):
            issue(home, statement, channel="Web", by=desk["communications"], now=AFTER)
        assert waiting_arguments(compare_picture) == {(picture.pk,)}
    assert DBTaskResult.objects.count() == 1  # and not twice
    compare_picture.call(picture.pk)
    issue(home, statement, channel="Web", by=desk["communications"], now=AFTER)


@pytest.mark.slow
@pytest.mark.parametrize("how", ["same bytes", "recompressed", "cropped", "mirrored"])
def test_a_draft_is_recognised_whatever_was_done_to_it(home: Home, desk: Desk, statement: Statement, how: str) -> None:
    draft = put_draft(home, desk)
    original = blobs.get(home, blobs.Shelf.ORIGINALS, draft.sha256)
    seen = _opened(original)
    width, height = seen.size
    data = {
        "same bytes": original,
        "recompressed": _saved(seen.resize((width * 3 // 4, height * 3 // 4)), "JPEG", quality=50),
        "cropped": _saved(seen.crop((width // 10, height // 10, width * 9 // 10, height * 9 // 10)), "JPEG"),
        "mirrored": _saved(seen.transpose(Image.Transpose.FLIP_LEFT_RIGHT)),
    }[how]
    _attach(home, desk, statement, data)
    assert [each.rule for each in examine(statement).refusing] == [Rule.PICTURE]


def test_the_very_bytes_of_a_leak_are_refused_even_where_nothing_was_drawn_of_it(
    home: Home, desk: Desk, statement: Statement
) -> None:
    picture = _attach(home, desk, statement, make_draft(5))
    assert examine(statement).passes
    Post.objects.update(file_sha256=picture.file_sha256)
    assert [each.rule for each in examine(statement).refusing] == [Rule.PICTURE]


@pytest.mark.slow
@pytest.mark.parametrize("whose", ["the case's", "another"])
def test_a_photograph_of_a_sighting_is_recognised_by_its_looks(
    home: Home, desk: Desk, statement: Statement, whose: str
) -> None:
    seen = make_draft(31)
    small = blobs.put(home, blobs.Shelf.TRACES, _saved(_opened(seen).resize((400, 300)), "JPEG", quality=80))
    _sighting(desk, "0" * 64, case=statement.case if whose == "the case's" else None, preview_sha256=small)
    width, height = _opened(seen).size
    picture = _attach(home, desk, statement, _saved(_opened(seen).crop((0, 0, width * 9 // 10, height)), "JPEG"))
    assert picture.shows == ["sighting"]
    assert [each.rule for each in examine(statement).refusing] == [Rule.PICTURE]


def test_the_very_bytes_of_a_sighting_are_refused(home: Home, desk: Desk, statement: Statement) -> None:
    picture = _attach(home, desk, statement, make_draft(5))
    assert examine(statement).passes
    _sighting(desk, picture.file_sha256)
    assert [each.rule for each in examine(statement).refusing] == [Rule.PICTURE]


def test_a_sighting_that_comes_after_the_picture_is_found_at_the_issue(
    home: Home, desk: Desk, statement: Statement
) -> None:
    seen = make_draft(31)
    _attach(home, desk, statement, _saved(_opened(seen).resize((400, 300)), "JPEG", quality=70))
    approved(home, desk, statement)
    preview = blobs.put(home, blobs.Shelf.TRACES, _saved(_opened(seen), "JPEG"))
    _sighting(desk, "0" * 64, preview_sha256=preview, received=LATER + timedelta(hours=1))
    _refused_at_the_issue(home, desk, statement)


def test_what_comes_on_record_after_it_was_laid_there_is_found_at_the_issue(
    home: Home, desk: Desk, statement: Statement
) -> None:
    draft = put_draft(home, desk)
    original = blobs.get(home, blobs.Shelf.ORIGINALS, draft.sha256)
    smaller = _saved(_opened(original).resize((400, 300)), "JPEG", quality=70)
    Draft.objects.update(carrier="later")  # as if it were not here yet
    _attach(home, desk, statement, smaller)
    approved(home, desk, statement)
    Draft.objects.update(carrier="image", created=LATER + timedelta(hours=1))
    _refused_at_the_issue(home, desk, statement)
    statement.refresh_from_db()
    assert statement.state == Statement.State.APPROVED


def _plain() -> Image.Image:
    return Image.fromarray(np.zeros((32, 32, 3), np.uint8))


def test_metadata_is_found_by_its_name_and_never_by_what_it_says() -> None:
    exif = Image.Exif()
    exif[0x013B] = "Northwick Mouldings"
    told = PngInfo()
    told.add_text("Author", "Northwick Mouldings")
    for data in (
        _saved(_plain(), "JPEG", exif=exif),
        _saved(_plain(), "JPEG", comment=b"Northwick Mouldings"),
        _saved(_plain(), "PNG", pnginfo=told),
        _saved(_plain(), "PNG", exif=exif),
        _saved(_plain(), "WEBP", exif=exif),
        _saved(_plain(), "TIFF", tiffinfo={315: "Northwick Mouldings"}),
    ):
        names = metadata_of(data)
        assert names
        assert "Northwick" not in str(names)
    for form in ("PNG", "JPEG", "WEBP"):
        assert metadata_of(_saved(_plain(), form)) == ()
        assert metadata_of(_saved(_plain(), form) + _saved(_plain(), form)) == ("bytes after the picture",)
    assert metadata_of(_saved(_plain(), "PNG", dpi=(72, 72))) == ()


def test_a_picture_beside_or_under_the_one_that_is_seen_is_found() -> None:
    opaque, hidden = _plain().convert("RGBA"), _plain().convert("RGBA")
    assert metadata_of(_saved(opaque)) == ()
    hidden.putpixel((3, 3), (9, 9, 9, 254))
    for form in ("PNG", "WEBP", "TIFF"):
        assert "transparency" in metadata_of(_saved(hidden, form))
    other = Image.fromarray(np.full((32, 32, 3), 200, np.uint8))
    for form in ("GIF", "WEBP", "TIFF"):
        assert "frames" in metadata_of(_saved(_plain(), form, save_all=True, append_images=[other]))


def test_a_file_with_metadata_or_a_telling_name_is_refused(home: Home, desk: Desk, statement: Statement) -> None:
    told = PngInfo()
    told.add_text("Author", "Northwick Mouldings")
    data = _saved(_opened(make_draft(9)), "PNG", pnginfo=told)
    picture = _attach(home, desk, statement, data, "northwick_car.png")
    assert {each.rule for each in examine(statement).refusing} == {Rule.METADATA, Rule.NAME}
    remove_picture(home, statement, picture, by=desk["legal"], now=LATER)
    assert examine(statement).passes
    assert not blobs.exists(home, blobs.Shelf.CASES, picture.file_sha256)


def test_bytes_that_a_party_handed_in_as_its_proof_stay_when_a_statement_gives_them_up(home: Home, desk: Desk) -> None:
    proof, sanction = make_draft(9), imposed(home, desk)
    todo = measure(sanction, "obligation")
    report(home, todo, text="Done.", files=[Document("proof.png", proof)], by=desk["contact"], now=LATER)
    row = ready(home, desk, sanction.case, "holding")
    Draft.objects.update(carrier="none")  # played rows have no files to compare with
    picture = _attach(home, desk, row, proof)
    remove_picture(home, row, picture, by=desk["legal"], now=LATER)
    assert blobs.get(home, blobs.Shelf.CASES, picture.file_sha256) == proof


def test_the_letter_of_a_sanction_is_forgotten_by_nobody(home: Home, desk: Desk) -> None:
    sanction = imposed(home, desk)
    assert is_kept(sanction.letter_en_sha256)
    assert not is_kept("0" * 64)


def test_every_model_with_a_file_on_the_shelf_of_cases_is_asked_before_bytes_are_forgotten() -> None:
    with_files = {model for model in apps.get_models() if any(f.name == "file_sha256" for f in model._meta.fields)}
    assert with_files - {Bid, Post, Sighting} == set(HANDED_IN)  # what was bid or found lies on shelves of its own


def test_what_is_no_picture_is_refused_and_nobody_else_lays_one_there(
    home: Home, desk: Desk, statement: Statement
) -> None:
    for data in (b"", b"<svg/>", b"%PDF-1.7", make_draft(1)[:500]):
        with pytest.raises(Refused):
            _lay(home, desk, statement, data)
    for who in ("investigator", "administrator", "contact"):
        with pytest.raises(Refused):
            attach_picture(home, statement, Document("a.png", make_draft(1)), by=desk[who], now=LATER)


def test_a_picture_voids_approvals_and_is_no_stray_file(home: Home, desk: Desk, statement: Statement) -> None:
    approved(home, desk, statement)
    _attach(home, desk, statement, make_draft(4))
    statement.refresh_from_db()
    assert statement.state == Statement.State.PREPARED
    assert [step.detail for step in check(home) if "stored file" in step.step and not step.holds] == []
