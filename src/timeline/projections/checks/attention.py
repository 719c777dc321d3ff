"""What nobody has looked at for long: open questions, and stories that fell silent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from timeline.events.record import entities_of
from timeline.history import Happening
from timeline.projections.answer import Answer, in_order, interval
from timeline.projections.checks.ground import (
    SOURCE,
    WHEN,
    Ground,
    command,
    dated,
    days,
    named,
)
from timeline.projections.findings import finding
from timeline.projections.snapshot import open_questions
from timeline.span import Span

# How long a question may be open, and a story silent, before it is worth a word.
STALE_AFTER = "P30D"
SILENCE = "P90D"


def stale_questions(ground: Ground) -> Iterator[Answer]:
    """Questions that have been open for long."""
    talk = [each for each in ground.history.counting() if each.type.name in ("asked", "answered")]
    told = (each for _, each in in_order(talk, ground.order, ground.at))
    for question in open_questions(told, ground.order, ground.at):
        happening = ground.history[question["id"]]
        age = ground.at - ground.order.span(happening).latest
        if age < ground.stale_after:
            continue
        given = ["--answers", happening.id, "--answer", "TEXT"]
        rest = ["--when", WHEN, "--source", SOURCE]
        yield finding(
            "stale-question",
            f"“{question['question']}” ({happening.id}), asked {dated(happening)}, "
            f"has been open for {days(age)}",
            [happening.id],
            command("append", "answered", "--story", happening.record.story, *given, *rest),
            question=question["question"],
            since=question["since"],
        )


def long_silences(ground: Ground) -> Iterator[Answer]:
    """Stretches of a story, and its end, in which surely nothing happened for long."""
    stories: dict[str, list[tuple[Span, Happening]]] = defaultdict(list)
    for happening in ground.history.counting():
        when = ground.order.span(happening)
        if when.maybe_before(ground.at):
            stories[happening.record.story].append((when, happening))
    for story, happenings in stories.items():
        happenings.sort(key=lambda pair: (pair[0].earliest, pair[0].position))
        latest, before = happenings[0]
        for when, happening in happenings:
            if when.earliest - latest.latest >= ground.silence:
                yield _gap(story, before, happening, latest, when)
            if when.latest >= latest.latest:
                latest, before = when, happening
        if ground.at - latest.latest >= ground.silence:
            yield _end(story, before, latest, ground.at)


def _gap(story: str, before: Happening, after: Happening, latest: Span, next: Span) -> Answer:
    return finding(
        "long-silence",
        f"in {story} nothing is recorded for {days(next.earliest - latest.latest)} "
        f"between {named(before)}, {dated(before)}, and {named(after)}, {dated(after)}",
        [before.id, after.id],
        _more(story, before),
        story=story,
        silence=interval((latest.latest, next.earliest)),
    )


def _end(story: str, before: Happening, latest: Span, at: int) -> Answer:
    return finding(
        "long-silence",
        f"in {story} nothing is recorded for {days(at - latest.latest)} "
        f"since {named(before)}, {dated(before)}",
        [before.id],
        _more(story, before),
        story=story,
        silence=interval((latest.latest, at)),
    )


def _more(story: str, happening: Happening) -> str:
    """The command that records what happened in a silence."""
    about = entities_of(happening.type, happening.content)[:1] or ["ENTITY"]
    rest = ["--about", *about, "--when", WHEN, "--source", SOURCE]
    return command("append", "happened", "--story", story, *rest)
