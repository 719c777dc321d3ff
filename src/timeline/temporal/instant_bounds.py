"""When something happened: an instant somewhere between two."""

from __future__ import annotations

from typing import NamedTuple

from timeline import temporal

# Instants before and after all others: what an open or unknown side of a date means.
MIN_INSTANT = -(2**63)
MAX_INSTANT = 2**63

SortKey = tuple[int, int]
"""A place in the order of things: an instant, and the position of what happened then."""

BEFORE_ALL: SortKey = (MIN_INSTANT, 0)


class InstantBounds(NamedTuple):
    """When something happened: some instant t with `earliest <= t < latest`.

    Instants are whole microseconds, so the last one possible is `latest - 1`. Two at the
    same instant happen in the order of their positions.
    """

    earliest: int
    latest: int
    position: int

    @classmethod
    def of(cls, bounds: temporal.Bounds | None, position: int) -> InstantBounds:
        """Bounds with their open sides at the ends of time; None is any time at all."""
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
        """Its earliest place in the order of things."""
        return self.earliest, self.position

    def last(self) -> SortKey:
        """Its latest place in the order of things."""
        return self.latest - 1, self.position

    def last_before(self, instant: int) -> SortKey:
        """Its latest place in the order of things that happen before `instant`."""
        return min(self.latest, instant) - 1, self.position
