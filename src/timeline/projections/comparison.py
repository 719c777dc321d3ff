"""What holds at two points of either clock, and which records made the difference."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from timeline.certainty.effects import Effects, Statement
from timeline.certainty.evaluate import HeldStatement
from timeline.history.event import Event
from timeline.history.history import Change, History
from timeline.projections.listings import (
    CommentsAndQuestions,
    ListedEntries,
    differing,
    listable,
    listed_by,
)
from timeline.projections.replay_state import State
from timeline.projections.statement import StatementState, lineage_of, rank
from timeline.records.record import Record
from timeline.temporal.instant_bounds import InstantBounds


class ComparedPoint(NamedTuple):
    """What holds and is listed at one of the two points."""

    history: History
    held: dict[Statement, HeldStatement]
    listed: ListedEntries

    def states(self) -> dict[Statement, StatementState]:
        """How each statement holds."""
        return {statement: StatementState.of(held) for statement, held in self.held.items()}


class Comparison:
    """What holds and is listed `before` and `after`, with the records behind each difference.

    Between the two, time passes first, from the instant `first` to `last`, while the log stays
    as it is in `history`. Then the log grows by the records `later`. With `slugs`, only what is
    about these entities is compared.
    """

    def __init__(
        self,
        history: History,
        later: Sequence[Record],
        first: int,
        last: int,
        slugs: Collection[str] | None,
    ):
        self._slugs = slugs
        self._causes: dict[Statement | str, list[str]] = defaultdict(list)
        grown = history.copy()
        self._state = State(grown, last, slugs)
        self.evidence = self._state.worlds
        listings = CommentsAndQuestions(history, self._state.order, first)
        self.before = self._end(history, listings, first)
        if first != last:
            self._pass_time(history, listings, first, last)
        for record in later:
            self._apply(record, grown)
        self.after = self._end(grown, self._state.listings, last)
        self._add_grounds(later)

    def statements(self) -> list[Statement]:
        """The statements that hold differently, or at one end only, in order."""
        before, after = self.before.states(), self.after.states()
        found = differing({**before, **after}, before, after)
        return sorted((statement for statement, *_ in found), key=rank)

    def records(self, what: Statement | str) -> list[str]:
        """The ids behind a change of a statement, or of the comment or question with an id."""
        return self._causes.get(what, [])

    def _is_about(self, event: Event) -> bool:
        """Whether a comment or question is among what is compared."""
        return self._slugs is None or not set(event.content["about"]).isdisjoint(self._slugs)

    def _end(self, history: History, listings: CommentsAndQuestions, at: int) -> ComparedPoint:
        held = self.evidence.holding(self._state.statements(), at)
        ids = (id for id in listable(history) if self._is_about(history[id]))
        return ComparedPoint(
            history, {each.statement: each for each in held}, listings.entries(ids)
        )

    def _pass_time(
        self, history: History, listings: CommentsAndQuestions, first: int, last: int
    ) -> None:
        """Note what changes because time passes: what may have happened meanwhile is behind it."""
        before = self.before.states()
        for statement in self._state.statements():
            if before.get(statement) != self._state.holding(statement):
                self._causes[statement] = lineage_of(
                    each.event
                    for each in self.evidence.acts_on(statement)
                    if _acts_between(each, first, last)
                )
        ids = list(listable(history))
        was, now = listings.entries(ids), self._state.listings.entries(ids)
        for id in ids:
            if was.get(id) != now.get(id):
                self._causes[id] = lineage_of(
                    each
                    for each in (history[id], *listings.answers(id))
                    if _is_between(self._state.order.span(each), first, last)
                )

    def _apply(self, record: Record, history: History) -> None:
        """Let the log grow by a record, and note what it changes."""
        changed = history.apply(record)
        moved = dict.fromkeys(each.what for each in self._state.move(changed))
        moved.update(dict.fromkeys(self._entering_or_leaving(changed)))
        for what in moved:
            self._causes[what].append(record.id)

    def _entering_or_leaving(self, changed: Iterable[Change]) -> Iterator[str]:
        """The comments and questions that are newly about the entity, or no longer."""
        for before, after in changed:
            if before is None or after.id not in listed_by([Change(before, after)]):
                continue
            if self._is_about(before) != self._is_about(after):
                yield after.id

    def _add_grounds(self, later: Sequence[Record]) -> None:
        """Add to each cause the later events that the statement now rests on, in order."""
        positions = {record.id: record.position for record in later}
        for statement, held in self.after.held.items():
            if statement in self._causes:
                new = (each.id for each in (*held.because, *held.doubts) if each.id in positions)
                found = dict.fromkeys([*self._causes[statement], *new])
                self._causes[statement] = sorted(found, key=lambda id: positions.get(id, 0))


def _acts_between(effects: Effects, first: int, last: int) -> bool:
    spans = (span for span in (effects.at, effects.until) if span is not None)
    return any(_is_between(span, first, last) for span in spans)


def _is_between(span: InstantBounds, first: int, last: int) -> bool:
    """Whether an event may have happened at `first` or later, and before `last`."""
    return span.earliest < last and span.latest > first
