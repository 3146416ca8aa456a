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
        except TidemarkError as error:
            fail(str(error))
        except MemoryError:
            fail("There is not enough memory for this. Close other programs, or give smaller files.")
        except Exception as error:
            fail(
                f"An error that should not happen: {error!r}. Run again with TIDEMARK_DEBUG=1 and report what it says."
            )

    return run


def fail(message: str, *, code: int = FAILED) -> NoReturn:
    """Say why on stderr and exit."""
    if os.environ.get("TIDEMARK_DEBUG") == "1" and sys.exc_info()[0] is not None:
        traceback.print_exc()
    tell(message)
    raise Exit(code)


def tell(message: str) -> None:
    """Say something to people, on stderr, whatever the terminal can print."""
    typer.echo(f"tidemark: {message}".encode(errors="backslashreplace").decode(), err=True)
