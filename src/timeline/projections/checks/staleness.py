"""What nobody has looked at for long: open questions, and stories that fell silent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Literal

from timeline.history.history import Event
from timeline.projections.answer import TimeRange, time_range
from timeline.projections.checks.check_context import (
    SOURCE,
    WHEN,
    CheckContext,
    command,
    dated,
    days,
    finding,
    named,
)
from timeline.projections.contradictions import FindingJson
from timeline.projections.listings import in_order, open_questions
from timeline.temporal.instant_bounds import InstantBounds

# How long a question may be open, and a story silent, before it is worth a word.
STALE_AFTER = "P30D"
SILENCE = "P90D"


class StaleQuestion(FindingJson):
    """A question that has been open for long."""

    kind: Literal["stale-question"]
    question: str
    since: TimeRange | None


class LongSilence(FindingJson):
    """A period in which a story has no records."""

    kind: Literal["long-silence"]
    story: str
    silence: TimeRange | None


def stale_questions(ground: CheckContext) -> Iterator[StaleQuestion]:
    """Questions that have been open for long."""
    talk = [each for each in ground.history.counting() if each.type.name in ("asked", "answered")]
    told = (each for _, each in in_order(talk, ground.order, ground.at))
    for question in open_questions(told, ground.order, ground.at):
        event = ground.history[question["id"]]
        age = ground.at - ground.order.span(event).latest
        if age < ground.stale_after:
            continue
        given = ["--answers", event.id, "--answer", "TEXT"]
        rest = ["--when", WHEN, "--source", SOURCE]
        yield {
            "kind": "stale-question",
            **finding(
                f"“{question['question']}” ({event.id}), asked {dated(event)}, "
                f"has been open for {days(age)}",
                [event.id],
                command("append", "answered", "--story", event.record.story, *given, *rest),
            ),
            "question": question["question"],
            "since": question["since"],
        }


def long_silences(ground: CheckContext) -> Iterator[LongSilence]:
    """Stretches of a story, and its end, in which surely nothing happened for long."""
    stories: dict[str, list[tuple[InstantBounds, Event]]] = defaultdict(list)
    for event in ground.history.counting():
        when = ground.order.span(event)
        if when.maybe_before(ground.at):
            stories[event.record.story].append((when, event))
    for story, events in stories.items():
        events.sort(key=lambda pair: (pair[0].earliest, pair[0].position))
        latest, before = events[0]
        for when, event in events:
            if when.earliest - latest.latest >= ground.silence:
                yield _gap(story, before, event, latest, when)
            if when.latest >= latest.latest:
                latest, before = when, event
        if ground.at - latest.latest >= ground.silence:
            yield _end(story, before, latest, ground.at)


def _gap(
    story: str, before: Event, after: Event, latest: InstantBounds, next: InstantBounds
) -> LongSilence:
    return {
        "kind": "long-silence",
        **finding(
            f"in {story} nothing is recorded for {days(next.earliest - latest.latest)} "
            f"between {named(before)}, {dated(before)}, and {named(after)}, {dated(after)}",
            [before.id, after.id],
            _more(story, before),
        ),
        "story": story,
        "silence": time_range((latest.latest, next.earliest)),
    }


def _end(story: str, before: Event, latest: InstantBounds, at: int) -> LongSilence:
    return {
        "kind": "long-silence",
        **finding(
            f"in {story} nothing is recorded for {days(at - latest.latest)} "
            f"since {named(before)}, {dated(before)}",
            [before.id],
            _more(story, before),
        ),
        "story": story,
        "silence": time_range((latest.latest, at)),
    }


def _more(story: str, event: Event) -> str:
    """The command that records what happened in a silence."""
    about = event.entities[:1] or ["ENTITY"]
    rest = ["--about", *about, "--when", WHEN, "--source", SOURCE]
    return command("append", "happened", "--story", story, *rest)
