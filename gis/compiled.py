"""Turn a loop over arrays into machine code: the one place that knows the compiler."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit, types
from numba.extending import intrinsic
from numba.np import numpy_support

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


def _pointer(_typing: Any, _address: Any, like: Any) -> Any:  # noqa: ANN401 - numba's
    """Tell numba the pointer's type, and how it is made of the address."""

    def make(context: Any, builder: Any, signature: Any, given: Any) -> Any:  # noqa: ANN401
        kind = context.get_value_type(signature.return_type)
        return builder.inttoptr(given[0], kind)

    kind: Any = types.CPointer
    return kind(like)(types.int64, like), make


# In a loop: `carray(pointer(address, np.int16(0)), count)` is the column of int16
# at an address that `array.ctypes.data` told. So one loop serves columns of any number
# and types, which arguments would not. Whoever hands the address over holds the array
# until the loop is done, and vouches for type and length.
pointer = cast("Callable[[Any, Any], Any]", intrinsic(_pointer))
carray = cast("Callable[[Any, int], Any]", numpy_support.carray)
