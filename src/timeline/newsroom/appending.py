"""Putting records into a newsroom's log: one, many, or a whole portable log."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from itertools import chain, islice
from typing import IO, TYPE_CHECKING

from uuid_utils import uuid7

from timeline.errors import InputError, Problem
from timeline.log.protocol import AppendConditionFailedError, Head
from timeline.newsroom.admission import Admitted, admit
from timeline.newsroom.concurrency import conflict_of, moved_of
from timeline.newsroom.newsroom import Newsroom
from timeline.newsroom.reference_checks import names_in
from timeline.newsroom.validate_many import RawRecord, ValidatedRecord, Validator
from timeline.records import jsonl
from timeline.records.entry import Entry
from timeline.records.gc_pause import paused_gc
from timeline.records.record import Content, Draft

if TYPE_CHECKING:
    from timeline.log.batch import Batch

# With this many problems the input is another kind of thing altogether: stop reading it.
MOST_PROBLEMS = 100

# So many chunks are validated before anybody else is kept from writing: some 25 MB.
AHEAD = 50


def _unopposed(value: object) -> list[Problem]:
    return []


@dataclass(slots=True)
class Outcome:
    """What a batch came to: new records, and those that were in the log already."""

    added: int = 0
    known: int = 0
    last: Entry | None = None


def given_lines(stream: IO[bytes], file: str | None) -> Iterator[RawRecord]:
    """The records of a file of JSON lines, which are still to be parsed.

    Raises:
        InputError: the file cannot be read to its end.
    """
    try:
        for number, line in jsonl.lines(stream):
            yield RawRecord(line, number, file)
    except OSError as error:
        raise InputError(f"cannot read {file}: {error.strerror}") from error


class Appending:
    """The rules for one batch.

    `clock` gives the time of recording in microseconds; `recorded_by` is set on records
    that do not say; `expected` maps stories to the version they must still have, unless all
    records are there already. An import keeps the `recorded_at` that the records bring, an
    ordinary append takes none. `opposed` tells what else is wrong with a record, as it was
    given, in the eyes of whoever takes it.
    """

    def __init__(
        self,
        newsroom: Newsroom,
        clock: Callable[[], int],
        recorded_by: str | None = None,
        expected: Mapping[str, int] | None = None,
        importing: bool = False,
        opposed: Callable[[object], list[Problem]] = _unopposed,
    ):
        self._newsroom = newsroom
        self._vocabulary = newsroom.settings.vocabulary
        self._clock = clock
        self._recorded_by = recorded_by
        self._expected = expected or {}
        self._importing = importing
        self._opposed = opposed
        self._checking = Validator(self._vocabulary, importing)

    def write(
        self,
        items: Iterable[RawRecord],
        seen: Callable[[Entry], None] = lambda entry: None,
        keep: bool = True,
    ) -> Outcome:
        """Append all items as one batch, or none of them.

        `seen` is called with each entry: of a long batch before anything is committed.
        With `keep` false all is checked and then undone.

        Raises:
            InputError: something is wrong with them; all problems at once.
            ConflictError: a story is no longer at the version expected.
            StoreError: the log cannot be written.
        """
        with paused_gc(), closing(self.checked(items)) as chunks:
            ahead = list(islice(chunks, AHEAD))
            # Few records need not keep others from writing, unless others interfere.
            if not self._importing and len(ahead) <= 1:
                entries: list[Entry] = []
                with suppress(AppendConditionFailedError):
                    outcome, settled = self._tried(ahead, entries.append, keep, hold=False)
                    for entry in entries:
                        seen(settled(entry))
                    return outcome
            return self._tried(chain(ahead, chunks), seen, keep, hold=True)[0]

    def _tried(
        self,
        chunks: Iterable[list[ValidatedRecord]],
        seen: Callable[[Entry], None],
        keep: bool,
        hold: bool,
    ) -> tuple[Outcome, Callable[[Entry], Entry]]:
        """The outcome of one attempt, and what gives the final form of the entries it has seen."""
        outcome = Outcome()
        writing = self._newsroom.store.writing(self._clock, hold)
        with suppress(_UndoneError), writing as batch:
            self.fill(batch, chunks, seen, outcome)
            if not keep:
                batch.rehearse()
                raise _UndoneError
        if outcome.last is not None:
            outcome.last = batch.settled(outcome.last)
        return outcome, batch.settled

    def checked(self, items: Iterable[RawRecord]) -> Generator[list[ValidatedRecord]]:
        """All items as they were found, those that are valid with an id."""
        with closing(self._checking.all(items)) as chunks:
            for chunk in chunks:
                yield [self._identified(each) for each in chunk]

    def _identified(self, checked: ValidatedRecord) -> ValidatedRecord:
        draft = checked.found
        if problems := self._opposed(checked.item.value):
            others = draft if isinstance(draft, list) else []
            return checked._replace(found=[*problems, *others])
        if isinstance(draft, list) or "id" in draft.content:
            return checked
        content = {"id": self._make_id(), **draft.content}
        return checked._replace(found=draft._replace(content=content))

    def fill(
        self,
        batch: Batch,
        chunks: Iterable[list[ValidatedRecord]],
        seen: Callable[[Entry], None],
        outcome: Outcome,
    ) -> None:
        """Place all records in an open batch, which is to be undone if this raises.

        Raises:
            InputError: something is wrong with them; all problems at once.
            ConflictError: a story is no longer at the version expected.
        """
        moved = moved_of(batch, self._expected)
        try:
            self._fill(batch, chunks, seen, outcome)
        except InputError:
            if not moved:
                raise
        # Who sends all once more, having heard no answer, is not told of what came since.
        if moved and not (outcome.known and not outcome.added):
            raise conflict_of(moved, self._newsroom.store, self._vocabulary)

    def _fill(
        self,
        batch: Batch,
        chunks: Iterable[list[ValidatedRecord]],
        seen: Callable[[Entry], None],
        outcome: Outcome,
    ) -> None:
        problems: list[Problem] = []
        start = batch.head() if self._importing else Head(0, None)
        for chunk in chunks:
            batch.prefetch(*_foreseen(chunk))
            for checked in chunk:
                found = self._place(batch, checked)
                if isinstance(found, list):
                    older = _goes_back_behind(start, checked, found)
                    line, file = checked.item.line, checked.item.file
                    problems += [
                        each._replace(line=line, file=file)
                        for each in found[: 1 if older else None]
                    ]
                    if older or len(problems) >= MOST_PROBLEMS:
                        raise InputError(problems, complete=False)
                    continue
                outcome.last = found.entry
                if found.new:
                    outcome.added += 1
                else:
                    outcome.known += 1
                seen(found.entry)
            if not problems:
                batch.flush()
        if problems:
            raise InputError(problems)

    def _place(self, batch: Batch, checked: ValidatedRecord) -> Admitted | list[Problem]:
        _, draft, position = checked
        if isinstance(draft, list):
            return draft
        found = admit(draft, batch, self._vocabulary, self._finished)
        if isinstance(found, list) or position in (None, found.entry.position):
            return found
        hint = f"here it is {found.entry.position}: leave it out, or import into an empty newsroom"
        return [Problem(f"{position} cannot be kept", hint, "position")]

    def _finished(self, draft: Draft) -> Draft:
        """A new record with what the newsroom adds; an import adds nothing."""
        return draft if self._importing else self._signed(self._placed(draft))

    def _placed(self, draft: Draft) -> Draft:
        """An event with the newsroom's zone, where that is not UTC and it brings none.

        What was meant when it was typed stays so when the newsroom's zone changes. An
        import writes nothing that was not there.
        """
        zone = self._vocabulary.zone
        if zone == "UTC" or draft.type.is_amendment or "zone" in draft.content:
            return draft
        content: Content = {}
        for key, value in draft.content.items():
            content[key] = value
            if key == "when":
                content["zone"] = zone
        return draft._replace(content=content)

    def _signed(self, draft: Draft) -> Draft:
        if self._recorded_by is None or "recorded_by" in draft.content:
            return draft
        return draft._replace(content={**draft.content, "recorded_by": self._recorded_by})

    def _make_id(self) -> str:
        return str(uuid7(nanoseconds=self._clock() * 1000))


def _goes_back_behind(start: Head, checked: ValidatedRecord, problems: list[Problem]) -> bool:
    """Whether a record is refused since the log had later ones before this batch.

    The same is true of those after it, and they would name it in vain: one problem is all.
    """
    time = None if isinstance(checked.found, list) else checked.found.recorded_at
    return (
        time is not None
        and start.recorded_at is not None
        and time < start.recorded_at
        and problems[0].field == "recorded_at"
    )


def _foreseen(chunk: Iterable[ValidatedRecord]) -> tuple[list[str], list[str]]:
    """The ids that some records bring, and those that they name."""
    drafts = [each.found for each in chunk if isinstance(each.found, Draft)]
    return (
        [draft.content["id"] for draft in drafts],
        [id for draft in drafts for id in names_in(draft)],
    )


class _UndoneError(Exception):
    """Leaves a batch that was only tried."""
