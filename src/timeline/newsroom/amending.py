"""Amendments as records, with notes on what the author should know of the events they amend."""

from __future__ import annotations

from typing import Any, NamedTuple

from timeline.errors import InputError, NotFoundError, Problem
from timeline.newsroom.api import NewsroomApi
from timeline.projections.show import ShowAnswer
from timeline.records.record import Content, amended_by


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
"""The commands that amend one event."""

# The standings of events that were confirmed, and of those that are disputed.
_STANDINGS = {"confirmation": ("confirmed", "contested"), "dispute": ("disputed", "contested")}


def events_of(room: NewsroomApi, *ids: str) -> list[ShowAnswer]:
    """The events with these ids as they read now, each as the answer of `show`.

    Raises:
        NotFoundError: there is no such record.
        InputError: one of them is not an event.
    """
    found: list[ShowAnswer] = []
    problems: list[Problem] = []
    missing = False
    for id in ids:
        try:
            answer = room.show(id)
        except NotFoundError as error:
            problems += error.problems
            missing = True
            continue
        if answer["reads"] is None:
            record = answer["record"]
            named = amended_by(room.settings.vocabulary[record["type"]], record)
            hint = f"name the event: {' or '.join(named)}" if named else "name an event"
            problems.append(Problem(f"{id!r} is an amendment ({record['type']})", hint))
        found.append(answer)
    if problems:
        raise (NotFoundError if missing else InputError)(problems)
    return found


def amendment(room: NewsroomApi, way: Amending, id: str, said: dict[str, Any]) -> dict[str, Any]:
    """The amendment of one event with the fields `said`. Notes if it changes nothing.

    Raises:
        NotFoundError: there is no such record.
        InputError: it is not an event.
    """
    (event,) = events_of(room, id)
    _note_standing(room, event, way.type)
    return {"story": event["record"]["story"], "type": way.type, way.field: id, **said}


def conflict(room: NewsroomApi, between: list[str], said: dict[str, Any]) -> dict[str, Any]:
    """A conflict between some events. Notes if they do not look like rival accounts.

    Raises:
        NotFoundError: there is no such record.
        InputError: one of them is not an event.
    """
    accounts = events_of(room, *between)
    _note_retracted(room, accounts)
    if _last_word(accounts, "conflict"):
        room.note(f"{', '.join(between)} are in conflict already")
    if len(types := {account["record"]["type"] for account in accounts}) > 1:
        room.note(f"they are of different types ({', '.join(sorted(types))}): is it one thing?")
    story = accounts[0]["record"]["story"]
    return {"story": story, "type": "conflict", "between": between, **said}


class Choice(NamedTuple):
    """Which account of an event is chosen, over which others, and which tell the same."""

    chosen: str
    over: list[str]
    agrees: list[str]


def resolution(room: NewsroomApi, choice: Choice, said: dict[str, Any]) -> dict[str, Any]:
    """The choice of an account. Notes if it changes nothing.

    Raises:
        NotFoundError: there is no such record.
        InputError: one of them is not an event, or an account that tells otherwise is neither
            decided against nor said to agree.
    """
    chosen, over, agrees = choice
    accounts = events_of(room, chosen, *over, *agrees)
    first, *others = accounts
    _note_retracted(room, accounts)
    last = _last_word(accounts, "resolution")
    if last and last["chosen"] == chosen:
        room.note(f"{chosen} is chosen over {', '.join(over)} already")
    for account in accounts if others else ():
        if not any(each["type"] == "conflict" for each in account["amendments"]):
            room.note(f"{account['id']} is in no conflict: is it an account of the same thing?")
    if not others and not first["rivals"] and first["standing"] not in _STANDINGS["dispute"]:
        room.note(f"{chosen} is in no conflict and not disputed: there is nothing to resolve")
    _ask_for_the_rest(room, first, others)
    named = {"over": over, "agrees": agrees}
    content = {"story": first["record"]["story"], "type": "resolution", "chosen": chosen}
    return content | {name: ids for name, ids in named.items() if ids} | said


def _ask_for_the_rest(room: NewsroomApi, chosen: ShowAnswer, others: list[ShowAnswer]) -> None:
    """Ask what becomes of the accounts that tell otherwise, and are not named."""
    if not chosen["rivals"] and chosen["agrees_with"]:
        (chosen, *_) = events_of(room, chosen["agrees_with"][0])
    named = {id for each in others for id in (each["id"], *each["agrees_with"])}
    left = [id for id in chosen["rivals"] if id not in named]
    if left:
        raise InputError(
            Problem(
                f"{id!r} is an account of it too, and tells otherwise",
                f"--over {id} if it is decided against, --agrees {id} if it tells the same",
                "over",
            )
            for id in left
        )


def _note_standing(room: NewsroomApi, event: ShowAnswer, type: str) -> None:
    id, standing = event["id"], _STANDINGS.get(type)
    if standing is None:
        if type != "correction" and event["stands"] is (type == "restoration"):
            room.note(f"{id} {'stands' if event['stands'] else 'is retracted'} already")
    elif not event["stands"]:
        _note_retracted(room, [event])
    elif event["standing"] in standing:
        room.note(f"{id} is {standing[0]} already")


def _note_retracted(room: NewsroomApi, accounts: list[ShowAnswer]) -> None:
    for account in accounts:
        if not account["stands"]:
            room.note(f"{account['id']} is retracted: it has no effect until it is restored")


def _last_word(accounts: list[ShowAnswer], type: str) -> Content | None:
    """The amendment of that type that is the latest on each of two rivals or more."""
    latest: dict[str, Content | None] = {}
    for account in accounts:
        judged = [
            each for each in account["amendments"] if each["type"] in ("conflict", "resolution")
        ]
        latest[account["id"]] = max(judged, key=lambda each: each["position"], default=None)
    first, *others = latest.values()
    if first is None or first["type"] != type or not others:
        return None
    return first if all(each == first for each in others) else None
