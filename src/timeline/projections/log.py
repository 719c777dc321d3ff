"""The records as they were recorded, filtered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Annotated

from typing_extensions import TypedDict

from timeline.errors import InputError, Problem, did_you_mean
from timeline.history.entity_resolution import Resolver
from timeline.history.history import History
from timeline.projections.question import (
    AsKnown,
    Listing,
    OfEntity,
    OfStory,
    Param,
    Part,
    or_else,
)
from timeline.projections.show import AnyRecord, record_json
from timeline.records.record import Record, entities_of
from timeline.records.vocabulary import Vocabulary
from timeline.temporal.json_schema import DATE

if TYPE_CHECKING:
    from timeline.projections.room import Room


class LogAnswer(TypedDict):
    """Records, in the order in which they were recorded."""

    records: list[AnyRecord]


@dataclass(frozen=True)
class Log(Listing[LogAnswer, AnyRecord]):
    """The records, in the order in which they were recorded.

    With --as-of, leave out events that (as corrected) had not happened yet.
    """

    lists = "records"
    depends_on_now = False

    story: OfStory = None
    entity: OfEntity = None
    type: Annotated[str | None, Param("Only records of this type.", suggest="type")] = None
    as_of: Annotated[
        str | None,
        Param(
            "Leave out events that had not happened by then: EDTF, or words.",
            metavar="DATE",
            examples=("2026-03-04", "2026-03~"),
            schema=DATE,
        ),
    ] = None
    as_known: AsKnown = None

    def part(self, room: Room) -> Part[LogAnswer, AnyRecord]:
        refuse_unknown_types(() if self.type is None else (self.type,), room.settings.vocabulary)
        basis = room.basis(self.as_of, self.as_known)
        room.note_if_no_story(self.story)
        happened = None if self.as_of is None else (room.history(basis), basis.at)
        if self.entity is None:
            # Only the entity's filter depends on earlier records.
            records: Iterable[Record] = room.records(basis.as_known, self.first - 1)
            found = listing(records, self.first, self.story, None, self.type, happened)
        else:
            entity = room.entity(self.entity, basis)
            records = room.records_about([entity], basis)
            names = room.names(basis)
            found = listing(records, self.first, self.story, entity, self.type, happened, names)
            found = or_else(found, lambda: room.note_if_unknown(entity, basis))
        entries = (record_json(each) for each in islice(found, self.limit))
        return Part(entries, basis.as_known, lambda entries: {"records": [*entries]})

    def reads_all(self) -> bool:
        return self.entity is not None or self.as_of is not None


def refuse_unknown_types(types: Iterable[str], vocabulary: Vocabulary) -> None:
    """Refuse types that the vocabulary does not have.

    Raises:
        InputError: there are any; all of them are named.
    """
    known = [kind.name for kind in vocabulary]
    problems = [
        Problem(f"there is no type {name!r}", did_you_mean(name, known), "--type")
        for name in types
        if name not in known
    ]
    if problems:
        raise InputError(problems)


def listing(
    records: Iterable[Record],
    first: int = 1,
    story: str | None = None,
    entity: str | None = None,
    type: str | None = None,
    happened: tuple[History, int] | None = None,
    names: Resolver | None = None,
) -> Iterator[Record]:
    """The records from position `first` on, in recorded order, that match all filters.

    A record belongs to an entity if it names it, or amends or answers a record that belongs to
    it; `names` resolves the entity's other slugs. `happened` is a history and an instant:
    events that certainly had not happened before that instant, as they read in the history,
    are left out.
    """
    concerned: set[str] = set()
    slugs = None if entity is None else set((names or Resolver()).get(entity).slugs)
    for record in records:
        if slugs is not None:
            if not _concerns(slugs, record, concerned):
                continue
            concerned.update(record.amends if record.type.name == "correction" else [record.id])
        if record.position < first or story not in (None, record.story):
            continue
        if type not in (None, record.type.name):
            continue
        if happened is None or record.is_amendment:
            yield record
            continue
        history, at = happened
        if history[record.id].occurred.maybe_before(at):
            yield record


def _concerns(slugs: set[str], record: Record, concerned: set[str]) -> bool:
    """Whether a record names an entity, or one that is `concerned` with it."""
    if not concerned.isdisjoint([*record.amends, record.content.get("answers")]):
        return True
    if not slugs.isdisjoint(entities_of(record.type, record.content)):
        return True
    changes = record.content["changes"] if record.type.name == "correction" else {}
    values = (value if isinstance(value, list) else [value] for value in changes.values())
    return any(value in slugs for each in values for value in each if isinstance(value, str))
