"""Correcting every event of a story, over and over."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from benchmarks.effects import acts_of
from benchmarks.settled import Content, Settled, settled
from benchmarks.workload import Workload
from timeline import temporal
from timeline.records import jsonl

ROUNDS = 5
# A large story, and no more of it, so that slow peers come to an end.
MOST = 10_000
_DAY = 86_400_000_000


class Story:
    """The first events of a workload's large story that do something, as they read."""

    def __init__(self, workload: Workload):
        reading: dict[str, tuple[int, Content]] = {}
        for record in settled(workload.path):
            content = record.after or record.before
            if content is not None and content["story"] == workload.story:
                reading.pop(record.event, None)
                if record.after is not None and acts_of(record.after, record.place):
                    reading[record.event] = record.place, record.after
        self._reading = dict(itertools.islice(reading.items(), MOST))

    def __len__(self) -> int:
        return len(self._reading)

    def entities(self, count: int) -> list[str]:
        """Some of the subjects of its events."""
        subjects = {
            act.statement.subject: None
            for place, content in self._reading.values()
            for act in acts_of(content, place)
        }
        names = [subject for subject in subjects if not subject.startswith("hub")]
        return names[:: max(1, len(names) // count)][:count]

    def overwrite(self, round: int, position: int) -> Iterator[tuple[dict[str, Any], Settled]]:
        """A correction of the date of each, and what it changes; `position` is the head.

        Every date moves by one unit of its precision.
        """
        for number, (id, (place, before)) in enumerate(list(self._reading.items()), 1):
            after = {**before, "when": later(before["when"])}
            self._reading[id] = place, after
            correction = {
                "story": before["story"],
                "type": "correction",
                "corrects": id,
                "changes": {"when": after["when"]},
                "reason": f"The desk looked at every date again, for the {round}. time.",
            }
            line = jsonl.encode(correction) + b"\n"
            yield correction, Settled(position + number, id, place, before, after, line)


def later(when: str) -> str:
    """A date moved by one of its own units: a day, a month, a season or a year."""
    if when.startswith("["):
        first, last = when[1:-1].split("..")
        return f"[{later(first)}..{later(last)}]"
    if len(when) >= 10:
        day = temporal.format_instant(temporal.parse_instant(f"{when[:10]}T00:00:00Z") + _DAY)
        return day[:10] + when[10:]
    mark = when[len(when.rstrip("~?")) :]
    year, _, part = when.rstrip("~?").partition("-")
    if not part:
        return f"{int(year) + 1}{mark}"
    if part == "12":
        return f"{int(year) + 1}-01{mark}"
    if part == "24":
        return f"{int(year) + 1}-21{mark}"
    return f"{year}-{int(part) + 1:02}{mark}"
