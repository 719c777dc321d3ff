"""A newsroom in a directory or in a database.

with Newsroom.open(Path("our-newsroom")) as newsroom:
    newsroom.snapshot("qwen-team", as_of="2026-03-03", as_known="2026-03-04")
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any, Self, TypeVar

from timeline import temporal
from timeline.errors import InputError, StoreError, UnreachableError, suggestion
from timeline.newsroom.api import Appended, Broken, Imported, NewsroomApi, Note, Previewed
from timeline.newsroom.clock import ClockCheck
from timeline.newsroom.opening import Location, make_directory, open_place
from timeline.newsroom.reader import StoreReader
from timeline.projections.answer import Basis
from timeline.projections.positions import is_position, written
from timeline.projections.question import PUBLICATION, Listing, Part, Question
from timeline.records.gc_pause import paused_gc

if TYPE_CHECKING:
    from timeline.index.index_manager import IndexManager
    from timeline.log.protocol import RecordLog
    from timeline.newsroom.validate_many import RawRecord
    from timeline.projections.legend import Legend
    from timeline.projections.status import StatusAnswer
    from timeline.projections.verify import VerifyAnswer
    from timeline.records.record import Content
    from timeline.records.settings import Settings

A = TypeVar("A")
E = TypeVar("E")

# Later than any instant that can be recorded: the value of an open upper bound.
FAR_FUTURE = 2**63

# The longest log to read just to suggest an entity.
SUGGESTING = 20_000

# The polling interval of `follow`, in seconds.
TICK = 0.1

# The first and the longest wait before retrying a log that did not answer, in seconds.
_FIRST_WAIT, _LONGEST_WAIT = 0.25, 30.0


class Newsroom(StoreReader, NewsroomApi):
    """A store with its vocabulary and its time zone. It implements the `Room` of questions.

    It is not thread-safe.
    """

    def __init__(
        self,
        store: RecordLog,
        settings: Settings,
        index: IndexManager | None = None,
        note: Note = lambda text: None,
    ):
        super().__init__(store, settings, index, note)
        self.clock_check = ClockCheck(store)
        self._now: int | None = None

    @classmethod
    def init(cls, directory: Path, name: str | None = None, zone: str = "UTC") -> None:
        """Make a new newsroom in a directory.

        Raises:
            InputError: there is one already, or the zone is unknown.
            StoreError: the directory cannot be written.
        """
        make_directory(directory, name, zone)

    @classmethod
    def open(cls, location: Location, note: Note = lambda text: None) -> Self:
        """The newsroom in a directory, or in the database at an address.

        Raises:
            InputError: there is none, or its settings are wrong.
            StoreError: its log cannot be read.
        """
        settings, log, index = open_place(location)
        return cls(log, settings, index, note)

    @classmethod
    def in_memory(cls, settings: Settings, note: Note = lambda text: None) -> Self:
        """An empty newsroom that leaves nothing behind."""
        from timeline.log.sqlite.log import SQLiteLog

        return cls(SQLiteLog(None), settings, None, note)

    # Asking

    def ask(self, question: Question[A], at_least: int = 0, now: int | None = None) -> A:
        """The answer to a question; `now` is the instant that "now" means, by default the clock's.

        Raises:
            InputError: the question cannot be read.
            StoreError: the log cannot be read, or does not reach the position `at_least` in time.
        """
        self._begin(at_least, now)
        with paused_gc():
            answer = self.with_sound_rows(lambda: question.answer(self))
            self.trim()
        return answer

    def ask_with_legend(self, question: Question[A], at_least: int = 0) -> tuple[A, Legend]:
        from timeline.projections.legend import legend_of

        answer = self.ask(question, at_least)
        return answer, legend_of(question, answer, self)

    def entries(self, question: Listing[Any, E], at_least: int = 0) -> Iterator[E]:
        return self.part(question, at_least).entries

    def part(
        self, question: Listing[A, E], at_least: int = 0, now: int | None = None
    ) -> Part[A, E]:
        """The items of the answer to a question, and a function that completes it; see `ask`."""
        self._begin(at_least, now)
        return self.with_sound_rows(lambda: question.part(self))

    def whole(self, at_least: int = 0) -> Newsroom:
        self.wait_for(at_least)
        return self

    def _begin(self, at_least: int, now: int | None) -> None:
        self._now = temporal.now() if now is None else now
        self._left_out = False
        self.wait_for(at_least)

    def wait_for(self, position: int, seconds: float = 30) -> None:
        """Wait until the log has reached a position, for replicas.

        Raises:
            StoreError: it has not after `seconds`.
        """
        if not position:
            return
        deadline = monotonic() + seconds
        while (head := self.store.head().position) < position:
            if monotonic() > deadline:
                raise StoreError(
                    f"the log is at position {head}, and not at {position} after {seconds:g} s"
                )
            sleep(0.02)

    # Reading the fields of a question

    @property
    def now(self) -> int:
        """The instant that "now" means: when the last question was asked."""
        return temporal.now() if self._now is None else self._now

    def basis(self, as_of: str | None, as_known: str | int | None) -> Basis:
        """The two times of a question.

        `as_of` is EDTF or words, read in the newsroom's zone, and means its upper bound; None
        means now. `as_known` is a position (`@71`, or digits that are no year),
        `publication:NAME`, an instant (RFC 3339), or a
        date, which means all that was recorded before its upper bound; None means the head.

        Raises:
            InputError: one of them cannot be read, or is beyond the head.
        """
        if as_of is None:
            as_of = temporal.format_instant(self.now)
        else:
            as_of = self.read_date(as_of, "--as-of")
        if as_known is not None:
            as_known = written(as_known) if isinstance(as_known, int) else as_known
            if not _is_exact(as_known):
                as_known = self.read_date(as_known, "--as-known")
        latest = self.read_edtf(as_of, "--as-of").bounds.latest
        position = self.cut(as_known)
        last = next(self.store.entries(position - 1, position), None) if position else None
        return Basis(
            as_of,
            FAR_FUTURE if latest is None else latest,
            position,
            None if last is None else last.recorded_at,
        )

    def read_date(self, text: str, option: str, zone: str | None = None) -> str:
        """The EDTF that a date in words means, which is noted; EDTF as it is.

        Raises:
            InputError: it cannot be read, or can be read in two ways.
        """
        from timeline.newsroom.input import read_date

        return read_date(text, zone or self.settings.zone, self.now, option, self.note)

    def entity(self, text: str, basis: Basis) -> str:
        """The slug that a text means: the text if it is one, or that of the entity so named.

        A name, and a slug that now means another entity, are noted. A text that names nothing
        is returned as it is.

        Raises:
            InputError: several entities go by that name.
        """
        slug = text
        if not self.is_known(text, basis):
            slugs = self.going_by(text, basis)
            if len(slugs) > 1:
                raise InputError(
                    f"{text!r} is a name of {', '.join(slugs[:-1])} and {slugs[-1]}",
                    "use the slug of one of them; `timeline entities` lists them",
                )
            if slugs and slugs[0] != text:
                (slug,) = slugs
                self.note(f"{text!r} is read as {slug}")
        names = self.names(basis)
        if (canonical := names.canonical(slug)) != slug:
            merge = names.merges_of(slug)[-1]
            because = f"same-entity {merge.id}, {written(merge.position)}"
            self.note(f"{slug} is the same as {canonical} ({because})")
        return slug

    def note_if_unknown(self, entity: str, basis: Basis) -> None:
        """Note that an entity is unknown, with a suggestion if the log is short."""
        head = self.store.head()
        basis = basis._replace(as_known=head.position, recorded_at=head.recorded_at)
        if self.is_known(entity, basis):
            return
        said: list[str] = []
        if head.position <= SUGGESTING:
            from timeline.projections.entities import entities

            found = entities(self.history(basis), basis, entity)["entities"]
            said = [
                each["slug"]
                if each["matched"] == each["slug"]
                else f"{each['slug']} ({each['matched']})"
                for each in found[:3]
            ]
        hint = f"; did you mean {' or '.join(said)}?" if said else ""
        self.note(f"nothing is recorded about {entity!r}{hint}")

    def note_if_no_story(self, story: str | None) -> None:
        """Note that there is no such story, with a suggestion."""
        stories = self.stories() if story is not None else {}
        if story is not None and story not in stories:
            self.note(f"there is no story {story!r}{suggestion(story, stories)}")

    # The store

    def health(self) -> StatusAnswer:
        """The state of the store and of the index."""
        from timeline.newsroom.status import status

        return status(self)

    def verified(self) -> VerifyAnswer:
        """The head, and what is wrong with the records of the store."""
        from timeline.newsroom.integrity import verify

        head = self.store.head().position
        return {"head": head, "findings": verify(self.store, self.settings.vocabulary)}

    # Appending

    def append_items(
        self,
        items: Iterable[RawRecord],
        by: str | None,
        expected: Mapping[str, int],
        dry_run: bool = False,
    ) -> Appended:
        from timeline.newsroom.append import Appender, row_of

        written = Appender(self, temporal.now, by, expected).write(items, dry_run=dry_run)
        return Appended(written.added, written.known, list(map(row_of, written.entries)))

    def import_items(
        self,
        items: Iterable[RawRecord],
        seen: Callable[[int], None] = lambda size: None,
        dry_run: bool = False,
    ) -> Imported:
        from timeline.newsroom.append import Appender

        appender = Appender(self, temporal.now, importing=True)
        written = appender.write(items, lambda entry: seen(len(entry.state)), dry_run)
        last = None if written.last is None else written.last.recorded_at
        return Imported(written.added, written.known, self.store.head().position, last)

    def preview(
        self, record: Mapping[str, object], by: str | None, expected: Mapping[str, int]
    ) -> Previewed:
        from timeline.newsroom.append import Appender, row_of
        from timeline.newsroom.preview import effects_of
        from timeline.newsroom.validate_many import RawRecord

        appender = Appender(self, temporal.now, by, expected)
        written = appender.write([RawRecord(dict(record))], dry_run=True)
        (entry,) = written.entries
        if written.known:
            return Previewed(row_of(entry), known=True)
        found, misspelt = self.with_sound_rows(
            lambda: effects_of(self, self.decode(entry), self.basis(None, None), self.note)
        )
        return Previewed(row_of(entry), False, found, misspelt)

    # Following

    def follow(
        self,
        after: int | None = None,
        story: str | None = None,
        broken: Broken = lambda error, wait: None,
    ) -> Iterator[Content]:
        from timeline.log.lookup import readable
        from timeline.projections.show import record_json

        if after is None:
            after = self.store.head().position
        wait = _FIRST_WAIT
        while True:
            try:
                for entry in self.store.entries(after):
                    after, wait = entry.position, _FIRST_WAIT
                    if story in (None, entry.story):
                        for record in readable([entry], self.settings.vocabulary):
                            yield record_json(record)
            except UnreachableError as error:
                broken(error, wait)
                sleep(wait)
                wait = min(2 * wait, _LONGEST_WAIT)
            sleep(TICK)


def _is_exact(as_known: str) -> bool:
    """Whether it is a position, a publication or an instant rather than a date."""
    if as_known.startswith(PUBLICATION) or is_position(as_known):
        return True
    try:
        temporal.parse_instant(as_known)
    except temporal.InstantError:
        return False
    return True
