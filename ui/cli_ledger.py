"""`landmap ledger ...` and `landmap account ...`: what an operator does there."""

from pathlib import Path
from typing import Annotated, Any

import typer

from gis.words import Title
from ledger.model import Role
from ui import terminal, terminal_ledger
from ui.i18n import t
from ui.refusing import refusing
from ui.settings import read_settings

Json = Annotated[bool, typer.Option("--json", help=Title("Print JSON for scripts."))]
BackupFile = Annotated[Path, typer.Argument(help=Title("The backup file."))]
Workbook = Annotated[Path, typer.Argument(help=Title("The workbook (XLSX)."))]
AsRole = Annotated[Role, typer.Option(help=Title("Which office does it."))]
OfPlace = Annotated[str, typer.Option("--region", help=Title("Code of its place."))]
Region = Annotated[str, typer.Option(help=Title("Code of the place they work for."))]
Office = Annotated[str, typer.Option(help=Title("Code of the office they sit in."))]

ledger = typer.Typer(
    name="ledger",
    help=Title("Verify the ledger, back it up, put a backup back."),
    no_args_is_help=True,
)
account = typer.Typer(
    name="account", help=Title("Who may sign in, and as what."), no_args_is_help=True
)


@ledger.command()
@refusing
def verify(json: Json = False) -> None:
    """Check the chain of the history; name the first broken row.

    Raises:
        Exit: With 1 where the chain is broken.
    """
    told = terminal_ledger.verify(read_settings())
    terminal.print_or(json, told, terminal_ledger.verified(told))
    if told["broken"] is not None:
        raise typer.Exit(1)


@ledger.command()
@refusing
def backup(file: BackupFile, json: Json = False) -> None:
    """Write the whole ledger of this moment into a file, while people go on."""
    told = terminal_ledger.backup(read_settings(), file)
    terminal.print_or(json, told, terminal_ledger.kept(told))


@ledger.command()
@refusing
def inspect(file: BackupFile, json: Json = False) -> None:
    """Check that a backup is whole, and tell what it holds."""
    told = terminal_ledger.inspect(file)
    terminal.print_or(json, told, terminal_ledger.kept(told))


@ledger.command()
@refusing
def restore(file: BackupFile, json: Json = False) -> None:
    """Put a backup into an empty ledger; compare counts, head and chain."""
    told = terminal_ledger.restore(read_settings(), file)
    terminal.print_or(json, told, terminal_ledger.kept(told))


@ledger.command()
@refusing
def export(
    file: Workbook,
    region: OfPlace,
    role: AsRole = Role.PROVINCE,
    json: Json = False,
) -> None:
    """Write all projects into a workbook that can be changed and taken in again."""
    from ui import terminal_intake  # noqa: PLC0415 - heavy

    told = terminal_intake.export(read_settings(), file, (role, region))
    said = t("{count} projects are in {file}.", **told)
    terminal.print_or(json, told, said)


@ledger.command("import")
@refusing
def take_in(
    file: Workbook,
    region: OfPlace,
    apply: Annotated[
        bool, typer.Option("--apply", help=Title("Take it in; without it, only look."))
    ] = False,
    clears: Annotated[
        bool, typer.Option("--clears", help=Title("Empty cells empty their fields."))
    ] = False,
    role: AsRole = Role.PROVINCE,
    json: Json = False,
) -> None:
    """Say what each row of a workbook does; take all rows in, or none.

    Raises:
        Exit: With 1 where a row is faulty.
    """
    from ui import terminal_intake  # noqa: PLC0415 - heavy

    told = terminal_intake.take_in(
        read_settings(), file, (role, region), apply=apply, clears=clears
    )
    terminal.print_or(json, told, terminal_intake.table(told))
    if told["faulty"]:
        raise typer.Exit(1)


@account.command("list")
@refusing
def list_accounts(json: Json = False) -> None:
    """List who may sign in."""
    told = terminal_ledger.accounts_of(read_settings())
    terminal.print_or(json, told, terminal_ledger.accounts_table(told))


@account.command()
@refusing
def add(  # noqa: PLR0913, PLR0917 - what an account is
    name: Annotated[str, typer.Argument(help=Title("The person's name."))],
    role: Annotated[Role, typer.Option(help=Title("What they work as."))],
    issuer: Annotated[str, typer.Option(help=Title("The provider (`iss`)."))],
    subject: Annotated[
        str, typer.Option(help=Title("Who they are to the provider (`sub`)."))
    ] = "",
    email: Annotated[
        str, typer.Option(help=Title("Their address, where the subject is unknown."))
    ] = "",
    region: Region = "",
    office: Office = "",
    json: Json = False,
) -> None:
    """Let somebody sign in."""
    given: dict[str, Any] = {"issuer": issuer, "name": name, "role": role}
    given |= {"subject": subject, "email": email, "region": region, "office": office}
    told = terminal_ledger.add_account(read_settings(), given)
    terminal.print_or(json, told, t("{who} may sign in now.", who=told["name"]))


@account.command()
@refusing
def disable(
    number: Annotated[int, typer.Argument(help=Title("Number of the account."))],
    json: Json = False,
) -> None:
    """Lock somebody out; it holds from their next write on."""
    told = terminal_ledger.disable_account(read_settings(), number)
    terminal.print_or(json, told, t("{who} is locked out.", who=told["name"]))
