"""What a server loads before it answers, so that nobody's first look at a page waits for it."""

from pathlib import Path

from django.conf import settings
from django.template.loader import get_template
from django.urls import get_resolver
from django.utils import translation

_TEMPLATES = Path(__file__).parent / "templates"
_KINDS = (".html", ".svg", ".txt")


def load_all() -> None:
    """Load every view, every template of ours and every language."""
    _ = get_resolver().url_patterns  # read for what it does: it imports every module of views
    for path in sorted(_TEMPLATES.rglob("*.*")):
        if path.suffix in _KINDS:
            get_template(path.relative_to(_TEMPLATES).as_posix())
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            translation.gettext("Drawings")  # any text: the language's file is read for the first one
