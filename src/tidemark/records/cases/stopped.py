"""Whether nothing goes on from an allegation that was put: it has fallen, or a caveat became known since.

The party answered what it was told, and two persons decided on no more than that. So once something else is known that
speaks against it, or it has not any more what it rests on, no step follows from it, whoever takes it: it is not
concluded, sanctioned, upheld, rectified, or called final in public, and no access is suspended for it.
"""

from tidemark.errors import Refused
from tidemark.records.cases.caveats import why_untold
from tidemark.records.cases.fallen import why_fallen
from tidemark.records.cases.models import Allegation


def why_stopped(allegation: Allegation) -> str:
    """Return why nothing goes on from an allegation, and what to do about it, for the owner's people; '' if it may."""
    return why_fallen(allegation) or (why_untold(allegation) if allegation.put is not None else "")


def refuse_stopped(allegation: Allegation) -> None:
    """Raise Refused if nothing goes on from an allegation. The caller is in the transaction that acts."""
    if reason := why_stopped(allegation):
        raise Refused(reason)
