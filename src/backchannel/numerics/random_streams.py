"""One seed, named child streams: the same seed gives the same bytes, and a new stream disturbs no other."""

from __future__ import annotations

import hashlib

import numpy as np


def stream(seed: int, name: str) -> np.random.Generator:
    """Return the generator of a named stream under a seed. Seed 0 is a seed like any other."""
    key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big")
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(key & 0xFFFFFFFF, key >> 32)))
