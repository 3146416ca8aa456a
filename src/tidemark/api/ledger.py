"""The ledger: its entries, its signed state, and receipts."""

import json
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Schema
from pydantic import Field

from tidemark import limits
from tidemark.api.callers import caller
from tidemark.api.files import attachment
from tidemark.api.operations import FILE, Subject
from tidemark.api.pages import Asked, Index, Name, Page, find, page
from tidemark.records.accounts.roles import Act
from tidemark.records.connect import current_home
from tidemark.records.ledger.checkpoints import exported, signed_checkpoint
from tidemark.records.ledger.consistent import consistency_proof
from tidemark.records.ledger.models import Leaf
from tidemark.records.ledger.receipts import receipt_of_leaf

ledger = Subject("ledger")

Size = Annotated[int, Field(ge=0, le=limits.MAX_LEAVES, description="A number of entries that was signed.")]


class EntryOut(Schema):
    """One entry of the ledger: what its leaf says."""

    index: int
    kind: str
    subject: str
    time: str
    body: dict[str, Any]

    @classmethod
    def of(cls, leaf: Leaf) -> "EntryOut":
        entry = json.loads(bytes(leaf.data))
        return cls(index=leaf.index, kind=leaf.kind, subject=leaf.subject, time=leaf.time, body=entry["body"])


class CheckpointOut(Schema):
    """The ledger's size and root, signed."""

    size: int
    note: str = Field(description="C2SP signed note.")
    vkey: str = Field(description="The public key that it is verified with.")


@ledger.reads("/ledger/entries", Page[EntryOut])
def list_entries(request: HttpRequest, asked: Asked, kind: Name | None = None, subject: Name | None = None) -> object:
    """Entries, the newest first, for who may see the ledger."""
    caller(request).must(Act.SEE_LEDGER)
    wanted = {"kind": kind, "subject": subject}
    rows = Leaf.objects.filter(**{name: value for name, value in wanted.items() if value is not None})
    return page(request, rows.order_by("-index"), asked, EntryOut.of)


@ledger.reads("/ledger/entries/{index}", EntryOut)
def get_entry(request: HttpRequest, index: Index) -> EntryOut:
    """One entry, for who may see the ledger."""
    caller(request).must(Act.SEE_LEDGER)
    return EntryOut.of(find(Leaf.objects.all(), index))


@ledger.reads("/ledger/checkpoint", CheckpointOut)
def get_checkpoint(request: HttpRequest) -> CheckpointOut:
    """The ledger's state, signed, for who may see the ledger. Keep it: a changed history would not lead to it."""
    caller(request).must(Act.SEE_LEDGER)
    signed = signed_checkpoint(current_home())
    return CheckpointOut(size=signed.size, note=signed.note.decode(), vkey=signed.vkey)


@ledger.reads("/ledger/consistency/{size}", None, media_type=FILE)
def get_consistency(request: HttpRequest, size: Size, until: Size | None = None) -> HttpResponse:
    """A proof that the ledger of this size is the beginning of that of another, for `tidemark ledger verify`.

    Both are sizes that were signed; without `until`, the other is the last one. For who may see the ledger, who hands
    it to whoever holds the older state.
    """
    caller(request).must(Act.SEE_LEDGER)
    proof = consistency_proof(current_home(), size, until)
    return attachment(proof.data, file_name=proof.file_name)


@ledger.reads("/ledger/export", None, media_type=FILE)
def export_ledger(request: HttpRequest) -> HttpResponse:
    """The whole ledger as one sealed file, for `tidemark ledger verify`; for who may see the ledger."""
    caller(request).must(Act.SEE_LEDGER)
    return attachment(exported(current_home()), file_name="ledger.jsonl")


@ledger.reads("/ledger/entries/{index}/receipt", None, media_type=FILE)
def get_entry_receipt(request: HttpRequest, index: Index) -> HttpResponse:
    """The receipt of an entry, with the proof that the signed ledger holds it; for who may see the ledger."""
    caller(request).must(Act.SEE_LEDGER)
    leaf = find(Leaf.objects.all(), index)
    return attachment(receipt_of_leaf(current_home(), leaf), file_name=f"entry-{leaf.index}.receipt")
