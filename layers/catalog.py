"""Read the catalogue: one TOML a layer, every fault of all of them in one error."""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from gis.errors import LayerError, LayerMissingError
from layers.faults import faults_of
from layers.layer import Layer
from layers.readers.vector import SUFFIXES

SHIPPED = Path(__file__).parent / "catalog"
NOT_A_LAYER = "region.toml"


class Catalog(Mapping[str, Layer]):
    """The declared layers by name, in the order of their names.

    Args:
        layers: What was declared.
    """

    def __init__(self, layers: Mapping[str, Layer]) -> None:
        self._layers = dict(sorted(layers.items()))

    def __getitem__(self, name: str) -> Layer:
        """Return one layer.

        Raises:
            LayerMissingError: No layer is declared under that name.
        """
        try:
            return self._layers[name]
        except KeyError:
            raise LayerMissingError(
                "No layer `{layer}` is declared; declared: {declared}.",
                layer=name,
                declared=", ".join(self._layers),
            ) from None

    def __contains__(self, name: object) -> bool:
        """Say whether a layer is declared under that name."""
        return name in self._layers

    def __iter__(self) -> Iterator[str]:
        return iter(self._layers)

    def __len__(self) -> int:
        return len(self._layers)

    def with_role(self, role: str) -> list[Layer]:
        """List the layers that are this to a parcel, by name."""
        return [layer for layer in self.values() if layer.role == role]

    def joined(self, other: Mapping[str, Layer]) -> "Catalog":
        """Return a catalogue where the declarations of `other` win."""
        return Catalog({**self._layers, **other})


def read_catalog(*folders: Path) -> Catalog:
    """Read every declaration of some folders.

    Args:
        folders: Where the TOML files are; a later folder overrides an earlier one.
            Without any, the catalogue that LandMap ships.

    Returns:
        The layers by name.

    Raises:
        LayerError: A file is not TOML or declares a layer wrongly; `faults` lists
            every single fault of all files.
    """
    layers: dict[str, Layer] = {}
    faults: list[LayerError] = []
    for folder in folders or (SHIPPED,):
        for file in sorted(folder.glob("*.toml")):
            if file.name == NOT_A_LAYER:
                continue
            try:
                layers[file.stem] = read_layer(file)
            except LayerError as error:
                faults.extend(
                    fault for fault in error.faults if isinstance(fault, LayerError)
                )
    if faults:
        raise LayerError("The catalogue has faults:", faults=faults)
    return Catalog(layers)


def read_layer(file: Path) -> Layer:
    """Read one declaration.

    Args:
        file: A TOML; its name is the layer's name.

    Returns:
        The layer, its paths made absolute.

    Raises:
        LayerError: The file is not TOML or declares the layer wrongly; `faults` lists
            every single fault.
    """
    try:
        told = tomllib.loads(file.read_text("utf-8"))
        return Layer.model_validate(_located(told, file))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        faults = [
            LayerError("{file} is not TOML: {why}.", file=file.name, why=str(error))
        ]
    except ValidationError as error:
        faults = list(faults_of(error, model=Layer, file=file.name))
    raise LayerError("The layer {layer} has faults:", layer=file.stem, faults=faults)


def _located(told: dict[str, Any], file: Path) -> dict[str, Any]:
    """Add the name, and read paths as relative to the TOML."""
    told = {"name": file.stem, **told}
    if isinstance(told.get("path"), str):
        told["path"] = (file.parent / told["path"]).resolve()
    coverage = told.get("coverage")
    if isinstance(coverage, str) and Path(coverage).suffix.lower() in SUFFIXES:
        told["coverage"] = str((file.parent / coverage).resolve())
    return told
