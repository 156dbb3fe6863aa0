"""Refusals at the command line: a sentence and an exit code, never a traceback."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import typer

from gis.errors import LandMapError
from ui import i18n
from ui.settings import read_settings

P = ParamSpec("P")


def refusing(command: Callable[P, None]) -> Callable[P, None]:
    """Turn a refusal into its sentence on the error stream and exit code 1."""

    @wraps(command)
    def told(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            i18n.speak(i18n.terminal_language(read_settings()))
            command(*args, **kwargs)
        except LandMapError as error:
            typer.echo(i18n.tell(error), err=True)
            raise typer.Exit(1) from error

    return told
