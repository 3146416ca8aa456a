"""Time-stamps of checkpoints: asked for, kept in exports and evidence, checked; an absent authority is told."""

import json
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from typer.testing import Result

from tests.ledger import authority
from tidemark import limits

Cli = Callable[..., Result]


@pytest.fixture
def stamps(tmp_path: Path) -> Iterator[str]:
    """The address of an authority on loopback; its root lies in tmp_path/root.pem."""
    (tmp_path / "authority").mkdir()
    local = authority.found(tmp_path / "authority")
    (tmp_path / "root.pem").write_bytes(local.root)

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = self.rfile.read(int(self.headers["Content-Length"]))
            answer = local.stamp(request)
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Be quiet."""

    server = HTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def test_an_export_carries_the_stamps(
    cli: Cli, copies: list[dict], stamps: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert copies
    monkeypatch.setenv("TIDEMARK_TIMESTAMP_URL", stamps)
    monkeypatch.setenv("TIDEMARK_TIMESTAMP_ROOTS", str(tmp_path / "root.pem"))
    assert cli("ledger", "checkpoint", "--stamp").exit_code == 0
    assert cli("ledger", "export", tmp_path / "ledger.jsonl").exit_code == 0
    trusted = ("--authority", tmp_path / "root.pem")
    result = cli("ledger", "verify", tmp_path / "ledger.jsonl", *trusted)
    assert result.exit_code == 0, result.output
    assert "Test Stamps" in " ".join(result.stdout.split())
    (tmp_path / "other").mkdir()
    (tmp_path / "other.pem").write_bytes(authority.found(tmp_path / "other", name="Other").root)
    assert cli("ledger", "verify", tmp_path / "ledger.jsonl", "--authority", tmp_path / "other.pem").exit_code == 1
    receipt = next((tmp_path / "r").iterdir())
    assert cli("ledger", "verify", receipt, *trusted).exit_code == 2


@pytest.mark.slow
def test_a_stored_stamp_that_does_not_hold_is_found_by_check(
    cli: Cli, copies: list[dict], stamps: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tidemark.records.connect import close_records

    assert copies
    monkeypatch.setenv("TIDEMARK_TIMESTAMP_URL", stamps)
    monkeypatch.setenv("TIDEMARK_TIMESTAMP_ROOTS", str(tmp_path / "root.pem"))
    assert cli("ledger", "checkpoint", "--stamp").exit_code == 0
    assert cli("check").exit_code == 0
    (tmp_path / "other").mkdir()
    other = authority.found(tmp_path / "other", name="Other").root
    for column, value in (("stamp", b"not a stamp"), ("stamp", None), ("stamp_roots", other), ("stamp_roots", None)):
        close_records()
        with closing(sqlite3.connect(tmp_path / "home" / "records.sqlite3")) as records, records:
            found = "FROM ledger_signedcheckpoint WHERE stamp IS NOT NULL AND stamp_roots IS NOT NULL"
            size, sound = records.execute(f"SELECT size, {column} {found}").fetchone()
            records.execute(f"UPDATE ledger_signedcheckpoint SET {column} = ? WHERE size = ?", [value, size])
        steps = json.loads(cli("check", "--json").stdout)["steps"]
        (step,) = [each for each in steps if not each["holds"]]
        assert step["step"] == "every time-stamp holds over its checkpoint"
        assert f"checkpoint of {size} entries" in step["detail"]
        close_records()
        with closing(sqlite3.connect(tmp_path / "home" / "records.sqlite3")) as records, records:
            records.execute(f"UPDATE ledger_signedcheckpoint SET {column} = ? WHERE size = ?", [sound, size])
    assert cli("check").exit_code == 0


@pytest.mark.slow
def test_a_checkpoint_is_stamped_by_an_authority_and_the_stamp_is_in_the_evidence(
    cli: Cli, copies: list[dict], stamps: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIDEMARK_TIMESTAMP_URL", stamps)
    monkeypatch.setenv("TIDEMARK_TIMESTAMP_ROOTS", str(tmp_path / "root.pem"))
    result = cli("ledger", "checkpoint", "--stamp", "--json")
    assert result.exit_code == 0, result.output
    stamped = json.loads(result.stdout)["stamped"]
    assert "Test Stamps" in stamped["authority"]
    traced = cli("trace", copies[0]["path"], "--evidence", tmp_path / "e", "--decoys", 300, "--json")
    (bundle,) = json.loads(traced.stdout)["evidence"]
    said = json.loads(cli("verify", bundle, "--authority", tmp_path / "root.pem", "--json").stdout)
    assert said["valid"]
    assert stamped["time"] in said["steps"][5]["detail"]


@pytest.mark.slow
@pytest.mark.parametrize("url", ["", "ftp://127.0.0.1/", "http://127.0.0.1:1/"])
def test_an_absent_authority_is_told_and_the_checkpoint_stays(
    cli: Cli, copies: list[dict], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    assert copies
    (tmp_path / "authority").mkdir()
    (tmp_path / "root.pem").write_bytes(authority.found(tmp_path / "authority").root)
    monkeypatch.setenv("TIDEMARK_TIMESTAMP_URL", url)
    monkeypatch.setenv("TIDEMARK_TIMESTAMP_ROOTS", str(tmp_path / "root.pem"))
    result = cli("ledger", "checkpoint", "--stamp")
    assert result.exit_code == 1
    assert "authority" in result.output
    assert cli("ledger", "verify").exit_code == 0


@pytest.mark.slow
def test_what_lies_beside_the_certificates_never_gets_into_evidence(
    cli: Cli, copies: list[dict], stamps: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "root.pem"
    root.write_bytes(b"# hunter2 \xe9\n" + root.read_bytes())
    monkeypatch.setenv("TIDEMARK_TIMESTAMP_URL", stamps)
    monkeypatch.setenv("TIDEMARK_TIMESTAMP_ROOTS", str(root))
    assert cli("ledger", "checkpoint", "--stamp").exit_code == 0
    traced = cli("trace", copies[0]["path"], "--evidence", tmp_path / "e", "--decoys", 300, "--json")
    (bundle,) = json.loads(traced.stdout)["evidence"]
    assert b"hunter2" not in Path(bundle).read_bytes()
    assert b"BEGIN CERTIFICATE" in Path(bundle).read_bytes()


@pytest.mark.parametrize("command", [("verify",), ("ledger", "verify")])
def test_a_file_of_many_certificates_may_be_as_large_wherever_it_is_trusted(
    cli: Cli, tmp_path: Path, command: tuple[str, ...]
) -> None:
    (tmp_path / "shown").write_bytes(b"neither a bundle nor a ledger")
    for size, is_refused in ((limits.MAX_CERTIFICATE_BYTES, False), (limits.MAX_CERTIFICATE_BYTES + 1, True)):
        (tmp_path / "roots.pem").write_bytes(bytes(size))
        result = cli(*command, tmp_path / "shown", "--authority", tmp_path / "roots.pem")
        assert result.exit_code
        assert ("larger than 1 MiB" in " ".join(result.output.split())) is is_refused
