"""What was selected in the distribution matrix, as its form sends it."""


def pairs_of(text: str) -> set[tuple[str, str]]:
    """Return the pairs of person and draft, by their ids: ``person:draft``, apart by white space."""
    return {(person, draft) for person, colon, draft in (pair.partition(":") for pair in text.split()) if colon}
