"""The acts in which drafts get out, and are traced: every picture is handed in by the investigator, as it was found."""

from collections.abc import Iterator
from typing import Any

from tidemark.demo.play.line import File
from tidemark.demo.play.stage import Found, Named, Stage, expect, in_days
from tidemark.demo.scenes import PHOTO, Scene, extension, make_leak

_SECOND_POST = {
    "platform": "Kuaiying",
    "handle": "@bumper_daily",
    "url": "https://kuaiying.example/post/88340",
    "found": "Kuaiying, a repost of the same file, two hours later",
}


def leak(stage: Stage) -> Iterator[str]:
    """Copies leak, and the investigator hands in what is found: bytes unchanged, with place, time and poster."""
    for scene in stage.scenes:
        data = make_leak(scene, _sources(stage, scene))
        file = stage.folder / "leaks" / f"{scene.name}.{extension(data)}"
        file.write_bytes(data)
        received = _hand_in(stage, scene, file.name, data)
        expect(received["is_new"], "a picture that was never seen before is new")
        stage.leaks[scene.name], stage.leak_files[scene.name] = received["leak"], file
        if scene.name == PHOTO:
            again = stage.investigator.post("/leaks", _SECOND_POST, file=File("saved.jpg", data))
            expect(again["leak"] == received["leak"], "a repost of the same file is a post of the same leak")
    yield f"{len(stage.leaks)} pictures turn up, one of them in two posts. Each is kept as found and traced on its own."


def trace(stage: Stage) -> Iterator[str]:
    """Every picture is traced against all drafts and copies on record; the verdicts are compared with the truth."""
    for scene in stage.scenes:
        found = _found(stage, scene)
        stage.found.append(found)
    copies = max(found.copies_tested for found in stage.found)
    right = sum(found.is_right for found in stage.found)
    yield f"{right} of {len(stage.found)} findings are the truth, with up to {copies} copies of a draft to tell apart."
    mine = stage.investigator.get(f"/leaks/{stage.leaks[PHOTO]}/similar")
    common = next((each["title"] for each in mine if "poster" in each["common"]), "")
    expect(common, "two leaks by one poster meet")
    yield f"The account that posted {PHOTO} has posted another leak too: {common}."


def _sources(stage: Stage, scene: Scene) -> list[bytes]:
    """Return the files that a leak is made from."""
    if scene.draft is None:
        return []
    if scene.is_own:
        return [stage.master(stage.draft_ids[scene.draft])]
    if not scene.culprits:
        return [stage.drafts[scene.draft]]
    return [stage.copies[scene.draft, culprit].read_bytes() for culprit in scene.culprits]


def _hand_in(stage: Stage, scene: Scene, name: str, data: bytes) -> Any:
    said = {
        "found": scene.story,
        "platform": scene.platform,
        "handle": scene.handle,
        "url": scene.url,
        "text": scene.text,
        "posted": in_days(0) if scene.handle else None,
    }
    return stage.investigator.post("/leaks", said, file=File(name, data))


def _found(stage: Stage, scene: Scene) -> Found:
    """Wait for the trace of a scene's leak, and return what it says."""

    def seen() -> Any:
        file = stage.investigator.get(f"/leaks/{stage.leaks[scene.name]}")["files"][0]
        return file["trace"] if file["trace"] and file["trace"]["state"] in ("done", "failed") else None

    said = stage.wait(seen, what=f"The trace of {scene.name}")
    expect(said["state"] == "done", f"the trace of {scene.name} ends: {said['fault']}")
    named = [
        Named(
            copy=each["copy_claim"]["id"],
            custodian=each["custodian"]["party"]["name"],
            responsible=(each["responsible"] or {"party": {"name": ""}})["party"]["name"],
            z=each["copy_claim"]["z"],
            log10_bound=each["copy_claim"]["log10_bound"],
        )
        for each in said["named"]
        if each["is_accused"]
    ]
    return Found(
        scene=scene,
        file=stage.leak_files[scene.name],
        verdict=said["verdict"],
        reason=said["reason"],
        draft=_shown(said),
        true_draft=stage.draft_ids[scene.draft] if scene.draft else "",
        copies_tested=said["copies_tested"],
        named=tuple(named),
    )


def _shown(said: Any) -> str:
    """Return the draft that a trace is about: the one of the named copies, or else the best match."""
    of_named = [each["copy_claim"]["draft"] for each in said["named"]]
    of_matches = [match["draft"]["id"] for match in sorted(said["matches"], key=lambda each: -each["correlation"])]
    return str(next(iter([*of_named, *of_matches]), ""))
