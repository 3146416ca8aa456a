"""Signed notes and checkpoints, against those of other implementations and against every flipped bit."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from tests.ledger.workshop import KEY, NAME, OTHER_KEY, VKEY, log_of_copies
from tidemark import limits
from tidemark.errors import LedgerTampered, UnreadableFile
from tidemark.ledger import note as signed_note
from tidemark.ledger.checkpoint import Checkpoint, open_checkpoint, sign
from tidemark.ledger.merkle import EMPTY_ROOT
from tidemark.ledger.note import parse_vkey, vkey

ROOT = bytes(range(32))
CHECKPOINT = Checkpoint(NAME, 5, ROOT)
NOTE = sign(CHECKPOINT, KEY, NAME)

# The example of Go's sumdb/note package, from which C2SP's signed-note was written down.
GO_SECRET = base64.b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:]
GO_VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
GO_NOTE = (
    GO_TEXT
    + "\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
).encode()

# Signed by the checksum database of the Go modules, and the key that every Go tool holds.
SUM_VKEY = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
SUM_NOTE = (
    "go.sum database tree\n"
    "20852163\n"
    "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    "\n"
    "— sum.golang.org Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
).encode()


def line(name: str = "witness.example", data: bytes = bytes(68)) -> bytes:
    """Return a signature line of somebody else."""
    return f"— {name} {base64.b64encode(data).decode()}\n".encode()


def signed(text: str) -> bytes:
    """Return a note with a sound signature of the tests' key over any text."""
    return signed_note.sign(text, KEY, NAME)


def test_a_note_is_signed_as_go_signs_it() -> None:
    key = Ed25519PrivateKey.from_private_bytes(GO_SECRET)
    assert vkey("PeterNeumann", key.public_key()) == GO_VKEY
    assert signed_note.sign(GO_TEXT, key, "PeterNeumann") == GO_NOTE
    signed_note.check_signature(signed_note.parse(GO_NOTE), parse_vkey(GO_VKEY))


def test_a_checkpoint_of_the_go_checksum_database_opens() -> None:
    opened = open_checkpoint(SUM_NOTE, SUM_VKEY, origin="go.sum database tree")
    assert (opened.size, opened.extensions) == (20_852_163, ())
    assert opened.body().encode() == SUM_NOTE.split(b"\n\n")[0] + b"\n"


def test_a_checkpoint_is_written_as_documented_and_opens() -> None:
    text, _, below = NOTE.partition(b"\n\n")
    assert text == b"halden.example/ledger\n5\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
    assert below.startswith("— halden.example/ledger ".encode())
    assert open_checkpoint(NOTE, VKEY) == CHECKPOINT


def test_every_flipped_bit_of_a_checkpoint_is_found() -> None:
    for at in range(8 * len(NOTE)):
        changed = bytearray(NOTE)
        changed[at // 8] ^= 1 << at % 8
        with pytest.raises(LedgerTampered):
            open_checkpoint(bytes(changed), VKEY)


def test_every_flipped_bit_of_a_key_is_found() -> None:
    for at in range(8 * len(VKEY)):
        changed = bytearray(VKEY.encode())
        changed[at // 8] ^= 1 << at % 8
        with pytest.raises(UnreadableFile):
            parse_vkey(changed.decode("latin-1"))


def test_every_beginning_of_a_checkpoint_is_refused() -> None:
    for end in range(len(NOTE)):
        with pytest.raises(LedgerTampered):
            open_checkpoint(NOTE[:end], VKEY)


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_other_bytes_are_refused_and_break_nothing(data: bytes) -> None:
    with pytest.raises(LedgerTampered):
        open_checkpoint(data, VKEY)


def test_another_key_of_the_same_name_does_not_open_it() -> None:
    with pytest.raises(LedgerTampered, match="expected below the checkpoint; there is none among 1"):
        open_checkpoint(NOTE, vkey(NAME, OTHER_KEY.public_key()))


def test_another_key_that_claims_our_id_does_not_open_it() -> None:
    forged = signed_note.sign(CHECKPOINT.body(), OTHER_KEY, NAME)
    ours, theirs = (parse_vkey(vkey(NAME, key.public_key())).key_id for key in (KEY, OTHER_KEY))
    head, encoded = forged[:-1].rsplit(b" ", 1)
    data = base64.b64decode(encoded)
    assert data.startswith(theirs)
    with pytest.raises(LedgerTampered, match="does not hold"):
        open_checkpoint(head + b" " + base64.b64encode(ours + data[4:]) + b"\n", VKEY)


def test_witnesses_lines_are_ignored_wherever_they_stand() -> None:
    text, ours = NOTE.split(b"\n\n")
    assert open_checkpoint(text + b"\n\n" + line() + ours, VKEY) == CHECKPOINT
    assert open_checkpoint(NOTE + line(), VKEY) == CHECKPOINT
    assert open_checkpoint(NOTE + line(NAME), VKEY) == CHECKPOINT  # our name, another id
    assert open_checkpoint(NOTE + line() * 15, VKEY) == CHECKPOINT


def test_a_second_line_of_ours_must_hold_too() -> None:
    ours = NOTE.split(b"\n\n")[1]
    assert open_checkpoint(NOTE + ours, VKEY) == CHECKPOINT
    with pytest.raises(LedgerTampered, match="does not hold"):
        open_checkpoint(NOTE + line(NAME, parse_vkey(VKEY).key_id + bytes(64)), VKEY)


def test_more_than_sixteen_signatures_are_not_read() -> None:
    with pytest.raises(LedgerTampered, match="at most 16 signatures; this has 17"):
        open_checkpoint(NOTE + line() * 16, VKEY)


@pytest.mark.parametrize(
    "note",
    [
        NOTE + b"\n",
        NOTE[:-1],
        NOTE[:-1] + b"\r\n",
        NOTE.replace(b"\n", b"\r\n"),
        NOTE + b"trailing",
        b"\n" + NOTE.split(b"\n\n")[1],
        NOTE.split(b"\n\n")[0] + b"\n",
        NOTE.replace("— ".encode(), b"- "),
        NOTE.replace("— ".encode(), "—".encode()),
        NOTE + line(data=bytes(4)),
        NOTE + line("two words"),
        NOTE + line("plus+sign"),
        NOTE + line("nb\u00a0sp"),
        NOTE + line("") + b"",
        NOTE + "— witness.example AAAAAAB=\n".encode(),  # the last bits of the base64 are not 0
        NOTE + "— witness.example AAAAAAA\n".encode(),  # no padding
        NOTE + "— witness.example AAAA_AA=\n".encode(),  # the URL alphabet
        NOTE + "— witness.example AAAAAAA=AAAA\n".encode(),
        NOTE.replace(b"\n5\n", b"\n5\x00\n"),
        NOTE.replace(b"\n5\n", b"\n5\t\n"),
        NOTE + b"\xff\n",
        NOTE + b"x" * limits.MAX_NOTE_BYTES,
    ],
)
def test_a_note_in_any_other_form_is_refused(note: bytes) -> None:
    with pytest.raises(LedgerTampered):
        open_checkpoint(note, VKEY)


GOOD_ROOT = base64.b64encode(ROOT).decode()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (f"{NAME}\n5\n", "three lines; this has 2"),
        (f"{NAME}\n", "three lines; this has 1"),
        (f"{NAME}\n05\n{GOOD_ROOT}\n", "size in decimal"),
        (f"{NAME}\n+5\n{GOOD_ROOT}\n", "size in decimal"),
        (f"{NAME}\n-5\n{GOOD_ROOT}\n", "size in decimal"),
        (f"{NAME}\n5 \n{GOOD_ROOT}\n", "size in decimal"),
        (f"{NAME}\n\u0665\n{GOOD_ROOT}\n", "size in decimal"),
        (f"{NAME}\n\n{GOOD_ROOT}\n", "size in decimal"),
        (f"{NAME}\n{'9' * 5000}\n{GOOD_ROOT}\n", "size in decimal"),
        (f"{NAME}\n9007199254740992\n{GOOD_ROOT}\n", "0 to 9,007,199,254,740,991 leaves"),
        (f"{NAME}\n5\n{GOOD_ROOT[:-1]}\n", "root in base64"),
        (f"{NAME}\n5\n{GOOD_ROOT[:-2]}9=\n", "root in base64"),
        (f"{NAME}\n5\nAAAA\n", "a root has 32 bytes, not 3"),
        (f"{NAME}\n0\n{GOOD_ROOT}\n", "SHA-256 of nothing"),
        (f"\n5\n{GOOD_ROOT}\n", "not empty"),
        (f"{NAME}\n5\n{GOOD_ROOT}\n\nafter an empty line\n", "not empty"),
        (f"other.example\n5\n{GOOD_ROOT}\n", f"of {NAME} was expected; this one is of other.example"),
    ],
)
def test_a_signed_text_that_is_no_checkpoint_of_this_ledger_is_refused(text: str, reason: str) -> None:
    with pytest.raises(LedgerTampered, match=reason):
        open_checkpoint(signed(text), VKEY)


def test_extension_lines_are_kept_and_signed() -> None:
    extended = Checkpoint(NAME, 5, ROOT, ("one more", "— not a signature"))
    note = sign(extended, KEY, NAME)
    assert open_checkpoint(note, VKEY) == extended
    with pytest.raises(LedgerTampered):
        open_checkpoint(note.replace(b"one more\n", b""), VKEY)


@given(st.integers(0, limits.MAX_LEAVES), st.binary(min_size=32, max_size=32))
def test_what_is_signed_is_opened(size: int, root: bytes) -> None:
    checkpoint = Checkpoint(NAME, size, root if size else EMPTY_ROOT)
    assert open_checkpoint(sign(checkpoint, KEY, NAME), VKEY) == checkpoint


def test_a_ledger_s_checkpoint_says_its_size_and_root() -> None:
    log = log_of_copies(11)
    assert open_checkpoint(log.note(), VKEY) == Checkpoint(NAME, 11, log.root())


@pytest.mark.parametrize(
    "fields",
    [
        ("", 1, ROOT),
        ("two\nlines", 1, ROOT),
        (NAME, -1, ROOT),
        (NAME, 2**53, ROOT),
        (NAME, 1, ROOT[1:]),
        (NAME, 0, ROOT),
    ],
)
def test_what_no_checkpoint_can_say_is_not_made(fields: tuple[str, int, bytes]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - each has its own words
        Checkpoint(*fields)


@pytest.mark.parametrize("name", ["", "two words", "plus+sign", "tab\tbed", "line\n"])
def test_a_name_that_a_note_could_not_carry_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        vkey(name, KEY.public_key())
    with pytest.raises(ValueError, match="name"):
        sign(CHECKPOINT, KEY, name)


def test_a_text_that_a_note_could_not_carry_is_not_signed() -> None:
    for text in ("", "no newline", "a\rb\n", "a\x00b\n"):
        with pytest.raises(ValueError, match="newline"):
            signed_note.sign(text, KEY, NAME)


@pytest.mark.parametrize(
    "text",
    [
        "",
        NAME,
        VKEY + "\n",
        " " + VKEY,
        VKEY[:-1],
        VKEY.upper(),
        VKEY.replace("+", " "),
        GO_VKEY.replace("c74f20a3", "C74F20A3"),
        "é" + VKEY,
        "\udce9" + VKEY,
        "+" + VKEY,
        f"{NAME}+00000000+{base64.b64encode(bytes(33)).decode()}",
        f"{NAME}+00000000+{base64.b64encode(bytes([2]) + bytes(32)).decode()}",
    ],
)
def test_a_malformed_key_is_refused(text: str) -> None:
    with pytest.raises(UnreadableFile, match="public key"):
        open_checkpoint(NOTE, text)


@pytest.mark.parametrize("sign_bit", [0, 0x80])
@pytest.mark.parametrize(
    "public",
    [
        "00" * 32,
        "01" + "00" * 31,
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "ec" + "ff" * 30 + "7f",
        "ed" + "ff" * 30 + "7f",  # 0 once more, written beyond p
        "ee" + "ff" * 30 + "7f",  # 1 once more
    ],
)
def test_a_key_with_which_anybody_can_sign_is_refused(public: str, sign_bit: int) -> None:
    weak = bytearray.fromhex(public)
    weak[31] |= sign_bit
    with pytest.raises(UnreadableFile, match="anybody can sign"):
        parse_vkey(str(signed_note.Verifier(NAME, bytes(weak))))


def test_a_key_s_text_reads_back() -> None:
    assert str(parse_vkey(VKEY)) == VKEY
    assert str(parse_vkey(SUM_VKEY)) == SUM_VKEY
