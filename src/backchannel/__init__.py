"""Backchannel: the open workbench for crisis bargaining.

The public names load on first use, so that importing the package costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from backchannel.model.compile import compile_model
    from backchannel.spec.cases import case_names, open_crisis
    from backchannel.spec.read import check_text, read_crisis_text
    from backchannel.study.study import Study

_HOME = {
    "Study": "backchannel.study.study",
    "case_names": "backchannel.spec.cases",
    "check_text": "backchannel.spec.read",
    "compile_model": "backchannel.model.compile",
    "open_crisis": "backchannel.spec.cases",
    "read_crisis_text": "backchannel.spec.read",
}

__all__ = ["Study", "__version__", "case_names", "check_text", "compile_model", "open_crisis", "read_crisis_text"]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'backchannel' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
