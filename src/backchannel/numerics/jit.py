"""The one decorator of the compiled kernels: cached on disk, releasing the interpreter lock, typed.

Imported only by kernel modules, which are themselves imported only when Numba is used.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., object])


def compiled(function: Function) -> Function:
    """Compile on first call, for the types of that call."""
    return cast("Function", numba.njit(cache=True, nogil=True)(function))
