"""How much one may ask: requests by token, bytes of a body."""

from __future__ import annotations

from timeline.web.problems import RefusedError

# Requests a second that one token may make for long, and at once.
RATE, BURST = 200.0, 2000.0

# Bytes of a request's body: some 10,000 records.
LARGEST_BODY = 16 * 2**20

# Who has not asked for so many seconds has all of the burst again, and is forgotten.
FORGOTTEN = BURST / RATE


class Rates:
    """How many requests each token still may make: a bucket that fills again with time."""

    def __init__(self, rate: float = RATE, burst: float = BURST):
        self._rate, self._burst = rate, burst
        self._left: dict[str, tuple[float, float]] = {}

    def spend(self, who: str, now: float) -> None:
        """Count a request of somebody at a time in seconds.

        Raises:
            RefusedError: there were too many.
        """
        left, last = self._left.get(who, (self._burst, now))
        left = min(self._burst, left + (now - last) * self._rate)
        if left < 1:
            wait = max(1, round((1 - left) / self._rate))
            detail = f"more than {self._rate:g} requests a second with one token"
            raise RefusedError(429, detail, {"Retry-After": str(wait)})
        self._left[who] = left - 1, now
        if len(self._left) > 10_000:
            self._left = {
                name: each for name, each in self._left.items() if now - each[1] < FORGOTTEN
            }
