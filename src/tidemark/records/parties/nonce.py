"""A holder's nonce: what the holder contributes to the keys of its copies. Knows no Django.

The key of a copy is derived from the owner's secret and, where there is one, from its holder's nonce, and the copy's
entry in the ledger says which. A key derived so is chosen by neither side alone. That it was derived so, and not made
up, is shown to whoever sees the owner's secret, an auditor for example, and to nobody else.
"""

import re

from tidemark import limits

_NONCE = re.compile(rf"(?:[0-9a-f]{{2}}){{{limits.MIN_NONCE_BYTES},{limits.MAX_NONCE_BYTES}}}")


def read_nonce(text: str) -> bytes:
    """Return the bytes of a nonce as it is written: hexadecimal digits, spaces left out; empty for none.

    Raises
    ------
    ValueError
        If it is anything else, or too short or too long.
    """
    digits = "".join(text.split()).lower()
    if digits and not _NONCE.fullmatch(digits):
        raise ValueError(
            f"a nonce is {2 * limits.MIN_NONCE_BYTES} to {2 * limits.MAX_NONCE_BYTES} hexadecimal digits, in pairs"
        )
    return bytes.fromhex(digits)
