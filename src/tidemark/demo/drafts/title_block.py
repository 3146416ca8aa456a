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
        (10, 14, "Title", 12), (14, 38, "FASCIA, FRONT BUMPER", 26), (440, 14, "Status", 12),
        (444, 38, "BIDDING DRAFT", 24), (10, 74, "Drawing number", 12), (14, 98, "MS11-51-711-0042", 26),
        (570, 74, "Revision", 12), (620, 98, revision, 34),
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


def parts_list(sheet: Sheet, corner: tuple[float, float]) -> None:
    """What the balloons number, above the title block."""
    rows = (
        ("No", "Part", "Qty", "Material"),
        ("1", "Fascia, front", "1", "PP+EPDM-T20, painted"),
        ("2", "Grille, lower, honeycomb", "1", "ASA, grained K31"),
        ("3", "Air curtain L/R", "2", "PP-T20 black"),
        ("4", "Splitter lip", "1", "PP-GF30, high gloss"),
        ("5", "Sensor holder", "4", "PA6-GF15"),
        ("6", "Headlamp (reference)", "2", "MS11-63-117"),
        ("7", "Cross member", "1", "EN AW-6082 T6"),
        ("8", "Absorber", "1", "EPP 60 g/l"),
        ("9", "Stiffener, lower", "1", "PP-LGF40"),
        ("10", "Radar cover", "1", "PC+ASA, 2.25 mm"),
    )
    sheet.table(corner, (50.0, 300.0, 60.0, 310.0), 20.5, rows)


def notes(sheet: Sheet, corner: tuple[float, float]) -> None:
    """General notes in the lower left."""
    lines = (
        "1  All dimensions in mm; car coordinates: X 0 between the axles, Y 0 middle plane, Z 0 ground.",
        "2  Untoleranced geometry: profile 1.0 to A|B|C against the data model of the same revision.",
        "3  Visible surfaces class A; no sink marks, weld lines or gate marks in zone 1.",
        "4  Draft angle at least 3° on visible walls, 5° with grain; parting line only where drawn.",
        "5  Gap to wing 2.5 ±0.7, flush 0 / -1.0; gap to bonnet 4.0 ±1.0.",
        "6  Holes for parking sensors punched after painting, edge free of flakes.",
        "7  Radar zone Y ±100: thickness 2.80 ±0.05, paint without metal flakes.",
        "8  Regrind at most 15 % of weight; marking for recycling on the inside.",
        "9  Bidding draft, not for tooling. Property of the owner, see agreement; no copies to third parties.",
    )
    sheet.text(corner, "NOTES", 18)
    for index, line in enumerate(lines):
        sheet.text((corner[0], corner[1] + 34 + index * 33), line, 15)


def tolerances(sheet: Sheet, corner: tuple[float, float]) -> None:
    """General tolerances by size."""
    rows = (
        ("Nominal size", "Length", "Angle"),
        ("up to 30", "±0.3", "±1°"),
        ("30 to 120", "±0.5", "±0°30'"),
        ("120 to 400", "±0.8", "±0°20'"),
        ("400 to 1000", "±1.2", "±0°10'"),
        ("over 1000", "±1.8", "±0°10'"),
    )
    sheet.text(corner, "GENERAL TOLERANCES", 18)
    sheet.table((corner[0], corner[1] + 20), (150.0, 100.0, 100.0), 30.0, rows)
    sheet.text((corner[0], corner[1] + 225), "Roughness of unspecified surfaces Ra 3.2", 15)


def revisions(sheet: Sheet, corner: tuple[float, float], revision: str) -> None:
    """History up to the revision of this sheet."""
    history = (
        ("Rev", "Change", "By"),
        ("A", "First issue for bidding", "KL"),
        ("B", "Grille, air curtains moved", "KL"),
    )
    sheet.text(corner, "REVISIONS", 18)
    rows = [row for row in history if row[0] == "Rev" or row[0] <= revision]
    sheet.table((corner[0], corner[1] + 20), (50.0, 215.0, 50.0), 30.0, rows)
