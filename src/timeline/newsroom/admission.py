"""Checking records against the log: ids must be free, and references must exist.

Validation looks at a record alone, admission at a record and the log. Everything that admission
reads becomes part of the append condition, so that it still holds when the record is written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from timeline import temporal
from timeline.errors import Problem, did_you_mean
from timeline.history.event import Event, corrected
from timeline.log.lookup import as_it_reads, find_event, find_record, publications
from timeline.log.protocol import Reader
from timeline.records import jsonl
from timeline.records.record import (
    ENVELOPE,
    EVENTS_ONLY,
    FIXED,
    LINKS,
    Content,
    Draft,
    Entry,
    Record,
    named_by,
)
from timeline.records.validation import validate
from timeline.records.vocabulary import Vocabulary

if TYPE_CHECKING:
    from timeline.log.batch import Batch
    from timeline.log.mapper import StoredRecord


def admit(
    draft: Draft, batch: Batch, vocabulary: Vocabulary, complete: Callable[[Draft], Draft]
) -> StoredRecord | Entry | list[Problem]:
    """Add a draft to a batch, or return its existing entry in the log.

    `complete` adds the zone and the author to a new record. Apart from these, the same id with the
    same content is the same record; other content is refused (docs/formats.md).
    """
    problems = _too_early(draft, batch) + check_references(draft, batch, vocabulary)
    if not problems and (added := batch.add(complete(draft))) is not None:
        return added
    existing = batch.find(draft.content["id"])
    return problems if existing is None else _same_record(draft, existing)


def _same_record(draft: Draft, existing: Entry) -> Entry | list[Problem]:
    """The entry with a draft's id, if it is the same record."""
    kept = jsonl.content_of(existing)
    added: Content = {name: kept[name] for name in ("zone", "recorded_by") if name in kept}
    given: Content = {**added, **draft.content}
    if given == kept and draft.recorded_at in (None, existing.recorded_at):
        return existing
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
            "times in a log cannot decrease: import in order, or into an empty newsroom",
            "recorded_at",
        )
    ]


def named_ids(draft: Draft) -> Iterator[str]:
    """The ids of the records that a draft names."""
    kind, content = draft.type, draft.content
    if kind.amends:
        for _, id in named_by(kind.amends, content):
            yield id
    elif not kind.is_amendment:
        if kind.name == "answered":
            yield content["answers"]
        for field in LINKS:
            for link in content.get(field, ()):
                yield link["id"]


def check_references(draft: Draft, log: Reader, vocabulary: Vocabulary) -> list[Problem]:
    """Whether the records that a draft names are in the log, and of the right kind."""
    kind, content = draft.type, draft.content
    if not kind.is_amendment:
        return _check_event(content, log, vocabulary)
    if problems := _check_amended(draft, log, vocabulary):
        return problems
    match kind.name:
        case "correction":
            return _check_correction(content, log, vocabulary)
        case "publication":
            return _check_name(content, log, vocabulary)
        case _:
            return []


def _check_event(content: Content, log: Reader, vocabulary: Vocabulary) -> list[Problem]:
    """Whether an event's question and the events that it is linked to are in the log."""
    problems = _check_question(content, log, vocabulary) if content["type"] == "answered" else []
    for field in LINKS:
        for number, link in enumerate(content.get(field, ())):
            found = find_event(log, vocabulary, link["id"])
            if isinstance(found, Problem):
                problems.append(found._replace(field=f"{field}[{number}].id"))
    return problems


def _check_question(content: Content, log: Reader, vocabulary: Vocabulary) -> list[Problem]:
    question = find_record(log, vocabulary, content["answers"])
    if isinstance(question, Problem):
        return [question._replace(field="answers")]
    if question.type.name != "asked":
        what = f"{question.id!r} is not a question (it is of type {question.type.name})"
        return [Problem(what, "name the `asked` that it answers", "answers")]
    return []


def _check_amended(draft: Draft, log: Reader, vocabulary: Vocabulary) -> list[Problem]:
    """Whether everything that an amendment names is an event in the log."""
    found = (
        (field, find_event(log, vocabulary, id))
        for field, id in named_by(draft.type.amends or (), draft.content)
    )
    return [each._replace(field=field) for field, each in found if isinstance(each, Problem)]


def _check_name(content: Content, log: Reader, vocabulary: Vocabulary) -> list[Problem]:
    """Whether the name of a publication is free."""
    name = content["name"]
    position = publications(log, vocabulary).get(name)
    if position is None:
        return []
    message = f"{name!r} is taken, by the publication at position {position}"
    return [Problem(message, "choose another, such as the name with its date", "name")]


def _check_correction(content: Content, log: Reader, vocabulary: Vocabulary) -> list[Problem]:
    """Whether an event would still be valid once corrected, and what it names in the log."""
    record = find_event(log, vocabulary, content["corrects"])
    assert isinstance(record, Record)
    event, changes = as_it_reads(record, log, vocabulary), content["changes"]
    if problems := check_correction(event, changes, vocabulary):
        return problems
    found = _check_event(corrected(event.content, changes), log, vocabulary)
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
    found = validate(corrected(event.content, changes), vocabulary, limited=changes)
    if isinstance(found, Draft):
        return []
    return [problem._replace(field=f"changes.{problem.field}") for problem in found]
