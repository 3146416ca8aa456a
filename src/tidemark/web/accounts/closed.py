"""Pages that allauth knows and Tidemark does not: nobody signs up, and an address proves who was invited."""

from django.http import Http404, HttpRequest, HttpResponse


def closed(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    raise Http404
