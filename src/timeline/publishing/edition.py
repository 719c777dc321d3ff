"""An edition: the contents of all files of a published story, in words."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple
from uuid import NAMESPACE_OID, UUID, uuid5

from timeline import temporal
from timeline.history.history import History
from timeline.newsroom.newsroom import Newsroom
from timeline.projections.answer import Basis
from timeline.projections.chronology import ChronologyAnswer, chronology
from timeline.publishing.addresses import Addresses
from timeline.publishing.corrections import Corrections, corrections
from timeline.publishing.entries import PageEntry, entry_of
from timeline.records.record import Record
from timeline.render.wording import local, said_as_of, said_known


class Edition(NamedTuple):
    """A story at a basis.

    `answer` is its chronology. `groups` are its entries in valid order; the order within a group
    is unknown. `publication` is the name of the publication at the position `as_known`, if there
    is one.
    """

    story: str
    title: str
    newsroom: str
    zone: str
    basis: Basis
    answer: ChronologyAnswer
    groups: tuple[tuple[PageEntry, ...], ...]
    corrections: Corrections
    publication: str | None
    addresses: Addresses
    identity: UUID
    shown: frozenset[int]
    """The positions of the events on the page."""

    @property
    def entries(self) -> Iterator[PageEntry]:
        """All events, in valid order."""
        return (entry for group in self.groups for entry in group)

    @property
    def basis_line(self) -> str:
        """The two times of the basis, in a sentence."""
        as_of = said_as_of(self.answer["as_of"], self.answer, self.zone)
        published = f", published as “{self.publication}”" if self.publication else ""
        return f"{as_of[0].upper()}{as_of[1:]}; {said_known(self.answer, self.zone)}{published}."

    @property
    def updated(self) -> int:
        """When the last record was recorded, in microseconds since 1970."""
        return self.basis.recorded_at or 0

    def said(self, instant: int) -> str:
        """A time of recording in words."""
        return local(instant, self.zone)

    def stamp(self, instant: int) -> str:
        """A time of recording for machines (RFC 3339, to the second)."""
        return f"{temporal.format_instant(instant)[:19]}Z"

    def id_of(self, what: str) -> str:
        """A permanent URN for a part of the story, whatever its address."""
        return uuid5(self.identity, what).urn


def edition_of(
    newsroom: Newsroom,
    story: str,
    basis: Basis,
    title: str | None = None,
    addresses: Addresses | None = None,
) -> Edition:
    """The edition of a story at a basis. Reads the log once, or twice if it was published."""
    first: list[Record] = []
    separations: list[Record] = []
    publications: list[Record] = []

    def noted() -> Iterator[Record]:
        for record in newsroom.records(basis.as_known):
            if record.story == story and not first:
                first.append(record)
            if record.type.name == "not-same-entity":
                separations.append(record)
            elif record.type.name == "publication" and record.story == story:
                publications.append(record)
            yield record

    history = History(noted())
    answer = chronology(history, basis, story)
    entries = [entry_of(listed, history) for listed in answer["events"]]
    found = Corrections()
    if publications:
        records = newsroom.records(basis.as_known)
        found = corrections(records, history, separations, story)
    names = {each.position: str(each.content["name"]) for each in publications}
    return Edition(
        story=story,
        title=title or history.names.story(story).get("title") or title_of(story),
        newsroom=newsroom.settings.name,
        zone=newsroom.settings.zone,
        basis=basis,
        answer=answer,
        groups=tuple(
            tuple(together) for _, together in groupby(entries, key=lambda each: each.group)
        ),
        corrections=found,
        publication=names.get(basis.as_known),
        addresses=addresses or Addresses(),
        identity=_identity(story, first),
        shown=frozenset(each.position for each in entries),
    )


def title_of(story: str) -> str:
    """A title made from a slug: who-leads-qwen → Who leads qwen."""
    words = story.replace("-", " ")
    return words[:1].upper() + words[1:]


def _identity(story: str, first: list[Record]) -> UUID:
    """The identity of a story: its first record, and when that was recorded."""
    record = [f"{each.id} {temporal.format_instant(each.recorded_at)}" for each in first]
    return uuid5(NAMESPACE_OID, " ".join(["timeline", story, *record]))
