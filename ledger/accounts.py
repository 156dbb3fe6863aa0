"""Who may sign in, and as what: the table that decides, whatever a provider says."""

from typing import Any

import sqlalchemy as sa

from gis.errors import AccessError, LedgerError
from gis.words import Title
from ledger import casework_tables, offices, rows
from ledger.access import Verb, is_code, require
from ledger.casework import Account
from ledger.model import Actor, Role
from ledger.unit_of_work import Work

BY_EMAIL = "email:"
"""Stands before the address of who has not signed in yet, in place of a subject."""

OPERATOR = Actor(name=Title("Operator of the server"), role=Role.ADMINISTRATOR)
"""Who works at the server's own command line."""

OFFICIAL = (
    Role.PROVINCE,
    Role.CITY,
    Role.COUNTY,
    Role.PLANNER,
    Role.DEPARTMENT,
    Role.FACTOR,
    Role.CONFERENCE,
    Role.LEADER,
)
"""Roles that work for a place."""

ROUTED = (Role.DEPARTMENT, Role.FACTOR, Role.CONFERENCE)
"""Roles that sit in an office of `rules_shipped/offices.toml`."""

_table = casework_tables.account


def actor_of(account: Account) -> Actor:
    """Return whom an account acts as.

    Args:
        account: The account.

    Returns:
        The actor; verbs look the account up again.
    """
    return Actor(
        name=account.name,
        role=account.role,
        region=account.region,
        office=account.office,
        account_id=account.id,
    )


def signed_in(work: Work, issuer: str, subject: str, email: str = "") -> Account | None:
    """Find the account of somebody whom a provider vouches for.

    Args:
        work: The unit of work.
        issuer: The provider, as its token says.
        subject: The person, as its token says.
        email: Their address, only where the provider has verified it.

    Returns:
        The account, disabled or not; None where they have none.
    """
    # A provider's subject that looks like our mark of an address proves no address.
    own = "" if subject.startswith(BY_EMAIL) else subject
    waiting = f"{BY_EMAIL}{email.casefold()}" if email else ""
    return _known(work, issuer, own) or _known(work, issuer, waiting)


def bind(work: Work, account: Account, subject: str) -> Account:
    """Tie an account that waits under an address to the person who signed in.

    From then on the provider's subject decides, so that an address which is handed on
    to somebody else opens nothing.

    Args:
        work: A unit of work of the account's own actor.
        account: The account, found by its address.
        subject: The person, as the provider's token says.

    Returns:
        The account as stored.

    Raises:
        LedgerError: It is tied already.
    """
    if not account.subject.startswith(BY_EMAIL):
        raise LedgerError("The account of {who} is tied already.", who=account.name)
    rows.change(
        work,
        _table,
        account,
        {"subject": subject},
        version=account.version,
        verb="account.bind",
    )
    return rows.get(work, _table, Account, account.id)


def find(work: Work, text: str = "") -> list[Account]:
    """List the accounts.

    Args:
        work: The unit of work.
        text: Part of a name, address or region; "" for all.

    Returns:
        The accounts by name, disabled ones last.
    """
    require(work.actor, Verb.ACCOUNT_EDIT)
    query = sa.select(_table).order_by(_table.c.disabled, _table.c.name, _table.c.id)
    for word in text.split():
        query = query.where(
            sa.or_(
                *(
                    _table.c[name].icontains(word, autoescape=True)
                    for name in ("name", "email", "region", "subject")
                )
            )
        )
    return [rows.made(Account, row) for row in work.connection.execute(query)]


def add(  # noqa: PLR0913 - what an account is
    work: Work,
    *,
    issuer: str,
    name: str,
    role: Role,
    subject: str = "",
    email: str = "",
    region: str = "",
    office: str = "",
) -> Account:
    """Let somebody sign in.

    Args:
        work: The unit of work.
        issuer: The provider that vouches for them (`iss` of its tokens).
        name: Their name, as the history shows it.
        role: What they work as.
        subject: Who they are to the provider; "" where only the address is known.
        email: Their address; the provider must have verified it.
        region: Code of the place they work for.
        office: Code of the office they sit in.

    Returns:
        The account as stored.

    Raises:
        LedgerError: Something is missing, or they have an account already.
    """
    require(work.actor, Verb.ACCOUNT_EDIT)
    subject = subject.strip() or (
        f"{BY_EMAIL}{email.strip().casefold()}" if email.strip() else ""
    )
    values: dict[str, Any] = {
        "issuer": issuer.strip(),
        "subject": subject,
        "name": name.strip(),
        "email": email.strip(),
        "role": role,
        "region": region.strip(),
        "office": office.strip(),
        "disabled": False,
    }
    if _known(work, values["issuer"], subject) is not None:
        raise LedgerError("{who} has an account already.", who=subject)
    _require_good(work, values)
    row_id = rows.add(work, _table, values, verb="account.add")
    return rows.get(work, _table, Account, row_id)


def edit(  # noqa: PLR0913 - what may be changed
    work: Work,
    account_id: int,
    *,
    version: int,
    name: str,
    role: Role,
    region: str = "",
    office: str = "",
    disabled: bool = False,
) -> Account:
    """Change what somebody may do, or lock them out; it holds from the next write on.

    Args:
        work: The unit of work.
        account_id: The account.
        version: The version that the person saw.
        name: Their name.
        role: What they work as.
        region: Code of the place they work for.
        office: Code of the office they sit in.
        disabled: Whether they are locked out.

    Returns:
        The account as stored.

    Raises:
        AccessError: Nobody locks themselves out or takes their own role.
        LedgerError: Something is missing, or it is the last administrator's account.
    """
    require(work.actor, Verb.ACCOUNT_EDIT)
    account = rows.get(work, _table, Account, account_id)
    rows.require_version(account, version, _table)
    gives_up = disabled or role is not Role.ADMINISTRATOR
    if work.actor.account_id == account_id and gives_up:
        raise AccessError("Your own account is changed by another administrator.")
    if account.role is Role.ADMINISTRATOR and not account.disabled and gives_up:
        _require_other_administrator(work, account_id)
    changes = {
        "name": name.strip(),
        "role": role,
        "region": region.strip(),
        "office": office.strip(),
        "disabled": disabled,
    }
    if any(getattr(account, k) != v for k, v in changes.items() if k != "disabled"):
        # Who is only locked out is, whatever became of their office meanwhile.
        _require_good(work, {**vars(account), **changes})
    rows.change(work, _table, account, changes, version=version, verb="account.edit")
    return rows.get(work, _table, Account, account_id)


def disable(work: Work, account_id: int) -> Account:
    """Lock somebody out, whatever else is changed of their account meanwhile.

    Args:
        work: The unit of work.
        account_id: The account.

    Returns:
        The account as stored.
    """
    require(work.actor, Verb.ACCOUNT_EDIT)
    account = rows.get(work, _table, Account, account_id)
    return edit(
        work,
        account_id,
        version=account.version,
        name=account.name,
        role=account.role,
        region=account.region,
        office=account.office,
        disabled=True,
    )


def _known(work: Work, issuer: str, subject: str) -> Account | None:
    found = work.connection.execute(
        sa
        .select(_table)
        .where(_table.c.issuer == issuer, _table.c.subject == subject)
        .where(_table.c.subject != "")
    ).first()
    return None if found is None else rows.made(Account, found)


def _require_other_administrator(work: Work, account_id: int) -> None:
    others = work.connection.scalar(
        sa
        .select(sa.func.count())
        .select_from(_table)
        .where(
            _table.c.id != account_id,
            _table.c.role == Role.ADMINISTRATOR,
            ~_table.c.disabled,
        )
    )
    if not others:
        raise LedgerError(
            "This is the last administrator: make somebody else one first."
        )


def _is_named(work: Work, values: dict[str, Any]) -> bool:
    """Tell whether another account, disabled or not, has the name."""
    same = sa.select(_table.c.id).where(
        _table.c.name == values["name"], _table.c.id != values.get("id", 0)
    )
    return work.connection.execute(same.limit(1)).first() is not None


def _require_good(work: Work, values: dict[str, Any]) -> None:
    role = Role(values["role"])
    found = []
    if not values["issuer"]:
        found.append(LedgerError("Name the provider that vouches for the person."))
    if not values["subject"]:
        found.append(LedgerError("Give the person's subject or address."))
    if not values["name"]:
        found.append(LedgerError("Give the person's name."))
    elif _is_named(work, values):
        found.append(
            LedgerError(
                "Somebody is called {name} already, and the history tells people apart "
                "by their names: add the office or a number to this one.",
                name=values["name"],
            )
        )
    if role in OFFICIAL and not is_code(values["region"]):
        found.append(
            LedgerError(
                "{value} is not a region code: a {role} works for a place.",
                value=values["region"] or "—",
                role=role.label,
            )
        )
    known = {one.code: one.kind for one in offices.offices(work)}
    if role in ROUTED and known.get(values["office"]) != role.value:
        found.append(
            LedgerError(
                "{value} is no office of the kind {role}: choose one of {allowed}.",
                value=values["office"] or "—",
                role=role.label,
                allowed=", ".join(c for c, k in known.items() if k == role.value),
            )
        )
    if found:
        raise LedgerError("The account cannot be saved as it is.", faults=found)
