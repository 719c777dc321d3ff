"""Appending for an authenticated caller, by the API and by the forms of the pages.

A response has the new version of the story as its `ETag`: `"qwen=140"` is version 140 of the story
`qwen`. A request may demand with `If-Match` that the story is still at that version; `"140"` is
enough if all records are of one story.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import NamedTuple

from typing_extensions import TypedDict

from timeline import temporal
from timeline.access.roles import role_needed
from timeline.access.tokens import Holder
from timeline.errors import InputError, Problem, StoreError
from timeline.newsroom.append import Submission, Written
from timeline.newsroom.newsroom import Newsroom
from timeline.newsroom.preview import effects_of
from timeline.newsroom.validate_many import RawRecord
from timeline.projections.contradictions import ContradictoryDates
from timeline.projections.replay import StepJson
from timeline.records.record import Entry
from timeline.records.vocabulary import Vocabulary
from timeline.web.problems import RefusedError
from timeline.web.service import Service

# Seconds to wait until the next request is certain to see what was appended.
PATIENCE = 2

_ETAG = re.compile(r'(?:W/)?"(?:([^"=]+)=)?([0-9]{1,18})"', re.ASCII)


class EffectsJson(TypedDict):
    """What a record would change."""

    now: StepJson | None
    """The record as a step of the audit; null if the record exists already."""
    then: StepJson | None
    """The same step as of the time that the record is about, if it changes nothing today."""
    findings: list[ContradictoryDates]
    """The contradictions that it would cause."""
    notes: list[str]
    misspelt: bool
    """Whether names in it look misspelt."""


class Trial(NamedTuple):
    """What a submission would do.

    `effects` are those of its record, if it has only one and that is new.
    """

    written: Written
    effects: EffectsJson | None


def submission(
    service: Service, holder: Holder, items: Sequence[RawRecord], expected: Mapping[str, int]
) -> Submission:
    """The records that a caller appends in their own name.

    Raises:
        RefusedError: the caller's role does not allow some; it lists all of them.
    """
    if problems := list(_not_allowed(holder, items, service.settings.vocabulary)):
        detail = "\n".join(map(str, problems))
        raise RefusedError(403, detail, problems=problems)
    return Submission(items, holder.name, expected)


def _not_allowed(
    holder: Holder, items: Iterable[RawRecord], vocabulary: Vocabulary
) -> Iterable[Problem]:
    """The records that the caller's role does not allow."""
    for item in items:
        name = item.value.get("type") if isinstance(item.value, dict) else None
        kind = vocabulary.get(name) if isinstance(name, str) else None
        needed = None if kind is None else role_needed(kind)
        if needed is not None and holder.role < needed:
            what = f"a record of type {name} needs the role {needed.label}"
            yield Problem(what, f"your role is {holder.role.label}", "type", None, item.line)


async def submit(service: Service, submission: Submission) -> Written:
    """Append a submission. After that, every request sees it.

    Raises:
        InputError: its records are invalid; all problems at once.
        ConflictError: a story is not at the expected version.
        StoreError: the log cannot be written.
    """
    written = await service.executor.append(submission)
    if written.added and written.last is not None:
        service.feed.hurry()
        with suppress(StoreError):  # The records are written, even if the log cannot be read now.
            await service.feed.reaches(written.last.position, PATIENCE)
    return written


async def try_out(service: Service, holder: Holder, submission: Submission) -> Trial:
    """A dry run of a submission.

    Raises:
        InputError, ConflictError, StoreError: see `submit`.
    """
    written = await service.executor.write(
        lambda newsroom: submission.write(newsroom, temporal.now, dry_run=True)
    )
    if len(submission.items) != 1 or written.known:
        return Trial(written, None)
    effects = await service.executor.compute(partial(_effects, written=written), holder.token)
    return Trial(written, effects)


def _effects(newsroom: Newsroom, written: Written) -> EffectsJson:
    notes: list[str] = []
    (entry,) = written.entries
    record = newsroom.decode(entry)
    basis = newsroom.basis(None, None)
    found, misspelt = effects_of(newsroom, record, basis, notes.append)
    return {
        "now": found.now,
        "then": found.then,
        "findings": found.findings,
        "notes": notes,
        "misspelt": misspelt,
    }


def etag_of(entries: Iterable[Entry]) -> dict[str, str]:
    """The header with the version of the story that some entries are of, if they are all of one."""
    versions: dict[str, int] = {}
    for entry in entries:
        versions[entry.story] = max(entry.version, versions.get(entry.story, 0))
    tags = [f'"{story}={version}"' for story, version in versions.items()]
    return {"ETag": tags[0]} if len(tags) == 1 else {}


def expected_of(header: str | None, stories: Iterable[object]) -> dict[str, int]:
    """The versions that stories must have according to `If-Match`; `stories` are appended to.

    Raises:
        InputError: the header is invalid.
    """
    expected: dict[str, int] = {}
    for text in (header or "").split(","):
        tag = text.strip()
        if not tag and header is None:
            continue
        found = _ETAG.fullmatch(tag)
        if found is None:
            raise _invalid(f"{tag[:100]!r} is not a version of a story")
        story = found[1] or _only(stories)
        if story in expected:
            raise _invalid(f"{story} is named twice")
        expected[story] = int(found[2])
    return expected


def _only(stories: Iterable[object]) -> str:
    named = set(filter(lambda each: isinstance(each, str), stories))
    if len(named) != 1:
        raise _invalid("it names no story, and the records are not all of one story")
    return str(named.pop())


def _invalid(message: str) -> InputError:
    return InputError([Problem(message, '"STORY=VERSION", such as "qwen=140"', "If-Match")])
