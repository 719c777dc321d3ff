"""Appending for somebody: what they may append, what becomes of it, and what it would do.

The API and the forms of the pages share this.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from timeline import temporal
from timeline.access.roles import role_needed
from timeline.access.tokens import Holder
from timeline.errors import Problem, StoreError
from timeline.newsroom.group_commit import Submission, Written, write
from timeline.newsroom.newsroom import Newsroom
from timeline.newsroom.preview import effects_of
from timeline.newsroom.validate_many import RawRecord
from timeline.records.vocabulary import Vocabulary
from timeline.web.problems import RefusedError
from timeline.web.service import Service

# Seconds to wait until whoever asks next is sure to see what was appended.
PATIENCE = 2


class Trial(NamedTuple):
    """What would become of a submission.

    `effects` tell what a record would change, if it is the only one and a new one.
    """

    written: Written
    effects: Mapping[str, Any] | None


def submission(
    service: Service, holder: Holder, items: Sequence[RawRecord], expected: Mapping[str, int]
) -> Submission:
    """What somebody wants to append, in their own name.

    Raises:
        RefusedError: their role may not; all such records at once.
    """
    if problems := list(_beyond(holder, items, service.settings.vocabulary)):
        detail = "\n".join(map(str, problems))
        raise RefusedError(403, detail, problems=problems)
    return Submission(items, holder.name, expected)


def _beyond(
    holder: Holder, items: Iterable[RawRecord], vocabulary: Vocabulary
) -> Iterable[Problem]:
    """The records that are not for the role of whoever sends them."""
    for item in items:
        name = item.value.get("type") if isinstance(item.value, dict) else None
        kind = vocabulary.get(name) if isinstance(name, str) else None
        needed = None if kind is None else role_needed(kind)
        if needed is not None and holder.role < needed:
            what = f"a {name} is for the role {needed.label} and above"
            yield Problem(what, f"yours is {holder.role.label}", "type", None, item.line)


async def submit(service: Service, submission: Submission) -> Written:
    """Append a submission; when this is done, whoever asks will see it.

    Raises:
        InputError: something is wrong with its records; all problems at once.
        ConflictError: a story is no longer at the version expected.
        StoreError: the log cannot be written.
    """
    written = await service.desk.append(submission)
    if written.added:
        service.feed.hurry()
        with suppress(StoreError):  # It is written, whether or not it can be read now.
            await service.feed.reaches(written.entries[-1].position, PATIENCE)
    return written


async def try_out(service: Service, submission: Submission) -> Trial:
    """What would become of a submission; nothing is written.

    Raises:
        InputError, ConflictError, StoreError: see `submit`.
    """
    written = await service.desk.write(
        lambda newsroom: write(newsroom, temporal.now, submission, keep=False)
    )
    if len(submission.items) != 1 or written.known:
        return Trial(written, None)
    return Trial(written, await service.desk.read(lambda newsroom: _effects(newsroom, written)))


def _effects(newsroom: Newsroom, written: Written) -> dict[str, Any]:
    notes: list[str] = []
    (entry,) = written.entries
    record = newsroom.decode(entry)
    found, misspelt = effects_of(newsroom, record, temporal.now(), notes.append)
    return {**found._asdict(), "notes": notes, "misspelt": misspelt}
