"""How many random examples a property test looks at."""

from __future__ import annotations

import os

from hypothesis import settings

# 1 looks at the same examples each time; any more, at so many times as many new ones.
TIMES = int(os.environ.get("TIMELINE_EXAMPLES", "1"))


def examples(number: int) -> settings:
    """So many, or TIMELINE_EXAMPLES times as many."""
    return settings(max_examples=number * TIMES)
