"""What a version of a layer in the store tells about itself."""

from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from gis.errors import LayerError
from layers.layer import Layer


class Note(BaseModel):
    """Something said about one row.

    Attributes:
        key: The row's key.
        what: English sentence with named holes; the key of its translation.
        column: The column concerned; empty for the row or its geometry.
        value: What stood there.
        values: What else fills the holes.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    what: str
    column: str = ""
    value: str = ""
    values: dict[str, str] = Field(default_factory=dict)

    @property
    def holes(self) -> dict[str, str]:
        """What fills the sentence's holes."""
        named = {"key": self.key, "column": self.column, "value": self.value}
        return named | self.values

    def told(self) -> str:
        """Return the English sentence."""
        return self.what.format_map(self.holes)

    def as_error(self) -> LayerError:
        """Return the sentence as an error that lists it."""
        error = LayerError(self.what)
        error.values = dict(self.holes)
        return error


class Fault(NamedTuple):
    """A note on a row, and whether the row cannot be kept.

    Attributes:
        row: Row number in the file, from 0.
        refuses: The row is refused; otherwise the value becomes unknown.
        note: What is said of it.
    """

    row: int
    refuses: bool
    note: Note


class Manifest(BaseModel):
    """One version of a layer as it was loaded.

    Attributes:
        name: The layer.
        version: Hash of the source, the declaration and the reader.
        source_name: File it was read from.
        source_sha256: Hash of that file (and of a shapefile's companions).
        loaded_at: When, ISO, UTC.
        read_count: Rows in the file.
        count: Rows kept.
        mended: Rows kept after a change, and what was changed.
        refused: Rows not kept, and why.
        coverage_from: Where the coverage came from.
        coverage_area_m2: Ellipsoidal area of the coverage.
        columns: Columns of the data.
        files: Hash of each file of the version.
        layer: The declaration it was read by.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    version: str
    source_name: str
    source_sha256: str
    loaded_at: str
    read_count: int
    count: int
    mended: tuple[Note, ...] = ()
    refused: tuple[Note, ...] = ()
    coverage_from: str = ""
    coverage_area_m2: float = 0.0
    columns: tuple[str, ...] = ()
    files: dict[str, str] = Field(default_factory=dict)
    layer: Layer

    @property
    def data_date(self) -> str:
        """The date the data describes, as declared."""
        return self.layer.data_date

    @property
    def edition(self) -> str:
        """The edition, as declared."""
        return self.layer.edition

    def with_files(self, files: dict[str, str], **changed: Any) -> "Manifest":  # noqa: ANN401 - field values
        """Return the same manifest with the hashes of its files."""
        return self.model_copy(update={"files": files, **changed})
