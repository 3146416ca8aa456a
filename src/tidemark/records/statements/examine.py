"""All that stands against a statement: who it points to, what it claims, what it promises, what its pictures show.

Nothing is remembered of it but the reasons that somebody wrote; it is looked at anew whenever it matters.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from django.utils.translation import gettext as _

from tidemark.records.cases.models import Allegation, Case
from tidemark.records.cases.stopped import stopped
from tidemark.records.copies.models import Copy
from tidemark.records.leaks.models import Match, NamedCopy, Post
from tidemark.records.projects.models import Draft
from tidemark.records.reidentify.check import compiled
from tidemark.records.reidentify.claims import (
    claims_in,
    denials_of_the_final_design,
    parties_in,
    promises_in,
)
from tidemark.records.reidentify.folded import Folded, folded, squeeze
from tidemark.records.reidentify.objection import Objection, Rule, Severity
from tidemark.records.sightings.models import Sighting
from tidemark.records.statements.models import LANGUAGES, Promise, Statement, StatementPicture
from tidemark.records.statements.on_record import known_of, plain_texts


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found, and what may stand because a reason was given for it.

    Attributes
    ----------
    objections : tuple of Objection
    reasons : mapping of str to str
        By the objection's key.
    """

    objections: tuple[Objection, ...]
    reasons: Mapping[str, str]

    @property
    def refusing(self) -> tuple[Objection, ...]:
        """Objections that nothing lets pass."""
        return tuple(each for each in self.objections if each.severity == Severity.REFUSES)

    @property
    def unexplained(self) -> tuple[Objection, ...]:
        """Objections that need a reason and have none."""
        return tuple(
            each for each in self.objections if each.severity == Severity.NEEDS_REASON and each.key not in self.reasons
        )

    @property
    def passes(self) -> bool:
        """Whether nothing stands against it."""
        return not self.refusing and not self.unexplained


def examine(statement: Statement) -> Examined:
    """Examine a statement as it is on record."""
    texts = {f"{part}_{each}": getattr(statement, f"{part}_{each}") for each in LANGUAGES for part in ("title", "text")}
    texts["channel"] = statement.channel
    pictures = list(statement.pictures.all())
    promises = list(statement.promises.all())
    return examine_texts(statement, texts, pictures=pictures, promises=promises)


def examine_texts(
    statement: Statement,
    texts: Mapping[str, str],
    *,
    pictures: Iterable[StatementPicture] = (),
    promises: Iterable[Promise] = (),
) -> Examined:
    """Examine texts that a statement might have, such as those that somebody is writing.

    Parameters
    ----------
    texts : mapping of str to str
        By the name of their place: ``title_en``, ``text_en`` and so on.
    """
    case = statement.case
    check = compiled(known_of(case))
    shown, promised = list(pictures), list(promises)
    seen = {place: text for place, text in texts.items() if text}
    seen |= {f"picture {each.pk}": each.file_name for each in shown}
    claims_freely = statement.kind == Statement.Kind.FINAL and not why_unfounded(statement)
    found: list[Objection] = []
    for place, text in seen.items():
        found += check.text(place, text)
        if not place.startswith("picture "):
            found += [] if claims_freely else _claims(statement, place, text)
            found += _promises(place, text, promised)
    found += _status(case, seen)
    found += _of_pictures(shown)
    return Examined(tuple(found), {key: str(each.get("text", "")) for key, each in statement.reasons.items()})


def leaked_statuses(case: Case) -> frozenset[str]:
    """Return the statuses of the drafts that the case's leaks show."""
    named = NamedCopy.objects.filter(trace__post__leak__cases=case, is_accused=True)
    found = set(named.values_list("copy__draft__status", flat=True))
    matched = Match.objects.filter(trace__post__leak__cases=case)
    return frozenset(found | set(matched.values_list("draft__status", flat=True)))


def established(case: Case) -> list[Allegation]:
    """Return what is final in the case and goes on: what a statement that says it is final rests on."""
    final = list(case.allegations.filter(state=Allegation.State.FINAL).select_related("agreement__discloser"))
    gone = stopped(final)
    return [each for each in final if each.pk not in gone]


def why_unfounded(statement: Statement) -> str:
    """Return why a final statement has nothing to rest on; '' if it has, and of any other kind."""
    if statement.kind != Statement.Kind.FINAL or established(statement.case):
        return ""
    return _(
        "Nothing that is final in this case stands any more. Prepare a holding statement, or withdraw an earlier one."
    )


def _claims(statement: Statement, place: str, text: str) -> Iterator[Objection]:
    """Find what says that somebody has a part in it."""
    seen = folded(text)
    spans = [(start, end, is_denied) for start, end, is_denied in claims_in(seen.text)]
    if statement.kind != Statement.Kind.FINAL:
        spans += [(start, end, True) for start, end in parties_in(seen.text)]
    for start, end, is_mild in spans:
        # A withdrawal has to say what it takes back.
        if not is_mild and statement.kind != Statement.Kind.WITHDRAWAL:
            yield _objection(Rule.CLAIM, Severity.REFUSES, place, seen, text, start, end)
        elif squeeze(_sentence_at(seen.text, start)) not in _own_sentences():
            yield _objection(Rule.CLAIM, Severity.NEEDS_REASON, place, seen, text, start, end)


def _promises(place: str, text: str, promised: Iterable[Promise]) -> Iterator[Objection]:
    """Find the sentences that promise something and are not marked as promises."""
    seen = folded(text)
    kept = [squeeze(words) for each in promised for words in (each.words_en, each.words_zh) if words]
    for start, end in promises_in(seen.text):
        sentence = squeeze(_sentence_at(seen.text, start))
        if not any(words in sentence or sentence in words for words in kept):
            yield _objection(Rule.PROMISE, Severity.NEEDS_REASON, place, seen, text, start, end)


@cache
def _own_sentences() -> frozenset[str]:
    """Return the sentences of the templates that claim nothing."""
    texts = plain_texts("", kinds=(Statement.Kind.HOLDING, Statement.Kind.WITHDRAWAL))
    return frozenset(squeeze(sentence) for text in texts for sentence in _sentences(text))


def _status(case: Case, texts: Mapping[str, str]) -> Iterator[Objection]:
    """Find that something is called not the final design, where a final draft leaked or nobody knows what did."""
    statuses = leaked_statuses(case)
    if statuses and Draft.Status.FINAL not in statuses:
        return
    severity = Severity.REFUSES if statuses else Severity.NEEDS_REASON
    for place, text in texts.items():
        seen = folded(text)
        for start, end in denials_of_the_final_design(seen.text):
            yield _objection(Rule.STATUS, severity, place, seen, text, start, end)


def _of_pictures(pictures: Iterable[StatementPicture]) -> Iterator[Objection]:
    hashes = [each.file_sha256 for each in pictures]
    exact = {
        *Copy.objects.filter(sha256__in=hashes).values_list("sha256", flat=True),
        *Draft.objects.filter(sha256__in=hashes).values_list("sha256", flat=True),
        *Post.objects.filter(file_sha256__in=hashes).values_list("file_sha256", flat=True),
        *Sighting.objects.filter(file_sha256__in=hashes).values_list("file_sha256", flat=True),
    }
    for each in pictures:
        place, said = f"picture {each.pk}", f"{each.file_name} {each.file_sha256[:16]}"
        if each.file_sha256 in exact or each.shows:
            yield Objection(Rule.PICTURE, Severity.REFUSES, place, 0, 0, said)
        elif each.compared is None:
            why = f"{said}: {each.fault}" if each.fault else said
            yield Objection(Rule.UNCOMPARED, Severity.REFUSES, place, 0, 0, why)
        if each.metadata:
            yield Objection(Rule.METADATA, Severity.REFUSES, place, 0, 0, f"{said}: {', '.join(each.metadata)}")


def _objection(rule: Rule, severity: Severity, place: str, seen: Folded, text: str, start: int, end: int) -> Objection:
    first, last = seen.span(start, end)
    return Objection(rule, severity, place, first, last, text[first:last])


_ENDS = ".!?\n。！？"


def _sentence_at(text: str, place: int) -> str:
    start = max(text.rfind(end, 0, place) for end in _ENDS) + 1
    ends = [at for at in (text.find(end, place) for end in _ENDS) if at >= 0]
    return text[start : min(ends) if ends else len(text)]


def _sentences(text: str) -> Iterator[str]:
    for char in _ENDS:
        text = text.replace(char, "\n")
    yield from text.splitlines()
