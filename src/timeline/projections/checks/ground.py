"""What all checks look at, and the words they share."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from functools import cached_property

from timeline.history import Happening, History
from timeline.judgement import Held
from timeline.order import Order
from timeline.projections.answer import Answer, independent_sources, rank
from timeline.temporal import civil
from timeline.temporal.speech import said_date
from timeline.worlds import Worlds

# What stands for what only the editor knows, in a command that would settle a finding.
WHY, WHEN, SOURCE = "WHY", "DATE", "URL"
CHOSEN, OTHER = "CHOSEN", "OTHER"


class Ground:
    """A history, and the worlds of all of it; each is worked out when it is asked for."""

    def __init__(self, history: History, at: int, stale_after: int, silence: int):
        self.history = history
        self.at = at
        self.stale_after = stale_after
        self.silence = silence

    @cached_property
    def order(self) -> Order:
        return Order(self.history)

    @cached_property
    def worlds(self) -> Worlds:
        return Worlds(self.order, self.history.counting())

    @cached_property
    def held(self) -> list[Held]:
        """All statements that hold, sorted."""
        return self.worlds.holding(sorted(self.worlds.statements(), key=rank), self.at)


def named(happening: Happening) -> str:
    """A happening in a sentence: its headline and its id."""
    return f"“{happening.headline}” ({happening.id})"


def account(happening: Happening) -> Answer:
    """A happening in a finding: what it says, and on whose word."""
    return {
        "id": happening.id,
        "headline": happening.headline,
        "when": happening.content.get("when"),
        "standing": happening.standing,
        "recorded_by": happening.record.recorded_by,
        "sources": independent_sources([happening]),
    }


def command(*words: str) -> str:
    """A command line, ready to paste."""
    return shlex.join(("timeline", *words))


def options(name: str, values: Iterable[str]) -> list[str]:
    """An option given for each of some values."""
    return [word for value in values for word in (name, value)]


def days(microseconds: int) -> str:
    """A length of time in whole days."""
    number = microseconds // civil.DAY
    return "1 day" if number == 1 else f"{number:,} days"


def dated(happening: Happening) -> str:
    """When a happening happened, as its record says: 3 March 2026, or "after x"."""
    if happening.when is not None:
        return said_date(happening.when)
    links = (
        f"{side} {link['id']}"
        for side in ("after", "before")
        for link in happening.content.get(side, ())
    )
    return ", ".join(links)
