"""Gather what a reader has to say of a file: what it survived, and what it cannot."""

from typing import Final

from gis.errors import LayerError
from gis.words import Title
from layers.boundary import Remark, RemarkKind

MAX_FAULTS: Final = 20
MAX_ALIKE: Final = 100  # remarks of one sentence; a person reads no more
_SHOWN = 60
_MORE: Final = Title("{count} more lines deviate as line {like} does, from here on.")


def quoted(text: str) -> str:
    """Cut a text of a file to what a sentence can hold.

    Args:
        text: Text as read.

    Returns:
        The text on one line, at most 60 characters.
    """
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"


class Notes:
    """What is said of one file while it is read."""

    def __init__(self) -> None:
        self._alike: dict[str, list[Remark]] = {}
        self._beyond: dict[str, list[int]] = {}
        self._faults: list[LayerError] = []

    def add(
        self,
        what: str,
        kind: RemarkKind,
        line: int = 0,
        parcel: str = "",
        **values: object,
    ) -> None:
        """Remark upon a deviation that was survived.

        Args:
            what: English sentence, marked by `Title`.
            kind: What was done about it.
            line: Line or row, from 1.
            parcel: The parcel concerned.
            **values: What fills the holes; `line` and `parcel` fill theirs by
                themselves.
        """
        alike = self._alike.setdefault(what, [])
        if len(alike) == MAX_ALIKE:
            self._beyond.setdefault(what, []).append(line)
            return
        filled = {"line": line, "parcel": parcel} | values
        alike.append(Remark(what, filled, kind, line, parcel))

    def fault(self, error: LayerError) -> None:
        """Keep what makes the file unreadable, until there is enough of it.

        Args:
            error: The fault, its sentence naming the line.
        """
        self._faults.append(error)
        if len(self._faults) >= MAX_FAULTS:
            self.require_none()

    def require_none(self) -> None:
        """Let a file pass in which nothing was wrong.

        Raises:
            LayerError: The fault, or all of them where there are several.
        """
        if len(self._faults) == 1:
            raise self._faults[0]
        if self._faults:
            raise LayerError(
                "The file cannot be read; {count} faults were found (no more than "
                "{most} are looked for).",
                faults=self._faults,
                count=len(self._faults),
                most=MAX_FAULTS,
            )

    def remarks(self) -> tuple[Remark, ...]:
        """Return what was remarked, in the order of the lines."""
        all_of_them = [one for alike in self._alike.values() for one in alike]
        for what, lines in self._beyond.items():
            like = self._alike[what][0]
            values = {"count": len(lines), "like": like.line}
            all_of_them.append(Remark(_MORE, values, like.kind, lines[0]))
        return tuple(sorted(all_of_them, key=lambda one: one.line))
