"""``tidemark serve``: the web server and its workers, one tree of processes."""

import gc
import os
import socket
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tidemark.cli.faults import tell, told
from tidemark.cli.inputs import HomeOption
from tidemark.errors import HomeUnusable

if TYPE_CHECKING:
    from waitress.server import BaseWSGIServer, MultiSocketServer

    from tidemark.cli.beside import Command

_THREADS = 8
_LOCALHOST = ("localhost", "127.0.0.1", "::1")
_SERVERS = min(2, os.cpu_count() or 1) if os.name == "posix" else 1
"""Python runs one thread of a process at a time: a page of the desk costs some 30 ms of it, and the officers of one
owner ask for ten or twenty a second in their busiest hour. A second process halves the wait."""
_MAX_REQUEST_BYTES = 2 * 1024**3
"""A drop of some large drafts at once; each file has its own limit."""


@told
def serve(
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 for any that is free.")] = 8000,
    host: Annotated[str, typer.Option(help="The address to listen at. Keep it on this machine behind a proxy.")] = (
        "127.0.0.1"
    ),
    workers: Annotated[int, typer.Option(min=0, max=64, help="Processes that do the slow work, such as marking.")] = 1,
    servers: Annotated[int, typer.Option(min=1, max=64, help="Processes that answer requests.")] = _SERVERS,
    at_socket: Annotated[int | None, typer.Option("--at-socket", hidden=True)] = None,
    home_path: HomeOption = None,
) -> None:
    """Run Tidemark's pages and its API, and the workers that mark copies, until Ctrl-C.

    On the first start, the data folder is made, and a link is printed with which the first officer comes in: it works
    once, for 24 hours, and a restart prints another. docs/serve.md tells of TLS, mail, PostgreSQL and the rest.
    """
    if at_socket is not None:  # one of the further servers: see `_beside`
        _answer_at(at_socket, home_path)
        return
    with _bound(host, port) as listening:
        _settle_address(host, listening.getsockname()[1])
        os.environ["TIDEMARK_SERVERS"] = str(servers)  # for the settings: what throttles count is then shared
        from tidemark.cli.opened import open_home

        home = open_home(home_path, make=True)
        server = _server(listening)
        from tidemark.cli.beside import Beside

        _greet(home.path)
        with Beside(_beside(home.path, listening, workers=workers, servers=servers)):
            _run(server)


def _beside(home: Path, listening: socket.socket, *, workers: int, servers: int) -> "list[Command]":
    """Return what runs beside this process: the workers, and the servers that answer at the same socket."""
    from tidemark.cli.beside import Command

    at = ("--home", str(home))
    socket_number = listening.fileno()
    further = Command("server", ("serve", "--at-socket", str(socket_number), *at), inherits=(socket_number,))
    return [Command("worker", ("worker", *at))] * workers + [further] * (servers - 1)


def _answer_at(socket_number: int, home_path: Path | None) -> None:
    """Answer at a socket that the first server has bound; the address is settled, the folder made and migrated."""
    from tidemark.cli.opened import open_home

    with socket.socket(fileno=socket_number) as listening:
        open_home(home_path, make=False)
        _run(_server(listening))


def _run(server: "MultiSocketServer | BaseWSGIServer") -> None:
    _keep_what_is_loaded()
    try:
        server.run()
    finally:
        server.close()


def _keep_what_is_loaded() -> None:
    """Load what answers need, and leave it out of garbage collection.

    Going through it takes 0.15 s, which stops every request meanwhile.
    """
    from tidemark.web.ready import load_all

    load_all()
    gc.collect()
    gc.freeze()


def _bound(host: str, port: int) -> socket.socket:
    """Return a socket that listens, before anything else is done: two servers on one port are the usual mistake.

    Raises
    ------
    HomeUnusable
        If the port or the address cannot be had.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        bound = socket.socket(family, socket.SOCK_STREAM)
        if os.name == "posix":
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
    except OSError as error:
        raise HomeUnusable(
            f"Tidemark cannot listen at {host}, port {port}: {error.strerror or error}. "
            "Another server may be running there; choose another one with --port."
        ) from error
    return bound


def _settle_address(host: str, port: int) -> None:
    """Make the address that people use known to the settings, before they are read.

    Raises
    ------
    HomeUnusable
        If others may come, and nobody has said by which address: links in mails would lead nowhere.
    """
    if "TIDEMARK_URL" in os.environ:
        if os.environ["TIDEMARK_URL"].startswith("http://") and not _is_loopback(host):
            tell("Passwords and drawings travel unencrypted: TIDEMARK_URL is not https. Put a proxy with TLS in front.")
        return
    if not _is_loopback(host):
        raise HomeUnusable(
            f"With --host {host}, others can reach Tidemark: set TIDEMARK_URL to the address that they use, such as "
            "https://tidemark.example.com."
        )
    # Not the number, where there is a name: browsers make no passkeys for an IP address.
    name = "localhost" if host in _LOCALHOST else f"[{host}]" if ":" in host else host
    os.environ["TIDEMARK_URL"] = f"http://{name}:{port}"


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _server(listening: socket.socket) -> "MultiSocketServer | BaseWSGIServer":
    import waitress

    from tidemark.web.log import Logged, start_logging
    from tidemark.web.wsgi import application

    start_logging()
    proxy = os.environ.get("TIDEMARK_BEHIND_PROXY", "0")
    trusted = (
        {}
        if proxy in ("", "0")
        else {
            "trusted_proxy": "127.0.0.1" if proxy == "1" else proxy,
            "trusted_proxy_count": 1,
            "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto"},
        }
    )
    return waitress.create_server(
        Logged(application),
        sockets=[listening],
        threads=_THREADS,
        ident=None,
        max_request_body_size=_MAX_REQUEST_BYTES,
        clear_untrusted_proxy_headers=True,
        **trusted,
    )


def _greet(folder: Path) -> None:
    """Say where Tidemark is, and print the link for the first officer if there is none yet."""
    from django.conf import settings
    from django.urls import reverse

    from tidemark.cli import show
    from tidemark.records.accounts.first import new_first_link
    from tidemark.records.mail import FOLDER, is_sent_by_smtp

    console = show.stdout()
    console.print(
        f"Tidemark is at {settings.SITE_URL}, its data in {folder}. Stop it with Ctrl-C.", markup=False, soft_wrap=True
    )
    if not is_sent_by_smtp():
        console.print(
            f"No mail server is set (TIDEMARK_SMTP_URL): mails, and the links in them, are files in {folder / FOLDER}.",
            markup=False,
            soft_wrap=True,
        )
    secret = new_first_link(now=datetime.now(UTC))
    if secret is not None:
        link = settings.SITE_URL + reverse("first_officer", args=[secret])
        console.print(
            "\nNobody is here yet. Open this link to become the first officer. It works once, for 24 hours:",
            soft_wrap=True,
        )
        console.print(f"\n    {link}\n", markup=False, soft_wrap=True)
