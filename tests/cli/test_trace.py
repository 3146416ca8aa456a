"""``tidemark trace``, from marking to the verdict, with the engine and nothing in its place."""

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import Result

from tests import people
from tests.conftest import make_draft
from tidemark import limits
from tidemark.records.home import Home

Cli = Callable[..., Result]
KEYS = {"leak", "verdict", "draft", "reason", "accused", "suspected", "tested", "decoys", "evidence", "seconds"}


def _mark(cli: Cli, draft: Path, out: Path) -> list[dict]:
    names = [part for name in people.RECIPIENTS for part in ("--for", name)]
    result = cli("mark", draft, *names, "--out", out, "--json")
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def _recompressed(copy: str, to: Path) -> Path:
    with Image.open(copy) as picture:
        picture.convert("RGB").save(to, "JPEG", quality=60)
    return to


@pytest.mark.usefixtures("no_trial")
def test_leaks_are_traced_to_their_copies_and_bad_files_do_not_stop_it(
    cli: Cli, draft_path: Path, tmp_path: Path
) -> None:
    copies = _mark(cli, draft_path, tmp_path / "o")
    leak = _recompressed(copies[1]["path"], tmp_path / "leak.jpg")
    empty = tmp_path / "empty.jpg"
    empty.write_bytes(b"")
    result = cli("trace", empty, leak, tmp_path / "gone.jpg", "--decoys", "1000", "--json")
    assert result.exit_code == 1
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [set(line) for line in lines] == [{"leak", "error"}, KEYS, {"leak", "error"}]
    assert "empty" in lines[0]["error"]
    assert "no such file" in lines[2]["error"]

    found = lines[1]
    assert found["leak"] == str(leak)
    assert found["verdict"] == "accused"
    assert found["draft"] == copies[1]["draft"]
    (accused,) = found["accused"]
    assert set(accused) >= {"recipient", "copy", "z", "false_accusation_bound"}
    assert (accused["recipient"], accused["copy"]) == (people.SUB_VENDOR, copies[1]["copy"])
    assert 0 < accused["false_accusation_bound"] <= 1e-6
    assert -77 <= accused["log10_false_accusation_bound"] <= -6
    assert accused["round"] == 1
    assert found["decoys"]["seed"] == hashlib.sha256(leak.read_bytes()).hexdigest()
    assert found["tested"]["copies"] == 3 + 1  # the owner's own is tested like any other
    assert set(found["decoys"]) == {"count", "seed", "max_z", "ks_p"}
    assert found["decoys"]["count"] == 1000

    shown = cli("trace", leak, "--draft", copies[0]["draft"], "--decoys", "1000")
    assert shown.exit_code == 0, shown.output
    for words in ("ACCUSED", people.SUB_VENDOR, "at most 1 in 10^", "does not say who leaked it"):
        assert words in shown.stdout
    assert people.STRANGER not in shown.stdout


@pytest.mark.usefixtures("no_trial")
def test_an_unknown_draft_is_wrong_usage_and_the_known_ones_are_listed(
    cli: Cli, draft_path: Path, tmp_path: Path
) -> None:
    copies = _mark(cli, draft_path, tmp_path / "o")
    result = cli("trace", draft_path, "--draft", "nonsense")
    assert result.exit_code == 2
    assert copies[0]["draft"] in result.stderr


def test_with_nothing_on_record_every_leak_is_unmatched(cli: Cli, home: Home, draft_path: Path) -> None:
    from tests.conftest import NOW
    from tidemark.records.copies.secret import master_secret

    master_secret(home, now=NOW)
    result = cli("trace", draft_path, "--json")
    assert result.exit_code == 0, result.output
    line = json.loads(result.stdout)
    assert (line["verdict"], line["draft"], line["accused"], line["decoys"]) == ("unmatched", None, [], None)


def test_a_home_that_is_not_there_is_not_made_by_tracing(cli: Cli, draft_path: Path, tmp_path: Path) -> None:
    result = cli("trace", draft_path)
    assert result.exit_code == 1
    assert "There is no Tidemark data folder" in result.stderr
    assert not (tmp_path / "home").exists()


@pytest.mark.usefixtures("no_trial")
def test_a_damaged_original_stops_a_trace_with_advice(cli: Cli, draft_path: Path, tmp_path: Path) -> None:
    _mark(cli, draft_path, tmp_path / "o")
    (original,) = (path for path in (tmp_path / "home/originals").rglob("*") if path.is_file())
    original.write_bytes(make_draft(9))
    result = cli("trace", draft_path)
    assert result.exit_code == 1
    assert "Restore it from a backup" in result.stderr
    assert "Traceback" not in result.output


def test_no_evidence_makes_innocence_impossible() -> None:
    from tidemark.engine.accuse import Accusation
    from tidemark.odds import odds

    assert odds(-700.2) == "at most 1 in 10^77"
    bound = Accusation("draft", "copy", 56.0, -700.2, 1).false_accusation_bound
    assert json.loads(json.dumps(bound)) > 0


@pytest.mark.slow
def test_reading_the_output_only_partly_is_no_error(spawn: Callable, home: Home, draft_path: Path) -> None:
    from tests.conftest import NOW
    from tidemark.records.copies.secret import master_secret

    master_secret(home, now=NOW)
    process = spawn("trace", *[draft_path] * 3, "--json")
    process.stdout.close()
    process.stdout = None
    _, told = process.communicate(timeout=60)
    assert (process.returncode, told) == (1, "")


@pytest.mark.parametrize(("log10_bound", "stated"), [(-6.789, -6.78), (-6.0, -6.0), (-123.4, -77.0)])
def test_no_bound_is_understated(log10_bound: float, stated: float) -> None:
    from tidemark.cli.lines import traced_json
    from tidemark.engine.accuse import Accusation, Verdict
    from tidemark.engine.trace import Trace
    from tidemark.records.leaks.tracing import TracedLeak

    named = Accusation("draft", "copy", 30.0, log10_bound, 2)
    trace = Trace(Verdict.ACCUSED, "draft", "", (named,), (), 3, 1, None, ())
    line = traced_json("leak", TracedLeak(trace, {"copy": people.SUPPLIER}, bytes(32)), evidence=(), seconds=1.0)
    assert line["accused"][0]["log10_false_accusation_bound"] == stated
    assert line["accused"][0]["round"] == 2


def test_too_few_decoys_are_wrong_usage(cli: Cli, home: Home, draft_path: Path) -> None:
    assert home.path.exists()
    assert cli("trace", draft_path, "--decoys", limits.MIN_DECOYS - 1).exit_code == 2


@pytest.fixture
def secret(home: Home) -> Home:
    """A home without copies that has its secret."""
    from tests.conftest import NOW
    from tidemark.records.copies.secret import master_secret

    master_secret(home, now=NOW)
    return home


@pytest.mark.usefixtures("secret")
def test_an_unforeseen_error_on_one_leak_does_not_stop_the_others(
    cli: Cli, draft_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tidemark.records.leaks import tracing

    bad = tmp_path / "bad.png"
    bad.write_bytes(make_draft(3))
    whole = tracing.trace_leak

    def trace_leak(leak: bytes, *args: object, **named: object) -> tracing.TracedLeak:
        if leak == bad.read_bytes():
            raise ZeroDivisionError("division by zero")
        return whole(leak, *args, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(tracing, "trace_leak", trace_leak)
    result = cli("trace", bad, draft_path, "--json")
    assert result.exit_code == 1
    first, second = (json.loads(line) for line in result.stdout.splitlines())
    assert first["leak"] == str(bad)
    assert "division by zero" in first["error"]
    assert second["verdict"] == "unmatched"
    assert "Traceback" not in result.stderr
    monkeypatch.setenv("TIDEMARK_DEBUG", "1")
    assert "Traceback" in cli("trace", bad).stderr


@pytest.mark.usefixtures("secret")
@pytest.mark.skipif(os.name != "posix", reason="pipes with a path are POSIX's")
def test_a_leak_is_a_regular_file_of_a_possible_name(cli: Cli, draft_path: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    result = cli("trace", tmp_path / "pipe", "/dev/null", tmp_path / ("x" * 300), draft_path, "--json")
    assert result.exit_code == 1
    errors = [json.loads(line).get("error", "") for line in result.stdout.splitlines()]
    assert ["device" in errors[0], "device" in errors[1], "name too long" in errors[2], errors[3]] == [True] * 3 + [""]
    assert "should not happen" not in result.stderr


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_a_secret_that_others_may_read_is_told(cli: Cli, secret: Home, draft_path: Path) -> None:
    assert cli("trace", draft_path, "--json").stderr == ""
    secret.secret.chmod(0o640)
    result = cli("trace", draft_path, "--json")
    assert result.exit_code == 0
    assert f"chmod go= {secret.secret}" in result.stderr
