"""Evidence: what an accusation rests on, in one file that an outsider can verify. Pure; it knows no records.

``finding`` (what is claimed) · ``bundle`` (the file that holds it with all that it rests on, in a ``container``) ·
``verify`` (the outsider's check: its order; ``log``, ``steps`` and ``recomputed`` have its steps, ``figures`` and
``arithmetic`` say when two figures are the same) · ``report`` (the same for people, as PDF).
"""
