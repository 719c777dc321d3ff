"""How many random examples a property test looks at, and how often a campaign does its worst.

Every run looks at the same few. With TIMELINE_EXAMPLES=20, as in a nightly run, property tests look
at twenty times as many new ones, and campaigns run in full.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar

from hypothesis import settings

T = TypeVar("T")

TIMES = int(os.environ.get("TIMELINE_EXAMPLES", "1"))
NIGHTLY = TIMES > 1

# Random examples of a property test by default: what they find, they nearly always find in these.
FEW = 60


def examples(number: int, few: int = FEW) -> settings:
    """At most `few` examples, or `number` times TIMELINE_EXAMPLES."""
    return settings(max_examples=number * TIMES if NIGHTLY else min(number, few))


def turns(few: int, many: int) -> int:
    """The turns of a campaign: how often a process is killed, say."""
    return many if NIGHTLY else few


def some(cases: Sequence[T], few: int = 1) -> Sequence[T]:
    """The first cases of a parametrized test, or all."""
    return cases if NIGHTLY else cases[:few]
