"""Drafts on the desk, and a look at what came of sharing them."""

from tests.conftest import NOW, make_draft
from tests.desk import Desk
from tidemark.engine.carriers import image
from tidemark.records.connect import exclusively
from tidemark.records.copies.models import Copy
from tidemark.records.copies.secret import master_secret
from tidemark.records.home import Home
from tidemark.records.ledger.models import Leaf
from tidemark.records.projects.drafts import draft_file, keep_bytes, remember_draft
from tidemark.records.projects.models import Draft

SMALL = (300, 400)


def put_draft(
    home: Home, desk: Desk, *, seed: int = 1, name: str = "front.png", size: tuple[int, int] = SMALL
) -> Draft:
    """Put a small draft on record, as an upload leaves it."""
    data = make_draft(seed, size=size)
    master_secret(home, now=NOW)
    file = draft_file(name, data, description=image.describe(image.read(data)), project=desk.project.code_name)
    with exclusively(home):
        draft = remember_draft(file, now=NOW)
        keep_bytes(home, draft, file)
    return draft


def leaves(kind: str) -> list[str]:
    """Return the subjects of all leaves of a kind, in the ledger's order."""
    return list(Leaf.objects.filter(kind=kind).order_by("index").values_list("subject", flat=True))


def holders_copies() -> list[Copy]:
    return list(Copy.objects.filter(is_master=False).order_by("id"))
