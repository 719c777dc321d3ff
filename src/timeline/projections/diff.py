"""What changed between two points of either clock, and because of which records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from typing_extensions import TypedDict

from timeline.certainty.effects import Statement
from timeline.certainty.order import Order
from timeline.errors import InputError
from timeline.history.event import Event
from timeline.history.history import History
from timeline.projections.answer import (
    Basis,
    BasisJson,
    NoFindings,
    RecordIds,
    Sealed,
    sealed,
)
from timeline.projections.comparison import ComparedPoint, Comparison
from timeline.projections.correction_notices import NoticeJson, notices
from timeline.projections.listings import CommentJson, Entry, QuestionJson, differing
from timeline.projections.question import ENTITY, Param, Question
from timeline.projections.ranges import ends
from timeline.projections.relevance import evidence_of
from timeline.projections.statement import (
    HeldJson,
    StatementJson,
    held_json,
    statement_json,
)
from timeline.records.record import Record

if TYPE_CHECKING:
    from timeline.projections.room import Room


class StatementDifferenceJson(StatementJson):
    """A statement that holds differently at the end; null where it does not hold."""

    before: HeldJson | None
    after: HeldJson | None
    records: RecordIds


class CommentDifferenceJson(TypedDict):
    """A comment that is listed differently at the end."""

    id: str
    before: CommentJson | None
    after: CommentJson | None
    records: RecordIds


class QuestionDifferenceJson(TypedDict):
    """A question that is listed differently at the end."""

    id: str
    before: QuestionJson | None
    after: QuestionJson | None
    records: RecordIds


# `from` is a keyword of Python, so a class body cannot declare it.
_From = TypedDict("_From", {"from": BasisJson})


class DiffAnswer(_From, Sealed):
    """What changed between two points, because of which records, and what to correct in print."""

    projection: Literal["diff"]
    entity: str | None
    story: str | None
    to: BasisJson
    changes: list[StatementDifferenceJson]
    comments: list[CommentDifferenceJson]
    questions: list[QuestionDifferenceJson]
    notices: list[NoticeJson]
    findings: NoFindings


@dataclass(frozen=True)
class Diff(Question[DiffAnswer]):
    """What has changed between two points in time, and what needs a correction.

    Compares two states of the log (--as-known A..B), two dates (--as-of A..B), or both. Covers
    one entity, or everything; a comparison that starts at a publication covers its story.
    """

    lists = "changes"
    ends = ("from", "to")

    entity: Annotated[str | None, ENTITY] = None
    _: KW_ONLY
    story: Annotated[
        str | None, Param("Only what this story has a bearing on.", suggest="story")
    ] = None
    as_known: Annotated[
        str | None,
        Param(
            "From the log as it was at A to the log as it was at B: positions such as @71, "
            "instants, days, or publication:NAME. `A..` ends at the head, `..B` starts from an "
            "empty log.",
            metavar="A..B",
            examples=("@3..@12", "publication:first-take.."),
            suggest="publication",
            schema={"pattern": "^@[0-9]{1,15}[.][.](@[0-9]{1,15})?$"},
        ),
    ] = None
    as_of: Annotated[
        str | None,
        Param(
            "From the state at A to the state at B: EDTF, or words. `A..` ends now. With "
            "--as-known A..B, one date serves both ends; default: now.",
            metavar="A..B",
            examples=("2026-03-01..2026-03-05",),
            schema={"pattern": "^[0-9]{4}-(0[1-9]|1[0-2])[.][.]([0-9]{4}-(0[1-9]|1[0-2]))?$"},
        ),
    ] = None

    def answer(self, room: Room) -> DiffAnswer:
        was, now, is_published = ends(self.as_of, self.as_known, room)
        entity = None if self.entity is None else room.entity(self.entity, now)
        story = self.story
        if entity is None and story is None and is_published:
            (record,) = room.records(was.as_known, was.as_known - 1)
            story = record.story
        if entity is None or story is not None:
            records: Iterable[Record] = room.records(now.as_known)
        else:
            records = room.records_about([entity], now, was)
        found = diff(records, was, now, entity, story)
        room.note_if_no_story(story)
        if entity is not None and not has_changed(found):
            room.note_if_unknown(entity, now)
        return found

    def reads_all(self) -> bool:
        return self.entity is None

    def mentions(self, answer: DiffAnswer) -> Iterator[str]:
        for change in answer["changes"]:
            for end in (change["before"], change["after"]):
                if end is not None:
                    yield from end["because"]
        for each in (
            *answer["changes"],
            *answer["comments"],
            *answer["questions"],
            *answer["notices"],
        ):
            yield from each["records"]


def has_changed(answer: DiffAnswer) -> bool:
    """Whether anything differs between the two ends of a comparison."""
    return bool(answer["changes"] or answer["comments"] or answer["questions"] or answer["notices"])


def diff(
    records: Iterable[Record],
    was: Basis,
    now: Basis,
    entity: str | None = None,
    story: str | None = None,
) -> DiffAnswer:
    """What holds or is listed differently at `now` than at `was`.

    `records` are those up to `now`. A statement has changed if it holds at one end only, or
    with another certainty, standing, since or until; a change of its lineage does not count.
    The `records` behind a change are found on the way from `was` to `now`, on which first time
    passes and then the log grows:

    1. from `was.as_of` to `now.as_of`, as known at `was`: the events that act on the statement
       and may lie between the two, with the amendments known by then;
    2. from `was.as_known` to `now.as_known`, as of `now`: each record whose step in the audit
       changed the statement, even if it was changed back, and the events recorded since that
       it now rests on, even if they changed nothing when they were recorded.

    With an `entity`, only what is about it, under any of its slugs at either end. With a
    `story`, only the statements that one of its events acts on or one of its records changed,
    and the comments and questions that it contains or changed.

    Raises:
        InputError: one of the clocks would run backwards.
    """
    _refuse_backwards(was, now)
    history = History()
    later: list[Record] = []
    for record in records:
        if record.position <= was.as_known:
            history.apply(record)
        else:
            later.append(record)
    slugs = None if entity is None else _slugs_of(entity, history, later)
    found = Comparison(history, later, was.at, now.at, slugs)
    scope = _Scope(found, later, slugs, story)
    changes: list[StatementDifferenceJson] = [
        {
            **statement_json(statement),
            "before": _held_json(found.before, statement),
            "after": _held_json(found.after, statement),
            "records": found.records(statement),
        }
        for statement in scope.statements()
    ]
    comments: list[CommentDifferenceJson] = [
        {"id": id, "before": before, "after": after, "records": found.records(id)}
        for id, before, after in scope.listed(
            found.before.listed.comments, found.after.listed.comments
        )
    ]
    questions: list[QuestionDifferenceJson] = [
        {"id": id, "before": before, "after": after, "records": found.records(id)}
        for id, before, after in scope.listed(
            found.before.listed.questions, found.after.listed.questions
        )
    ]
    answer: DiffAnswer = {
        "projection": "diff",
        "version": 1,
        "entity": entity,
        "story": story,
        "from": was.as_json(),
        "to": now.as_json(),
        "changes": changes,
        "comments": comments,
        "questions": questions,
        "notices": notices(history, found.after.history, later, scope.concerns),
        "findings": [],
        "digest": "",
    }
    return sealed(answer)


def _held_json(end: ComparedPoint, statement: Statement) -> HeldJson | None:
    held = end.held.get(statement)
    return held_json(held, end.history, end.history.derived(Order)) if held else None


def _refuse_backwards(was: Basis, now: Basis) -> None:
    if was.as_known > now.as_known:
        raise InputError(
            f"as known at {was.as_known} is later than as known at {now.as_known}",
            "the earlier one comes first: A..B",
        )
    if was.at > now.at:
        raise InputError(
            f"as of {was.as_of} is later than as of {now.as_of}",
            "the earlier one comes first: A..B",
        )


def _slugs_of(entity: str, history: History, later: Iterable[Record]) -> set[str]:
    """The slugs that mean an entity at either end."""
    names = history.names.copy()
    slugs = {*names.get(entity).slugs}
    for record in later:
        names.apply(record)
    return slugs.union(names.get(entity).slugs)


class _Scope:
    """Which differences belong in the answer: those that concern the entity and the story."""

    def __init__(
        self, found: Comparison, later: list[Record], slugs: set[str] | None, story: str | None
    ):
        self._found, self._slugs, self._story = found, slugs, story
        self._stories: dict[str, str] = {}
        if story is not None:
            events = found.before.history.all()
            known = (each for event in events for each in (event.record, *event.amendments))
            self._stories = {each.id: each.story for each in (*known, *later)}

    def statements(self) -> list[Statement]:
        """The statements that hold differently, in order."""
        changed = self._found.statements()
        if self._story is None or not changed:
            return changed
        before = self._found.before.history.derived(evidence_of)
        return [
            statement
            for statement in changed
            if self._is_changed_by_story(statement)
            or any(
                each.event.record.story == self._story
                for evidence in (before, self._found.evidence)
                for each in evidence.acts_on(statement)
            )
        ]

    def listed(
        self, before: Mapping[str, Entry], after: Mapping[str, Entry]
    ) -> Iterator[tuple[str, Entry | None, Entry | None]]:
        """The comments or questions that are listed differently, in order."""
        for id, old, new in differing({**before, **after}, before, after):
            own = self._found.after.history[id].record.story
            if self._story in (None, own) or self._is_changed_by_story(id):
                yield id, old, new

    def concerns(self, before: Event, after: Event) -> bool:
        """Whether a notice about an event belongs in the answer."""
        if self._slugs is not None:
            return not self._slugs.isdisjoint((*before.entities, *after.entities))
        if self._story is None:
            return True
        amendments = after.amendments[len(before.amendments) :]
        return self._story in {each.story for each in (before.record, *amendments)}

    def _is_changed_by_story(self, what: Statement | str) -> bool:
        return any(self._stories.get(id) == self._story for id in self._found.records(what))
