"""The only clock of the product."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def now() -> int:
    """The present instant, by the system's clock.

    Nothing else in this package asks what time it is, and only the edges ask here: what they
    learn they hand down as an argument.
    """
    return (datetime.now(UTC) - _EPOCH) // timedelta(microseconds=1)
