"""Randomness that can be replayed: one seed, many named streams, addressed by counters.

Every random draw asks for its own stream by purpose and position (``stream(seed, "batches", epoch)``), so a replay from
any step is bit-exact and looking at a network never shifts the numbers training will see. Philox is counter-based
(Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3").
"""

from __future__ import annotations

import zlib

import numpy as np


def stream(seed: int, purpose: str, *position: int) -> np.random.Generator:
    """A generator that depends only on ``seed``, ``purpose`` and ``position`` (all ≥ 0)."""
    words = (seed, zlib.crc32(purpose.encode()), len(position), *position)  # a seed sequence ignores zeros at its end
    return np.random.Generator(np.random.Philox(np.random.SeedSequence(words)))
