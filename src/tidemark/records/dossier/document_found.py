"""What was found, as the dossier's pages say it: where it was seen, what it shows, whose copy it is."""

from collections.abc import Collection, Iterator

from django.utils.translation import gettext as _

from tidemark.records.dossier.blocks import (
    Block,
    day,
    moment,
    odds,
    pictures,
    quoted,
    rows,
    said,
    section,
    small,
    table,
    under,
)
from tidemark.records.dossier.facts import Facts
from tidemark.records.dossier.facts_found import FoundLeak, Laid, Named, Seen, Traced
from tidemark.records.projects.models import Draft
from tidemark.records.sightings.embargo import Outcome
from tidemark.records.sightings.models import Sighting


def leaks(facts: Facts) -> Block:
    """Return the section of the leaks."""
    standing = {copy for put in facts.allegations if not put.withdrawn for copy in put.copies}
    taken_back = {copy for put in facts.allegations if put.withdrawn and put.put for copy in put.copies} - standing
    return section(_("What was found"), *(part for leak in facts.leaks for part in _leak(leak, taken_back)))


def sightings(facts: Facts) -> Block:
    """Return the section of the sightings."""
    lines = [
        (
            each.vehicle,
            each.place,
            moment(each.seen),
            f"{Sighting.Camouflage(each.camouflage).label}; {Sighting.Drive(each.drive).label}",
            str(Outcome(each.outcome).label),
        )
        for each in facts.sightings
    ]
    head = _("Vehicle"), _("Place"), _("Seen (UTC)"), _("Camouflage; drive"), _("Embargo")
    parts = (
        table(head, ("2fr", "1.4fr", "auto", "2fr", "1.2fr"), lines),
        small(_("A sighting carries no mark and accuses nobody.")) if lines else None,
    )
    return section(_("Sightings"), *parts)


def _leak(leak: FoundLeak, taken_back: Collection[str]) -> Iterator[Block | None]:
    yield under(leak.title)
    head = _("Where"), _("Poster"), _("Posted (UTC)"), _("Received (UTC)"), _("Found by")
    yield table(head, ("2fr", "1.3fr", "auto", "auto", "1.3fr"), [_line(each) for each in leak.seen])
    yield from (quoted(each.text, lead=_("Written with it")) for each in leak.seen if each.text)
    if leak.is_divided:
        yield said(_("Its files accuse different copies: they do not come from one source, however alike they look."))
    previews = {each.file.sha256: each.preview_sha256 for each in leak.seen}
    for trace in leak.traces:
        yield from _trace(trace, previews.get(trace.file_sha256, ""), taken_back)


def _line(seen: Seen) -> tuple[str, ...]:
    where = " · ".join(part for part in (seen.platform, seen.channel) if part) or seen.found
    return where, seen.poster, moment(seen.posted), moment(seen.received), seen.finder


def _trace(trace: Traced, preview_sha256: str, taken_back: Collection[str]) -> Iterator[Block | None]:
    for laid in trace.laid:
        drawn = laid.pictures
        yield pictures(
            [
                (drawn.get("leak", ""), _("The leak, laid on the draft")),
                (drawn.get("draft", ""), _("The draft, unmarked")),
                (drawn.get("where", ""), _("Where the mark was found")),
            ]
        )
        yield said(_draft(laid))
    if not trace.laid:
        yield pictures([(preview_sha256, _("The file as it was found"))])
    if not any(named.is_accused for named in trace.named):
        said_of = {
            "suspected": _("The trace accuses no copy. It gives a lead, which is never an accusation."),
            "inconclusive": _("The trace accuses no copy: what is left of the mark does not tell whose it is."),
            "unmatched": _("The file shows no draft on record."),
        }
        yield said(said_of.get(trace.verdict, _("The file was not traced.")))
    for named in trace.named:
        yield from _named(named)
        if named.copy in taken_back:
            yield said(_("What was put to a party about this copy was withdrawn, and does not stand."), strong=True)
    yield rows(
        (_("File (SHA-256)"), trace.file_sha256),
        (_("Copies tested"), f"{trace.copies_tested:,}" if trace.copies_tested else ""),
        (_("Traced (UTC)"), moment(trace.finished)),
        (_("Ledger entry"), str(trace.ledger_index) if trace.ledger_index is not None else ""),
        (
            _("Sealed evidence (SHA-256)"),
            "\n".join(each.evidence_sha256 for each in trace.laid if each.evidence_sha256),
        ),
    )


def _draft(laid: Laid) -> str:
    facts = {
        "name": laid.file_name,
        "revision": laid.revision,
        "status": Draft.Status(laid.status).label,
        "coverage": f"{laid.coverage:.0%}",
    }
    return _("It shows %(coverage)s of %(name)s, revision %(revision)d (%(status)s).") % facts


def _named(named: Named) -> Iterator[Block | None]:
    if not named.is_accused:
        yield small(_("A lead, never an accusation: copy %(copy)s.") % {"copy": named.copy})
        return
    custodian = _("%(party)s, for %(person)s") if named.person else "%(party)s"
    answers = _("nobody outside: it is the owner's own copy") if named.is_own else named.responsible
    yield rows(
        (
            _("The copy"),
            _("%(copy)s; an innocent copy would be named on such evidence with a probability of %(odds)s (z = %(z).1f)")
            % {"copy": named.copy, "odds": odds(named.log10_bound), "z": named.z},
        ),
        (
            _("The custodian"),
            custodian % {"party": named.custodian, "person": named.person}
            + _(", issued on %(day)s") % {"day": day(named.issued)},
        ),
        (_("Its way"), " → ".join(named.way) if len(named.way) > 1 else ""),
        (
            _("The responsible party"),
            answers + (_(", under %(agreement)s") % {"agreement": named.agreement} if named.agreement else "")
            if answers
            else _("no agreement on record says who answers"),
        ),
    )
