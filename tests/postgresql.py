"""A PostgreSQL server of the tests' own, from Debian's binaries, and a fresh database in it for every test.

It is used if ``TIDEMARK_TEST_DATABASE=postgresql``. The server refuses to run as root, so where the tests do, it runs
as the user ``postgres``. Nothing in it outlives the tests: it need not wait for the disk.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from pytest_postgresql.janitor import DatabaseJanitor

_USER = "postgres"
_NAME, _TEMPLATE = "tidemark_test", "tidemark_migrated"
_OPTIONS = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c listen_addresses=127.0.0.1"


def is_wanted() -> bool:
    """Whether this process is to run tests on PostgreSQL; one that a test has started uses that test's database."""
    return os.environ.get("TIDEMARK_TEST_DATABASE", "") == "postgresql" and "PYTEST_CURRENT_TEST" not in os.environ


class Server:
    """A server. Its database is the one that ``TIDEMARK_DATABASE_URL`` names from now on, for this process."""

    def __init__(self) -> None:
        self.port = _free_port()
        self.folder = Path()
        self.has_template = self.is_running = False
        os.environ["TIDEMARK_DATABASE_URL"] = self._url(_NAME)

    def start(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="tidemark-postgresql-", dir="/tmp"))
        if os.geteuid() == 0:
            shutil.chown(self.folder, _USER, _USER)
        data = self.folder / "data"
        self._run("initdb", "-D", data, "-U", _USER, "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "-N")
        options = f"{_OPTIONS} -p {self.port} -k {self.folder}"
        self._run("pg_ctl", "-D", data, "-w", "-t", 60, "-l", self.folder / "log", "-o", options, "start")
        self.is_running = True

    def stop(self) -> None:
        if self.is_running:
            self._run("pg_ctl", "-D", self.folder / "data", "-m", "immediate", "stop")
            shutil.rmtree(self.folder, ignore_errors=True)

    def renew(self) -> None:
        """Put a fresh database, with all tables and no rows, in the place of the last test's."""
        if not self.has_template:
            self._janitor(_TEMPLATE).init()
            self._migrate()
            self.has_template = True
        else:
            self._janitor(_NAME).drop()
        self._janitor(_NAME, template=_TEMPLATE).init()

    def _migrate(self) -> None:
        """Bring the template up to date, in a process that opens it as any other does."""
        code = "import sys; from pathlib import Path; from tidemark.records.home import make_home; "
        code += "from tidemark.records.connect import open_records; open_records(make_home(Path(sys.argv[1])))"
        with tempfile.TemporaryDirectory() as home:
            env = {**os.environ, "TIDEMARK_DATABASE_URL": self._url(_TEMPLATE)}
            subprocess.run([sys.executable, "-c", code, f"{home}/home"], env=env, check=True)

    def _janitor(self, name: str, *, template: str | None = None) -> DatabaseJanitor:
        return DatabaseJanitor(user=_USER, host="127.0.0.1", port=self.port, dbname=name, template_dbname=template)

    def _url(self, name: str) -> str:
        return f"postgresql://{_USER}@127.0.0.1:{self.port}/{name}"

    def _run(self, program: str, *args: object) -> None:
        found = shutil.which(program) or max(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"))
        command = [str(found), *map(str, args)]
        if os.geteuid() == 0:
            command = ["setpriv", f"--reuid={_USER}", f"--regid={_USER}", "--init-groups", *command]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
