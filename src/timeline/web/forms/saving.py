"""Saving what a form adds up to: trying it first, and seeing who came between."""

from __future__ import annotations

from typing import Any, NamedTuple

from timeline import temporal
from timeline.asking.trying import effects_of
from timeline.checking import Given
from timeline.newsroom import Newsroom
from timeline.projections.answer import Answer
from timeline.together import Submission, write


class Tried(NamedTuple):
    """What a record would do: its effect, remarks on it, and whether it is there already."""

    now: Answer
    then: Answer | None
    findings: list[Answer]
    notes: list[str]
    known: bool


class Saved(NamedTuple):
    """A record that is in the log."""

    id: str
    position: int


def tried(newsroom: Newsroom, content: dict[str, Any], by: str) -> Tried:
    """What a record would do; nothing is written.

    Raises:
        InputError: something is wrong with it.
        StoreError: the log cannot be read.
    """
    now, notes = temporal.now(), list[str]()
    written = write(newsroom, temporal.now, Submission([Given(content)], by), keep=False)
    (entry,) = written.entries
    found = effects_of(newsroom, newsroom.decode(entry), now, notes.append).preview
    return Tried(found.now, found.then, found.findings, notes, written.known == 1)


def saved(newsroom: Newsroom, content: dict[str, Any], by: str, seen: int) -> Saved:
    """Append a record, unless its story has moved on since position `seen`.

    Raises:
        InputError: something is wrong with it.
        ConflictError: somebody has appended to the story since then.
        StoreError: the log cannot be written.
    """
    story = str(content.get("story"))
    expected = {} if _is_there(newsroom, content) else {story: version_at(newsroom, story, seen)}
    (entry,) = write(newsroom, temporal.now, Submission([Given(content)], by, expected)).entries
    return Saved(newsroom.decode(entry).id, entry.position)


def version_at(newsroom: Newsroom, story: str, position: int) -> int:
    """The version that a story had at a position."""
    later = newsroom.log.entries(position)
    return newsroom.log.story_version(story) - sum(entry.story == story for entry in later)


def _is_there(newsroom: Newsroom, content: dict[str, Any]) -> bool:
    """Whether a record with that id is there: what was sent twice is no conflict."""
    id = content.get("id")
    return isinstance(id, str) and newsroom.log.find(id) is not None
