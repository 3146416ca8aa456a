"""An exported ledger: no bit of it can be changed unseen, and each change is found by a step that is named.

The ledger here has 17 entries and five checkpoints, one of them stamped by an authority of the tests' own.
"""

import base64
import random
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.ledger import authority
from tests.ledger.workshop import KEY, NAME, OTHER_KEY, VKEY, Log, issued, log_of
from tidemark.errors import LedgerTampered, UnreadableFile
from tidemark.ledger import checkpoint, entry, export, timestamp
from tidemark.ledger.export import SignedState, Stamp
from tidemark.ledger.whole import Claim, verify, verify_log

TIME = "2020-03-07T09:30:00.000000Z"
SIZES = (1, 5, 9, 12, 17)
STAMPED = 9
FLIPS = 1000


def _leaf(number: int) -> bytes:
    return entry.encode(replace(issued(number), time=TIME))


def _states(log: Log, key: Ed25519PrivateKey = KEY, name: str = NAME) -> list[SignedState]:
    """Sign the states of these sizes."""
    sizes = [size for size in (*SIZES[:-1], len(log.leaves)) if size <= len(log.leaves)]
    found = (checkpoint.Checkpoint(name, size, log.root(size)) for size in sorted(set(sizes)))
    return [SignedState(checkpoint.sign(state, key, name)) for state in found]


def _encoded(entries: Sequence[bytes], states: Sequence[SignedState]) -> bytes:
    return export.encode(entries=entries, states=states, key=KEY, name=NAME)


LOG = log_of([_leaf(number) for number in range(SIZES[-1])])
STATES = _states(LOG)
RECEIPT = LOG.receipt(6).encode()
"""Of the whole ledger's checkpoint, as its holder keeps it."""


@pytest.fixture(scope="module")
def stamper(tmp_path_factory: pytest.TempPathFactory) -> authority.Authority:
    return authority.found(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def states(stamper: authority.Authority) -> list[SignedState]:
    at = SIZES.index(STAMPED)
    answer = stamper.stamp(timestamp.request(STATES[at].note))
    stamp = Stamp(answer, timestamp.certificates_pem([stamper.root]))
    return [replace(each, stamp=stamp) if number == at else each for number, each in enumerate(STATES)]


@pytest.fixture(scope="module")
def whole(states: list[SignedState]) -> bytes:
    return _encoded(LOG.leaves, states)


def _failing(data: bytes, vkey: str | None = VKEY, **how: Sequence[bytes]) -> Claim:
    """Return the step that does not hold."""
    with pytest.raises((LedgerTampered, UnreadableFile)) as raised:
        verify(data, vkey, **how)
    number, _, said = str(raised.value).removeprefix("Step ").partition(" fails, ")
    claim = list(Claim)[int(number) - 1]
    assert said.startswith(f"{claim}: ")
    return claim


def test_a_ledger_holds_after_a_round_trip_with_its_stamp(whole: bytes, stamper: authority.Authority) -> None:
    for roots in ([], [stamper.root]):
        found = verify(whole, VKEY, roots=roots, since=[RECEIPT, STATES[1].note])
        assert (found.size, found.checkpoints, found.held) == (17, 5, 2)
        assert (found.last_time, found.vkey, found.is_key_given) == (TIME, VKEY, True)
        (stamp,) = found.stamps
        assert stamp.startswith("9 entries at ")
        assert ("by the file's own certificates" in stamp) is not roots


def test_what_is_not_shown_is_said(whole: bytes) -> None:
    summary = "; ".join(verify(whole).said())
    assert f"the key that it names itself, {VKEY}: compare it" in summary
    assert "whether its end was cut off is not shown" in summary
    assert "it continues what you hold, 1 signed state" in verify(whole, VKEY, since=[RECEIPT]).said()


def test_a_thousand_flipped_bits_are_all_found_and_each_names_its_step(whole: bytes) -> None:
    chance = random.Random("bits")
    seen = set()
    for at in chance.sample(range(8 * len(whole)), FLIPS):
        changed = bytearray(whole)
        changed[at // 8] ^= 1 << at % 8
        seen.add(_failing(bytes(changed)))
    assert {Claim.IS_EXPORT, Claim.SIGNED, Claim.UNCHANGED, Claim.SEALED} <= seen


@pytest.mark.parametrize("padding", ["a", "ab", "abc"])
def test_every_bit_of_a_checkpoint_s_and_the_seal_s_line_counts(padding: str) -> None:
    """Base64 of most lengths has bits that a lax decoder overlooks: the last ones before the padding."""
    name = f"{NAME}/{padding}"
    data = export.encode(entries=LOG.leaves, states=_states(LOG, name=name), key=KEY, name=name)
    for line in data.split(b"\n")[-8:-1]:
        for at in range(8 * (data.index(line) + len(line) - 4), 8 * (data.index(line) + len(line))):
            changed = bytearray(data)
            changed[at // 8] ^= 1 << at % 8
            assert _failing(bytes(changed), vkey=None)


def test_every_beginning_of_the_file_is_refused(whole: bytes) -> None:
    for end in range(0, len(whole), 7):
        assert _failing(whole[:end]) in (Claim.IS_EXPORT, Claim.SIGNED, Claim.OWNERS_KEY)


def _reordered(chance: random.Random) -> tuple[list[bytes], list[SignedState]]:
    leaves = list(LOG.leaves)
    one, other = chance.sample(range(len(leaves)), 2)
    leaves[one], leaves[other] = leaves[other], leaves[one]
    return leaves, STATES


def _edited(chance: random.Random) -> tuple[list[bytes], list[SignedState]]:
    leaves = list(LOG.leaves)
    at = chance.randrange(len(leaves))
    said = entry.decode(leaves[at])
    leaves[at] = entry.encode(replace(said, body={**said.body, "holder": f"Somebody else {chance.random()}"}))
    return leaves, STATES


def _left_out(chance: random.Random) -> tuple[list[bytes], list[SignedState]]:
    leaves = list(LOG.leaves)
    del leaves[chance.randrange(len(leaves))]
    return leaves, STATES


def _put_in(chance: random.Random) -> tuple[list[bytes], list[SignedState]]:
    leaves = list(LOG.leaves)
    leaves.insert(chance.randrange(len(leaves) + 1), _leaf(chance.randrange(100, 10_000)))
    return leaves, STATES


def _cut(chance: random.Random) -> tuple[list[bytes], list[SignedState]]:
    return LOG.leaves[: chance.randrange(len(LOG.leaves))], STATES


def _mixed_checkpoints(chance: random.Random) -> tuple[list[bytes], list[SignedState]]:
    mixed = list(STATES)
    chance.shuffle(mixed)
    return LOG.leaves, mixed if mixed != STATES else mixed[::-1]


def _swapped_root(chance: random.Random) -> tuple[list[bytes], list[SignedState]]:
    """A checkpoint of the same size, signed with the ledger's key, over another history."""
    at = chance.randrange(len(STATES))
    other = log_of([_leaf(chance.randrange(100, 10_000)) for _ in range(SIZES[at])]).note()
    return LOG.leaves, [SignedState(other) if number == at else each for number, each in enumerate(STATES)]


@pytest.mark.parametrize(
    ("tamper", "step"),
    [
        (_reordered, Claim.UNCHANGED),
        (_edited, Claim.UNCHANGED),
        (_left_out, Claim.SIGNED),
        (_put_in, Claim.SIGNED),
        (_cut, Claim.SIGNED),
        (_mixed_checkpoints, Claim.SIGNED),
        (_swapped_root, Claim.UNCHANGED),
    ],
)
@pytest.mark.parametrize("by_the_owner", [False, True])
def test_a_hundred_tamperings_of_each_kind_are_found_even_if_the_owner_seals_them(
    tamper: Callable[[random.Random], tuple[list[bytes], list[SignedState]]], step: Claim, by_the_owner: bool
) -> None:
    for number in range(100):
        made = _encoded(*tamper(random.Random(number)))
        if not by_the_owner:
            sealed = _encoded(LOG.leaves, STATES).split(b"\n")[-2]
            made = b"\n".join([*made.split(b"\n")[:-2], sealed, b""])
        assert _failing(made) == step


def test_what_a_stranger_signs_anew_is_found_where_the_key_or_a_receipt_is_known() -> None:
    mine = export.encode(entries=LOG.leaves, states=_states(LOG, OTHER_KEY), key=OTHER_KEY, name=NAME)
    assert verify(mine).vkey != VKEY  # it holds together by itself
    assert _failing(mine) == Claim.OWNERS_KEY
    assert _failing(mine, vkey=None, since=[RECEIPT]) == Claim.CONTINUES
    assert _failing(mine, vkey=None, since=[STATES[0].note]) == Claim.CONTINUES
    theirs = _encoded(LOG.leaves, _states(LOG, OTHER_KEY))
    assert _failing(theirs) == Claim.SIGNED
    half = export.encode(entries=LOG.leaves, states=STATES, key=OTHER_KEY, name=NAME).split(b"\n")
    half[1] = VKEY.encode()
    assert _failing(b"\n".join(half)) == Claim.SEALED


def test_a_checkpoint_that_is_left_out_is_found_by_the_seal(whole: bytes) -> None:
    for at in range(len(SIZES) - 1):
        lines = whole.split(b"\n")
        del lines[3 + len(LOG.leaves) + at]
        assert _failing(b"\n".join(lines)) == Claim.SEALED


def test_entries_and_checkpoints_are_verified_without_a_file_and_a_fault_names_no_step() -> None:
    log = verify_log(VKEY, LOG.leaves, STATES)
    assert [state.size for state in log.signed] == list(SIZES)
    assert [log.root(size) for size in range(SIZES[-1] + 1)] == [LOG.root(size) for size in range(SIZES[-1] + 1)]
    with pytest.raises(LedgerTampered, match=r"^The last checkpoint covers 17 entries; there are 16\."):
        verify_log(VKEY, LOG.leaves[:-1], STATES)
    with pytest.raises(LedgerTampered, match=r"^The first 1 entries do not have the root that was signed for them"):
        verify_log(VKEY, [*LOG.leaves[1:], LOG.leaves[0]], STATES)


def test_a_stamp_that_is_taken_off_moved_or_another_s_is_found(
    whole: bytes, states: list[SignedState], stamper: authority.Authority, tmp_path_factory: pytest.TempPathFactory
) -> None:
    stamp = states[SIZES.index(STAMPED)].stamp
    assert stamp is not None
    encoded = b" " + b" ".join(map(base64.b64encode, (stamp.token, stamp.authorities)))
    assert _failing(whole.replace(encoded, b"")) == Claim.SEALED
    moved = [replace(each, stamp=stamp if number == 0 else None) for number, each in enumerate(STATES)]
    assert _failing(_encoded(LOG.leaves, moved)) == Claim.STAMPED
    stranger = authority.found(tmp_path_factory.mktemp("stranger"), name="Stranger")
    assert _failing(whole, roots=[stranger.root]) == Claim.STAMPED
    assert _failing(_encoded(LOG.leaves, STATES), roots=[stamper.root]) == Claim.STAMPED
    swapped = [replace(each, stamp=each.stamp and Stamp(each.stamp.token, stranger.root)) for each in states]
    assert _failing(_encoded(LOG.leaves, swapped)) == Claim.STAMPED


def test_an_entry_that_is_dated_after_the_stamp_over_it_is_found(stamper: authority.Authority) -> None:
    log = log_of([entry.encode(replace(issued(0), time="2099-01-01T00:00:00.000000Z"))])
    stamp = Stamp(stamper.stamp(timestamp.request(log.note())), stamper.root)
    assert _failing(_encoded(log.leaves, [SignedState(log.note(), stamp)])) == Claim.STAMPED


def test_a_cut_off_end_is_found_by_whoever_holds_a_receipt_of_it() -> None:
    for size in SIZES[:-1]:
        cut = _encoded(LOG.leaves[:size], STATES[: SIZES.index(size) + 1])
        assert verify(cut, VKEY).size == size  # nothing in it is wrong
        assert _failing(cut, since=[RECEIPT]) == Claim.CONTINUES
        assert _failing(cut, since=[STATES[-1].note]) == Claim.CONTINUES
        assert verify(cut, VKEY, since=[STATES[0].note]).held == 1


def test_a_history_that_the_owner_wrote_anew_is_found_by_whoever_holds_a_receipt() -> None:
    for at in range(SIZES[-1]):
        leaves = list(LOG.leaves)
        said = entry.decode(leaves[at])
        leaves[at] = entry.encode(replace(said, body={**said.body, "holder": "Somebody else"}))
        anew = _encoded(leaves, _states(log_of(leaves)))
        assert verify(anew, VKEY).size == SIZES[-1]
        assert _failing(anew, since=[RECEIPT]) == Claim.CONTINUES


@pytest.mark.parametrize("held", [b"", b"a text\n", b"tidemark-receipt 1\n{}\n", RECEIPT[:-9], STATES[0].note[:-9]])
def test_what_is_no_receipt_checkpoint_or_proof_is_told(whole: bytes, held: bytes) -> None:
    assert _failing(whole, since=[held]) == Claim.CONTINUES


def _of_version_1(size: int = 17) -> bytes:
    """What a ledger of so many entries would be without a seal: anybody can make it of a sealed one."""
    lines = [b"tidemark-ledger-export 1", VKEY.encode(), *LOG.leaves[:size], b""]
    states = [each for each, signed in zip(STATES, SIZES, strict=True) if signed <= size]
    return b"\n".join([*lines, *(base64.b64encode(each.note) for each in states), b""])


def test_no_ledger_without_a_seal_is_valid_so_none_is_cut_short_unseen(whole: bytes) -> None:
    assert _failing(whole.replace(b"export 2", b"export 1", 1)) == Claim.IS_EXPORT
    for unsealed in (_of_version_1(), _of_version_1(12), _of_version_1().replace(b"export 1", b"export 2", 1)):
        assert _failing(unsealed) == Claim.IS_EXPORT


def test_a_seal_with_a_second_signature_is_refused() -> None:
    data = _encoded(LOG.leaves, STATES)
    *lines, seal, _ = data.split(b"\n")
    witnessed = base64.b64decode(seal) + "— witness.example AAAAAAA=\n".encode()
    assert _failing(b"\n".join([*lines, base64.b64encode(witnessed), b""])) == Claim.SEALED


def test_an_empty_ledger_is_exported_and_holds() -> None:
    assert verify(_encoded([], [SignedState(Log().note())]), VKEY).size == 0
