"""Putting records into a newsroom's log: one, many, or a whole portable log."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, islice
from typing import IO, NamedTuple

from uuid_utils import uuid7

from timeline import collecting, portable
from timeline.admission import admit
from timeline.errors import ConflictError, InputError, Problem
from timeline.events.record import Content, Draft
from timeline.events.validation import validate
from timeline.log import Batch, Entry, Head, InterferedError
from timeline.newsroom import Newsroom
from timeline.references import names_in

# With this many problems the input is another kind of thing altogether: stop reading it.
MOST_PROBLEMS = 100

# So many records are validated, looked up and written together.
CHUNK = 100

# So many chunks are validated before anybody else is kept from writing: some 25 MB.
AHEAD = 50


class Given(NamedTuple):
    """One record as it was given: a JSON value, or what is wrong with the line."""

    value: object
    line: int | None = None
    file: str | None = None


class Checked(NamedTuple):
    """One record as validation found it, and the position that it claims."""

    item: Given
    found: Draft | list[Problem]
    position: object = None


@dataclass(slots=True)
class Outcome:
    """What a batch came to: new records, and those that were there already."""

    added: int = 0
    known: int = 0
    last: Entry | None = None


def given_lines(stream: IO[bytes], file: str | None) -> Iterator[Given]:
    """The records of a file of JSON lines.

    Raises:
        InputError: the file cannot be read to its end.
    """
    try:
        for number, line in portable.lines(stream):
            yield Given(portable.parse(line), number, file)
    except OSError as error:
        raise InputError(f"cannot read {file}: {error.strerror}") from error


class Appending:
    """The rules for one batch.

    `clock` gives the time of recording in microseconds; `recorded_by` is set on records
    that do not say; `expected` maps stories to the version they must still have. An
    import keeps the `recorded_at` that the records bring, an ordinary append takes none.
    """

    def __init__(
        self,
        newsroom: Newsroom,
        clock: Callable[[], int],
        recorded_by: str | None = None,
        expected: Mapping[str, int] | None = None,
        importing: bool = False,
    ):
        self._newsroom = newsroom
        self._vocabulary = newsroom.settings.vocabulary
        self._clock = clock
        self._recorded_by = recorded_by
        self._expected = expected or {}
        self._importing = importing

    def write(
        self,
        items: Iterable[Given],
        seen: Callable[[Entry], None] = lambda entry: None,
        keep: bool = True,
    ) -> Outcome:
        """Append all items as one batch, or none of them.

        `seen` is called with each entry as it is placed, before anything is committed.
        With `keep` false all is checked and then undone.

        Raises:
            InputError: something is wrong with them; all problems at once.
            ConflictError: a story is no longer at the version expected.
            StoreError: the log cannot be written.
        """
        with collecting.put_off():
            chunks = self._checked(items)
            ahead = list(islice(chunks, AHEAD))
            # Few records need not keep others from writing, unless others interfere.
            if not self._importing and len(ahead) <= 1:
                with suppress(InterferedError):
                    return self._tried(ahead, seen, keep, hold=False)
            return self._tried(chain(ahead, chunks), seen, keep, hold=True)

    def _tried(
        self,
        chunks: Iterable[list[Checked]],
        seen: Callable[[Entry], None],
        keep: bool,
        hold: bool,
    ) -> Outcome:
        outcome = Outcome()
        with suppress(_UndoneError):
            with self._newsroom.log.writing(self._clock, hold) as batch:
                self._check_expected(batch)
                self._fill(batch, chunks, seen, outcome)
                if not keep:
                    raise _UndoneError
            if outcome.last is not None:
                outcome.last = batch.settled(outcome.last)
        return outcome

    def _checked(self, items: Iterable[Given]) -> Iterator[list[Checked]]:
        """All items as validation finds them, some at a time."""
        rest = iter(items)
        while chunk := [self._check(item) for item in islice(rest, CHUNK)]:
            yield chunk

    def _check_expected(self, batch: Batch) -> None:
        for story, version in self._expected.items():
            found = batch.story_version(story)
            if found != version:
                raise ConflictError(
                    f"{story} is at version {found}, not {version}: somebody else appended to it. "
                    "Nothing was written; look at `timeline log` and try again."
                )

    def _fill(
        self,
        batch: Batch,
        chunks: Iterable[list[Checked]],
        seen: Callable[[Entry], None],
        outcome: Outcome,
    ) -> None:
        problems: list[Problem] = []
        start: Head | None = None
        head = 0
        for chunk in chunks:
            batch.foresee(_ids_in(chunk), _stories_in(chunk))
            if start is None:
                start = batch.head()
                head = start.position
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
                outcome.last = found
                if found.position > head:
                    head = found.position
                    outcome.added += 1
                else:
                    outcome.known += 1
                seen(found)
        if problems:
            raise InputError(problems)

    def _check(self, item: Given) -> Checked:
        """What can be said of a record without the log."""
        if isinstance(item.value, Problem):
            return Checked(item, [item.value])
        value, position = self._without_position(item.value)
        draft = validate(value, self._vocabulary)
        if isinstance(draft, list):
            return Checked(item, draft)
        if draft.recorded_at is not None and not self._importing:
            hint = "leave it out; `timeline import` keeps the times of a portable log"
            return Checked(item, [Problem("is given by the clock", hint, "recorded_at")])
        if "id" not in draft.content:
            draft = draft._replace(content={"id": self._make_id(), **draft.content})
        return Checked(item, draft, position)

    def _place(self, batch: Batch, checked: Checked) -> Entry | list[Problem]:
        _, draft, position = checked
        if isinstance(draft, list):
            return draft
        entry = admit(draft, batch, self._vocabulary, self._finished)
        if isinstance(entry, list):
            return entry
        if position is not None and position != entry.position:
            hint = f"here it is {entry.position}: leave it out, or import into an empty newsroom"
            return [Problem(f"{position} cannot be kept", hint, "position")]
        return entry

    def _without_position(self, value: object) -> tuple[object, object]:
        """A line of `timeline log --format jsonl` carries its position, which must come true."""
        if self._importing and isinstance(value, dict) and "position" in value:
            rest = dict(value)
            position = rest.pop("position")
            return rest, position
        return value, None

    def _finished(self, draft: Draft) -> Draft:
        """A new record with what the newsroom adds; an import adds nothing."""
        return draft if self._importing else self._signed(self._placed(draft))

    def _placed(self, draft: Draft) -> Draft:
        """A happening with the newsroom's zone, where that is not UTC and it brings none.

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


def _goes_back_behind(start: Head, checked: Checked, problems: list[Problem]) -> bool:
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


def _ids_in(chunk: Iterable[Checked]) -> list[str]:
    """The ids that some records bring, and those that they name."""
    ids: list[str] = []
    for _, draft, _ in chunk:
        if isinstance(draft, Draft):
            content = draft.content
            if "id" in content:
                ids.append(content["id"])
            ids += names_in(draft)
    return ids


def _stories_in(chunk: Iterable[Checked]) -> set[str]:
    """The stories that some records belong to."""
    return {each.found.content["story"] for each in chunk if isinstance(each.found, Draft)}


class _UndoneError(Exception):
    """Leaves a batch that was only tried."""
