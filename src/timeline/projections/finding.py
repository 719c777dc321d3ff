"""What all findings have: a message, the records concerned, and a command that settles it."""

from __future__ import annotations

from collections.abc import Iterable

from typing_extensions import TypedDict

from timeline.history.event import Event
from timeline.projections.answer import RecordIds

# Placeholders in a suggested command for what only an editor can know.
WHY, WHEN, SOURCE, PUBLISHER = "WHY", "DATE", "URL", "PUBLISHER"
CHOSEN, OTHER = "CHOSEN", "OTHER"


class AlternativeJson(TypedDict, total=False):
    """Another command that would settle a finding, where there is one."""

    alternative: str


class FindingJson(AlternativeJson):
    """What all findings have."""

    message: str
    records: RecordIds
    settle: str
    """The command that would settle it."""


def finding(
    message: str, records: Iterable[str], settle: str, alternative: str | None = None
) -> FindingJson:
    """What is wrong, in which records, and the command that settles it, or another one."""
    other: AlternativeJson = {} if alternative is None else {"alternative": alternative}
    return {"message": message, "records": list(records), "settle": settle, **other}


def command(*words: str) -> str:
    """A command line, ready to paste."""
    import shlex  # Most answers contain no command.

    return shlex.join(("timeline", *words))


def options(name: str, values: Iterable[str]) -> list[str]:
    """An option, repeated for each of some values."""
    return [word for value in values for word in (name, value)]


def named(event: Event) -> str:
    """An event in a sentence: its headline and its id."""
    return f"“{event.headline}” ({event.id})"
