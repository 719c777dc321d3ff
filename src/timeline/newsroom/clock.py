"""Whether the clock can be believed.

No record may be earlier than the one before it. So a clock that is years ahead for a moment would
hold at that time whatever is recorded afterwards.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline import temporal
from timeline.errors import InputError
from timeline.temporal.calendar import DAY, SECOND

if TYPE_CHECKING:
    from timeline.log.protocol import RecordLog

# A clock further ahead of the log than this is refused. A newsroom may be silent for months.
LEAP = 366 * DAY

# The clocks of several machines differ by less.
LEEWAY = 60 * SECOND


class ClockCheck:
    """Checks the clock of appends to a log, unless the user has said that it is right."""

    def __init__(self, log: RecordLog):
        self._log = log
        self._known: int | None = None
        self.is_accepted = False

    def check(self, now: int) -> None:
        """Check that the clock has not leapt far beyond the last time that is known.

        Raises:
            InputError: it has.
        """
        if self.is_accepted or (self._known is not None and now - self._known <= LEAP):
            return
        self._known = _last_known(self._log)
        if self._known is None or now - self._known <= LEAP:
            return
        days = (now - self._known) // DAY
        raise InputError(
            f"the clock says {temporal.format_instant(now)}, which is {days:,} days after the log "
            f"was last written, {temporal.format_instant(self._known)}",
            "set the clock; or, if it is right, append once with --accept clock where the "
            "newsroom is kept",
        )


def _last_known(log: RecordLog) -> int | None:
    """The last time that a log tells of, of its last record or of its settings.

    None for a log in memory, which does not last.
    """
    kept, last = log.settings(), log.head().recorded_at
    return None if kept is None else max(kept.kept_at, kept.kept_at if last is None else last)


def future_head(log: RecordLog, now: int) -> str | None:
    """What to say if the last record has a time that is still to come."""
    last = log.head().recorded_at
    if last is None or last - now <= LEEWAY:
        return None
    return (
        f"the last record has a time in the future, {temporal.format_instant(last)}: until then, "
        "all that is appended gets the same time"
    )
