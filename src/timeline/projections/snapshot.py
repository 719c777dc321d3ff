"""The state of an entity: its statements, comments and open questions."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from timeline.acts import Statement, Value, occurred
from timeline.events.record import entities_of
from timeline.history import Happening, History
from timeline.projections.answer import (
    Answer,
    Basis,
    held_json,
    in_order,
    interval,
    rank,
    sealed,
)
from timeline.projections.reach import Reach
from timeline.worlds import Held

VERSION = 1


def snapshot(history: History, entity: str, basis: Basis, depth: int = 1) -> Answer:
    """The statements about an entity at `as_of`, `as_known` (design §6).

    With a `depth` of 2, also the statements about the entities found at depth 1, and so
    on. Comments and questions are those about the entity itself.
    """
    standing = list(history.standing())
    about = [each for each in standing if _is_about(each, entity)]
    held = reachable(standing, entity, basis.at, depth)
    return sealed(
        {
            "projection": "snapshot",
            "version": VERSION,
            "entity": entity,
            **basis.as_json(),
            "statements": [held_json(each) for each in held],
            "comments": listed_comments(about, basis.at),
            "questions": open_questions(about, basis.at),
            "findings": [],
        }
    )


def reachable(standing: Collection[Happening], entity: str, at: int, depth: int) -> list[Held]:
    """The statements that hold about an entity, and about what they lead to, in order.

    A value leads on only if it is known as an entity: that two things were measured as 5
    does not join them.
    """
    reach = Reach(standing)
    known = {slug for each in standing for slug in entities_of(each.type, each.content)}
    found: dict[Statement, Held] = {}
    frontier: set[Value] = {entity}
    seen: set[Value] = set()
    for _ in range(depth):
        found.update((held.statement, held) for held in reach.about(frontier, at))
        seen |= frontier
        named = {name for statement in found for name in statement.entities()}
        frontier = (named & known) - seen
    return [found[statement] for statement in sorted(found, key=rank)]


def listed_comments(standing: Iterable[Happening], at: int) -> list[Answer]:
    """What may have been said by `at`, in order of time."""
    return [comment_json(each) for each in _happened(standing, "commented", at)]


def comment_json(happening: Happening) -> Answer:
    """One entry of `comments`."""
    return {
        "id": happening.id,
        "speaker": happening.content["speaker"],
        "when": happening.content["when"],
        "quote": happening.content.get("quote"),
        "standing": "reported",
    }


def open_questions(standing: Iterable[Happening], at: int) -> list[Answer]:
    """The questions that may be open at `at`: asked, and not surely answered."""
    standing = list(standing)
    answered = {
        each.content["answers"]
        for each in _happened(standing, "answered", at)
        if occurred(each).surely_before(at)
    }
    asked = _happened(standing, "asked", at)
    return [question_json(each) for each in asked if each.id not in answered]


def question_json(happening: Happening) -> Answer:
    """One entry of `questions`."""
    since = occurred(happening)
    return {
        "id": happening.id,
        "question": happening.content["question"],
        "since": interval((since.earliest, since.latest)),
    }


def _happened(happenings: Iterable[Happening], type: str, at: int) -> list[Happening]:
    """Those of a type that may have happened before `at`, in valid order."""
    chosen = (each for each in happenings if each.type.name == type)
    return [each for _, each in in_order(chosen, at)]


def _is_about(happening: Happening, entity: str) -> bool:
    """Whether it is listed with an entity; answers go with their questions."""
    return happening.type.name == "answered" or entity in happening.content.get("about", ())
