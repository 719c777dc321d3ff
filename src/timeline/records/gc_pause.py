"""Pausing Python's cyclic garbage collector."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def paused_gc() -> Iterator[None]:
    """Pause the cyclic garbage collector for a block.

    Records and effects are many and form no cycles; collecting would take a tenth of an import
    and a third of a large snapshot. If several threads pause it at once, the first to finish
    turns it on again, which costs the others only time.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
