"""A data folder with a project of 200 holders and 300 drafts, as rows: a process of its own, as settings name a folder.

python -m tests.journey.wide FOLDER
"""

import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tidemark.records.home import make_home

HOLDERS, DRAFTS = 200, 300
LAPSED, IN_FORCE = "Person 20", "Person 30"
"""Of two parties in the first tier: one whose agreement lapsed, and one that is bound. Each holds every sixth draft."""


def main(folder: Path) -> None:
    os.environ["TIDEMARK_HOME"] = str(folder)
    home = make_home(folder)
    from tidemark.records.connect import open_records

    open_records(home)
    from benchmarks.desk.rows import Size, an_id, grow, party_of

    from tidemark.records.agreements.models import Agreement
    from tidemark.records.copies.models import Copy
    from tidemark.records.projects.models import Draft, Engagement

    now = datetime.now(UTC)
    grow(home, Size(HOLDERS, DRAFTS), now=now)
    lapsed = Agreement.objects.filter(recipient__persons__name=LAPSED)
    assert lapsed.update(valid_until=now.date() - timedelta(days=1)) == 1
    places = {place.pk: place for place in Engagement.objects.select_related("party")}
    drafts = Draft.objects.filter(project__code_name="MS11").order_by("file_name", "-revision")
    Copy.objects.bulk_create(
        (
            Copy(
                id=an_id("copy", person, draft.pk),
                draft=draft,
                holder=place.party,
                person_id=an_id("person", person),
                engagement=place,
                mark_version=1,
                state=Copy.State.RELEASED,
                released=now,
                created=now,
            )
            for person in range(HOLDERS)
            for place in (places[an_id("place", party_of(person))],)
            for column, draft in enumerate(drafts)
            if column % 6 == person % 5
        ),
        batch_size=1_000,
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
