"""Addresses of PostgreSQL databases: which are ours, and how people are told them."""

import sqlalchemy as sa


def is_address(url: sa.URL) -> bool:
    """Tell whether an address can be one of ours.

    Args:
        url: What was read.

    Returns:
        False too where a part holds an @: then a piece of the password has slipped
        into host or database.
    """
    parts = (url.host, url.database, str(url.query.get("host", "")))
    return (
        url.get_backend_name() == "postgresql"
        and url.drivername in {"postgresql", "postgresql+psycopg"}
        and bool(url.database)
        and not any("@" in (part or "") for part in parts)
    )


def read_address(text: str) -> sa.URL | None:
    """Read the address of a PostgreSQL database.

    Args:
        text: What a person wrote.

    Returns:
        The address; None where it is none of ours.
    """
    try:
        url = sa.make_url(text)
    except (sa.exc.ArgumentError, ValueError):
        return None
    return url if is_address(url) else None


def named(url: sa.URL) -> str:
    """Name host and database, never the password."""
    host = url.host or url.query.get("host") or "localhost"
    port = f":{url.port}" if url.port else ""
    return f"{host}{port}/{url.database}"
