"""Every address that is read, with a row in place of each id; and those at which there is nothing to list."""

import re
from typing import Any

from allauth.mfa.models import Authenticator
from benchmarks.desk.issued import copy_id
from benchmarks.desk.rows import an_id
from django.db.models import QuerySet

from tests.security.doors import routes
from tests.web.counted.affairs import Stage, of
from tests.web.counted.rest import SECRET
from tidemark.api.description import description_of
from tidemark.api.urls import api
from tidemark.records.accounts.models import ApiToken
from tidemark.records.cases.models import ReplyFile
from tidemark.records.leaks.models import Match
from tidemark.records.ledger.models import SignedCheckpoint
from tidemark.records.parties.models import Party
from tidemark.records.plans.models import ActionFile
from tidemark.records.projects.models import Draft, Project
from tidemark.records.sanctions.models import AppealFile, MeasureFile, Payment

FEW, MANY = 20, 200
"""How many rows a program asks for at the smaller and at the larger desk."""

FILTERED = {
    "/api/v1/cases/<case_id>/claims": ("?leads=true", "?leads=true"),
    "/ledger/": ("?page=9999", ""),
    "/projects/<int:pk>/activity/": ("?before=30", ""),
    "/api/v1/projects/<project_id>/activity": ("?before=30", ""),
}
"""What is asked with an address at either desk: to be told all that it can tell, or a part of what fills a page."""


def addresses(stage: Stage, *, is_larger: bool) -> dict[str, str]:
    """Return every route of the server with the address by which it is asked for, at a stage of an affair."""
    known, found, paged = ids(stage), {}, _in_pages()
    for route in routes():
        limit = f"?limit={MANY if is_larger else FEW}" if route in paged else ""
        found[route] = _filled(route, known) + limit + FILTERED.get(route, ("", ""))[is_larger]
    return found


def _in_pages() -> set[str]:
    """Return the addresses of the API that answer with a page of as many rows as a program asks for."""
    return {
        path.replace("{", "<").replace("}", ">")
        for path, operations in description_of(api)["paths"].items()
        if any(each["name"] == "limit" for each in operations.get("get", {}).get("parameters", ()))
    }


def _filled(route: str, known: dict[str, object]) -> str:
    plain = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", r"<\1>", route).replace("^", "").replace("$", "")
    for pattern, stands in known.items():
        if re.search(pattern, plain):
            plain = re.sub(r"<[^>]+>", str(stands), plain, count=1)
    return plain


def ids(stage: Stage) -> dict[str, object]:
    """Return, by a pattern of the address before an id, which row stands there: one with all that can hang on it."""
    project, supplier = Project.objects.get(code_name="MS11"), Party.objects.get(name="Supplier 0")
    case, allegation, leak = of("case", stage, 0), of("allegation", stage, 0), an_id("leak", "in no case 0")
    sanction, plan, statement = an_id("sanction", allegation), an_id("plan", allegation), an_id("statement", case, 0)
    post = an_id("post", leak, 0)
    trace = an_id("trace", post, 0)
    return {
        r"^/(api/v1/)?(overview/)?projects/<": project.pk,
        r"^/(api/v1/)?parties/<": supplier.pk,
        r"^/(api/v1/)?persons/<": an_id("person", 0),
        r"^/(api/v1/)?drafts/<": Draft.objects.get(pk__startswith="part-0-").pk,
        r"^/(api/v1/)?copies/<": copy_id(0, 1),
        r"^/(api/v1/)?releases/<": an_id("release"),
        r"^/agreements/<[^>]+>/edit/": an_id("agreement", "prepared", 0),
        r"^/(api/v1/)?agreements/<": an_id("agreement", 0),
        r"^/(api/v1/)?rounds/<": an_id("round", 0),
        r"^/(api/v1/)?onward/<": an_id("onward", 1),
        r"^/api/v1/onward-requests/<": an_id("onward", 1),
        r"^/(api/v1/invitations|invited)/<": an_id("invitation", supplier.pk, 0),
        r"^/(api/v1/)?engagements/<": an_id("place", 0),
        r"/tree/<": an_id("place", 0),
        rf"/{an_id('place', 0)}/<": "suspend",
        r"/holder/<": an_id("person", 0),
        r"drafts/.*/preview/<": 160,
        r"/bids/<": an_id("bid", (an_id("round", 0), 0)),
        r"^/ledger/<": 3,
        r"^/api/v1/ledger/entries/<": 3,
        r"^/api/v1/ledger/consistency/<": SignedCheckpoint.objects.order_by("size").values_list("size", flat=True)[0],
        r"/tokens/<": ApiToken.objects.order_by("pk").values_list("pk", flat=True)[0],
        r"^/(api/v1/)?(leaks/)?posters/<": an_id("poster", 0),
        r"^/(api/v1/)?(leaks/)?channels/<": an_id("channel", 0),
        r"^/(api/v1/)?(leaks/)?posts/<": post,
        r"^/(api/v1/)?(leaks/)?matches/<": Match.objects.filter(trace=trace).values_list("pk", flat=True)[0],
        r"/matches/\d+/(pictures/)?<": "leak",
        r"^/(api/v1/)?traces/<": trace,
        r"^/api/v1/leaks/<[^>]+>/similar": an_id("leak", "quiet 0"),
        r"^/(api/v1/)?leaks/<": leak,
        r"^/(api/v1/)?sightings/<": an_id("sighting", 0),
        r"/(sightings|posts)/.*/picture/<": "thumb",
        r"^/(api/v1/)?cases/<": case,
        r"/cases/.*/duties/<": an_id("duty", case, 0),
        r"/cases/.*/files/<": an_id("case file", case, 0),
        r"/cases/.*/leaks/<": an_id("leak", f"{stage.name} 0"),
        r"^/(api/v1/)?allegations/<": allegation,
        r"/allegations/.*/evidence/<": _one(Match.objects.filter(trace__named__allegations=allegation)),
        r"/allegations/.*/files/<": _one(ReplyFile.objects.filter(reply__allegation=allegation)),
        r"^/(api/v1/)?sanctions/<": sanction,
        r"/measures/<": an_id("measure", sanction, "obligation", 0),
        r"/payments/<": _one(Payment.objects.filter(sanction=sanction)),
        r"/sanctions/.*/files/<": _one(AppealFile.objects.filter(appeal__sanction=sanction)),
        r"/sanctions/.*/proofs/<": _one(MeasureFile.objects.filter(report__measure__sanction=sanction)),
        r"^/(api/v1/)?plans/<": plan,
        r"/plans/.*/versions/<": 1,
        r"/plans/.*/actions/<": an_id("action", plan, 1),
        r"/plans/.*/files/<": _one(ActionFile.objects.filter(action__plan=plan)),
        r"/(sub-vendors|checks)/<": 1,
        r"^/(api/v1/)?statements/<": statement,
        r"/promises/<": an_id("promise", an_id("statement", case, 0), 0),
        r"/pictures/<": an_id("shown", an_id("statement", case, 0), 0),
        r"/(letter|text|pdf)/<": "en",
        r"^/(first|invitations)/<": SECRET,
        r"<uidb36>": "x",
        r"<key>": "x",
        r"/webauthn/keys/<": _one(Authenticator.objects.all()),
        r"<(str:)?provider_id>": "none",
    }


def _one(rows: QuerySet[Any]) -> int:
    """Return the id of the first row; 1 if there is none."""
    return next(iter(rows.order_by("pk").values_list("pk", flat=True)[:1]), 1)
