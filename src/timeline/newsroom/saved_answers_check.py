"""Whether saved answers can be reproduced: as known then, and as known now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from timeline import temporal
from timeline.history.history import History
from timeline.log.lookup import naming_amendments, readable
from timeline.newsroom.newsroom import Newsroom
from timeline.newsroom.saved_answers import AnswerChecker, SavedAnswer
from timeline.projections.answer import Answer
from timeline.projections.positions import written
from timeline.records.record import Record, entities_of

# Keys of an answer that are not its content.
_QUESTION = ("as_of", "as_known", "recorded_at", "beyond", "during", "from", "to", "digest")

# Keys of an entry that describe its neighbours rather than itself.
_OF_NEIGHBOURS = ("order", "group")


def asserted(newsroom: Newsroom, saved: Iterable[SavedAnswer]) -> Iterator[Answer]:
    """One report for each saved answer.

    `unchanged` says whether the question, asked again at the position it was asked at,
    has the same answer; if not, `difference` is the first place where they differ.
    `moved` says whether the answer at the head differs, and `changes` lists what is new
    (`+`), gone (`-`) or different (`~`), with the `records` behind it.

    Raises:
        InputError: a question cannot be asked in this newsroom.
    """
    room = AnswerChecker(newsroom)
    for each in saved:
        report: Answer = {
            "file": each.file,
            "projection": each.projection,
            **{name: each.answer[name] for name in ("story", "entity") if name in each.answer},
            "as_of": each.as_of,
            "as_known": each.as_known,
            "head": room.head,
        }
        if each.as_known > room.head:
            # It was asked of a longer log.
            beyond = {"at": "as_known", "kept": each.as_known, "again": room.head}
            yield {**report, "unchanged": False, "difference": beyond, "moved": None, "changes": []}
            continue
        then = room.again(each, each.as_known)
        now = then if each.as_known == room.head else room.again(each, room.head)
        moved = _content(then) != _content(now)
        place = _first_difference(each.answer, then)
        yield {
            **report,
            "unchanged": place is None,
            "difference": place,
            "moved": moved,
            "changes": list(_Since(room, each).changes(then, now)) if moved else [],
        }


def _first_difference(kept: Answer, again: Answer) -> Answer | None:
    """The first place where two answers differ: in their content, else in question or digest."""
    said = next(_differences(_content(kept), _content(again)), None)
    return said or next(_differences(kept, again), None)


def _differences(kept: Any, again: Any, at: str = "") -> Iterator[Answer]:
    """Where two JSON values differ, in order; None where one has nothing."""
    if isinstance(kept, dict) and isinstance(again, dict):
        for name in dict.fromkeys([*kept, *again]):
            inner = f"{at}.{name}" if at else str(name)
            yield from _differences(kept.get(name), again.get(name), inner)
    elif isinstance(kept, list) and isinstance(again, list):
        for number in range(max(len(kept), len(again))):
            old, new = (each[number] if number < len(each) else None for each in (kept, again))
            yield from _differences(old, new, f"{at}[{number}]")
    elif kept != again or type(kept) is not type(again):
        yield {"at": at, "kept": kept, "again": again}


class _Since:
    """What has changed since an answer was kept, and by which records."""

    def __init__(self, room: AnswerChecker, saved: SavedAnswer):
        self._room = room
        self._saved = saved

    def changes(self, then: Answer, now: Answer) -> Iterator[Answer]:
        """What is new, gone or different in `now`."""
        match self._saved.projection:
            case "snapshot":
                found = list(self._of_snapshot(then, now))
            case "chronology":
                found = list(self._of_chronology(then, now))
            case "replay":
                found = list(self._of_replay(then, now))
            case _:
                found = []
        yield from found or [self._in_general(then, now)]

    def _of_snapshot(self, then: Answer, now: Answer) -> Iterator[Answer]:
        """By way of the diff, of all that stands in either snapshot."""
        diff = self._room.diff(
            None if "depth" in self._saved.answer else self._saved.answer["entity"],
            as_of=self._saved.as_of,
            as_known=f"{written(self._saved.as_known)}..{written(self._room.head)}",
        )
        listed = [_named(each) for answer in (then, now) for each in answer["statements"]]
        for change in diff["changes"]:
            if _named(change) in listed:
                yield self._change(_mark(change), _said(change), change["records"])
        ids = {
            each["id"]
            for answer in (then, now)
            for each in (*answer["comments"], *answer["questions"])
        }
        for comment in diff["comments"]:
            said = comment["after"] or comment["before"]
            if said is not None and comment["id"] in ids:
                what = f"comment: {said['speaker']}: {said['quote'] or '…'}"
                yield self._change(_mark(comment), what, comment["records"])
        for question in diff["questions"]:
            asked = question["after"] or question["before"]
            if asked is not None and question["id"] in ids:
                what = f"question: {asked['question']}"
                yield self._change(_mark(question), what, question["records"])

    def _of_chronology(self, then: Answer, now: Answer) -> Iterator[Answer]:
        before, after = (
            {entry["id"]: entry for entry in answer["events"]} for answer in (then, now)
        )
        for id in dict.fromkeys([*after, *before]):
            old, new = before.get(id), after.get(id)
            if _itself(old) != _itself(new):
                entry = new or old
                assert entry is not None
                change = {"before": old, "after": new}
                what = entry["headline"]
                if old is not None and new is not None:
                    what += f" ({', '.join(_keys_that_differ(old, new))})"
                yield self._change(_mark(change), what, self._behind(id))

    def _of_replay(self, then: Answer, now: Answer) -> Iterator[Answer]:
        further = [each["id"] for each in now["steps"][len(then["steps"]) :]]
        if further:
            steps = "1 further step" if len(further) == 1 else f"{len(further):,} further steps"
            yield self._change("+", steps, further)

    def _in_general(self, then: Answer, now: Answer) -> Answer:
        """The keys that differ, and the later records that the new answer names."""
        old, new = _content(then), _content(now)
        keys = _keys_that_differ(old, new)
        known = set(_texts(old))
        texts = dict.fromkeys(each for each in _texts(new) if each not in known)
        ids = [id for id in texts if len(id) <= 200]
        merges = (merge.id for merge in self._merges())
        return self._change("~", f"{' and '.join(keys)} read otherwise", [*ids, *merges])

    def _behind(self, id: str) -> list[str]:
        """An event and its amendments, and those that its order to others brings in."""
        history = self._room.history(self._room.basis(None, self._room.head))
        own = list(history[id].lineage)
        if any(self._is_later(each) for each in own):
            return own
        linked = [each for other in _linked(history, id) for each in history[other].lineage]
        if any(self._is_later(each) for each in linked):
            return linked
        named = set(entities_of(history[id].type, history[id].record.content))
        return [each.id for each in self._merges() if named & set(each.content["entities"])]

    def _merges(self) -> list[Record]:
        """The amendments that say which slugs are one entity."""
        vocabulary = self._room.settings.vocabulary
        amendments = readable(naming_amendments(self._room.store, vocabulary), vocabulary)
        return [each for each in amendments if "entities" in each.content]

    def _change(self, mark: str, what: str, ids: Iterable[str]) -> Answer:
        found = [self._later(id) for id in dict.fromkeys(ids)]
        records = sorted((each for each in found if each), key=lambda each: each.position)
        return {"mark": mark, "what": what, "records": [_record_json(each) for each in records]}

    def _is_later(self, id: str) -> bool:
        return self._later(id) is not None

    def _later(self, id: str) -> Record | None:
        """The record with that id, if it came after the answer was kept."""
        entry = self._room.store.find(id)
        if entry is None or entry.position <= self._saved.as_known:
            return None
        return self._room.decode(entry)


def _linked(history: History, id: str) -> set[str]:
    """All that are linked by order with an event, whether they still count or not."""
    beside: dict[str, set[str]] = defaultdict(set)
    for event in history.all():
        for _, link in event.links:
            beside[event.id].add(link["id"])
            beside[link["id"]].add(event.id)
    found, waiting = {id}, [id]
    while waiting:
        further = beside[waiting.pop()] - found
        found |= further
        waiting.extend(further)
    return found


def _record_json(record: Record) -> Answer:
    return {
        "position": record.position,
        "id": record.id,
        "type": record.type.name,
        "recorded_by": record.recorded_by,
        "recorded_at": temporal.format_instant(record.recorded_at),
    }


def _itself(entry: Answer | None) -> Answer | None:
    if entry is None:
        return None
    return {name: value for name, value in entry.items() if name not in _OF_NEIGHBOURS}


def _named(entry: Mapping[str, Any]) -> Answer:
    """The statement of an entry."""
    return {name: entry[name] for name in ("subject", "property", "value", "qualifiers")}


def _keys_that_differ(old: Answer, new: Answer) -> list[str]:
    names = (name for name in dict.fromkeys([*old, *new]) if name not in _OF_NEIGHBOURS)
    return [name for name in names if old.get(name) != new.get(name)]


def _mark(change: Mapping[str, Any]) -> str:
    return "+" if not change["before"] else "-" if not change["after"] else "~"


def _said(change: Mapping[str, Any]) -> str:
    """A change of a statement, in a line."""
    qualifiers = ", ".join(f"{name}: {text}" for name, text in change["qualifiers"].items())
    line = f"{change['subject']} {change['property']} {change['value']}"
    line += f" ({qualifiers})" if qualifiers else ""
    before, after = change["before"], change["after"]
    if after is None:
        return f"{line}: no longer"
    if before is None:
        return f"{line}: {after['certainty']}"
    keys = ("certainty", "standing", "since", "until")
    differ = [key for key in keys if before[key] != after[key]]
    told = [f"{after[key]} (was {before[key]})" for key in differ if key in keys[:2]]
    told += [f"{key} reads otherwise" for key in differ if key in keys[2:]]
    return f"{line}: {', '.join(told)}"


def _texts(value: Any) -> Iterator[str]:
    """All strings in a JSON value."""
    if isinstance(value, str):
        yield value
    for each in value.values() if isinstance(value, dict) else ():
        yield from _texts(each)
    for each in value if isinstance(value, list) else ():
        yield from _texts(each)


def _content(answer: Answer) -> Answer:
    """What an answer says, without what it was asked with."""
    return {name: value for name, value in answer.items() if name not in _QUESTION}
