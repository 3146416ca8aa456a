"""From a finding to the content of its report: sections made of blocks, in the order in which they are read.

Pure. A block is a dictionary that goes to the template as JSON; ``kind`` says how it is set. Every sentence comes from
:class:`~tidemark.evidence.report.texts.Texts`, every figure from the finding, and neither is made up here.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import partial

import numpy as np

from tidemark.engine.detect import Scores
from tidemark.evidence.finding import Accused, DraftClaim, Finding
from tidemark.evidence.report import words
from tidemark.evidence.report.annex import annex
from tidemark.evidence.report.blocks import Block, lead, paragraph, threshold_z
from tidemark.evidence.report.runs import Run, Runs, code, phrase
from tidemark.evidence.report.strip import MAX_DOTS, strip
from tidemark.evidence.report.texts import Question, Texts

MAX_LABELS = 5
"""Accused copies that are labelled in the plot; the table below it has all of them."""


def content(finding: Finding, decoys: Scores, text: Texts) -> Block:
    """Return everything that stands in the report, except the pictures themselves. ``decoys`` are all their z."""
    draft = finding.draft
    sections: list[tuple[str, Callable[[Finding, Texts], list[Block]]]] = [
        (text.finding_heading, _the_finding),
        (text.leak_heading, _leak_and_draft),
        (text.where_heading, _where_found),
        (text.scores_heading, partial(_scores, scored_decoys=decoys)),
        (text.rivals_heading, _rivals),
        (text.custody_heading, _custody),
        (text.limits_heading, _limits),
        (text.check_heading, _check),
        (text.annex_heading, annex),
    ]
    return {
        "language": text.language,
        "region": text.region,
        "title": text.title,
        "subtitle": text.subtitle,
        "owner": finding.owner,
        "header": text.header.format(hash=finding.leak.sha256[:16]),
        "confidential": text.confidential,
        "footer": text.footer,
        "facts": [
            *([[text.fact_project, draft.project]] if draft.project else []),
            [text.fact_draft, text.fact_draft_value.format(name=draft.file_name, revision=draft.revision)],
            [text.fact_leak, finding.leak.name],
            [text.fact_owner, finding.owner],
            [text.fact_made, words.day(text, finding.made)],
        ],
        "sections": [{"heading": heading, "blocks": make(finding, text)} for heading, make in sections],
    }


# --- the sections, in order ---------------------------------------------------------------------------------------


def _the_finding(finding: Finding, text: Texts) -> list[Block]:
    accused = finding.accused
    first = accused[0]
    draft = finding.draft.file_name
    if len(accused) == 1:
        sentence = phrase(
            text.finding_one,
            leak=finding.leak.name,
            copy=code(first.copy),
            draft=draft,
            owner=finding.owner,
            holder=first.holder,
            issued=words.day(text, first.issued),
        )
    else:
        sentence = phrase(
            text.finding_many,
            leak=finding.leak.name,
            count=words.count(text, len(accused)),
            draft=draft,
            owner=finding.owner,
        )
    weakest = max(each.log10_bound for each in accused)
    odds = phrase(
        text.finding_odds_one if len(accused) == 1 else text.finding_odds_many, number=words.number_of(weakest)
    )
    return [
        {"kind": "verdict", "sentences": [sentence, odds]},
        lead(text.claims_lead),
        {
            "kind": "claims",
            "head": text.claims_head,
            "grounds": text.claims_grounds,
            "rows": [_claims(each, text) for each in accused],
        },
        paragraph(text.claims_after),
    ]


def _claims(accused: Accused, text: Texts) -> list[list[Runs]]:
    """Return the three claims about one copy: what is claimed, and on what."""
    chances = words.chances(text, accused.log10_bound)
    copy: list[Runs] = [
        code(accused.copy),
        phrase(text.claims_score, z=words.figure(accused.z)),
        phrase(text.claims_odds, odds=chances),
    ]
    custodian: list[Runs] = [_strong(accused.holder), phrase(text.claims_issued, date=words.day(text, accused.issued))]
    if not accused.responsible:
        return [copy, custodian, [phrase(text.claims_nobody)]]
    return [copy, custodian, [_strong(accused.responsible), phrase(text.claims_under, agreement=accused.agreement)]]


def _leak_and_draft(finding: Finding, text: Texts) -> list[Block]:
    leak, draft, facts = finding.leak, finding.draft, text.leak_facts
    opening = phrase(
        text.leak_lead, coverage=words.share(draft.coverage), correlation=words.figure(draft.correlation, decimals=3)
    )
    return [
        {"kind": "paragraph", "runs": opening},
        *([paragraph(text.leak_mirrored)] if draft.mirrored else []),
        {
            "kind": "picture-with-facts",
            "picture": _picture("leak_as_found", 1, text, text.leak_as_found),
            "facts": [
                [facts["name"], phrase("{name}", name=leak.name)],
                [facts["size"], phrase(text.size, bytes=f"{leak.size_bytes:,}")],
                *([[facts["found"], phrase("{found}", found=leak.found)]] if leak.found else []),
                [facts["received"], phrase("{received}", received=words.moment(text, leak.received))],
                [facts["sha256"], code(f"{leak.sha256[:32]} {leak.sha256[32:]}")],
            ],
        },
        {
            "kind": "pictures",
            "pictures": [
                _picture("leak", 2, text, text.leak_aligned),
                _picture("draft", 3, text, text.leak_draft),
            ],
        },
    ]


def _where_found(finding: Finding, text: Texts) -> list[Block]:
    first = finding.accused[0]
    return [
        paragraph(text.where_lead, copy=code(first.copy), z=words.figure(first.z)),
        paragraph(text.where_after),
        {
            "kind": "pictures",
            "pictures": [
                _picture("difference", 4, text, text.where_difference),
                _picture("where", 5, text, text.where_map, copy=code(first.copy)),
            ],
        },
    ]


def _scores(finding: Finding, text: Texts, *, scored_decoys: Scores) -> list[Block]:
    tested, decoys = finding.tested, finding.decoys
    copies = f"{tested.copies:,}"
    head = text.scores_head
    return [
        paragraph(text.scores_lead, copies=copies, threshold=words.figure(threshold_z(finding))),
        _plot(finding, scored_decoys, text),
        {
            "kind": "table",
            "may-go-on": False,
            "head": head,
            "widths": ["auto", "auto", "1fr", "auto", "auto"],
            "numeric": [3],
            "rows": [
                [
                    [Run(str(number), strong=True)],
                    code(each.copy),
                    phrase("{holder}", holder=each.holder),
                    phrase(words.figure(each.z)),
                    words.chances(text, each.log10_bound),
                ]
                for number, each in enumerate(finding.accused, 1)
            ],
        },
        paragraph(
            text.scores_after,
            decoys=f"{decoys.count:,}",
            max_z=words.figure(decoys.max_z),
            ks_p=words.probability(decoys.ks_p),
        ),
    ]


def _plot(finding: Finding, scored_decoys: Scores, text: Texts) -> Block:
    """Return the plot of section 4. Labels rise with the score, so that no leader crosses another's label."""
    tested, decoys, accused = finding.tested, finding.decoys, finding.accused
    threshold = threshold_z(finding)
    drawn = strip(tested.scores, [each.z for each in accused], threshold=threshold, decoys=scored_decoys)
    named = sorted(range(len(accused)), key=lambda index: accused[index].z)
    labelled = sorted(range(len(accused))[:MAX_LABELS], key=lambda index: accused[index].z)
    hidden = len(accused) - len(labelled)
    caption = text.scores_caption if len(tested.scores) <= MAX_DOTS else text.scores_caption_columns
    caption += text.sentence_space + text.scores_caption_decoys
    counts = {"copies": f"{len(tested.scores):,}", "decoys": f"{len(scored_decoys):,}"}
    return {
        "kind": "plot",
        "strip": asdict(drawn),
        "marks": [{"x": drawn.accused[index], "number": str(index + 1)} for index in named],
        "labels": [
            {
                "x": drawn.accused[index],
                "number": str(index + 1),
                "runs": phrase(
                    text.scores_accused, holder=_shortened(accused[index].holder), z=words.figure(accused[index].z)
                ),
            }
            for index in labelled
        ],
        "more": phrase(text.and_more, count=str(hidden)) if hidden else [],
        "axis": text.scores_axis,
        "bell": text.scores_bell,
        "threshold": text.scores_threshold.format(z=words.figure(threshold)),
        "decoy": text.scores_decoy.format(z=words.figure(decoys.max_z)),
        "caption": phrase(caption, **counts)
        + (phrase(text.sentence_space + text.scores_compressed) if drawn.compressed else []),
        "number": text.figure.format(number=6),
        "alt": caption.format(**counts),
    }


def _rivals(finding: Finding, text: Texts) -> list[Block]:
    rivals, accused = finding.rivals, finding.accused
    mixed = text.rivals_mixed_one if len(accused) == 1 else text.rivals_mixed_many
    only_copies = finding.tested.copies <= len(accused)
    return [
        lead(text.rivals_lead, owner=finding.owner),
        _answer(
            mixed,
            "untested" if only_copies else _strength(rivals.next_copy_log10_bound, finding),
            z=words.figure(rivals.next_copy_z),
            odds=words.chances(text, rivals.next_copy_log10_bound),
            count=words.count(text, len(accused)),
            threshold=words.figure(threshold_z(finding, round_=max(each.round for each in accused) + 1)),
        ),
        _of_master(finding, text),
        *_revisions(finding, text),
    ]


def _of_master(finding: Finding, text: Texts) -> Block:
    z, log10_bound = finding.rivals.master_z, finding.rivals.master_log10_bound
    if z is None or log10_bound is None:
        return _answer(text.rivals_master, "untested", owner=finding.owner)
    return _answer(
        text.rivals_master,
        _strength(log10_bound, finding),
        z=words.figure(z),
        odds=words.chances(text, log10_bound),
        owner=finding.owner,
    )


def _answer(question: Question, strength: str, **values: str | Runs) -> Block:
    return {
        "kind": "answer",
        "question": question.asked,
        "sticky": False,
        "runs": phrase(getattr(question, strength), **values),
    }


def _strength(log10_bound: float, finding: Finding) -> str:
    if log10_bound <= np.log10(finding.thresholds.accused):
        return "present"
    return "faint" if log10_bound <= np.log10(finding.thresholds.suspected) else "chance"


def _revisions(finding: Finding, text: Texts) -> list[Block]:
    draft, others = finding.draft, finding.rivals.other_revisions
    if not others:
        only = phrase(
            text.rivals_revision_none,
            draft=draft.file_name,
            revision=str(draft.revision),
            correlation=words.figure(draft.correlation, decimals=3),
        )
        return [{"kind": "answer", "question": text.rivals_revision, "sticky": False, "runs": only}]

    def row(each: DraftClaim, name: Runs) -> list[Runs]:
        figures = (str(each.revision), words.figure(each.correlation, decimals=3), words.share(each.coverage))
        return [name, *(phrase("{it}", it=figure) for figure in figures)]

    return [
        {
            "kind": "answer",
            "question": text.rivals_revision,
            "sticky": True,
            "runs": phrase(text.rivals_revision_some),
        },
        {
            "kind": "table",
            "may-go-on": False,
            "head": text.rivals_revision_head,
            "widths": ["1fr", "auto", "auto", "auto"],
            "numeric": [1, 2, 3],
            "rows": [
                row(draft, phrase("**" + text.rivals_this_draft + "**", name=draft.file_name)),
                *(row(each, phrase("{name}", name=each.file_name)) for each in others),
            ],
        },
    ]


def _custody(finding: Finding, text: Texts) -> list[Block]:
    opening = phrase(
        text.custody_lead if finding.leak.found else text.custody_lead_unstated,
        found=finding.leak.found.rstrip(" .。"),  # a finder's sentence within one of ours
        owner=finding.owner,
        received=words.moment(text, finding.leak.received),
    )
    rows = [
        [
            phrase(f"{event.index:,}"),
            phrase("{kind}", kind=text.custody_kinds.get(event.kind, event.kind)),
            phrase("{time}", time=words.moment(text, event.time)),
        ]
        for event in finding.timeline
    ]
    return [
        {"kind": "paragraph", "runs": opening},
        {
            "kind": "table",
            "may-go-on": True,
            "head": text.custody_head,
            "widths": ["auto", "1fr", "auto"],
            "numeric": [0],
            "rows": rows,
        },
        paragraph(text.custody_after),
    ]


def _limits(finding: Finding, text: Texts) -> list[Block]:
    items = [phrase(each, owner=finding.owner) for each in text.limits]
    return [lead(text.limits_lead), {"kind": "list", "items": items}]


def _check(finding: Finding, text: Texts) -> list[Block]:
    steps = [phrase(each, owner=finding.owner) for each in text.check_steps]
    return [
        lead(text.check_lead, owner=finding.owner),
        {"kind": "steps", "items": steps},
        paragraph(text.check_after),
    ]


# --- what several sections need -----------------------------------------------------------------------------------


def _picture(name: str, number: int, text: Texts, caption: str, **values: str | Runs) -> Block:
    runs: Sequence[Run] = phrase(caption, **values)
    return {
        "name": name,
        "number": text.figure.format(number=number),
        "caption": runs,
        "alt": "".join(run.text for run in runs),
    }


def _strong(name: str) -> list[Run]:
    return [Run(name, strong=True)]


def _shortened(name: str, most: int = 44) -> str:
    return name if len(name) <= most else name[: most - 1].rstrip() + "…"
