"""What records do to statements, written a second time and independently of the product.

The peers fold by this, and the product must come to the same answers. It covers what the
workloads use: begins, ends and sets with vague dates, without order and rival accounts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from timeline import temporal

Content = Mapping[str, Any]
_AGES = 2**62


class Statement(NamedTuple):
    """What can hold; `role` is empty where there is none."""

    subject: str
    property: str
    value: str
    role: str = ""


class Act(NamedTuple):
    """What one event does to statements of one subject and property.

    `kind` is `begin`; `end` (of that value, and of that role where there is one); `become`
    (begins, and ends the other roles of that value); or `set` (begins, and ends the other
    values). It happened at some instant from `earliest` to before `latest`, in microseconds.
    """

    kind: str
    statement: Statement
    earliest: int
    latest: int
    position: int

    @property
    def opens(self) -> bool:
        return self.kind != "end"

    @property
    def shelf(self) -> tuple[str, str, str]:
        """What an act can have to do with another: the same member, or the same property."""
        subject, label, value, _ = self.statement
        return subject, label, "" if self.kind == "set" else value

    def closes(self, other: Statement) -> bool:
        """Whether it closes a statement of its shelf."""
        mine = self.statement
        match self.kind:
            case "end":
                return mine.value == other.value and mine.role in ("", other.role)
            case "become":
                return mine.value == other.value and mine.role != other.role
            case "set":
                return mine.value != other.value
            case _:
                return False


def acts_of(content: Content, position: int) -> list[Act]:
    """What an event does, as it reads."""
    found = list(_effects(content))
    if not found:
        return []
    earliest, latest = bounds_of(content["when"], content.get("zone", "UTC"))
    return [Act(kind, statement, earliest, latest, position) for kind, statement in found]


@lru_cache(maxsize=100_000)
def bounds_of(when: str, zone: str) -> tuple[int, int]:
    """The bounds of a date, open sides far away."""
    earliest, latest = temporal.read(when, zone).bounds
    return -_AGES if earliest is None else earliest, _AGES if latest is None else latest


def entities_in(content: Content) -> set[str]:
    """The entities that an event of these workloads names."""
    named = ("person", "organisation", "product", "speaker", "into", "subject")
    found = {content[name] for name in named if name in content}
    return found.union(content.get("about", ()), content.get("organisations", ()))


def _effects(content: Content) -> Iterator[tuple[str, Statement]]:
    kind = content["type"]
    match kind:
        case "joined" | "departed" | "appointed":
            member = content["person"], "member-of", content["organisation"]
            verb = {"joined": "begin", "departed": "end", "appointed": "become"}[kind]
            yield verb, Statement(*member, content.get("role", ""))
        case "merged":
            for each in content["organisations"]:
                yield "set", Statement(each, "part-of", content["into"])
        case "released":
            yield "begin", Statement(content["product"], "released-by", content["organisation"])
        case "became":
            yield "set", Statement(content["subject"], content["property"], content["value"])


def holding(acts: Iterable[Act], entity: str, at: int) -> dict[Statement, str]:
    """The statements about an entity that hold at an instant → `certain` or `possible`.

    `acts` are all those that stand on the shelves of the entity. This is the closed form
    of the design (§5) for dates that are independent of one another.
    """
    shelves: dict[tuple[str, str, str], list[Act]] = {}
    for act in acts:
        shelves.setdefault(act.shelf, []).append(act)
    found: dict[Statement, str] = {}
    for shelf in shelves.values():
        for statement in {act.statement for act in shelf}:
            if entity in (statement.subject, statement.value):
                certainty = _judged(statement, shelf, at)
                if certainty:
                    found[statement] = certainty
    return found


def _judged(statement: Statement, shelf: list[Act], at: int) -> str | None:
    begins = [act for act in shelf if act.opens and act.statement == statement]
    ends = [act for act in shelf if act.closes(statement)]
    if any(_can_be_last(begin, ends, at) for begin in begins):
        some_end = any(_can_be_last(end, begins, at) for end in ends)
        begun = any(begin.latest <= at for begin in begins)
        return "certain" if begun and not some_end else "possible"
    if any(_implies(end, statement, shelf) and end.latest > at for end in ends):
        return "possible"
    return None


def _can_be_last(act: Act, others: Iterable[Act], at: int) -> bool:
    """Whether it can be before an instant, and each of the others before it or not yet."""
    if act.earliest >= at:
        return False
    place = min(act.latest, at) - 1, act.position
    return all(other.latest > at or (other.earliest, other.position) <= place for other in others)


def _implies(end: Act, statement: Statement, shelf: list[Act]) -> bool:
    """Whether an end says that the statement held before: no known beginning can be its."""
    if end.kind != "end" or end.statement != statement:
        return False
    last = end.latest - 1, end.position
    return not any(
        act.opens and end.closes(act.statement) and (act.earliest, act.position) < last
        for act in shelf
    )
