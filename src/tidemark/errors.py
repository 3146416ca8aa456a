"""Every error that Tidemark raises on purpose: one root, a child for each thing that a caller can do about it.

A message says what was expected, what was seen and what to do next. It never holds a key, a token or personal data.
"Not found" is never an error: verdicts and refused registrations are values with a reason.
"""


class TidemarkError(Exception):
    """Root of all errors that Tidemark raises on purpose; faces catch this one."""


class UnreadableFile(TidemarkError):
    """The bytes are not a file that Tidemark reads. Give another file, or the same one exported again."""


class LimitExceeded(TidemarkError):
    """The file is well formed but larger than a limit of :mod:`tidemark.limits`. Make it smaller."""


class Unmarkable(TidemarkError):
    """The draft is too small or too plain to carry a mark that could be traced. Give a larger or richer one."""


class WrongKey(TidemarkError):
    """The master secret is missing, malformed or not the one that this folder was made with. Restore it."""


class HomeUnusable(TidemarkError):
    """The data folder cannot be used: absent, not writable, full, or of a newer version. Mend the folder."""


class RecordsDamaged(TidemarkError):
    """What is stored contradicts what is remembered (a hash differs, a file is gone). Restore from a backup."""


class OutputUnusable(TidemarkError):
    """The place where copies or reports should go cannot be written: absent, forbidden or full. Name another."""
