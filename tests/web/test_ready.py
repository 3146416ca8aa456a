"""A server has read all that it answers with before the first answer."""

from collections.abc import Callable

import pytest
from django.template import Template
from django.template.loader import get_template
from django.test import Client

from tidemark.web.ready import load_all


def test_no_page_waits_for_its_template_to_be_read(
    browse: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    for loader in get_template("base.html").template.engine.template_loaders:
        loader.reset()
    load_all()
    read = []
    made = Template.__init__

    def watched(template: Template, *args: object, **named: object) -> None:
        read.append(named.get("name") or args)
        made(template, *args, **named)

    monkeypatch.setattr(Template, "__init__", watched)
    for who in ("officer", "contact"):
        for address in ("/", "/projects/", "/agreements/", "/rounds/", "/onward/"):
            assert browse(who).get(address).status_code == 200
    assert read == []
