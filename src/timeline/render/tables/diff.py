"""What has changed between two points."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from timeline.projections.diff import DiffAnswer
from timeline.render.tables.parts import show_change
from timeline.render.terminal import safe, say
from timeline.render.wording import Words, author


def show(answer: DiffAnswer, words: Words) -> None:
    """Print what has changed, by which records, and what to correct."""
    _show_question(answer, words)
    say()
    changes: list[Mapping[str, Any]] = [*answer["changes"]]
    changes += [{"listing": "comment", **each} for each in answer["comments"]]
    changes += [{"listing": "question", **each} for each in answer["questions"]]
    for change in changes:
        show_change(change, words.dates(_behind(change)))
        for id in change["records"]:
            say(f"by {_record(id, words)}", indent=4, hang=2, dim=True)
    if not changes:
        say("nothing has changed", dim=True)
    if answer["notices"]:
        say()
        say("To correct", bold=True)
    for notice in answer["notices"]:
        say(safe(notice["text"]), hang=2)
        for id in notice["records"]:
            say(f"by {_record(id, words)}", indent=4, hang=2, dim=True)


def _show_question(answer: DiffAnswer, words: Words) -> None:
    """Print what was compared."""
    say(safe(answer["entity"] or answer["story"] or "everything"), bold=True)
    was, now = answer["from"], answer["to"]
    dates = [words.as_of(end) for end in (was, now)]
    known = [words.known(end) for end in (was, now)]
    if dates[0] == dates[1]:
        say(f"as of {dates[0]}", dim=True)
        say(f"from {known[0]}", dim=True, hang=2)
        say(f"to {known[1]}", dim=True, hang=2)
    elif known[0] == known[1]:
        say(f"from as of {dates[0]} to as of {dates[1]}", dim=True, hang=2)
        say(known[0], dim=True)
    else:
        say(f"from as of {dates[0]}; {known[0]}", dim=True, hang=2)
        say(f"to as of {dates[1]}; {known[1]}", dim=True, hang=2)


def _record(id: str, words: Words) -> str:
    """A record with its type, position, author and time."""
    record = words.record(id)
    if record is None:
        return safe(id)
    when = words.recorded(record["recorded_at"])
    return safe(f"{id} ({record['type']}, at {record['position']}), {author(record)}, {when}")


def _behind(change: Mapping[str, Any]) -> list[str]:
    """The ids of the records that a statement rests on, and of those that changed it."""
    ends = (change["before"], change["after"])
    rests = [id for end in ends for id in (end or {}).get("because", ())]
    return list(dict.fromkeys([*rests, *change["records"]]))
