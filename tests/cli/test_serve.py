"""``tidemark serve``: one tree of processes, a link for the first officer, clear words where it cannot start."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from tidemark.records.home import make_home

Spawn = Callable[..., "subprocess.Popen[str]"]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name != "posix", reason="signals and process trees are POSIX's"),
]


def wait_for(what: Callable[[], object], *, seconds: float = 60) -> object:
    ends = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < ends, "it did not happen in time"
        time.sleep(0.1)
    return found


def started(process: "subprocess.Popen[str]") -> tuple[str, str]:
    """Return the address that the server printed, and the link of the first officer or ''."""
    assert process.stdout is not None
    address = re.search(r"http://localhost:\d+", process.stdout.readline())
    assert address, process.stderr and process.stderr.read()
    link = ""
    for _ in range(5):
        found = re.search(r"http://\S+/first/\S+", process.stdout.readline())
        if found:
            link = found[0]
            break
    return address[0], link


def get(address: str) -> int:
    try:
        with urllib.request.urlopen(address, timeout=20) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:  # it had begun with a server that is held up
        return 0


def children(pid: int) -> list[int]:
    """Return a process's children, whichever of its threads has started them."""
    return [int(child) for path in Path(f"/proc/{pid}/task").glob("*/children") for child in path.read_text().split()]


def test_a_server_starts_links_the_first_officer_and_ends_with_its_workers(spawn: Spawn, tmp_path: Path) -> None:
    process = spawn("serve", "--port", 0, "--workers", 1, "--servers", 1)
    address, link = started(process)
    wait_for(lambda: get(f"{address}/accounts/login/") == 200)
    assert link.startswith(f"{address}/first/")
    assert get(link) == 200
    assert get(link.replace("localhost", "127.0.0.1")) == 200
    (worker,) = children(process.pid)
    os.kill(worker, signal.SIGKILL)
    (other,) = wait_for(lambda: [child for child in children(process.pid) if child != worker])  # type: ignore[misc]
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert not Path(f"/proc/{other}").exists()
    assert "A worker ended" in err
    secret = link.rstrip("/").rpartition("/")[2]
    assert secret not in out + err
    assert "GET /first/***/ 200" in err
    assert (tmp_path / "home/home.json").exists()


def test_a_server_that_is_killed_leaves_no_worker_behind(spawn: Spawn) -> None:
    process = spawn("serve", "--port", 0, "--workers", 1, "--servers", 2)
    started(process)
    workers = wait_for(lambda: len(found := children(process.pid)) == 2 and found)
    process.kill()
    process.wait(20)
    wait_for(lambda: not any(Path(f"/proc/{worker}").exists() for worker in workers))  # type: ignore[attr-defined]


def test_a_further_server_answers_while_the_first_is_held_up(spawn: Spawn) -> None:
    process = spawn("serve", "--port", 0, "--workers", 0, "--servers", 2)
    address, link = started(process)
    (further,) = wait_for(lambda: children(process.pid))  # type: ignore[misc]
    wait_for(lambda: get(f"{address}/accounts/login/") == 200)
    os.kill(process.pid, signal.SIGSTOP)  # whatever is answered now, the other one answers
    try:
        wait_for(lambda: get(f"{address}/accounts/login/") == 200)
        assert get(link) == 200
    finally:
        os.kill(process.pid, signal.SIGCONT)
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert not Path(f"/proc/{further}").exists()


@pytest.mark.parametrize(("servers", "kept"), [("1", "locmem"), ("2", "db")])
def test_what_throttles_count_is_kept_where_all_servers_see_it(
    servers: str, kept: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("TIDEMARK_DATABASE_URL", raising=False)
    told = subprocess.run(
        [sys.executable, "-c", "from tidemark.records import settings; print(settings.CACHES['default']['BACKEND'])"],
        env={**os.environ, "TIDEMARK_SERVERS": servers, "TIDEMARK_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.startswith(f"django.core.cache.backends.{kept}.")


def test_a_restart_prints_another_link_and_voids_the_one_before(spawn: Spawn) -> None:
    links = []
    for _ in range(2):
        process = spawn("serve", "--port", 0, "--workers", 0)
        address, link = started(process)
        links.append(link)
        wait_for(lambda address=address: get(f"{address}/accounts/login/") == 200)  # type: ignore[misc]
        if len(links) == 2:
            before = links[0].rstrip("/").rpartition("/")[2]
            assert get(f"{address}/first/{before}/") == 404
            assert get(link) == 200
        process.send_signal(signal.SIGINT)
        process.wait(60)


def test_a_port_in_use_is_told_before_anything_is_made(cli: Callable[..., Result], tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        result = cli("serve", "--port", taken.getsockname()[1])
    assert result.exit_code == 1
    assert "--port" in result.stderr
    assert not (tmp_path / "home").exists()


def test_a_home_of_a_newer_version_is_left_alone(cli: Callable[..., Result], tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    (home.path / "home.json").write_text('{"scheme": "tidemark-home", "version": 2}')
    result = cli("serve", "--port", 0)
    assert result.exit_code == 1
    assert "newer" in result.stderr
    assert not home.database.exists()


def test_others_are_let_in_by_a_named_address_only(
    cli: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TIDEMARK_URL", raising=False)
    result = cli("serve", "--host", "0.0.0.0", "--port", 0)
    assert result.exit_code == 1
    assert "TIDEMARK_URL" in result.stderr
    assert not (tmp_path / "home").exists()
