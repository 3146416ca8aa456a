"""The commands, put together. Each imports what it needs when it runs, so that ``--help`` is instant."""

import typer

from tidemark.cli import check, demo, drill, ledger, mark, serve, trace, verify, worker

app = typer.Typer(
    name="tidemark",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=(
        "Exit codes: 0 done · 1 failed or invalid · 2 wrong usage · 130 interrupted.   "
        "Everything is kept in one folder: --home, else TIDEMARK_HOME, else the platform's user data folder. "
        "Back it up; without its master.secret no copy can be traced."
    ),
)


@app.callback()
def tidemark() -> None:
    """Give every recipient an invisibly marked copy of a draft, and trace a leaked picture to the copy it came from."""


for command in (demo.demo, mark.mark, trace.trace, drill.drill, verify.verify, check.check, serve.serve, worker.worker):
    app.command()(command)
app.add_typer(ledger.ledger, name="ledger")
