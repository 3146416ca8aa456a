"""Hand out files that somebody uploaded: only ever to be saved, never shown by the browser, whatever is in them."""

from urllib.parse import quote

from django.http import HttpResponse

from tidemark.records.agreements.documents import plain_name


def attachment(data: bytes, name: str, *, otherwise: str) -> HttpResponse:
    """Return a response that saves ``data`` under a plain file name (RFC 6266, RFC 8187)."""
    name = plain_name(name, otherwise=otherwise)
    ascii_name = name.encode("ascii", "replace").decode().replace("?", "_").replace("%", "_")
    response = HttpResponse(data, content_type="application/octet-stream")
    response.headers["Content-Disposition"] = (
        f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(name, '')}"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
