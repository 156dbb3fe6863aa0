"""Tell long work in the terminal: one line a step, with the seconds it took."""

import sys
from collections.abc import Mapping
from time import perf_counter
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.status import Status

from ui.i18n import t


class Progress:
    """Print each finished step to the error stream and show the one at work.

    The spinner is drawn on a terminal only; elsewhere there is a line a step.
    """

    def __init__(self) -> None:
        """Begin silent: nothing is drawn before the first step."""
        self._console = Console(file=sys.stderr, highlight=False)
        self._status: Status | None = None
        self._step = ""
        self._since = 0.0

    def say(self, msgid: str, values: Mapping[str, object]) -> None:
        """Begin a step; the one before it is done.

        Args:
            msgid: English sentence with named holes.
            values: What fills the holes.
        """
        self._finish()
        self._step, self._since = t(msgid, **values), perf_counter()
        if self._status is None:
            self._status = self._console.status(self._step)
            self._status.start()
        self._status.update(self._step)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Finish the last step, unless it failed."""
        if error is None:
            self._finish()
        if self._status is not None:
            self._status.stop()

    def _finish(self) -> None:
        """Print the step that was at work, and its time."""
        if self._step:
            seconds = perf_counter() - self._since
            self._console.print(f"  {self._step}  {seconds:.1f} s", markup=False)
            self._step = ""
