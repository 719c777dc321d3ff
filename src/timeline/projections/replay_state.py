"""The state of a whole log while it is walked, record by record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from timeline.certainty.effects import Statement, Value
from timeline.certainty.evaluate import Certainty, HeldStatement, Interval
from timeline.certainty.evidence_index import EvidenceIndex
from timeline.certainty.order import Order
from timeline.history.history import Change, Event, History, Standing
from timeline.projections.answer import Answer, time_range
from timeline.projections.snapshot import comment_json, question_json
from timeline.projections.statement import rank, standing_of, statement_json


class StatementState(NamedTuple):
    """What of a statement that holds counts as its state; its lineage does not."""

    certainty: Certainty
    standing: Standing
    since: Interval | None
    until: Interval | None

    @classmethod
    def of(cls, held: HeldStatement) -> StatementState:
        """That of a statement as it was judged."""
        return cls(held.certainty, standing_of(held.because), held.since, held.until)

    def as_json(self) -> Answer:
        return {
            "certainty": self.certainty,
            "standing": self.standing,
            "since": time_range(self.since),
            "until": time_range(self.until),
        }


class ListItem(NamedTuple):
    """A place in the lists beside the statements: `comment` or `question`, and its id."""

    listing: str
    id: str


class StateChange(NamedTuple):
    """Something that reads otherwise for a record; None where it does not hold or is not listed."""

    what: Statement | ListItem
    before: Answer | None
    after: Answer | None

    def as_json(self) -> Answer:
        if isinstance(self.what, ListItem):
            named: Answer = {"listing": self.what.listing}
        else:
            named = {**statement_json(self.what)}
        return {**named, "before": self.before, "after": self.after}


class State:
    """What holds and is listed at one valid time, while a history is walked.

    It begins with all that the history holds already. With `slugs`, it keeps to the
    statements about these entities.
    """

    def __init__(self, history: History, at: int, slugs: Collection[str] | None = None):
        self._at = at
        self._slugs = slugs
        self._history = history
        self.order = Order(history)
        self.worlds = EvidenceIndex(self.order, history.counting())
        self.listings = CommentsAndQuestions(history, self.order, at)
        self._held: dict[Statement, StatementState] = {}
        self._about: dict[Value, dict[Statement, None]] = defaultdict(dict)
        for statement, holding in states(self.worlds, self.statements(), at).items():
            self._put(statement, holding)
        self._listed = {each.id: self.listings.entry(each.id) for each in listable(history)}

    def statements(self) -> Iterable[Statement]:
        """The statements that it keeps to, whether they hold or not."""
        if self._slugs is None:
            return self.worlds.statements()
        return dict.fromkeys(each for slug in self._slugs for each in self.worlds.named_about(slug))

    def holding(self, statement: Statement) -> StatementState | None:
        """The state of a statement; None if it does not hold."""
        return self._held.get(statement)

    def move(self, changed: Sequence[Change]) -> list[StateChange]:
        """Follow the history by one record; what has changed in the state."""
        pairs = concerned(self._history, self.order, changed)
        touched = set[Statement]()
        alone = len(pairs) == 1
        for change in pairs.values():
            touched |= self._touched(change, alone)
        if self._slugs is not None:
            slugs = self._slugs
            touched = {each for each in touched if each.subject in slugs or each.value in slugs}
        for before, _ in pairs.values():
            if before is not None and before.counts:
                self.worlds.remove(before)
        for _, after in pairs.values():
            if after.counts:
                self.worlds.add(after)
        now = states(self.worlds, touched, self._at)
        moved = moves(touched, self._held, now)
        for each in moved:
            assert isinstance(each.what, Statement)
            self._put(each.what, now.get(each.what))
        return moved + self._move_listings(pairs.values())

    def _move_listings(self, changed: Collection[Change]) -> list[StateChange]:
        for change in changed:
            self.listings.take(change.after)
        concerned = listed_by(changed)
        now = {each.id: self.listings.entry(each.id) for each in concerned}
        moved = listing_moves(concerned, self._listed, now)
        self._listed.update(now)
        return moved

    def _touched(self, change: Change, alone: bool) -> set[Statement]:
        before, after = change
        if before is None:
            # What is new can end only what holds, which is little beside all there was.
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


class CommentsAndQuestions:
    """Which comments and questions are listed at a time, as a history has it."""

    def __init__(self, history: History, order: Order, at: int):
        self._history = history
        self._order = order
        self._at = at
        self._answers: dict[str, set[str]] = defaultdict(set)
        for event in history.all():
            self.take(event)

    def take(self, event: Event) -> None:
        """Take in what may answer a question."""
        if event.type.name == "answered":
            self._answers[event.content["answers"]].add(event.id)

    def answers(self, id: str) -> list[Event]:
        """What answers a question."""
        answers = (self._history[answer] for answer in sorted(self._answers.get(id, ())))
        return [each for each in answers if each.counts and each.content["answers"] == id]

    def entry(self, id: str) -> Answer | None:
        """The entry of a snapshot that hangs on this comment or question, if it is listed."""
        event = self._history.get(id)
        if event is None or not event.counts:
            return None
        if not self._order.span(event).maybe_before(self._at):
            return None
        if event.type.name == "asked" and any(map(self._is_settled, self.answers(id))):
            return None
        return self.read(event)

    def read(self, event: Event) -> Answer:
        """How a comment or question reads, wherever it is listed."""
        if event.type.name == "commented":
            return {**comment_json(event)}
        return {**question_json(event, self._order)}

    def _is_settled(self, answer: Event) -> bool:
        return self._order.span(answer).surely_before(self._at) and not answer.doubtful


def concerned(history: History, order: Order, changed: Sequence[Change]) -> dict[str, Change]:
    """What a record has changed, and what may have moved with it, by position.

    The order takes it in.
    """
    pairs = {change.after.id: change for change in changed}
    for change in changed:
        for id in order.update(change):
            if id not in pairs:
                event = history[id]
                pairs[id] = Change(event, event)
    return dict(sorted(pairs.items(), key=lambda pair: pair[1].after.position))


def listable(history: History) -> Iterable[ListItem]:
    """All comments and questions of a history, listed or not."""
    kinds = {"commented": "comment", "asked": "question"}
    for each in history.all():
        if each.type.name in kinds:
            yield ListItem(kinds[each.type.name], each.id)


def listed_by(changes: Iterable[Change]) -> list[ListItem]:
    """The comments and questions that may be listed otherwise for some changes."""
    found: dict[ListItem, None] = {}
    for change in changes:
        for event in change:
            match event and event.type.name:
                case "commented":
                    found[ListItem("comment", change.after.id)] = None
                case "asked":
                    found[ListItem("question", change.after.id)] = None
                case "answered":
                    assert event is not None
                    found[ListItem("question", event.content["answers"])] = None
    return list(found)


def states(
    worlds: EvidenceIndex, statements: Iterable[Statement], at: int
) -> dict[Statement, StatementState]:
    """The states of those of the statements that hold."""
    return {held.statement: StatementState.of(held) for held in worlds.holding(statements, at)}


def moves(
    touched: Iterable[Statement],
    before: Mapping[Statement, StatementState],
    after: Mapping[Statement, StatementState],
) -> list[StateChange]:
    """The statements whose state differs, in order."""
    changed = [each for each in touched if before.get(each) != after.get(each)]
    return [
        StateChange(statement, _json(before.get(statement)), _json(after.get(statement)))
        for statement in sorted(changed, key=rank)
    ]


def listing_moves(
    concerned: Iterable[ListItem],
    before: Mapping[str, Answer | None],
    after: Mapping[str, Answer | None],
) -> list[StateChange]:
    """The comments and questions whose entries differ."""
    return [
        StateChange(each, before.get(each.id), after.get(each.id))
        for each in concerned
        if before.get(each.id) != after.get(each.id)
    ]


def _json(holding: StatementState | None) -> Answer | None:
    return holding.as_json() if holding else None
