"""A question, declared once.

The command, the HTTP route with its OpenAPI parameters, the methods of the Python API and the
re-asking of a saved answer are all made from this declaration. To add a question, write
`projections/NAME.py` with a dataclass `Name(Question[NameAnswer])`, add its name to `QUESTIONS`
and its method to `newsroom.questions.Questions`:

    @dataclass(frozen=True)
    class Snapshot(Question[SnapshotAnswer]):
        '''The help text of the command and the description of the route.'''

        lists = "statements"  # what `--format jsonl` prints, one entry a line
        entity: Entity
        _: KW_ONLY
        depth: Annotated[int, Param("What it means.", least=1, most=9)] = 1
        as_of: AsOf = None
        as_known: AsKnown = None

        def answer(self, room: Room) -> SnapshotAnswer: ...
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import KW_ONLY, MISSING, dataclass, fields
from functools import cache
from importlib import import_module
from types import MappingProxyType, UnionType
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    ClassVar,
    Generic,
    Literal,
    NamedTuple,
    TypeVar,
    get_args,
    get_origin,
    get_type_hints,
)

from timeline.projections.answer import SchemaOf
from timeline.temporal.json_schema import DATE

if TYPE_CHECKING:
    from timeline.projections.room import Room

A = TypeVar("A", covariant=True)
E = TypeVar("E")

# Every question, in the order in which commands and documentation list them. The question
# `snapshot` is the class `Snapshot` in `timeline.projections.snapshot`.
QUESTIONS = (
    "log",
    "show",
    "entities",
    "chronology",
    "snapshot",
    "map",
    "holders",
    "why",
    "diff",
    "replay",
    "check",
    "when",
    "status",
    "verify",
)

# The prefix of an `as_known` that names a publication.
PUBLICATION = "publication:"

# Entries in one response to a question that lists, unless the request asks for fewer.
PAGE = 1000


class Param(NamedTuple):
    """What one parameter means, and where and how it is given.

    `kind` is `path` for a part of the URL's path, `argument` for a positional argument on the
    command line that is a query parameter over HTTP, and `option` for everything else. `name`
    is the public name where it cannot be the field's. `suggest` says what a shell completes it
    with; types and zones are also listed by the schema. A number that `is_position` is typed with
    or without `@`. `least` and `most` bound a number; `most` also bounds how often a repeatable
    parameter may be given. `schema` are keywords of JSON Schema for a text: whatever fits is
    accepted, though other texts may be, too.
    """

    doc: str
    kind: Literal["path", "argument", "option"] = "option"
    name: str | None = None
    metavar: str | None = None
    least: int | None = None
    most: int | None = None
    is_position: bool = False
    choices: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    suggest: Literal["entity", "story", "publication", "type", "zone"] | None = None
    schema: Mapping[str, Any] = MappingProxyType({})


class Parameter(NamedTuple):
    """A parameter of a question: the field it fills, its type, and its `Param`.

    `several` is true if it may be repeated; the field then holds a tuple.
    """

    field: str
    type: type[str] | type[int]
    several: bool
    required: bool
    default: Any
    param: Param

    @property
    def name(self) -> str:
        """The name that callers use."""
        return self.param.name or self.field


AS_OF = Param(
    "The state once that date has passed: EDTF, or words. Default: now.",
    metavar="DATE",
    examples=("2026-03-04", "2026-03~"),
    schema=DATE,
)
AsOf = Annotated[str | None, AS_OF]
AsKnown = Annotated[
    str | None,
    Param(
        "The log as it was then: a position such as @71, an instant, a day, or a publication. "
        "Default: now.",
        metavar="POSITION|INSTANT|publication:NAME",
        examples=("@12", "2026-03-05T09:00:00Z", "publication:first-take"),
        suggest="publication",
        schema={"anyOf": [{"pattern": f"^(@[0-9]{{1,15}}|{PUBLICATION}\\S+)$"}, DATE]},
    ),
]
ENTITY = Param(
    "An entity, by its slug or a name.", kind="path", examples=("qwen-team",), suggest="entity"
)
Entity = Annotated[str, ENTITY]
OfEntity = Annotated[str | None, Param("Only what concerns this entity.", suggest="entity")]
OfStory = Annotated[str | None, Param("Only what concerns this story.", suggest="story")]
First = Annotated[
    int,
    Param("Start at this position.", name="from", metavar="POSITION", least=1, is_position=True),
]
Limit = Annotated[int | None, Param("At most this many.", least=1)]


@dataclass(frozen=True)
class Question(Generic[A]):
    """Something that can be asked of a newsroom, with an answer of type `A`."""

    lists: ClassVar[str | None] = None
    """The key of the answer whose entries `--format jsonl` prints, one a line."""
    ends: ClassVar[tuple[str, ...]] = ()
    """The keys of the answer that hold the two ends of a comparison."""
    reads_log: ClassVar[bool] = True
    """Whether the answer depends on the log at all."""
    depends_on_now: ClassVar[bool] = True
    """Whether the answer changes as time passes if the question names no date."""

    def answer(self, room: Room) -> A:
        """The answer.

        Raises:
            InputError: the question cannot be read.
            StoreError: the log cannot be read.
        """
        raise NotImplementedError

    def mentions(self, answer: Any) -> Iterable[str]:
        """The ids of the records that a table or page about the answer tells more of."""
        return ()

    def lines(self, answer: Any) -> list[object]:
        """What `--format jsonl` prints, one a line: the entries of its list, or the answer."""
        return [answer] if self.lists is None else answer[self.lists]

    def reads_all(self) -> bool:
        """Whether the answer takes time in proportion to the whole log."""
        return False

    def is_finding(self, answer: Any) -> bool:
        """Whether the answer reports a problem; the command then exits with 1."""
        return False

    @classmethod
    def name(cls) -> str:
        """The name of its command and route."""
        return cls.__name__.lower()

    @classmethod
    @cache
    def parameters(cls) -> tuple[Parameter, ...]:
        """Its parameters, in the order in which they are declared, inherited ones last."""
        hints = get_type_hints(cls, include_extras=True)
        found = sorted(fields(cls), key=lambda each: each.name not in cls.__annotations__)
        return tuple(_parameter(each, hints[each.name]) for each in found)

    @classmethod
    def answer_type(cls) -> Any:
        """The type of its answer, which is its OpenAPI schema."""
        return next(
            get_args(base)[0]
            for base in cls.__orig_bases__  # type: ignore[attr-defined]
            if get_origin(base) in (Question, Listing)
        )

    @classmethod
    def entry_type(cls) -> Any:
        """The type of each entry of the list in its answer; of the answer where it has none."""
        answer = cls.answer_type()
        if cls.lists is None:
            return answer
        entry = get_args(get_type_hints(answer, include_extras=True)[cls.lists])[0]
        named = (each.other for each in get_args(entry)[1:] if isinstance(each, SchemaOf))
        return next(named, entry)

    @classmethod
    def asked(cls, answer: Mapping[str, Any]) -> Mapping[str, Any]:
        """The parameters that an answer carries, by name or by field; it may have other keys."""
        return answer


class Part(NamedTuple, Generic[A, E]):
    """Entries, which can be read once, from a log that was cut at a position.

    `whole` makes the answer of the entries.
    """

    entries: Iterator[E]
    cut: int
    whole: Callable[[Iterable[E]], A]


@dataclass(frozen=True)
class Listing(Question[A], Generic[A, E]):
    """A question about a list that may be as long as the log, which is read in parts.

    Each entry has a `position`.
    """

    lists: ClassVar[str]
    _: KW_ONLY
    first: First = 1
    limit: Limit = None

    def part(self, room: Room) -> Part[A, E]:
        """The entries, as they are read; see `Question.answer`."""
        raise NotImplementedError

    def answer(self, room: Room) -> A:
        part = self.part(room)
        return part.whole(part.entries)


def _parameter(field: Any, hint: Any) -> Parameter:
    type, param = get_args(hint)[0], hint.__metadata__[0]
    several = get_origin(type) is tuple
    if several or get_origin(type) is UnionType:
        type = get_args(type)[0]
    required = field.default is MISSING
    default = None if required else field.default
    return Parameter(field.name, type, several, required, default, param)


def or_else(items: Iterable[E], empty: Callable[[], None]) -> Iterator[E]:
    """The items; `empty` is called at the end if there were none."""
    found = False
    for item in items:
        found = True
        yield item
    if not found:
        empty()


@cache
def question_type(name: str) -> type[Question[Any]]:
    """The question of that name; its module is imported when it is first asked for."""
    found: type[Question[Any]] = getattr(
        import_module(f"timeline.projections.{name}"), name.capitalize()
    )
    return found
