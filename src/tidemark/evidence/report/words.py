"""Figures in words: times, scores, probabilities and counts, as each language writes them."""

from datetime import datetime

from tidemark.evidence.report.runs import Runs, phrase, powers
from tidemark.evidence.report.texts import Texts
from tidemark.odds import odds


def day(text: Texts, time: str) -> str:
    """Return the date of an RFC 3339 time; what is none is returned as it stands."""
    try:
        at = datetime.fromisoformat(time)
    except ValueError:
        return time
    return text.date.format(year=at.year, month=text.months[at.month - 1], day=at.day)


def moment(text: Texts, time: str) -> str:
    """Return date and time of an RFC 3339 time in UTC; what is none is returned as it stands."""
    try:
        at = datetime.fromisoformat(time)
    except ValueError:
        return time
    return text.moment.format(date=day(text, time), time=f"{at:%H:%M:%S}")


def figure(value: float, decimals: int = 2) -> str:
    """Return a number with a true minus sign; −0.00 is 0.00."""
    return f"{value:.{decimals}f}".replace("-", "−") if round(value, decimals) else f"{0:.{decimals}f}"


def share(value: float) -> str:
    """Return a share as a percentage."""
    return f"{100 * value:.1f}%"


def count(text: Texts, number: int) -> str:
    """Return a small number in words, where the language does so."""
    return text.small_numbers[number] if number < len(text.small_numbers) else f"{number:,}"


def number_of(log10_bound: float) -> Runs:
    """Return n of "at most 1 in n", for a bound below 1."""
    return powers(odds(log10_bound).rpartition(" ")[2])


def chances(text: Texts, log10_bound: float) -> Runs:
    """Return a bound in words that fit into a sentence."""
    if log10_bound >= 0:
        return phrase(text.no_odds)
    return phrase(text.odds, number=number_of(log10_bound))


def probability(value: float) -> Runs:
    """Return a small probability as a power of ten, or with three digits."""
    mantissa, _, exponent = f"{value:.2e}".partition("e")
    if int(exponent) >= -2:
        return powers(f"{value:.3g}")
    power = f"10^{int(exponent)}".replace("-", "−")
    return powers(power if float(mantissa) == 1 else f"{float(mantissa):g} × {power}")
