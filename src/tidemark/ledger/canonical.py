"""Canonical JSON (RFC 8785), read so strictly that there is one way only to write a value.

A leaf is hashed as bytes and read as JSON. If two texts could stand for one value, or one text for two (duplicate keys,
numbers that a reader rounds), two readers of one leaf could disagree on what was proved.
"""

import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import rfc8785

from tidemark import limits
from tidemark.errors import UnreadableFile

JSON: TypeAlias = "bool | int | float | str | Sequence[JSON] | Mapping[str, JSON] | None"

_STRUCTURE = re.compile(rb'\\.|["\[\]{}]', re.DOTALL)


def dumps(value: Mapping[str, Any]) -> bytes:
    """Write an object canonically.

    Raises
    ------
    ValueError
        If it holds what canonical JSON does not: other types, NaN, infinities, whole numbers beyond 2⁵³ − 1, lone
        surrogates, keys that are no text.
    """
    return rfc8785.dumps(dict(value))


def loads(data: bytes, *, what: str, max_bytes: int, max_depth: int) -> dict[str, Any]:
    """Read an object that :func:`dumps` wrote.

    Parameters
    ----------
    data : bytes
    what : str
        What it is, for messages: "entry".
    max_bytes, max_depth : int
        Checked before anything is decoded.

    Raises
    ------
    UnreadableFile
        If these are not the bytes that :func:`dumps` writes for an object. The message holds no content.
    """
    if len(data) > max_bytes:
        raise UnreadableFile(f"A {what} has at most {max_bytes:,} bytes; this has {len(data):,}. Give the original.")
    if _depth(data) > max_depth:
        raise UnreadableFile(f"A {what} nests at most {max_depth} deep; this is deeper. Give the original.")
    try:
        value = json.loads(
            data.decode(),
            object_pairs_hook=_object,
            parse_int=_whole,
            parse_float=_fraction,
            parse_constant=_constant,
        )
        written = rfc8785.dumps(value)
    except ValueError as fault:
        raise UnreadableFile(f"This is no {what}: it is not canonical JSON ({_reason(fault)}).") from None
    if not isinstance(value, dict):
        raise UnreadableFile(f"A {what} is a JSON object; this is not one. Give the original.")
    if written != data:
        at = next((i for i, (a, b) in enumerate(zip(written, data, strict=False)) if a != b), len(written))
        raise UnreadableFile(f"This is no {what}: from byte {at} on, it is not as canonical JSON (RFC 8785) has it.")
    return value


def check_fields(fields: Mapping[str, Any], expected: frozenset[str], *, what: str) -> None:
    """Raise UnreadableFile unless an object has these fields, no more and no fewer."""
    if missing := sorted(expected - fields.keys()):
        raise UnreadableFile(f"The {what} lacks {', '.join(missing)}. Give the original.")
    if unknown := len(fields.keys() - expected):
        raise UnreadableFile(f"The {what} has fields that version 1 does not know ({unknown}). Give the original.")


def _depth(data: bytes) -> int:
    depth = deepest = 0
    in_text = False
    for match in _STRUCTURE.finditer(data):
        sign = match[0]
        if sign == b'"':
            in_text = not in_text
        elif not in_text and sign in (b"[", b"{"):
            depth += 1
            deepest = max(deepest, depth)
        elif not in_text and sign in (b"]", b"}"):
            depth -= 1
    return deepest


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ValueError("a key occurs twice")
    return fields


def _whole(digits: str) -> int:
    if len(digits.lstrip("-")) > len(str(limits.MAX_JSON_WHOLE)) or abs(int(digits)) > limits.MAX_JSON_WHOLE:
        raise ValueError("a whole number is beyond 2⁵³ − 1")
    return int(digits)


def _fraction(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise ValueError("a number is beyond double precision")
    return value


def _constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON")


def _reason(fault: ValueError) -> str:
    """Say what is wrong without quoting the text, which may hold names."""
    if isinstance(fault, UnicodeDecodeError):
        return "not UTF-8"
    if isinstance(fault, UnicodeEncodeError):
        return "a lone surrogate"
    return str(fault)
