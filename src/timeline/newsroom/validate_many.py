"""Validating records without looking at the log; of many records, in several processes."""

from __future__ import annotations

import pickle
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, NamedTuple

from timeline.errors import Problem, StoreError
from timeline.index.processes import processes, processors
from timeline.records import jsonl
from timeline.records.gc_pause import paused_gc
from timeline.records.record import Draft
from timeline.records.validation import validate
from timeline.records.vocabulary import Vocabulary

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

# Records that are validated, looked up and written together.
CHUNK = 100

# Chunks that are validated in this process before it is worth starting others.
LONG = 150

# Records that another process validates at once.
PORTION = 500

# Portions that may wait for each of the other processes; this one validates those beyond.
QUEUED = 3

# Portions that are kept until one before them is validated: some 15 MB.
HELD = 10

# One writing process keeps up with this many validating ones.
MOST_OTHERS = 2

# The topic of a record's type, its content, when it was recorded, and the position that it claims;
# or None and its problems.
_Sent = tuple[str | None, Any, int | None, object]


class RawRecord(NamedTuple):
    """A record as it was given: a JSON value, a line of JSON (bytes), or a problem with it."""

    value: object
    line: int | None = None
    file: str | None = None


class ValidatedRecord(NamedTuple):
    """A record as a draft, or what is wrong with it, and the position that it claims."""

    item: RawRecord
    found: Draft | list[Problem]
    position: object = None


class Validator(NamedTuple):
    """The rules for records: those of an import, or of any other batch."""

    vocabulary: Vocabulary
    importing: bool

    def check(self, value: object) -> tuple[Draft | list[Problem], object]:
        """A record as a draft, or what is wrong with it, and the position that it claims."""
        position = None
        if isinstance(value, bytes):
            value = jsonl.parse(value)
        if isinstance(value, Problem):
            return [value], None
        if self.importing and isinstance(value, dict) and "position" in value:
            # `timeline log --format jsonl` includes it; if it is given, it must be right.
            value = dict(value)
            position = value.pop("position")
        found = validate(value, self.vocabulary)
        if isinstance(found, Draft) and found.recorded_at is not None and not self.importing:
            hint = "leave it out; `timeline import` keeps the times of a portable log"
            return [Problem("is set when a record is appended", hint, "recorded_at")], None
        return found, position

    def all(self, items: Iterable[RawRecord]) -> Generator[list[ValidatedRecord]]:
        """All records, chunk by chunk in order. Other processes help with a long input of lines.

        Raises:
            StoreError: one of these processes has died.
        """
        rest = iter(items)
        chunks = iter(lambda: list(islice(rest, CHUNK)), [])
        for chunk in islice(chunks, LONG):
            yield self._validated(chunk)
        for chunk in chunks:
            is_line = isinstance(chunk[0].value, bytes)
            if is_line and (others := min(processors() - 1, MOST_OTHERS)):
                with processes(others) as executor:
                    yield from self._with_others(chain(chunk, rest), executor, others)
            else:
                yield self._validated(chunk)

    def _validated(self, chunk: Sequence[RawRecord]) -> list[ValidatedRecord]:
        return [ValidatedRecord(item, *self.check(item.value)) for item in chunk]

    def _with_others(
        self, items: Iterator[RawRecord], executor: Executor, count: int
    ) -> Iterator[list[ValidatedRecord]]:
        """The same, validated by this process and `count` others."""
        from concurrent.futures import BrokenExecutor

        rules = pickle.dumps((self.vocabulary.own, self.vocabulary.zone, self.importing))
        held: deque[_Held] = deque()
        try:
            for portion in iter(lambda: list(islice(items, PORTION)), []):
                found: list[ValidatedRecord] | Future[list[_Sent]]
                if sum(not each.is_done() for each in held) < QUEUED * count:
                    found = executor.submit(_validate, rules, [item.value for item in portion])
                else:
                    found = self._validated(portion)
                held.append(_Held(portion, found))
                while held and (len(held) == HELD or held[0].is_done()):
                    yield from _chunks(self._taken(held.popleft()))
            while held:
                yield from _chunks(self._taken(held.popleft()))
        except BrokenExecutor as error:
            raise StoreError("a process that validates records has died") from error

    def _taken(self, held: _Held) -> list[ValidatedRecord]:
        if isinstance(held.found, list):
            return held.found
        return [
            self._received(*each) for each in zip(held.portion, held.found.result(), strict=True)
        ]

    def _received(self, item: RawRecord, sent: _Sent) -> ValidatedRecord:
        topic, found, recorded_at, position = sent
        if topic is None:
            return ValidatedRecord(item, found)
        draft = Draft(self.vocabulary.of_topic(topic), found, recorded_at)
        return ValidatedRecord(item, draft, position)


def _chunks(found: list[ValidatedRecord]) -> Iterator[list[ValidatedRecord]]:
    return (found[start : start + CHUNK] for start in range(0, len(found), CHUNK))


class _Held(NamedTuple):
    """A portion that waits for those before it."""

    portion: list[RawRecord]
    found: list[ValidatedRecord] | Future[list[_Sent]]

    def is_done(self) -> bool:
        return isinstance(self.found, list) or self.found.done()


def _validate(rules: bytes, values: list[object]) -> list[_Sent]:
    """What another process does with a portion."""
    with paused_gc():
        validator = _validator(rules)
        return [_sent(*validator.check(value)) for value in values]


@lru_cache(1)
def _validator(rules: bytes) -> Validator:
    own, zone, importing = pickle.loads(rules)
    return Validator(Vocabulary(own, zone), importing)


def _sent(found: Draft | list[Problem], position: object) -> _Sent:
    if isinstance(found, list):
        return None, found, None, None
    return found.type.topic, found.content, found.recorded_at, position
