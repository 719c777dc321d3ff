"""The comments and open questions listed beside statements, and the order of a list of events."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, TypeVar

from typing_extensions import TypedDict

from timeline.certainty.order import Order
from timeline.history.event import Event, Standing
from timeline.history.history import Change, History
from timeline.projections.answer import TimeRange, time_range
from timeline.temporal.instant_bounds import MIN_INSTANT, InstantBounds

Key = TypeVar("Key")
Entry = TypeVar("Entry")


class CommentJson(TypedDict):
    """Something that a person said about an entity."""

    id: str
    speaker: str
    when: str | None
    quote: str | None
    standing: Standing


class QuestionJson(TypedDict):
    """A question that may be open."""

    id: str
    question: str
    since: TimeRange | None


def comment_json(event: Event) -> CommentJson:
    """One entry of `comments`."""
    return {
        "id": event.id,
        "speaker": event.content["speaker"],
        "when": event.content.get("when"),
        "quote": event.content.get("quote"),
        "standing": event.standing,
    }


def question_json(event: Event, order: Order) -> QuestionJson:
    """One entry of `questions`."""
    since = order.span(event)
    return {
        "id": event.id,
        "question": event.content["question"],
        "since": time_range((since.earliest, since.latest)),
    }


def in_order(events: Iterable[Event], order: Order, at: int) -> list[tuple[InstantBounds, Event]]:
    """The events that may have happened before `at`, in valid order, each with its bounds.

    An event with an open beginning is sorted by its latest instant, so that it does not come
    first.
    """
    placed = ((order.span(each), each) for each in order.sorted(events, place))
    return [(when, each) for when, each in placed if when.maybe_before(at)]


def place(when: InstantBounds) -> tuple[int, int, int]:
    """The sort key of a date; one with an open beginning is sorted by its latest instant."""
    earliest = when.latest - 1 if when.earliest == MIN_INSTANT else when.earliest
    return earliest, when.latest, when.position


def settling_instants(answers: Iterable[Event], order: Order) -> list[int]:
    """The instants from which each of the answers to a question certainly closes it.

    `answers` count; those that may not have happened at all never close it.
    """
    return [order.span(each).latest for each in answers if not each.doubtful]


def open_questions(events: Iterable[Event], order: Order, at: int) -> list[QuestionJson]:
    """Those of some events that are questions and may be open at `at`.

    `events` are all comments, questions and answers that may have happened by then.
    """
    events = list(events)
    answers: dict[str, list[Event]] = defaultdict(list)
    for each in events:
        if each.type.name == "answered":
            answers[each.content["answers"]].append(each)
    return [
        question_json(each, order)
        for each in events
        if each.type.name == "asked"
        and all(instant > at for instant in settling_instants(answers[each.id], order))
    ]


class ListedEntries(NamedTuple):
    """The comments and open questions that a snapshot lists, by id."""

    comments: dict[str, CommentJson]
    questions: dict[str, QuestionJson]

    def get(self, id: str) -> CommentJson | QuestionJson | None:
        return self.comments.get(id) or self.questions.get(id)

    def replace(self, ids: Iterable[str], now: ListedEntries) -> None:
        """Replace the entries with these ids; those that `now` lacks are removed."""
        for id in ids:
            self.comments.pop(id, None)
            self.questions.pop(id, None)
        self.comments.update(now.comments)
        self.questions.update(now.questions)


class CommentsAndQuestions:
    """The comments and questions of a growing history, as they are listed at one valid time."""

    def __init__(self, history: History, order: Order, at: int):
        self._history = history
        self._order = order
        self._at = at
        self._answers: dict[str, set[str]] = defaultdict(set)
        for event in history.all():
            self.take(event)

    def take(self, event: Event) -> None:
        """Note an event that may answer a question."""
        if event.type.name == "answered":
            self._answers[event.content["answers"]].add(event.id)

    def answers(self, id: str) -> list[Event]:
        """The events that answer a question and count."""
        answers = (self._history[answer] for answer in sorted(self._answers.get(id, ())))
        return [each for each in answers if each.counts and each.content["answers"] == id]

    def settling_instants(self, id: str) -> list[int]:
        """The instants from which each of its answers certainly closes a question."""
        return settling_instants(self.answers(id), self._order)

    def entries(self, ids: Iterable[str]) -> ListedEntries:
        """The entries of those comments and questions that are listed."""
        found = ListedEntries({}, {})
        for id in ids:
            event = self._history.get(id)
            if event is None or not event.counts:
                continue
            if not self._order.span(event).maybe_before(self._at):
                continue
            if event.type.name == "commented":
                found.comments[id] = comment_json(event)
            elif all(instant > self._at for instant in self.settling_instants(id)):
                found.questions[id] = question_json(event, self._order)
        return found


def listable(history: History) -> Iterator[str]:
    """The ids of all comments and questions of a history, listed or not."""
    return (each.id for each in history.all() if each.type.name in ("commented", "asked"))


def listed_by(changes: Iterable[Change]) -> list[str]:
    """The ids of the comments and questions whose entries some changes may affect."""
    found: dict[str, None] = {}
    for change in changes:
        for event in filter(None, change):
            if event.type.name in ("commented", "asked"):
                found[event.id] = None
            elif event.type.name == "answered":
                found[event.content["answers"]] = None
    return list(found)


def differing(
    keys: Iterable[Key], before: Mapping[Key, Entry], after: Mapping[Key, Entry]
) -> Iterator[tuple[Key, Entry | None, Entry | None]]:
    """Those of the keys whose values differ, with both values; None where one is missing."""
    for key in keys:
        old, new = before.get(key), after.get(key)
        if old != new:
            yield key, old, new
