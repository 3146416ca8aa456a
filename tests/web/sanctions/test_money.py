"""What the page of a sanction says of money: owed, reduced, waived, paid, taken back."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.desk import Desk
from tests.records.sanctions.after import decided, paid, yuan
from tests.records.sanctions.imposed import imposed
from tests.web.sanctions.pages import OVERDUE, Browse, page, post
from tidemark.records.home import Home
from tidemark.records.plans.access import agree_payment
from tidemark.records.sanctions.models import Measure, Sanction


def test_who_may_pay_later_reads_the_day_that_was_agreed_and_not_that_it_is_overdue(
    home: Home, desk: Desk, browse: Browse
) -> None:
    made = imposed(home, desk)
    today = timezone.now()
    Sanction.objects.update(due_on=today.date() - timedelta(days=9))
    Measure.objects.update(due=today + timedelta(days=9))
    for path in (reverse("sanction", args=(made.pk,)), reverse("sanctions")):
        assert OVERDUE in browse("contact").get(path).content.decode()
    until = today.date() + timedelta(days=30)
    agree_payment(home, made.allegation, until=until, text="Later.", by=desk["legal"], now=today)
    for path in (reverse("sanction", args=(made.pk,)), reverse("sanctions")):
        shown = browse("contact").get(path).content.decode()
        assert OVERDUE not in shown
        assert f"{until}" in shown


AS_AGREED = "It is what the agreement provides for."


@pytest.mark.parametrize("who", ["contact", "legal"])
def test_what_was_reduced_or_waived_is_not_said_to_be_what_the_agreement_or_the_letter_says(
    home: Home, desk: Desk, browse: Browse, who: str
) -> None:
    made = imposed(home, desk)
    assert AS_AGREED in page(browse, who, made)
    assert ("Your appeal" in page(browse, who, made)) == (who == "contact")
    decided(home, desk, made, "reduced", yuan(500_000))
    shown = " ".join(page(browse, who, made).split())
    assert '<p class="sum">500,000.00 CNY</p>' in shown
    for said in (
        "The agreement provides for 1,000,000.00 CNY.",
        "Reduced from 1,000,000.00 CNY by decision. The letter is from before that and says 1,000,000.00 CNY.",
    ):
        assert said in shown, said
    for untrue in (AS_AGREED, "as the letter says"):
        assert untrue not in shown
    decided(home, desk, made, "waived")
    shown = page(browse, who, made)
    assert "Waived by decision: nothing of it is owed." in shown
    for untrue in (AS_AGREED, "paid in full", "as the letter says", "Your appeal"):  # it never made one
        assert untrue not in shown


@pytest.mark.parametrize("who", ["contact", "legal"])
def test_a_reduction_takes_the_place_of_no_calculation_and_no_deviation_of_what_was_imposed(
    home: Home, desk: Desk, browse: Browse, who: str
) -> None:
    made = imposed(home, desk, amount=yuan(800_000), deviation_reason="It told us at once.")
    assert "<strong>It deviates from the agreement.</strong>" in page(browse, who, made)
    decided(home, desk, made, "reduced", yuan(500_000))
    shown = page(browse, who, made)
    assert "<strong>As it was imposed, it deviated from the agreement.</strong>" in shown
    assert "Claimed are 800,000.00 CNY, less than the 1,000,000.00 CNY of the agreement." in shown
    Sanction.objects.update(damages_formula="Ten per vehicle.", imposed_amount=yuan(1_000_000), deviation_reason="")
    shown = page(browse, who, made)
    assert "The agreement provides for 1,000,000.00 CNY." in shown
    assert "Formula of the agreement" not in shown  # nobody calculated what a decision left


def test_a_payment_is_taken_back_on_the_page_and_either_side_reads_that_it_was_and_why(
    home: Home, desk: Desk, browse: Browse
) -> None:
    made = imposed(home, desk)
    for reference in ("A1", "A2"):
        paid(home, desk, made, 500_000, reference)
    row = made.payments.get(reference="A1")
    form = f'action="{reverse("payment_take_back", args=(made.pk, row.pk))}"'
    gate = reverse("gate", args=(made.allegation_id,))
    assert "Nothing is owed." in browse("officer").get(gate).content.decode()
    for who, offered in (("legal", True), ("investigator", False), ("contact", False)):
        assert (form in page(browse, who, made)) is offered, who
    assert post(browse, "investigator", "payment_take_back", made.pk, str(row.pk), reason="x") == 403
    assert post(browse, "legal", "payment_take_back", made.pk, str(row.pk), reason=" ") == 302
    assert post(browse, "legal", "payment_take_back", made.pk, str(10**30), reason="x") == 404
    assert "500,000.00 CNY still to be paid" not in page(browse, "contact", made)
    assert post(browse, "legal", "payment_take_back", made.pk, str(row.pk), reason="Of another invoice.") == 302
    for who in ("legal", "contact"):
        shown = page(browse, who, made)
        for said in ("500,000.00 CNY still to be paid", 'class="is-struck', "Of another invoice.", "taken back"):
            assert said in shown, (who, said)
        assert ("legal person" in shown) is (who == "legal")
        assert form not in shown
    assert "500,000.00 CNY is still to be paid" in browse("officer").get(gate).content.decode()
    case = browse("communications").get(reverse("case", args=(made.allegation.case_id,))).content.decode()
    assert "A payment of 500,000.00 CNY by Northwick Mouldings, recorded by mistake, was taken back" in case


def test_why_a_payment_cannot_be_taken_back_is_read_in_place_of_the_form(
    home: Home, desk: Desk, browse: Browse
) -> None:
    made = imposed(home, desk)
    paid(home, desk, made, 1_000_005, "A1", is_overpaid=True)
    back = {"amount": "5", "paid_on": "2026-03-15", "reference": "B1", "is_repayment": "1"}
    assert post(browse, "legal", "sanction_pay", made.pk, **back) == 302
    shown = page(browse, "legal", made)
    assert "5.00 CNY were paid back since, on 2026-03-15." in shown
    first, last = made.payments.order_by("pk")
    assert reverse("payment_take_back", args=(made.pk, first.pk)) not in shown
    assert reverse("payment_take_back", args=(made.pk, last.pk)) in shown
    assert "were paid back since" not in page(browse, "contact", made)
