"""The container of an evidence bundle: a zip file of which every byte follows from its members.

Any unzip program opens it, yet nothing here trusts one: members are read one after another from the file's beginning,
none is ever larger than what is there, and what was read is written again and compared with the whole file. So the
rest of what zip files may have (directories that differ from the files, comments, extra fields, compression) is
refused without being understood.
"""

import struct
import zlib
from collections.abc import Collection, Mapping

from tidemark.errors import EvidenceInvalid

_MEMBER = struct.Struct("<4s5H3L2H")
_LISTED = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_MEMBER_SIGN, _LISTED_SIGN, _END_SIGN = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_NEEDS, _MADE_BY = 20, 3 << 8 | 20  # version 2.0 of the format, on Unix, whatever the system
_STORED, _NO_FLAGS, _NO_TIME, _FIRST_DAY = 0, 0, 0, 1 << 5 | 1  # 1 January 1980, the earliest that there is
_MODE = 0o644 << 16


def pack(members: Mapping[str, bytes]) -> bytes:
    """Return the one zip file that these members make: in the order of their names, stored, with nothing beside.

    Parameters
    ----------
    members : mapping of str to bytes
        By name, in ASCII; less than 4 GiB together.
    """
    parts: list[bytes] = []
    directory: list[bytes] = []
    at = 0
    for name in sorted(members):
        data, encoded = members[name], name.encode("ascii")
        same = (_NO_TIME, _FIRST_DAY, zlib.crc32(data), len(data), len(data), len(encoded), 0)
        parts += [_MEMBER.pack(_MEMBER_SIGN, _NEEDS, _NO_FLAGS, _STORED, *same), encoded, data]
        directory += [
            _LISTED.pack(_LISTED_SIGN, _MADE_BY, _NEEDS, _NO_FLAGS, _STORED, *same, 0, 0, 0, _MODE, at),
            encoded,
        ]
        at += _MEMBER.size + len(encoded) + len(data)
    listed = b"".join(directory)
    end = _END.pack(_END_SIGN, 0, 0, len(members), len(members), len(listed), at, 0)
    return b"".join([*parts, listed, end])


def unpack(data: bytes, known: Collection[str]) -> dict[str, bytes]:
    """Return the members of a file that :func:`pack` made.

    Parameters
    ----------
    data : bytes
    known : collection of str
        The names that a member may have.

    Raises
    ------
    EvidenceInvalid
        If :func:`pack` does not make exactly this file of any members with these names.
    """
    members: dict[str, bytes] = {}
    at = 0
    while data[at : at + len(_MEMBER_SIGN)] == _MEMBER_SIGN and at + _MEMBER.size <= len(data):
        *_, flags, how, _time, _day, _crc, _packed, size, of_name, of_extra = _MEMBER.unpack_from(data, at)
        start = at + _MEMBER.size + of_name + of_extra
        name = data[at + _MEMBER.size : at + _MEMBER.size + of_name].decode("ascii", "replace")
        if name not in known:
            raise EvidenceInvalid(f"A bundle has no member {name[:80]!r}.")
        if name in members:
            raise EvidenceInvalid(f"A bundle has each member once; this has {name} twice.")
        if how != _STORED or flags != _NO_FLAGS:
            raise EvidenceInvalid(f"A bundle's members are neither compressed nor encrypted; here {name} is.")
        if start + size > len(data):
            raise EvidenceInvalid(f"The bundle is cut off, or its member {name} claims to be larger than the file.")
        members[name] = data[start : start + size]
        at = start + size
    if not members:
        raise EvidenceInvalid("This is no evidence bundle: it does not begin as one. Get the original file.")
    if pack(members) != data:
        raise EvidenceInvalid("The file's container was changed: it is not byte for byte what its members make.")
    return members
