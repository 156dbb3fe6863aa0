"""Random streams by name, so that a new draw never shifts the others."""

from zlib import crc32

import numpy as np
from numpy.random import Generator, SeedSequence
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


def stream(seed: int, *names: str | int) -> Generator:
    """Open the stream of random numbers of one purpose.

    Args:
        seed: Seed of the whole province.
        *names: What the numbers are for; the same names give the same numbers.

    Returns:
        A generator independent of those with other names.
    """
    keys = [crc32(str(name).encode()) for name in names]
    return np.random.Generator(np.random.PCG64(SeedSequence([seed, *keys])))
