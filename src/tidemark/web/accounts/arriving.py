"""How a person comes: by an invitation in a mail, or, the first of all, by the link that the server printed."""

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from tidemark.errors import Refused
from tidemark.records.accounts.first import is_first_link, make_first_officer
from tidemark.records.accounts.invite import accept, find_invitation
from tidemark.records.accounts.models import Person
from tidemark.web.accounts.forms import FirstOfficerForm, NewPasswordForm
from tidemark.web.accounts.throttle import refused_as_too_often

_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@sensitive_variables("secret")
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "POST"])
def first_officer(request: HttpRequest, secret: str) -> HttpResponse:
    """Make the owner's first officer, through the link that ``tidemark serve`` printed."""
    if refused := refused_as_too_often(request, "link"):
        return refused
    now = timezone.now()
    if not is_first_link(secret, now=now):
        return render(request, "accounts/link_fails.html", {"state": "unknown"}, status=404)
    form = FirstOfficerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            person = make_first_officer(
                secret,
                company=given["company"],
                name=given["name"],
                email=given["email"],
                language=translation.get_language() or "en",
                password=given["password"],
                now=now,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _signed_in(request, person)
    return render(request, "accounts/first_officer.html", {"form": form})


@sensitive_variables("secret")
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Let the person who was invited choose a password. The address is the invitation's, whoever opens the link."""
    if refused := refused_as_too_often(request, "link"):
        return refused
    now = timezone.now()
    found = find_invitation(secret)
    state = "unknown" if found is None else found.state(now)
    if found is None or state != "open":
        return render(request, "accounts/link_fails.html", {"state": state}, status=404 if found is None else 410)
    with translation.override(found.language):
        request.LANGUAGE_CODE = translation.get_language()
        form = NewPasswordForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                person = accept(found, password=form.cleaned_data["password"], now=now)
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                return _signed_in(request, person)
        return render(request, "accounts/invitation.html", {"form": form, "invitation": found})


def _signed_in(request: HttpRequest, person: Person) -> HttpResponse:
    """Sign a new person in, in a session of a new name, whoever used this browser before."""
    request.session.flush()
    login(request, person, backend=_BACKEND)
    return redirect("home")
