"""The questions: from what somebody typed to an answer.

The command line, the service and its pages ask through these, so that they say the same.
What is typed is text: dates are EDTF or words, entities are slugs or names.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from timeline import __version__, temporal
from timeline.errors import InputError, Problem
from timeline.newsroom.dates import Note, read_date, read_length, read_when
from timeline.newsroom.entities import (
    entity_named,
    note_if_no_story,
    note_if_unknown,
    note_if_unnamed,
    refuse_unknown_types,
    suggestion,
)
from timeline.newsroom.newsroom import PUBLICATION, Newsroom
from timeline.newsroom.ranges import ends
from timeline.projections.answer import Answer, Basis
from timeline.records.record import Record

if TYPE_CHECKING:
    from timeline.index.projection import Projection
    from timeline.projections.chronology import ChronologyAnswer
    from timeline.projections.replay import Filters
    from timeline.projections.snapshot import SnapshotAnswer

T = TypeVar("T")


class Audit(NamedTuple):
    """The steps of a replay, which can be read once, and what they were asked by."""

    steps: Iterator[Answer]
    basis: Basis
    filters: Filters

    def answer(self) -> Answer:
        """All steps as one answer."""
        from timeline.projections.replay import replay_answer

        return replay_answer(self.steps, self.basis, self.filters)


class Listing(NamedTuple):
    """Records, which can be read once, and what they were asked by."""

    records: Iterator[Record]
    basis: Basis


class Questions:
    """Asks a newsroom; `note` takes remarks, and `now` is the instant that "now" means.

    All raise InputError if something that was typed cannot be read, and StoreError if the
    log cannot.
    """

    def __init__(self, newsroom: Newsroom, note: Note, now: int):
        self.newsroom = newsroom
        self._note = note
        self._now = now

    def basis(self, as_of: str | None, as_known: str | None) -> Basis:
        """The two times that were asked by; dates in words are echoed as they were read."""
        zone = self.newsroom.settings.zone
        if as_of is not None:
            as_of = read_date(as_of, zone, self._now, "--as-of", self._note)
        if as_known is not None and not _is_exact(as_known):
            as_known = read_date(as_known, zone, self._now, "--as-known", self._note)
        return self.newsroom.basis(as_of, as_known, self._now)

    def snapshot(
        self,
        entity: str,
        as_of: str | None = None,
        as_known: str | None = None,
        depth: int = 1,
    ) -> SnapshotAnswer:
        """The state of an entity."""
        basis = self.basis(as_of, as_known)
        slug = self._entity(entity, basis)
        answer = self.newsroom.snapshot(slug, basis, depth)
        if not answer["statements"] and not answer["comments"] and not answer["questions"]:
            self._note_if_unknown(slug, basis)
        return answer

    def map(self, entity: str, as_known: str | None = None) -> Answer:
        """The state of an entity at all times, as ever known up to a cut of the log."""
        basis = self.basis(None, as_known)
        slug = self._entity(entity, basis)
        answer = self.newsroom.map(slug, basis)
        if not answer["statements"] and not answer["comments"] and not answer["questions"]:
            self._note_if_unknown(slug, basis)
        return answer

    def chronology(
        self,
        story: str | None = None,
        entity: str | None = None,
        as_of: str | None = None,
        as_known: str | None = None,
    ) -> ChronologyAnswer:
        """What happened, in order: in a story, or about an entity.

        A story may be left out where there is only one.
        """
        if story is None and entity is None:
            story = only_story(self.newsroom)
            if story is None:
                raise InputError("which story?", "name a STORY, or an entity with --entity")
        basis = self.basis(as_of, as_known)
        slug = None if entity is None else self._entity(entity, basis)
        answer = self.newsroom.chronology(basis, story, slug)
        self._note_if_no_story(story)
        if slug is not None and not answer["events"]:
            self._note_if_unknown(slug, basis)
        return answer

    def why(
        self,
        entity: str,
        property: str | None = None,
        as_of: str | None = None,
        as_known: str | None = None,
    ) -> Answer:
        """The records behind each statement about an entity, or behind those of a property."""
        from timeline.projections.why import why

        basis = self.basis(as_of, as_known)
        slug = self._entity(entity, basis)
        history = self.newsroom.history_about(slug, basis)
        answer = why(history, slug, basis, property)
        if not any(_entries(answer)):
            known = {entry["property"] for entry in _entries(why(history, slug, basis))}
            if property is not None and known:
                self._note(f"{slug} has no {property!r}{suggestion(property, known)}")
            else:
                self._note_if_unknown(slug, basis)
        return answer

    def diff(
        self,
        entity: str | None = None,
        story: str | None = None,
        as_of: str | None = None,
        as_known: str | None = None,
    ) -> Answer:
        """What changed from A to B: about an entity, in what a story bears on, or all.

        Without both, what begins with a publication is about the story of it.
        """
        was, now, is_published = ends(as_of, as_known, self._now, self.basis)
        slug = None if entity is None else self._entity(entity, now)
        if slug is None and story is None and is_published:
            (record,) = self.newsroom.records(was.as_known, was.as_known - 1)
            story = record.story
        answer = self.newsroom.diff(was, now, slug, story)
        self._note_if_no_story(story)
        if slug is not None and not has_changed(answer):
            self._note_if_unknown(slug, now)
        return answer

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
        """What is left to settle."""
        from timeline.projections.check import check

        lengths = _lengths(stale_after=stale_after, silence=silence)
        basis = self.basis(as_of, as_known)
        slug = None if entity is None else self._entity(entity, basis)
        answer = check(self.newsroom.history(basis), basis, only, story, slug, **lengths)
        if not answer["findings"]:
            self._note_if_no_story(story)
            if slug is not None:
                self._note_if_unknown(slug, basis)
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
        """The audit, at most `limit` steps of it from position `first` on."""
        from timeline.projections.replay import Filters

        refuse_unknown_types(types, self.newsroom)
        basis = self.basis(as_of, as_known)
        window = self._window(since, until)
        slug = None if entity is None else self._entity(entity, basis)
        filters = Filters(story, slug, by, tuple(types), first, *window)
        self._note_if_no_story(story)
        if slug is not None:
            none = partial(self._note_if_unknown, slug, basis)
        else:
            none = partial(self._note, "no record fits all that was asked")
        steps = or_else(self.newsroom.replay(basis, filters), none)
        return Audit(islice(steps, limit), basis, filters)

    def log(
        self,
        story: str | None = None,
        entity: str | None = None,
        type: str | None = None,
        first: int = 1,
        as_of: str | None = None,
        as_known: str | None = None,
        limit: int | None = None,
    ) -> Listing:
        """At most `limit` records from position `first` on, in the order of recording.

        With `as_of`, no events that, as now corrected, had surely not happened by then.
        """
        from timeline.projections.listing import listing

        refuse_unknown_types(() if type is None else (type,), self.newsroom)
        basis = self.basis(as_of, as_known)
        self._note_if_no_story(story)
        happened = names = slug = None
        if as_of is not None:
            happened = self.newsroom.history(basis), basis.at
        if entity is None:
            # Nothing before the first can belong to what is asked.
            records: Iterable[Record] = self.newsroom.records(basis.as_known, first - 1)
        else:
            slug = self._entity(entity, basis)
            names = self.newsroom.names(basis)
            records = self.newsroom.records_about([slug], basis)
        chosen = listing(records, first, story, slug, type, happened, names)
        if slug is not None:
            chosen = or_else(chosen, partial(self._note_if_unknown, slug, basis))
        return Listing(islice(chosen, limit), basis)

    def entities(
        self, query: str | None = None, kind: str | None = None, as_known: str | None = None
    ) -> Answer:
        """Who and what the records name: all entities, or those that `query` may mean."""
        basis = self.basis(None, as_known)
        answer = self.newsroom.entities(basis, query, kind)
        if query is not None and not answer["entities"]:
            note_if_unnamed(self.newsroom, basis, query, kind, self._note)
        return answer

    def show(self, id: str, as_of: str | None = None, as_known: str | None = None) -> Answer:
        """A record with its lineage."""
        return self.newsroom.lineage(id, self.basis(as_of, as_known))

    def when(self, expression: str, zone: str | None = None) -> temporal.ParsedDate:
        """How a date is read."""
        zone = self.newsroom.settings.zone if zone is None else zone
        return read_when(expression, zone, self._now, self._note)

    def status(self) -> Answer:
        """The newsroom's health: its head, its stories, its store, what is derived."""
        from timeline.index.registry import PROJECTIONS

        log, settings = self.newsroom.store, self.newsroom.settings
        head, facts = log.head(), log.facts()
        recorded_at = head.recorded_at
        return {
            "newsroom": settings.name,
            "zone": settings.zone,
            "head": head.position,
            "recorded_at": None if recorded_at is None else temporal.format_instant(recorded_at),
            "stories": log.stories(),
            "log": facts.where,
            "bytes": facts.size,
            "projections": [_progress(self.newsroom, each, head.position) for each in PROJECTIONS],
            "timeline": __version__,
            facts.software.lower(): facts.version,
        }

    def verify(self) -> Answer:
        """Whether every record would pass the door once more."""
        from timeline.newsroom.integrity import verify

        return {"head": self.newsroom.store.head().position, "findings": verify(self.newsroom)}

    def _entity(self, text: str, basis: Basis) -> str:
        return entity_named(self.newsroom, basis, text, self._note)

    def _note_if_unknown(self, slug: str, basis: Basis) -> None:
        note_if_unknown(self.newsroom, basis, slug, self._note)

    def _note_if_no_story(self, story: str | None) -> None:
        note_if_no_story(self.newsroom, story, self._note)

    def _window(self, since: str | None, until: str | None) -> tuple[int | None, int | None]:
        """A window of recorded time, `[since, until)`; a date ends with its upper bound."""

        def bounds(text: str, option: str) -> temporal.Bounds:
            try:
                instant = temporal.parse_instant(text)
            except temporal.InstantError:
                zone = self.newsroom.settings.zone
                edtf = read_date(text, zone, self._now, option, self._note)
                return temporal.read(edtf, zone).bounds
            return temporal.Bounds(instant, instant + 1)

        begin = bounds(since, "--since").earliest if since is not None else None
        end = bounds(until, "--until").latest if until is not None else None
        if begin is not None and end is not None and begin >= end:
            raise InputError(f"--since {since} is later than --until {until}", "swap them")
        return begin, end


def only_story(newsroom: Newsroom) -> str | None:
    """The story of a newsroom that has only one."""
    stories = list(newsroom.store.stories())
    return stories[0] if len(stories) == 1 else None


def has_changed(diff: Answer) -> bool:
    """Whether anything is different at the end of a comparison."""
    return any(diff[part] for part in ("changes", "comments", "questions", "notices"))


def or_else(items: Iterable[T], none: Callable[[], None]) -> Iterator[T]:
    """The items; once it turns out that there is none, `none` says so."""
    empty = True
    for item in items:
        empty = False
        yield item
    if empty:
        none()


def _is_exact(as_known: str) -> bool:
    if as_known.startswith(PUBLICATION) or (as_known.isascii() and as_known.isdecimal()):
        return True
    try:
        temporal.parse_instant(as_known)
    except temporal.InstantError:
        return False
    return True


def _entries(why: Answer) -> list[Answer]:
    return [*why["statements"], *why["ended"], *why["not_counted"]]


def _lengths(**given: str | None) -> dict[str, str]:
    """The lengths of time that were typed, as ISO 8601; none that were not.

    Raises:
        InputError: one of them is none; all that are wrong are named.
    """
    read = {name: read_length(typed) for name, typed in given.items() if typed is not None}
    problems = []
    for name, length in read.items():
        try:
            temporal.read_duration(length)
        except temporal.DurationError as error:
            option = f"--{name.replace('_', '-')}"
            problems.append(Problem(error.message, error.hint, option))
    if problems:
        raise InputError(problems)
    return read


def _progress(newsroom: Newsroom, projection: Projection, head: int) -> Answer:
    """How far a projection is behind the log."""
    progress = newsroom.upkeep.progress(projection) if newsroom.upkeep else None
    return {
        "projection": projection.name,
        "version": projection.version,
        "checkpoint": progress.checkpoint if progress else None,
        "lag": head - (progress.checkpoint if progress else 0),
        "problem": progress.problem if progress else None,
    }
