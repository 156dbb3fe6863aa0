"""Load several layers side by side, in an order that they can be loaded in."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from typing import Final

from gis.errors import LayerError
from layers.catalog import Catalog
from layers.coverage import LAYER
from layers.disk import telling_when_full
from layers.facts_layer import is_measured
from layers.facts_renew import How
from layers.facts_table import KERNEL_FROM
from layers.layer import Layer
from layers.load import Say, load_layer
from layers.manifest import Manifest
from layers.readers.big_parquet import open_big
from layers.region import Region
from layers.store import LayerStore

THREADS: Final = 2

Files = Mapping[str, Path | None]
_Told = tuple[str, Mapping[str, object]]


def loading(
    order: Sequence[Layer], files: Files, store: LayerStore, region: Region, how: How
) -> Iterator[tuple[Layer, Callable[[Say], Manifest]]]:
    """Load layers in threads.

    Many parcels are read for long: meanwhile the other layers are laid out for them.

    Args:
        order: The layers, from `in_order`.
        files: The file of each, None for the declared one.
        store: Where they go.
        region: The region they have to lie in.
        how: By what engine the parcels are to be measured.

    Yields:
        Each layer, in order, with what waits for it. What a layer says while it is
        loaded is said while it is waited for, so that progress has the order of the
        layers, whichever is read first.
    """
    loads = _Loads(order, files, store, region)
    with ThreadPoolExecutor(THREADS) as pool:
        loads.begin(pool)
        if _are_many(order, files, how):
            for layer in order:
                pool.submit(loads.lay_out, layer)
        try:
            for layer in order:
                yield layer, partial(loads.waited, layer)
        finally:
            pool.shutdown(cancel_futures=True)


class _Loads:
    """Layers that are being loaded."""

    def __init__(
        self, order: Sequence[Layer], files: Files, store: LayerStore, region: Region
    ) -> None:
        self._order, self._files = order, files
        self._store, self._region = store, region
        self._work: dict[str, Future[Manifest]] = {}
        self._said = {layer.name: SimpleQueue[_Told | None]() for layer in order}

    def begin(self, pool: ThreadPoolExecutor) -> None:
        """Hand the layers to threads."""
        for layer in largest_first(self._order, self._files):
            self._work[layer.name] = pool.submit(self._load, layer)

    def _load(self, layer: Layer) -> Manifest:
        before = self._work.get(_coverage_of(layer))
        if before is not None:  # it was begun before, so it is done or under way
            wait([before])
        said = self._said[layer.name]
        try:
            with telling_when_full(self._store.home):
                return load_layer(
                    layer,
                    store=self._store,
                    region=self._region,
                    path=self._files[layer.name],
                    say=lambda *told: said.put(told),
                )
        finally:
            said.put(None)

    def waited(self, layer: Layer, say: Say) -> Manifest:
        """Wait for a layer, and pass on what it says."""
        while (told := self._said[layer.name].get()) is not None:
            say(*told)
        return self._work[layer.name].result()

    def lay_out(self, layer: Layer) -> None:
        """Lay a layer out for the kernel; what fails here fails there again, told."""
        # Not above: small data never waits for the compiler.
        from layers.facts_grids import make_grids  # noqa: PLC0415

        if is_measured(layer) and self._work[layer.name].exception() is None:
            make_grids(self._store, layer.name, self._region)


def largest_first(order: Sequence[Layer], files: Files) -> list[Layer]:
    """Put large files before small ones, but none before what its coverage needs.

    Args:
        order: The layers, from `in_order`.
        files: The file of each, None for the declared one.

    Returns:
        The layers as they had better be begun.
    """
    step: dict[str, int] = {}
    for layer in order:
        step[layer.name] = step.get(_coverage_of(layer), -1) + 1

    def size(layer: Layer) -> int:
        file = files[layer.name] or layer.path
        return file.stat().st_size if file is not None and file.is_file() else 0

    return sorted(order, key=lambda layer: (step[layer.name], -size(layer)))


def _are_many(order: Sequence[Layer], files: Files, how: How) -> bool:
    """Tell whether parcels are about to be read that the kernel will measure."""
    if how.engine == "shapely":
        return False
    coming = (files[each.name] or each.path for each in order if each.role == "parcel")
    return any(
        file is not None and open_big(file, [], fewest=KERNEL_FROM) for file in coming
    )


def in_order(catalog: Catalog, names: Iterable[str]) -> list[Layer]:
    """Put layers after those that their coverage refers to.

    Args:
        catalog: The declared layers.
        names: Those wanted.

    Returns:
        The layers in an order they can be loaded in.

    Raises:
        LayerError: Coverages refer to each other.
    """
    order: dict[str, Layer] = {}
    waiting = [catalog[name] for name in names]
    while waiting:
        names_waiting = {layer.name for layer in waiting}
        free = [layer for layer in waiting if _coverage_of(layer) not in names_waiting]
        if not free:
            raise LayerError(
                "The coverages of {layers} refer to each other.",
                layers=", ".join(sorted(names_waiting)),
            )
        order |= {layer.name: layer for layer in free}
        waiting = [layer for layer in waiting if layer.name not in order]
    return list(order.values())


def _coverage_of(layer: Layer) -> str:
    """Name the layer that a coverage refers to, "" for none."""
    told = layer.coverage
    return told.removeprefix(LAYER) if told.startswith(LAYER) else ""
