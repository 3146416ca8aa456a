"""Issuing copies of a draft, with the engine."""

import hashlib
import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

from tests import people
from tests.conftest import NOW, make_draft
from tidemark.errors import Unmarkable
from tidemark.records import files
from tidemark.records.home import Home
from tidemark.records.parties.recipients import Recipient

RECIPIENTS = [Recipient(name, {"city": "Leeds"}) for name in people.RECIPIENTS]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


def _issue(home: Home, data: bytes, recipients: list[Recipient], out: Path, *, name: str = "front.png") -> list:
    from tidemark.records.copies.issue import issue
    from tidemark.records.copies.secret import master_secret

    secret = master_secret(home, now=NOW)
    return list(issue(home, data, recipients, name=name, out=out, secret=secret, now=NOW, project="MS11"))


def test_everyone_gets_a_copy_of_their_own(home: Home, draft: bytes, out: Path) -> None:
    from tidemark.records.copies.models import Copy

    issued = _issue(home, draft, RECIPIENTS, out)
    assert [copy.recipient for copy in issued] == list(people.RECIPIENTS)
    assert len({copy.sha256 for copy in issued}) == 3
    for copy in issued:
        data = copy.path.read_bytes()
        row = Copy.objects.get(id=copy.copy)
        assert copy.sha256 == row.sha256 == hashlib.sha256(data).hexdigest()
        assert row.holder.name == copy.recipient
        assert row.holder.data == {"city": "Leeds"}
        assert row.draft_id == copy.draft
        assert copy.psnr_db >= 46
        with Image.open(io.BytesIO(data)) as picture, Image.open(io.BytesIO(draft)) as original:
            assert (picture.format, picture.size, picture.mode) == (original.format, original.size, original.mode)
            pixels, drawn = np.asarray(picture), np.asarray(original)
        assert peak_signal_noise_ratio(drawn, pixels) == pytest.approx(copy.psnr_db, abs=0.05)
        assert structural_similarity(drawn, pixels, channel_axis=2) >= 0.98


def test_the_same_recipient_gets_a_new_copy_each_time(home: Home, draft: bytes, out: Path) -> None:
    from tidemark.records.copies.models import Copy
    from tidemark.records.parties.models import Party
    from tidemark.records.projects.models import Draft

    first = _issue(home, draft, RECIPIENTS[:1], out)
    second = _issue(home, draft, [Recipient(people.SUPPLIER.upper(), {"contact": "Li Na"})], out)
    assert first[0].copy != second[0].copy
    assert first[0].path != second[0].path
    assert Copy.objects.filter(is_master=False).count() == 2
    assert Copy.objects.get(is_master=True).holder.is_owner
    assert Draft.objects.count() == 1
    assert Party.objects.get(is_owner=False).data == {"city": "Leeds", "contact": "Li Na"}
    assert second[0].recipient == people.SUPPLIER


def test_other_bytes_under_the_same_name_are_the_next_revision(home: Home, draft: bytes, out: Path) -> None:
    from tidemark.records.projects.models import Draft

    _issue(home, draft, RECIPIENTS[:1], out)
    _issue(home, make_draft(2), RECIPIENTS[:1], out)
    assert sorted(Draft.objects.values_list("revision", flat=True)) == [1, 2]
    assert all(row.id == f"front-{row.sha256[:8]}" for row in Draft.objects.all())


def test_a_jpeg_under_a_wrong_name_stays_a_jpeg(home: Home, out: Path) -> None:
    issued = _issue(home, make_draft(3, form="JPEG"), RECIPIENTS[:1], out, name="front.png")
    assert issued[0].path.name == "front--northwick-mouldings.jpg"


def test_a_draft_that_is_too_small_leaves_no_trace(home: Home, out: Path) -> None:
    from tidemark.records.projects.models import Draft, Project

    with pytest.raises(Unmarkable):
        _issue(home, make_draft(4, size=(90, 120)), RECIPIENTS, out)
    assert list(out.iterdir()) == []
    assert not Draft.objects.exists()
    assert not Project.objects.exists()
    assert not list(files.stored(home.originals))


def test_stopping_early_keeps_what_was_issued(home: Home, draft: bytes, out: Path) -> None:
    from tidemark.records.copies.issue import issue
    from tidemark.records.copies.models import Copy
    from tidemark.records.copies.secret import master_secret

    many = [Recipient(f"Supplier {number}") for number in range(40)]
    copies = issue(home, draft, many, name="f.png", out=out, secret=master_secret(home, now=NOW), now=NOW)
    first = next(copies)
    copies.close()
    assert [path.name for path in out.iterdir()] == [first.path.name]
    assert Copy.objects.filter(is_master=False).count() == 1
