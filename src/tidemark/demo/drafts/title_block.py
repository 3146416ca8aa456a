"""What surrounds the views on the sheet: frame with zones, title block, revisions, parts, tolerances, notes."""

from tidemark.demo.drafts.drafting import CENTRE, MEDIUM, THICK, THIN, Sheet

MARGIN = 40.0


def frame(sheet: Sheet, width: int, height: int) -> None:
    """Border with trimming marks and zone letters."""
    right, bottom = width - MARGIN, height - MARGIN
    sheet.line([(16, 16), (width - 17, 16), (width - 17, height - 17), (16, height - 17)], closed=True)
    sheet.line([(MARGIN, MARGIN), (right, MARGIN), (right, bottom), (MARGIN, bottom)], THICK, closed=True)
    for index in range(8):
        left = MARGIN + (right - MARGIN) * index / 8
        middle = left + (right - MARGIN) / 16
        for y, inner in ((28.0, MARGIN), (height - 28.0, bottom)):
            if index:
                sheet.line([(left, 16 if y < 100 else bottom), (left, inner if y < 100 else height - 17.0)])
            sheet.text((middle, y), str(8 - index), 15, anchor="mm")
    for index in range(6):
        top = MARGIN + (bottom - MARGIN) * index / 6
        middle = top + (bottom - MARGIN) / 12
        for x in (28.0, width - 28.0):
            if index:
                sheet.line([(16, top), (MARGIN, top)] if x < 100 else [(right, top), (width - 17.0, top)])
            sheet.text((x, middle), "FEDCBA"[index], 15, anchor="mm")


def title_block(sheet: Sheet, width: int, height: int, revision: str) -> None:
    """Name, number, revision, scale, projection and status in the lower right corner."""
    left, top, right, bottom = width - MARGIN - 720, height - MARGIN - 250, width - MARGIN, height - MARGIN
    sheet.line([(left, top), (right, top), (right, bottom), (left, bottom)], THICK, closed=True)
    for y in (60, 120, 185):
        sheet.line([(left, top + y), (right, top + y)])
    for x, upper, lower in ((430, 0, 60), (560, 60, 185), (280, 120, 250), (430, 120, 250), (580, 185, 250)):
        sheet.line([(left + x, top + upper), (left + x, top + lower)])
    for x, y, words, size in (
        (10, 14, "Title", 12), (14, 38, "FASCIA, FRONT BUMPER", 26), (440, 14, "Status", 12), (444, 38, "BIDDING DRAFT", 24),
        (10, 74, "Drawing number", 12), (14, 98, "MS11-51-711-0042", 26), (570, 74, "Revision", 12), (620, 98, revision, 34),
        (10, 134, "Project", 12), (14, 160, "MS11", 30), (290, 134, "Scale", 12), (294, 160, "1:4", 26),
        (440, 134, "Sheet", 12), (444, 160, "1 / 3", 22), (570, 134, "Format", 12), (574, 160, "A1", 22),
        (10, 199, "Material", 12), (14, 226, "PP+EPDM-T20", 20), (290, 199, "Mass", 12), (294, 226, "4.1 kg", 20),
        (440, 199, "Projection", 12), (590, 199, "Confidential", 12), (590, 226, "NDA scope 2", 18),
    ):  # fmt: skip
        sheet.text((left + x, top + y), words, size)
    _first_angle(sheet, (left + 500, top + 226))


def _first_angle(sheet: Sheet, centre: tuple[float, float]) -> None:
    """The symbol of first-angle projection: a cone from its side, then from its small end."""
    x, y = centre
    sheet.line([(x - 48, y - 8), (x - 8, y - 15), (x - 8, y + 15), (x - 48, y + 8)], MEDIUM, closed=True)
    sheet.circle((x + 32, y), 15, MEDIUM)
    sheet.circle((x + 32, y), 8, MEDIUM)
    sheet.dashed([(x - 56, y), (x + 54, y)], CENTRE)
    sheet.line([(x + 32, y - 20), (x + 32, y + 20)], THIN)
def notes(sheet): ...
def parts_list(sheet): ...
def tolerances(sheet): ...
