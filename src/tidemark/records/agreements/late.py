"""Whether an agreement is over: its term has passed, or it was terminated."""

from datetime import date

from django.db.models import Q

from tidemark.records.agreements.models import Agreement


def is_over(on: date, *, of: str = "") -> Q:
    """Return the condition that an agreement is over on a day.

    Parameters
    ----------
    of : str
        The relation by which a row has the agreement, such as ``agreement``; '' for agreements themselves.
    """
    before = f"{of}__" if of else ""
    lapsed = Q(**{f"{before}state": Agreement.State.IN_FORCE, f"{before}valid_until__lt": on})
    return lapsed | Q(**{f"{before}state": Agreement.State.TERMINATED})
