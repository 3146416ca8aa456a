"""Sentences as runs of text: our own words carry emphasis, what is put into them is data and stays it.

A report names parties, files and agreements that strangers chose. So nothing here is ever formatted into a source of
the typesetter: a sentence is a list of runs, handed over as JSON, and the template sets each run as text.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from string import Formatter
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text in one style. ``raised`` sets it as an exponent, ``code`` in the fixed-width face."""

    text: str
    strong: bool = False
    italic: bool = False
    code: bool = False
    raised: bool = False


_UNBROKEN = re.compile(r" (?=[=\d])|(?<==) ")

Runs: TypeAlias = Sequence[Run]
Value: TypeAlias = str | Runs


def phrase(template: str, **values: Value) -> list[Run]:
    """Fill a sentence of ours.

    Parameters
    ----------
    template : str
        ``{name}`` stands for a value, ``**`` begins and ends bold type, ``_`` italics; ``^`` raises digits, and no line
        ends before a figure. Only the template is read in this way, never a value.
    values : str or sequence of Run

    Examples
    --------
    >>> [run.text for run in phrase("held by **{holder}**", holder="**A** {b}")]
    ['held by ', '**A** {b}']
    """
    runs: list[Run] = []
    strong = italic = False
    for literal, name, _, _ in Formatter().parse(template):
        for piece in re.split(r"(\*\*|_)", _UNBROKEN.sub("\u00a0", literal)):
            if piece in ("**", "_"):
                strong, italic = strong ^ (piece == "**"), italic ^ (piece == "_")
            else:
                runs += [replace(run, strong=strong, italic=italic) for run in powers(piece)]
        if name is not None:
            value = values[name]
            for run in [Run(value)] if isinstance(value, str) else value:
                runs.append(replace(run, strong=run.strong or strong))
    return runs


def code(text: str) -> list[Run]:
    """Set an identifier in the fixed-width face."""
    return [Run(text, code=True)]


def powers(text: str) -> list[Run]:
    """Raise the digits after each ``^``, as in ``10^77``."""
    return [Run(piece, raised=index % 2 == 1) for index, piece in enumerate(re.split(r"\^(−?\d+)", text)) if piece]
