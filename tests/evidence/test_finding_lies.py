"""A finding that says another thing than the rest of the bundle, in each of its fields, is found."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import pytest

from tests.evidence.affair import told
from tests.evidence.lies import check, honest
from tests.evidence.test_verify import fails_at
from tests.ledger.workshop import VKEY
from tidemark.evidence.verify import verify

pytestmark = pytest.mark.usefixtures("remembering")

SAYS_OTHERWISE: Mapping[str, tuple[int, tuple[Any, ...]]] = {
    "verdict": (9, ("suspected", "inconclusive", "")),
    "leak__name": (4, ("IMG_0000.jpg", "")),
    "leak__sha256": (4, ("00" * 32, "", "C" * 64)),
    "leak__size_bytes": (4, (0, -1, 2**53 - 1)),
    "leak__found": (4, ("in the accused's office",)),
    "leak__received": (4, ("2031-03-07T09:10:59.000000Z", "2031-03-07", "")),
    "draft__draft": (7, ("landscape", "")),
    "draft__sha256": (7, ("00" * 32, "")),
    "draft__file_name": (7, ("other.png",)),
    "draft__revision": (7, (2, 0, -1)),
    "draft__project": (7, ("Kestrel", "")),
    "draft__correlation": (10, (0.9, 1.0, 0.0, -1.0, 1e308)),
    "draft__coverage": (10, (1.0, 0.0, -1.0, 1e308)),
    "draft__mirrored": (10, (True,)),
    "accused__0__draft": (8, ("landscape", "")),
    "accused__0__copy": (4, ("copy 1", "")),
    "accused__0__z": (9, (80.0, 90.0, 0.0, -84.69, 1e308)),
    "accused__0__log10_bound": (12, (-1557.0, -1600.0, 0.0, 7.0, -1e308, 1e308)),
    "accused__0__round": (9, (2, 0, -1, -2, 2**53 - 1)),
    "accused__0__holder": (8, ("Northwick Mouldings", "")),
    "accused__0__issued": (8, ("2031-03-07T09:03:00.000000Z", "")),
    "accused__0__agreement": (8, ("NDA 17",)),
    "accused__0__responsible": (8, ("Northwick Mouldings",)),
    "tested__copies": (9, (5, 1, 0, -1, 2**53 - 1)),
    "tested__hypotheses": (9, (1, 0, -1, 4, 2**53 - 1)),
    "tested__scores": (14, ((), (84.69,), (84.69, 0.0), (0.0,) * 6, (0.0,) * 5 + (99.0,), (0.0,) * 1_000)),
    "decoys__seed": (9, ("00" * 32, "")),
    "decoys__count": (9, (199, 201, 0, -1, 10**12)),
    "decoys__max_z": (13, (2.0, 4.0, 0.0, -1e308)),
    "decoys__ks_p": (13, (0.9, 1e308, -1.0)),
    "thresholds__accused": (9, (1e-3, 1.0, 0.0, -1.0)),
    "thresholds__suspected": (9, (1e-2, 0.0)),
    "rivals__next_copy_z": (14, (3.0, 30.0, 1e308)),
    "rivals__next_copy_log10_bound": (14, (-1.0, -7.0)),
    "rivals__master_z": (14, (-1.0, 6.0, 84.68, None)),
    "rivals__master_log10_bound": (14, (-3.0, 0.9, None)),
    "timeline__0__index": (4, (1, -1)),
    "timeline__1__kind": (4, ("copy-delivered",)),
    "timeline__2__time": (4, ("2031-03-07T09:10:59.000000Z",)),
    "timeline": (4, ((),)),
    "made": (4, ("", "soon", "2031-03-07", "2031-03-05T09:00:00.000000Z")),
    "accused": (4, ((),)),
}
NOT_CHECKED = {"reason", "owner", "versions"}  # as the page says, and test_verify.py shows
ELSEWHERE = {"rivals__other_revisions", "timeline__3"}

ALTERED = [(path, at) for path, (_, values) in SAYS_OTHERWISE.items() for at in range(len(values))]


@pytest.mark.parametrize(("path", "at"), ALTERED)
def test_a_finding_that_says_otherwise_is_found(path: str, at: int) -> None:
    step, values = SAYS_OTHERWISE[path]
    check(told(honest().saying(**{path: values[at]})), step)


def paths_of(value: Any, path: str = "") -> Iterator[str]:
    if is_dataclass(value):
        for field in fields(value):
            yield from paths_of(getattr(value, field.name), f"{path}__{field.name}" if path else field.name)
    elif isinstance(value, tuple) and value and is_dataclass(value[0]):
        yield from paths_of(value[0], f"{path}__0")
    else:
        yield path


def test_no_field_of_the_finding_is_left_out() -> None:
    told_of = {path.replace("__1", "__0").replace("__2", "__0") for path in SAYS_OTHERWISE} | NOT_CHECKED | ELSEWHERE
    assert set(paths_of(honest().finding)) <= told_of


def test_a_bundle_of_before_the_format_was_final_says_what_to_ask_for() -> None:
    false = honest().saying(rivals__master_z=0.0, rivals__master_log10_bound=0.0)
    found = verify(told(false), vkey=VKEY)
    assert fails_at(found) == 14
    assert "make the bundle anew" in found.steps[13].detail
