"""Receipts, proofs of consistency and exports of the ledger, and their verification by whoever holds them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from tidemark import limits

Cli = Callable[..., Result]


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


@pytest.mark.slow
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


@pytest.mark.slow
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


@pytest.mark.slow
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


@pytest.mark.slow
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
