"""What is on record that a statement of a case must not point to, for the check. A few queries, however much."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from functools import cache, lru_cache

from django.conf import settings
from django.utils import translation

from tidemark.records.accounts.models import Invitation
from tidemark.records.accounts.recognised import BY_SUPPLIERS, people_by_party, recognised
from tidemark.records.agreements.models import Agreement
from tidemark.records.cases.confirmed import confirmed
from tidemark.records.cases.merged import together
from tidemark.records.cases.models import Allegation, Case, Reply
from tidemark.records.cases.summary import PROPOSED
from tidemark.records.copies.models import Copy, OnwardRequest
from tidemark.records.leaks.models import NamedCopy, Post
from tidemark.records.projects.models import Draft, Label, Project
from tidemark.records.reidentify.known import Known, KnownAmount, KnownParty, KnownText, Source
from tidemark.records.sanctions.models import Decision, Payment, Sanction
from tidemark.records.statements.models import Statement
from tidemark.records.statements.papers import files_of, persons_named, texts_of_all
from tidemark.records.statements.wording import CHINESE, ENGLISH, WORDINGS, Facts, written


def known_of(case: Case) -> Known:
    """Return what is on record, for a statement of a case."""
    parties = list(confirmed().order_by("pk"))
    owner = next((party for party in parties if party.is_owner), None)
    others = [party for party in parties if not party.is_owner]
    people = people_by_party()
    known = [recognised(party, people.get(party.pk, [])) for party in others]
    known += _named_by_others()
    concerned, cases = _concerned(case), together(case)
    papers, clauses = tuple(texts_of_all()), list(_clauses())
    owned = people.get(owner.pk, []) if owner else []
    domains = _own_domains(known, {_domain(email) for _, email in owned})
    return Known(
        parties=tuple(replace(each, domains=(*each.domains, *domains.get(each.key, ()))) for each in known),
        owner=recognised(owner, owned) if owner else None,
        codes=tuple(_codes()),
        file_names=tuple(sorted({*Draft.objects.values_list("file_name", flat=True), *files_of(case)})),
        code_names=tuple(project.code_name for project in Project.objects.all() if not _is_public(project)),
        references=tuple(Agreement.objects.order_by("pk").values_list("reference", flat=True)),
        numbers=tuple(_numbers(but=cases)),
        texts=(
            *(each for each in papers if each.case in cases),
            *(text for sides, text in clauses if concerned & sides),
        ),
        papers=_kept((*papers, *(text for _sides, text in clauses))),
        amounts=tuple(_amounts()),
        imposed=tuple(_sums_of_sanctions()),
        plain=tuple(plain_texts(owner.name if owner else "")),
        public=tuple(_said_in_public()),
        forms=_forms(),
    )


@lru_cache(maxsize=2)
def _kept(papers: tuple[KnownText, ...]) -> tuple[KnownText, ...]:
    """Return the earlier tuple if the papers are equal to it, so that they are in memory once."""
    return papers


@cache
def _forms() -> tuple[str, ...]:
    """Return what is proposed of any allegation, in either language."""
    found: list[str] = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found += [str(each) for each in PROPOSED]
    return tuple(found)


def plain_texts(owner: str, *, kinds: Iterable[str] = Statement.Kind.values) -> Iterator[str]:
    """Yield the templates, filled in every way that there is: what stands there points to nobody."""
    for language in WORDINGS:
        for kind in kinds:
            for statuses in ({"bidding"}, {"development"}):
                for downstream in (True, False):
                    proposal = written(
                        kind, Facts(owner, statuses=frozenset(statuses), downstream=downstream), language
                    )
                    yield f"{proposal.title}\n{proposal.text}"
    yield from (ENGLISH.damages.format(amount=""), CHINESE.damages.format(amount=""))


def _said_in_public() -> Iterator[str]:
    """Yield what was issued before: a party that quotes it in its reply does not make it a quote from the reply."""
    for texts in Statement.objects.filter(issued__isnull=False).values_list(
        "title_en", "text_en", "title_zh", "text_zh"
    ):
        yield "\n".join(texts)


def is_public(project: Project | None) -> bool:
    """Whether a project's code name may be said."""
    return project is not None and _is_public(project)


def _is_public(project: Project) -> bool:
    return project.label == Label.PUBLIC


def _named_by_others() -> list[KnownParty]:
    """Return whom parties have named, as they were written: sub-vendors that nobody has confirmed, persons in plans,
    colleagues who have not come yet.
    """
    named = [
        *((name, "", "") for name in Reply.objects.exclude(names="").values_list("names", flat=True)),
        *OnwardRequest.objects.values_list("sub_vendor_name", "contact_name", "contact_email"),
    ]
    entries = {(name, person, email) for name, person, email in named if name}
    entries |= {("", person, "") for person in persons_named()}
    entries |= {("", *person) for person in Invitation.objects.filter(BY_SUPPLIERS).values_list("name", "email")}
    return [
        KnownParty(
            f"named {number}",
            (name,) if name else (),
            (person,) if person else (),
            (email,) if email else (),
            is_on_record=False,
        )
        for number, (name, person, email) in enumerate(sorted(entries))
    ]


def _own_domains(parties: Iterable[KnownParty], owners: set[str]) -> dict[str, tuple[str, ...]]:
    """Return the domains of mail that one party alone has: what several have is a provider's."""
    seen: dict[str, set[str]] = {}
    for party in parties:
        for email in party.emails:
            seen.setdefault(_domain(email), set()).add(party.key)
    found: dict[str, tuple[str, ...]] = {}
    for domain, keys in sorted(seen.items()):
        if len(keys) == 1 and domain and domain not in owners:
            key = next(iter(keys))
            found[key] = (*found.get(key, ()), domain)
    return found


def _domain(email: str) -> str:
    return email.rpartition("@")[2].casefold()


def _codes() -> Iterator[str]:
    for copy, sha256 in Copy.objects.order_by("pk").values_list("pk", "sha256"):
        yield copy
        if sha256:
            yield sha256
    yield from Draft.objects.order_by("pk").values_list("sha256", flat=True)
    yield from Post.objects.order_by("pk").values_list("file_sha256", flat=True)


def _concerned(case: Case) -> set[int]:
    """Return the parties that the case is about: those who answer, and those whose copies are named."""
    named = NamedCopy.objects.filter(trace__post__leak__cases=case)
    held = named.values_list("copy__holder", "copy__responsible")
    found = {party for pair in held for party in pair if party is not None}
    return found | set(Allegation.objects.filter(case__in=together(case)).values_list("party", flat=True))


def _clauses() -> Iterator[tuple[set[int], KnownText]]:
    """Yield what agreements say of damages, each with the parties to the agreement, the owner left out."""
    columns = ("recipient", "discloser", "discloser__is_owner", "clause", "damages_formula")
    for recipient, discloser, is_owners, *texts in Agreement.objects.order_by("pk").values_list(*columns):
        sides = {recipient} if is_owners else {recipient, discloser}
        yield from ((sides, KnownText(str(recipient), Source.AGREEMENT, text)) for text in texts if text)


def _numbers(*, but: frozenset[str]) -> Iterator[str]:
    """Yield the numbers of all sanctions, which stand on letters, and of all cases but these."""
    yield from Sanction.objects.order_by("pk").values_list("number", flat=True)
    yield from Case.objects.exclude(pk__in=but).order_by("pk").values_list("number", flat=True)


def _amounts() -> Iterator[KnownAmount]:
    sums = ("damages", "damages_currency", "damages_cap", "damages_cap_currency")
    rows = Agreement.objects.order_by("pk").values_list("recipient", *sums)
    for party, damages, currency, cap, cap_currency in rows:
        for amount, unit in ((damages, currency), (cap, cap_currency)):
            if amount is not None:
                yield KnownAmount(str(party), Decimal(amount), str(unit))


def _sums_of_sanctions() -> Iterator[KnownAmount]:
    """Yield every sum that a sanction is or was about: agreed, asked for, reduced to, paid; but nothing taken back."""
    sums = ("damages", "damages_cap", "amount", "imposed_amount", "converted")
    paid = Payment.objects.filter(taken_back=None)
    ways = (
        (Sanction.objects.all(), "", sums),
        (Decision.objects.all(), "sanction__", ("amount",)),
        (paid, "sanction__", ("amount",)),
    )
    for rows, way, columns in ways:
        names = [name for column in columns for name in (column, f"{column}_currency")]
        for party, *found in rows.order_by("pk").values_list(f"{way}allegation__party", *names):
            for amount, currency in zip(found[::2], found[1::2], strict=True):
                if amount:
                    yield KnownAmount(str(party), Decimal(amount), str(currency))
