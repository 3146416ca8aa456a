"""The ledger's commands: checkpoints, stamps, receipts, exports, and their verification."""

import json
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from typer.testing import Result

from tests import people
from tests.ledger import authority
from tidemark import limits

Cli = Callable[..., Result]


@pytest.fixture
def copies(cli: Cli, draft_path: Path, tmp_path: Path, no_trial: None) -> list[dict]:  # noqa: ARG001 - it spares the trial
    names = [part for name in people.RECIPIENTS for part in ("--for", name)]
    made = cli("mark", draft_path, *names, "--out", tmp_path / "o", "--receipts", tmp_path / "r", "--json")
    assert made.exit_code == 0, made.output
    return [json.loads(line) for line in made.stdout.splitlines()]


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


def test_a_holder_verifies_the_receipt_without_the_owner(
    cli: Cli, copies: list[dict], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIDEMARK_HOME", str(tmp_path / "nowhere"))
    for copy in copies:
        receipt = tmp_path / "r" / f"{Path(copy['path']).stem}.receipt"
        said = json.loads(cli("ledger", "verify", receipt, "--json").stdout)
        assert said["valid"]
        assert said["entry"]["copy_sha256"] == copy["sha256"]
        assert said["entry"]["holder"] == copy["recipient"]
    assert not (tmp_path / "nowhere").exists()


def test_a_receipt_can_be_had_again_and_holds_for_no_other_file(cli: Cli, copies: list[dict], tmp_path: Path) -> None:
    result = cli("ledger", "prove", copies[0]["copy"], "--out", tmp_path / "again")
    assert result.exit_code == 0, result.output
    receipt = tmp_path / "again" / f"{copies[0]['copy']}.receipt"
    assert receipt.read_bytes() == (tmp_path / "r" / f"{Path(copies[0]['path']).stem}.receipt").read_bytes()
    assert cli("ledger", "verify", receipt, "--copy", copies[0]["path"]).exit_code == 0
    other = cli("ledger", "verify", receipt, "--copy", copies[1]["path"])
    assert other.exit_code == 1
    assert "another file" in other.output


def test_a_receipt_that_is_too_large_for_a_qr_code_is_told(
    cli: Cli, copies: list[dict], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "QR" not in cli("ledger", "prove", copies[0]["copy"]).stderr
    monkeypatch.setattr(limits, "QR_BYTES", 500)
    told = cli("ledger", "prove", copies[0]["copy"], "--out", tmp_path / "again")
    assert told.exit_code == 0
    assert "too many for one QR code" in told.stderr
    assert cli("ledger", "verify", tmp_path / "again" / f"{copies[0]['copy']}.receipt").exit_code == 0


def test_an_unknown_copy_has_no_receipt(cli: Cli, copies: list[dict]) -> None:
    assert copies
    result = cli("ledger", "prove", "0000")
    assert result.exit_code == 1
    assert "no copy '0000'" in result.output


def test_the_ledger_is_exported_and_verified_elsewhere(cli: Cli, copies: list[dict], tmp_path: Path) -> None:
    assert copies
    file = tmp_path / "ledger.txt"
    assert cli("ledger", "export", file).exit_code == 0
    key = json.loads(cli("ledger", "checkpoint", "--json").stdout)["key"]
    assert cli("ledger", "verify", file, "--key", key).exit_code == 0
    lines = file.read_bytes().split(b"\n")
    lines[3], lines[4] = lines[4], lines[3]
    file.write_bytes(b"\n".join(lines))
    swapped = cli("ledger", "verify", file)
    assert swapped.exit_code == 1
    assert "Not valid" in swapped.stdout


def test_a_holder_follows_the_owners_proof_without_the_owner(
    cli: Cli, copies: list[dict], draft_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipt = tmp_path / "r" / f"{Path(copies[0]['path']).stem}.receipt"
    before = json.loads(cli("ledger", "checkpoint", "--json").stdout)
    (tmp_path / "published.txt").write_text(before["checkpoint"], encoding="utf-8")
    later = cli("mark", draft_path, "--for", "Later Mouldings", "--out", tmp_path / "later", "--json")
    assert later.exit_code == 0, later.output
    for state in (receipt, before["size"], tmp_path / "published.txt"):
        made = cli("ledger", "prove", "--from", state, "--out", tmp_path / "proofs")
        assert made.exit_code == 0, made.output
    names = {path.name for path in (tmp_path / "proofs").iterdir()}
    assert names == {f"{size}-{before['size'] + 1}.consistency" for size in (3, before["size"])}
    assert cli("ledger", "export", tmp_path / "ledger.jsonl").exit_code == 0

    monkeypatch.setenv("TIDEMARK_HOME", str(tmp_path / "nowhere"))
    for held, size in ((receipt, 3), (tmp_path / "published.txt", before["size"])):
        proof = tmp_path / "proofs" / f"{size}-{before['size'] + 1}.consistency"
        for shown in (proof, tmp_path / "ledger.jsonl"):
            result = cli("ledger", "verify", shown, "--since", held, "--key", before["key"])
            assert result.exit_code == 0, result.output
    alone = cli("ledger", "verify", proof)
    assert alone.exit_code == 0
    assert "whether the older one is yours" in " ".join(alone.stdout.split())
    assert cli("ledger", "verify", tmp_path / "ledger.jsonl", "--since", proof).exit_code == 0
    assert not (tmp_path / "nowhere").exists()


def test_a_receipt_and_a_later_checkpoint_are_compared_with_the_owners_proof(
    cli: Cli, copies: list[dict], draft_path: Path, tmp_path: Path
) -> None:
    receipt = tmp_path / "r" / f"{Path(copies[0]['path']).stem}.receipt"
    assert cli("mark", draft_path, "--for", "Later Mouldings", "--out", tmp_path / "later").exit_code == 0
    now = json.loads(cli("ledger", "checkpoint", "--json").stdout)
    (tmp_path / "now.txt").write_text(now["checkpoint"], encoding="utf-8")
    refused = cli("ledger", "verify", receipt, "--since", tmp_path / "now.txt")
    assert refused.exit_code == 1
    assert f"--from 3 --to {now['size']}" in " ".join(refused.stdout.split())
    proof = tmp_path / "proof"
    proof.write_bytes(cli("ledger", "prove", "--from", 3, "--to", now["size"]).stdout_bytes)
    assert cli("ledger", "verify", receipt, "--since", tmp_path / "now.txt", "--since", proof).exit_code == 0


def test_a_truncated_or_rewritten_export_is_found_by_a_receipt(
    cli: Cli, copies: list[dict], draft_path: Path, tmp_path: Path
) -> None:
    assert copies
    cut = tmp_path / "cut.jsonl"
    assert cli("ledger", "export", cut).exit_code == 0  # as it was: what an owner who cut the end off would show
    later = cli(
        "mark", draft_path, "--for", "Later Mouldings", "--out", tmp_path / "later", "--receipts", tmp_path / "l"
    )
    assert later.exit_code == 0, later.output
    (receipt,) = (tmp_path / "l").iterdir()
    assert cli("ledger", "verify", cut).exit_code == 0
    found = json.loads(cli("ledger", "verify", cut, "--since", receipt, "--json").stdout)
    assert not found["valid"]
    assert found["detail"].startswith("Step 7 fails, it is the history that the reader holds a part of: ")


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("--from", "0"), "No checkpoint of 0 entries was signed"),
        (("--from", "99"), "the last one below that is of 5"),
        (("--from", "nowhere.receipt"), "there is no such file"),
        ((), "Name copies"),
        (("--from", "5", "some-copy"), "Name copies"),
        (("some-copy", "--to", "5"), "--from"),
    ],
)
def test_a_proof_that_cannot_be_given_is_told(cli: Cli, copies: list[dict], args: tuple[str, ...], words: str) -> None:
    assert copies
    result = cli("ledger", "prove", *args)
    assert result.exit_code == (1 if args[:1] == ("--from",) and len(args) == 2 else 2)
    assert words in " ".join(result.output.split())


def test_a_state_that_the_ledger_never_had_is_not_proven(cli: Cli, copies: list[dict], tmp_path: Path) -> None:
    """Another ledger's receipt, and one of this ledger's key over another history."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from tidemark.ledger import checkpoint

    assert copies
    now = json.loads(cli("ledger", "checkpoint", "--json").stdout)
    name = now["checkpoint"].split("\n")[0]
    seed = (tmp_path / "home" / "ledger.key").read_bytes()
    state = checkpoint.Checkpoint(name, now["size"], bytes(32))
    for key, words in ((Ed25519PrivateKey.generate(), "no receipt, proof or checkpoint of this ledger"), (None, "two")):
        signed = checkpoint.sign(state, key or Ed25519PrivateKey.from_private_bytes(seed), name)
        (tmp_path / "other.txt").write_bytes(signed)
        result = cli("ledger", "prove", "--from", tmp_path / "other.txt")
        assert result.exit_code == 1
        assert words in " ".join(result.output.split())


def test_a_restored_database_is_noticed_when_the_own_ledger_is_verified_or_exported(
    cli: Cli, copies: list[dict], draft_path: Path, tmp_path: Path
) -> None:
    from tidemark.records.connect import close_records

    assert copies
    close_records()
    database = tmp_path / "home" / "records.sqlite3"
    backup = database.read_bytes()
    assert cli("mark", draft_path, "--for", "Lost Co", "--out", tmp_path / "later").exit_code == 0
    close_records()
    database.write_bytes(backup)
    for stale in tmp_path.glob("home/records.sqlite3-*"):
        stale.unlink()
    result = cli("ledger", "verify", "--json")
    assert result.exit_code == 1
    assert "the records have 5: they are older" in json.loads(result.stdout)["detail"]
    assert cli("ledger", "export", tmp_path / "ledger.jsonl").exit_code == 1
    assert not (tmp_path / "ledger.jsonl").exists()


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


def test_a_clock_that_was_set_back_is_told(
    cli: Cli, copies: list[dict], draft_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import UTC, datetime

    monkeypatch.setattr("tidemark.cli.opened.current_time", lambda: datetime(2020, 1, 1, tzinfo=UTC))
    result = cli("mark", draft_path, "--for", people.STRANGER, "--out", tmp_path / "late")
    assert result.exit_code == 1
    assert "Set the clock" in result.output
    assert list((tmp_path / "late").iterdir()) == []
    assert cli("check").exit_code == 0
    assert len(copies) == 3


def test_a_lost_or_another_ledger_key_is_never_replaced(cli: Cli, copies: list[dict], tmp_path: Path) -> None:
    key = tmp_path / "home" / "ledger.key"
    right = key.read_bytes()
    key.write_bytes(bytes(32))
    assert "is not the key" in cli("ledger", "checkpoint").output
    key.unlink()
    assert "is missing" in cli("ledger", "prove", copies[0]["copy"]).output
    assert cli("check").exit_code == 1
    assert not key.exists()
    key.write_bytes(right)
    assert cli("ledger", "verify").exit_code == 0


def test_a_database_from_a_backup_is_noticed_and_nothing_more_is_signed(
    cli: Cli, copies: list[dict], draft_path: Path, tmp_path: Path
) -> None:
    from tidemark.records.connect import close_records

    close_records()
    database = tmp_path / "home" / "records.sqlite3"
    backup = database.read_bytes()
    later = cli("mark", draft_path, "--for", "Lost Co", "--out", tmp_path / "later")
    assert later.exit_code == 0, later.output
    close_records()
    database.write_bytes(backup)
    for stale in tmp_path.glob("home/records.sqlite3-*"):
        stale.unlink()
    for command in (("mark", draft_path, "--for", "Victim", "--out", tmp_path / "v"), ("ledger", "checkpoint")):
        result = cli(*command)
        assert result.exit_code == 1
        assert "Restore the newest backup" in result.output
    assert list((tmp_path / "v").iterdir()) == []
    assert cli("check").exit_code == 1
    assert len(copies) == 3


def test_nothing_is_signed_over_a_damaged_hash(cli: Cli, copies: list[dict], draft_path: Path, tmp_path: Path) -> None:
    from tidemark.records.connect import close_records

    close_records()
    with sqlite3.connect(tmp_path / "home" / "records.sqlite3") as database:
        database.execute('UPDATE ledger_node SET hash = zeroblob(32) WHERE level = 0 AND "index" = 4')
        assert database.execute("SELECT count(*) FROM ledger_node WHERE level = 0").fetchone()[0] == 2 + len(copies)
    result = cli("mark", draft_path, "--for", "Next", "--out", tmp_path / "next")
    assert result.exit_code == 1
    assert "nothing more is signed" in result.output


def test_a_swapped_holder_is_never_named(cli: Cli, copies: list[dict], tmp_path: Path) -> None:
    from tidemark.records.connect import close_records

    close_records()
    with sqlite3.connect(tmp_path / "home" / "records.sqlite3") as database:
        for one, other in ((0, 1), (1, 0)):
            holder = "SELECT id FROM parties_party WHERE name = ?"
            arguments = (copies[other]["recipient"], copies[one]["copy"])
            database.execute(f"UPDATE copies_copy SET holder_id = ({holder}) WHERE id = ?", arguments)
    result = cli("trace", copies[0]["path"], "--decoys", "500")
    assert result.exit_code == 1
    assert "another holder" in result.output
    assert copies[1]["recipient"] not in result.output
    assert cli("check").exit_code == 1


def test_a_hostile_receipt_cannot_steer_the_terminal(cli: Cli, tmp_path: Path) -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from tidemark.ledger import checkpoint, merkle, note
    from tidemark.ledger.entry import Entry, encode
    from tidemark.ledger.receipt import Receipt

    key = Ed25519PrivateKey.generate()
    body = {"\x1b[2J[/nope]": "x", "time": "1999-01-01T00:00:00.000000Z"}
    entry = encode(Entry("copy-issued", "2026-03-14T09:26:53.000000Z", body, bytes(16)))
    signed = checkpoint.sign(checkpoint.Checkpoint("x", 1, merkle.leaf_hash(entry)), key, "x")
    receipt = tmp_path / "hostile.receipt"
    receipt.write_bytes(Receipt(entry, 0, (), signed, note.vkey("x", key.public_key())).encode())
    result = cli("ledger", "verify", receipt)
    assert result.exit_code == 0, result.output
    assert "\x1b" not in result.output
    assert "1999" not in result.output


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
