"""Appending to a newsroom's log: validate, admit, write. One record, many, or a whole log."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import IO, TYPE_CHECKING, NamedTuple

from uuid_utils import uuid7

from timeline import temporal
from timeline.errors import ConflictError, InputError, Problem, StoreError, TimelineError
from timeline.log.protocol import AppendConditionFailedError, Clock, Head
from timeline.newsroom.admission import admit, named_ids
from timeline.newsroom.api import AppendedRecord
from timeline.newsroom.concurrency import conflict_of, moved_of
from timeline.newsroom.newsroom import Newsroom
from timeline.newsroom.validate_many import CHUNK, RawRecord, ValidatedRecord, Validator
from timeline.records import jsonl
from timeline.records.gc_pause import paused_gc
from timeline.records.record import Content, Draft, Entry

if TYPE_CHECKING:
    from timeline.log.batch import Batch
    from timeline.log.mapper import StoredRecord
    from timeline.log.recorder import LogRecorder, Transaction

# With this many problems the input is probably of another kind: stop reading it.
MOST_PROBLEMS = 100

# Chunks that are validated before the write lock is taken: some 25 MB.
AHEAD = 50

# Records that are inserted at once.
MOST_PENDING = 1000

Seen = Callable[[Entry], None]
"""Is called with each entry once it is inserted, which may be before it is committed."""


@dataclass(slots=True)
class Written:
    """The number of new records and of those already in the log, and the entries of all.

    An import, which may be long, keeps only the last entry.
    """

    added: int = 0
    known: int = 0
    last: Entry | None = None
    entries: list[Entry] = field(default_factory=list)


class Submission(NamedTuple):
    """Records to append in one person's name; records with another author are refused.

    `recorded_by`, `expected` and `importing` are those of `Appender`.
    """

    items: Sequence[RawRecord]
    recorded_by: str | None = None
    expected: Mapping[str, int] = {}
    importing: bool = False

    @property
    def is_small(self) -> bool:
        """Whether it can share a transaction with others."""
        return len(self.items) <= CHUNK and not self.importing

    def write(self, newsroom: Newsroom, clock: Clock, dry_run: bool = False) -> Written:
        """Append it; see `Appender.write`."""
        return self.appender(newsroom, clock).write(self.items, dry_run=dry_run)

    def appender(self, newsroom: Newsroom, clock: Clock) -> Appender:
        """What appends it."""
        by, expected = self.recorded_by, self.expected
        return Appender(newsroom, clock, by, expected, self.importing, signed=True)


def read_lines(stream: IO[bytes], file: str | None, partial: bool = False) -> Iterator[RawRecord]:
    """The records of a file of JSON lines, which are still to be parsed; see `jsonl.records`.

    Raises:
        InputError: the file cannot be read to its end.
    """
    try:
        for number, line in jsonl.records(stream, partial):
            yield RawRecord(line, number, file)
    except OSError as error:
        raise InputError(f"cannot read {file}: {error.strerror}") from error


class Appender:
    """Appends atomic batches by one set of rules.

    `clock` gives the time of recording. `recorded_by` is set on records without an author; if
    `signed`, records with another author are refused. `expected` maps stories to the version that
    they must still have, unless all records are already in the log. An import keeps the
    `recorded_at` of the records; in any other append they must not have one.
    """

    def __init__(
        self,
        newsroom: Newsroom,
        clock: Clock,
        recorded_by: str | None = None,
        expected: Mapping[str, int] | None = None,
        importing: bool = False,
        signed: bool = False,
    ):
        self._newsroom = newsroom
        self._vocabulary = newsroom.settings.vocabulary
        self._clock = clock
        self._recorded_by = recorded_by
        self._expected = expected or {}
        self._importing = importing
        self._signed = signed and not importing and recorded_by is not None
        self._validator = Validator(self._vocabulary, importing)

    def write(
        self, items: Iterable[RawRecord], seen: Seen = lambda entry: None, dry_run: bool = False
    ) -> Written:
        """Append all items, or none of them; a dry run only says where they would be.

        Raises:
            InputError: some records are invalid; it lists all problems.
            ConflictError: a story is not at the expected version.
            StoreError: the log cannot be written.
        """
        with paused_gc(), closing(self.validated(items)) as chunks:
            first = list(islice(chunks, AHEAD))
            recorder = self._newsroom.store.recorder
            # A few records take the write lock only if others have appended what was read for them.
            if len(first) <= 1 and not self._importing:
                writer = recorder.rehearsal() if dry_run else recorder
                with suppress(AppendConditionFailedError):
                    return self.insert(writer, first, seen)
            with recorder.exclusive(commit=not dry_run) as transaction:
                return self.insert(transaction, chain(first, chunks), seen)

    def validated(self, items: Iterable[RawRecord]) -> Generator[list[ValidatedRecord]]:
        """All items as drafts with an id, or their problems, without looking at the log."""
        with closing(self._validator.all(items)) as chunks:
            for chunk in chunks:
                yield [self._identified(each) for each in chunk]

    def _identified(self, validated: ValidatedRecord) -> ValidatedRecord:
        found = validated.found
        if self._signed and (problems := self._wrong_author(validated.item.value)):
            return validated._replace(found=problems + (found if isinstance(found, list) else []))
        if isinstance(found, list) or "id" in found.content:
            return validated
        id = str(uuid7(nanoseconds=self._clock() * 1000))
        return validated._replace(found=found._replace(content={"id": id, **found.content}))

    def _wrong_author(self, value: object) -> list[Problem]:
        named = value.get("recorded_by") if isinstance(value, dict) else None
        if named in (None, self._recorded_by):
            return []
        hint = f"leave it out: you append as {self._recorded_by!r}"
        return [Problem("is not the person who appends this record", hint, "recorded_by")]

    def insert(
        self,
        writer: LogRecorder | Transaction,
        chunks: Iterable[list[ValidatedRecord]],
        seen: Seen = lambda entry: None,
    ) -> Written:
        """Admit validated records, and insert them through a recorder or in an open transaction.

        Raises:
            AppendConditionFailedError: others have appended what was read; nothing was written.
            InputError, ConflictError, StoreError: see `write`.
        """
        from timeline.log.batch import Batch

        batch = Batch(writer, self._clock)
        insertion = _Insertion(batch, seen, keeps_entries=not self._importing)
        moved = moved_of(batch, self._expected)
        try:
            self._admit_all(insertion, chunks)
        except InputError:
            if not moved:
                raise
        # A retry after a lost response is not a conflict.
        if moved and not insertion.is_repeated:
            raise conflict_of(moved, self._newsroom.store, self._vocabulary)
        return insertion.finish()

    def _admit_all(self, insertion: _Insertion, chunks: Iterable[list[ValidatedRecord]]) -> None:
        batch, problems = insertion.batch, list[Problem]()
        start = batch.head() if self._importing else Head(0, None)
        for chunk in chunks:
            batch.prefetch(*_ids_in(chunk))
            for validated in chunk:
                found = self._admit(batch, validated)
                if not isinstance(found, list):
                    insertion.add(found)
                    continue
                # If one record is older than the log, so are all later ones, which lack references.
                is_older = _is_older(start, validated) and found[0].field == "recorded_at"
                line, file = validated.item.line, validated.item.file
                found = found[:1] if is_older else found
                problems += [each._replace(line=line, file=file) for each in found]
                if is_older or len(problems) >= MOST_PROBLEMS:
                    raise InputError(problems, complete=False)
            if not problems and batch.is_exclusive and len(batch) >= MOST_PENDING:
                insertion.flush()
        if problems:
            raise InputError(problems)

    def _admit(
        self, batch: Batch, validated: ValidatedRecord
    ) -> StoredRecord | Entry | list[Problem]:
        _, draft, position = validated
        if isinstance(draft, list):
            return draft
        if draft.recorded_at is None:
            self._newsroom.clock_check.check(self._clock())
        found = admit(draft, batch, self._vocabulary, self._completed)
        if isinstance(found, list) or position in (None, found.position):
            return found
        hint = f"here it is {found.position}: leave it out, or import into an empty newsroom"
        return [Problem(f"{position} cannot be kept", hint, "position")]

    def _completed(self, draft: Draft) -> Draft:
        """A new record with its author and, if the newsroom's is not UTC, its zone.

        With its zone, a date means the same after the newsroom's zone has changed. An import adds
        nothing.
        """
        if self._importing:
            return draft
        content, zone = draft.content, self._vocabulary.zone
        if zone != "UTC" and not draft.type.is_amendment and "zone" not in content:
            content = _with_zone(content, zone)
        if self._recorded_by is not None and "recorded_by" not in content:
            content = {**content, "recorded_by": self._recorded_by}
        return draft._replace(content=content)


class _Insertion:
    """A batch that is being filled, with the results so far."""

    def __init__(self, batch: Batch, seen: Seen, keeps_entries: bool):
        self.batch = batch
        self._seen = seen
        self._keeps_entries = keeps_entries
        self._admitted: list[StoredRecord | Entry] = []
        self._written = Written()

    @property
    def is_repeated(self) -> bool:
        """Whether all records were in the log already."""
        return self._written.known > 0 and not self._written.added

    def add(self, admitted: StoredRecord | Entry) -> None:
        """A new record, which is in the batch, or the entry of one that was in the log already."""
        self._admitted.append(admitted)
        if isinstance(admitted, Entry):
            self._written.known += 1
        else:
            self._written.added += 1

    def flush(self) -> None:
        """Write the batch; entries are final afterwards."""
        self.batch.write()
        for each in self._admitted:
            self._written.last = entry = each if isinstance(each, Entry) else each.entry
            if self._keeps_entries:
                self._written.entries.append(entry)
            self._seen(entry)
        self._admitted.clear()

    def finish(self) -> Written:
        """Write the rest."""
        self.flush()
        return self._written


def _with_zone(content: Content, zone: str) -> Content:
    """Content with a zone after `when`."""
    completed: Content = {}
    for key, value in content.items():
        completed[key] = value
        if key == "when":
            completed["zone"] = zone
    return completed


def _is_older(start: Head, validated: ValidatedRecord) -> bool:
    """Whether a record was recorded before the last one that was in the log at the start."""
    time = None if isinstance(validated.found, list) else validated.found.recorded_at
    return time is not None and start.recorded_at is not None and time < start.recorded_at


def _ids_in(chunk: Iterable[ValidatedRecord]) -> tuple[list[str], list[str]]:
    """The ids of some records, and the ids that they name."""
    drafts = [each.found for each in chunk if isinstance(each.found, Draft)]
    return (
        [draft.content["id"] for draft in drafts],
        [id for draft in drafts for id in named_ids(draft)],
    )


def row_of(entry: Entry) -> AppendedRecord:
    """An appended record as the command line and the API report it."""
    return {
        "id": jsonl.content_of(entry)["id"],
        "position": entry.position,
        "recorded_at": temporal.format_instant(entry.recorded_at),
        "story": entry.story,
        "version": entry.version,
    }


# Group commit


def write_together(
    newsroom: Newsroom, clock: Clock, submissions: Sequence[Submission]
) -> list[Written | TimelineError]:
    """Append small submissions in one transaction, which waits for the disk once.

    Each submission is atomic, and has its own result. If one of them is invalid, the transaction is
    rolled back and each is appended by itself.
    """
    if len(submissions) > 1:
        try:
            return list(_write_as_one(newsroom, clock, submissions))
        except (InputError, ConflictError):
            pass
        except StoreError as error:
            return [error] * len(submissions)
    return [_write_alone(newsroom, clock, each) for each in submissions]


def _write_alone(
    newsroom: Newsroom, clock: Clock, submission: Submission
) -> Written | TimelineError:
    try:
        return submission.write(newsroom, clock)
    except TimelineError as error:
        return error


def _write_as_one(
    newsroom: Newsroom, clock: Clock, submissions: Sequence[Submission]
) -> list[Written]:
    with paused_gc():
        appenders = [each.appender(newsroom, clock) for each in submissions]
        # Validation comes first, since it needs no lock.
        chunks = [
            list(appender.validated(each.items))
            for appender, each in zip(appenders, submissions, strict=True)
        ]
        with newsroom.store.recorder.exclusive() as transaction:
            return [
                appender.insert(transaction, each)
                for appender, each in zip(appenders, chunks, strict=True)
            ]
