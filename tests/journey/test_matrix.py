"""The distribution matrix at its full size, as the officer's browser draws it."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
from benchmarks.desk.rows import PASSWORD
from playwright.sync_api import Browser, Locator

from tests.journey.browser import Window
from tests.journey.looking import look
from tests.journey.server import environment, serving
from tests.journey.wide import DRAFTS, HOLDERS, IN_FORCE, LAPSED

MOST_CELLS = 2_500
"""Of 60,000: what a window of 1440 × 900 shows at 28 px a cell, and six spare ones at each side."""


@pytest.fixture(scope="module")
def desk(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Window]:
    """The window of the officer of a large desk, who is signed in."""
    home = tmp_path_factory.mktemp("wide") / "home"
    subprocess.run([sys.executable, "-m", "tests.journey.wide", str(home)], env=environment(home), check=True)
    with serving(home, has_officer=True) as served:
        window = Window(browser, served.address)
        window.open("/accounts/login/")
        window.fill(login="officer@example.test", password=PASSWORD)
        window.press("Sign in")
        yield window
        window.close()


@pytest.fixture
def matrix(desk: Window) -> Iterator[Window]:
    """The matrix, just opened, with the keyboard in it."""
    desk.open("/projects/")
    desk.follow("MS11")
    desk.follow("Matrix")
    desk.page.locator("#matrix .m-cell").first.wait_for()
    desk.page.locator("#matrix").focus()
    yield desk
    assert desk.faults == []


def press(window: Window, *keys: str) -> Locator:
    """Press keys one after another; return the cell in which they end."""
    for key in keys:
        window.page.keyboard.press(key)
    return window.page.locator("#matrix-current")


def place(cell: Locator) -> tuple[int, int]:
    """Return a cell's row and column among those that are left."""
    return int(cell.get_attribute("data-y") or -1), int(cell.get_attribute("data-x") or -1)


def find(window: Window, text: str) -> None:
    window.page.locator("#f-text").fill(text)


def counted(window: Window) -> str:
    return window.page.locator("#matrix-count").inner_text()


def test_of_sixty_thousand_cells_those_in_sight_are_in_the_page(matrix: Window) -> None:
    cells, box = matrix.page.locator("#matrix .m-cell"), matrix.page.locator("#matrix")
    assert counted(matrix) == f"{HOLDERS} holders × {DRAFTS} drafts"
    look(matrix)  # on a telephone too, where a list stands in its place
    cells.first.wait_for()
    assert 200 < cells.count() < MOST_CELLS
    last = matrix.page.locator(f'#matrix .m-cell[data-y="{HOLDERS - 1}"][data-x="{DRAFTS - 1}"]')
    assert last.count() == 0
    box.evaluate("box => box.scrollTo(box.scrollWidth, box.scrollHeight)")
    last.wait_for()
    assert matrix.page.locator('#matrix .m-cell[data-y="0"]').count() == 0
    assert 200 < cells.count() < MOST_CELLS


def test_arrow_keys_move_and_what_is_there_is_said(matrix: Window) -> None:
    assert place(press(matrix, "ArrowDown", "ArrowDown", "ArrowDown", "ArrowRight", "ArrowRight", "ArrowLeft")) == (
        3,
        1,
    )
    data = json.loads(matrix.page.locator("#matrix-data").inner_text())
    row, (_, name, revision, status) = data["rows"][3], data["columns"][1]
    said = matrix.page.locator("#matrix-said").inner_text()
    assert said.startswith(f"{row['party']} › {row['name']}: {name}, revision {revision}, {status}: ")
    assert matrix.page.locator("#matrix").get_attribute("aria-activedescendant") == "matrix-current"
    cell = press(matrix, "End", "PageDown", "PageDown")
    assert place(cell)[1] == DRAFTS - 1
    shown, box = cell.bounding_box(), matrix.page.locator("#matrix").bounding_box()
    assert shown is not None
    assert box is not None
    assert box["x"] < shown["x"] < box["x"] + box["width"] - shown["width"] / 2
    assert box["y"] < shown["y"] < box["y"] + box["height"] - shown["height"] / 2


def test_space_selects_and_shift_selects_a_block(matrix: Window) -> None:
    bar, told = matrix.page.locator("#matrix-bar"), matrix.page.locator("#matrix-selected")
    assert bar.is_hidden()
    press(matrix, "ArrowDown", " ")
    assert told.inner_text() == "1 selected"
    matrix.page.locator('#matrix-current.is-selected[aria-selected="true"][data-y="1"]').wait_for()
    press(matrix, " ")
    assert bar.is_hidden()
    press(matrix, "Shift+ArrowRight", "Shift+ArrowDown")
    assert told.inner_text() == "3 selected"
    press(matrix, "Escape")
    assert bar.is_hidden()


def test_filters_leave_what_they_ask_for(matrix: Window) -> None:
    data = json.loads(matrix.page.locator("#matrix-data").inner_text())
    find(matrix, IN_FORCE)
    assert counted(matrix) == f"1 holders × {DRAFTS} drafts"
    find(matrix, data["columns"][7][1])
    alike = [column for column in data["columns"] if data["columns"][7][1] in column[1]]
    assert counted(matrix) == f"{HOLDERS} holders × {len(alike)} drafts"
    find(matrix, "")
    matrix.page.locator("#f-status").select_option(label="bidding")
    assert counted(matrix) == f"{HOLDERS} holders × {DRAFTS // 2} drafts"
    matrix.page.locator("#f-tier").select_option(label="tier 2")
    second = sum(row["tier"] == 2 for row in data["rows"])
    assert 0 < second < HOLDERS
    assert counted(matrix) == f"{second} holders × {DRAFTS // 2} drafts"


def test_what_is_held_though_the_agreement_lapsed_is_red(matrix: Window) -> None:
    find(matrix, LAPSED)
    held = matrix.page.locator("#matrix .m-cell.is-r")
    assert held.count() == matrix.page.locator("#matrix .m-cell.is-r.is-barred").count() > 3
    red, green, blue = _colour(held.first)
    assert red > 1.5 * max(green, blue)
    assert "held without an agreement" in (held.first.get_attribute("aria-label") or "")
    find(matrix, IN_FORCE)
    assert held.count() > 3
    assert matrix.page.locator("#matrix .m-cell.is-barred").count() == 0
    red, green, blue = _colour(held.first)
    assert red < 1.5 * max(green, blue)


def test_barred_holders_are_found_by_their_state(matrix: Window) -> None:
    data = json.loads(matrix.page.locator("#matrix-data").inner_text())
    barred = [row for row in data["rows"] if row["no"] and "r" in row["cells"]]
    assert LAPSED in {row["name"] for row in barred}
    matrix.page.locator("#f-state").select_option(label="held without an agreement")
    assert counted(matrix).startswith(f"{len(barred)} holders × ")
    assert len(barred) < HOLDERS / 10


def _colour(cell: Locator) -> tuple[int, ...]:
    found: str = cell.evaluate("cell => getComputedStyle(cell).backgroundColor")
    return tuple(map(int, re.findall(r"\d+", found)[:3]))


def test_a_selection_is_shared(matrix: Window) -> None:
    find(matrix, IN_FORCE)
    matrix.page.locator("#matrix .m-cell:not(.is-r)").first.click()
    chosen = matrix.page.locator("#matrix .m-cell.is-selected").get_attribute("data-x")
    drafts = json.loads(matrix.page.locator("#matrix-data").inner_text())["columns"]
    matrix.page.locator("#matrix-bar").get_by_role("button", name="Share").click()
    matrix.page.get_by_role("heading", level=1, name="Share drafts").wait_for()
    (pair,) = matrix.page.locator('#main input[name="pairs"]').input_value().split()
    assert pair.partition(":")[2] == drafts[int(chosen or -1)][0]
    assert IN_FORCE in matrix.text


def test_a_selection_is_revoked_after_it_was_said_how_many(matrix: Window) -> None:
    find(matrix, LAPSED)
    held = matrix.page.locator("#matrix .m-cell.is-barred")
    for number in range(2):
        held.nth(number).click()
    matrix.page.locator("#matrix-bar").get_by_role("button", name="Revoke").click()
    matrix.page.get_by_role("heading", level=1, name="Revoke copies").wait_for()
    assert "2 copies will be revoked" in matrix.text
    assert matrix.text.count(LAPSED) == 2


def test_in_chinese_it_speaks_chinese(matrix: Window) -> None:
    page = matrix.page
    _speak(matrix, "简体中文")
    try:
        matrix.open("/projects/")
        matrix.follow("MS11")
        page.locator('#main a[href$="/matrix/"]').first.click()
        page.locator("#matrix .m-cell").first.wait_for()
        page.locator("#matrix").focus()
        cell = press(matrix, "ArrowDown")
        shown = page.locator("#f-status option").all_inner_texts()
        said = [page.locator("#matrix-said").inner_text(), cell.get_attribute("aria-label") or ""]
        assert shown == ["全部图稿状态", "竞标", "开发"]
        assert not re.search(r"bidding|development|revision|released", " ".join((*said, *shown)))
    finally:
        _speak(matrix, "English")


def _speak(window: Window, language: str) -> None:
    window.open("/profile/")
    window.fill(language=f"={language}")
    window.page.locator('#main form:has([name="language"]) button[type="submit"]').click()
    window.page.wait_for_load_state()
