"""What people see when something cannot be shown: it says what and what to do, and never what others may see."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    return render(request, "404.html", status=404)


def too_often(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    return render(request, "429.html", status=429)


def stale(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """Tell that a form was sent from a page that this session did not get (Django's CSRF check)."""
    return render(request, "stale.html", status=403)


def malformed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    return HttpResponse("This request cannot be read.\n", status=400, content_type="text/plain")


def broken(request: HttpRequest) -> HttpResponse:
    """Tell that something broke, from a page that needs neither database nor session: they may be what broke."""
    context = {"request": {"LANGUAGE_CODE": getattr(request, "LANGUAGE_CODE", "en")}}
    return HttpResponse(render_to_string("500.html", context), status=500)
