"""Searches for land that somebody without an account comes back to by a secret link.

The secret is told once and kept by its hash alone: who reads the ledger cannot open
anybody's link. What is kept says nothing of who asks; a search whose news nobody marks
as seen for longer than a year is forgotten.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from gis.errors import LedgerError
from ledger import audit, casework_tables, rows
from ledger.access import Verb, require
from ledger.casework import SavedSearch
from ledger.fields import need_faults
from ledger.unit_of_work import Work

_table = casework_tables.saved_search

MOST_PARCELS: Final = 500
LONGEST_NEED: Final = 20_000
LONGEST_SECRET: Final = 64
KEPT_DAYS: Final = 400
FORGOTTEN_AT_ONCE: Final = 50
SECRET_BYTES: Final = 24


@dataclass(frozen=True)
class News:
    """What changed since somebody last looked.

    Attributes:
        new: Parcels that fit now and did not then, in the order given.
        gone: Parcels that fitted then and do not now.
        kept: Parcels that fitted then and do now, in the order given.
    """

    new: tuple[str, ...]
    gone: tuple[str, ...]
    kept: tuple[str, ...]


def save(work: Work, *, need: str, data_version: str, parcel_ids: Sequence[str]) -> str:
    """Keep a search.

    Args:
        work: The unit of work.
        need: What is searched for, a need in JSON.
        data_version: Version of the published data that was searched.
        parcel_ids: The parcels that fit now.

    Returns:
        The secret that opens it: told here and never again.

    Raises:
        LedgerError: The need is none or too long, or too many parcels fit.
    """
    require(work.actor, Verb.SEARCH_SAVE)
    audit.require_writing(work)
    if len(need) > LONGEST_NEED or not need.strip():
        raise LedgerError("Answer the questions first: then the search can be saved.")
    if faults := need_faults({"need": need}):
        raise LedgerError("The search cannot be saved.", faults=faults)
    _require_few(parcel_ids)
    _forget_old(work)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    rows.add(
        work,
        _table,
        {
            "token_hash": _hash(secret),
            "need": need,
            "data_version": data_version,
            "parcel_ids": tuple(parcel_ids),
            "made_at": work.now(),
            "seen_at": work.now(),
        },
        verb="saved_search.save",
    )
    return secret


def opened(work: Work, secret: str) -> SavedSearch:
    """Open a search by its secret; nothing is written.

    Args:
        work: The unit of work.
        secret: What `save` returned.

    Returns:
        The search.

    Raises:
        LedgerError: There is none of this secret, or it was forgotten.
    """
    require(work.actor, Verb.SEARCH_SAVE)
    if 0 < len(secret) <= LONGEST_SECRET:
        found = work.connection.execute(
            sa.select(_table).where(
                _table.c.token_hash == _hash(secret), _table.c.seen_at >= _oldest(work)
            )
        ).first()
        if found is not None:
            return rows.made(SavedSearch, found)
    raise LedgerError(
        "There is no saved search behind this link: it was deleted, or its news were "
        "not marked as seen for {days} days, or the link is not whole.",
        days=KEPT_DAYS,
    )


def news(search: SavedSearch, parcel_ids: Sequence[str]) -> News:
    """Tell what changed since the asker last looked.

    Args:
        search: The search as it was kept.
        parcel_ids: The parcels that fit now.

    Returns:
        What is new, gone and still there.
    """
    before, now = set(search.parcel_ids), set(parcel_ids)
    return News(
        new=tuple(one for one in parcel_ids if one not in before),
        gone=tuple(one for one in search.parcel_ids if one not in now),
        kept=tuple(one for one in parcel_ids if one in before),
    )


def mark_seen(
    work: Work,
    secret: str,
    *,
    data_version: str,
    parcel_ids: Sequence[str],
    version: int,
) -> SavedSearch:
    """Take what fits now as what the asker knows.

    Args:
        work: The unit of work.
        secret: What `save` returned.
        data_version: Version of the published data that was searched.
        parcel_ids: The parcels that fit now.
        version: The version that the person saw.

    Returns:
        The search as stored.

    Raises:
        LedgerError: There is none of this secret, or too many parcels fit.
    """
    search = opened(work, secret)
    _require_few(parcel_ids)
    rows.change(
        work,
        _table,
        search,
        {
            "data_version": data_version,
            "parcel_ids": tuple(parcel_ids),
            "seen_at": work.now(),
        },
        version=version,
        verb="saved_search.see",
    )
    return rows.get(work, _table, SavedSearch, search.id)


def forget(work: Work, secret: str) -> None:
    """Delete a search.

    Args:
        work: The unit of work.
        secret: What `save` returned.

    Raises:
        LedgerError: There is none of this secret.
    """
    search = opened(work, secret)
    audit.require_writing(work)
    _delete(work, search.id)


def _require_few(parcel_ids: Sequence[str]) -> None:
    if len(parcel_ids) > MOST_PARCELS:
        raise LedgerError(
            "{count} parcels fit: a search of up to {most} can be saved. Ask for more, "
            "such as a county or a size.",
            count=f"{len(parcel_ids):,}",
            most=MOST_PARCELS,
        )


def _forget_old(work: Work) -> None:
    """Delete what nobody has opened for long, a few at each new search."""
    old = work.connection.execute(
        sa
        .select(_table.c.id)
        .where(_table.c.seen_at < _oldest(work))
        .order_by(_table.c.id)
        .limit(FORGOTTEN_AT_ONCE)
    )
    for (number,) in old.all():
        _delete(work, number)


def _delete(work: Work, number: int) -> None:
    work.connection.execute(_table.delete().where(_table.c.id == number))
    audit.record(work, "saved_search.forget", _table.name, number)


def _oldest(work: Work) -> datetime:
    return work.now() - timedelta(days=KEPT_DAYS)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
