"""What has changed between two points."""

from __future__ import annotations

from timeline.projections.diff import DiffAnswer, StatementDifferenceJson
from timeline.projections.positions import written
from timeline.render.tables.parts import (
    show_comment_change,
    show_question_change,
    show_statement_change,
)
from timeline.render.terminal import safe, say
from timeline.render.wording import Words, author


def show(answer: DiffAnswer, words: Words) -> None:
    """Print what has changed, by which records, and what to correct."""
    _show_question(answer, words)
    say()
    for change in answer["changes"]:
        show_statement_change(change, words.dates(_behind(change)))
        _show_records(change["records"], words)
    for comment in answer["comments"]:
        show_comment_change(comment)
        _show_records(comment["records"], words)
    for question in answer["questions"]:
        show_question_change(question)
        _show_records(question["records"], words)
    if not (answer["changes"] or answer["comments"] or answer["questions"]):
        say("nothing has changed", dim=True)
    if answer["notices"]:
        say()
        say("To correct", bold=True)
    for notice in answer["notices"]:
        say(safe(notice["text"]), hang=2)
        _show_records(notice["records"], words)


def _show_question(answer: DiffAnswer, words: Words) -> None:
    """Print what was compared."""
    say(safe(answer["entity"] or answer["story"] or "everything"), bold=True)
    was, now = answer["from"], answer["to"]
    dates = [words.as_of(end) for end in (was, now)]
    known = [words.known(end) for end in (was, now)]
    if dates[0] == dates[1]:
        say(dates[0], dim=True)
        say(f"from {known[0]}", dim=True, hang=2)
        say(f"to {known[1]}", dim=True, hang=2)
    elif known[0] == known[1]:
        say(f"from {dates[0]} to {dates[1]}", dim=True, hang=2)
        say(known[0], dim=True)
    else:
        say(f"from {dates[0]}; {known[0]}", dim=True, hang=2)
        say(f"to {dates[1]}; {known[1]}", dim=True, hang=2)


def _show_records(ids: list[str], words: Words) -> None:
    for id in ids:
        say(f"by {_record(id, words)}", indent=4, hang=2, dim=True)


def _record(id: str, words: Words) -> str:
    """A record with its type, position, author and time."""
    record = words.record(id)
    if record is None:
        return safe(id)
    when = words.recorded(record["recorded_at"])
    place = written(record["position"])
    return safe(f"{id} ({record['type']}, {place}), {author(record['recorded_by'])}, {when}")


def _behind(change: StatementDifferenceJson) -> list[str]:
    """The ids of the records that a statement rests on, and of those that changed it."""
    ends = (change["before"], change["after"])
    rests = [id for end in ends if end is not None for id in end["because"]]
    return list(dict.fromkeys([*rests, *change["records"]]))
