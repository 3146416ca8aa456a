"""Sums of money in a text: "CNY 1,000,000", "one million yuan", "100万元"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from tidemark.records.reidentify.ordinary import words

_CURRENCIES = {
    "CNY": "cny rmb yuan renminbi 元 人民币 ¥ ￥",
    "USD": "usd us-dollars dollars dollar us$ $ 美元",
    "EUR": "eur euro euros € 欧元",
    "GBP": "gbp pounds £ 英镑",
    "JPY": "jpy yen 日元",
    "CHF": "chf",
    "KRW": "krw won 韩元",
}
_CURRENCY = {word: code for code, words in _CURRENCIES.items() for word in words.split()}
_SCALES = {"thousand": 3, "k": 3, "million": 6, "millions": 6, "mio": 6, "mn": 6, "m": 6, "billion": 9, "bn": 9}
_SCALES_ZH = {"十": 1, "百": 2, "千": 3, "万": 4, "百万": 6, "千万": 7, "亿": 8}
_SPOKEN = {
    word: Decimal(value)
    for value, word in enumerate(words("zero one two three four five six seven eight nine ten eleven twelve"))
} | {"a": Decimal(1), "half": Decimal("0.5")}
_DIGITS_ZH = {char: Decimal(value) for value, char in enumerate("〇一二三四五六七八九")} | {
    "两": Decimal(2),
    "零": Decimal(0),
    "半": Decimal("0.5"),
}

_WORDS = "|".join(sorted(map(re.escape, _CURRENCY), key=len, reverse=True))
_FIGURE = r"\d(?:[\d,.'\u00a0\u202f ]*\d)?"
_NUMBER = rf"(?:{_FIGURE}|\b(?:{'|'.join(_SPOKEN)})\b(?:\s+an?)?|[〇零一二三四五六七八九两半]+)"
_SCALE = rf"\s*(?:\b(?:{'|'.join(_SCALES)})\b|[十百千万亿]+|(?<=\d)(?:k|m|mn|mio|bn)\b)?"
_SUM = re.compile(
    rf"(?P<before>{_WORDS})?\s*(?P<number>{_NUMBER})(?P<scale>{_SCALE})\s*\(?(?:(?:in|of|chinese)\s+)*(?P<after>{_WORDS})?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum of money, and where it stands."""

    amount: Decimal
    currency: str
    start: int
    end: int


def sums_in(text: str) -> Iterator[Sum]:
    """Yield every number with a currency beside it. ``text`` is folded."""
    for match in _SUM.finditer(text):
        currency = _CURRENCY.get((match["before"] or match["after"] or "").casefold(), "")
        amount = _value(match["number"].strip(), match["scale"].strip())
        if currency and amount is not None:
            found = match[0]
            start = match.start() + len(found) - len(found.lstrip())
            yield Sum(amount, currency, start, match.start() + len(found.rstrip()))


def _value(number: str, scale: str) -> Decimal | None:
    value: Decimal | None
    if number[0].isdigit():
        value = _figure(number, has_scale=bool(scale))
    elif number[0] in _DIGITS_ZH:
        value = Decimal(0)
        for char in number:
            value = 10 * value + _DIGITS_ZH[char]
    else:
        value = _SPOKEN[number.split()[0].casefold()]
    if value is None or not scale:
        return value
    if scale in _SCALES:
        return value.scaleb(_SCALES[scale])
    return value.scaleb(sum(_SCALES_ZH[char] for char in scale))


def _figure(text: str, *, has_scale: bool) -> Decimal | None:
    """Read 1,000,000 · 1.000.000 · 1 000 000 · 1'000'000.00 · 1.5 (million)."""
    plain = re.sub(r"['\u00a0\u202f ]", "", text)
    last = max(plain.rfind(","), plain.rfind("."))
    if last >= 0:
        mark, decimals = plain[last], len(plain) - last - 1
        is_decimal = plain.count(mark) == 1 and (decimals != 3 or (has_scale and mark == "."))
        whole = re.sub(r"[,.]", "", plain[:last])
        plain = f"{whole}.{plain[last + 1 :]}" if is_decimal else re.sub(r"[,.]", "", plain)
    try:
        return Decimal(plain)
    except InvalidOperation:
        return None
