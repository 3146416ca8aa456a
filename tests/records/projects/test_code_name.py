"""A project's code name is read by all who work on it, and names none of them to another."""

import pytest

from tests.conftest import NOW
from tests.desk import Desk
from tidemark.errors import Refused
from tidemark.records.parties.models import Party
from tidemark.records.projects.drafts import draft_file, remember_draft
from tidemark.records.projects.edit import create_project, edit_project
from tidemark.records.projects.models import Project


def test_a_code_name_names_no_party(desk: Desk) -> None:
    named = "MS12 with Ardoise Injection"
    with pytest.raises(Refused, match="names Ardoise Injection"):
        create_project(code_name=named, label="confidential", by=desk["officer"], now=NOW)
    with pytest.raises(Refused, match="names Ardoise Injection"):
        edit_project(desk.project, code_name=named, label="confidential", by=desk["officer"])
    with pytest.raises(Refused, match="names Ardoise Injection"):
        remember_draft(draft_file("front.png", b"a", description=b"b", project=named), now=NOW)
    assert not Project.objects.filter(code_name=named).exists()


def test_a_code_name_that_a_party_came_to_have_later_stands_until_it_is_changed(desk: Desk) -> None:
    Party.named("MS11", {}, now=NOW)
    made = edit_project(desk.project, code_name="MS11", label="internal", by=desk["officer"])
    assert (made.code_name, made.label) == ("MS11", "internal")
