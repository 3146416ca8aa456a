"""Names on record in Chinese are found in our letters."""

import pytest

from tidemark.records.reidentify.check import compiled
from tidemark.records.reidentify.known import Known, KnownParty
from tidemark.records.reidentify.objection import Rule, Severity

CHECK = compiled(Known(parties=(KnownParty("1", names=("苏州云岚汽车饰件有限公司",), persons=("王志强",)),)))


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        ("Suzhou Yunlan Automotive Trim", Rule.NAME),
        ("Yun Lan", Rule.NAME),
        ("yun-lan", Rule.NAME),
        ("Yúnlán", Rule.NAME),
        ("Wang Zhiqiang", Rule.PERSON),
        ("Zhiqiang Wang", Rule.PERSON),
        ("Wang Zhi-Qiang", Rule.PERSON),
        ("wangzhiqiang", Rule.PERSON),
    ],
)
def test_a_chinese_name_is_found_in_pinyin(written: str, rule: Rule) -> None:
    found = CHECK.text("text_en", f"The picture came from {written} this week.")
    assert [(each.rule, each.severity) for each in found] == [(rule, Severity.REFUSES)]


@pytest.mark.parametrize("written", ["Mr Wang", "Suzhou", "Yun", "Lan", "Qiang", "a LAN cable", "Zhi and others"])
def test_a_syllable_or_a_city_alone_is_nobodys_name(written: str) -> None:
    assert CHECK.text("text_en", f"The picture came from {written} this week.") == ()
