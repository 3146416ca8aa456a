"""Documents say what the code does: links lead somewhere, and worked figures are right."""

import re
from pathlib import Path

import pytest
from scipy.stats import norm

from tidemark import limits
from tidemark.cli.main import app
from tidemark.engine.drill.leaks import LEAKS

ROOT = Path(__file__).parent.parent
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_the_worked_example_of_the_statistics_is_right() -> None:
    text = (ROOT / "docs/statistics.md").read_text(encoding="utf-8")
    said = re.search(r"With (\d+) copies, one draft and one vector,\s+`accused` needs z ≥ (\d+\.\d+)", text)
    assert said
    assert float(said[2]) == pytest.approx(norm.isf(limits.ACCUSED_BOUND / (int(said[1]) * 2)), abs=0.006)


def test_every_command_is_in_the_readme() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    names = {command.name or command.callback.__name__ for command in app.registered_commands if command.callback}
    assert names
    assert [name for name in sorted(names) if f"**{name}**" not in text and f"make {name}" not in text] == []


def test_the_number_of_drilled_leaks_is_right() -> None:
    for page in ("README.md", "CHANGELOG.md"):
        assert f"in {len(LEAKS)} ways" in (ROOT / page).read_text(encoding="utf-8")
