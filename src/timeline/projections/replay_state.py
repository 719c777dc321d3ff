"""The state of a whole log at one valid time, updated record by record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Literal, NamedTuple, final

from typing_extensions import TypedDict

from timeline.certainty.effects import Statement, Value
from timeline.certainty.evidence_index import EvidenceIndex
from timeline.certainty.order import Order
from timeline.history.history import Change, History
from timeline.projections.listings import (
    CommentJson,
    CommentsAndQuestions,
    ListedEntries,
    QuestionJson,
    differing,
    listable,
    listed_by,
)
from timeline.projections.statement import (
    StateJson,
    StatementJson,
    StatementState,
    rank,
    statement_json,
)


@final
class StatementChangeJson(StatementJson):
    """A statement whose state a record changed; null where it does not hold."""

    before: StateJson | None
    after: StateJson | None


class CommentChangeJson(TypedDict):
    """A comment that a record added to the list, changed, or removed."""

    listing: Literal["comment"]
    before: CommentJson | None
    after: CommentJson | None


class QuestionChangeJson(TypedDict):
    """A question that a record opened, changed, or closed."""

    listing: Literal["question"]
    before: QuestionJson | None
    after: QuestionJson | None


StateChangeJson = StatementChangeJson | CommentChangeJson | QuestionChangeJson


class StateChange(NamedTuple):
    """What a record changed: a statement, or the comment or question with an id."""

    what: Statement | str
    json: StateChangeJson


class State:
    """What holds and is listed at one valid time, while a history grows.

    It starts from the events that the history has already. With `slugs`, it is limited to the
    statements about these entities.
    """

    def __init__(self, history: History, at: int, slugs: Collection[str] | None = None):
        self._at = at
        self._slugs = slugs
        self._history = history
        self.order = Order(history)
        self.worlds = EvidenceIndex(self.order)
        self.listings = CommentsAndQuestions(history, self.order, at)
        self._held: dict[Statement, StatementState] = {}
        self._about: dict[Value, dict[Statement, None]] = defaultdict(dict)
        for statement, holding in states(self.worlds, self.statements(), at).items():
            self._put(statement, holding)
        self._listed = self.listings.entries(listable(history))

    def statements(self) -> Iterable[Statement]:
        """The statements that it covers, whether they hold or not."""
        if self._slugs is None:
            return self.worlds.statements()
        return dict.fromkeys(each for slug in self._slugs for each in self.worlds.named_about(slug))

    def holding(self, statement: Statement) -> StatementState | None:
        """The state of a statement; None if it does not hold."""
        return self._held.get(statement)

    def move(self, changed: Sequence[Change]) -> list[StateChange]:
        """Follow the history by one record; returns what changed in the state."""
        pairs = concerned(self._history, self.order, changed)
        touched = set[Statement]()
        alone = len(pairs) == 1
        for change in pairs.values():
            touched |= self._touched(change, alone)
        if self._slugs is not None:
            slugs = self._slugs
            touched = {each for each in touched if each.subject in slugs or each.value in slugs}
        now = states(self.worlds, touched, self._at)
        changes = statement_changes(touched, self._held, now)
        for each in changes:
            assert isinstance(each.what, Statement)
            self._put(each.what, now.get(each.what))
        return changes + self._move_listings(pairs.values())

    def _move_listings(self, changed: Collection[Change]) -> list[StateChange]:
        for change in changed:
            self.listings.take(change.after)
        ids = listed_by(changed)
        now = self.listings.entries(ids)
        changes = listing_changes(ids, self._listed, now)
        self._listed.replace(ids, now)
        return changes

    def _touched(self, change: Change, alone: bool) -> set[Statement]:
        before, after = change
        if before is None:
            # A new event can only end statements that hold, which are few among all there were.
            return self.worlds.touched_by(after, among=self._about if alone else None)
        return self.worlds.touched_by(before) | self.worlds.touched_by(after)

    def _put(self, statement: Statement, holding: StatementState | None) -> None:
        if holding is None:
            del self._held[statement]
        else:
            self._held[statement] = holding
        for entity in set(statement.entities()):
            if holding is None:
                del self._about[entity][statement]
            else:
                self._about[entity][statement] = None


def concerned(history: History, order: Order, changed: Sequence[Change]) -> dict[str, Change]:
    """The events that a record changed, and those that may have moved with them, by position.

    Updates `order`.
    """
    pairs = {change.after.id: change for change in changed}
    for id in order.update(changed):
        if id not in pairs:
            event = history[id]
            pairs[id] = Change(event, event)
    return dict(sorted(pairs.items(), key=lambda pair: pair[1].after.position))


def states(
    worlds: EvidenceIndex, statements: Iterable[Statement], at: int
) -> dict[Statement, StatementState]:
    """The states of the statements that hold."""
    return {
        held.statement: StatementState.of(held)
        for held in worlds.holding(statements, at, doubts=False)
    }


def statement_changes(
    touched: Iterable[Statement],
    before: Mapping[Statement, StatementState],
    after: Mapping[Statement, StatementState],
) -> list[StateChange]:
    """The statements whose state differs, in order."""
    changed = sorted(differing(touched, before, after), key=lambda each: rank(each[0]))
    return [
        StateChange(
            statement,
            {**statement_json(statement), "before": _json(old), "after": _json(new)},
        )
        for statement, old, new in changed
    ]


def listing_changes(
    ids: Iterable[str], before: ListedEntries, after: ListedEntries
) -> list[StateChange]:
    """The comments and questions whose entries differ."""
    found = []
    for id in ids:
        comment = before.comments.get(id), after.comments.get(id)
        if comment[0] != comment[1]:
            said: CommentChangeJson = {
                "listing": "comment",
                "before": comment[0],
                "after": comment[1],
            }
            found.append(StateChange(id, said))
        question = before.questions.get(id), after.questions.get(id)
        if question[0] != question[1]:
            asked: QuestionChangeJson = {
                "listing": "question",
                "before": question[0],
                "after": question[1],
            }
            found.append(StateChange(id, asked))
    return found


def _json(state: StatementState | None) -> StateJson | None:
    return state.as_json() if state else None
