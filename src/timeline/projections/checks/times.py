"""Events that lost their place in time, open questions, and stories without news."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Literal

from timeline.history.event import Event
from timeline.projections.answer import TimeRange, time_range
from timeline.projections.checks.check_context import (
    CheckContext,
    OneAccountJson,
    account,
    dated,
    days,
    quoted_reason,
)
from timeline.projections.finding import (
    SOURCE,
    WHEN,
    WHY,
    FindingJson,
    command,
    finding,
    named,
)
from timeline.projections.listings import in_order, open_questions
from timeline.records.record import LINKS, Record
from timeline.temporal.instant_bounds import MAX_INSTANT, MIN_INSTANT, InstantBounds

# The defaults for how long a question may be open, and a story without a record.
OPEN_FOR = "P30D"
SILENCE = "P90D"


class LostOrder(FindingJson):
    """An event is placed in time only by links to events that no longer count."""

    kind: Literal["lost-order"]
    account: OneAccountJson


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


def lost_orders(context: CheckContext) -> Iterator[LostOrder]:
    """Events without a date whose links all name events of which no account counts."""
    for event in context.history.counting():
        if "when" in event.content:
            continue
        links = [
            (side, context.history[link["id"]])
            for side in LINKS
            for link in event.content.get(side, ())
        ]
        accounts = (id for _, each in links for id in context.history.accounts(each.id))
        if any(context.history[id].counts for id in accounts):
            continue
        yield _lost_order(event, links, context)


def _lost_order(event: Event, links: list[tuple[str, Event]], context: CheckContext) -> LostOrder:
    why = {each.id: _against(each) for _, each in links}
    places = " and ".join(f"{side} {named(each)}, {_undone(why[each.id])}" for side, each in links)
    span = context.order.span(event)
    anywhere = (span.earliest, span.latest) == (MIN_INSTANT, MAX_INSTANT)
    return {
        "kind": "lost-order",
        **finding(
            f"{named(event)} has no date, and is placed only {places}"
            + (", so it may have happened at any time" if anywhere else ""),
            [event.id, *why, *dict.fromkeys(each.id for each in why.values())],
            command("correct", event.id, f"when={WHEN}", "--reason", WHY),
        ),
        "account": account(event),
    }


def _against(event: Event) -> Record:
    """The amendment because of which an event no longer counts."""
    if event.stands:
        assert event.dissent is not None
        return event.dissent
    retractions = (each for each in event.amendments if each.type.name == "retraction")
    return list(retractions)[-1]


def _undone(against: Record) -> str:
    why = quoted_reason(against)
    if against.type.name == "retraction":
        return f"which was retracted{why}"
    return f"which was decided against, in favour of {against.content['chosen']}{why}"


def stale_questions(context: CheckContext) -> Iterator[StaleQuestion]:
    """Questions that have been open for long."""
    dialogue = [
        each for each in context.history.counting() if each.type.name in ("asked", "answered")
    ]
    happened = (each for _, each in in_order(dialogue, context.order, context.at))
    for question in open_questions(happened, context.order, context.at):
        event = context.history[question["id"]]
        age = context.at - context.order.span(event).latest
        if age < context.open_for:
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


def long_silences(context: CheckContext) -> Iterator[LongSilence]:
    """Long periods in which certainly nothing happened in a story, the latest up to now."""
    stories: dict[str, list[tuple[InstantBounds, Event]]] = defaultdict(list)
    for event in context.history.counting():
        when = context.order.span(event)
        if when.maybe_before(context.at):
            stories[event.record.story].append((when, event))
    for story, events in stories.items():
        events.sort(key=lambda pair: (pair[0].earliest, pair[0].position))
        latest, before = events[0]
        for when, event in events:
            if when.earliest - latest.latest >= context.silence:
                yield _gap(story, before, event, latest, when)
            if when.latest >= latest.latest:
                latest, before = when, event
        if context.at - latest.latest >= context.silence:
            yield _end(story, before, latest, context.at)


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
    """The command that records an event in a silent period."""
    about = event.entities[:1] or ["ENTITY"]
    rest = ["--about", *about, "--when", WHEN, "--source", SOURCE]
    return command("append", "happened", "--story", story, *rest)
