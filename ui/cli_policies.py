"""`landmap policies ...`: the documents of the policy desk, for scripts."""

from datetime import datetime
from typing import Annotated

import typer

from gis.words import Title
from ui import terminal
from ui.refusing import refusing
from ui.settings import read_settings

Json = Annotated[bool, typer.Option("--json", help=Title("Print JSON for scripts."))]

policies = typer.Typer(
    name="policies",
    help=Title("The documents of the policy desk."),
    no_args_is_help=True,
)


@policies.callback()
def desk() -> None:
    """Keep `list` a command of its own, whatever others come."""


@policies.command("list")
@refusing
def list_documents(
    text: Annotated[str, typer.Argument(help=Title("Words to find."))] = "",
    on: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help=Title("The day; today without it.")),
    ] = None,
    json: Json = False,
) -> None:
    """List the published documents and how they stand on a day."""
    from ui import terminal_policies  # noqa: PLC0415 - heavy

    told = terminal_policies.documents(
        read_settings(), text, on.date() if on is not None else None
    )
    terminal.print_or(json, told, terminal_policies.documents_table(told))
