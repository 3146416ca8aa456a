"""The ledger: an append-only Merkle log of what happened, and the proofs that an outsider can check.

    entry ─► leaf hash ─► tree (merkle) ─► root ─► signed checkpoint ─► time stamp
                                └─► proof ──────────────┴─► receipt

Pure: bytes, keys and times come in as arguments. No Django, no disk, no clock, no network. What is stored, and when a
checkpoint is made, is the records' business; the bytes are described in docs/formats/ledger.md.

A ledger dates what its owner wrote into it and shows that nothing was changed or taken out afterwards. It does not show
that an entry was true, and an owner who signs two histories is caught only if two holders compare their checkpoints,
or if a checkpoint was stamped or published.
"""
