"""From a leak to a bundle that an outsider verifies, on the command line."""

import json
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner, Result

from tests import people
from tests.conftest import make_draft
from tests.ledger.workshop import OTHER_VKEY
from tidemark import limits
from tidemark.ledger.entry import Kind
from tidemark.records.parties.names import OWNER

pytestmark = pytest.mark.slow

Cli = Callable[..., Result]
STEPS = 14


@dataclass(frozen=True)
class Affair:
    """One leak of a supplier's copy, the evidence of it, and the data folder that it came from."""

    home: Path
    leak: Path
    bundle: Path
    receipt: Path
    copy: str


@pytest.fixture(scope="module")
def affair(tmp_path_factory: pytest.TempPathFactory) -> Affair:
    """Made once: the tests that change it change a copy of their own."""
    folder = tmp_path_factory.mktemp("affair")
    (folder / "bumper.png").write_bytes(make_draft(1))
    run = partial(_run, folder / "home")
    names = [part for name in people.RECIPIENTS for part in ("--for", name)]
    out = ("--out", folder / "copies", "--receipts", folder / "receipts")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tidemark.engine.drill.run.quick", lambda _data, *, secret: iter(()))  # noqa: ARG005
        patch.setattr(limits, "DECOYS", 300)
        marked = run("mark", folder / "bumper.png", *names, *out, "--project", "MS11", "--json")
        assert marked.exit_code == 0, marked.output
        copy = json.loads(marked.stdout.splitlines()[0])
        leak = folder / "found.jpg"
        with Image.open(copy["path"]) as picture:
            picture.convert("RGB").crop((40, 30, 600, 440)).save(leak, "JPEG", quality=70)
        said = ("--found", "a forum, 12 March 2026", "--decoys", 300)
        traced = run("trace", leak, "--evidence", folder / "evidence", *said, "--json")
    assert traced.exit_code == 0, traced.output
    (bundle,) = json.loads(traced.stdout)["evidence"]
    receipt = folder / "receipts" / f"{Path(copy['path']).stem}.receipt"
    return Affair(folder / "home", leak, Path(bundle), receipt, copy["copy"])


def _run(home: Path, *args: object) -> Result:
    from tidemark.cli.main import app
    from tidemark.records.connect import close_records

    try:
        return CliRunner().invoke(app, [str(arg) for arg in args], env={"TIDEMARK_HOME": str(home)})
    finally:
        close_records()


@pytest.fixture
def cli(affair: Affair, tmp_path: Path) -> Cli:
    """Run the command line on a copy of the affair's data folder."""
    shutil.copytree(affair.home, tmp_path / "home")
    return partial(_run, tmp_path / "home")


def _steps(result: Result) -> tuple[bool, list[dict]]:
    said = json.loads(result.stdout)
    return said["valid"], said["steps"]


def test_a_folder_for_evidence_that_is_none_is_told_before_the_leak_is_traced(
    affair: Affair, cli: Cli, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("x")
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        result = cli("trace", affair.leak, "--evidence", folder)
        assert result.exit_code == 1
        assert "with --evidence" in " ".join(result.output.split())
        assert "ACCUSED" not in result.stdout


def test_a_holders_nonce_is_in_its_receipt_and_in_the_evidence_against_it(
    affair: Affair,
    cli: Cli,
    tmp_path: Path,
    no_trial: None,  # noqa: ARG001 - it spares the trial
) -> None:
    nonce = "5a" * 32
    (tmp_path / "bidders.csv").write_text(f"name,nonce\n{people.RECIPIENTS[0]},{nonce}\n{people.STRANGER},\n")
    out = ("--out", tmp_path / "new", "--receipts", tmp_path / "receipts", "--json")
    marked = cli("mark", affair.home.parent / "bumper.png", "--recipients", tmp_path / "bidders.csv", *out)
    assert marked.exit_code == 0, marked.output
    copies = [json.loads(line) for line in marked.stdout.splitlines()]
    for copy, given in zip(copies, (nonce, ""), strict=True):
        receipt = tmp_path / "receipts" / f"{Path(copy['path']).stem}.receipt"
        assert json.loads(cli("ledger", "verify", receipt, "--json").stdout)["entry"]["nonce"] == given
    traced = cli("trace", copies[0]["path"], "--evidence", tmp_path / "evidence", "--decoys", 300, "--json")
    said = json.loads(traced.stdout)
    assert [each["copy"] for each in said["accused"]] == [copies[0]["copy"]]
    valid, steps = _steps(cli("verify", *said["evidence"], "--copy", copies[0]["path"], "--json"))
    assert valid
    assert f"with its holder's nonce {nonce}" in steps[7]["detail"]
    assert cli("check").exit_code == 0


def test_the_evidence_of_a_leak_is_verified_with_the_holders_own_receipt(
    cli: Cli, affair: Affair, tmp_path: Path
) -> None:
    result = cli("verify", affair.bundle, "--receipt", affair.receipt, "--report", tmp_path / "pdf", "--json")
    assert result.exit_code == 0, result.output
    valid, steps = _steps(result)
    assert valid
    assert len(steps) == STEPS
    assert all(step["holds"] for step in steps)
    assert any(affair.copy in step["detail"] and people.SUPPLIER in step["detail"] for step in steps)
    (report,) = (tmp_path / "pdf").iterdir()
    assert report.read_bytes().startswith(b"%PDF")
    assert "sealed by the owner, not verified" in result.stderr


def test_it_is_verified_by_a_process_that_has_neither_records_nor_typesetter(affair: Affair, tmp_path: Path) -> None:
    code = (
        "import sys; from tidemark.cli import run; import atexit\n"
        "atexit.register(lambda: print(sorted({'django', 'typst'} & set(sys.modules)), file=sys.stderr))\n"
        f"sys.argv = ['tidemark', 'verify', {str(affair.bundle)!r}]; run()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"TIDEMARK_HOME": str(tmp_path / "nowhere"), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "every step holds" in done.stdout
    assert done.stderr.strip() == "[]"
    assert not (tmp_path / "nowhere").exists()


def test_a_strangers_key_is_told(cli: Cli, affair: Affair) -> None:
    own = json.loads(cli("ledger", "checkpoint", "--json").stdout)["key"]
    assert cli("verify", affair.bundle, "--key", own).exit_code == 0
    result = cli("verify", affair.bundle, "--key", OTHER_VKEY, "--json")
    assert result.exit_code == 1
    valid, steps = _steps(result)
    assert not valid
    assert [step["step"] for step in steps if not step["holds"]] == ["it was sealed by the owner of the ledger"]


def test_a_changed_bundle_is_not_valid(cli: Cli, affair: Affair, tmp_path: Path) -> None:
    data = bytearray(affair.bundle.read_bytes())
    data[len(data) // 2] ^= 1
    changed = tmp_path / "changed.tidemark"
    changed.write_bytes(data)
    result = cli("verify", changed)
    assert result.exit_code == 1
    assert "Not valid" in result.stdout


def test_every_trace_is_in_the_ledger_also_one_that_accuses_nobody(cli: Cli, affair: Affair, tmp_path: Path) -> None:
    noise = tmp_path / "noise.png"
    Image.effect_noise((500, 500), 80).save(noise)
    assert cli("trace", noise, affair.leak).exit_code == 0
    exported = tmp_path / "ledger.txt"
    assert cli("ledger", "export", exported).exit_code == 0
    entries = [json.loads(line) for line in exported.read_text().splitlines() if line.startswith("{")]
    traced = [Kind.LEAK_RECEIVED, Kind.TRACE_RUN]
    assert [entry["kind"] for entry in entries][-5:] == [*traced, *traced, Kind.TRACE_RUN]
    verdicts = [entry["body"]["verdict"] for entry in entries if entry["kind"] == Kind.TRACE_RUN]
    assert verdicts == ["accused", "unmatched", "accused"]
    assert cli("check").exit_code == 0


def test_the_holders_own_copy_shows_that_the_revealed_key_is_its_own(cli: Cli, affair: Affair) -> None:
    copies = sorted((affair.home.parent / "copies").iterdir())
    own = next(path for path in copies if path.stem == affair.receipt.stem)
    _, steps = _steps(cli("verify", affair.bundle, "--copy", own, "--json"))
    assert "carries this key" in steps[7]["detail"]
    result = cli("verify", affair.bundle, "--copy", next(path for path in copies if path != own), "--json")
    assert result.exit_code == 1
    assert "none of the accused" in _steps(result)[1][7]["detail"]


def test_the_evidence_of_a_file_with_a_long_name_in_chinese_is_written(
    cli: Cli, affair: Affair, tmp_path: Path
) -> None:
    leak = tmp_path / f"{'外泄图片' * 19}.jpg"  # 232 bytes of UTF-8
    leak.write_bytes(affair.leak.read_bytes())
    made = cli("trace", leak, "--evidence", tmp_path / "evidence", "--decoys", 300, "--json")
    assert made.exit_code == 0, made.output
    (bundle,) = json.loads(made.stdout)["evidence"]
    assert Path(bundle).name.startswith("外泄图片")
    assert cli("verify", bundle).exit_code == 0


def test_what_is_not_valid_ends_with_the_steps_that_fail(cli: Cli, affair: Affair) -> None:
    (ends,) = cli("verify", affair.bundle, "--key", OTHER_VKEY).stdout.splitlines()[-1:]
    assert ends == "Not valid: step 3 fails. Rely on nothing in this bundle."


def test_a_file_that_is_no_accused_copy_is_told_as_that_and_the_bundle_is_not_blamed(
    cli: Cli, affair: Affair, tmp_path: Path
) -> None:
    anything = tmp_path / "anything.png"
    anything.write_bytes(b"no accused copy")
    result = cli("verify", affair.bundle, "--copy", anything)
    assert result.exit_code == 1
    ends = result.stdout.split("Not shown:")[1].replace("\n", " ")
    assert ends.startswith(" step 8 fails, by the copy given alone, which is none of the accused ones as issued.")
    assert "Rely on nothing" not in result.stdout
    said = json.loads(cli("verify", affair.bundle, "--copy", anything, "--json").stdout)
    assert (said["valid"], said["bundle_holds"]) == (False, True)


def test_an_accusation_says_how_the_owners_own_copy_scored(cli: Cli, affair: Affair) -> None:
    _, steps = _steps(cli("verify", affair.bundle, "--json"))
    assert "the owner's own z" in steps[-1]["detail"]


def test_a_leaked_master_accuses_the_owner_with_evidence_that_verifies(cli: Cli, tmp_path: Path) -> None:
    (master,) = (tmp_path / "home" / "masters").iterdir()
    leak = tmp_path / "from the house.jpg"
    with Image.open(master) as picture:
        picture.convert("RGB").crop((40, 30, 600, 440)).save(leak, "JPEG", quality=70)
    result = cli("trace", leak, "--evidence", tmp_path / "evidence", "--decoys", 300, "--json")
    assert result.exit_code == 0, result.output
    said = json.loads(result.stdout)
    (accused,) = said["accused"]
    assert (said["verdict"], accused["recipient"]) == ("accused", OWNER)
    valid, steps = _steps(cli("verify", *said["evidence"], "--copy", master, "--json"))
    assert valid
    assert [step["holds"] for step in steps] == [True] * STEPS
    assert "carries this key" in steps[7]["detail"]
    own = re.search(r"the owner's own z = (-?[\d.]+), as stated", steps[-1]["detail"])
    assert own
    assert float(own[1]) == pytest.approx(accused["z"], abs=0.01)


def test_a_master_of_before_the_owner_was_named_is_traced_checked_and_proven_after_it(cli: Cli, tmp_path: Path) -> None:
    _owner_named(tmp_path / "home")
    assert cli("check").exit_code == 0
    (master,) = (tmp_path / "home" / "masters").iterdir()
    traced = cli("trace", master, "--evidence", tmp_path / "evidence", "--decoys", 300, "--json")
    assert traced.exit_code == 0, traced.output
    said = json.loads(traced.stdout)
    assert [each["recipient"] for each in said["accused"]] == [people.OWNER]
    valid, steps = _steps(cli("verify", *said["evidence"], "--copy", master, "--json"))
    assert valid
    assert f"issued to {OWNER} at" in steps[7]["detail"]  # as the entry has it, which nobody can change
    report = _finding(*said["evidence"])
    assert (report["owner"], report["accused"][0]["holder"]) == (people.OWNER, OWNER)


def test_evidence_of_a_draft_whose_project_was_renamed_calls_it_as_the_ledger_does(
    cli: Cli, affair: Affair, tmp_path: Path
) -> None:
    _project_renamed(tmp_path / "home", "MS11", "MS12")
    traced = cli("trace", affair.leak, "--evidence", tmp_path / "evidence", "--decoys", 300, "--json")
    assert traced.exit_code == 0, traced.output
    (bundle,) = json.loads(traced.stdout)["evidence"]
    assert cli("verify", bundle).exit_code == 0
    assert _finding(bundle)["draft"]["project"] == "MS11"


def _owner_named(home: Path) -> None:
    """Make the first officer, who gives the owner its name."""
    from tidemark.cli.opened import current_time, open_home
    from tidemark.records.connect import close_records

    open_home(home, make=False)
    from tidemark.records.accounts.first import make_first_officer, new_first_link

    secret, now = new_first_link(now=current_time()), current_time()
    assert secret is not None
    person = {"name": "Ines Okafor", "email": "ines@halden.example", "password": "driftwood-lantern-eleven"}
    make_first_officer(secret, company=people.OWNER, language="en", now=now, **person)
    close_records()


def _project_renamed(home: Path, name: str, new_name: str) -> None:
    from tidemark.cli.opened import open_home
    from tidemark.records.connect import close_records

    open_home(home, make=False)
    from tidemark.records.projects.models import Project

    assert Project.objects.filter(code_name=name).update(code_name=new_name) == 1
    close_records()


def _finding(bundle: str) -> dict:
    """Return what a bundle claims."""
    with zipfile.ZipFile(bundle) as opened:
        said: dict = json.loads(opened.read("finding.json"))
    return said


@pytest.mark.all_decoys
def test_evidence_wants_the_decoys_that_were_laid_down(cli: Cli, affair: Affair, tmp_path: Path) -> None:
    result = cli("trace", affair.leak, "--evidence", tmp_path / "e", "--decoys", "1000")
    assert result.exit_code == 2
    assert "10,000" in result.output


@pytest.mark.parametrize("data", [b"", b"PK\x05\x06" + bytes(18), b"not a zip at all", bytes(1000)])
def test_what_is_no_bundle_is_told_in_a_line(cli: Cli, tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.tidemark"
    path.write_bytes(data)
    result = cli("verify", path)
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    assert not (set(result.output) & {"\x00"})


def test_a_module_that_is_missing_is_named(cli: Cli, affair: Affair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "tidemark.evidence.verify", raising=False)
    monkeypatch.setitem(sys.modules, "tidemark.evidence.log", None)  # type: ignore[arg-type]
    result = cli("verify", affair.bundle)
    assert result.exit_code == 1
    assert "tidemark.evidence.log is needed for this and is not installed" in result.output
