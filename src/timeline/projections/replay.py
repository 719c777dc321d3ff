"""The audit: the log record by record, and what each changed in the state."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from timeline import temporal
from timeline.acts import Statement, Value
from timeline.events.record import Record, entities_of, headline
from timeline.history import Happening, History
from timeline.projections.answer import Answer, Basis, interval, rank, sealed, statement_json
from timeline.projections.reach import Reach
from timeline.projections.snapshot import listed_comments, open_questions
from timeline.worlds import Held, Worlds

VERSION = 1


def replay_answer(
    steps: Iterable[Answer],
    basis: Basis,
    first: int = 1,
    story: str | None = None,
    entity: str | None = None,
) -> Answer:
    """The steps of an audit as one answer, with its question and digest."""
    return sealed(
        {
            "projection": "replay",
            "version": VERSION,
            "story": story,
            "entity": entity,
            "from": first,
            **basis.as_json(),
            "steps": list(steps),
            "findings": [],
        }
    )


def steps(
    records: Iterable[Record],
    basis: Basis,
    after: int = 0,
    story: str | None = None,
    entity: str | None = None,
) -> Iterator[Answer]:
    """One step for each record beyond position `after`: who recorded what, when, to what effect.

    The state compared is that of `as_of`, as known before and after the record; so a
    record changes nothing if it is about a time yet to come. With a `story` or an
    `entity`, only the steps that belong to it are given; the state is always the whole.
    """
    history, state, listings = History(), State(basis.at), Listings(basis.at)
    for record in records:
        before, happening = history.apply(record)
        changes = state.move(before, happening) + listings.move(happening)
        if record.position <= after or story not in (None, record.story):
            continue
        about = listings.about(happening)
        if entity is None or entity in about or _concerns(entity, before, happening, changes):
            yield step_json(record, happening, changes)


def effect(history: History, record: Record, basis: Basis) -> Answer:
    """The step that one more record would be, after a history; the history takes it in."""
    standing, listings = list(history.standing()), Listings(basis.at)
    for known in standing:
        listings.put(known)
    before, after = history.apply(record)
    reach = Reach(standing)
    for each in (before, after):
        if each is not None:
            reach.load_for(each)
    worlds = reach.worlds
    touched = worlds.touched_by(after)
    if before is not None:
        touched |= worlds.touched_by(before)
    was = _states(worlds, touched, basis.at)
    _go_on(worlds, before, after)
    changes = _changes(touched, was, _states(worlds, touched, basis.at))
    return step_json(record, after, changes + listings.move(after))


def step_json(record: Record, happening: Happening, changes: list[Answer]) -> Answer:
    """One record of the audit, and when what it is about happened, as it now reads."""
    return {
        "position": record.position,
        "recorded_at": temporal.format_instant(record.recorded_at),
        "recorded_by": record.recorded_by,
        "id": record.id,
        "story": record.story,
        "type": record.type.name,
        "amends": record.amends,
        "when": happening.content["when"],
        "zone": happening.zone,
        "headline": headline(record.type, record.content),
        "changes": changes,
    }


class State:
    """Which statements hold, while the log is walked."""

    def __init__(self, at: int):
        self._at = at
        self._worlds = Worlds()
        self._held: dict[Statement, Answer] = {}
        self._about: dict[Value, dict[Statement, None]] = defaultdict(dict)

    def move(self, before: Happening | None, after: Happening) -> list[Answer]:
        """Go on by one record, which made `after` of `before`; what has changed."""
        touched = self._touched(before, after)
        _go_on(self._worlds, before, after)
        now = _states(self._worlds, touched, self._at)
        changes = _changes(touched, self._held, now)
        for statement in touched:
            if self._held.get(statement) != now.get(statement):
                self._put(statement, now.get(statement))
        return changes

    def _touched(self, before: Happening | None, after: Happening) -> set[Statement]:
        if before is None:
            # What is new can end only what holds, which is little beside all there was.
            return self._worlds.touched_by(after, among=self._about)
        return self._worlds.touched_by(before) | self._worlds.touched_by(after)

    def _put(self, statement: Statement, state: Answer | None) -> None:
        if state is None:
            del self._held[statement]
        else:
            self._held[statement] = state
        for entity in set(statement.entities()):
            if state is None:
                del self._about[entity][statement]
            else:
                self._about[entity][statement] = None


class Listings:
    """Which comments and questions are listed, while the log is walked."""

    def __init__(self, at: int):
        self._at = at
        self._asked: dict[str, Happening] = {}
        self._answered: dict[str, dict[str, Happening]] = {}
        self._commented: dict[str, Happening] = {}

    def move(self, happening: Happening) -> list[Answer]:
        """Take in a happening as it now reads; what has changed."""
        before = self._listed(happening)
        self.put(happening)
        after = self._listed(happening)
        if before == after:
            return []
        listing = "comment" if happening.type.name == "commented" else "question"
        return [{"listing": listing, "before": before, "after": after}]

    def about(self, happening: Happening) -> list[str]:
        """What the question is about that a happening answers."""
        asked = self._asked.get(happening.content.get("answers", ""))
        return asked.content["about"] if asked else []

    def put(self, happening: Happening) -> None:
        match happening.type.name:
            case "commented":
                self._commented[happening.id] = happening
            case "asked":
                self._asked[happening.id] = happening
            case "answered":
                answers = self._answered.setdefault(happening.content["answers"], {})
                answers[happening.id] = happening

    def _listed(self, happening: Happening) -> Answer | None:
        """The entry of a snapshot that hangs on this happening, if it is listed."""
        match happening.type.name:
            case "commented":
                known = self._commented.get(happening.id)
                if known is None or not known.stands:
                    return None
                return next(iter(listed_comments([known], self._at)), None)
            case "asked":
                return self._question(happening.id)
            case "answered":
                return self._question(happening.content["answers"])
            case _:
                return None

    def _question(self, id: str) -> Answer | None:
        asked = self._asked.get(id)
        if asked is None or not asked.stands:
            return None
        answers = [each for each in self._answered.get(id, {}).values() if each.stands]
        return next(iter(open_questions([asked, *answers], self._at)), None)


def _concerns(
    entity: str, before: Happening | None, after: Happening, changes: list[Answer]
) -> bool:
    readings = [after] if before is None else [before, after]
    named = (slug for each in readings for slug in entities_of(each.type, each.content))
    return entity in named or any(
        entity in (change.get("subject"), change.get("value")) for change in changes
    )


def _go_on(worlds: Worlds, before: Happening | None, after: Happening) -> None:
    if before is not None and before.stands:
        worlds.remove(before)
    if after.stands:
        worlds.add(after)


def _states(worlds: Worlds, statements: Iterable[Statement], at: int) -> dict[Statement, Answer]:
    return {held.statement: _state(held) for held in worlds.holding(statements, at)}


def _changes(
    touched: Iterable[Statement],
    before: Mapping[Statement, Answer],
    after: Mapping[Statement, Answer],
) -> list[Answer]:
    return [
        {
            **statement_json(statement),
            "before": before.get(statement),
            "after": after.get(statement),
        }
        for statement in sorted(touched, key=rank)
        if before.get(statement) != after.get(statement)
    ]


def _state(held: Held) -> Answer:
    """What of a statement counts as its state; its lineage is what the audit itself shows."""
    return {
        "certainty": held.certainty,
        "standing": "reported",
        "since": interval(held.since),
        "until": interval(held.until),
    }
