"""The choice between the NumPy and the Numba kernels; both give the same answers."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from typing import Literal

from ..errors import NotSupportedError

Engine = Literal["auto", "numpy", "numba"]

LARGE = 1 << 18
"""States from which "auto" takes Numba in a fresh process: below, loading the kernels takes longer."""


@dataclass
class _Choice:
    engine: Engine = "auto"
    loaded: bool = False


_choice = _Choice()


def engine(name: Engine) -> Engine:
    """Choose the kernels of this process and return the choice that was in force.

    ``"auto"`` takes Numba if it is installed and either the game has at least ``LARGE`` states or the
    kernels are already loaded in this process (see :func:`warm_up`).

    Raises
    ------
    ValueError
        For another name.
    NotSupportedError
        For ``"numba"`` where Numba is not installed.
    """
    if name not in ("auto", "numpy", "numba"):
        raise ValueError(f"the engine is 'auto', 'numpy' or 'numba', got {name!r}")
    if name == "numba" and not numba_installed():
        raise NotSupportedError("Numba is not installed; install it with: pip install 'backchannel[fast]'")
    previous, _choice.engine = _choice.engine, name
    return previous


def warm_up() -> bool:
    """Load every compiled kernel, so that later calls do not wait; return whether Numba is installed.

    A quarter of a second where the kernels are cached on disk, some ten seconds on first use after
    installation.
    """
    if not numba_installed():
        return False
    from .warm_up import solve_one_of_each

    previous = engine("numba")
    try:
        solve_one_of_each()
    finally:
        engine(previous)
    return True


def numba_installed() -> bool:
    """Return whether Numba can be imported, without importing it."""
    return find_spec("numba") is not None


def use_numba(states: int) -> bool:
    """Return whether the Numba kernels solve a game of this many states, and note that they get loaded."""
    if _choice.engine == "numpy":
        return False
    wanted = _choice.engine == "numba" or _choice.loaded or states >= LARGE
    _choice.loaded = wanted and numba_installed()
    return _choice.loaded
