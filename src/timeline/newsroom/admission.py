"""What may join the log: ids that are free, amendments that find what they amend.

Validation looks at a record alone; admission looks at it beside the log. It runs inside
the transaction that writes, so that what it has seen is still so when it is written.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from timeline import temporal
from timeline.errors import Problem, did_you_mean
from timeline.history.history import Event, corrected
from timeline.log.lookup import as_it_reads, find_event
from timeline.log.protocol import Reader
from timeline.newsroom.reference_checks import check_amended, check_event, check_name
from timeline.records import jsonl
from timeline.records.entry import Entry
from timeline.records.record import ENVELOPE, EVENTS_ONLY, FIXED, Content, Draft, Record
from timeline.records.validation import validate
from timeline.records.vocabulary import Vocabulary

if TYPE_CHECKING:
    from timeline.log.batch import Batch


class Admitted(NamedTuple):
    """The entry of a record, and whether it is a new one."""

    entry: Entry
    new: bool


def admit(
    draft: Draft, batch: Batch, vocabulary: Vocabulary, finish: Callable[[Draft], Draft]
) -> Admitted | list[Problem]:
    """Write a draft, unless it is there already or does not fit.

    `finish` adds what the newsroom adds to a new record: a zone, who appends it.
    The same id with the same content, but for those, is one record, and its entry is
    returned; with other content it is refused (design §2).
    """
    problems = _too_early(draft, batch) + check_references(draft, batch, vocabulary)
    entry = None if problems else batch.add(finish(draft))
    if entry is not None:
        return Admitted(entry, True)
    existing = batch.find(draft.content["id"])
    return problems if existing is None else _again(draft, existing)


def _again(draft: Draft, existing: Entry) -> Admitted | list[Problem]:
    kept = jsonl.content_of(existing)
    same_time = draft.recorded_at in (None, existing.recorded_at)
    given = dict(draft.content)
    for added in ("zone", "recorded_by"):
        if added in kept:
            given.setdefault(added, kept[added])
    if given == kept and same_time:
        return Admitted(existing, False)
    differing = [key for key in {**kept, **given} if kept.get(key) != given.get(key)]
    what = ", ".join(differing or ["recorded_at"])
    return [
        Problem(
            f"{draft.content['id']!r} is recorded already, at position {existing.position}, "
            f"with other content ({what})",
            "use another id, or append a correction",
            "id",
        )
    ]


def _too_early(draft: Draft, batch: Batch) -> list[Problem]:
    head = None if draft.recorded_at is None else batch.head().recorded_at
    if head is None or draft.recorded_at is None or draft.recorded_at >= head:
        return []
    return [
        Problem(
            f"is earlier than the head of the log, {temporal.format_instant(head)}",
            "a log goes forward in time: import in order, or into an empty newsroom",
            "recorded_at",
        )
    ]


def check_references(draft: Draft, log: Reader, vocabulary: Vocabulary) -> list[Problem]:
    """Whether the records that a draft names exist, and are what it takes them for."""
    kind, content = draft.type, draft.content
    if not kind.is_amendment:
        return check_event(content, log, vocabulary)
    if problems := check_amended(draft, log, vocabulary):
        return problems
    match kind.name:
        case "correction":
            return _check_correction(content, log, vocabulary)
        case "publication":
            return check_name(content, log, vocabulary)
        case _:
            return []


def _check_correction(content: Content, log: Reader, vocabulary: Vocabulary) -> list[Problem]:
    """Whether an event would still be valid, and find what it names, once corrected."""
    record = find_event(log, vocabulary, content["corrects"])
    assert isinstance(record, Record)
    event, changes = as_it_reads(record, log, vocabulary), content["changes"]
    problems = check_correction(event, changes, vocabulary)
    if problems:
        return problems
    found = check_event(corrected(event.content, changes), log, vocabulary)
    return [problem._replace(field=f"changes.{problem.field}") for problem in found]


def check_correction(event: Event, changes: Content, vocabulary: Vocabulary) -> list[Problem]:
    """Whether an event would still be valid with these changes."""
    if not event.stands:
        return [Problem(f"{event.id!r} is retracted", "restore it first", "corrects")]
    fixed = [
        Problem("cannot be corrected", "retract it and append what is right", f"changes.{name}")
        for name in changes
        if name in FIXED
    ]
    if fixed:
        return fixed
    envelope = [name for name in ENVELOPE if name not in FIXED]
    known = [*EVENTS_ONLY, *event.type.fields, *envelope]
    unknown = [
        Problem(
            f"is no field of the type {event.type.name!r}",
            did_you_mean(name, known),
            f"changes.{name}",
        )
        for name in changes
        if name not in known
    ]
    if unknown:
        return unknown
    found = validate(corrected(event.content, changes), vocabulary)
    if isinstance(found, Draft):
        return []
    return [problem._replace(field=f"changes.{problem.field}") for problem in found]
