"""Collect every text that people see, for the translators.

    python -m tests.messages            bring the Chinese catalogue up to date, and compile it
    python -m tests.messages --check    say whether that would change anything

The catalogue holds what the sources mark with ``gettext`` or ``{% translate %}``, and the texts of :data:`BORROWED`.
It is written without dates and line numbers, so that it changes only when a text does. A new text comes in
untranslated, and a test fails until somebody translates it.
"""

import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

import tidemark

SOURCES = Path(tidemark.__path__[0])
FOLDER = SOURCES / "web" / "locale" / "zh_Hans" / "LC_MESSAGES"
LOCALE = "zh_Hans"
WRITTEN_WIDTH = 100
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
HEADER = "# Tidemark in Simplified Chinese. `make messages` brings in what is new; docs/glossary.zh.md has its words."
FIELDS = [
    ("Language", LOCALE),
    ("MIME-Version", "1.0"),
    ("Content-Type", "text/plain; charset=UTF-8"),
    ("Content-Transfer-Encoding", "8bit"),
    ("Plural-Forms", "nplurals=1; plural=0;"),
]

BORROWED: dict[str, tuple[str, ...]] = {
    "allauth": (
        "A new security key has been added.",
        "A new set of Two-Factor Authentication recovery codes has been generated.",
        "A new set of recovery codes has been generated.",
        "A security key has been removed.",
        "Authenticator code",
        "Backup key",
        "Be patient, you are sending too many requests.",
        "Code",
        "Enabling passwordless operation allows you to sign in using just this key, but imposes additional "
        "requirements such as biometrics or PIN protection.",
        "Enter an authenticator code:",
        "Enter your password:",
        "Incorrect code.",
        "Incorrect password.",
        "Invalid or expired key.",
        "Key nr. {number}",
        "Master key",
        "New Password (again)",
        "Password (again)",
        "Password successfully changed.",
        "Passwordless",
        "Save them  in a secure location now — they won't be shown again.",
        "Security Key Added",
        "Security Key Removed",
        "Security key added.",
        "Security key removed.",
        "Successfully signed in as %(name)s.",
        "The email address and/or password you specified are not correct.",
        "The password reset token was invalid.",
        "This account is currently inactive.",
        "This functionality requires JavaScript.",
        "Use authenticator app or code",
        "You cannot activate two-factor authentication until you have verified your email address.",
        "You cannot deactivate two-factor authentication.",
        "You cannot generate recovery codes without having two-factor authentication enabled.",
        "You have signed out.",
        "Your password has been changed.",
        "Your password has been reset.",
        "Your password has been set.",
    ),
}
"""Texts of the packages that our pages and mails show, and that are missing in their catalogues or said otherwise."""


class Plain(Catalog):
    """A catalogue whose head has no date and no tool's version: both would change by themselves."""

    def _fields(self) -> list[tuple[str, str]]:
        return FIELDS

    mime_headers = property(_fields)


@dataclass(frozen=True, slots=True)
class Text:
    """One text and the files that it stands in."""

    said: str | tuple[str, str]  # singular and plural
    context: str | None
    files: tuple[str, ...]


def texts_in(folder: Path, *, suffixes: tuple[str, ...] = (".html", ".py", ".txt")) -> list[Text]:
    """Return the texts that the sources in a folder mark for translation, in the order of the files."""
    files: dict[tuple[str | None, str | tuple[str, str]], list[str]] = {}
    for path in sorted(each for each in folder.rglob("*") if each.suffix in suffixes):
        name = path.relative_to(folder).as_posix()
        for key in _marked(path, name):
            if name not in files.setdefault(key, []):
                files[key].append(name)
    return [Text(said, context, tuple(names)) for (context, said), names in files.items()]


def _marked(path: Path, name: str) -> Iterator[tuple[str | None, str | tuple[str, str]]]:
    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # Django leaves the texts as calls among blanked-out lines, whose indentation means nothing.
        source = "\n".join(line.lstrip() for line in templatize(source, origin=name).splitlines())
    for _line, said, _comments, context in extract(
        "python", io.BytesIO(source.encode()), KEYWORDS, options={"encoding": "utf-8"}
    ):
        yield context, said


def collect(known: Catalog) -> Catalog:
    """Return a catalogue of every text, with the translations of those that are known already."""
    made = Plain(locale=LOCALE, header_comment=HEADER, fuzzy=False)
    for text in texts_in(SOURCES):
        _add(made, known, text)
    for package, borrowed in BORROWED.items():
        for said in borrowed:
            _add(made, known, Text(said, None, (package,)))
    return made


def _add(made: Catalog, known: Catalog, text: Text) -> None:
    had: Message | None = known.get(text.said[0] if isinstance(text.said, tuple) else text.said, text.context)
    fits = had is not None and isinstance(had.string, tuple) == isinstance(text.said, tuple)
    made.add(
        text.said,
        had.string if had is not None and fits else None,
        locations=[(name, None) for name in text.files],
        context=text.context,
    )


def read(data: bytes) -> Catalog:
    """Return the catalogue of a .po file."""
    return read_po(io.BytesIO(data), locale=LOCALE, abort_invalid=True)


def as_po(catalogue: Plain) -> bytes:
    """Return the catalogue as a .po file."""
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=WRITTEN_WIDTH)
    return buffer.getvalue()


def as_mo(catalogue: Catalog) -> bytes:
    """Return the catalogue compiled, as Django reads it."""
    plain = Plain(locale=LOCALE, fuzzy=False)
    for message in catalogue:
        if message.id and not message.fuzzy:
            plain.add(message.id, message.string, context=message.context)
    buffer = io.BytesIO()
    write_mo(buffer, plain)
    return buffer.getvalue()


def main() -> int:
    """Write both files, or with ``--check`` compare them with what would be written."""
    written = FOLDER / "django.po"
    known = read(written.read_bytes()) if written.exists() else Catalog(locale=LOCALE)
    po = as_po(collect(known))
    now = read(po)
    mo = as_mo(now)
    missing = [message for message in now if message.id and not any(_strings(message))]
    print(f"{len(now)} texts, {len(missing)} of them not translated yet")
    if "--check" in sys.argv:
        return int(written.read_bytes() != po or (FOLDER / "django.mo").read_bytes() != mo or bool(missing))
    FOLDER.mkdir(parents=True, exist_ok=True)
    written.write_bytes(po)
    (FOLDER / "django.mo").write_bytes(mo)
    return 0


def _strings(message: Message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple) else (message.string,)


if __name__ == "__main__":
    sys.exit(main())
