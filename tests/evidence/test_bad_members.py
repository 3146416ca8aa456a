"""Whatever the members say, in whatever form: a reason comes out, never another exception and never "valid"."""

import contextlib
import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.evidence.affair import proofs_of, resealed, sketch, story
from tests.ledger.workshop import KEY
from tidemark.errors import EvidenceInvalid, TidemarkError
from tidemark.evidence import bundle as bundles
from tidemark.evidence.bundle import Sealed
from tidemark.evidence.container import pack
from tidemark.evidence.finding import Finding
from tidemark.evidence.log import open_log
from tidemark.evidence.verify import verify
from tidemark.ledger import canonical

MEMBERS = bundles.read(bundles.write(sketch(), KEY)).members
JSON_MEMBERS = (bundles.FINDING, bundles.LEDGER, bundles.KEYS, bundles.MANIFEST)

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(-1e15, 1e15)
    | st.sampled_from([1e308, -1e308, 5e-324])
    | st.text(st.characters(codec="utf-8"), max_size=20)
    | st.sampled_from(["", "AA==", "AAA", "00" * 32, "2031-03-07T09:00:00.000000Z", "tidemark-finding", "copy 2"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", max_size=3), inner, max_size=3),
    max_leaves=5,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for name, each in inner for place in places(each, (*path, name)))]


def put(value: Any, path: tuple[Any, ...], leaf: Any) -> Any:
    if not path:
        return leaf
    changed = copy.copy(value)
    changed[path[0]] = put(value[path[0]], path[1:], leaf)
    return changed


def only_refuses(read: Callable[[], object]) -> None:
    with contextlib.suppress(TidemarkError):
        read()


@settings(max_examples=300, deadline=None)
@given(data=st.data(), name=st.sampled_from(JSON_MEMBERS), value=VALUES)
def test_any_json_in_any_place_is_read_or_refused(data: st.DataObject, name: str, value: object) -> None:
    said = json.loads(MEMBERS[name])
    changed = put(said, data.draw(st.sampled_from(places(said))), value)
    text = canonical.dumps(changed) if isinstance(changed, dict) else json.dumps(changed).encode()
    members = {**MEMBERS, name: text}
    only_refuses(lambda: Sealed(members).opened())
    only_refuses(lambda: Sealed(members).broken())
    found = verify(resealed(members) if name != bundles.MANIFEST else pack(members))
    assert not found.valid
    assert found.steps


@settings(max_examples=300, deadline=None)
@given(name=st.sampled_from((*JSON_MEMBERS, bundles.SIGNATURE)), data=st.binary(max_size=200))
def test_any_bytes_as_a_member_are_refused(name: str, data: bytes) -> None:
    found = verify(pack({**MEMBERS, name: data}))
    assert [step.holds for step in found.steps] in ([False], [True, False])


@settings(max_examples=300, deadline=None)
@given(data=st.binary(max_size=400), start=st.sampled_from([b"", b"PK\x03\x04", pack(MEMBERS)[:100]]))
def test_any_bytes_as_a_file_are_refused(data: bytes, start: bytes) -> None:
    with pytest.raises(EvidenceInvalid):
        bundles.read(start + data)


@settings(max_examples=150, deadline=None)
@given(data=st.data(), value=VALUES)
def test_any_finding_over_an_honest_ledger_is_refused_or_followed(data: st.DataObject, value: object) -> None:
    honest = story("copy 2")
    said = json.loads(honest.finding.to_json())
    changed = put(said, data.draw(st.sampled_from(places(said)[1:])), value)
    proofs = proofs_of(honest)
    only_refuses(lambda: open_log(proofs, Finding.from_json(canonical.dumps(changed))).only_grew())


@settings(max_examples=150, deadline=None)
@given(data=st.data(), index=st.sampled_from([0, 4, 11, 12]), value=VALUES)
def test_any_body_of_an_entry_is_refused_or_followed(data: st.DataObject, index: int, value: Any) -> None:
    honest = story("copy 2")
    body = dict(honest.entries[index].body)
    changed = put(body, data.draw(st.sampled_from(places(body)[1:])), value)
    false = honest.with_body(index, **changed)

    proofs = proofs_of(false)
    only_refuses(lambda: open_log(proofs, false.finding).only_grew())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"z":84.69', b'"z":NaN'),
        (b'"z":84.69', b'"z":Infinity'),
        (b'"z":84.69', b'"z":1e999'),
        (b'"z":84.69', b'"z":84.690'),
        (b'"z":84.69', b'"z":"84.69"'),
        (b'"z":84.69', b'"z":true'),
        (b'"z":84.69', b'"z":1' + b"0" * 5_000),
        (b'"z":84.69', b'"z":84.69,"z":84.69'),
        (b'"copies":2', b'"copies":9007199254740992'),
        (b'"copies":2', b'"copies":2.5'),
        (b'"copies":2', b'"copies":null'),
        (b'"mirrored":false', b'"mirrored":0'),
        (b'"Heron"', b'"\\ud800"'),
        (b'"Heron"', b'"\xff"'),
        (b'"Heron"', b'"Heron\\u0000"'),
        (b'"Heron"', b'"\\u0048eron"'),
        (b'{"accused"', b' {"accused"'),
        (b'{"accused"', b"[" * 10_000 + b'{"accused"'),
        (b'{"accused"', b'{"a":' * 10_000 + b'{"accused"'),
    ],
)
def test_a_finding_that_is_not_canonical_or_absurd_is_refused(old: bytes, new: bytes) -> None:
    data = MEMBERS[bundles.FINDING]
    assert old in data
    changed = data.replace(old, new, 1)
    if b"u0000" in new:  # canonical, if strange: a text may hold it
        assert Finding.from_json(changed).draft.project == "Heron\x00"
        return
    with pytest.raises(EvidenceInvalid):
        Finding.from_json(changed)


@pytest.mark.slow
def test_a_million_scores_are_read_or_refused_in_a_few_seconds() -> None:
    scores = b",".join([b"0.5"] * 1_000_000)
    data = MEMBERS[bundles.FINDING].replace(b'"scores":[0.5,84.69]', b'"scores":[' + scores + b"]")
    assert len(Finding.from_json(data).tested.scores) == 1_000_000
    with pytest.raises(EvidenceInvalid, match="at most"):
        Finding.from_json(data.replace(scores, scores * 5))


@pytest.mark.parametrize("text", ["AA" * 32, " " + "aa" * 32, "aa " * 32, "0x" + "aa" * 31, "٠" * 64, "aa" * 31, ""])
def test_a_key_is_written_in_one_way(text: str) -> None:
    members = {**MEMBERS, bundles.KEYS: canonical.dumps({"scheme": "tidemark-keys", "version": 1, "keys": {"c": text}})}
    with pytest.raises(EvidenceInvalid):
        Sealed(members).opened()
