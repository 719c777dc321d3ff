"""What changed between two points of either clock, and because of which records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

from typing_extensions import TypedDict

from timeline.certainty.effects import Effects, Statement
from timeline.certainty.evaluate import HeldStatement
from timeline.certainty.evidence_index import EvidenceIndex
from timeline.errors import InputError
from timeline.history.history import Change, Event, History
from timeline.projections.answer import (
    Basis,
    BasisJson,
    NoFindings,
    RecordIds,
    Sealed,
    sealed,
)
from timeline.projections.correction_notices import NoticeJson, notices
from timeline.projections.question import Param, Question
from timeline.projections.ranges import ends
from timeline.projections.relevance import reach_of
from timeline.projections.replay_state import (
    CommentsAndQuestions,
    ListedEntries,
    State,
    StatementState,
    listable,
    listed_by,
)
from timeline.projections.snapshot import CommentJson, QuestionJson
from timeline.projections.statement import (
    HeldJson,
    StatementJson,
    held_json,
    rank,
    statement_json,
)
from timeline.records.record import Record, entities_of
from timeline.temporal.instant_bounds import InstantBounds

if TYPE_CHECKING:
    from timeline.projections.room import Room

# The ids of the records behind each change: of a statement, or of the comment or question with
# an id.
Causes = dict[Statement | str, list[str]]


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

    entity: Annotated[
        str | None,
        Param(
            "An entity, by its slug or a name.",
            kind="path",
            examples=("qwen-team",),
            suggest="entity",
        ),
    ] = None
    _: KW_ONLY
    story: Annotated[
        str | None, Param("Only what this story has a bearing on.", suggest="story")
    ] = None
    as_known: Annotated[
        str | None,
        Param(
            "From the log as it was at A to the log as it was at B: positions, instants, days, "
            "or publication:NAME. `A..` ends at the head, `..B` starts from an empty log.",
            metavar="A..B",
            examples=("3..12", "publication:first-take.."),
            suggest="publication",
        ),
    ] = None
    as_of: Annotated[
        str | None,
        Param(
            "From the state at A to the state at B: EDTF, or words. `A..` ends now. With "
            "--as-known A..B, one date serves both ends; default: now.",
            metavar="A..B",
            examples=("2026-03-01..2026-03-05",),
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


def has_changed(answer: Mapping[str, Any]) -> bool:
    """Whether anything differs between the two ends of a comparison."""
    return any(answer[part] for part in ("changes", "comments", "questions", "notices"))


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
    scope = _Scope(history, later, entity, story)
    walked = history.copy()
    state = State(walked, now.at, scope.slugs)
    old_held = _held(state, was.at)
    old_listings = CommentsAndQuestions(history, state.order, was.at)
    old_listed = _listed(history, old_listings, scope)
    causes: Causes = defaultdict(list)
    if was.at != now.at:
        causes.update(_passed(state, was.at, now.at, old_held))
        causes.update(_passed_by(state, history, old_listings, was.at, now.at))
    _walk(later, walked, state, scope, causes)
    new_held = _held(state, now.at)
    new_listed = _listed(walked, state.listings, scope)
    _add_grounds(causes, new_held, later)
    changes: list[StatementDifferenceJson] = [
        {
            **statement_json(statement),
            "before": held_json(old_held[statement], history) if statement in old_held else None,
            "after": held_json(new_held[statement], walked) if statement in new_held else None,
            "records": causes[statement],
        }
        for statement in scope.told(_differing(old_held, new_held), history, state.worlds, causes)
    ]
    comments: list[CommentDifferenceJson] = [
        {
            "id": id,
            "before": old_listed.comments.get(id),
            "after": new_listed.comments.get(id),
            "records": causes[id],
        }
        for id in _changed(old_listed.comments, new_listed.comments)
        if scope.tells(id, walked, causes)
    ]
    questions: list[QuestionDifferenceJson] = [
        {
            "id": id,
            "before": old_listed.questions.get(id),
            "after": new_listed.questions.get(id),
            "records": causes[id],
        }
        for id in _changed(old_listed.questions, new_listed.questions)
        if scope.tells(id, walked, causes)
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
        "notices": notices(history, walked, later, scope.concerns),
        "findings": [],
        "digest": "",
    }
    return sealed(answer)


def _changed(before: Mapping[str, object], after: Mapping[str, object]) -> list[str]:
    """The ids whose entries differ, in order."""
    ids = dict.fromkeys([*before, *after])
    return [id for id in ids if before.get(id) != after.get(id)]


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


class _Scope:
    """What was asked about: everything, an entity, or a story."""

    def __init__(
        self, history: History, later: list[Record], entity: str | None, story: str | None
    ):
        self._story = story
        self._stories: dict[str, str] = {}
        if story is not None:
            known = (each for found in history.all() for each in (found.record, *found.amendments))
            self._stories = {each.id: each.story for each in (*known, *later)}
        # The slugs that the entity goes by at either end.
        self.slugs: set[str] | None = None
        if entity is not None:
            names = history.names.copy()
            self.slugs = {*names.get(entity).slugs}
            for record in later:
                names.apply(record)
            self.slugs.update(names.get(entity).slugs)

    def is_about(self, event: Event) -> bool:
        """Whether a comment or question is about the entity."""
        return self.slugs is None or not self.slugs.isdisjoint(event.content["about"])

    def told(
        self, changed: Iterable[Statement], history: History, worlds: EvidenceIndex, causes: Causes
    ) -> list[Statement]:
        """The statements among those changed that belong to the story, in order."""
        ordered = sorted(changed, key=rank)
        if self._story is None or not ordered:
            return ordered
        reach = history.derived(reach_of)
        reach.load({name for each in ordered for name in each.entities()})
        return [
            statement
            for statement in ordered
            if self._has_any(causes[statement])
            or any(
                each.event.record.story == self._story
                for known in (reach.worlds, worlds)
                for each in known.acts_on(statement)
            )
        ]

    def tells(self, id: str, history: History, causes: Causes) -> bool:
        """Whether a comment or question is part of the story, or was changed by it."""
        own = history[id].record.story
        return self._story in (None, own) or self._has_any(causes[id])

    def concerns(self, before: Event, after: Event) -> bool:
        """Whether a notice about an event belongs in the answer."""
        if self.slugs is not None:
            readings = (before, after)
            named = {slug for each in readings for slug in entities_of(each.type, each.content)}
            return not self.slugs.isdisjoint(named)
        if self._story is None:
            return True
        amendments = after.amendments[len(before.amendments) :]
        return self._story in {each.story for each in (before.record, *amendments)}

    def _has_any(self, ids: Iterable[str]) -> bool:
        return any(self._stories.get(id) == self._story for id in ids)


def _held(state: State, at: int) -> dict[Statement, HeldStatement]:
    return {held.statement: held for held in state.worlds.holding(state.statements(), at)}


def _listed(history: History, listings: CommentsAndQuestions, scope: _Scope) -> ListedEntries:
    """The comments and questions that are listed."""
    return listings.entries(id for id in listable(history) if scope.is_about(history[id]))


def _differing(
    before: Mapping[Statement, HeldStatement], after: Mapping[Statement, HeldStatement]
) -> set[Statement]:
    """The statements that hold differently, or at one end only."""
    return {
        statement
        for statement in before.keys() | after.keys()
        if _state(before.get(statement)) != _state(after.get(statement))
    }


def _state(held: HeldStatement | None) -> StatementState | None:
    return StatementState.of(held) if held else None


def _passed(state: State, first: int, last: int, held: Mapping[Statement, HeldStatement]) -> Causes:
    """The statements changed by the passing of time, with the records behind each change."""
    causes: Causes = {}
    for statement in state.statements():
        if _state(held.get(statement)) != state.holding(statement):
            acts = state.worlds.acts_on(statement)
            causes[statement] = _lineage(
                each.event for each in acts if _is_between(each, first, last)
            )
    return causes


def _passed_by(
    state: State, history: History, listings: CommentsAndQuestions, first: int, last: int
) -> Causes:
    """The comments and questions changed by the passing of time, likewise."""
    causes: Causes = {}
    ids = list(listable(history))
    before, after = listings.entries(ids), state.listings.entries(ids)
    for id in ids:
        if before.get(id) != after.get(id):
            about = [history[id], *listings.answers(id)]
            causes[id] = _lineage(
                each for each in about if _meets(state.order.span(each), first, last)
            )
    return causes


def _is_between(acts: Effects, first: int, last: int) -> bool:
    return any(_meets(span, first, last) for span in (acts.at, acts.until) if span is not None)


def _meets(span: InstantBounds, first: int, last: int) -> bool:
    """Whether an event may have happened at `first` or later, and before `last`."""
    return span.earliest < last and span.latest > first


def _lineage(events: Iterable[Event]) -> list[str]:
    found: dict[str, int] = {}
    for each in events:
        found.update((record.id, record.position) for record in (each.record, *each.amendments))
    return sorted(found, key=lambda id: found[id])


def _walk(
    later: Iterable[Record], history: History, state: State, scope: _Scope, causes: Causes
) -> None:
    """Let the log grow, and note what each record changes."""
    for record in later:
        changed = history.apply(record)
        moved = dict.fromkeys(each.what for each in state.move(changed))
        moved.update(dict.fromkeys(_belonging(changed, scope)))
        for what in moved:
            causes[what].append(record.id)


def _add_grounds(
    causes: Causes, held: Mapping[Statement, HeldStatement], later: list[Record]
) -> None:
    """Add to each cause the events recorded since that the statement now rests on, in order."""
    positions = {record.id: record.position for record in later}
    for statement, now in held.items():
        if statement not in causes:
            continue
        behind = (*now.because, *now.doubts)
        new = (each.id for each in behind if each.id in positions)
        found = dict.fromkeys([*causes[statement], *new])
        causes[statement] = sorted(found, key=lambda id: positions.get(id, 0))


def _belonging(changed: Iterable[Change], scope: _Scope) -> Iterator[str]:
    """The comments and questions that are newly about the entity, or no longer."""
    for before, after in changed:
        if before is None or after.id not in listed_by([Change(before, after)]):
            continue
        if scope.is_about(before) != scope.is_about(after):
            yield after.id
