"""Whoever chose Chinese reads Chinese: every text is translated, with its placeholders, and compiled."""

import re
from collections import Counter
from collections.abc import Callable
from email import message_from_bytes, policy
from pathlib import Path

import allauth
import pytest
from babel.messages import Catalog
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import translation

from tests import messages
from tests.desk import NOW, Desk
from tidemark.records.home import Home

PO = messages.FOLDER / "django.po"
MO = messages.FOLDER / "django.mo"
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sdif%]|\{\w*\}")
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;:?!]|[\u4e00-\u9fff]\.(?!\w)")


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    return messages.read(PO.read_bytes())


def _translated(catalogue: Catalog) -> list[tuple[tuple[str, ...], str]]:
    return [
        (each.id if isinstance(each.id, tuple) else (each.id,), text)
        for each in catalogue
        if each.id
        for text in (each.string if isinstance(each.string, tuple) else (each.string,))
    ]


def test_every_marked_text_is_in_the_catalogue(catalogue: Catalog) -> None:
    marked = {_key(text.said, text.context) for text in messages.texts_in(messages.SOURCES)}
    assert len(marked) > 1000
    held = {_key(each.id, each.context) for each in catalogue if each.id}
    assert sorted(marked - held) == [], "run `make messages`, then translate them"


def test_no_text_stays_in_it_that_nobody_shows(catalogue: Catalog) -> None:
    collected = {_key(each.id, each.context) for each in messages.collect(catalogue) if each.id}
    assert {_key(each.id, each.context) for each in catalogue if each.id} == collected


def test_every_text_is_translated(catalogue: Catalog) -> None:
    assert [said[0] for said, text in _translated(catalogue) if not text.strip()] == []


def test_no_translation_is_a_guess(catalogue: Catalog) -> None:
    assert [each.id for each in catalogue if each.id and each.fuzzy] == []


def test_placeholders_are_kept(catalogue: Catalog) -> None:
    def differ(said: tuple[str, ...], text: str) -> bool:
        return Counter(PLACEHOLDER.findall(text)) != Counter(PLACEHOLDER.findall(said[-1]))

    assert [said[0] for said, text in _translated(catalogue) if differ(said, text)] == []


def test_chinese_is_punctuated_as_chinese(catalogue: Catalog) -> None:
    assert [text for _said, text in _translated(catalogue) if HALF_WIDTH.search(text)] == []


def test_the_compiled_file_is_what_the_catalogue_compiles_to(catalogue: Catalog) -> None:
    assert MO.read_bytes() == messages.as_mo(catalogue), "run `make messages`"


def test_the_catalogue_is_written_as_make_messages_writes_it(catalogue: Catalog) -> None:
    assert PO.read_bytes() == messages.as_po(messages.collect(catalogue)), "run `make messages`"


def test_borrowed_texts_are_still_those_of_their_package() -> None:
    said = {text.said for text in messages.texts_in(Path(allauth.__path__[0]))}
    assert [text for text in messages.BORROWED["allauth"] if text not in said] == []


def test_texts_are_found_in_pages_and_in_rules(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        '{% load i18n %}\n  <p>{% translate "Quite new" %}</p>\n {% blocktranslate %}Also{% endblocktranslate %}'
    )
    (tmp_path / "rule.py").write_text('raise Refused(gettext("Not before noon."))')
    assert [text.said for text in messages.texts_in(tmp_path)] == ["Quite new", "Also", "Not before noon."]


@pytest.mark.parametrize(("language", "said"), [("en", "Nothing here"), ("zh-hans", "此处没有内容")])
def test_a_page_says_its_language_and_speaks_it(
    desk: Desk, browse: Callable[..., Client], language: str, said: str
) -> None:
    desk["officer"].language = language
    desk["officer"].save()
    page = browse("officer").get("/nowhere").content.decode()
    assert said in page
    assert f'<html lang="{language}"' in page


def test_a_mail_for_a_new_password_is_in_its_readers_language(
    home: Home, desk: Desk, browse: Callable[..., Client]
) -> None:
    desk["contact"].language = "zh-hans"
    desk["contact"].save()
    answer = browse().post(
        "/accounts/password/reset/", {"email": desk["contact"].email}, headers={"accept-language": "en"}
    )
    assert answer.status_code == 302
    (path,) = (home.path / "mail").iterdir()
    mail = message_from_bytes(path.read_bytes().partition(b"\n-----")[0], policy=policy.default)
    assert "设置新密码" in mail["subject"]
    assert "请打开以下链接设置新密码" in mail.get_content()
    assert "Somebody" not in mail.get_content()


@pytest.mark.usefixtures("desk")
def test_a_mail_about_a_change_is_all_in_chinese_and_its_time_is_neutral() -> None:
    facts = {"timestamp": NOW, "ip": "192.0.2.7", "user_agent": "Firefox", "request": RequestFactory().get("/")}
    with translation.override("zh-hans"):
        text = render_to_string("account/email/password_changed_message.txt", facts)
    assert "您的密码已更改。" in text
    assert "2026-03-14 09:26（UTC）" in text
    assert "This was done" not in text


def test_the_word_list_in_chinese_has_every_word_of_the_glossary() -> None:
    docs = Path(__file__).parents[2] / "docs"
    english = [_first_cell(line) for line in (docs / "glossary.md").read_text().splitlines() if line.startswith("| ")]
    chinese = [
        _first_cell(line) for line in (docs / "glossary.zh.md").read_text().splitlines() if line.startswith("| ")
    ]
    assert english[1:]
    assert [word for word in english[1:] if word not in chinese] == []


def _first_cell(line: str) -> str:
    return line.split("|")[1].strip()


def _key(said: object, context: str | None) -> str:
    return f"{context or ''}|{said[0] if isinstance(said, tuple) else said}"
