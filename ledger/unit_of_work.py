"""One transaction on the ledger: who asks, when, and commit or nothing."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Self

import sqlalchemy as sa

from gis.errors import LedgerError
from ledger import schema
from ledger.engines import READING, address, make_engine, plain_words
from ledger.model import Actor
from ledger.standing import require_standing

CHINA = timezone(timedelta(hours=8), "CST")
"""Days are counted by China's clock, wherever the server stands."""

BUSY_S = 10.0
MIN_KEY_BYTES = 16


def clock() -> datetime:
    """Return the moment, with its time zone."""
    return datetime.now(UTC)


@dataclass
class Work:
    """What a verb needs: the actor, the moment, the transaction.

    Args:
        connection: The transaction's connection.
        actor: Who asks; each verb checks them.
        clock: Tells the moment.
        key: Signs the audit chain.
        writing: Whether verbs that write are served.
        within: Code of a place that lists and figures are narrowed to, inside what the
            actor may see anyway (`sight.narrowed`); "" for all of it.
        marks: What `audit.mark` was told in this snapshot; None where writes go on.
    """

    connection: sa.Connection
    actor: Actor
    clock: Callable[[], datetime]
    key: bytes = field(repr=False)
    writing: bool = True
    within: str = ""
    marks: dict[Hashable, str] | None = field(default=None, repr=False, compare=False)

    def now(self) -> datetime:
        """Return the moment in UTC."""
        return self.clock().astimezone(UTC)

    def today(self) -> date:
        """Return the day in China."""
        return self.clock().astimezone(CHINA).date()

    def commit(self) -> None:
        """Keep all that was done since the unit began, or nothing of it.

        Raises:
            LedgerError: The unit only reads, or was committed before.
        """
        if not self.writing or not self.connection.in_transaction():
            raise LedgerError("This unit of work cannot be committed: begin a new one.")
        self.connection.commit()
        self.writing = False


class Ledger:
    """A ledger's database, opened and brought to the newest schema.

    Args:
        url: SQLAlchemy address, such as `sqlite:////var/landmap/ledger.db` or
            `postgresql+psycopg://user:password@host/database`.
        key: Secret of at least 16 bytes that signs the audit chain.
        now: The clock; tests pass their own.
        busy_s: Seconds a write waits for another before it is refused.

    Raises:
        LedgerError: The key is too short, or another write holds the ledger.
        SettingsError: The database's driver is not installed.
        StoreError: It is damaged, away, not writable or of a newer LandMap.
    """

    def __init__(
        self,
        url: str | sa.URL,
        key: bytes,
        *,
        now: Callable[[], datetime] = clock,
        busy_s: float = BUSY_S,
    ) -> None:
        if len(key) < MIN_KEY_BYTES:
            raise LedgerError(
                "The ledger's key has {length} bytes: give at least {least}.",
                length=len(key),
                least=MIN_KEY_BYTES,
            )
        self._engine = make_engine(url, busy_s=busy_s)
        self._key, self._now, self._busy_s = key, now, busy_s
        try:
            self._open()
        except BaseException:
            self.close()
            raise

    @classmethod
    def at(cls, file: Path, key: bytes) -> Self:
        """Open the ledger of a file, whatever signs its path holds.

        Args:
            file: The database; it is made where there is none.
            key: Secret of at least 16 bytes that signs the audit chain.

        Returns:
            The ledger.
        """
        return cls(address(file), key)

    def close(self) -> None:
        """Close the connections that are kept open; the ledger can be used again."""
        self._engine.dispose()

    def _open(self) -> None:
        with self._transaction(reading=True) as connection:
            current = schema.is_current(connection)
        if current:
            return
        with self._transaction(reading=False) as connection:
            # Another process may have upgraded it while we waited for the lock.
            if not schema.is_current(connection):
                schema.upgrade(connection)
                connection.commit()

    @contextmanager
    def _transaction(self, *, reading: bool) -> Iterator[sa.Connection]:
        with (
            plain_words(self._engine, busy_s=self._busy_s),
            self._engine.connect() as connection,
        ):
            connection.execution_options(**{READING: reading})
            connection.begin()
            yield connection

    @contextmanager
    def begin(self, actor: Actor) -> Iterator[Work]:
        """Begin a unit that may write; leaving it without commit undoes everything.

        Units that write follow one another: a second one waits for the first.

        Args:
            actor: Who asks.

        Yields:
            The unit of work.
        """
        with self._transaction(reading=False) as connection:
            require_standing(connection, actor)
            yield Work(connection, actor, self._now, self._key)

    @contextmanager
    def read(self, actor: Actor) -> Iterator[Work]:
        """Begin a unit that only looks; it hinders no other reader.

        Args:
            actor: Who asks.

        Yields:
            The unit of work, in which verbs that write are refused.
        """
        with self._transaction(reading=True) as connection:
            require_standing(connection, actor)
            yield Work(connection, actor, self._now, self._key, writing=False, marks={})
