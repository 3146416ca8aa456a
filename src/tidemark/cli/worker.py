"""``tidemark worker``: do the slow work that pages and the API enqueue."""

from typing import Annotated

import typer

from tidemark.cli.faults import tell, told
from tidemark.cli.inputs import HomeOption


@told
def worker(
    queues: Annotated[
        list[str] | None,
        typer.Option("--queue", metavar="NAME", help="Only tasks of this queue; repeat it for several. Default: all."),
    ] = None,
    until_empty: Annotated[bool, typer.Option("--until-empty", help="End when nothing is left to do.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", hidden=True)] = False,
    home_path: HomeOption = None,
) -> None:
    """Make copies, drill drafts, send reminders: run what is enqueued until it is asked to stop.

    Start as many as there are processors to spare, on one machine or, with PostgreSQL and S3, on several. SIGTERM and
    Ctrl-C let it end what it is at. It may also be killed: another worker takes the task up, and nothing is made twice.
    """
    from tidemark.cli.opened import open_home

    open_home(home_path, make=False)
    from tidemark.records.work.worker import work

    if not quiet:
        tell(f"Working on {', '.join(queues) if queues else 'all queues'}. Stop with Ctrl-C.")
    work(queues=queues or (), until_empty=until_empty)
