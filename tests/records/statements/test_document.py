"""What is handed out of a statement: text and PDF, in both languages, as it was issued."""

import pypdfium2
import pytest

from tests.desk import Desk
from tests.people import OWNER, SUPPLIER
from tests.records.statements.said import decided, issued, ready
from tidemark.errors import Refused
from tidemark.records.home import Home
from tidemark.records.statements.document import file_name, pdf, plain_text, spoken
from tidemark.records.statements.models import Statement


def _read(data: bytes) -> str:
    with pypdfium2.PdfDocument(data) as document:
        return "".join(page.get_textpage().get_text_range() for page in document)


def _flat(text: str) -> str:
    """Return the letters alone: where a line ends at a hyphen, the reader takes it away."""
    return "".join(char for char in text if char.isalnum())


@pytest.mark.parametrize("language", ["en", "zh"])
def test_text_and_pdf_say_what_was_issued_word_by_word(home: Home, desk: Desk, language: str) -> None:
    made = issued(home, desk, decided(home, desk))
    said = spoken(made, language)
    text = plain_text(said).decode()
    assert made.title_in(language) in text
    assert made.text_in(language) in text
    page = _read(pdf(said))
    assert _flat(made.text_in(language)) in _flat(page)
    assert OWNER in page
    assert ("16 March 2026" if language == "en" else "2026年3月16日") in text
    assert pdf(said) == pdf(said)


def test_the_pdf_tells_nothing_of_the_case_in_its_metadata(home: Home, desk: Desk) -> None:
    made = issued(home, desk, decided(home, desk))
    data = pdf(spoken(made, "en"))
    with pypdfium2.PdfDocument(data) as document:
        told = str(document.get_metadata_dict()) + data.decode("latin-1")
    for secret in (made.pk, made.case_id, made.case.number, SUPPLIER, "MS11", desk["legal"].name):
        assert secret not in told
        assert secret not in _read(data)


def test_what_was_issued_is_handed_out_whatever_the_row_says_later(home: Home, desk: Desk) -> None:
    made = issued(home, desk, decided(home, desk))
    words = made.text_en
    Statement.objects.update(text_en="Forged.")
    made.refresh_from_db()
    assert spoken(made, "en").text == words


def test_a_draft_says_that_it_is_one_and_what_is_not_written_is_not_handed_out(home: Home, desk: Desk) -> None:
    made = ready(home, desk, decided(home, desk), languages=["en"])
    assert "Draft: not issued" in _read(pdf(spoken(made, "en")))
    assert file_name(made, "en", "pdf") == "statement-draft-en.pdf"
    for language in ("zh", "fr"):
        with pytest.raises(Refused):
            spoken(made, language)


def test_markup_and_odd_characters_are_set_as_text(home: Home, desk: Desk) -> None:
    made = ready(home, desk, decided(home, desk))
    made.text_en = '#read("/etc/passwd") *bold* $x$ <label> \U0001f697 \u202eabc'
    assert '#read("/etc/passwd")' in _read(pdf(spoken(made, "en")))
