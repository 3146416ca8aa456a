"""An exported ledger is read as it was written, and what is no such file is told."""

import pytest

from tests.ledger.workshop import KEY, NAME, VKEY, log_of_copies
from tidemark.errors import UnreadableFile
from tidemark.ledger import export, note
from tidemark.ledger.export import SignedState, Stamp

LOG = log_of_copies(3)
STATES = (SignedState(log_of_copies(2).note(), Stamp(b"a stamp", b"its certificates")), SignedState(LOG.note()))
WRITTEN = export.encode(entries=LOG.leaves, states=STATES, key=KEY, name=NAME)


def test_an_export_is_read_as_it_was_written() -> None:
    found = export.read(WRITTEN)
    assert (found.vkey, found.entries, found.states) == (VKEY, tuple(LOG.leaves), STATES)
    assert found.seal is not None
    assert WRITTEN.startswith(found.above_seal)
    assert note.parse(found.seal).text == export.seal_text(found.above_seal)


def test_a_newer_version_and_another_file_are_told_apart() -> None:
    with pytest.raises(UnreadableFile, match="newer"):
        export.read(WRITTEN.replace(b"export 2", b"export 3", 1))
    with pytest.raises(UnreadableFile, match="no exported ledger"):
        export.read(LOG.receipt(1).encode())


@pytest.mark.parametrize("parts", [2, 4])
def test_a_checkpoint_has_a_stamp_with_its_certificates_or_neither(parts: int) -> None:
    lines = WRITTEN.split(b"\n")
    at = 2 + len(LOG.leaves) + 1
    lines[at] = b" ".join((lines[at].split(b" ") * 2)[:parts])
    with pytest.raises(UnreadableFile, match="or neither"):
        export.read(b"\n".join(lines))
