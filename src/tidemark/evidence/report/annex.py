"""The last section of a report, for experts: every figure of the finding, and how it was reached."""

from tidemark.evidence.finding import DraftClaim, Finding
from tidemark.evidence.report import words
from tidemark.evidence.report.blocks import Block, lead, paragraph, threshold_z
from tidemark.evidence.report.runs import Runs, code, phrase
from tidemark.evidence.report.texts import Texts


def annex(finding: Finding, text: Texts) -> list[Block]:
    """Return the annex: method, tests, accused copies, registration, hashes, versions."""
    marking, score, independence, bound = text.annex_method
    versions = "; ".join(f"{name}\u00a0{it}" for name, it in sorted(finding.versions.items()))
    return [
        {"kind": "heading", "text": text.annex_method_heading},
        paragraph(marking),
        lead(score),
        {"kind": "score-formula", "alt": text.annex_score_alt},
        paragraph(independence),
        lead(bound),
        {"kind": "bound-formula", "word": text.annex_bound_word, "alt": text.annex_bound_alt},
        paragraph(text.annex_rounds),
        {"kind": "heading", "text": text.annex_figures_heading},
        {"kind": "pairs", "rows": _tests(finding, text)},
        {"kind": "heading", "text": text.annex_accused_heading},
        {
            "kind": "table",
            "may-go-on": False,
            "head": text.annex_accused_head,
            "widths": ["1fr", "auto", "auto", "auto"],
            "numeric": [1, 2, 3],
            "rows": [
                [code(each.copy), *map(phrase, (str(each.round), words.figure(each.z), words.figure(each.log10_bound)))]
                for each in finding.accused
            ],
        },
        {"kind": "note", "runs": phrase(text.annex_accused_after)},
        {"kind": "heading", "text": text.annex_registration_heading},
        *(
            {"kind": "pairs", "rows": _registration(each, text)}
            for each in (finding.draft, *finding.rivals.other_revisions)
        ),
        {"kind": "heading", "text": text.annex_hashes_heading},
        {
            "kind": "pairs",
            "rows": [
                [text.annex_hashes["leak"], code(finding.leak.sha256)],
                [text.annex_hashes["draft"], code(finding.draft.sha256)],
            ],
        },
        {"kind": "heading", "text": text.annex_versions_heading},
        {"kind": "note", "runs": phrase("{versions}", versions=versions)},
    ]


def _tests(finding: Finding, text: Texts) -> list[tuple[str, Runs]]:
    tested, decoys, rivals, label = finding.tested, finding.decoys, finding.rivals, text.annex_tests
    rounds = sorted({each.round for each in finding.accused})

    def bound(z: float, log10_bound: float) -> Runs:
        return phrase(text.annex_bound_value, z=words.figure(z), bound=words.figure(log10_bound))

    needed = [
        text.annex_threshold_round.format(z=words.figure(threshold_z(finding, round_=each)), round=each)
        for each in rounds
    ]
    rows: list[tuple[str, Runs]] = [
        (label["copies"], phrase(f"{tested.copies:,}")),
        (label["hypotheses"], phrase(f"{tested.hypotheses:,}")),
        (label["accused"], words.probability(finding.thresholds.accused)),
        (label["suspected"], words.probability(finding.thresholds.suspected)),
        (label["threshold"], phrase("{it}", it="; ".join(needed))),
        (label["decoys"], phrase(f"{decoys.count:,}")),
        (label["decoy_max"], phrase(f"z = {words.figure(decoys.max_z)}")),
        (label["decoy_ks"], words.probability(decoys.ks_p)),
        (label["seed"], code(decoys.seed)),
    ]
    if tested.copies > len(finding.accused):
        rows.append((label["next"], bound(rivals.next_copy_z, rivals.next_copy_log10_bound)))
    if rivals.master_z is not None and rivals.master_log10_bound is not None:
        rows.append((label["master"], bound(rivals.master_z, rivals.master_log10_bound)))
    return rows


def _registration(draft: DraftClaim, text: Texts) -> list[tuple[str, Runs]]:
    label = text.annex_registration
    return [
        (label["draft"], code(draft.draft)),
        (label["file"], phrase("{it}", it=draft.file_name)),
        (label["revision"], phrase(str(draft.revision))),
        (label["correlation"], phrase(words.figure(draft.correlation, decimals=3))),
        (label["coverage"], phrase(words.share(draft.coverage))),
        (label["mirrored"], phrase(text.annex_yes if draft.mirrored else text.annex_no)),
    ]
