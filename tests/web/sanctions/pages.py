"""What tests of a sanction's page share: asking for it, and acting on it, as one of the two sides."""

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from tidemark.records.sanctions.models import Sanction

Browse = Callable[..., Client]
OVERDUE = '<span class="badge is-bad">overdue</span>'

TERMS = {
    "amount": "1000000.00",
    "currency": "CNY",
    "rate": "6.7221",
    "rate_currency": "USD",
    "rate_on": "2026-03-13",
    "rate_source": "People's Bank of China",
    "pay_to": "Bank of Halden",
    "due_on": "2026-04-30",
    "appeal_until": "2026-04-10",
}


def post(browse: Browse, who: str, name: str, *ids: str, **data: object) -> int:
    return browse(who).post(reverse(name, args=ids), data).status_code


def page(browse: Browse, who: str, sanction: Sanction) -> str:
    answer = browse(who).get(reverse("sanction", args=(sanction.pk,)))
    assert answer.status_code == 200
    return answer.content.decode()


def fresh(sanction: Sanction) -> Sanction:
    return Sanction.objects.get(pk=sanction.pk)
