"""Draw tiles of a picture of the ground."""

from io import BytesIO
from pathlib import Path
from threading import local
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from rio_tiler.errors import TileOutsideBounds
from rio_tiler.io import Reader
from rio_tiler.models import ImageData

from gis.crs import Box
from gis.errors import LandMapError
from layers.raster import Raster
from layers.raster_store import RasterManifest, RasterStore
from layers.readers.picture import DAMAGE

SIDE_PX: Final = 512
FLAT: Final = 128  # of a shaded relief of one band: darker is black, lighter white
QUALITY: Final = 82
# A sheet over the ground in sixteen strengths: enough for the eye, and packs small.
STRENGTHS: Final = 0xF0
GREY: Final = 1
OPAQUE: Final = 255


class RasterSource:
    """A version of a picture, ready to be drawn; threads may share it.

    Args:
        store: Where it is kept.
        name: The picture.
        version: The version; without one, the current.

    Attributes:
        manifest: What the version tells about itself.

    Raises:
        LayerMissingError: Nothing is kept under that name or version.
        StoreError: The manifest is damaged.
    """

    def __init__(self, store: RasterStore, name: str, version: str = "") -> None:
        self.manifest: RasterManifest = store.manifest(name, version)
        self._file: Path = store.file(self.manifest)
        self._damaged = store.damaged
        self._here = local()

    @property
    def declared(self) -> Raster:
        """The declaration it was read by."""
        return self.manifest.raster

    @property
    def version(self) -> str:
        """Its version."""
        return self.manifest.version

    @property
    def box(self) -> Box:
        """West, south, east, north in degrees, EPSG:4490."""
        return self.manifest.box

    @property
    def least_zoom(self) -> int:
        """Zoom at which it fills about a tile."""
        return self.manifest.least_zoom

    @property
    def most_zoom(self) -> int:
        """Zoom of its finest pixels, as tiles of 512 pixels."""
        return self.manifest.most_zoom

    def tile(self, z: int, x: int, y: int) -> bytes | None:
        """Draw a tile of 512 pixels.

        Args:
            z: Zoom.
            x: Column.
            y: Row from the north.

        Returns:
            JPEG where imagery covers the whole tile, else PNG with transparency; None
            where there is nothing.

        Raises:
            StoreError: The file is damaged or gone.
            LandMapError: What else is told in a sentence.
        """
        try:
            drawn = self._opened().tile(
                x,
                y,
                z,
                tilesize=SIDE_PX,
                resampling_method=self._resampling,
                reproject_method=self._resampling,
            )
            return self._written(drawn)
        except TileOutsideBounds:
            return None
        except LandMapError:
            raise
        except DAMAGE as error:
            self._here.__dict__.clear()
            raise self._damaged(self.declared.name, self._file, error) from error

    @property
    def _resampling(self) -> str:
        """Colours of a palette cannot be mixed."""
        return "nearest" if self._opened().colormap else "bilinear"

    def _written(self, drawn: ImageData) -> bytes | None:
        colours = self._opened().colormap
        if colours:
            drawn = drawn.apply_colormap(colours)
        bands, alpha = np.asarray(drawn.data), np.asarray(drawn.mask)
        if not alpha.any():
            return None
        if self.declared.kind == "relief" and len(bands) == GREY:
            bands, alpha = _as_sheet(bands, alpha, shaded=drawn.alpha_mask is None)
            return _png(bands, alpha)
        bands = bands[:3] if len(bands) >= 3 else bands[:1]  # noqa: PLR2004 - red, green, blue
        if int(alpha.min()) == OPAQUE:
            return _jpeg(bands)
        return _png(bands, alpha)

    def _opened(self) -> Reader:
        """Return this thread's own reader: GDAL's are not shared."""
        if not hasattr(self._here, "reader"):
            self._here.reader = Reader(str(self._file))
        reader: Reader = self._here.reader
        return reader


def _as_sheet(
    bands: NDArray[np.uint8], alpha: NDArray[np.uint8], *, shaded: bool
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Turn a relief into black and white of sixteen strengths, for any ground.

    Args:
        bands: Grey, shape (1, n, n).
        alpha: How much of it there is, shape (n, n).
        shaded: The grey is a shade, 128 on flat ground; else it is black and white
            already, its strength in `alpha`.

    Returns:
        Grey and strength.
    """
    if shaded:
        away = bands[0].astype(np.int16) - FLAT
        inside = alpha > 0
        alpha = np.where(inside, np.minimum(np.abs(away) * 2, 255), 0).astype(np.uint8)
        bands = np.where(away < 0, 0, 255).astype(np.uint8)[None]
    return bands, alpha & np.uint8(STRENGTHS)


def _jpeg(bands: NDArray[np.uint8]) -> bytes:
    """Pack what covers the whole tile: grey, or red, green and blue."""
    packed = BytesIO()
    _image(bands).save(packed, "JPEG", quality=QUALITY)
    return packed.getvalue()


def _png(bands: NDArray[np.uint8], alpha: NDArray[np.uint8]) -> bytes:
    """Pack what lets the ground shine through."""
    # What nobody sees is made even: it packs to nothing.
    shown = np.where(alpha == 0, 0, bands).astype(np.uint8)
    # A sheet packs well; a photo never does.
    level = 4 if len(bands) == GREY else 1
    packed = BytesIO()
    _image(np.concatenate([shown, alpha[None]])).save(
        packed, "PNG", compress_level=level
    )
    return packed.getvalue()


def _image(bands: NDArray[np.uint8]) -> Image.Image:
    plain = bands[0] if len(bands) == GREY else bands.transpose(1, 2, 0)
    return Image.fromarray(np.ascontiguousarray(plain))
