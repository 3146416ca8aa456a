"""The officer's first day."""

from tests.journey.browser import Window
from tests.journey.conftest import BUMPER, LAMP, NDA, Seen
from tests.journey.officer import go_to_project
from tests.journey.persons import CONTACT, OFFICER
from tests.journey.server import Served


def test_the_printed_link_makes_the_first_officer_and_works_once(
    served: Served, drafted: Seen, officer: Window
) -> None:
    assert "No project yet" in drafted["welcome"]
    assert OFFICER.name in officer.page.locator(".rail").inner_text()
    assert officer.context.request.get(served.first_link).status == 404


def test_dropped_files_are_taken_or_refused_one_by_one(drafted: Seen) -> None:
    lines = drafted["uploaded"].splitlines()
    assert "Taken as revision 1." in lines[lines.index(BUMPER) :]
    assert "Taken as revision 1." not in lines[lines.index("notes.png") :][:2]


def test_drafts_are_seen_as_pictures(drafted: Seen, officer: Window) -> None:  # noqa: ARG001
    go_to_project(officer)
    pictures = officer.page.locator("#main img.thumb")
    assert pictures.count() == 2
    for picture in pictures.all():
        picture.scroll_into_view_if_needed()
        picture.evaluate("picture => picture.decode()")
        assert picture.evaluate("picture => picture.naturalWidth") >= 60
    assert {LAMP, BUMPER} <= set(officer.text.splitlines())


def test_the_share_form_tells_why_not_yet(invited: Seen, engaged: Seen) -> None:
    assert "in force" in engaged["agreement"]
    share = invited["share"]
    assert CONTACT.name in share
    assert f"Agreement {NDA} was not accepted for the company yet." in share


def test_the_supplier_is_told_the_same(invited: Seen) -> None:
    assert NDA in invited["contact"]
    assert "Not accepted for the company yet: nobody can receive drawings under it." in invited["contact"]
