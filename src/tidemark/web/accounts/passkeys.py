"""Where passkeys can be used: a browser ties each to a name, and offers none where others could listen or answer."""

from collections.abc import Callable
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest


def has_passkeys(host: str, *, is_secure: bool) -> bool:
    """Whether browsers offer passkeys at a host, such as ``localhost:8000``.

    The identifier that a passkey is made for is a domain (Web Authentication, Relying Party Identifier), so an IP
    address has none; and of pages on plain http, browsers trust those of ``localhost`` alone.
    """
    name = urlsplit(f"//{host}").hostname or ""
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        ip_address(name)
    except ValueError:
        return is_secure
    return False


def passkeys(request: HttpRequest) -> dict[str, Callable[[], object]]:
    """Tell templates whether passkeys can be used where the person is, and the address where they can, '' if nowhere.

    Both are worked out by the few pages that ask: one about a wrong host could not.
    """
    return {
        "has_passkeys": lambda: has_passkeys(request.get_host(), is_secure=request.is_secure()),
        "address_of_passkeys": _address,
    }


def _address() -> str:
    site = urlsplit(settings.SITE_URL)
    return settings.SITE_URL if has_passkeys(site.netloc, is_secure=site.scheme == "https") else ""
