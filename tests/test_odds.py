"""A bound in words is never smaller than the bound."""

import math
import re

from hypothesis import given
from hypothesis import strategies as st

from tidemark.engine.accuse import Accusation
from tidemark.odds import odds


@given(st.floats(min_value=-100_000, max_value=-0.01))
def test_words_never_understate(log10_bound: float) -> None:
    words = odds(log10_bound)
    power = re.fullmatch(r"at most 1 in 10\^(\d+)", words)
    plain = re.fullmatch(r"at most 1 in ([\d,]+)", words)
    assert power or plain
    said = -int(power[1]) if power else -math.log10(int(plain[1].replace(",", "")))
    assert said >= log10_bound - 1e-9


@given(st.floats(min_value=-100_000, max_value=10))
def test_the_float_is_a_bound_too(log10_bound: float) -> None:
    bound = Accusation("draft", "copy", 9.0, min(log10_bound, 0.0), 1).false_accusation_bound
    assert 0 < bound <= 1
    assert math.log10(bound) >= min(log10_bound, 0) - 1e-9


def test_examples() -> None:
    assert odds(-21.4) == "at most 1 in 10^21"
    assert odds(-4837.2) == "at most 1 in 10^77"
    assert odds(-6.05) == "at most 1 in 1,122,018"
    assert odds(0.0) == "with any probability"
