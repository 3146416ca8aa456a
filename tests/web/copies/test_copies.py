"""Copies on the web: the holder alone downloads, previews are of the marked copy, nothing is shown inline."""

import io
import re
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

import numpy as np
import pytest
from django.test import Client
from django.utils import timezone
from PIL import Image

from tests.desk import Desk
from tests.web.projects.conftest import Shared
from tidemark.engine.carriers import image
from tidemark.records import blobs
from tidemark.records.agreements.models import Agreement
from tidemark.records.copies.make import make_copy
from tidemark.records.copies.models import Copy, Download
from tidemark.records.home import Home
from tidemark.records.ledger.models import Leaf
from tidemark.records.projects.models import Draft, Preview


def test_the_holder_downloads_the_marked_copy_and_gets_a_receipt(
    browse: Callable[..., Client], home: Home, shared: Shared, draft: bytes
) -> None:
    copy = Copy.objects.get(pk=shared.copies["contact"])
    answer = browse("contact").post(f"/copies/{copy.pk}/download/")
    assert answer.status_code == 200
    assert answer.content == blobs.get(home, blobs.Shelf.COPIES, copy.sha256 or "") != draft
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer.headers["Cache-Control"]
    assert Download.objects.get().copy == copy
    assert Leaf.objects.filter(kind="copy-downloaded", subject=copy.pk).count() == 1
    receipt = browse("contact").get(f"/copies/{copy.pk}/receipt/")
    assert receipt.headers["Content-Disposition"].startswith("attachment")
    assert b"tidemark" in receipt.content


def test_nobody_downloads_what_is_another_persons(browse: Callable[..., Client], shared: Shared) -> None:
    path = f"/copies/{shared.copies['sub_vendor_contact']}/download/"
    codes = {who: browse(who).post(path).status_code for who in ("contact", "member", "sibling_contact", "officer")}
    assert codes == {"contact": 403, "member": 404, "sibling_contact": 404, "officer": 403}
    assert not Download.objects.exists()


def test_a_revoked_copy_is_neither_downloaded_nor_previewed(browse: Callable[..., Client], shared: Shared) -> None:
    pk = shared.copies["contact"]
    assert browse("contact").get(f"/copies/{pk}/preview/").status_code == 200
    assert browse("officer").post(f"/copies/{pk}/revoke/", {"why": "Wrong person."}).status_code == 302
    assert Copy.objects.get(pk=pk).revoked is not None
    assert browse("contact").get(f"/copies/{pk}/preview/").status_code == 404
    answer = browse("contact").post(f"/copies/{pk}/download/", follow=True)
    assert "revoked" in answer.content.decode()
    assert not Download.objects.exists()


@pytest.mark.parametrize("has_overlay", [True, False])
def test_a_copy_shared_with_an_overlay_shows_it_and_none_is_had_after_its_last_day(
    browse: Callable[..., Client],
    home: Home,
    desk: Desk,
    shared: Shared,
    draft: bytes,
    monkeypatch: pytest.MonkeyPatch,
    has_overlay: bool,
) -> None:
    last_day = timezone.now().astimezone(UTC).date() + timedelta(days=3)
    form = {"step": "release", "draft": [shared.draft], "person": [desk["member"].pk], "expires": last_day.isoformat()}
    form |= {"has_overlay": "on"} if has_overlay else {}
    assert browse("officer").post(f"/projects/{desk.project.pk}/share/", form).status_code == 302
    copy = make_copy(home, Copy.objects.get(person=desk["member"]).pk, now=timezone.now())
    answer = browse("member").post(f"/copies/{copy.pk}/download/")
    change = np.abs(image.read(answer.content).luma() - image.read(draft).luma())
    assert bool((change > 10).mean() > 0.01) is has_overlay
    assert copy.expires is not None
    after = copy.expires
    assert after == datetime.combine(last_day + timedelta(days=1), time(), UTC)
    monkeypatch.setattr(timezone, "now", lambda: after)
    member = browse("member")
    answer = member.post(f"/copies/{copy.pk}/download/", follow=True)
    assert "This copy cannot be downloaded any more." in answer.content.decode()
    assert member.get(f"/copies/{copy.pk}/preview/").status_code == 404
    assert Download.objects.count() == 1


def test_what_was_accepted_on_other_terms_waits_on_the_first_page_again(
    browse: Callable[..., Client], desk: Desk
) -> None:
    agreement = desk.agreements["supplier"]
    read = f'href="/agreements/{agreement.pk}/"'
    assert read not in browse("contact").get("/").content.decode()
    Agreement.objects.filter(pk=agreement.pk).update(content_sha256="0" * 64)
    page = browse("contact").get("/").content.decode()
    assert read in page
    assert "Not accepted for the company yet" in page
    agreement.acceptances.filter(for_party=True).update(content_sha256="0" * 64)
    assert "You have not accepted it yet" in browse("member").get("/").content.decode()


def test_revoking_needs_a_reason(browse: Callable[..., Client], shared: Shared) -> None:
    browse("officer").post(f"/copies/{shared.copies['contact']}/revoke/", {"why": "  "})
    assert Copy.objects.get(pk=shared.copies["contact"]).revoked is None


def test_a_copys_page_counts_the_open_child_copies_until_they_are_revoked(
    browse: Callable[..., Client], shared: Shared
) -> None:
    parent, child = shared.copies["contact"], shared.copies["sub_vendor_contact"]
    officer, path = browse("officer"), f"/copies/{parent}/"
    assert "with_children" not in officer.get(path).content.decode()
    Copy.objects.filter(pk=child).update(parent=parent)
    assert "Revoke 1 open child copy below as well" in officer.get(path).content.decode()
    assert "with_children" not in browse("contact").get(path).content.decode()
    page = officer.post(f"{path}revoke/", {"why": "Wrong person."}, follow=True).content.decode()
    assert Copy.objects.get(pk=child).revoked is None
    assert page.count("1 child copy below is still open.") == 2  # told once, and said on the page as long as it is so
    assert "Revoke 1 open child copy below as well" in page
    page = officer.post(f"{path}revoke/", {"why": "All of it.", "with_children": "on"}, follow=True).content.decode()
    assert Copy.objects.get(pk=child).revoked is not None
    assert "1 copy is revoked." in page
    assert "still open" not in page
    assert 'name="why"' not in page


def test_a_holders_preview_is_made_from_the_marked_copy(
    browse: Callable[..., Client], home: Home, shared: Shared
) -> None:
    from tidemark.engine.carriers import image
    from tidemark.records.projects.preview import shrink

    copy = Copy.objects.get(pk=shared.copies["contact"])
    marked = blobs.get(home, blobs.Shelf.COPIES, copy.sha256 or "")
    original = blobs.get(home, blobs.Shelf.ORIGINALS, copy.draft.sha256)
    shown = browse("contact").get(f"/copies/{copy.pk}/preview/").content
    assert shown == shrink(image.read(marked), side_px=160)
    assert shown != shrink(image.read(original), side_px=160)
    assert Image.open(io.BytesIO(shown)).size == (160, 120)
    assert np.asarray(Image.open(io.BytesIO(shown))).std() > 10


def test_a_suppliers_page_names_its_own_and_never_an_original(
    browse: Callable[..., Client], desk: Desk, shared: Shared
) -> None:
    page = browse("contact").get("/").content.decode()
    assert f"/copies/{shared.copies['contact']}/preview/" in page
    assert f"/copies/{shared.copies['sub_vendor_contact']}/preview/" not in page  # seen in the list, without a picture
    assert desk["sub_vendor_contact"].name in page
    assert "/drafts/" not in page
    member = browse("member").get("/").content.decode()
    assert shared.copies["contact"] not in member
    sub = browse("sub_vendor_contact").get("/").content.decode()
    assert shared.copies["contact"] not in sub
    assert f"{desk['contact'].name}<" not in sub.replace(f"{desk['sub_vendor_contact'].name}<", "")
    assert desk.supplier.name not in browse("stranger_contact").get("/").content.decode()


def test_a_contact_can_go_through_all_copies_of_the_colleagues_and_sub_vendors(
    browse: Callable[..., Client], shared: Shared
) -> None:
    one = Copy.objects.get(pk=shared.copies["sub_vendor_contact"])
    made = {one.pk} | {f"{number:016x}" for number in range(30)}
    for pk in made - {one.pk}:
        one.pk, one.sha256 = pk, pk * 4
        one.save(force_insert=True)
    contact, seen = browse("contact"), []
    first = contact.get("/").content.decode()
    assert '<span class="muted">31</span>' in first
    assert "Page 1 of 2" in first
    for page in (first, contact.get("/?others=2").content.decode()):
        seen += re.findall(r'class="button is-small" href="/copies/(\w+)/"', page)
    assert sorted(seen) == sorted(made)


def test_a_release_shows_its_progress_until_it_is_done(browse: Callable[..., Client], shared: Shared) -> None:
    path = f"/releases/{shared.release}/"
    Copy.objects.filter(pk=shared.copies["contact"]).update(state="planned")
    assert 'hx-trigger="every 2s"' in browse("officer").get(path).content.decode()
    Copy.objects.filter(pk=shared.copies["contact"]).update(state="faulted", fault="Too plain to carry a mark.")
    done = browse("officer").get(path, headers={"HX-Request": "true", "HX-Target": "progress"}).content.decode()
    assert "Too plain to carry a mark." in done
    assert "hx-trigger" not in done
    assert "<html" not in done


def test_previews_of_originals_are_small_and_without_metadata(browse: Callable[..., Client], shared: Shared) -> None:
    answer = browse("officer").get(f"/drafts/{shared.draft}/preview/160/")
    shown = Image.open(io.BytesIO(answer.content))
    assert (shown.format, shown.size, "exif" in shown.info) == ("JPEG", (160, 120), False)
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert "no-store" in answer.headers["Cache-Control"]
    assert browse("officer").get(f"/drafts/{shared.draft}/preview/333/").status_code == 404


def test_a_lost_preview_is_made_again(browse: Callable[..., Client], home: Home, shared: Shared) -> None:
    path = f"/drafts/{shared.draft}/preview/160/"
    before = browse("officer").get(path).content
    blobs.forget(home, blobs.Shelf.PREVIEWS, Preview.objects.get(side_px=160).sha256)
    assert browse("officer").get(path).content == before
    blobs.forget(home, blobs.Shelf.PREVIEWS, Preview.objects.get(side_px=160).sha256)
    blobs.forget(home, blobs.Shelf.ORIGINALS, Draft.objects.get().sha256)
    assert browse("officer").get(path).status_code == 404


def test_the_note_of_a_release_is_read_by_its_receiver_and_the_owner_alone(
    browse: Callable[..., Client], shared: Shared
) -> None:
    copy = Copy.objects.get(pk=shared.copies["sub_vendor_contact"])
    assert copy.release is not None
    copy.release.note = "Sheet 2 is out of date."
    copy.release.save(update_fields=["note"])
    read = {who: copy.release.note in browse(who).get(f"/copies/{copy.pk}/").content.decode() for who in _SEEING}
    assert read == {"sub_vendor_contact": True, "officer": True, "contact": False}


_SEEING = ("sub_vendor_contact", "officer", "contact")
