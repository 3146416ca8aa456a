"""A PostgreSQL server of the tests' own, from Debian's binaries, and a database as good as new in it for every test.

It is used if ``TIDEMARK_TEST_DATABASE=postgresql``. The server refuses to run as root, so where the tests do, it runs
as the user ``postgres``. Nothing in it outlives the tests: it need not wait for the disk.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from pytest_postgresql.janitor import DatabaseJanitor

_USER = "postgres"
_NAME, _TEMPLATE = "tidemark_test", "tidemark_migrated"
# How a database is made: what is not put back, if a test has changed it.
_CATALOGUES = {
    "pg_class": "oid, relname, relpersistence, relrowsecurity",
    "pg_attribute": "attrelid, attnum, attname, atttypid, atttypmod, attnotnull",
    "pg_attrdef": "oid, pg_get_expr(adbin, adrelid)",
    "pg_constraint": "oid, conname, convalidated",
    "pg_trigger": "oid, tgname, tgenabled",
    "pg_sequence": "seqrelid, seqstart, seqincrement, seqmax, seqcycle",
    "pg_proc": "oid, prosrc",
    "pg_namespace": "oid, nspname",
}
_MADE = " union all ".join(
    f"select md5(string_agg(({columns})::text, ' ' order by ({columns})::text)) from {catalogue}"
    for catalogue, columns in _CATALOGUES.items()
)
_TABLES = "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace order by relname"
_NUMBERED = "select sequencename, last_value from pg_sequences where schemaname = 'public' and last_value is not null"
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
        self.as_new: _State | None = None
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
        """Put a database with all tables and no rows in the place of the last test's.

        To take rows out is faster than to make one: so the last one is emptied, unless a test has changed more.
        """
        if self.as_new is not None and self._emptied_to(self.as_new):
            return
        if not self.has_template:
            self._janitor(_TEMPLATE).init()
            self._migrate()
            self.has_template = True
        else:
            self._janitor(_NAME).drop()
        self._janitor(_NAME, template=_TEMPLATE).init()
        with psycopg.connect(self._url(_NAME)) as database:
            self.as_new = _State.of(database)

    def _emptied_to(self, new: "_State") -> bool:
        """Take out the rows that tests put in; return whether the database is as it was when it was new."""
        try:
            with psycopg.connect(self._url(_NAME)) as database:
                database.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity "
                    "where datname = current_database() and pid <> pg_backend_pid()"
                )
                database.execute("set session_replication_role = replica")  # in any order, whatever refers to them
                for table in _filled(database):
                    if table not in new.rows:
                        database.execute(sql.SQL("delete from {}").format(sql.Identifier(table)))
                for name, last in _numbers(database).items():
                    if last != new.numbers.get(name):
                        database.execute(
                            "select setval(%s::regclass, %s, %s)",
                            (f'"{name}"', new.numbers.get(name, 1), name in new.numbers),
                        )
                return _State.of(database) == new
        except psycopg.OperationalError:  # a test has dropped it
            return False

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


@dataclass(frozen=True, slots=True)
class _State:
    """What a database is, but for rows in tables that are empty when it is new.

    Attributes
    ----------
    made : tuple of str
        A digest of each of :data:`_CATALOGUES`.
    rows : mapping of str to str
        A digest of the rows of each table that has any.
    numbers : mapping of str to int
        Each sequence's last number, if it has given any.
    """

    made: tuple[str, ...]
    rows: Mapping[str, str]
    numbers: Mapping[str, int]

    @classmethod
    def of(cls, database: psycopg.Connection) -> "_State":
        """Read what a database is now."""
        made = tuple(row[0] for row in database.execute(_MADE))
        return cls(made, {table: _digest(database, table) for table in _filled(database)}, _numbers(database))


def _filled(database: psycopg.Connection) -> list[str]:
    """Return the names of the tables that have rows."""
    one = sql.SQL("select {} where exists (select 1 from {})")
    tables = [row[0] for row in database.execute(_TABLES)]
    asked = sql.SQL(" union all ").join(one.format(sql.Literal(each), sql.Identifier(each)) for each in tables)
    return [row[0] for row in database.execute(asked)]


def _digest(database: psycopg.Connection, table: str) -> str:
    asked = sql.SQL("select md5(string_agg(t::text, ' ' order by t::text)) from {} t").format(sql.Identifier(table))
    return str(database.execute(asked).fetchone())


def _numbers(database: psycopg.Connection) -> dict[str, int]:
    return dict(database.execute(_NUMBERED).fetchall())


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
