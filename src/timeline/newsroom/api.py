"""The Python API: what a newsroom does, whether it is here or behind a service.

    room = timeline.open("our-newsroom")
    room.append("departed", person="ada", organisation="lab", when="2026-03", sources=[...])
    room.snapshot("lab", as_of="2026-03-03", as_known=71)

There is a method for each question; it takes the fields of the question's class and returns the
question's answer type.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from inspect import signature
from typing import TYPE_CHECKING, Any, Concatenate, NamedTuple, ParamSpec, Self, TypeVar

from typing_extensions import TypedDict

from timeline.errors import InputError, Problem, StoreError
from timeline.projections.answer import Timestamp
from timeline.projections.positions import written
from timeline.projections.question import QUESTIONS, Listing, Question, question_type

if TYPE_CHECKING:
    from timeline.newsroom.newsroom import Newsroom
    from timeline.newsroom.validate_many import RawRecord
    from timeline.projections.check import Check
    from timeline.projections.chronology import Chronology
    from timeline.projections.diff import Diff
    from timeline.projections.entities import Entities
    from timeline.projections.holders import Holders
    from timeline.projections.legend import Legend
    from timeline.projections.log import Log
    from timeline.projections.map import Map
    from timeline.projections.preview import Preview
    from timeline.projections.replay import Replay
    from timeline.projections.show import Show
    from timeline.projections.snapshot import Snapshot
    from timeline.projections.status import Status
    from timeline.projections.verify import Verify
    from timeline.projections.when import When
    from timeline.projections.why import Why
    from timeline.records.record import Content
    from timeline.records.settings import Settings

P = ParamSpec("P")
A = TypeVar("A")
E = TypeVar("E")

Note = Callable[[str], None]
"""Receives a remark that is not part of an answer, such as how a date in words was read."""

Broken = Callable[[StoreError, float], None]
"""Called when following is interrupted, with the error and the seconds until the next attempt."""


class AppendedRecord(TypedDict):
    """Where a record is in the log."""

    id: str
    position: int
    recorded_at: Timestamp
    story: str
    version: int
    """The number of the record in its story: the story's version after it."""


class Appended(NamedTuple):
    """The result of appending: how many records are new, and how many existed already."""

    added: int
    known: int
    records: list[AppendedRecord]


class Imported(NamedTuple):
    """The result of an import; `recorded_at` is the time of the last record."""

    added: int
    known: int
    head: int
    recorded_at: int | None


class Previewed(NamedTuple):
    """The result of a dry run: where the record would be, and whether it already exists.

    `effects` are None if it exists, or if they were not requested. `misspelt` is true if a name in
    the record is new and resembles a known one.
    """

    record: AppendedRecord
    known: bool
    effects: Preview | None = None
    misspelt: bool = False


if TYPE_CHECKING:

    def _asks(question: Callable[P, Question[A]]) -> Callable[Concatenate[Any, P], A]:
        """The method that takes the fields of a question and returns its answer."""


class _Method:
    """A question as a method; its module is imported when it is first used."""

    def __init__(self, name: str):
        self._name = name

    def __get__(self, room: NewsroomApi | None, owner: type[NewsroomApi]) -> Callable[..., Any]:
        kind = question_type(self._name)
        if room is None:
            return kind

        def method(*given: Any, **named: Any) -> Any:
            if isinstance(named.get("as_known"), int):
                named["as_known"] = written(named["as_known"])
            return room.ask(kind(*given, **named))

        method.__name__ = self._name
        method.__doc__ = kind.__doc__
        method.__signature__ = signature(kind)  # type: ignore[attr-defined]
        return method


class NewsroomApi(ABC):
    """A newsroom, here or behind a service; `note` takes remarks."""

    settings: Settings
    note: Note

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @abstractmethod
    def close(self) -> None:
        """Close what is open."""

    @abstractmethod
    def ask(self, question: Question[A], at_least: int = 0) -> A:
        """The answer to a question, once the log has reached the position `at_least`.

        Raises:
            InputError: the question cannot be read.
            StoreError: the log cannot be read, or the service failed.
        """

    @abstractmethod
    def ask_with_legend(self, question: Question[A], at_least: int = 0) -> tuple[A, Legend]:
        """The answer to a question, and what tables need to know besides; see `ask`."""

    @abstractmethod
    def entries(self, question: Listing[Any, E], at_least: int = 0) -> Iterator[E]:
        """Stream the items of the answer to a question; see `ask`."""

    @abstractmethod
    def stories(self) -> Mapping[str, int]:
        """Each story with the number of its records."""

    def only_story(self) -> str | None:
        """The story, if there is only one."""
        stories = list(self.stories())
        return stories[0] if len(stories) == 1 else None

    def append(self, type: str, **fields: Any) -> AppendedRecord:
        """Append one record, and return its `id`, `position`, `story`, `version` and time.

        `fields` are those of `timeline append TYPE --help`; `story` may be left out where there
        is only one.

        Raises:
            InputError, ConflictError, StoreError: see `append_all`.
        """
        story = fields.pop("story", None) or self.only_story()
        if story is None:
            raise InputError([Problem("which story?", "name it", "story")])
        from timeline.newsroom.validate_many import RawRecord

        item = RawRecord({"story": story, "type": type, **fields})
        return self.append_items([item], None, {}).records[0]

    def append_all(
        self,
        records: Iterable[Mapping[str, object]],
        expected: Mapping[str, int] | None = None,
        dry_run: bool = False,
    ) -> Appended:
        """Append records, all or none.

        `expected` are the versions that stories must still have. With `dry_run` everything is
        checked, and nothing written. Appending the same records with the same ids twice is safe.

        Raises:
            InputError: some records are invalid; the error lists all problems.
            ConflictError: a story is no longer at the expected version.
            StoreError: they could not be written, or whether they were written is not known.
        """
        from timeline.newsroom.validate_many import RawRecord

        items = [RawRecord(dict(each), number) for number, each in enumerate(records, 1)]
        return self.append_items(items, None, expected or {}, dry_run)

    @abstractmethod
    def append_items(
        self,
        items: Iterable[RawRecord],
        by: str | None,
        expected: Mapping[str, int],
        dry_run: bool = False,
    ) -> Appended:
        """Append records as they were read from a file; see `append_all`.

        `by` is the author of records that do not name one.
        """

    @abstractmethod
    def import_items(
        self,
        items: Iterable[RawRecord],
        seen: Callable[[int], None] = lambda size: None,
        dry_run: bool = False,
    ) -> Imported:
        """Append the lines of a portable log, which keep their times; see `append_all`.

        `seen` is called with the size of each line in bytes.
        """

    @abstractmethod
    def preview(
        self, record: Mapping[str, object], by: str | None, expected: Mapping[str, int]
    ) -> Previewed:
        """What a record would change if it were appended; see `append_items`."""

    @abstractmethod
    def follow(
        self,
        after: int | None = None,
        story: str | None = None,
        broken: Broken = lambda error, wait: None,
    ) -> Iterator[Content]:
        """An endless stream of the records after a position, by default the head, in order.

        Requests that are not answered are retried.

        Raises:
            InputError: following is refused.
            StoreError: the log cannot be read, and retrying would not help.
        """

    @abstractmethod
    def whole(self, at_least: int = 0) -> Newsroom:
        """The newsroom itself, or a copy of its log in memory, to compute with the whole log."""

    if TYPE_CHECKING:
        log = _asks(Log)
        show = _asks(Show)
        entities = _asks(Entities)
        chronology = _asks(Chronology)
        snapshot = _asks(Snapshot)
        map = _asks(Map)
        holders = _asks(Holders)
        why = _asks(Why)
        diff = _asks(Diff)
        replay = _asks(Replay)
        check = _asks(Check)
        when = _asks(When)
        status = _asks(Status)
        verify = _asks(Verify)


for _name in QUESTIONS:
    setattr(NewsroomApi, _name, _Method(_name))
