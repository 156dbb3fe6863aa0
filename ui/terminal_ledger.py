"""What the operator's commands on ledger and accounts do and print."""

from pathlib import Path
from typing import Any

from rich.console import RenderableType
from rich.table import Table

from ledger import accounts, audit
from ledger import backup as backups
from ledger.casework import Account
from ledger.model import Role
from ledger.unit_of_work import Ledger
from ui import start
from ui.i18n import t
from ui.settings import Settings

Told = dict[str, Any]


def verify(chosen: Settings) -> Told:
    """Check the chain of the history.

    Args:
        chosen: Settings of the app.

    Returns:
        Good rows, the head's hash, and the first broken row with what is wrong.
    """
    with _ledger(chosen).read(accounts.OPERATOR) as work:
        return vars(audit.verify(work))


def verified(told: Told) -> str:
    """Say what the check of the chain found."""
    if told["broken"] is None:
        return t(
            "The history is whole: {rows} rows, head {head}. Keep the head elsewhere: "
            "it proves later that nothing was cut off.",
            rows=told["rows"],
            head=told["head"],
        )
    return t(
        "The history is broken at row {row}: {why} {rows} rows before it are good.",
        row=told["broken"],
        why=told["why"],
        rows=told["rows"],
    )


def backup(chosen: Settings, file: Path) -> Told:
    """Write a backup.

    Args:
        chosen: Settings of the app.
        file: Where it goes.

    Returns:
        What it holds.
    """
    with _ledger(chosen).read(accounts.OPERATOR) as work:
        return _told(file, backups.write(work, file))


def inspect(file: Path) -> Told:
    """Read what a backup holds, and check that it is whole.

    Args:
        file: The backup.

    Returns:
        What it holds.
    """
    return _told(file, backups.read(file))


def restore(chosen: Settings, file: Path) -> Told:
    """Put a backup into an empty ledger; without one, an empty one is made.

    Args:
        chosen: Settings of the app.
        file: The backup.

    Returns:
        What was put back.
    """
    with _ledger(chosen).begin(accounts.OPERATOR) as work:
        told = backups.restore(work, file)
        work.commit()
    return _told(file, told)


def kept(told: Told) -> RenderableType:
    """Lay out what a backup holds."""
    table = Table(
        title=t(
            "{file}: {rows} rows of history, head {head}",
            file=told["file"],
            rows=told["rows"],
            head=told["head"][:16],
        )
    )
    table.add_column(t("Table"))
    table.add_column(t("Rows"), justify="right")
    for name, count in told["counts"].items():
        if count:
            table.add_row(name, f"{count:,}")
    return table


def accounts_of(chosen: Settings) -> list[Told]:
    """List the accounts.

    Args:
        chosen: Settings of the app.

    Returns:
        One for each account.
    """
    with _ledger(chosen).read(accounts.OPERATOR) as work:
        return [_account(one) for one in accounts.find(work)]


def accounts_table(told: list[Told]) -> RenderableType:
    """Lay out the accounts."""
    table = Table()
    for head in (t("Number"), t("Name"), t("Role"), t("Region"), t("State")):
        table.add_column(head)
    for one in told:
        state = t("locked out") if one["disabled"] else t("may sign in")
        role = t(Role(one["role"]).label)
        table.add_row(str(one["id"]), one["name"], role, one["region"], state)
    return table


def add_account(chosen: Settings, given: dict[str, Any]) -> Told:
    """Let somebody sign in.

    Args:
        chosen: Settings of the app.
        given: Arguments of `accounts.add`.

    Returns:
        The account.
    """
    with _ledger(chosen).begin(accounts.OPERATOR) as work:
        made = accounts.add(work, **given)
        work.commit()
    return _account(made)


def disable_account(chosen: Settings, number: int) -> Told:
    """Lock somebody out.

    Args:
        chosen: Settings of the app.
        number: Number of the account.

    Returns:
        The account.
    """
    with _ledger(chosen).begin(accounts.OPERATOR) as work:
        made = accounts.disable(work, number)
        work.commit()
    return _account(made)


def _ledger(chosen: Settings) -> Ledger:
    """Open the ledger, made with its key where there is none yet."""
    start.make_home(chosen)
    return start.open_ledger(chosen)


def _account(one: Account) -> Told:
    fields = ("id", "name", "role", "region", "office", "issuer", "subject", "disabled")
    return {name: getattr(one, name) for name in fields}


def _told(file: Path, told: backups.Backup) -> Told:
    return {"file": str(file), **vars(told)}
