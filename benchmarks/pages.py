"""Writing result pages: Markdown that says which command printed it, on what, and when not to trust it."""

import hashlib
import platform
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path

import tidemark.engine

PAGES = Path(__file__).parent.parent / "docs" / "benchmarks"


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a Markdown table."""
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    lines += ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def engine_version() -> str:
    """Return a digest of the engine's sources: a result is another engine's as soon as a letter of it has changed."""
    folder = Path(tidemark.engine.__path__[0])
    sources = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        sources.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    return sources.hexdigest()[:12]


def write(name: str, command: str, *parts: str) -> None:
    """Write docs/benchmarks/``name``.md and print it."""
    stack = ", ".join(
        f"{package} {version(package)}" for package in ("numpy", "scipy", "opencv-python-headless", "pillow")
    )
    origin = f"Printed by `{command}` (engine {engine_version()}, Python {platform.python_version()}, {stack})."
    text = "\n\n".join([parts[0], origin, *parts[1:]]) + "\n"
    PAGES.mkdir(parents=True, exist_ok=True)
    (PAGES / f"{name}.md").write_text(text, encoding="utf-8")
    print(text)
