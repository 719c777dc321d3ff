"""How templates say things: the words of the command line, for a newsroom's zone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from markupsafe import Markup

from timeline import temporal
from timeline.history.entity_resolution import Resolver
from timeline.projections.answer import Answer
from timeline.render import wording
from timeline.render.json_output import json_text
from timeline.render.markdown import prose
from timeline.temporal.wording import said_duration

# How pages call what the command line calls so.
_FIELDS = {"--as-of": "As of", "--as-known": "As known"}


class Words:
    """What templates call `say`.

    `names` are what entities are called, `dates` those that events on the page were given.
    """

    def __init__(
        self,
        zone: str,
        names: Resolver | None = None,
        dates: Mapping[str, temporal.ParsedDate] | None = None,
    ):
        self._zone = zone
        self._names = names or Resolver()
        self._dates = dates or {}

    def name(self, slug: str) -> str:
        """What an entity is called first of all; its slug where nobody has said."""
        return next(iter(self._names.get(slug).names), slug)

    def other_names(self, slug: str) -> list[str]:
        """What else an entity is called, and its other slugs."""
        known = self._names.get(slug)
        return [*known.names[1:], *(each for each in known.slugs if each != slug)]

    def as_of(self, answer: Answer) -> str:
        """The valid time that was asked about."""
        return wording.said_date(temporal.read(answer["as_of"], self._zone))

    def known(self, answer: Answer) -> str:
        """Up to where the log was read."""
        return wording.said_known(answer, self._zone)

    def date(self, entry: Mapping[str, Any]) -> str:
        """When something happened, as it was given: its date, and its order."""
        return wording.said_dated(entry, entry.get("zone") or self._zone)

    def recorded(self, stamp: str) -> str:
        """A time of recording, in the newsroom's zone."""
        return wording.local(temporal.parse_instant(stamp), self._zone)

    def edtf(self, text: str) -> str:
        """A date that stands for itself, such as that of a source."""
        try:
            return wording.said_date(temporal.read(text, self._zone)).removesuffix(", UTC")
        except temporal.TimeError:
            return text

    def bounds(self, bounds: list[str | None], ids: Iterable[str] = ()) -> str:
        """Bounds, as one of the events with these ids has given them, if one has."""
        dates = [self._dates[id] for id in ids if id in self._dates]
        return wording.said_bounds(bounds, dates)

    def bounds_of(self, id: str) -> str:
        """When the event with that id happened; nothing where it has no date."""
        reading = self._dates.get(id)
        return "" if reading is None else wording.said_date(reading)

    def remark(self, note: str) -> str:
        """A remark on how a question was read, where there are no options."""
        option, space, rest = note.partition(" ")
        return self.field(option) + space + rest

    def field(self, name: str) -> str:
        """What a page calls a field of a problem."""
        return _FIELDS.get(name, name)

    def statement(self, entry: Mapping[str, Any]) -> str:
        """A statement in a line."""
        return wording.said_statement(entry)

    def value(self, value: object) -> str:
        """The value of a field in a line."""
        return wording.plain(value)

    def doubt(self, entry: Mapping[str, Any]) -> str:
        """Why it is not certain that something has happened; nothing if it is."""
        return wording.doubt(entry)

    def sources(self, number: int) -> str:
        """How many independent sources say so."""
        return wording.said_sources(number)

    def count(self, number: int, word: str) -> str:
        """1 record, 2 records."""
        return wording.count(number, word)

    def prose(self, markdown: str) -> Markup:
        """A text in Markdown, as HTML that can do nothing."""
        return prose(markdown)

    def json(self, value: object) -> str:
        """JSON, indented."""
        return json_text(value)

    def duration(self, text: str) -> str:
        """A length of time."""
        return said_duration(text)

    def amending(self, amendment: Mapping[str, Any], event: str) -> str:
        """What an amendment made of an event."""
        return wording.said_amending(amendment, event)

    def accounts(self, entry: Mapping[str, Any]) -> Iterator[tuple[str, list[Answer]]]:
        """The events behind a statement, by what they are to it."""
        return ((key, entry[key]) for key in wording.ROLES if key in entry)

    def role(self, key: str, entry: Mapping[str, Any], account: Mapping[str, Any]) -> str:
        """What an event is to a statement."""
        return wording.said_role(key, entry, account)
