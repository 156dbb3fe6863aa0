"""What is to be measured: the parcels, the layers, and the versions they stand at."""

from dataclasses import dataclass

from gis.errors import LayerMissingError
from layers.catalog import Catalog
from layers.facts_layer import is_measured
from layers.layer import Layer
from layers.store import LayerStore


@dataclass(frozen=True)
class Survey:
    """The layers of a store as they are to be measured.

    Attributes:
        seen: The version of every layer in the store, by name.
        parcels: The parcels.
        covers: The layers that give facts, in the order of their columns.
        count: How many parcels there are.
    """

    seen: dict[str, str]
    parcels: Layer
    covers: tuple[Layer, ...]
    count: int

    @property
    def measured(self) -> dict[str, str]:
        """The version of each layer that the facts depend on, by name."""
        names = [self.parcels.name, *(layer.name for layer in self.covers)]
        return {name: self.seen[name] for name in sorted(names)}


def survey_of(store: LayerStore, catalog: Catalog) -> Survey:
    """See what is loaded.

    Args:
        store: The layers; each is measured as its manifest declares it.
        catalog: Gives the order of the layers' columns; layers that only the store
            knows come last.

    Returns:
        What is to be measured.

    Raises:
        LayerMissingError: No parcels are loaded.
        StoreError: A store file is damaged.
    """
    seen = store.versions()
    order = [
        *(name for name in catalog if name in seen),
        *(name for name in seen if name not in catalog),
    ]
    told = {name: store.manifest(name) for name in order}
    for manifest in told.values():
        if manifest.layer.role == "parcel":
            layers = [each.layer for each in told.values()]
            covers = tuple(layer for layer in layers if is_measured(layer))
            return Survey(seen, manifest.layer, covers, manifest.count)
    raise LayerMissingError(
        "No parcels are loaded: run `landmap ingest {layer}`.", layer="parcels"
    )
