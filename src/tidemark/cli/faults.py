"""What goes wrong is told on stderr in a line or two, with the exit code of the documentation, never as a traceback."""

import functools
import os
import sys
import traceback
from collections.abc import Callable
from typing import NoReturn, ParamSpec

import typer
from typer.exceptions import Abort, Exit, TyperException

from tidemark.cli import INTERRUPTED
from tidemark.cli.shown import shown
from tidemark.errors import TidemarkError

FAILED = 1

P = ParamSpec("P")


def told(command: Callable[P, None]) -> Callable[P, None]:
    """Make a command tell its errors and exit. With ``TIDEMARK_DEBUG=1`` the traceback is shown as well."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
            sys.stdout.flush()
        except (Exit, Abort, TyperException):
            raise
        except KeyboardInterrupt:
            fail("Interrupted.", code=INTERRUPTED)
        except BrokenPipeError:  # whoever read our output has seen enough (`tidemark trace … | head -1`)
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise Exit(FAILED) from None
        except Exception as error:
            fail(error_words(error))

    return run


def fail(message: str, *, code: int = FAILED) -> NoReturn:
    """Say why on stderr and exit."""
    tell_caught(message)
    raise Exit(code)


def error_words(error: Exception) -> str:
    """Say what went wrong; what was not foreseen is put so that it can be reported."""
    if isinstance(error, TidemarkError):
        return str(error)
    if isinstance(error, MemoryError):
        return "There is not enough memory for this. Close other programs, or give smaller files."
    if isinstance(error, ModuleNotFoundError):
        return (
            f"The Python module {error.name} is needed for this and is not installed. Install it, and run this again."
        )
    return f"An error that should not happen: {error!r}. Run again with TIDEMARK_DEBUG=1 and report what it says."


def tell_caught(message: str) -> None:
    """Say what went wrong, after the traceback of the error that is being handled if that is wanted."""
    if os.environ.get("TIDEMARK_DEBUG") == "1" and sys.exc_info()[0] is not None:
        traceback.print_exc()
    tell(message)


def tell(message: str) -> None:
    """Say something to people, on stderr, whatever the terminal can print."""
    typer.echo(f"tidemark: {shown(message)}", err=True)
