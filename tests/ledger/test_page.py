"""docs/formats/ledger.md says what the code does, and suffices to write a verifier.

:func:`second_verify` and :func:`second_note` follow the page alone and share no line with :mod:`tidemark.ledger`.
"""

import base64
import hashlib
import json
import re
from pathlib import Path
from types import ModuleType

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from tests.ledger import naive
from tests.ledger.workshop import log_of
from tidemark import limits
from tidemark.ledger import checkpoint, consistency, entry, export, merkle, note, receipt, whole

PAGE = (Path(__file__).parents[2] / "docs/formats/ledger.md").read_text(encoding="utf-8")
MODULES: dict[str, ModuleType] = {
    "consistency": consistency,
    "entry": entry,
    "export": export,
    "limits": limits,
    "merkle": merkle,
    "note": note,
    "receipt": receipt,
}
CONSTANTS = re.findall(r"^\| `(\w+)\.(\w+)` \| ([^|]+?) \|", PAGE, re.MULTILINE)
BLOCKS = dict(re.findall(r"```(\w+)\n(.*?)```", PAGE, re.DOTALL))
LEAVES = [line.encode() for line in BLOCKS["leaf"].splitlines()]
VKEY = BLOCKS["vkey"].strip()
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def second_note(origin: str, root: bytes, size: int) -> bytes:
    text = f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"
    public = KEY.public_key().public_bytes_raw()
    key_id = hashlib.sha256(origin.encode() + b"\n\x01" + public).digest()[:4]
    line = f"\u2014 {origin} {base64.b64encode(key_id + KEY.sign(text.encode())).decode()}\n"
    return f"{text}\n{line}".encode()


def second_verify(data: bytes, vkey: str) -> dict[str, object]:
    header, line, end = data.decode().split("\n")
    assert (header, end) == ("tidemark-receipt 1", "")
    held = json.loads(line)
    assert held["vkey"] == vkey
    text, signature = held["checkpoint"].split("\n\n")
    origin, size, root = text.split("\n")
    name, _, encoded_key = vkey.split("+", 2)
    assert origin == name
    public = Ed25519PublicKey.from_public_bytes(base64.b64decode(encoded_key)[1:])
    public.verify(base64.b64decode(signature.split(" ")[2])[4:], (text + "\n").encode())
    hashes = base64.urlsafe_b64decode(held["proof"] + "=" * (-len(held["proof"]) % 4))
    leaf = json.dumps(held["entry"], sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    f, s, r = held["index"], int(size) - 1, hashlib.sha256(b"\x00" + leaf).digest()
    for at in range(0, len(hashes), 32):
        p = hashes[at : at + 32]
        assert s
        if f % 2 or f == s:
            r = hashlib.sha256(b"\x01" + p + r).digest()
            while f % 2 == 0 and f:
                f, s = f // 2, s // 2
        else:
            r = hashlib.sha256(b"\x01" + r + p).digest()
        f, s = f // 2, s // 2
    assert s == 0
    assert r == base64.b64decode(root)
    return held["entry"]


@pytest.mark.parametrize(("module", "name", "value"), CONSTANTS, ids=[f"{one}.{other}" for one, other, _ in CONSTANTS])
def test_page_gives_the_code_s_constants(module: str, name: str, value: str) -> None:
    held = getattr(MODULES[module], name)
    assert held == type(held)(value)


def test_page_leaves_no_constant_of_these_modules_out() -> None:
    given = {(module, name) for module, name, _ in CONSTANTS}
    public = {
        (module, name)
        for module, held in MODULES.items()
        if module != "limits"
        for name, value in vars(held).items()
        if name.isupper() and not name.startswith("_") and isinstance(value, int | str)
    }
    assert public - {("entry", "JSON")} <= given  # a type, not a constant


def test_page_names_every_kind() -> None:
    assert [kind for kind in entry.Kind if f"`{kind}`" not in PAGE] == []


def test_the_example_s_leaves_are_entries_and_have_these_hashes() -> None:
    for number, leaf in enumerate(LEAVES):
        assert entry.encode(entry.decode(leaf)) == leaf
        assert entry.decode(leaf).salt == bytes([number + 1]) * 16
        assert f"| leaf {number} | `{naive.mth([leaf]).hex()}` |" in PAGE
    assert f"`{naive.mth(LEAVES[:2]).hex()}`" in PAGE
    assert f"| root of three | `{naive.mth(LEAVES).hex()}` |" in PAGE


def test_the_example_s_proofs_are_as_told() -> None:
    leaf_0, leaf_1, leaf_2 = (naive.mth([leaf]) for leaf in LEAVES)
    nodes = log_of(LEAVES).nodes
    assert merkle.inclusion_proof(1, 3, nodes) == (leaf_0, leaf_2)
    assert merkle.consistency_proof(1, 3, nodes) == (leaf_1, leaf_2)
    assert merkle.consistency_proof(2, 3, nodes) == (leaf_2,)


def test_the_example_s_key_and_checkpoint_are_those_of_two_implementations() -> None:
    name, root = "halden.example/ledger", naive.mth(LEAVES)
    assert f"`{KEY.public_key().public_bytes_raw().hex()}`" in PAGE
    assert note.vkey(name, KEY.public_key()) == VKEY
    signed = BLOCKS["checkpoint"].encode()
    assert signed == second_note(name, root, 3) == checkpoint.sign(checkpoint.Checkpoint(name, 3, root), KEY, name)


def test_the_example_s_receipt_holds_by_two_implementations() -> None:
    data = BLOCKS["receipt"].encode()
    held = receipt.decode(data)
    assert f"The receipt of leaf 1, {len(data)} bytes" in PAGE
    assert held.encode() == data
    assert held.entry == LEAVES[1]
    assert held.checkpoint.decode() == BLOCKS["checkpoint"]
    assert receipt.verify(held, VKEY) == entry.decode(LEAVES[1])
    assert second_verify(data, VKEY) == json.loads(LEAVES[1])


def test_the_page_gives_the_steps_of_an_exported_ledger_in_their_order() -> None:
    said = [re.sub(r"\s+", " ", step) for step in re.findall(r"^\d\. \*\*(.*?)\*\*", PAGE, re.MULTILINE | re.DOTALL)]
    assert len(said) == len(whole.Claim)
    for step, claim in zip(said, whole.Claim, strict=True):
        assert claim.startswith(step[0].lower() + step[1:].rstrip(".,"))


def test_an_export_is_verified_by_what_the_page_says_alone() -> None:
    log = log_of(LEAVES)
    states = [export.SignedState(second_note("halden.example/ledger", naive.mth(LEAVES[:n]), n)) for n in (1, 3)]
    data = export.encode(entries=log.leaves, states=states, key=KEY, name="halden.example/ledger")
    header, vkey, one, two, three, empty, first, last, second_empty, seal, end = data.split(b"\n")
    assert (header, vkey.decode(), empty, second_empty, end) == (b"tidemark-ledger-export 2", VKEY, b"", b"", b"")
    assert [one, two, three] == LEAVES
    assert [base64.b64decode(line) for line in (first, last)] == [state.note for state in states]
    above = hashlib.sha256(data[: data.index(seal)]).hexdigest()
    text, signature = base64.b64decode(seal).decode().split("\n\n")
    assert text == f"tidemark-ledger-export 2\nsha256 {above}"
    public = Ed25519PublicKey.from_public_bytes(KEY.public_key().public_bytes_raw())
    public.verify(base64.b64decode(signature.split(" ")[2])[4:], (text + "\n").encode())
