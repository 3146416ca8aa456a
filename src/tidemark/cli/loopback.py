"""A server for this machine alone: the same pages and API as ``tidemark serve``, in threads of this process."""

import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_THREADS = 4
_QUIET = ("django.request", "waitress.queue")
"""Loggers that would tell of every refusal: who calls here is told already."""
_TO_END_S = 10.0


@contextmanager
def loopback() -> Iterator[str]:
    """Serve at a free port of the loopback address until the block ends; yield the address. The records are open."""
    import waitress

    from tidemark.web.wsgi import application

    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.ERROR)
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    with listening:
        listening.bind(("127.0.0.1", 0))
        server = waitress.create_server(application, sockets=[listening], threads=_THREADS, ident=None)
        thread = threading.Thread(target=server.run, name="loopback", daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        except BaseException:  # its requests are cut off, which is no fault to tell of
            logging.getLogger("waitress").setLevel(logging.CRITICAL)
            raise
        finally:
            # In its own thread, which may be waiting on the socket that is closed here. It may be faster, too, than
            # who wakes it up: the trigger is closed then.
            with suppress(OSError):
                server.trigger.pull_trigger(server.close)
            thread.join(_TO_END_S)
            server.task_dispatcher.shutdown()
