"""Release many copies in one action, by two workers that are killed while they work; count what came out.

python -m benchmarks.release [--persons 200] [--drafts 50]
"""

import argparse
import io
import os
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import product
from pathlib import Path

import numpy as np
from PIL import Image
from scipy import ndimage

from benchmarks import pages
from tidemark.records.home import Home, make_home

PARTIES = 10
SIZE = (288, 384)
KILLED_AT = (0.25, 0.6)
"""Shares of the copies at which a worker is killed."""

_WORK = "from tidemark.cli import run; import sys; sys.argv = ['tidemark', 'worker']; run()"


@dataclass(frozen=True, slots=True)
class Counts:
    """What is there in the end, of holders' copies unless said otherwise."""

    planned: int
    released: int
    leaves: int
    files: int
    keys: int
    masters: int
    attempts: int


def main() -> None:
    """Plan, work, kill, count; write docs/benchmarks/release.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--persons", type=int, default=200)
    parser.add_argument("--drafts", type=int, default=50)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = make_home(Path(folder) / "home")
        os.environ["TIDEMARK_HOME"] = str(home.path)
        from tidemark.records.connect import open_records

        open_records(home)
        planning = plan(home, persons=asked.persons, drafts=asked.drafts)
        working = work(asked.persons * asked.drafts)
        counts = count()
        faults = [step for step in checked(home) if not step[1]]
    wanted = asked.persons * asked.drafts
    assert (counts.released, counts.leaves, counts.files, counts.keys) == (wanted,) * 4, counts
    assert counts.masters == asked.drafts, counts
    assert not faults, faults
    rows = [
        ["planned in one action", f"{counts.planned:,}"],
        ["released", f"{counts.released:,}"],
        ["leaves in the ledger", f"{counts.leaves:,}"],
        ["files of different bytes", f"{counts.files:,}"],
        ["different keys committed to", f"{counts.keys:,}"],
        ["the owner's masters", f"{counts.masters:,}"],
        ["tasks that were taken up again", f"{counts.attempts:,}"],
        ["`tidemark check`", "all steps hold"],
    ]
    pages.write(
        "release",
        "make bench-release",
        "# Ten thousand copies in one action",
        f"{asked.persons} persons of {PARTIES} suppliers × {asked.drafts} drafts of {SIZE[1]} × {SIZE[0]} pixels, on "
        f"{database()}, by two workers on {os.cpu_count()} processors. When {KILLED_AT[0]:.0%} and {KILLED_AT[1]:.0%} "
        "of the copies were released, the worker that had been at it longest was killed (SIGKILL) and another started.",
        pages.table(("what", "count"), rows),
        f"Planning took {planning:.1f} s, making {working / 60:.1f} min: {wanted / working:.0f} copies a second, the "
        "time until a dead worker's task is taken up again included.",
    )


def plan(home: Home, *, persons: int, drafts: int) -> float:
    """Put parties, persons, agreements and drafts on record and share all with all; return the seconds of sharing."""
    from tidemark.records.accounts.models import Grant, Person
    from tidemark.records.accounts.roles import Role
    from tidemark.records.copies.secret import master_secret
    from tidemark.records.copies.share import share
    from tidemark.records.parties.models import Party
    from tidemark.records.projects.models import Project

    now = datetime.now(UTC)
    master_secret(home, now=now)
    owner = Party.owner("Halden Motors", now=now)
    officer = Person.objects.create_user("officer@example.test", None, party=owner, name="Officer", created=now)
    Grant.objects.create(person=officer, role=Role.OFFICER)
    project = Project.objects.create(code_name="MS11", created=now)
    suppliers = [_supplier(owner, project, number, now=now) for number in range(PARTIES)]
    people = [_person(*suppliers[number % PARTIES], number, now=now) for number in range(persons)]
    registered = [_draft(home, number, now=now) for number in range(drafts)]
    start = time.perf_counter()
    shared = share(home, list(product(registered, people)), project=project, by=officer, now=datetime.now(UTC))
    assert not shared.refusals, shared.refusals[:3]
    return time.perf_counter() - start


def work(copies: int) -> float:
    """Start two workers, kill the older one twice, wait until all is released; return the seconds."""
    from tidemark.records.copies.models import Copy

    released = Copy.objects.filter(state=Copy.State.RELEASED, is_master=False)
    start = time.perf_counter()
    workers = [_worker(), _worker()]
    try:
        for share in (*KILLED_AT, 1.0):
            while (done := released.count()) < copies * share:
                assert all(worker.poll() is None for worker in workers), "a worker ended by itself"
                print(f"{done:>7,} of {copies:,}", end="\r", file=sys.stderr, flush=True)
                time.sleep(0.5)
            if share < 1:
                workers[0].send_signal(signal.SIGKILL)
                workers.pop(0).wait()
                workers.append(_worker())
        return time.perf_counter() - start
    finally:
        for worker in workers:
            worker.terminate()
            worker.wait()


def count() -> Counts:
    """Count rows, leaves, files and keys."""
    from django_tasks_db.models import DBTaskResult

    from tidemark.ledger.entry import Kind, decode
    from tidemark.records.copies.models import Copy
    from tidemark.records.ledger.models import Leaf

    copies = Copy.objects.filter(is_master=False)
    released = copies.filter(state=Copy.State.RELEASED)
    issued = Leaf.objects.filter(kind=Kind.COPY_ISSUED).values_list("data", flat=True)
    bodies = [decode(bytes(data)).body for data in issued]
    ours = [body for body in bodies if not body["is_master"]]
    return Counts(
        planned=copies.count(),
        released=released.count(),
        leaves=len(ours),
        files=released.values("sha256").distinct().count(),
        keys=len({str(body["key_commitment"]) for body in ours}),
        masters=len(bodies) - len(ours),
        attempts=sum(len(ids) > 1 for ids in DBTaskResult.objects.values_list("worker_ids", flat=True)),
    )


def checked(home: Home) -> list[tuple[str, bool]]:
    """Check the whole folder."""
    from tidemark.records.check import check

    return [(f"{step.step}: {step.detail}", step.holds) for step in check(home)]


def database() -> str:
    """Say which database it was."""
    from django.db import connection

    return {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[connection.vendor]


def _worker() -> "subprocess.Popen[bytes]":
    one_thread = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    return subprocess.Popen([sys.executable, "-c", _WORK], env={**os.environ, **one_thread}, stderr=subprocess.DEVNULL)


def _supplier(owner: object, project: object, number: int, *, now: datetime) -> tuple[object, object]:
    from tidemark.records.agreements.models import Agreement
    from tidemark.records.parties.models import Party
    from tidemark.records.projects.models import Engagement

    party = Party.named(f"Supplier {number}", {}, now=now)
    place = Engagement(project=project, party=party, created=now)
    place.path = f"{place.pk}/"
    place.save()
    agreement = Agreement.objects.create(
        reference=f"NDA {number}",
        discloser=owner,
        recipient=party,
        covers_all_projects=True,
        kinds=["bidding"],
        valid_from=date(2026, 1, 1),
        state=Agreement.State.IN_FORCE,
        created=now,
    )
    return party, agreement


def _person(party: object, agreement: object, number: int, *, now: datetime) -> object:
    from allauth.account.models import EmailAddress

    from tidemark.records.accounts.models import Grant, Person
    from tidemark.records.accounts.roles import Role
    from tidemark.records.agreements.models import Acceptance

    person = Person.objects.create_user(
        f"p{number}@example.test", None, party=party, name=f"Person {number}", created=now
    )
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    Grant.objects.create(person=person, role=Role.CONTACT)
    for for_party in (True, False):
        Acceptance.objects.create(agreement=agreement, person=person, for_party=for_party, accepted=now, leaf_index=0)
    return person


def _draft(home: Home, number: int, *, now: datetime) -> object:
    from tidemark.engine.carriers import image
    from tidemark.records.connect import exclusively
    from tidemark.records.projects.drafts import draft_file, keep_bytes, remember_draft

    rng = np.random.default_rng(number)
    noise = sum(ndimage.gaussian_filter(rng.normal(0, 12 * w, (*SIZE, 3)), (w, w, 0), mode="wrap") for w in (1, 4, 16))
    out = io.BytesIO()
    Image.fromarray(np.clip(128 + np.asarray(noise), 0, 255).astype(np.uint8)).save(out, "PNG")
    data = out.getvalue()
    file = draft_file(f"part-{number}.png", data, description=image.describe(image.read(data)), project="MS11")
    with exclusively(home):
        draft = remember_draft(file, now=now)
        keep_bytes(home, draft, file)
    return draft


if __name__ == "__main__":
    main()
