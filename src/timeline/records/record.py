"""A record: as it is read back, as the log keeps it, and before it is in the log."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from string import Formatter
from typing import Any, NamedTuple

from timeline.records.declaration import Kind, RecordType
from timeline.records.numbers import said

# The keys that every record may have, besides the fields of its type.
ENVELOPE = ("id", "story", "type", "headline", "body", "sources", "tags", "qualifiers")
LINKS = ("after", "before", "during")
EVENTS_ONLY = ("when", "zone", *LINKS)
STAMPS = ("recorded_by", "recorded_at", "position")

# What a correction may not change: what a record is, and the act of recording it.
FIXED = ("id", "story", "type", *STAMPS)

Content = dict[str, Any]
"""The fields of a record as JSON values, in the order in which they are written."""


# A part of the template of a headline that is left out where a field in it is not given.
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")


class Record(NamedTuple):
    """One immutable line of the log.

    `position` counts from 1 without gaps; `recorded_at` is in microseconds since 1970,
    UTC; `version` is its place in the stream of its story. `content` is shared and must not be
    changed. `default_zone` is the newsroom's, for dates without a zone.
    """

    position: int
    recorded_at: int
    version: int
    type: RecordType
    content: Content
    default_zone: str = "UTC"

    @property
    def id(self) -> str:
        return str(self.content["id"])

    @property
    def story(self) -> str:
        return str(self.content["story"])

    @property
    def recorded_by(self) -> str | None:
        return self.content.get("recorded_by")

    @property
    def is_amendment(self) -> bool:
        return self.type.is_amendment

    @property
    def amends(self) -> tuple[str, ...]:
        """The ids of the events that this amendment names; empty for an event."""
        return amended_by(self.type, self.content)


class Entry(NamedTuple):
    """One record as the log keeps it.

    `state` is the canonical JSON of the record without `position` and `recorded_at`; `topic` is
    the type and its version; `version` counts within the story, from 1; `recorded_at` is in
    microseconds since 1970, UTC.
    """

    position: int
    recorded_at: int
    story: str
    version: int
    topic: str
    state: bytes


class Draft(NamedTuple):
    """Valid content that is not in the log yet.

    `recorded_at` is None unless the input has its own (microseconds, UTC).
    """

    type: RecordType
    content: Content
    recorded_at: int | None = None


def amended_by(kind: RecordType, content: Content) -> tuple[str, ...]:
    """The ids of the events that an amendment names, in field order, each once."""
    if not kind.amends:
        return ()
    return tuple(dict.fromkeys(id for _, id in named_by(kind.amends, content)))


def named_by(fields: Iterable[str], content: Content) -> Iterator[tuple[str, str]]:
    """Each id that some fields hold, with its place, such as `between[1]`."""
    for field in fields:
        held = content.get(field)
        if isinstance(held, list):
            yield from ((f"{field}[{number}]", id) for number, id in enumerate(held))
        elif held is not None:
            yield field, held


def named_in(content: Content) -> set[str]:
    """The ids that an event names: those it came after or before, and the question it answers."""
    named = {link["id"] for side in LINKS for link in content.get(side, ())}
    if "answers" in content:
        named.add(content["answers"])
    return named


def headline(kind: RecordType, content: Content) -> str:
    """One line for people: the record's own headline, or one made from its fields."""
    own = content.get("headline")
    if own:
        return str(own)
    if not kind.headline:
        return f"{kind.name}: {content['id']}"
    parts = {
        name: _joined(content.get(name), field.kind is Kind.QUANTITY)
        for name, field in kind.fields.items()
    }

    def optional(part: re.Match[str]) -> str:
        named = (name for _, name, _, _ in Formatter().parse(part[1]) if name)
        return part[1] if all(content.get(name) is not None for name in named) else ""

    return _OPTIONAL.sub(optional, kind.headline).format_map(parts)


def entities_of(kind: RecordType, content: Content) -> list[str]:
    """The slugs of all entities that the fields of a record name, in field order."""
    slugs: list[str] = []
    for name, several in kind.naming:
        if name in content:
            if several:
                slugs += content[name]
            else:
                slugs.append(content[name])
    return slugs


def _joined(value: Any, quantity: bool) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if quantity and value is not None:
        return said(value)
    return "…" if value is None else str(value)
