"""Comparisons with other programs, for `make oracles`; without these programs nothing here is collected."""

from __future__ import annotations

from importlib.util import find_spec

collect_ignore_glob = [] if find_spec("pygambit") else ["test_*.py"]
