"""The state of an entity: its statements, comments and open questions."""

from __future__ import annotations

from collections.abc import Iterable

from timeline.certainty.effects import Statement, Value
from timeline.certainty.evaluate import HeldStatement
from timeline.certainty.order import Order
from timeline.history.history import Event
from timeline.projections.answer import (
    Answer,
    Basis,
    held_json,
    in_order,
    interval,
    rank,
    sealed,
)
from timeline.projections.findings import contradictions
from timeline.projections.snapshot_source import SnapshotSource

VERSION = 1


def snapshot(known: SnapshotSource, entity: str, basis: Basis, depth: int = 1) -> Answer:
    """The statements about an entity at `as_of`, `as_known` (design §6).

    With a `depth` of 2, also the statements about the entities found at depth 1, and so
    on; the answer then carries it. Comments and questions are those about the entity
    itself. Where several slugs mean one entity, any of them asks for it.
    """
    slug = known.names.canonical(entity)
    held = reachable(known, slug, basis.at, depth)
    listed = known.listed_with(slug)
    told = [each for _, each in in_order(listed, known.order, basis.at)]
    return sealed(
        {
            "projection": "snapshot",
            "version": VERSION,
            "entity": entity,
            **({"depth": depth} if depth != 1 else {}),
            **basis.as_json(),
            "statements": [held_json(each, known.history) for each in held],
            "comments": [comment_json(each) for each in told if each.type.name == "commented"],
            "questions": open_questions(told, known.order, basis.at),
            "findings": contradictions(known.order, known.linked_with(slug)),
        }
    )


def reachable(known: SnapshotSource, entity: str, at: int, depth: int) -> list[HeldStatement]:
    """The statements that hold about an entity, and about what they lead to, in order.

    A value leads on only if it is known as an entity: that two things were measured as 5
    does not join them.
    """
    found: dict[Statement, HeldStatement] = {}
    frontier: set[Value] = {entity}
    seen: set[Value] = set()
    for left in reversed(range(depth)):
        found.update((held.statement, held) for held in known.about(frontier, at))
        seen |= frontier
        if left:
            named = {name for statement in found for name in statement.entities()}
            frontier = known.entities_among(named - seen)
    return [found[statement] for statement in sorted(found, key=rank)]


def comment_json(event: Event) -> Answer:
    """One entry of `comments`."""
    return {
        "id": event.id,
        "speaker": event.content["speaker"],
        "when": event.content.get("when"),
        "quote": event.content.get("quote"),
        "standing": event.standing,
    }


def open_questions(events: Iterable[Event], order: Order, at: int) -> list[Answer]:
    """The questions that may be open at `at`: asked, and not surely answered.

    `events` are what may have happened by then, in order of time.
    """
    events = list(events)
    answered = {
        each.content["answers"]
        for each in events
        if each.type.name == "answered" and not each.doubtful and order.span(each).surely_before(at)
    }
    asked = (each for each in events if each.type.name == "asked")
    return [question_json(each, order) for each in asked if each.id not in answered]


def question_json(event: Event, order: Order) -> Answer:
    """One entry of `questions`."""
    since = order.span(event)
    return {
        "id": event.id,
        "question": event.content["question"],
        "since": interval((since.earliest, since.latest)),
    }
