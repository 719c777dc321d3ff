"""What has changed between two points, for people."""

from __future__ import annotations

from collections.abc import Iterable

from timeline import temporal
from timeline.errors import Problem
from timeline.history.history import Event
from timeline.log.lookup import as_it_reads, find_record
from timeline.newsroom.newsroom import Newsroom
from timeline.projections.answer import Answer
from timeline.records.record import Record
from timeline.render.tables.changes import show_change
from timeline.render.terminal import safe, say
from timeline.render.wording import local, said_date, said_known


def show_diff(answer: Answer, newsroom: Newsroom) -> None:
    """What has changed, by which records, and what there is to correct."""
    show_question(answer, newsroom)
    say()
    records = _Records(newsroom, answer["to"]["as_known"])
    listed = [{"listing": "comment", **each} for each in answer["comments"]]
    listed += [{"listing": "question", **each} for each in answer["questions"]]
    for change in (*answer["changes"], *listed):
        show_change(change, records.dates(_behind(change)))
        for id in change["records"]:
            say(f"by {records.said(id)}", indent=4, hang=2, dim=True)
    if not answer["changes"] and not listed:
        say("nothing has changed", dim=True)
    if answer["notices"]:
        say()
        say("To correct", bold=True)
    for notice in answer["notices"]:
        say(safe(notice["text"]), hang=2)
        for id in notice["records"]:
            say(f"by {records.said(id)}", indent=4, hang=2, dim=True)


def show_question(answer: Answer, newsroom: Newsroom) -> None:
    """What was compared with what."""
    say(safe(answer["entity"] or answer["story"] or "everything"), bold=True)
    was, now = answer["from"], answer["to"]
    dates = [said_date(temporal.read(end["as_of"], newsroom.settings.zone)) for end in (was, now)]
    known = [said_known(end, newsroom.settings.zone) for end in (was, now)]
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


class _Records:
    """Records by their ids, found when they are asked for."""

    def __init__(self, newsroom: Newsroom, until: int):
        self._newsroom = newsroom
        self._until = until
        self._found: dict[str, Record] = {}

    def said(self, id: str) -> str:
        """A record, its position, who recorded it, and when."""
        record = self._get(id)
        if record is None:
            return safe(id)
        when = local(record.recorded_at, self._newsroom.settings.zone)
        who = record.recorded_by or "somebody"
        return safe(f"{id} ({record.type.name}, at {record.position}), {who}, {when}")

    def dates(self, ids: Iterable[str]) -> list[temporal.ParsedDate]:
        """The dates of events, as they read at the end and as they were recorded."""
        log, vocabulary = self._newsroom.store, self._newsroom.settings.vocabulary
        found: list[temporal.ParsedDate] = []
        for id in ids:
            record = self._get(id)
            if record is not None and not record.is_amendment:
                reads = as_it_reads(record, log, vocabulary, self._until)
                dates = (reads.when, Event(record, record.content).when)
                found += [each for each in dates if each is not None]
        return found

    def _get(self, id: str) -> Record | None:
        if id not in self._found:
            record = find_record(self._newsroom.store, self._newsroom.settings.vocabulary, id)
            if isinstance(record, Problem):
                return None
            self._found[id] = record
        return self._found[id]


def _behind(change: Answer) -> list[str]:
    """The ids of what a statement rests on, and of what has changed it."""
    ends = (change["before"], change["after"])
    rests = [id for end in ends for id in (end or {}).get("because", ())]
    return list(dict.fromkeys([*rests, *change["records"]]))
