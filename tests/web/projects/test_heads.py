"""The activity of a project calls every entry by a name, in the reader's language."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests.desk import Desk
from tests.web.projects.conftest import Shared
from tidemark.ledger.entry import Kind
from tidemark.records.accounts.models import Person
from tidemark.web.projects.heads import HEADS

SUBJECTS = ("draft", "copy", "engagement", "agreement", "round", "destruction")


def test_every_kind_that_speaks_of_what_a_project_has_is_called_by_a_name() -> None:
    assert set(HEADS) == {kind for kind in Kind if kind.partition("-")[0] in SUBJECTS}


@pytest.mark.parametrize(("language", "said"), [("en", "Copy downloaded:"), ("zh-hans", "副本下载：")])
def test_an_entry_is_called_by_its_name(
    browse: Callable[[str], Client], desk: Desk, shared: Shared, language: str, said: str
) -> None:
    assert browse("contact").post(f"/copies/{shared.copies['contact']}/download/").status_code == 200
    Person.objects.filter(pk=desk["officer"].pk).update(language=language)
    page = browse("officer").get(f"/projects/{desk.project.pk}/activity/").content.decode()
    assert said in page
    assert "copy-downloaded" not in page
