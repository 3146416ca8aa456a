"""One copy: its page, its preview, its download, its receipt, and taking it back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tidemark.errors import TidemarkError
from tidemark.limits import MAX_NAME_CHARS
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.connect import current_home
from tidemark.records.copies.commit import leaf_of_copy
from tidemark.records.copies.download import download, refuse_download
from tidemark.records.copies.models import Copy
from tidemark.records.ledger.key import signing_key
from tidemark.records.ledger.log import receipt_for
from tidemark.records.projects.preview import copy_preview
from tidemark.web.accounts.signed_in import signed_in
from tidemark.web.copies.lines import lines_of
from tidemark.web.projects.access import as_told, owners_person, require, rights
from tidemark.web.projects.drafts import attachment, picture_response
from tidemark.web.projects.forms import RevokeForm
from tidemark.web.projects.revoke import open_children, revoke_and_tell


@login_required
@require_safe
def copy_page(request: HttpRequest, pk: str) -> HttpResponse:
    """Whose it is, under what, who answers for it, what became of it."""
    person = signed_in(request)
    found = _visible(person, pk)
    now = timezone.now()
    line = lines_of([found], at=now)[0]
    left = open_children([found], now=now) if person.is_owners else 0
    children = Copy.objects.visible_to(person).filter(parent=found).order_by("created", "id").only("pk")
    context = {
        "copy": found,
        "line": line,
        "leaf": leaf_of_copy(found.pk),
        "children": lines_of(children[:50], at=now),
        "downloads": found.downloads.select_related("person")[:50],
        "form": RevokeForm(open_children=left),
        "open_children": left,
        "is_mine": found.person_id == person.pk,
        "why_not": _why_not(found, person) if found.person_id == person.pk else "",
        # A supplier above sees that there is a copy, and not by which agreement of others it was made.
        "is_holders": person.is_owners or found.holder_id == person.party_id,
        "is_bound": person.is_owners or _is_side_of(person, found),
        "answers": person.is_owners or found.responsible_id == person.party_id,
        "is_revocable": (found.revoked is None and not found.is_master) or left > 0,
    } | rights(person)
    return render(request, "copies/copy.html", context)


@login_required
@require_safe
def picture(request: HttpRequest, pk: str) -> HttpResponse:
    """A small picture of one's own copy, made from that very copy: nothing unmarked reaches a holder's screen, and no
    picture of the copy's own size without a download.
    """
    person = signed_in(request)
    found = _visible(person, pk)
    if found.person_id != person.pk:
        raise Http404
    try:
        refuse_download(found, by=person, now=timezone.now())
        data = copy_preview(current_home(), found.sha256 or "")
    except TidemarkError:
        raise Http404 from None
    return picture_response(data)


@login_required
@require_POST
def fetch(request: HttpRequest, pk: str) -> HttpResponse:
    """Hand a copy to the person that it was made for."""
    person = signed_in(request)
    found = _visible(person, pk)
    if found.person_id != person.pk:
        raise PermissionDenied  # a colleague's: seen, but not to be had
    try:
        taken = download(current_home(), found, by=person, now=timezone.now())
    except TidemarkError as refused:
        messages.error(request, as_told(refused))
        return redirect("home")
    return attachment(taken.data, taken.file_name, taken.content_type)


@login_required
@require_safe
def receipt(request: HttpRequest, pk: str) -> HttpResponse:
    """The proof that the ledger holds this copy: for its holder to keep, and for whoever may see the ledger."""
    person = signed_in(request)
    found = _visible(person, pk)
    if person.is_owners:
        require(person, Act.SEE_LEDGER)
    leaf = leaf_of_copy(found.pk)
    if leaf is None:
        raise Http404
    data = receipt_for(leaf, signing_key(current_home())).encode()
    return attachment(data, f"{found.pk}.receipt", "text/plain")


@login_required
@require_POST
def revoke_copy(request: HttpRequest, pk: str) -> HttpResponse:
    """Take a copy back, with its child copies if asked."""
    person = owners_person(request)
    found = _visible(person, pk)
    require(person, Act.RELEASE)
    now = timezone.now()
    form = RevokeForm(request.POST, open_children=open_children([found], now=now))
    if not form.is_valid():
        messages.error(request, _("Say why, in at most %(limit)d characters.") % {"limit": MAX_NAME_CHARS})
        return redirect("copy", found.pk)
    revoke_and_tell(request, [found], form, now=now)
    return redirect("copy", found.pk)


def _visible(person: Person, pk: str) -> Copy:
    rows = Copy.objects.visible_to(person).select_related(
        "draft__project", "holder", "person__party", "agreement", "responsible", "release", "parent__holder"
    )
    return get_object_or_404(rows, pk=pk)


def _is_side_of(person: Person, copy: Copy) -> bool:
    agreement = copy.agreement
    return agreement is not None and person.party_id in (agreement.discloser_id, agreement.recipient_id)


def _why_not(copy: Copy, person: Person) -> str:
    """Return why a download would be refused; '' if it would not."""
    try:
        refuse_download(copy, by=person, now=timezone.now())
    except TidemarkError as refused:
        return as_told(refused)
    return ""
