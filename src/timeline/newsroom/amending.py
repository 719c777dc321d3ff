"""Amendments: the events that they are about, and what whoever amends should know of those."""

from __future__ import annotations

from typing import Any, NamedTuple

from timeline.errors import InputError, NotFoundError, Problem
from timeline.history.history import Event
from timeline.log.lookup import as_it_reads, find_event
from timeline.newsroom.dates import Note
from timeline.newsroom.newsroom import Newsroom
from timeline.records.record import Record


class Amending(NamedTuple):
    """A way to amend: the type of the amendment, and its field that names the event."""

    type: str
    field: str


WAYS = {
    "correct": Amending("correction", "corrects"),
    "retract": Amending("retraction", "retracts"),
    "restore": Amending("restoration", "restores"),
    "confirm": Amending("confirmation", "confirms"),
    "dispute": Amending("dispute", "disputes"),
}
"""What one may do to one event."""

_STANDINGS = {"confirmation": "confirmed", "dispute": "disputed"}


def events_of(newsroom: Newsroom, *ids: str) -> list[Event]:
    """The events with these ids, as they read now.

    Raises:
        NotFoundError: there is no such record.
        InputError: one of them is no event.
    """
    log, vocabulary = newsroom.store, newsroom.settings.vocabulary
    found = [find_event(log, vocabulary, id) for id in ids]
    if problems := [each for each in found if isinstance(each, Problem)]:
        missing = any(log.find(id) is None for id in ids)
        raise (NotFoundError if missing else InputError)(problems)
    return [as_it_reads(each, log, vocabulary) for each in found if isinstance(each, Record)]


def amendment(
    newsroom: Newsroom, way: Amending, id: str, said: dict[str, Any], note: Note
) -> dict[str, Any]:
    """The amendment of one event that says so; that it changes nothing is noted.

    Raises:
        NotFoundError: there is no such record.
        InputError: it is no event.
    """
    (event,) = events_of(newsroom, id)
    _note_standing(event, way.type, note)
    return {"story": event.record.story, "type": way.type, way.field: id, **said}


def conflict(
    newsroom: Newsroom, between: list[str], said: dict[str, Any], note: Note
) -> dict[str, Any]:
    """The conflict of some events; that they are no rivals, by the look of it, is noted.

    Raises:
        NotFoundError: there is no such record.
        InputError: one of them is no event.
    """
    accounts = events_of(newsroom, *between)
    _note_retracted(accounts, note)
    if _last_word(accounts, "conflict"):
        note(f"{', '.join(between)} are in conflict already")
    if len(types := {account.type.name for account in accounts}) > 1:
        note(f"they are of different types ({', '.join(sorted(types))}): is it one thing?")
    story = accounts[0].record.story
    return {"story": story, "type": "conflict", "between": between, **said}


def resolution(
    newsroom: Newsroom, chosen: str, over: list[str], said: dict[str, Any], note: Note
) -> dict[str, Any]:
    """The choice of an event over others; what it leaves unsettled is noted.

    Raises:
        NotFoundError: there is no such record.
        InputError: one of them is no event.
    """
    accounts = events_of(newsroom, chosen, *over)
    _note_retracted(accounts, note)
    last = _last_word(accounts, "resolution")
    if last and last.content["chosen"] == chosen:
        note(f"{chosen} is chosen over {', '.join(over)} already")
    for account in accounts:
        if not any(each.type.name == "conflict" for each in account.amendments):
            note(f"{account.id} is in no conflict: is it an account of the same thing?")
    if accounts[0].standing == "disputed":
        what = f"{chosen} is disputed, so it may still not have happened"
        note(f"{what}: `timeline confirm {chosen}` settles that")
    story = accounts[0].record.story
    return {"story": story, "type": "resolution", "chosen": chosen, "over": over, **said}


def _note_standing(event: Event, type: str, note: Note) -> None:
    id, standing = event.id, _STANDINGS.get(type)
    if standing is None:
        if type != "correction" and event.stands is (type == "restoration"):
            note(f"{id} {'stands' if event.stands else 'is retracted'} already")
    elif not event.stands:
        _note_retracted([event], note)
    elif event.standing == standing:
        note(f"{id} is {standing} already")


def _note_retracted(accounts: list[Event], note: Note) -> None:
    for account in accounts:
        if not account.stands:
            note(f"{account.id} is retracted: it counts for nothing until it is restored")


def _last_word(accounts: list[Event], type: str) -> Record | None:
    """The amendment of that type that is the last word on each of two rivals or more."""
    words: dict[str, Record | None] = {}
    for account in accounts:
        said = (each for each in account.amendments if each.type.name in ("conflict", "resolution"))
        words[account.id] = max(said, key=lambda each: each.position, default=None)
    first, *others = words.values()
    if first is None or first.type.name != type or not others:
        return None
    return first if all(word == first for word in others) else None
