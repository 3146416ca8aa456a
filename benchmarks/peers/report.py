"""The page of results: what every scheme costs the picture, whom it names, and in what time."""

import math
from collections.abc import Callable, Iterable, Sequence
from importlib.metadata import version
from statistics import fmean

from benchmarks.pages import table
from benchmarks.peers import ours
from benchmarks.peers.codewords import COPIES, PAYLOAD_BITS, chance, radius
from benchmarks.peers.pictures import LONG_SIDE_PX
from benchmarks.peers.trial import PEERS, Outcome, Quality, Reading
from tidemark.engine.drill.leaks import LEAKS
from tidemark.limits import ACCUSED_BOUND, SUSPECTED_BOUND

TITLE = "# Against peers"

_SCHEMES = (ours.NAME, *(peer.name for peer in PEERS))
_PACKAGES = ("invisible-watermark", "blind-watermark", "onnxruntime", "PyWavelets", "scikit-image")

_NOTES = """\
- **More visible than ours**, by the energy of what they change, at the mean PSNR: {louder}.
- **Traced**: the one holder was named, and nobody else, at a false-accusation bound of 10⁻⁶. Ours states its bound. A
  peer decodes a payload; it names the copies whose random codewords come so near to it that, were the payload coins,
  {copies} codewords and all tries together would stay within the bound. That asks for
  {needed}.
- **As shipped**: decoded from the leak as found; a leak of more pixels than the draft is first shrunk to as many.
  blind-watermark has its own tools besides: resized back to the draft's size, and searched for in the draft.
- **With our registration**: a leak that named nobody as found, and did not lie on the draft already, is laid back on
  the draft by our registration, at full size and in colour, and decoded again.
- **Nearest codeword**: whom one would name who had no bound and believed the nearest codeword however far it is, with
  our registration; such a reading of a picture that nobody marked names somebody every time.
- **Two colluders**: the mean of two copies, saved as JPEG 75, once a picture. A payload has room for one name, and the
  mean of two payloads is neither.
- **Seconds**: CPU seconds of one core, mean over all. A mark: from the draft's pixels to a PNG file, for ours with the
  draft prepared. A leak, ours: read, register, score {copies} copies and {decoys} decoys. A leak, a peer with our
  registration: register, warp and decode, over the leaks where it was done."""


def parts(qualities: Sequence[Quality], outcomes: Sequence[Outcome], *, minutes: float, processes: int) -> list[str]:
    """The page, part by part, without its title and origin."""
    pictures = list(dict.fromkeys(quality.picture for quality in qualities))
    names = list(dict.fromkeys(outcome.leak for outcome in outcomes))
    singles = [outcome for outcome in outcomes if outcome.holders == 1]
    return [
        f"Peers: {', '.join(f'{package} {version(package)}' for package in _PACKAGES)}. "
        f"The run took {minutes:.0f} minutes in {processes} processes.",
        f"Pictures: {', '.join(pictures)}; long side at most {LONG_SIDE_PX} px. {len(names)} leaks of each, "
        f"made anew of every scheme's own copies. {COPIES} copies on record.",
        _summary(qualities, outcomes, singles),
        _notes(qualities),
        "## Traced, by family of leaks\n\nPer cent as shipped / with our registration.",
        _shares(singles, lambda outcome: outcome.family, [leak.family for leak in LEAKS]),
        "## Traced, by picture\n\nPer cent as shipped / with our registration.",
        _shares(singles, lambda outcome: outcome.picture, pictures),
        "## Traced, by leak\n\nPer cent as shipped / with our registration.",
        _shares(singles, lambda outcome: outcome.leak, [leak.name for leak in LEAKS]),
        _missed(singles),
    ]


def _summary(qualities: Sequence[Quality], outcomes: Sequence[Outcome], singles: Sequence[Outcome]) -> str:
    header = (
        *("scheme", "PSNR, dB", "SSIM", "traced as shipped", "traced with our registration", "the same at 10⁻³"),
        *(
            "nearest codeword right, wrong",
            "innocents named",
            "two colluders, as shipped",
            "two colluders, with our registration",
        ),
        *("s a mark", "s a leak, as shipped", "s a leak, with our registration"),
    )
    return table(header, [_row(scheme, qualities, outcomes, singles) for scheme in _SCHEMES])


def _row(
    scheme: str, qualities: Sequence[Quality], outcomes: Sequence[Outcome], singles: Sequence[Outcome]
) -> list[object]:
    marked = [quality for quality in qualities if quality.scheme == scheme]
    all_of = [outcome for outcome in outcomes if outcome.scheme == scheme]
    one = [outcome for outcome in singles if outcome.scheme == scheme]
    two = [outcome for outcome in all_of if outcome.holders == 2]
    shipped = [outcome.as_shipped for outcome in one if outcome.as_shipped is not None]
    return [
        f"**{scheme}**" if scheme == ours.NAME else scheme,
        f"{fmean(quality.psnr_db for quality in marked):.1f}",
        f"{fmean(quality.ssim for quality in marked):.4f}",
        _percent([reading.accused == {0} for reading in shipped]),
        _percent([outcome.registered.accused == {0} for outcome in one]),
        _percent([outcome.registered.at_least_suspected == {0} for outcome in one]),
        _nearest(one),
        _innocents(all_of),
        _colluders([outcome.as_shipped for outcome in two]),
        _colluders([outcome.registered for outcome in two]),
        f"{fmean(quality.seconds for quality in marked):.2f}",
        _seconds([reading.seconds for reading in shipped]),
        _seconds([outcome.registered.seconds for outcome in one]),
    ]


def _nearest(outcomes: Sequence[Outcome]) -> str:
    """Whom one would name who believes the nearest codeword, however far it is."""
    copies = [outcome.registered.nearest[1] for outcome in outcomes if outcome.as_shipped is not None]
    if not copies:
        return "–"
    return f"{_percent([copy == 0 for copy in copies])}, {_percent([copy > 0 for copy in copies])}"


def _innocents(outcomes: Iterable[Outcome]) -> str:
    """How often someone was named who had no part in the leak: at 10⁻⁶, and at 10⁻³."""
    accused, suspected = 0, 0
    for outcome in outcomes:
        holders = set(range(outcome.holders))
        accused += len(outcome.registered.accused - holders)
        suspected += len(outcome.registered.at_least_suspected - holders)
    return f"{accused} ({suspected} at 10⁻³)"


def _colluders(readings: Sequence[Reading | None]) -> str:
    """Of how many two-colluder leaks both, one, a wrong one or none was named. A wrong name outweighs right ones."""
    told = {"both": 0, "one": 0, "wrong": 0, "none": 0}
    for reading in readings:
        if reading is None:
            return "–"
        if reading.accused - {0, 1}:
            told["wrong"] += 1
        else:
            told[("none", "one", "both")[len(reading.accused)]] += 1
    return ", ".join(f"{outcome} {count}" for outcome, count in told.items())


def _shares(outcomes: Sequence[Outcome], of: Callable[[Outcome], str], order: Sequence[str]) -> str:
    rows = []
    for kind in sorted(set(map(of, outcomes)), key=order.index):
        cells = [kind]
        for scheme in _SCHEMES:
            told = [outcome for outcome in outcomes if of(outcome) == kind and outcome.scheme == scheme]
            registered = _percent([outcome.registered.accused == {0} for outcome in told])
            shipped = [outcome.as_shipped.accused == {0} for outcome in told if outcome.as_shipped is not None]
            cells.append(f"{_percent(shipped)} / {registered}" if shipped else registered)
        rows.append(cells)
    return table(("", *(scheme.removeprefix("invisible-watermark ") for scheme in _SCHEMES)), rows)


def _missed(singles: Sequence[Outcome]) -> str:
    missed = [
        f"{outcome.leak} ({outcome.picture})"
        for outcome in singles
        if outcome.scheme == ours.NAME and outcome.registered.accused != {0}
    ]
    return f"{ours.NAME} did not trace: {', '.join(missed) or 'none of these'}."


def _notes(qualities: Sequence[Quality]) -> str:
    mean = {name: fmean(quality.psnr_db for quality in qualities if quality.scheme == name) for name in _SCHEMES}
    louder = [
        f"{peer.name} {10 ** ((mean[ours.NAME] - mean[peer.name]) / 10):.1f} ×"
        for peer in PEERS
        if mean[peer.name] < mean[ours.NAME]
    ]
    return _NOTES.format(
        louder=", ".join(louder) or "none",
        needed="; ".join(map(_needed, sorted({peer.tries for peer in PEERS}))),
        copies=COPIES,
        decoys=f"{ours.DECOYS:,}",
    )


def _needed(tries: int) -> str:
    names = ", ".join(peer.name for peer in PEERS if peer.tries == tries)
    strict, lenient = (radius(bound, tries=tries) for bound in (ACCUSED_BOUND, SUSPECTED_BOUND))
    return (
        f"{names} (at most {tries} tries): {PAYLOAD_BITS - strict} bits of {PAYLOAD_BITS} (chance "
        f"{chance(strict, tries=tries):.0e}), at 10⁻³ {PAYLOAD_BITS - lenient} ({chance(lenient, tries=tries):.0e})"
    )


def _percent(held: Sequence[bool]) -> str:
    return f"{100 * sum(held) / len(held):.0f}" if held else "–"


def _seconds(values: Sequence[float]) -> str:
    known = [value for value in values if not math.isnan(value)]
    return f"{fmean(known):.2f}" if known else "–"
