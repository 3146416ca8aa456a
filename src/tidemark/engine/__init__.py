"""The engine: bytes and keys in, frozen results out. No Django, no disk, no clock, no network.

The path of the data through it: keys → carriers (mark) → match → register → detect → accuse, run in one go by ``trace``
and rehearsed by ``drill``. A stage imports earlier stages only.
"""
