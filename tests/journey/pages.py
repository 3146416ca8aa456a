"""Which pages there are, by the URL resolver, and walking through those that a person can reach."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve

from tests.journey.browser import Window
from tests.journey.looking import look
from tests.journey.persons import PASSWORD

_LINKS = """() => [...document.querySelectorAll("a[href], img[src]")].map((each) => each.href || each.src)"""


@dataclass(frozen=True, slots=True)
class Address:
    """An address of the desk: its name, how it is written, and whether it can be opened without more knowledge."""

    name: str
    route: str

    @property
    def is_plain(self) -> bool:
        return "<" not in self.route and "(" not in self.route


def addresses() -> list[Address]:
    """Return all addresses that answer GET, but for those of the API."""
    return [
        Address(pattern.name or pattern.lookup_str, route)
        for route, pattern in _patterns(get_resolver().url_patterns, "")
        if "GET" in _methods(pattern.callback)
    ]


def _patterns(among: list[Any], prefix: str) -> Iterator[tuple[str, URLPattern]]:
    for each in among:
        route = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            if not route.startswith("api/"):
                yield from _patterns(each.url_patterns, route)
        else:
            yield route, each


def _methods(view: Callable[..., object] | None) -> tuple[str, ...]:
    """Return what a view answers to, as ``require_http_methods`` and its like have laid down; GET if nothing has."""
    while view is not None:
        names = getattr(getattr(view, "__code__", None), "co_freevars", ())
        if "request_method_list" in names:
            cells = view.__closure__  # type: ignore[attr-defined]
            return tuple(cells[names.index("request_method_list")].cell_contents)
        view = getattr(view, "__wrapped__", None)
    return ("GET",)


def name_of(address: str) -> str:
    """Return the name of an address, '' if it is none of a page: static files, the API."""
    try:
        found = resolve(urlsplit(address).path)
    except Resolver404:
        return ""
    return "" if found.route.startswith("api/") else found.url_name or found._func_path


@dataclass(slots=True)
class Walk:
    """A walk in one window: along every link that it finds, so many pages of each name: a ledger has thousands."""

    window: Window
    of_one_kind: int = 1
    seen: Counter[str] = field(default_factory=Counter)
    been: set[str] = field(default_factory=set)
    landed: set[str] = field(default_factory=set)

    def along(self, starts: list[str]) -> None:
        """Open each address, look at what is a page, and go on with what it links to."""
        waiting = [urljoin(self.window.page.url, start) for start in starts]
        while waiting:
            address = waiting.pop(0).split("#")[0]
            name = self._name(address)
            is_known = urlsplit(address)._replace(query="").geturl() in self.been
            if not name or is_known or self.seen[name] >= self.of_one_kind:
                continue
            self.been.add(urlsplit(address)._replace(query="").geturl())
            self.seen[name] += 1
            waiting += self._open(address)

    def _name(self, address: str) -> str:
        is_ours = urlsplit(address).netloc == urlsplit(self.window.page.url).netloc
        return name_of(address) if is_ours else ""

    def _open(self, address: str) -> list[str]:
        answer = self.window.context.request.get(address, max_redirects=0)
        if answer.status == 200 and "text/html" not in answer.headers.get("content-type", ""):
            self._check_file(address, answer.headers)
            return []
        if self.window.open(address) >= 500:
            return []  # it is among the window's faults
        self._show_who_it_is()
        if self.window.page.url not in self.landed:  # elsewhere, perhaps: some addresses lead on
            self.landed.add(self.window.page.url)
            look(self.window)
        found: list[str] = self.window.page.evaluate(_LINKS)
        return found

    def _show_who_it_is(self) -> None:
        """Type the password once more where a page asks for it, as those about passwords and tokens do."""
        page = self.window.page
        if "/reauthenticate/?" in page.url:
            self.window.fill(password=PASSWORD)
            page.keyboard.press("Enter")
            page.wait_for_url(lambda url: "/reauthenticate/?" not in url)

    def _check_file(self, address: str, headers: dict[str, str]) -> None:
        """What is not a page is a picture of ours, or to be saved."""
        is_picture = headers["content-type"] in ("image/png", "image/jpeg", "image/webp")
        if not is_picture and not headers.get("content-disposition", "").startswith("attachment"):
            self.window.faults.append(f"{address} is {headers['content-type']} and not to be saved")
