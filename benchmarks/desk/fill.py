"""Fill a data folder, and count what each page asks of the database and of the processor. A process of its own.

python -m benchmarks.desk.fill FOLDER PERSONS×DRAFTS … : writes pages.json into the folder
"""

import json
import os
import sys
import time
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tidemark.records.home import make_home

if TYPE_CHECKING:
    from benchmarks.desk.pages import Page
    from benchmarks.desk.rows import Size

_TIMES = 5


def main(folder: Path, sizes: list[tuple[int, int]]) -> None:
    """Fill the folder up to each size in turn; count at each."""
    os.environ["TIDEMARK_HOME"] = str(folder)
    home = make_home(folder)
    from tidemark.records.connect import open_records

    open_records(home)
    from benchmarks.desk.issued import issue
    from benchmarks.desk.pages import ADDRESSES, pages
    from benchmarks.desk.rows import NOBODY, PASSWORD, Size, grow
    from tidemark.records.copies.models import Copy
    from tidemark.records.ledger.log import log_size

    now, before, counted = datetime.now(UTC), NOBODY, {}
    for size in (Size(*each) for each in sizes):
        grow(home, size, beyond=before, now=now)
        issue(home, size, beyond=before, now=now)
        counted[str(size.copies)] = counts(size)
        before = size
    found = {
        "pages": [asdict(page) for page in pages(before)],
        "addresses": ADDRESSES,
        "password": PASSWORD,
        "counted": counted,
        "copies": Copy.objects.count(),
        "leaves": log_size(),
    }
    (folder.parent / "pages.json").write_text(json.dumps(found))


def counts(size: "Size") -> list[dict[str, float]]:
    """Return for each page the queries, the processor time of one answer and its size."""
    from django.conf import settings
    from django.test import Client
    from django.test.utils import override_settings

    from benchmarks.desk.pages import ADDRESSES, pages
    from tidemark.records.accounts.models import Person

    settings.ALLOWED_HOSTS = ["*"]
    clients = {}
    for who, email in ADDRESSES.items():
        clients[who] = Client()
        clients[who].force_login(
            Person.objects.get(email=email), backend="allauth.account.auth_backends.AuthenticationBackend"
        )
    with override_settings(DEBUG=False):
        return [_counted(clients[page.who], page) for page in pages(size)]


def _counted(client: "object", page: "Page") -> dict[str, float]:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    assert isinstance(client, Client)
    answer = client.get(page.address)  # which also fills what is kept in memory
    assert answer.status_code == 200, f"{page.who} {page.address}: {answer.status_code}"
    with CaptureQueriesContext(connection) as queries:
        client.get(page.address)
    asked = len(queries)  # now: the next request empties the log that it is counted in
    began = time.process_time()
    for _ in range(_TIMES):
        client.get(page.address)
    cpu = (time.process_time() - began) / _TIMES
    return {"queries": asked, "cpu_ms": 1000 * cpu, "bytes": len(answer.content)}


if __name__ == "__main__":
    main(Path(sys.argv[1]), [(int(one), int(two)) for one, two in (each.split("x") for each in sys.argv[2:])])
