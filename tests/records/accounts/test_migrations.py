"""Roles that a release before this one gave have the date that is known of them."""

from datetime import timedelta

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.conftest import NOW
from tests.desk import PASSWORD, Desk
from tidemark.records.accounts.invite import accept, invite
from tidemark.records.accounts.models import Grant
from tidemark.records.accounts.standing import set_roles
from tidemark.records.connect import open_records
from tidemark.records.home import Home

BEFORE = [("accounts", "0005_on_record_at")]
LATER = NOW + timedelta(days=3)


def test_what_came_with_an_invitation_is_dated_by_it_and_nothing_else_is(home: Home, desk: Desk) -> None:
    sent = invite(desk.owner, name="Wu", email="wu@private.test", roles=["legal"], by=desk["officer"], now=NOW)
    invited = accept(sent.invitation, password=PASSWORD, now=LATER)
    set_roles(invited, ["legal", "communications"], by=desk["officer"], now=LATER)
    set_roles(desk["investigator"], ["officer"], by=desk["administrator"], now=LATER)
    MigrationExecutor(connection).migrate(BEFORE)
    open_records(home)  # all that lacks, with these rows, in one transaction
    dated = Grant.objects.exclude(granted=None)
    assert [(each.person, each.role, each.granted) for each in dated] == [(invited, "legal", LATER)]
