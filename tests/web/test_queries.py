"""No page asks the database a number of questions that grows with its rows: every address, at two sizes of a desk."""

import json
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from benchmarks.desk.issued import issue
from benchmarks.desk.rows import NOBODY, Size, grow
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from tests.desk import NOW
from tests.web.counted import affairs
from tests.web.counted.addresses import addresses
from tests.web.counted.affairs import MAIN, STAGES, Stage
from tests.web.counted.nothing import LISTS_NOTHING, NOT_SHOWN
from tidemark.records.accounts.models import Person
from tidemark.records.home import Home
from tidemark.records.overview.attention import attention
from tidemark.web.projects.home import TITLES

SMALL, LARGE = Size(persons=8, drafts=5), Size(persons=27, drafts=8)
"""Of the crowd; 27 persons are of so many parties that there are more sub-vendors of the first one, too."""
FEW, MANY = range(2), range(2, 4)
"""Numbers of the affairs, and of what hangs on them, at the smaller desk and beyond it."""

WHO = {"officer": "officer@example.test", "contact": "p0@example.test", "member": "p4@example.test"}
OTHERS = {role: f"{role}-0@example.test" for role in ("administrator", "investigator", "legal", "communications")}

NOT_THIS_METHOD = 405


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of asking for an address: the status, the queries behind it, and how much is listed."""

    status: int
    queries: tuple[str, ...]
    listed: int


Answers = Mapping[tuple[str, str], Answer]
"""Who asked for which route → what was answered."""


@pytest.fixture
def desk_of(home: Home) -> Callable[..., None]:
    """Return what makes the desk, and then makes it grow."""

    def made(size: Size, numbers: range, *, beyond: Size = NOBODY, whole: tuple[str, ...] = ()) -> None:
        with transaction.atomic():
            grow(home, size, beyond=beyond, now=NOW)
            issue(home, size, beyond=beyond, now=NOW)
            affairs.grow(home, numbers, whole=whole)

    return made


@pytest.mark.slow
def test_no_page_asks_more_often_when_there_are_more_rows(desk_of: Callable[..., None]) -> None:
    desk_of(SMALL, FEW, whole=(MAIN.name,))
    asked = addresses(MAIN, is_larger=False)
    unfilled = [address for address in asked.values() if "<" in address]
    assert not unfilled, f"say in `ids` which row stands for what these name: {unfilled}"
    officer = Person.objects.get(email=WHO["officer"])
    unseen = set(TITLES) - {matter.kind for matter in attention(officer, at=timezone.now())}
    assert not unseen, f"give the page of today rows of these kinds: {unseen}"
    few = looked_at(WHO, asked)
    desk_of(LARGE, MANY, beyond=SMALL, whole=(MAIN.name,))
    read = {route: each for route, each in addresses(MAIN, is_larger=True).items() if _is_read(route, few)}
    many = looked_at(WHO, read)
    worse = [*grown(few, many), *uncounted(few, many)]
    assert not worse, "\n".join(worse)


@pytest.mark.slow
def test_no_page_asks_more_often_at_any_stage_of_an_affair_and_whoever_asks(desk_of: Callable[..., None]) -> None:
    desk_of(SMALL, FEW)
    everybody = WHO | OTHERS
    few = {stage: looked_at(everybody, _of_affairs(stage, is_larger=False)) for stage in STAGES}
    desk_of(LARGE, MANY, beyond=SMALL)
    worse = [
        f"{stage.name}: {fault}"
        for stage in STAGES
        for fault in grown(few[stage], looked_at(everybody, _of_affairs(stage, is_larger=True)))
    ]
    assert not worse, "\n".join(worse)
    shown = [(who, route) for each in few.values() for (who, route), answer in each.items() if answer.status == 200]
    assert len(shown) > 2000, "too little is shown for this to tell anything"


def _of_affairs(stage: Stage, *, is_larger: bool) -> dict[str, str]:
    """Return the addresses at which a stage makes a difference; at the main one all."""
    subjects = re.compile("/(api/v1/)?(cases|allegations|sanctions|plans|statements)/")
    asked = addresses(stage, is_larger=is_larger)
    return {route: address for route, address in asked.items() if stage == MAIN or subjects.match(route)}


def grown(few: Answers, many: Answers) -> Iterator[str]:
    """Tell which addresses ask more often where there are more rows."""
    for (who, route), answer in many.items():
        before = few[who, route]
        if before.status != 200:
            continue
        if answer.status != 200:
            yield f"{who} {route}: it is not there any more ({answer.status})"
        elif len(answer.queries) > len(before.queries):
            more = f"{len(before.queries)} queries became {len(answer.queries)}"
            yield f"{who} {route}: {more}\n{repeated(before.queries, answer.queries)}"


def uncounted(few: Answers, many: Answers) -> Iterator[str]:
    """Tell which addresses were not counted with few rows and with many, and are not said to list nothing."""
    silent = {address for each in NOT_SHOWN.values() for address in each}
    empty = {address for each in LISTS_NOTHING.values() for address in each}
    read = {route for _who, route in few if _is_read(route, few)}
    yield from (f"{route}: there is no such address to read" for route in sorted((silent | empty) - read))
    for route in sorted(read):
        whose = [who for who in WHO if few[who, route].status == 200]
        if bool(whose) is (route in silent):
            yield f"{route}: {'it is shown' if whose else 'it is not shown to anybody'}; give it a row, or a reason"
        shows_more = any(many[who, route].listed > few[who, route].listed for who in whose)
        if whose and shows_more is (route in empty):
            yield f"{route}: it lists {'more' if shows_more else 'no more'} of more; give it rows, or a reason"


def looked_at(people: Mapping[str, str], asked: Mapping[str, str]) -> dict[tuple[str, str], Answer]:
    """Ask for addresses as each of some people, by their e-mails."""
    seen: dict[tuple[str, str], Answer] = {}
    for who, email in people.items():
        client = Client(headers={"host": "127.0.0.1"})
        sign_in(client, Person.objects.get(email=email))
        for route, address in asked.items():
            with counting() as queries:
                answer: Any = client.get(address)
                data = answer.getvalue() if answer.streaming else answer.content
            assert answer.status_code < 500, f"{who} {address}: {answer.status_code}"
            is_shown = answer.status_code == 200
            listed = listed_in(data, answer.headers.get("Content-Type", "")) if is_shown else 0
            seen[who, route] = Answer(answer.status_code, tuple(queries), listed)
    return seen


def sign_in(client: Client, person: Person) -> None:
    """Sign somebody in who has just given the password: what asks for it again is shown at once."""
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    given = {"method": "password", "at": time.time(), "reauthenticated": True}
    session["account_authentication_methods"] = [given]
    session["account_authentication_methods_user"] = person.pk
    session.save()


@contextmanager
def counting() -> Iterator[list[str]]:
    """Note every query. Django's own log forgets the oldest after some thousands, and quotes each value by a query."""
    queries: list[str] = []

    def note(execute: Callable[..., Any], sql: str, *more: Any) -> Any:
        queries.append(sql)
        return execute(sql, *more)

    with connection.execute_wrapper(note):
        yield queries


def listed_in(data: bytes, kind: str) -> int:
    """Return a number that is greater where more is listed: items of JSON, elements of a page, bytes of a file."""
    if "json" in kind:
        return _items(json.loads(data))
    return data.count(b"<") if "html" in kind else len(data)


def _items(value: Any) -> int:
    if isinstance(value, dict):
        return sum(map(_items, value.values()))
    return len(value) + sum(map(_items, value)) if isinstance(value, list) else 0


def _is_read(route: str, few: Answers) -> bool:
    """Whether an address is one to read, and not only one to write to."""
    return any(few[who, route].status != NOT_THIS_METHOD for who in WHO)


def repeated(before: Iterable[str], after: Iterable[str]) -> str:
    """Return the query that was asked more often by the most, with its values left out."""
    asked, known = ([_shape(query) for query in queries] for queries in (after, before))
    most = max(set(asked), key=lambda shape: asked.count(shape) - known.count(shape))
    return f"    {known.count(most)} times became {asked.count(most)} times {most[:400]}"


def _shape(query: str) -> str:
    return re.sub(r"(%s|, |\(|\))+", lambda each: "(?)" if "%s" in each[0] else each[0], query)
