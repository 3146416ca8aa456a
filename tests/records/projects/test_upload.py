"""A draft is taken whole or not at all, and nobody's copy becomes one."""

import io
from pathlib import Path

import pytest
from PIL import Image

from tests.conftest import NOW, make_draft
from tests.desk import Desk
from tidemark.errors import LimitExceeded, Refused, TidemarkError, Unmarkable, UnreadableFile
from tidemark.ledger.entry import Kind
from tidemark.records.home import Home


def upload(home: Home, desk: Desk, data: bytes, name: str = "Front bumper.png", who: str = "officer", **more: str):
    from tidemark.records.projects.upload import upload_draft

    return upload_draft(home, project=desk.project, name=name, data=data, by=desk[who], now=NOW, **more)


def test_an_uploaded_draft_is_on_record_in_the_ledger_and_has_previews(home: Home, desk: Desk, draft: bytes) -> None:
    from tidemark.records.ledger.models import Leaf
    from tidemark.records.projects.drafts import load_original
    from tidemark.records.projects.models import DrillRun, Preview

    made = upload(home, desk, draft, label="internal", status="development")
    assert (made.revision, made.label, made.status, made.uploaded_by) == (1, "internal", "development", desk["officer"])
    assert (made.width_px, made.height_px) == (640, 480)
    assert load_original(home, made) == draft
    assert Leaf.objects.get(subject=made.pk).kind == Kind.DRAFT_REGISTERED
    assert set(Preview.objects.values_list("source_sha256", "side_px")) == {(made.sha256, 160), (made.sha256, 1280)}
    assert DrillRun.objects.get().draft == made


def test_other_bytes_of_the_same_name_are_the_next_revision(home: Home, desk: Desk, draft: bytes) -> None:
    upload(home, desk, draft)
    assert upload(home, desk, make_draft(2)).revision == 2


def test_the_same_bytes_again_are_refused_by_the_name_that_they_have(home: Home, desk: Desk, draft: bytes) -> None:
    upload(home, desk, draft)
    with pytest.raises(Refused, match=r"Front bumper\.png, revision 1, of project MS11"):
        upload(home, desk, draft, name="another.png")


def test_a_name_that_names_a_party_is_taken_and_is_no_part_of_the_id(home: Home, desk: Desk, draft: bytes) -> None:
    made = upload(home, desk, draft, name="bumper Ardoise v2.png")
    assert (made.file_name, made.pk) == ("bumper Ardoise v2.png", f"draft-{made.sha256[:8]}")


def test_such_a_draft_takes_the_name_under_which_it_is_uploaded_again_until_there_are_copies(
    home: Home, desk: Desk, draft: bytes
) -> None:
    from tidemark.ledger.entry import decode
    from tidemark.records.copies.commit import leaf_of_draft
    from tidemark.records.copies.share import share
    from tidemark.records.projects.models import Draft

    upload(home, desk, make_draft(2), name="bumper.png")
    made = upload(home, desk, draft, name="bumper Ardoise v2.png")
    with pytest.raises(Refused, match="Rename the file and upload it again"):
        share(home, [(made, desk["contact"])], project=desk.project, by=desk["officer"], now=NOW)
    renamed = upload(home, desk, draft, name="bumper.png", label="internal", status="development")
    assert (renamed.pk, renamed.file_name, renamed.revision) == (made.pk, "bumper.png", 2)
    assert (renamed.label, renamed.status, Draft.objects.count()) == ("internal", "development", 2)
    leaf = leaf_of_draft(made.pk)
    assert leaf is not None
    assert decode(bytes(leaf.data)).body["file_name"] == "bumper.png"
    assert share(home, [(renamed, desk["contact"])], project=desk.project, by=desk["officer"], now=NOW).planned
    Draft.objects.filter(pk=made.pk).update(file_name="bumper Ardoise v2.png")
    with pytest.raises(Refused, match="on record already"):
        upload(home, desk, draft, name="another.png")


def test_it_takes_no_name_in_another_project(home: Home, desk: Desk, draft: bytes) -> None:
    from tidemark.records.projects.upload import upload_draft

    upload(home, desk, draft, name="bumper Ardoise v2.png")
    with pytest.raises(Refused, match="of project MS11"):
        upload_draft(home, project=desk.other_project, name="a.png", data=draft, by=desk["officer"], now=NOW)


@pytest.mark.parametrize("who", ["administrator", "legal", "investigator", "communications", "contact"])
def test_only_officers_upload(home: Home, desk: Desk, draft: bytes, who: str) -> None:
    with pytest.raises(Refused):
        upload(home, desk, draft, who=who)


def picture(size: tuple[int, int], colour: int = 200) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, (colour,) * 3).save(buffer, "PNG")
    return buffer.getvalue()


def huge_header() -> bytes:
    """A PNG whose header speaks of 60,000 × 60,000 pixels."""
    import struct
    import zlib

    body = b"IHDR" + struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + body + struct.pack(">I", zlib.crc32(body)) + picture((9, 9))[33:]
    )


BAD = {
    "empty": (b"", UnreadableFile),
    "html": (b"<!doctype html><script>alert(1)</script>", UnreadableFile),
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', UnreadableFile),
    "huge header": (huge_header(), LimitExceeded),
    "one pixel": (picture((1, 1)), TidemarkError),
    "plain white": (picture((800, 800), 255), Unmarkable),
    "cut off": (make_draft(1)[:5000], UnreadableFile),
}


@pytest.mark.parametrize("what", BAD)
def test_of_a_bad_file_nothing_is_kept(home: Home, desk: Desk, what: str) -> None:
    from tidemark.records.ledger.models import Leaf
    from tidemark.records.projects.models import Draft, Preview

    data, error = BAD[what]
    before = stored(home)
    with pytest.raises(error) as raised:
        upload(home, desk, data)
    assert len(str(raised.value)) > 20
    assert not Draft.objects.exists()
    assert not Preview.objects.exists()
    assert not Leaf.objects.exists()
    assert stored(home) == before


def stored(home: Home) -> set[Path]:
    return {path for shelf in ("originals", "descriptions", "previews") for path in (home.path / shelf).rglob("*")}


def test_of_a_draft_whose_bytes_cannot_be_kept_nothing_is_remembered(
    home: Home, desk: Desk, draft: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tidemark.records.ledger.models import Leaf
    from tidemark.records.projects import upload as module
    from tidemark.records.projects.models import Draft

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, "keep_bytes", full)
    with pytest.raises(OSError, match="No space"):
        upload(home, desk, draft)
    assert not Draft.objects.exists()
    assert not Leaf.objects.exists()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.png", "passwd.png"),
        ("C:\\secret\\bumper.png", "bumper.png"),
        ('a"\r\nSet-Cookie: x=1.png', 'a" Set-Cookie: x=1.png'),
        ("\u202egnp.exe", "gnp.exe"),
        ("前保险杠.png", "前保险杠.png"),
    ],
)
def test_names_lose_folders_and_what_steers(given: str, kept: str) -> None:
    from tidemark.records.projects.upload import clean_file_name

    assert clean_file_name(given) == kept


@pytest.mark.parametrize("name", ["", "/", "..", "\u202e", "x" * 201])
def test_names_of_nothing_or_too_much_are_refused(name: str) -> None:
    from tidemark.records.projects.upload import clean_file_name

    with pytest.raises(Refused):
        clean_file_name(name)


@pytest.mark.slow
def test_a_copy_is_refused_as_it_is_and_recompressed(home: Home, desk: Desk, draft: bytes, tmp_path: Path) -> None:
    from tidemark.records.copies.issue import issue
    from tidemark.records.copies.secret import master_secret
    from tidemark.records.parties.recipients import Recipient

    upload(home, desk, draft)
    issued = next(
        issue(
            home,
            draft,
            [Recipient(desk.supplier.name)],
            name="Front bumper.png",
            out=tmp_path,
            secret=master_secret(home, now=NOW),
            now=NOW,
        )
    )
    with pytest.raises(Unmarkable, match=issued.copy):
        upload(home, desk, issued.path.read_bytes(), name="mine.png")
    buffer = io.BytesIO()
    Image.open(issued.path).convert("RGB").save(buffer, "JPEG", quality=80)
    with pytest.raises(Unmarkable, match=issued.copy):
        upload(home, desk, buffer.getvalue(), name="mine.jpg")
