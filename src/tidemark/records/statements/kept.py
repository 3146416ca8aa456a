"""What lies on the shelf of cases, and whether some bytes there still belong to anybody.

Equal files lie there once, whoever handed them in. So what one row gives up may be another's: a statement's picture can
be the very file by which a party has proven something.
"""

from django.db.models import Q

from tidemark.records.cases.models import CaseFile, ReplyFile
from tidemark.records.plans.models import ActionFile
from tidemark.records.sanctions.models import AppealFile, MeasureFile, Sanction
from tidemark.records.statements.models import StatementPicture

HANDED_IN = (CaseFile, ReplyFile, AppealFile, MeasureFile, ActionFile, StatementPicture)
"""Whose files lie there, each under its ``file_sha256``; letters of sanctions lie there too."""


def is_kept(sha256: str) -> bool:
    """Whether a row names these bytes. Who forgets them by that holds the home's lock, under which they are put."""
    if any(model._default_manager.filter(file_sha256=sha256).exists() for model in HANDED_IN):
        return True
    return Sanction.objects.filter(Q(letter_en_sha256=sha256) | Q(letter_zh_sha256=sha256)).exists()
