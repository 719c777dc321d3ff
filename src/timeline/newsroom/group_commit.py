"""Small batches of several people, written as one transaction: the disk is waited for once.

Each is all or nothing for itself. They are first tried together; if something is wrong with
one, none is written, and each is tried alone, so that nobody suffers from another's mistake.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from typing import Any, NamedTuple

from timeline import temporal
from timeline.errors import ConflictError, InputError, Problem, StoreError, TimelineError
from timeline.newsroom.appending import Appending, Outcome
from timeline.newsroom.newsroom import Newsroom
from timeline.newsroom.validate_many import CHUNK, RawRecord, ValidatedRecord
from timeline.records import jsonl
from timeline.records.entry import Entry
from timeline.records.gc_pause import paused_gc


class Submission(NamedTuple):
    """What somebody wants to append, as `Appending` takes it.

    `recorded_by` is who they are, and all that their records may say of it.
    """

    items: Sequence[RawRecord]
    recorded_by: str | None = None
    expected: Mapping[str, int] = {}
    importing: bool = False

    @property
    def is_small(self) -> bool:
        """Whether it can go together with others."""
        return len(self.items) <= CHUNK and not self.importing

    def appending(self, newsroom: Newsroom, clock: Callable[[], int]) -> Appending:
        """The rules for it."""
        by = self.recorded_by
        if self.importing or by is None:
            return Appending(newsroom, clock, by, self.expected, self.importing)
        return Appending(newsroom, clock, by, self.expected, opposed=lambda each: signed(each, by))


class Written(NamedTuple):
    """What became of a submission: how many records are new, and the entries of all, in order."""

    added: int
    known: int
    entries: list[Entry]


def signed(value: object, by: str) -> list[Problem]:
    """What is wrong with a record that says that somebody else has recorded it."""
    said = value.get("recorded_by") if isinstance(value, dict) else None
    if said is None or said == by:
        return []
    hint = f"leave it out: it is {by!r}, who asks"
    return [Problem("is not who asks", hint, "recorded_by")]


def row_of(entry: Entry) -> dict[str, Any]:
    """What is told of a record that was appended, on the command line as over HTTP."""
    return {
        "id": jsonl.content_of(entry)["id"],
        "position": entry.position,
        "recorded_at": temporal.format_instant(entry.recorded_at),
        "story": entry.story,
        "version": entry.version,
    }


def write(
    newsroom: Newsroom, clock: Callable[[], int], submission: Submission, keep: bool = True
) -> Written:
    """Append a submission; with `keep` false all is checked and then undone.

    Raises:
        InputError: something is wrong with its records; all problems at once.
        ConflictError: a story is no longer at the version expected.
        StoreError: the log cannot be written.
    """
    entries: list[Entry] = []
    appending = submission.appending(newsroom, clock)
    return _written(appending.write(submission.items, entries.append, keep), entries)


def write_together(
    newsroom: Newsroom, clock: Callable[[], int], submissions: Sequence[Submission]
) -> list[Written | TimelineError]:
    """Append each submission, or say what was wrong with it."""
    if len(submissions) > 1:
        try:
            return list(_as_one(newsroom, clock, submissions))
        except (InputError, ConflictError):
            pass
        except StoreError as error:
            return [error] * len(submissions)
    return [_alone(newsroom, clock, each) for each in submissions]


def _alone(
    newsroom: Newsroom, clock: Callable[[], int], submission: Submission
) -> Written | TimelineError:
    try:
        return write(newsroom, clock, submission)
    except TimelineError as error:
        return error


def _as_one(
    newsroom: Newsroom, clock: Callable[[], int], submissions: Sequence[Submission]
) -> list[Written]:
    """All submissions in one transaction.

    Raises:
        InputError, ConflictError: something is wrong with one of them; nothing was written.
        StoreError: the log cannot be written.
    """
    rules = [each.appending(newsroom, clock) for each in submissions]
    with paused_gc():
        # Others are kept from writing for as long as it takes to place them, and no longer.
        ready = [_checked(rule, each.items) for rule, each in zip(rules, submissions, strict=True)]
        found: list[tuple[Outcome, list[Entry]]] = []
        with newsroom.store.writing(clock) as batch:
            for rule, chunks in zip(rules, ready, strict=True):
                outcome, entries = Outcome(), list[Entry]()
                rule.fill(batch, chunks, entries.append, outcome)
                found.append((outcome, entries))
    return [_written(*each) for each in found]


def _checked(rule: Appending, items: Sequence[RawRecord]) -> list[list[ValidatedRecord]]:
    """The records of a submission.

    Raises:
        InputError: something can be said against one of them without a look at the log.
    """
    with closing(rule.checked(items)) as chunks:
        ready = list(chunks)
    if any(isinstance(each.found, list) for chunk in ready for each in chunk):
        raise InputError("something is wrong with one of them")
    return ready


def _written(outcome: Outcome, entries: list[Entry]) -> Written:
    return Written(outcome.added, outcome.known, entries)
