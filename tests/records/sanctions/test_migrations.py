"""Rows that a release before this one wrote are found where its successor looks for them."""

from datetime import date

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.desk import NOW, Desk
from tests.records.sanctions.imposed import imposed
from tidemark.records.home import Home
from tidemark.records.sanctions.models import PaymentTerm

BEFORE = [("plans", "0002_hold"), ("sanctions", "0002_suspensions_end_by_the_gate")]
AFTER = [("plans", "0003_payment_terms_move"), ("sanctions", "0003_payment_terms")]


def test_payment_terms_of_the_app_of_the_plans_are_those_of_the_sanctions_now(home: Home, desk: Desk) -> None:
    made = imposed(home, desk)
    executor = MigrationExecutor(connection)
    executor.migrate(BEFORE)
    executor.loader.build_graph()
    old = executor.loader.project_state(BEFORE).apps.get_model("plans", "PaymentTerm")
    said = {"until": date(2026, 6, 1), "text": "Two instalments.", "time": NOW}
    old.objects.create(sanction_id=made.pk, person_id=desk["legal"].pk, **said)
    executor.migrate(AFTER)
    assert PaymentTerm.objects.get(sanction=made).until == date(2026, 6, 1)
    assert made.payment_terms.count() == 1
