"""Addresses inside a page: one id for each thing a number can come from, the same as its path in the file."""

from __future__ import annotations

import re

from backchannel.model.preferences import term_paths
from backchannel.spec.crisis import Crisis

_UNSAFE = re.compile(r"[^\w.,-]")


def anchor(*steps: str | int) -> str:
    """Return the id of a thing in a page: its path, ``anchor("sources", "C1")`` giving ``sources.C1``."""
    return _UNSAFE.sub("~", ".".join(str(step) for step in steps))


def term_anchors(crisis: Crisis, actor: str) -> tuple[str, ...]:
    """Return the id of each of an actor's terms, in file order; nothing for an order or a ranking."""
    preference = crisis.preferences.get(actor, ())
    if not isinstance(preference, tuple):
        return ()
    return tuple(anchor(path.removesuffix(".worth")) for path in term_paths(actor, preference))
