"""Uploading on the web: each file has its own result, and what is no draft leaves nothing behind."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.conftest import make_draft
from tests.desk import Desk
from tests.web.projects.conftest import Shared
from tidemark.records import blobs
from tidemark.records.copies.models import Copy
from tidemark.records.home import Home
from tidemark.records.projects.models import Draft

HTML = b"<!doctype html><script>alert(document.cookie)</script>"


def send(client: Client, desk: Desk, *files: tuple[str, bytes], **headers: str):  # type: ignore[no-untyped-def]
    given = [SimpleUploadedFile(name, data, content_type="text/html") for name, data in files]
    body = {"files": given, "status": "development", "label": "strictly confidential"}
    return client.post(f"/projects/{desk.project.pk}/upload/", body, headers=headers)


def test_of_many_files_each_has_its_own_result(browse: Callable[..., Client], desk: Desk) -> None:
    page = send(
        browse("officer"),
        desk,
        ("good.png", make_draft(1)),
        ("bad.png", HTML),
        ("nothing.png", b""),
    ).content.decode()
    assert [draft.file_name for draft in Draft.objects.all()] == ["good.png"]
    made = Draft.objects.get()
    assert (made.status, made.label, made.uploaded_by) == ("development", "strictly confidential", desk["officer"])
    assert "Taken as revision 1." in page
    assert page.count('class="is-bad"') == 2
    assert "alert(" not in page


def test_the_script_gets_json_for_one_file(browse: Callable[..., Client], desk: Desk) -> None:
    good = send(browse("officer"), desk, ("a.png", make_draft(1)), accept="application/json")
    assert (good.status_code, good.json()["files"][0]["is_taken"]) == (200, True)
    assert good.json()["files"][0]["href"] == f"/drafts/{Draft.objects.get().pk}/"
    again = send(browse("officer"), desk, ("b.png", make_draft(1)), accept="application/json")
    assert again.status_code == 422
    assert "a.png, revision 1" in again.json()["files"][0]["message"]


@pytest.mark.parametrize("who", ["administrator", "legal", "contact", ""])
def test_others_upload_nothing(browse: Callable[..., Client], desk: Desk, who: str) -> None:
    assert send(browse(who), desk, ("a.png", make_draft(1))).status_code in (302, 403, 404)
    assert not Draft.objects.exists()


def test_a_polyglot_is_never_shown_inline(browse: Callable[..., Client], desk: Desk) -> None:
    answer = send(browse("officer"), desk, ("a.html", make_draft(1) + HTML), accept="application/json")
    if answer.status_code == 422:  # a reader that refuses what follows the picture is as good
        assert not Draft.objects.exists()
        return
    draft = Draft.objects.get()
    original = browse("officer").get(f"/drafts/{draft.pk}/original/")
    assert original.headers["Content-Type"] == "application/octet-stream"
    assert original.headers["Content-Disposition"].startswith("attachment")
    assert original.headers["X-Content-Type-Options"] == "nosniff"
    shown = browse("officer").get(f"/drafts/{draft.pk}/preview/1280/")
    assert shown.headers["Content-Type"] == "image/jpeg"
    assert HTML not in shown.content


def test_a_name_neither_injects_headers_nor_leaves_its_folder(desk: Desk) -> None:
    Draft.objects.create(
        id="odd",
        project=desk.project,
        sha256="0" * 64,
        description_sha256="0" * 64,
        file_name='a"; x\r\nSet-Cookie: stolen=1\r\n/../é 前.png',
        size_bytes=1,
        carrier="image",
        revision=1,
        created=desk.project.created,
    )
    from tidemark.web.projects.drafts import attachment

    answer = attachment(b"x", Draft.objects.get().file_name)
    value = answer.headers["Content-Disposition"]
    assert value.startswith("attachment; filename*=utf-8''")
    assert not set("\r\n") & set(value)
    assert "Set-Cookie" not in answer.headers


def test_a_holders_copy_is_refused_and_says_why(
    browse: Callable[..., Client], desk: Desk, home: Home, shared: Shared
) -> None:
    copy = Copy.objects.get(pk=shared.copies["contact"])
    data = blobs.get(home, blobs.Shelf.COPIES, copy.sha256 or "")
    answer = send(browse("officer"), desk, ("new.png", data), accept="application/json")
    assert answer.status_code == 422
    assert answer.json()["files"][0]["message"].startswith(f"This file is a copy, {copy.pk}")
    assert Draft.objects.count() == 1


def test_a_fault_of_the_store_names_no_folder(
    browse: Callable[..., Client], desk: Desk, home: Home, shared: Shared
) -> None:
    copy = Copy.objects.get(pk=shared.copies["contact"])
    blobs.forget(home, blobs.Shelf.COPIES, copy.sha256 or "")
    page = browse("contact").post(f"/copies/{copy.pk}/download/", follow=True).content.decode()
    assert "own store has a fault" in page
    assert str(home.path) not in page
    blobs.forget(home, blobs.Shelf.DESCRIPTIONS, Draft.objects.get().description_sha256)
    answer = send(browse("officer"), desk, ("new.png", make_draft(7)), accept="application/json")
    assert answer.status_code == 422
    assert str(home.path) not in answer.content.decode()
