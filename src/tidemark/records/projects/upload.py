"""Take a draft that somebody uploads: all of it, or nothing and a sentence that says why.

Steps, in this order, because each is dearer than the one before:

    1. whether this person may, and the name
    2. bytes on record already
    3. read, prepare, describe: whether it is a picture and can carry a mark
    4. trace: whether it is somebody's copy (see :mod:`.provenance`)
    5. row, leaf in the ledger and bytes, committed together

The drill follows as a task: a draft can be shared before it is done.
"""

import unicodedata
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tidemark.engine.carriers import image
from tidemark.errors import LimitExceeded, Refused, UnreadableFile
from tidemark.limits import MAX_FILE_BYTES, MAX_NAME_CHARS
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.connect import exclusively
from tidemark.records.copies.commit import commit_draft, commit_renamed
from tidemark.records.copies.secret import master_secret
from tidemark.records.home import Home
from tidemark.records.projects.drafts import draft_file, find_draft, keep_bytes, next_revision, remember_draft
from tidemark.records.projects.drill import order_drill
from tidemark.records.projects.edit import classify_draft
from tidemark.records.projects.models import Draft, Label, Project
from tidemark.records.projects.preview import keep_previews
from tidemark.records.projects.provenance import refuse_marked
from tidemark.records.projects.telling import may_take_name


def upload_draft(
    home: Home,
    *,
    project: Project,
    name: str,
    data: bytes,
    by: Person,
    now: datetime,
    label: str | None = None,
    status: str = Draft.Status.BIDDING,
) -> Draft:
    """Remember a file as a draft of a project. Other bytes under a name on record become its next revision.

    The same bytes again are refused, but for a draft whose name names a party, as long as no copy was made of it: it
    takes the new name.

    Parameters
    ----------
    name : str
        The file's name; folders before it and control characters in it are dropped.
    label : str, optional
        One of :class:`Label`; the project's own if not given.
    status : str
        One of :class:`Draft.Status`.

    Raises
    ------
    Refused
        If the person may not, or the same bytes are on record.
    UnreadableFile, LimitExceeded, Unmarkable
        If it is no picture that can carry a mark, or is or shows somebody's copy.
    HomeUnusable, RecordsDamaged
        If it cannot be kept.
    """
    if not by.may(Act.MANAGE_PROJECTS):
        raise Refused(_("Drafts are uploaded by the owner's officers. Ask one of them."))
    file_name = clean_file_name(name)
    label, status = _one_of(Label.values, label or project.label), _one_of(Draft.Status.values, status)
    if not data:
        raise UnreadableFile(_("The file is empty. Export it again."))
    if len(data) > MAX_FILE_BYTES:
        raise LimitExceeded(
            _("The file has %(size)d MB; at most %(limit)d MB are read. Export it smaller.")
            % {"size": len(data) >> 20, "limit": MAX_FILE_BYTES >> 20}
        )
    known = find_draft(data)
    if known is not None and known.project_id == project.pk and may_take_name(known, file_name):
        renamed = _renamed(home, known, file_name, now=now)
        return classify_draft(home, renamed, status=status, label=label, by=by, now=now)
    _refuse_known(data)
    picture = image.read(data)
    image.prepare(picture)
    description = image.describe(picture)
    refuse_marked(home, data, secret=master_secret(home, now=now))
    file = draft_file(file_name, data, description=description, project=project.code_name)
    with exclusively(home), transaction.atomic():
        _refuse_known(data)
        draft = remember_draft(file, now=now)
        draft.label, draft.status, draft.uploaded_by = label, status, by
        draft.width_px, draft.height_px = picture.width_px, picture.height_px
        draft.save(update_fields=["label", "status", "uploaded_by", "width_px", "height_px"])
        commit_draft(home, draft, now=now)
        keep_bytes(home, draft, file)
        order_drill(draft, now=now)
    keep_previews(home, draft.sha256, picture)
    return draft


def _renamed(home: Home, draft: Draft, file_name: str, *, now: datetime) -> Draft:
    with exclusively(home), transaction.atomic():
        seen = Draft.objects.select_for_update(of=("self",)).select_related("project").get(pk=draft.pk)
        if not may_take_name(seen, file_name):
            raise Refused(_("The draft was shared or renamed meanwhile. Look at it again."))
        seen.revision, seen.file_name = next_revision(seen.project, file_name), file_name
        seen.save(update_fields=["file_name", "revision"])
        commit_renamed(home, seen, now=now)
    return seen


def clean_file_name(name: str) -> str:
    """Return a file's name without folders, control and direction marks: what may be shown and written on.

    Raises
    ------
    Refused
        If nothing is left of it, or it is too long.
    """
    own = name.replace("\\", "/").rpartition("/")[2]
    text = unicodedata.normalize("NFC", own.encode(errors="replace").decode())
    kept = " ".join(
        "".join(" " if (kind := unicodedata.category(char)) == "Cc" else char * (kind != "Cf") for char in text).split()
    )
    if not kept.strip(". "):
        raise Refused(_("The file has no name. Give it one."))
    if len(kept) > MAX_NAME_CHARS:
        raise Refused(
            _("The file's name has %(seen)d characters; at most %(limit)d are kept. Shorten it.")
            % {"seen": len(kept), "limit": MAX_NAME_CHARS}
        )
    return kept


def _refuse_known(data: bytes) -> None:
    known = find_draft(data)
    if known is None:
        return
    raise Refused(
        _("The same file is on record already: %(name)s, revision %(revision)d, of project %(project)s.")
        % {"name": known.file_name, "revision": known.revision, "project": known.project or "–"}
    )


def _one_of(values: list[str], value: str) -> str:
    if value not in values:
        raise Refused(_("%(seen)s is none of: %(values)s.") % {"seen": value, "values": ", ".join(values)})
    return value
