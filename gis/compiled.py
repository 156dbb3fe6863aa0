"""Turn a loop over arrays into machine code: the one place that knows the compiler."""

from collections.abc import Callable
from typing import TypeVar, cast

from numba import njit

Loop = TypeVar("Loop", bound=Callable[..., object])


def compiled(loop: Loop) -> Loop:
    """Compile a loop at its first call; the machine code is kept on disk.

    The loop holds no lock while it runs, so threads run it side by side; division by
    zero gives infinity as in numpy, and no shortcut of arithmetic is taken (`fastmath`
    stays off), so that the same rows give the same bits whatever the chunk.

    Args:
        loop: A function of arrays and numbers only, in a file `*_loops.py`.

    Returns:
        The same function, compiled; `.py_func` is the one that was given.
    """
    compile_it = njit(cache=True, nogil=True, error_model="numpy")
    return cast("Loop", compile_it(loop))
