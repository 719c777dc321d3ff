"""The state of an entity: its statements, comments and open questions."""

from __future__ import annotations

from collections.abc import Iterable

from timeline.acts import Statement, Value
from timeline.history import Happening
from timeline.judgement import Held
from timeline.order import Order
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
from timeline.projections.known import Known

VERSION = 1


def snapshot(known: Known, entity: str, basis: Basis, depth: int = 1) -> Answer:
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


def reachable(known: Known, entity: str, at: int, depth: int) -> list[Held]:
    """The statements that hold about an entity, and about what they lead to, in order.

    A value leads on only if it is known as an entity: that two things were measured as 5
    does not join them.
    """
    found: dict[Statement, Held] = {}
    frontier: set[Value] = {entity}
    seen: set[Value] = set()
    for left in reversed(range(depth)):
        found.update((held.statement, held) for held in known.about(frontier, at))
        seen |= frontier
        if left:
            named = {name for statement in found for name in statement.entities()}
            frontier = known.entities_among(named - seen)
    return [found[statement] for statement in sorted(found, key=rank)]


def comment_json(happening: Happening) -> Answer:
    """One entry of `comments`."""
    return {
        "id": happening.id,
        "speaker": happening.content["speaker"],
        "when": happening.content.get("when"),
        "quote": happening.content.get("quote"),
        "standing": happening.standing,
    }


def open_questions(happenings: Iterable[Happening], order: Order, at: int) -> list[Answer]:
    """The questions that may be open at `at`: asked, and not surely answered.

    `happenings` are what may have happened by then, in order of time.
    """
    happenings = list(happenings)
    answered = {
        each.content["answers"]
        for each in happenings
        if each.type.name == "answered" and not each.doubtful and order.span(each).surely_before(at)
    }
    asked = (each for each in happenings if each.type.name == "asked")
    return [question_json(each, order) for each in asked if each.id not in answered]


def question_json(happening: Happening, order: Order) -> Answer:
    """One entry of `questions`."""
    since = order.span(happening)
    return {
        "id": happening.id,
        "question": happening.content["question"],
        "since": interval((since.earliest, since.latest)),
    }
