"""What has changed between two points, for people."""

from __future__ import annotations

from timeline import temporal
from timeline.projections.answer import Answer
from timeline.render.tables.changes import show_change
from timeline.render.tables.view import View
from timeline.render.terminal import safe, say
from timeline.render.wording import local, said_date, said_known


def show_diff(answer: Answer, view: View) -> None:
    """What has changed, by which records, and what there is to correct."""
    show_question(answer, view)
    say()
    listed = [{"listing": "comment", **each} for each in answer["comments"]]
    listed += [{"listing": "question", **each} for each in answer["questions"]]
    for change in (*answer["changes"], *listed):
        show_change(change, [date for id in _behind(change) for date in view.dates(id)])
        for id in change["records"]:
            say(f"by {_said_record(id, view)}", indent=4, hang=2, dim=True)
    if not answer["changes"] and not listed:
        say("nothing has changed", dim=True)
    if answer["notices"]:
        say()
        say("To correct", bold=True)
    for notice in answer["notices"]:
        say(safe(notice["text"]), hang=2)
        for id in notice["records"]:
            say(f"by {_said_record(id, view)}", indent=4, hang=2, dim=True)


def show_question(answer: Answer, view: View) -> None:
    """What was compared with what."""
    say(safe(answer["entity"] or answer["story"] or "everything"), bold=True)
    was, now = answer["from"], answer["to"]
    dates = [said_date(temporal.read(end["as_of"], view.settings.zone)) for end in (was, now)]
    known = [said_known(end, view.settings.zone) for end in (was, now)]
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


def _said_record(id: str, view: View) -> str:
    """A record, its position, who recorded it, and when."""
    record = view.record(id)
    if record is None:
        return safe(id)
    when = local(temporal.parse_instant(record["recorded_at"]), view.settings.zone)
    who = record["recorded_by"] or "somebody"
    return safe(f"{id} ({record['type']}, at {record['position']}), {who}, {when}")


def _behind(change: Answer) -> list[str]:
    """The ids of what a statement rests on, and of what has changed it."""
    ends = (change["before"], change["after"])
    rests = [id for end in ends for id in (end or {}).get("because", ())]
    return list(dict.fromkeys([*rests, *change["records"]]))
