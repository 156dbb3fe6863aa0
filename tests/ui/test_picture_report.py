"""The page of the data tells of each picture what is declared and what is kept."""

from pathlib import Path

from layers.catalog import SHIPPED
from layers.raster import read_rasters
from layers.raster_load import ingest_rasters
from layers.raster_store import RasterStore
from layers.region import read_region
from ui.picture_report import picture_heads, picture_rows


def test_a_picture_tells_its_source_date_and_pixel_or_why_it_is_not_there(
    tmp_path: Path,
) -> None:
    declared, store = read_rasters(SHIPPED), RasterStore(tmp_path)
    ingest_rasters(declared, store, read_region(), {"relief": None})

    photo, relief = picture_rows(declared, store, internal=False)

    assert len(photo) == len(relief) == len(picture_heads())
    assert "255 m" in relief[5]
    assert "2026-06-30" in relief[3]
    assert "lm-synthetic" in photo[0]
    assert "landmap ingest orthophoto" in photo[6]


def test_guests_are_not_told_of_internal_pictures_and_text_stays_text(
    tmp_path: Path,
) -> None:
    plain = read_rasters(SHIPPED)["relief"]
    hidden = plain.model_copy(update={"publish": "internal"})
    rude = plain.model_copy(update={"title": "<b>x</b>", "edition": "<i>"})
    store = RasterStore(tmp_path)

    assert picture_rows({"a": hidden}, store, internal=False) == []
    assert len(picture_rows({"a": hidden}, store, internal=True)) == 1
    cells = "".join(picture_rows({"a": rude}, store, internal=False)[0])
    assert "<b>" not in cells
    assert "<i>" not in cells
