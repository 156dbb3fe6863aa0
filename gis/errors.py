"""The tree of errors: every sentence a user may read when something is wrong.

    LandMapError
    ├── CrsError            a CRS is missing, differs or cannot be what it says
    ├── GeometryError       shapes that cannot be measured
    ├── LayerError          a declaration, a file or a row of a layer is wrong
    │   └── LayerMissingError   nothing loaded under that name
    ├── StoreError          the layer or facts store is damaged
    ├── NeedError           a need asks for something that cannot be screened
    ├── LedgerError         a ledger verb was refused
    │   ├── AccessError     the actor may not do that
    │   ├── StaleError      somebody else changed the row in the meantime
    │   └── ClaimConflictError  the ground is promised to another project
    ├── RequestError        one of our addresses was asked something it cannot answer
    │   ├── OversizeError   what was sent is too much
    │   └── OutdatedError   it was asked about a version that is not in force
    └── SettingsError       a setting cannot be used

A message is an English sentence with named holes (`{layer}`), and the values of the
holes travel beside it, so that the floor that speaks to people can translate the
sentence before it fills it: what was wrong, what was read, what to do.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any


class LandMapError(Exception):
    """Anything LandMap refuses, told as a sentence.

    Args:
        msgid: English sentence with named holes; the key of its translation.
        faults: Single faults behind the error, each a sentence of its own.
        **values: What fills the holes.
    """

    def __init__(
        self, msgid: str, /, *, faults: Sequence["LandMapError"] = (), **values: object
    ) -> None:
        """Keep the sentence and what fills it apart until someone reads it."""
        super().__init__(msgid, values)
        self.msgid = msgid
        self.values = values
        self.faults = tuple(faults)

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel between processes whole, as workers raise it."""
        return partial(type(self), self.msgid, faults=self.faults, **self.values), ()

    def __str__(self) -> str:
        """Return the English sentence, one line for each fault after it."""
        head = self.msgid.format_map(self.values)
        return "\n".join([head, *(f"- {fault}" for fault in self.faults)])


class CrsError(LandMapError, ValueError):
    """A CRS is missing, differs from another, or cannot be what it says."""


class GeometryError(LandMapError, ValueError):
    """Shapes that cannot be measured as they are."""


class LayerError(LandMapError, ValueError):
    """A declaration, a file or a row of a layer is wrong."""


class LayerMissingError(LayerError, LookupError):
    """No layer is declared or loaded under that name."""


class StoreError(LandMapError, OSError):
    """The layer or facts store is damaged or cannot be read."""


class NeedError(LandMapError, ValueError):
    """A need is malformed; `faults` lists every single fault."""


class LedgerError(LandMapError, ValueError):
    """A ledger verb was refused."""


class AccessError(LedgerError, PermissionError):
    """The actor may not do that."""


class StaleError(LedgerError):
    """Somebody else changed the row since it was read."""


class ClaimConflictError(LedgerError):
    """The ground is promised to another project already."""


class RequestError(LandMapError, ValueError):
    """One of our addresses was asked something it cannot answer."""


class OversizeError(RequestError):
    """What was sent is too much."""


class OutdatedError(RequestError):
    """A version was asked about that is not in force any more."""


class SettingsError(LandMapError, ValueError):
    """A setting cannot be used."""
