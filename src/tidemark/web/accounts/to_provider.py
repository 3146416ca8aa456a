"""The way to an identity provider: asked for in a form, taken from a page."""

from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.openid_connect.views import login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from requests import RequestException

_MISSHAPEN = (KeyError, AttributeError, TypeError)
"""What allauth raises where the provider's description of itself lacks an entry, or is no object."""


def to_provider(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Ask whether to go, then show a page that leads on to the provider.

    allauth answers the form with a redirect, and browsers hold each redirect that follows a form against the policy's
    ``form-action``, those of the provider to further hosts too, which nobody can name beforehand. A page that leads on
    is no part of the form, so ``form-action`` stays ``'self'``.

    Nothing else than signing in is begun here: whoever finds a session open could else bind a stranger's account to
    the person, and sign in with that ever after.
    """
    if (request.POST.get("process") or request.GET.get("process") or AuthProcess.LOGIN) != AuthProcess.LOGIN:
        raise Http404
    try:
        answer = login(request, provider_id)
    except (RequestException, *_MISSHAPEN) as error:  # it cannot be reached, or does not say where people sign in
        answer = render_authentication_error(request, provider_id, exception=error)
    if isinstance(answer, HttpResponseRedirect):
        return render(request, "socialaccount/login_redirect.html", {"redirect_to": answer.url})
    return answer  # type: ignore[no-any-return]
