"""Where the layers are kept is told by one address."""

from pathlib import Path

import pytest

from gis.errors import SettingsError
from layers.store import LayerStore
from layers.stores.opened import open_store


def test_without_an_address_layers_lie_in_the_home_folder(tmp_path: Path) -> None:
    assert type(open_store(tmp_path)) is LayerStore


@pytest.mark.parametrize(
    "address",
    ["sqlite:///layers.db", "postgresql://u:p@ss@host/db", "nonsense", "x://"],
)
def test_an_address_that_is_none_is_refused_and_not_shown(
    tmp_path: Path, address: str
) -> None:
    with pytest.raises(SettingsError, match="LANDMAP_LAYERS_URL") as caught:
        open_store(tmp_path, address)
    assert address not in str(caught.value)
