from django.core.cache import cache

from tests.api.conftest import Program
from tests.desk import Desk
from tidemark.records.accounts.models import Invitation, Person


def test_me_tells_a_program_who_it_speaks_for_and_what_it_may_do(program: Program, desk: Desk) -> None:
    said = program("contact").get("/api/v1/me").json()
    assert (said["id"], said["party"]["name"], said["roles"]) == (desk["contact"].id, desk.supplier.name, ["contact"])
    assert "share onward" in said["acts"]
    assert set(said["token"]) == {"id", "name", "scopes", "created", "expires", "last_used", "revoked"}


def test_invitations_are_counted_with_those_of_the_pages(program: Program, desk: Desk) -> None:
    client = program("contact")

    def invite(number: int, **headers: str) -> int:
        wanted = {"party": desk.supplier.pk, "name": "N", "email": f"n{number}@example.test", "roles": ["member"]}
        sent = client.post("/api/v1/invitations", wanted, content_type="application/json", headers=headers)
        return sent.status_code

    assert {invite(number) for number in range(30)} == {201}
    assert invite(31, **{"Idempotency-Key": "later"}) == 429
    assert Invitation.objects.count() == 30
    cache.clear()
    assert invite(31, **{"Idempotency-Key": "later"}) == 201  # a refusal for haste is not kept as the answer


def test_a_suppliers_person_changes_the_language_and_not_the_name_that_stands_on_copies(
    program: Program, desk: Desk
) -> None:
    def change(who: str, name: str) -> tuple[int, str, str]:
        sent = {"name": name, "language": "zh-hans"}
        status = program(who).put("/api/v1/me", sent, content_type="application/json").status_code
        known = Person.objects.get(pk=desk[who].pk)
        return status, known.name, known.language

    assert change("member", "contact person") == (409, "member person", "en")
    assert change("member", "member person") == (200, "member person", "zh-hans")
    assert change("officer", "Ann Officer") == (200, "Ann Officer", "zh-hans")


def test_who_manages_people_changes_a_name(program: Program, desk: Desk) -> None:
    path = f"/api/v1/persons/{desk['member'].pk}/name"
    for who, status in (("contact", 403), ("legal", 403), ("administrator", 200)):
        answer = program(who).put(path, {"name": "Mei Lin"}, content_type="application/json")
        assert answer.status_code == status, who
        assert (Person.objects.get(pk=desk["member"].pk).name == "Mei Lin") is (status == 200)
