"""When something happened: an instant somewhere within bounds."""

from __future__ import annotations

from typing import NamedTuple

from timeline import temporal

# Instants before and after all others: the value of an open or unknown side of a date.
MIN_INSTANT = -(2**63)
MAX_INSTANT = 2**63

SortKey = tuple[int, int]
"""A place in the order of events: an instant, and the position of the record."""

BEFORE_ALL: SortKey = (MIN_INSTANT, 0)


class InstantBounds(NamedTuple):
    """When something happened: some instant t with `earliest <= t < latest`.

    Instants are whole microseconds, so the last one possible is `latest - 1`. Two events at
    the same instant happen in the order of their positions.
    """

    earliest: int
    latest: int
    position: int

    @classmethod
    def of(cls, bounds: temporal.Bounds | None, position: int) -> InstantBounds:
        """Bounds whose open sides are `MIN_INSTANT` and `MAX_INSTANT`; None means any time."""
        earliest, latest = (None, None) if bounds is None else bounds
        return cls(
            MIN_INSTANT if earliest is None else earliest,
            MAX_INSTANT if latest is None else latest,
            position,
        )

    def surely_before(self, instant: int) -> bool:
        """Whether it has happened by `instant` in every world."""
        return self.latest <= instant

    def maybe_before(self, instant: int) -> bool:
        """Whether it has happened by `instant` in some world."""
        return self.earliest < instant

    def first(self) -> SortKey:
        """Its earliest place in the order of events."""
        return self.earliest, self.position

    def last(self) -> SortKey:
        """Its latest place in the order of events."""
        return self.latest - 1, self.position

    def last_before(self, instant: int) -> SortKey:
        """Its latest place in the order of events before `instant`."""
        return min(self.latest, instant) - 1, self.position
