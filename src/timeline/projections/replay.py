"""The audit: the log record by record, and what each changed in the state."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from timeline import temporal
from timeline.acts import Statement
from timeline.events.record import Record, entities_of, headline
from timeline.history import Happening, History
from timeline.projections.answer import Answer, Basis, held_json, rank, sealed, statement_json
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
    history, worlds, listings = History(), Worlds(), Listings(basis.at)
    for record in records:
        before, happening = history.apply(record)
        shown = record.position > after and story in (None, record.story)
        touched: set[Statement] = set()
        if shown:
            touched = worlds.touched_by(happening)
            if before is not None:
                touched |= worlds.touched_by(before)
        held_before = _judged(worlds, touched, basis.at)
        listed_before = listings.state(happening)
        listings.put(happening)
        if before is not None and before.stands:
            worlds.remove(before)
        if happening.stands:
            worlds.add(happening)
        if shown:
            held_after = _judged(worlds, touched, basis.at)
            changes = _changes(held_before, held_after)
            changes += listings.changes(listed_before, happening)
            if entity is None or _concerns(entity, happening, changes):
                yield step_json(record, happening, changes)


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


class Listings:
    """Which comments and questions are listed, while the log is walked."""

    def __init__(self, at: int):
        self._at = at
        self._asked: dict[str, Happening] = {}
        self._answered: dict[str, dict[str, Happening]] = {}
        self._commented: dict[str, Happening] = {}

    def put(self, happening: Happening) -> None:
        """Take in a happening as it now reads."""
        match happening.type.name:
            case "commented":
                self._commented[happening.id] = happening
            case "asked":
                self._asked[happening.id] = happening
            case "answered":
                answers = self._answered.setdefault(happening.content["answers"], {})
                answers[happening.id] = happening

    def state(self, happening: Happening) -> Answer | None:
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

    def changes(self, before: Answer | None, happening: Happening) -> list[Answer]:
        """What became of that entry."""
        after = self.state(happening)
        if before == after:
            return []
        listing = "comment" if happening.type.name == "commented" else "question"
        return [{"listing": listing, "before": before, "after": after}]

    def _question(self, id: str) -> Answer | None:
        asked = self._asked.get(id)
        if asked is None or not asked.stands:
            return None
        answers = [each for each in self._answered.get(id, {}).values() if each.stands]
        return next(iter(open_questions([asked, *answers], self._at)), None)


def _concerns(entity: str, happening: Happening, changes: list[Answer]) -> bool:
    named = entities_of(happening.type, happening.content)
    return entity in named or any(
        entity in (change.get("subject"), change.get("value")) for change in changes
    )


def _judged(worlds: Worlds, statements: Iterable[Statement], at: int) -> dict[Statement, Answer]:
    return {held.statement: _state(held) for held in worlds.holding(statements, at)}


def _state(held: Held) -> Answer:
    """What of a statement counts as its state; the lineage is what the audit itself shows."""
    entry = held_json(held)
    return {name: entry[name] for name in ("certainty", "standing", "since", "until")}


def _changes(before: dict[Statement, Answer], after: dict[Statement, Answer]) -> list[Answer]:
    differing = [key for key in before.keys() | after.keys() if before.get(key) != after.get(key)]
    return [
        {**statement_json(key), "before": before.get(key), "after": after.get(key)}
        for key in sorted(differing, key=rank)
    ]
