"""The state of a whole log while it is walked, record by record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from timeline.acts import Statement, Value
from timeline.history import Change, Happening, History, Standing
from timeline.judgement import Certainty, Held, Interval
from timeline.order import Order
from timeline.projections.answer import Answer, interval, rank, standing_of, statement_json
from timeline.projections.snapshot import comment_json, question_json
from timeline.worlds import Worlds


class Holding(NamedTuple):
    """What of a statement that holds counts as its state; its lineage does not."""

    certainty: Certainty
    standing: Standing
    since: Interval | None
    until: Interval | None

    @classmethod
    def of(cls, held: Held) -> Holding:
        """That of a statement as it was judged."""
        return cls(held.certainty, standing_of(held.because), held.since, held.until)

    def as_json(self) -> Answer:
        return {
            "certainty": self.certainty,
            "standing": self.standing,
            "since": interval(self.since),
            "until": interval(self.until),
        }


class Listed(NamedTuple):
    """A place in the lists beside the statements: `comment` or `question`, and its id."""

    listing: str
    id: str


class Moved(NamedTuple):
    """Something that reads otherwise for a record; None where it does not hold or is not listed."""

    what: Statement | Listed
    before: Answer | None
    after: Answer | None

    def as_json(self) -> Answer:
        if isinstance(self.what, Listed):
            named: Answer = {"listing": self.what.listing}
        else:
            named = statement_json(self.what)
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
        self.worlds = Worlds(self.order, history.counting())
        self.listings = Listings(history, self.order, at)
        self._held: dict[Statement, Holding] = {}
        self._about: dict[Value, dict[Statement, None]] = defaultdict(dict)
        for statement, holding in states(self.worlds, self.statements(), at).items():
            self._put(statement, holding)
        self._listed = {each.id: self.listings.entry(each.id) for each in listable(history)}

    def statements(self) -> Iterable[Statement]:
        """The statements that it keeps to, whether they hold or not."""
        if self._slugs is None:
            return self.worlds.statements()
        return dict.fromkeys(each for slug in self._slugs for each in self.worlds.named_about(slug))

    def holding(self, statement: Statement) -> Holding | None:
        """The state of a statement; None if it does not hold."""
        return self._held.get(statement)

    def move(self, changed: Sequence[Change]) -> list[Moved]:
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

    def _move_listings(self, changed: Collection[Change]) -> list[Moved]:
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

    def _put(self, statement: Statement, holding: Holding | None) -> None:
        if holding is None:
            del self._held[statement]
        else:
            self._held[statement] = holding
        for entity in set(statement.entities()):
            if holding is None:
                del self._about[entity][statement]
            else:
                self._about[entity][statement] = None


class Listings:
    """Which comments and questions are listed at a time, as a history has it."""

    def __init__(self, history: History, order: Order, at: int):
        self._history = history
        self._order = order
        self._at = at
        self._answers: dict[str, set[str]] = defaultdict(set)
        for happening in history.all():
            self.take(happening)

    def take(self, happening: Happening) -> None:
        """Take in what may answer a question."""
        if happening.type.name == "answered":
            self._answers[happening.content["answers"]].add(happening.id)

    def answers(self, id: str) -> list[Happening]:
        """What answers a question."""
        answers = (self._history[answer] for answer in sorted(self._answers.get(id, ())))
        return [each for each in answers if each.counts and each.content["answers"] == id]

    def entry(self, id: str) -> Answer | None:
        """The entry of a snapshot that hangs on this comment or question, if it is listed."""
        happening = self._history.get(id)
        if happening is None or not happening.counts:
            return None
        if not self._order.span(happening).maybe_before(self._at):
            return None
        if happening.type.name == "asked" and any(map(self._is_settled, self.answers(id))):
            return None
        return self.read(happening)

    def read(self, happening: Happening) -> Answer:
        """How a comment or question reads, wherever it is listed."""
        if happening.type.name == "commented":
            return comment_json(happening)
        return question_json(happening, self._order)

    def _is_settled(self, answer: Happening) -> bool:
        return self._order.span(answer).surely_before(self._at) and not answer.doubtful


def concerned(history: History, order: Order, changed: Sequence[Change]) -> dict[str, Change]:
    """What a record has changed, and what may have moved with it, by position.

    The order takes it in.
    """
    pairs = {change.after.id: change for change in changed}
    for change in changed:
        for id in order.update(change):
            if id not in pairs:
                happening = history[id]
                pairs[id] = Change(happening, happening)
    return dict(sorted(pairs.items(), key=lambda pair: pair[1].after.position))


def listable(history: History) -> Iterable[Listed]:
    """All comments and questions of a history, listed or not."""
    kinds = {"commented": "comment", "asked": "question"}
    for each in history.all():
        if each.type.name in kinds:
            yield Listed(kinds[each.type.name], each.id)


def listed_by(changes: Iterable[Change]) -> list[Listed]:
    """The comments and questions that may be listed otherwise for some changes."""
    found: dict[Listed, None] = {}
    for change in changes:
        for happening in change:
            match happening and happening.type.name:
                case "commented":
                    found[Listed("comment", change.after.id)] = None
                case "asked":
                    found[Listed("question", change.after.id)] = None
                case "answered":
                    assert happening is not None
                    found[Listed("question", happening.content["answers"])] = None
    return list(found)


def states(worlds: Worlds, statements: Iterable[Statement], at: int) -> dict[Statement, Holding]:
    """The states of those of the statements that hold."""
    return {held.statement: Holding.of(held) for held in worlds.holding(statements, at)}


def moves(
    touched: Iterable[Statement],
    before: Mapping[Statement, Holding],
    after: Mapping[Statement, Holding],
) -> list[Moved]:
    """The statements whose state differs, in order."""
    changed = [each for each in touched if before.get(each) != after.get(each)]
    return [
        Moved(statement, _json(before.get(statement)), _json(after.get(statement)))
        for statement in sorted(changed, key=rank)
    ]


def listing_moves(
    concerned: Iterable[Listed],
    before: Mapping[str, Answer | None],
    after: Mapping[str, Answer | None],
) -> list[Moved]:
    """The comments and questions whose entries differ."""
    return [
        Moved(each, before.get(each.id), after.get(each.id))
        for each in concerned
        if before.get(each.id) != after.get(each.id)
    ]


def _json(holding: Holding | None) -> Answer | None:
    return holding.as_json() if holding else None
