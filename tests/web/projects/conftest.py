"""The tests here import models at their top; and what they have in common: a draft, and copies of it that are out."""

from dataclasses import dataclass

import pytest

import tests.started  # noqa: F401
from tests.desk import Desk
from tidemark.records.home import Home


@dataclass(frozen=True, slots=True)
class Shared:
    """A draft of MS11, and a copy each for the contact of the supplier and of its sub-vendor."""

    draft: str
    release: str
    copies: dict[str, str]


@pytest.fixture
def shared(home: Home, desk: Desk, draft: bytes) -> Shared:
    from tests.conftest import NOW
    from tidemark.records.copies.make import make_copies
    from tidemark.records.copies.share import share
    from tidemark.records.projects.upload import upload_draft

    made = upload_draft(home, project=desk.project, name="Front bumper.png", data=draft, by=desk["officer"], now=NOW)
    persons = [desk["contact"], desk["sub_vendor_contact"]]
    done = share(home, [(made, each) for each in persons], project=desk.project, by=desk["officer"], now=NOW)
    assert done.release is not None
    make_copies.call(done.release.pk, made.pk)
    names = {desk["contact"].pk: "contact", desk["sub_vendor_contact"].pk: "sub_vendor_contact"}
    return Shared(made.pk, done.release.pk, {names[copy.person_id or ""]: copy.pk for copy in done.planned})
