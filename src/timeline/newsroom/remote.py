"""The questions as a service answers them: one request a question, the same answers."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import chain
from typing import NamedTuple

from timeline import temporal
from timeline.client.sse import Broken
from timeline.newsroom.dates import Note
from timeline.newsroom.newsroom import FAR_FUTURE, Newsroom
from timeline.newsroom.preview import PreviewedEffects
from timeline.newsroom.questions import Audit, Questions
from timeline.newsroom.remote_log import RemoteLog
from timeline.newsroom.saved_answers import filters_of
from timeline.projections.answer import Answer, Basis
from timeline.projections.preview import Preview
from timeline.records.record import Record


class Records(NamedTuple):
    """Records, which can be read once."""

    records: Iterator[Record]


class RemoteQuestions:
    """Asks the service of a newsroom as `Questions` asks a newsroom; `note` takes remarks.

    All raise InputError if the service cannot read what was typed, and StoreError if it fails.
    """

    def __init__(self, newsroom: Newsroom, note: Note):
        assert isinstance(newsroom.store, RemoteLog)
        self.newsroom = newsroom
        self._client = newsroom.store.client
        self._client.note = note
        self.snapshot = self._client.snapshot
        self.map = self._client.map
        self.chronology = self._client.chronology
        self.why = self._client.why
        self.diff = self._client.diff
        self.entities = self._client.entities
        self.show = self._client.show
        self.status = self._client.status
        self.verify = self._client.verify

    def basis(self, as_of: str | None, as_known: str | None) -> Basis:
        """The two times that were asked by, for whoever goes on to compute with the log."""
        return Questions(self.newsroom, self._client.note, temporal.now()).basis(as_of, as_known)

    def check(
        self,
        story: str | None = None,
        entity: str | None = None,
        only: Collection[str] = (),
        stale_after: str | None = None,
        silence: str | None = None,
        as_of: str | None = None,
        as_known: str | None = None,
    ) -> Answer:
        """See `Questions.check`."""
        answer: Answer = self._client.check(
            story=story,
            entity=entity,
            only=list(only),
            stale_after=stale_after,
            silence=silence,
            as_of=as_of,
            as_known=as_known,
        )
        return answer

    def replay(
        self,
        story: str | None = None,
        entity: str | None = None,
        by: str | None = None,
        types: Collection[str] = (),
        since: str | None = None,
        until: str | None = None,
        first: int = 1,
        as_of: str | None = None,
        as_known: str | None = None,
        limit: int | None = None,
    ) -> Audit:
        """See `Questions.replay`."""
        values = {
            "story": story,
            "entity": entity,
            "by": by,
            "type": list(types),
            "since": since,
            "until": until,
            "from": first,
            "as_of": as_of,
            "as_known": as_known,
        }
        pages = self._client.pages("/api/replay", values, limit)
        begun = next(pages)
        steps = (step for page in chain([begun], pages) for step in page["steps"])
        return Audit(steps, self._basis(begun), filters_of(begun))

    def log(
        self,
        story: str | None = None,
        entity: str | None = None,
        type: str | None = None,
        first: int = 1,
        as_of: str | None = None,
        as_known: str | None = None,
        limit: int | None = None,
    ) -> Records:
        """See `Questions.log`."""
        found = self._client.log(
            limit, first, story=story, entity=entity, type=type, as_of=as_of, as_known=as_known
        )
        return Records(map(self._record, found))

    def _record(self, said: Answer) -> Record:
        return record_of(said, self.newsroom)

    def _basis(self, answer: Answer) -> Basis:
        """By what an answer says it was asked."""
        latest = temporal.read(answer["as_of"], self.newsroom.settings.zone).bounds.latest
        recorded_at = answer["recorded_at"]
        return Basis(
            answer["as_of"],
            FAR_FUTURE if latest is None else latest,
            answer["as_known"],
            None if recorded_at is None else temporal.parse_instant(recorded_at),
        )


def record_of(said: Answer, newsroom: Newsroom) -> Record:
    """A record as a service tells it; which version of its story it is, it does not tell."""
    content = {
        name: value for name, value in said.items() if name not in ("position", "recorded_at")
    }
    settings = newsroom.settings
    return Record(
        said["position"],
        temporal.parse_instant(said["recorded_at"]),
        0,
        settings.vocabulary[content["type"]],
        content,
        settings.zone,
    )


def followed_from_afar(
    newsroom: Newsroom, after: int | None, story: str | None, broken: Broken
) -> Iterator[Record]:
    """The records of a service as they come; see `followed`."""
    assert isinstance(newsroom.store, RemoteLog)
    for said in newsroom.store.client.follow(after, story, broken):
        yield record_of(said, newsroom)


def effects_from_afar(newsroom: Newsroom, record: Record, note: Note) -> PreviewedEffects:
    """What a record will change in the state that a service knows; see `effects_of`."""
    assert isinstance(newsroom.store, RemoteLog)
    said = newsroom.store.client.effects(record.content)
    for each in said["notes"]:
        note(each)
    return PreviewedEffects(Preview(said["now"], said["then"], said["findings"]), said["misspelt"])
