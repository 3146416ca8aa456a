"""The pages of the overview: every figure leads to where it comes from, and an innocent is not on them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.desk import NOW, Desk
from tests.records.cases.played import copy_of, leak_of
from tests.records.overview.test_exposure import lost_round
from tests.records.sanctions.after import paid
from tests.records.sanctions.imposed import imposed
from tidemark.records.agreements.models import Agreement
from tidemark.records.home import Home
from tidemark.records.plans.take_back import withdraw_allegation
from tidemark.records.projects.models import Draft, Engagement
from tidemark.web.overview.words import spell

Browse = Callable[..., Client]


def look(browse: Browse, who: str = "officer", view: str = "") -> str:
    answer = browse(who).get(reverse("overview"), {"view": view} if view else {})
    assert answer.status_code == 200
    return answer.content.decode()


def test_whoever_works_on_cases_has_it_in_the_navigation_and_nobody_else(browse: Browse) -> None:
    entry = f'href="{reverse("overview")}"'
    for who in ("officer", "investigator", "legal", "communications"):
        assert entry in browse(who).get("/").content.decode()
    for who in ("administrator", "contact", "member"):
        assert entry not in browse(who).get("/").content.decode()


def test_an_empty_desk_says_what_would_stand_here(home: Home, desk: Desk, browse: Browse) -> None:  # noqa: ARG001
    page = look(browse)
    for said in ("Nothing is overdue", "No leak was attributed yet", "No money was imposed", "Nothing was put to any"):
        assert said in page
    for view in ("overdue", "attribution", "parties"):
        assert "would stand here" in look(browse, view=view)


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("attribution", "How long each step took would stand here, for each leak for which a trace accuses a copy."),
        (
            "exposure",
            "How many copies are open would stand here, for each project: in whose hands, and down to which tier.",
        ),
        ("money", "What was imposed, paid, is still to be paid and overdue would stand here, for each currency."),
        ("late", "What is overdue would stand here: responses,"),
    ],
)
def test_an_empty_part_says_in_good_english_what_would_stand_here(template: str, said: str) -> None:
    assert said in render_to_string(f"overview/{template}.html", {"view": template})


def test_figures_lead_to_where_they_come_from(home: Home, desk: Desk, browse: Browse) -> None:
    sanction = imposed(home, desk)
    page = look(browse)
    for name, pk in (
        ("overview_project", desk.project.pk),
        ("project-matrix", desk.project.pk),
        ("case", sanction.allegation.case_id),
        ("party", desk.supplier.pk),
    ):
        assert f'href="{reverse(name, args=(pk,))}"' in page, name
    assert f'href="{reverse("sanctions")}"' in page
    assert "1,000,000.00 CNY" in page
    assert "148,763.04 USD as converted on record" in page
    assert "style=" not in page


def test_what_is_late_leads_to_its_page(
    home: Home, desk: Desk, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    sanction = imposed(home, desk)
    lost_round(desk, desk.sibling, copy_of(desk, desk.sibling).draft)
    Agreement.objects.filter(pk=desk.agreements["sibling"].pk).update(valid_until=NOW.date())
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(days=60))
    page = look(browse, view="overdue")
    assert page.count(f'href="{reverse("sanction", args=(sanction.pk,))}"') == 3  # the money and two measures
    assert f'href="{reverse("agreement", args=(desk.agreements["sibling"].pk,))}"' in page
    assert "Bumpers" in page
    assert '<a href="#overdue">6</a></dd><dd class="muted">2 for us to do</dd>' in look(browse)
    own = browse("officer").get(reverse("overview_project", args=(desk.project.pk,))).content.decode()
    assert f'href="{reverse("sanction", args=(sanction.pk,))}"' in own


def test_an_agreement_that_is_over_in_two_projects_stands_on_both_their_pages(
    home: Home,  # noqa: ARG001
    desk: Desk,
    browse: Browse,
) -> None:
    copy_of(desk, desk.supplier)
    elsewhere = copy_of(desk, desk.supplier, name="rear.png")
    Draft.objects.filter(pk=elsewhere.draft_id).update(project=desk.other_project)
    Agreement.objects.filter(pk=desk.agreements["supplier"].pk).update(valid_until=NOW.date() - timedelta(days=1))
    for project in (desk.project, desk.other_project):
        page = browse("officer").get(reverse("overview_project", args=(project.pk,))).content.decode()
        assert f'href="{reverse("agreement", args=(desk.agreements["supplier"].pk,))}"' in page
        assert "Nothing is overdue" not in page


def test_a_project_shows_its_holders_to_the_last_tier(home: Home, desk: Desk, browse: Browse) -> None:  # noqa: ARG001
    draft = copy_of(desk, desk.sub_vendor).draft
    Engagement.objects.filter(pk=desk.engagements["supplier"].pk).update(state="suspended")
    page = browse("officer").get(reverse("overview_project", args=(desk.project.pk,))).content.decode()
    assert f'href="{reverse("draft", args=(draft.pk,))}"' in page
    assert "revision 2" in page
    places = [page.index(f'href="{reverse("party", args=(each.pk,))}"') for each in (desk.sibling, desk.supplier)]
    assert places == sorted(places)
    assert page.count("suspended above") == 1
    other = browse("officer").get(reverse("overview_project", args=(desk.other_project.pk,))).content.decode()
    assert desk.stranger.name in other
    assert desk.supplier.name not in other


def test_who_is_merely_suspected_stands_nowhere_on_it(home: Home, desk: Desk, browse: Browse) -> None:  # noqa: ARG001
    leak_of(desk, [copy_of(desk, desk.sibling)], title="A lead", verdict="suspected")
    for view in ("", "overdue", "attribution", "parties"):
        page = look(browse, view=view)
        assert desk.sibling.name not in page
    assert "A lead" in look(browse)


def test_what_was_withdrawn_is_spelt_out_and_stands_apart(home: Home, desk: Desk, browse: Browse) -> None:
    sanction = imposed(home, desk)
    assert "Taken back, with apology" not in look(browse, view="parties")
    withdraw_allegation(home, sanction.allegation, apology="We were wrong.", by=desk["legal"], now=NOW)
    page = look(browse, view="parties")
    assert "Taken back, with apology" in page
    assert "1 allegation withdrawn, with apology" in page
    assert page.index(desk.supplier.name) > page.index("Taken back, with apology")
    assert "taken back: the allegation was withdrawn" in look(browse, view="attribution")
    page = look(browse)
    assert "void, since the allegation was withdrawn: 1,000,000.00 CNY" in page
    for tab in ("Time to attribution", "Parties"):
        assert f'{tab} <span class="count">0</span>' in page
    assert 'href="/overview/?view=parties">All</a>' in page


def test_money_that_is_not_owed_is_not_said_to_be_paid(home: Home, desk: Desk, browse: Browse) -> None:
    sanction = imposed(home, desk)
    assert "nothing is owed" not in look(browse)
    paid(home, desk, sanction, 400_000, "A1")
    withdraw_allegation(home, sanction.allegation, apology="We were wrong.", by=desk["legal"], now=NOW)
    page = look(browse)
    assert "nothing is owed to us" in page
    assert "everything is paid" not in page
    assert '<dd class="muted">400,000.00 CNY to be paid back</dd>' in page


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (0, "under 1 min"), (1, "1 min"), (59, "59 min"), (60, "1 h 0 min"), (200, "3 h 20 min"), (1440, "1 d"),
        (1500, "1 d 1 h"), (20 * 1440 + 60, "20 d"),
    ],
)  # fmt: skip
def test_times_are_said_in_units_that_people_use(minutes: int, said: str) -> None:
    assert spell(timedelta(minutes=minutes)) == said


@pytest.mark.parametrize("view", ["nonsense", "../x", "page"])
def test_another_view_is_the_page_at_a_glance(home: Home, desk: Desk, browse: Browse, view: str) -> None:  # noqa: ARG001
    assert "Exposure by project" in look(browse, view=view)
