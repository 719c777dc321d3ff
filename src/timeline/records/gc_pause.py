"""Python's search for cycles among objects, and where it is put off."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def put_off() -> Iterator[None]:
    """Without the search for cycles, until the block ends.

    Records and acts are many and have none. It would take a tenth of an import, and a
    third of a large snapshot. Where several threads put it off at once, the first that is
    done turns it on again, which costs the others no more than time.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
