"""A person's own page: name and language, how he or she signs in, sessions, and tokens for programs."""

from allauth.account.decorators import reauthentication_required
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from tidemark.errors import Refused
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.nonce import give_nonce
from tidemark.records.accounts.tokens import issue_token, revoke_token
from tidemark.records.connect import current_home
from tidemark.web.accounts.forms import NonceForm, ProfileForm, TokenForm
from tidemark.web.accounts.signed_in import signed_in
from tidemark.web.doing import told
from tidemark.web.middleware import must_have_second_factor


@login_required
def profile(request: HttpRequest) -> HttpResponse:
    person = signed_in(request)
    form = ProfileForm(request.POST or None, instance=Person.objects.get(pk=person.pk))
    if request.method == "POST" and form.is_valid():
        saved = form.save()
        with translation.override(saved.language):
            messages.success(request, _("Saved."))
        return redirect("profile")
    now = timezone.now()
    factors = list(Authenticator.objects.filter(user=person).values_list("type", flat=True))
    return render(
        request,
        "accounts/profile.html",
        {
            "form": form,
            "nonce_form": NonceForm(initial={"nonce": bytes(person.nonce).hex()}),
            "has_app": Authenticator.Type.TOTP in factors,
            "passkeys": factors.count(Authenticator.Type.WEBAUTHN),
            "tokens": person.api_tokens.filter(revoked__isnull=True),
            "now": now,
        },
    )


@login_required
@require_POST
def nonce(request: HttpRequest) -> HttpResponse:
    """Take the person's nonce for copies of later on."""
    person, text = signed_in(request), request.POST.get("nonce", "")
    said = _("Saved. It is in the ledger, and goes into the marks of your next copies.")
    told(request, lambda: give_nonce(current_home(), person, text, now=timezone.now()), said)
    return redirect("profile")


@login_required
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """Sign the person out everywhere but here."""
    person = signed_in(request)
    person.end_sessions()
    update_session_auth_hash(request, person)
    messages.success(request, _("You are signed out everywhere else."))
    return redirect("profile")


@sensitive_variables("issued")
@login_required
@reauthentication_required  # type: ignore[untyped-decorator]
def new_token(request: HttpRequest) -> HttpResponse:
    """Make a token and show it, this once."""
    person, now = signed_in(request), timezone.now()
    form = TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            issued = issue_token(
                person,
                name=form.cleaned_data["name"],
                scopes=form.cleaned_data["scopes"],
                expires=now + form.lasts(),
                now=now,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return render(request, "accounts/token.html", {"issued": issued})
    return render(request, "accounts/new_token.html", {"form": form})


@login_required
@require_POST
def end_token(request: HttpRequest, pk: str) -> HttpResponse:
    token = get_object_or_404(signed_in(request).api_tokens, pk=pk)
    revoke_token(token, now=timezone.now())
    messages.success(request, _("The token “%(name)s” does not work any more.") % {"name": token.name})
    return redirect("profile")


@login_required
@require_safe
def second_factor_due(request: HttpRequest) -> HttpResponse:
    """Say that a second factor has to be set up first, and where."""
    if not must_have_second_factor(signed_in(request)):
        return redirect("home")
    return render(request, "accounts/second_factor_due.html")
