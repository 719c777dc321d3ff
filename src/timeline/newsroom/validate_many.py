"""What can be said of records without the log, in this process or, of many, in others."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from itertools import chain, islice
from queue import SimpleQueue
from typing import Any, NamedTuple

from timeline.errors import Problem
from timeline.index.processes import Inbox, Worker, messages, processors
from timeline.records import jsonl
from timeline.records.declaration import RecordType
from timeline.records.record import Content, Draft
from timeline.records.validation import validate
from timeline.records.vocabulary import Vocabulary

# So many records are checked, looked up and written together.
CHUNK = 100

# So many chunks are checked in this process before others are started, which takes a while.
LONG = 100

# So many chunks wait for each of the others at most; where more come, this process checks them.
QUEUED = 4

# So many chunks are held until one before them is checked: some 15 MB.
HELD = 50

# One that writes keeps up with so many that check.
MOST_OTHERS = 2


class RawRecord(NamedTuple):
    """One record as it was given: a JSON value, a line of it (bytes), or what is wrong with it."""

    value: object
    line: int | None = None
    file: str | None = None


class ValidatedRecord(NamedTuple):
    """One record as it was found, and the position that it claims."""

    item: RawRecord
    found: Draft | list[Problem]
    position: object = None


class Validator(NamedTuple):
    """The rules by which records are checked: those of an import, or of any other batch."""

    vocabulary: Vocabulary
    importing: bool

    def check(self, value: object) -> tuple[Draft | list[Problem], object]:
        """What can be said of a record without the log, and the position that it claims."""
        position = None
        if isinstance(value, bytes):
            value = jsonl.parse(value)
        if isinstance(value, Problem):
            return [value], None
        if self.importing and isinstance(value, dict) and "position" in value:
            # A line of `timeline log --format jsonl` carries it, and it must come true.
            value = dict(value)
            position = value.pop("position")
        found = validate(value, self.vocabulary)
        if isinstance(found, Draft) and found.recorded_at is not None and not self.importing:
            hint = "leave it out; `timeline import` keeps the times of a portable log"
            return [Problem("is given by the clock", hint, "recorded_at")], None
        return found, position

    def all(self, items: Iterable[RawRecord]) -> Generator[list[ValidatedRecord]]:
        """All records, some at a time and in order; the lines of a long input side by side.

        Raises:
            StoreError: a process that checks has died.
        """
        rest = iter(items)
        chunks = iter(lambda: list(islice(rest, CHUNK)), [])
        for chunk in islice(chunks, LONG):
            yield self._all_of(chunk)
        others = min(processors() - 1, MOST_OTHERS)
        for chunk in chunks:
            if others and isinstance(chunk[0].value, bytes):
                yield from self._side_by_side(chain([chunk], chunks), others)
            else:
                yield self._all_of(chunk)

    def _all_of(self, chunk: Sequence[RawRecord]) -> list[ValidatedRecord]:
        return [ValidatedRecord(item, *self.check(item.value)) for item in chunk]

    def _side_by_side(
        self, chunks: Iterable[list[RawRecord]], count: int
    ) -> Iterator[list[ValidatedRecord]]:
        """What this process and others find, in order."""
        held: deque[list[ValidatedRecord] | tuple[list[RawRecord], ValidatorProcess]] = deque()
        others: list[ValidatorProcess] = []
        try:
            for _ in range(count):
                others.append(ValidatorProcess(self))
            for chunk in chunks:
                other = min(others, key=ValidatorProcess.queued)
                if other.queued() < QUEUED:
                    other.send(chunk)
                    held.append((chunk, other))
                else:
                    held.append(self._all_of(chunk))
                while held and (len(held) == HELD or _is_there(held[0])):
                    yield self._taken(held.popleft())
            while held:
                yield self._taken(held.popleft())
        finally:
            for other in others:
                other.worker.kill()

    def _taken(
        self, held: list[ValidatedRecord] | tuple[list[RawRecord], ValidatorProcess]
    ) -> list[ValidatedRecord]:
        if isinstance(held, list):
            return held
        chunk, other = held
        return [self._checked(*each) for each in zip(chunk, other.answer(), strict=True)]

    def _checked(self, item: RawRecord, told: _Told) -> ValidatedRecord:
        topic, found, recorded_at, position = told
        if topic is None:
            return ValidatedRecord(item, found)
        return ValidatedRecord(
            item, Draft(self.vocabulary.of_topic(topic), found, recorded_at), position
        )


class ValidatorProcess:
    """Another process that checks."""

    def __init__(self, rules: Validator):
        vocabulary = rules.vocabulary
        self.told: Inbox = SimpleQueue()
        self.worker = Worker(
            _check, vocabulary.own, vocabulary.zone, rules.importing, told=self.told
        )
        self._answers = messages(self.told)
        self._under_way = 0

    def send(self, chunk: Iterable[RawRecord]) -> None:
        self._under_way += 1
        self.worker.send([each.value for each in chunk])

    def queued(self) -> int:
        """How many chunks it has yet to answer."""
        return self._under_way - self.told.qsize()

    def answer(self) -> list[_Told]:
        """What it tells of the next chunk; waits for it."""
        answer: list[_Told] = next(self._answers)
        self._under_way -= 1
        return answer


def _is_there(held: list[ValidatedRecord] | tuple[list[RawRecord], ValidatorProcess]) -> bool:
    return isinstance(held, list) or not held[1].told.empty()


# What another process tells of a record: the topic of its type, its content, when it was
# recorded, and the position that it claims; None and its problems where it has any.
_Told = tuple[str | None, Any, int | None, object]


def _check(
    sent: Iterable[list[object]], own: tuple[RecordType, ...], zone: str, importing: bool
) -> Iterator[list[_Told]]:
    """What another process does."""
    checking = Validator(Vocabulary(own, zone), importing)
    for values in sent:
        yield [_told(*checking.check(value)) for value in values]


def _told(found: Draft | list[Problem], position: object) -> _Told:
    if isinstance(found, list):
        return None, found, None, None
    content: Content = found.content
    return found.type.topic, content, found.recorded_at, position
