"""The file around the members: one way only to write it, and nothing of a stranger's zip file is believed."""

import io
import random
import struct
import time
import warnings
import zipfile
import zlib
from collections.abc import Callable, Mapping
from functools import partial

import pytest

from tests.evidence.affair import resealed, sketch
from tests.ledger.workshop import KEY
from tidemark import limits
from tidemark.errors import EvidenceInvalid, LimitExceeded
from tidemark.evidence import bundle as bundles
from tidemark.evidence.container import pack
from tidemark.evidence.verify import verify
from tidemark.ledger import canonical

HONEST = bundles.write(sketch(), KEY)
MEMBERS = bundles.read(HONEST).members
FLIPS = 1_000


def zipped(
    members: Mapping[str, bytes], *, method: int = zipfile.ZIP_STORED, comment: bytes = b"", **info: object
) -> bytes:
    """Write members with Python's own zipfile, in the order given."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, data in members.items():
            member = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            member.create_system, member.external_attr, member.compress_type = 3, 0o644 << 16, method
            for field, value in info.items():
                setattr(member, field, value)
            archive.writestr(member, data)
        archive.comment = comment
    return stream.getvalue()


def sorted_members() -> dict[str, bytes]:
    return dict(sorted(MEMBERS.items()))


def with_byte(at: int, value: int) -> bytes:
    return HONEST[:at] + bytes([value]) + HONEST[at + 1 :]


# --- what it is -------------------------------------------------------------------------------------------------------


def test_every_unzip_program_opens_it() -> None:
    with zipfile.ZipFile(io.BytesIO(HONEST)) as archive:
        assert archive.testzip() is None
        assert {each: archive.read(each) for each in archive.namelist()} == MEMBERS


def test_it_is_what_another_writer_of_zip_files_makes() -> None:
    assert zipped(sorted_members()) == HONEST


def test_a_bundle_that_is_too_large_is_neither_written_nor_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_BUNDLE_BYTES", len(HONEST) - 1)
    with pytest.raises(LimitExceeded):
        bundles.write(sketch(), KEY)
    with pytest.raises(EvidenceInvalid, match="at most"):
        bundles.read(HONEST)


# --- one bit ----------------------------------------------------------------------------------------------------------


def test_one_flipped_bit_anywhere_is_found() -> None:
    rng = random.Random(20310307)
    for _ in range(FLIPS):
        at, bit = rng.randrange(len(HONEST)), rng.randrange(8)
        found = verify(with_byte(at, HONEST[at] ^ 1 << bit))
        assert not found.valid
        assert [step.holds for step in found.steps] == [False], f"byte {at}, bit {bit}"


def test_every_bit_of_what_is_around_the_members_counts() -> None:
    around = bytearray(HONEST)
    for data in MEMBERS.values():
        start = HONEST.index(data)
        around[start : start + len(data)] = bytes(len(data))
    for at in [at for at, byte in enumerate(around) if byte] + list(range(len(HONEST) - 22, len(HONEST))):
        for bit in range(8):
            with pytest.raises(EvidenceInvalid):
                bundles.read(with_byte(at, HONEST[at] ^ 1 << bit))


def test_one_flipped_bit_in_a_member_is_found_though_the_container_is_mended() -> None:
    rng = random.Random(7)
    for at in range(FLIPS):
        name = sorted(MEMBERS)[at % len(MEMBERS)]
        data = bytearray(MEMBERS[name])
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
        found = verify(pack({**MEMBERS, name: bytes(data)}))
        assert not found.valid
        assert len(found.steps) <= 2
        if name not in (bundles.MANIFEST, bundles.SIGNATURE):
            assert name in found.steps[1].detail


# --- other containers -------------------------------------------------------------------------------------------------


def extra_listed(data: bytes) -> bytes:
    """Give the first entry of the directory an extra field."""
    at = data.index(b"PK\x01\x02")
    name = struct.unpack_from("<H", data, at + 28)[0]
    grown = data[: at + 30] + struct.pack("<H", 4) + data[at + 32 : at + 46 + name] + b"\x00\x00\x00\x00"
    return grown + data[at + 46 + name :]


def bomb(size: int) -> bytes:
    return zipped({**sorted_members(), bundles.DRAFT: bytes(size)}, method=zipfile.ZIP_DEFLATED)


def claiming(size: int) -> bytes:
    """Return a file whose first member claims to have so many bytes."""
    return HONEST[:18] + struct.pack("<2L", size, size) + HONEST[26:]


def crowd() -> bytes:
    """Return a directory of a hundred thousand members that are not there."""
    listed = b"".join(
        struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 788, 20, 0, 0, 0, 33, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
        for _ in range(100_000)
    )
    return listed + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 65535, 65535, len(listed), 0, 0)


def many_members() -> bytes:
    return zipped({f"{at:06}": b"" for at in range(20_000)})


def twice() -> bytes:
    stream = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(stream, "w") as archive:
        warnings.simplefilter("ignore")
        for name in (*MEMBERS, bundles.LEAK):
            archive.writestr(zipfile.ZipInfo(name), MEMBERS[name])
    return stream.getvalue()


def renamed(old: str, new: str) -> bytes:
    return HONEST.replace(old.encode(), new.encode())


def without(name: str) -> bytes:
    return pack({each: data for each, data in MEMBERS.items() if each != name})


OTHERS: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "one byte": lambda: b"P",
    "only a beginning": lambda: b"PK\x03\x04",
    "a text": lambda: b"This is no bundle.\n" * 100,
    "a picture": lambda: MEMBERS[bundles.DRAFT],
    "zeros": lambda: bytes(100_000),
    "an empty zip": lambda: zipped({}),
    "half of it": lambda: HONEST[: len(HONEST) // 2],
    "all but a byte": lambda: HONEST[:-1],
    "a byte more": lambda: HONEST + b"\x00",
    "itself twice": lambda: HONEST + HONEST,
    "a byte before": lambda: b"\x00" + HONEST,
    "a program before": lambda: b"#!/bin/sh\n" + HONEST,
    "a comment": lambda: zipped(sorted_members(), comment=b"nothing to see"),
    "an extra field": lambda: zipped(sorted_members(), extra=b"\x01\x00\x00\x00"),
    "an extra field listed": lambda: extra_listed(HONEST),
    "another time": lambda: zipped(sorted_members(), date_time=(2031, 3, 7, 9, 0, 0)),
    "another system": lambda: zipped(sorted_members(), create_system=0),
    "other rights": lambda: zipped(sorted_members(), external_attr=0o755 << 16),
    "another order": lambda: zipped(dict(reversed(sorted_members().items()))),
    "compressed": lambda: zipped(sorted_members(), method=zipfile.ZIP_DEFLATED),
    "compressed otherwise": lambda: zipped(sorted_members(), method=zipfile.ZIP_LZMA),
    "encrypted": lambda: with_byte(6, 1),
    "a member more": lambda: zipped({**sorted_members(), "zz.txt": b""}),
    "a member twice": twice,
    "a bomb": lambda: bomb(64 * 2**20),
    "a bomb in a bomb": lambda: zipped({bundles.DRAFT: bomb(2**20)}, method=zipfile.ZIP_DEFLATED),
    "a member of 4 GiB": lambda: claiming(2**32 - 1),
    "a member to the end": lambda: claiming(len(HONEST) - 40),
    "a crowd": crowd,
    "many members": many_members,
    "a path upwards": lambda: zipped({"../../etc/passwd": b"", **sorted_members()}),
    "an absolute path": lambda: zipped({"/etc/passwd": b"", **sorted_members()}),
    "a path of the same length": lambda: renamed("draft.bin", "../ft.bin"),
    "a drive": lambda: renamed("draft.bin", "C:\\ft.bin"),
    "another script": lambda: zipped({"草案.bin": b"", **sorted_members()}),
    "a name with a null": lambda: renamed("draft.bin", "draft\x00bin"),
    **{f"without {name}": partial(without, name) for name in sorted(MEMBERS) if "report" not in name},
}


@pytest.mark.parametrize("name", OTHERS)
def test_whatever_is_no_bundle_is_refused_in_the_first_step(name: str) -> None:
    data = OTHERS[name]()
    started = time.process_time()
    found = verify(data)
    assert [step.holds for step in found.steps] == [False]
    assert found.steps[0].detail
    assert time.process_time() - started < 2


def test_a_report_left_out_is_a_broken_seal() -> None:
    found = verify(without("report-en.pdf"))
    assert [step.holds for step in found.steps] == [True, False]
    assert "report-en.pdf" in found.steps[1].detail


def test_a_report_put_in_is_a_broken_seal() -> None:
    found = verify(pack({**MEMBERS, "report-zh.pdf": b"%PDF"}))
    assert [step.holds for step in found.steps] == [True, False]


def test_checksums_are_those_of_the_members() -> None:
    at = HONEST.index(b"PK\x03\x04")
    assert struct.unpack_from("<L", HONEST, at + 14)[0] == zlib.crc32(MEMBERS[bundles.DRAFT])


# --- the manifest -----------------------------------------------------------------------------------------------------


def manifest(**changes: object) -> bytes:
    said = canonical.loads(MEMBERS[bundles.MANIFEST], what="manifest", max_bytes=10**6, max_depth=8) | changes
    return canonical.dumps({name: value for name, value in said.items() if value is not None})


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b'{"files":{}',
        b"\xff\xfe",
        MEMBERS[bundles.MANIFEST] + b"\n",
        b" " + MEMBERS[bundles.MANIFEST],
        manifest(version=2),
        manifest(version=0),
        manifest(version=True),
        manifest(version="1"),
        manifest(version=None),
        manifest(scheme="tidemark-receipt"),
        manifest(more=1),
        manifest(files=[]),
        manifest(files=None),
        b"[" * 100_000,
        b'{"files":' + b'{"a":' * 50 + b"1" + b"}" * 51,
    ],
)
def test_a_manifest_of_another_form_is_refused(data: bytes) -> None:
    found = verify(pack({**MEMBERS, bundles.MANIFEST: data}))
    assert [step.holds for step in found.steps] == [False]


@pytest.mark.parametrize("listed", [{}, {"draft.bin": 1}, {"draft.bin": {"bytes": 1, "sha256": []}}, {"x": {}}])
def test_a_manifest_that_lists_other_members_seals_nothing(listed: object) -> None:
    found = verify(pack({**MEMBERS, bundles.MANIFEST: manifest(files=listed)}))
    assert [step.holds for step in found.steps] == [True, False]


def test_a_newer_bundle_says_so() -> None:
    found = verify(pack({**MEMBERS, bundles.MANIFEST: manifest(version=2)}))
    assert "version 2" in found.steps[0].detail


def test_resealing_what_is_honest_gives_the_honest_bundle() -> None:
    assert resealed(MEMBERS) == HONEST
