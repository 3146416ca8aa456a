"""Sentences: our words are read, values are not."""

from tidemark.evidence.report.runs import Run, phrase, powers


def test_a_value_is_never_read() -> None:
    assert phrase("by {name}.", name="**{x}** _y_ 10^3") == [Run("by "), Run("**{x}** _y_ 10^3"), Run(".")]


def test_emphasis_reaches_over_values() -> None:
    assert phrase("a **b {c}** d", c="C") == [Run("a "), Run("b ", strong=True), Run("C", strong=True), Run(" d")]


def test_digits_after_a_caret_are_raised() -> None:
    assert powers("10^77") == [Run("10"), Run("77", raised=True)]
    assert phrase("below 10^−77.") == [Run("below\u00a010"), Run("−77", raised=True), Run(".")]


def test_no_line_ends_before_a_figure() -> None:
    assert phrase("section 7 says _z_ = {z}", z="1")[0] == Run("section\u00a07 says ")
    assert phrase("_z_ = {z}", z="1") == [Run("z", italic=True), Run("\u00a0=\u00a0"), Run("1")]
