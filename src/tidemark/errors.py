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
    """The master secret or the ledger's key is missing, malformed or not this folder's. Restore it."""


class HomeUnusable(TidemarkError):
    """The data folder cannot be used: absent, not writable, full, or of a newer version. Mend the folder."""


class RecordsDamaged(TidemarkError):
    """What is stored contradicts what is remembered (a hash differs, a file is gone). Restore from a backup."""


class OutputUnusable(TidemarkError):
    """The place where copies or reports should go cannot be written: absent, forbidden or full. Name another."""


class LedgerTampered(TidemarkError):
    """A proof, a signature or a time stamp of the ledger does not hold. Get the original from whoever issued it."""


class EvidenceInvalid(TidemarkError):
    """A claim of an evidence bundle does not follow from what the bundle holds. Rely on nothing in it."""


class NotOfBundle(TidemarkError):
    """A file that the reader gave beside an evidence bundle is none that it speaks of. Give the right one, or none."""


class ReportFontMissing(TidemarkError):
    """A report has text in a script for which no typeface was found. Install one, or name the folder that has it."""


class ReportFailed(TidemarkError):
    """A report cannot be made of what was given. Give a finding with an accusation, and its pictures as PNG files."""


class AuthorityUnreachable(TidemarkError):
    """No time-stamp authority is set, or it does not answer. Set it, or stamp later: nothing is lost meanwhile."""


class UnknownCopy(TidemarkError):
    """No copy of this id is on record. Look its id up."""


class UnknownCheckpoint(TidemarkError):
    """The ledger was never signed with this many entries. Look up in an exported ledger with how many it was."""


class Refused(TidemarkError):
    """A rule forbids it: an agreement lapsed, a round is closed, a copy was revoked. The message says which rule."""
