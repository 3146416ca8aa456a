"""What a report says, as a table of sentences: one instance for each language, with the same placeholders.

``{name}`` stands for a value and ``**`` for emphasis; :mod:`~tidemark.evidence.report.runs` says how they are filled.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question of section 5, and what the figures answer to it.

    A score is what chance gives, or too faint to accuse, or it is an accusation; so there are three answers, and one
    for where there was nothing to test.
    """

    asked: str
    chance: str
    faint: str
    present: str
    untested: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """All sentences of a report in one language."""

    language: str
    region: str

    # Figures in words
    date: str
    moment: str
    months: tuple[str, ...]
    small_numbers: tuple[str, ...]
    odds: str
    no_odds: str
    size: str
    and_more: str
    sentence_space: str

    # The frame of the page
    title: str
    subtitle: str
    header: str
    confidential: str
    footer: str
    fact_project: str
    fact_draft: str
    fact_draft_value: str
    fact_leak: str
    fact_owner: str
    fact_made: str
    figure: str

    # 1
    finding_heading: str
    finding_one: str
    finding_many: str
    finding_odds_one: str
    finding_odds_many: str
    claims_lead: str
    claims_head: tuple[str, str, str]
    claims_grounds: tuple[str, str, str]
    claims_score: str
    claims_odds: str
    claims_issued: str
    claims_under: str
    claims_nobody: str
    claims_after: str

    # 2
    leak_heading: str
    leak_lead: str
    leak_mirrored: str
    leak_facts: Mapping[str, str]
    leak_as_found: str
    leak_aligned: str
    leak_draft: str

    # 3
    where_heading: str
    where_lead: str
    where_difference: str
    where_map: str
    where_after: str

    # 4
    scores_heading: str
    scores_lead: str
    scores_caption: str
    scores_caption_columns: str
    scores_caption_decoys: str
    scores_compressed: str
    scores_axis: str
    scores_bell: str
    scores_threshold: str
    scores_decoy: str
    scores_accused: str
    scores_head: tuple[str, str, str, str, str]
    scores_after: str

    # 5
    rivals_heading: str
    rivals_lead: str
    rivals_mixed_one: Question
    rivals_mixed_many: Question
    rivals_master: Question
    rivals_revision: str
    rivals_revision_none: str
    rivals_revision_some: str
    rivals_revision_head: tuple[str, str, str, str]
    rivals_this_draft: str

    # 6
    custody_heading: str
    custody_lead: str
    custody_lead_unstated: str
    custody_head: tuple[str, str, str]
    custody_kinds: Mapping[str, str]
    custody_after: str

    # 7
    limits_heading: str
    limits_lead: str
    limits: tuple[str, ...]

    # 8
    check_heading: str
    check_lead: str
    check_steps: tuple[str, ...]
    check_after: str

    # 9
    annex_heading: str
    annex_method_heading: str
    annex_method: tuple[str, ...]
    annex_bound_word: str
    annex_score_alt: str
    annex_bound_alt: str
    annex_rounds: str
    annex_figures_heading: str
    annex_tests: Mapping[str, str]
    annex_threshold_round: str
    annex_bound_value: str
    annex_accused_heading: str
    annex_accused_head: tuple[str, str, str, str]
    annex_accused_after: str
    annex_registration_heading: str
    annex_registration: Mapping[str, str]
    annex_yes: str
    annex_no: str
    annex_hashes_heading: str
    annex_hashes: Mapping[str, str]
    annex_versions_heading: str
