"""How PostgreSQL is driven, and what is said when it cannot be."""

import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from gis.errors import LandMapError, LedgerError, SettingsError, StoreError
from ledger import postgres as driver
from ledger import projects, tables
from ledger.engines import make_engine
from ledger.model import Actor, Project
from ledger.unit_of_work import Ledger

KEY = b"a key for tests, not a secret"


@pytest.fixture
def kind() -> str:
    """Choose PostgreSQL: these tests are about nothing else."""
    return "postgresql"


@pytest.fixture
def roles(postgres: Any) -> Iterator[Callable[..., str]]:
    """Return what makes a user for a database, with a password that is asked for."""
    made = []
    rules = Path(postgres.server.pgdata) / "pg_hba.conf"
    before = rules.read_text("utf-8")

    def role(name: str, password: str, url: str) -> str:
        made.append(name)
        postgres.run(f"CREATE ROLE {name} LOGIN PASSWORD '{password}'")
        rules.write_text(f"local all {name} scram-sha-256\n{before}", "utf-8")
        postgres.run("SELECT pg_reload_conf()")
        return str(
            sa
            .make_url(url)
            .set(username=name, password=password)
            .render_as_string(hide_password=False)
        )

    yield role
    rules.write_text(before, "utf-8")
    postgres.run("SELECT pg_reload_conf()", *(f"DROP ROLE {name}" for name in made))


def refusal(error: type[LandMapError], url: str, **options: Any) -> str:
    """Return the sentence that opening a ledger is refused with."""
    with pytest.raises(error) as refused:
        Ledger(url, KEY, **options)
    return str(refused.value)


def test_the_password_opens_and_a_wrong_one_is_told_but_never_shown(
    url: str, roles: Callable[..., str], postgres: Any
) -> None:
    right = roles("clerk", "geheim-7", url)
    name = sa.make_url(url).database
    postgres.run(f"ALTER DATABASE {name} OWNER TO clerk")
    try:
        wrong = right.replace("geheim-7", "geheim-8")
        told = refusal(StoreError, wrong)
        assert "cannot be reached" in told
        assert 'password authentication failed for user "clerk"' in told
        assert "geheim" not in told
        assert "\n" not in told
        told = refusal(StoreError, right)  # may connect, may not read
        assert "cannot be used (permission denied for table alembic_version)" in told
        assert "geheim" not in told
    finally:
        postgres.run(f"ALTER DATABASE {name} OWNER TO postgres")


def test_a_database_of_one_s_own_needs_no_other_right(
    fresh: Any, roles: Callable[..., str], postgres: Any, province: Actor
) -> None:
    with fresh("postgresql", bare=True) as url:
        own = roles("owner", "geheim-9", url)
        name = sa.make_url(url).database
        postgres.run(f"ALTER DATABASE {name} OWNER TO owner")
        ledger = Ledger(own, KEY)
        with ledger.begin(province) as work:
            projects.create(work, title="A", region="520304")
            work.commit()
        ledger.close()
        postgres.run(f"ALTER DATABASE {name} OWNER TO postgres")
        postgres.run("DROP OWNED BY owner CASCADE", database=name)


def test_a_server_that_does_not_answer_is_told() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, so nobody else's, and not listening
        port = taken.getsockname()[1]
        told = refusal(StoreError, f"postgresql://me:geheim@127.0.0.1:{port}/ledger")
    assert f"127.0.0.1:{port}/ledger cannot be reached" in told
    assert "geheim" not in told


def test_a_database_that_is_not_there_is_told(postgres: Any) -> None:
    told = refusal(StoreError, postgres.url("nowhere"))
    assert 'database "nowhere" does not exist' in told


def test_an_option_that_does_not_exist_is_told(postgres: Any) -> None:
    assert "sslmod" in refusal(StoreError, postgres.url() + "&sslmod=require")


def test_a_driver_that_is_not_installed_is_told(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    assert "needs the package psycopg" in refusal(SettingsError, url)


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "EUC_CN"])
def test_a_database_that_cannot_keep_every_sign_is_refused(
    postgres: Any, encoding: str
) -> None:
    name = f"of_{encoding}".lower()
    postgres.run(
        f"CREATE DATABASE {name} TEMPLATE template0 ENCODING '{encoding}' LOCALE 'C'"
    )
    told = refusal(StoreError, postgres.url(name))
    assert f"keeps texts as {encoding}" in told
    postgres.drop(name)


def test_a_unit_that_writes_sees_what_was_saved_while_it_waited(
    opened: Callable[..., Ledger], ledger: Ledger, province: Actor, raw: Any, url: str
) -> None:
    """Whatever the server's default: one view for all would be of before the wait."""
    name = sa.make_url(url).database
    with raw() as connection:
        connection.exec_driver_sql(
            f"ALTER DATABASE {name} SET default_transaction_isolation = serializable"
        )
    seen = []

    def second() -> None:
        with opened().begin(province) as work:
            seen.extend(projects.find(work))

    waiting = threading.Thread(target=second)
    with ledger.begin(province) as first:
        waiting.start()
        with raw() as connection:
            while not connection.scalar(
                sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted")
            ):
                assert waiting.is_alive()
        projects.create(first, title="A", region="520304")
        first.commit()
    waiting.join(timeout=60)
    assert [project.title for project in seen] == ["A"]


def test_a_unit_that_looks_sees_one_state_throughout(
    ledger: Ledger, province: Actor, add: Callable[..., Project]
) -> None:
    add()
    with ledger.read(province) as work:
        before = projects.find(work)
        add(title="meanwhile")
        assert projects.find(work) == before
        with pytest.raises(sa.exc.DBAPIError, match="read-only transaction"):
            work.connection.exec_driver_sql("UPDATE project SET jobs = 1")


def test_what_is_set_ends_with_the_transaction(
    ledger: Ledger, province: Actor, postgres: Any
) -> None:
    postgres.run("ALTER SYSTEM SET synchronous_commit = off", "SELECT pg_reload_conf()")
    names = ("lock_timeout", "idle_in_transaction_session_timeout")

    def shown(connection: Any, name: str) -> str:
        return str(connection.exec_driver_sql(f"SHOW {name}").scalar())

    with ledger.begin(province) as work:
        assert [shown(work.connection, name) for name in names] == ["10s", "1min"]
        assert shown(work.connection, "synchronous_commit") == "on"
    with ledger.read(province) as work:
        assert [shown(work.connection, name) for name in names] == ["0", "0"]
    postgres.run("ALTER SYSTEM RESET synchronous_commit", "SELECT pg_reload_conf()")


def test_a_connection_that_breaks_off_is_told_and_made_anew(
    ledger: Ledger, province: Actor, add: Callable[..., Project], postgres: Any
) -> None:
    project = add()

    def broken() -> None:
        with ledger.begin(province) as work:
            projects.edit(work, project.id, version=1, title="lost")
            pid = work.connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
            postgres.run(f"SELECT pg_terminate_backend({pid}, 10000)")
            work.commit()

    with pytest.raises(StoreError, match=r"was lost .*Look whether the change was"):
        broken()
    with ledger.begin(province) as work:
        assert projects.get(work, project.id) == project
    postgres.run(
        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
        " WHERE application_name = 'LandMap'"
    )
    with ledger.begin(province) as work:
        assert projects.get(work, project.id) == project


@pytest.mark.parametrize(
    ("state", "said", "error", "told"),
    [
        ("disk_full", "No space left", StoreError, r"cannot be used \(No space left\)"),
        ("deadlock_detected", "deadlock", LedgerError, "got in the way"),
        ("query_canceled", "statement timeout", StoreError, "was lost"),
    ],
)
def test_what_the_server_cannot_do_is_told(
    ledger: Ledger,
    province: Actor,
    raw: Any,
    state: str,
    said: str,
    error: Any,
    told: str,
) -> None:
    with raw() as connection:
        connection.exec_driver_sql(
            "CREATE FUNCTION fails() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" RAISE EXCEPTION '{said}' USING ERRCODE = '{state}'; END $$"
        )
        connection.exec_driver_sql(
            "CREATE TRIGGER fails BEFORE INSERT ON project EXECUTE FUNCTION fails()"
        )
    with pytest.raises(error, match=told), ledger.begin(province) as work:
        projects.create(work, title="A", region="520304")


def test_a_database_that_may_only_be_read_is_told(
    opened: Callable[..., Ledger], url: str, raw: Any, province: Actor
) -> None:
    name = sa.make_url(url).database
    with raw() as connection:
        connection.exec_driver_sql(
            f"ALTER DATABASE {name} SET default_transaction_read_only = on"
        )
    with (
        pytest.raises(StoreError, match=r"cannot be used .*read-only transaction"),
        opened().begin(province) as work,
    ):
        projects.create(work, title="A", region="520304")


def test_values_that_postgresql_cannot_keep_are_told(
    ledger: Ledger, province: Actor
) -> None:
    # The ledger's own door refuses such values before; what slips past it is told too.
    for value, kind in (("A\x00", sa.Text), (3_000_000_000, sa.Integer)):
        with (
            pytest.raises(LedgerError, match="A value cannot be kept"),
            ledger.begin(province) as work,
        ):
            work.connection.execute(sa.select(sa.cast(value, kind)))


def test_when_all_connections_are_at_work_the_next_is_told_to_try_again(
    opened: Callable[..., Ledger], province: Actor
) -> None:
    hasty = opened(busy_s=0.05)
    with ExitStack() as stack:
        for _ in range(driver.CONNECTIONS + driver.MORE_CONNECTIONS):
            stack.enter_context(hasty.read(province))
        with pytest.raises(LedgerError, match="is busy"), hasty.read(province):
            pytest.fail("more connections than the pool may have")


@pytest.mark.usefixtures("ledger")
def test_texts_compare_by_code_point_and_other_s_tables_are_left_alone(
    raw: Any,
) -> None:
    with raw() as connection:
        connection.exec_driver_sql("CREATE TABLE theirs (word text)")
        connection.exec_driver_sql("CREATE TABLE later (word text, other varchar(3))")
        driver.order_by_code_point(connection, [*tables.metadata.tables, "later"])
        found = connection.exec_driver_sql(
            "SELECT collation_name, array_agg(DISTINCT table_name::text)"
            " FROM information_schema.columns"
            " WHERE table_schema = 'public' AND data_type = 'text' GROUP BY 1"
        )
        assert {name: set(of) for name, of in found} == {
            None: {"theirs"},
            "C": {*tables.metadata.tables, "later"},
        }


def test_an_engine_opens_nothing_before_it_is_asked() -> None:
    make_engine("postgresql://me:pw@127.0.0.1:1/ledger", busy_s=1).dispose()
