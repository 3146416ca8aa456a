"""A sheet for each finding of the play: the draft beside the leak, what was found, and the mark made visible."""

from pathlib import Path

from tidemark.demo.cast import HOLDERS
from tidemark.demo.play.stage import Found, Stage
from tidemark.demo.sheets import Sheet, write_sheet
from tidemark.odds import odds


def draw_finding(stage: Stage, found: Found, *, path: Path) -> None:
    """Draw the sheet about one leak."""
    latin = {holder.name: holder.latin for holder in HOLDERS}
    # The draft that was *found*, which need not be the true one.
    shown = next((name for name, draft in stage.draft_ids.items() if draft == found.draft), None)
    named = [
        (
            latin.get(each.custodian, each.custodian),
            f"was issued copy {each.copy}. It scores z = {each.z:.1f}; the probability that any "
            f"innocent copy would score so is {odds(each.log10_bound)}.",
        )
        for each in found.named
    ]
    tested = f" {found.copies_tested} copies were tested." if found.copies_tested else ""
    sheet = Sheet(
        title=found.scene.title,
        story=found.scene.story,
        verdict=found.verdict,
        named=named or [("Nobody", "is accused.")],
        remarks=(
            f"{found.reason[:1].upper()}{found.reason[1:]}.{tested}",
            "What is named is a copy and the party that it was issued to, not the person who leaked it."
            if named
            else "",
        ),
        draft=stage.drafts[shown] if shown else None,
        leak=found.file.read_bytes(),
        copies=[_copy(stage, shown, latin.get(each.custodian, "")) for each in found.named if shown],
    )
    write_sheet(sheet, path)


def _copy(stage: Stage, draft: str, holder: str) -> bytes:
    """Return a holder's copy, or the owner's own."""
    file = stage.copies.get((draft, holder))
    return file.read_bytes() if file else stage.master(stage.draft_ids[draft])
