"""The page of today: each thing that waits stands under its heading, with the link to where it is done."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.desk import NOW, Desk, agree
from tests.records.cases.played import copy_of, draft, leak_of, opened, played, trace_of
from tests.records.overview.test_attention import case_of, closed_round
from tests.records.overview.test_exposure import lost_round
from tidemark.records.agreements.models import Agreement
from tidemark.records.cases.allege import prepare
from tidemark.records.cases.models import Duty
from tidemark.records.copies.models import Copy, OnwardRequest, Release
from tidemark.records.home import Home
from tidemark.records.leaks.models import Post, Trace
from tidemark.records.projects.models import DrillRun
from tidemark.records.rounds.late import late_awards, late_certificates
from tidemark.records.rounds.models import Round
from tidemark.web.projects.home import TITLES

Browse = Callable[..., Client]


def sections(page: str) -> dict[str, str]:
    """Return what stands under the heading of each kind."""
    return dict(re.findall(r'<section class="panel matter is-(\w+)"(.*?)</section>', page, re.S))


def one_of_each(home: Home, desk: Desk) -> dict[str, str]:
    """Put one thing of each kind on record; return the address that each leads to."""
    by = {"created": NOW, "created_by": desk["officer"]}
    allegation = played(home, desk)
    theirs = opened(home, desk, leak_of(desk, [copy_of(desk, desk.sibling)], title="Rear"))
    fell = prepare(home, theirs, desk.sibling, by=desk["legal"], now=NOW)
    trace_of(Post.objects.get(leak__cases=theirs), [], verdict="unmatched", hours=2)
    case = case_of(desk, number="2026-900", title="Late case", project=desk.project)
    duty = Duty.objects.create(case=case, title="Ask the forum", due=NOW, created=NOW)
    copy = copy_of(desk, desk.supplier, number=7)
    leak = leak_of(desk, [copy], title="In no case")
    failed = leak_of(desk, [], title="Failed", verdict="unmatched")
    Trace.objects.filter(post__leak=failed).update(state="failed")
    OnwardRequest.objects.create(
        engagement=desk.engagements["supplier"], sub_vendor=desk.sub_vendor, asked=NOW, asked_by=desk["contact"]
    )
    release = Release.objects.create(project=desk.project, **by)
    Copy.objects.filter(pk=copy.pk).update(release=release, fault="Too plain.")
    closing = Round.objects.create(
        project=desk.project, title="Lamps", state="open", closes=timezone.now() + timedelta(days=2), **by
    )
    ending = desk.agreements["supplier"]
    Agreement.objects.filter(pk=ending.pk).update(valid_until=timezone.now().date() + timedelta(days=3))
    waiting = agree(desk.owner, desk.stranger, desk.project, desk.persons, ())
    weak = DrillRun.objects.create(draft=draft(desk, "weak.png"), started=NOW, total=3, tried_count=3, is_weak=True)
    return {
        "leaks": reverse("leak", args=(leak.pk,)),
        "failed": reverse("leak", args=(failed.pk,)),
        "stopped": reverse("allegation", args=(fell.pk,)),
        "replies": reverse("allegation", args=(allegation.pk,)),
        "cases": reverse("case", args=(case.pk,)),
        "duties": reverse("case", args=(duty.case_id,)),
        "onward": reverse("onward"),
        "faults": reverse("release", args=(release.pk,)),
        "awards": reverse("round", args=(closed_round(desk).round_id,)),
        "certificates": reverse("round", args=(lost_round(desk, desk.sibling, copy.draft).round_id,)),
        "rounds": reverse("round", args=(closing.pk,)),
        "lapsing": reverse("agreement", args=(ending.pk,)),
        "unaccepted": reverse("agreement", args=(waiting.pk,)),
        "weak": reverse("draft", args=(weak.draft_id,)),
    }


def test_each_thing_that_waits_leads_to_where_it_is_done(home: Home, desk: Desk, browse: Browse) -> None:
    links = one_of_each(home, desk)
    client = browse("officer")
    shown = sections(client.get("/").content.decode())
    assert set(links) == set(shown) == set(TITLES)
    for kind, section in shown.items():
        assert str(TITLES[kind]) in section
        assert f'href="{links[kind]}"' in section, kind
        for href in re.findall(r'href="([^"]+)"', section):
            assert client.get(href.replace("&amp;", "&")).status_code == 200, href


def test_each_role_has_what_it_can_do_something_about(home: Home, desk: Desk, browse: Browse) -> None:
    one_of_each(home, desk)
    shown = {who: set(sections(browse(who).get("/").content.decode())) for who in ("legal", "investigator", "contact")}
    assert shown == {
        "legal": {"stopped", "replies", "lapsing", "unaccepted"},
        "investigator": {"leaks", "failed", "cases", "duties"},
        "contact": set(),
    }


@pytest.mark.parametrize(("ago", "colour"), [(timedelta(days=6), "is-warn"), (timedelta(days=8), "is-bad")])
def test_what_the_overview_calls_overdue_of_rounds_is_red_and_nothing_else(
    home: Home,  # noqa: ARG001
    desk: Desk,
    browse: Browse,
    ago: timedelta,
    colour: str,
) -> None:
    now = timezone.now()
    closed_round(desk, closed=now - ago)
    owing = lost_round(desk, desk.sibling)
    owing.must_certify_since = now - ago
    owing.save(update_fields=["must_certify_since"])
    shown = sections(browse("officer").get("/").content.decode())
    for kind, late in (("awards", late_awards(now=now)), ("certificates", late_certificates(now=now))):
        assert re.findall(r"badge (is-\w+)", shown[kind]) == [colour]
        assert late.exists() is (colour == "is-bad")


def test_a_desk_at_which_nothing_waits_says_so(home: Home, desk: Desk, browse: Browse) -> None:  # noqa: ARG001
    page = browse("administrator").get("/").content.decode()
    assert "Nothing waits for you." in page
    assert sections(page) == {}


def test_the_way_to_the_first_release_leads_to_its_next_step(home: Home, desk: Desk, browse: Browse) -> None:  # noqa: ARG001
    page = browse("officer").get("/").content.decode()
    (following,) = re.findall(r'<li class="is-next" aria-current="step"><a href="([^"]+)"', page)
    assert following == reverse("projects")  # all but the drafts is there
    copy_of(desk, desk.supplier)
    Copy.objects.update(person=desk["contact"], released=NOW)
    assert "steps-title" not in browse("officer").get("/").content.decode()
    assert "steps-title" not in browse("investigator").get("/").content.decode()
