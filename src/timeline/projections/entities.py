"""The entities: the slugs and names of each, and the events that name it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

from typing_extensions import TypedDict

from timeline.errors import close_to
from timeline.history.entity_resolution import Entity
from timeline.history.event import Event, corrected
from timeline.history.history import History
from timeline.history.name_matching import NameMatch, NameQuery
from timeline.projections.answer import (
    Basis,
    Count,
    JsonSchema,
    KnownJson,
    NoFindings,
    Position,
    RecordIds,
    Sealed,
    sealed,
)
from timeline.projections.question import AsKnown, Param, Question
from timeline.records.declaration import ENTITY_KINDS, Kind
from timeline.records.record import Content, entities_of

if TYPE_CHECKING:
    from timeline.projections.room import Room


def _not_found(history: History, basis: Basis, query: str, kind: str | None) -> str:
    """A note that no entity of a kind goes by a name or a part of one, with the closest."""
    others = entities(history, basis, query)["entities"]
    if not others:
        rows = entities(history, basis)["entities"]
        by_name = {name: row for row in rows for name in (row["slug"], *row["names"])}
        others = [by_name[name] for name in close_to(query.casefold(), by_name, cutoff=0.5)]
    slugs = dict.fromkeys(
        f"{each['slug']} ({each['kind']})" if kind else each["slug"] for each in others
    )
    hint = f"; the closest: {', '.join(list(slugs)[:3])}" if slugs else ""
    return f"there is no {kind or 'entity'} like {query!r}{hint}"


# How many entities that are merely spelled similarly are listed.
CLOSE = 10

_RANK = {"name": 0, "part": 1, "close": 2}


EntityKind = Annotated[str, JsonSchema(enum=["person", "organisation", "product", "place"])]


class _MatchJson(TypedDict, total=False):
    match: Literal["slug", "name", "part", "close"]
    """How it matches the query."""
    matched: str
    """The slug or name that does."""


class EntityJson(_MatchJson):
    """A person or a thing that the records name."""

    slug: str
    other_slugs: list[str]
    names: list[str]
    kind: EntityKind | None
    events: Count
    """The number of events that name it."""
    first: Position | None
    """The position of the first event that names it."""
    last: Position | None
    merged_by: RecordIds


class EntitiesAnswer(KnownJson, Sealed):
    """Who and what the records name: all entities, or those that match a query."""

    projection: Literal["entities"]
    query: str | None
    kind: str | None
    entities: list[EntityJson]
    findings: NoFindings


class EntityMatch(NamedTuple):
    """An entity, how well it matches a query, and which of its slugs or names does."""

    entity: Entity
    name: NameMatch
    by: str


@dataclass(frozen=True)
class Entities(Question[EntitiesAnswer]):
    """The people, organisations, products and places that the records name.

    All of them, or those that a query may mean: a slug or a name, in any script and word order,
    with or without accents, or a part of one. Near misses come last.
    """

    lists = "entities"
    depends_on_now = False

    query: Annotated[
        str | None, Param("A slug or a name, or a part of one, in any script.", kind="argument")
    ] = None
    _: KW_ONLY
    kind: Annotated[str | None, Param("Only entities of this kind.", choices=ENTITY_KINDS)] = None
    as_known: AsKnown = None

    def answer(self, room: Room) -> EntitiesAnswer:
        basis = room.basis(None, self.as_known)
        history = room.history(basis)
        found = entities(history, basis, self.query, self.kind)
        if self.query is not None and not found["entities"]:
            room.note(_not_found(history, basis, self.query, self.kind))
        return found

    def reads_all(self) -> bool:
        return True


def entities(
    history: History, basis: Basis, query: str | None = None, kind: str | None = None
) -> EntitiesAnswer:
    """Each entity once, under its canonical slug.

    With a `query`, first the entities with that slug or name, then those whose slugs or names
    contain it, then a few that are spelled similarly. `kind` is person, organisation, product
    or place. The question is not about a time in the world, so there is no `as_of`.
    """
    index = EntityIndex(history)
    known = [each for each in index.all() if kind in (None, each.kind)]
    if query is None:
        rows = [index.row(each) for each in known]
    else:
        rows = [{**index.row(each.entity), **_match(each)} for each in search(known, query)]
    answer: EntitiesAnswer = {
        "projection": "entities",
        "version": 1,
        "query": query,
        "kind": kind,
        **basis.known_json(),
        "entities": rows,
        "findings": [],
        "digest": "",
    }
    return sealed(answer)


def known_as(history: History, slug: str) -> bool:
    """Whether any record names an entity by that slug, retracted or corrected records included."""
    return slug in history.names or any(
        slug in entities_of(each.type, content)
        for each in history.all()
        for content in _readings(each)
    )


def _readings(event: Event) -> Iterator[Content]:
    """How an event read as recorded, and after each of its corrections."""
    content = event.record.content
    yield content
    for each in event.amendments:
        if each.type.name == "correction":
            content = corrected(content, each.content["changes"])
            yield content


def going_by(history: History, text: str) -> list[str]:
    """The slugs of the entities with that name, or with a slug that reads like it."""
    fits = NameQuery(text).same
    found = [
        each for entity in EntityIndex(history).all() if (each := _best(entity, fits)) is not None
    ]
    best = max((each.name.degree for each in found), default=0)
    return [each.entity.slug for each in found if each.name.degree == best]


def search(known: Iterable[Entity], text: str) -> list[EntityMatch]:
    """The entities that a text may mean, the likeliest first."""
    fits = NameQuery(text).likeness
    found = [each for entity in known if (each := _best(entity, fits)) is not None]
    found.sort(key=lambda each: (*_place(each.name), each.entity.slug))
    close = [each for each in found if each.name.how == "close"]
    return found[: len(found) - len(close)] + close[:CLOSE]


def _best(entity: Entity, fits: Callable[[str], NameMatch | None]) -> EntityMatch | None:
    """The best match of an entity; a slug goes before a name that matches equally well."""
    found = (
        EntityMatch(entity, match, by)
        for by in (*entity.slugs, *entity.names)
        if (match := fits(by)) is not None
    )
    return min(found, key=lambda each: _place(each.name), default=None)


def _place(match: NameMatch) -> tuple[int, float]:
    return _RANK[match.how], -match.degree


def _match(found: EntityMatch) -> _MatchJson:
    exact = found.name.how == "name"
    return {
        "match": "slug" if exact and found.by in found.entity.slugs else found.name.how,
        "matched": found.by,
    }


class EntityIndex:
    """What the events of a history say about the entities themselves.

    An entity is listed if a standing event or an amendment in force names it. Its names come
    from aliases, and from events of type `renamed` that count.
    """

    def __init__(self, history: History):
        self._history = history
        self._named_by: dict[str, list[int]] = defaultdict(list)
        self._kinds: dict[str, Counter[str]] = defaultdict(Counter)
        self._names: dict[str, dict[str, None]] = defaultdict(dict)
        for each in history.standing():
            self._take(each)

    def _take(self, event: Event) -> None:
        for slug in dict.fromkeys(event.entities):
            self._named_by[slug].append(event.position)
        for slug, kind in _kinds_in(event):
            self._kinds[slug][kind] += 1
        if event.type.name == "renamed" and event.counts:
            self._names[event.content["entity"]][event.content["name"]] = None

    def all(self) -> Iterator[Entity]:
        """The entities, by slug."""
        named = self._history.names
        for slug in sorted({*self._named_by, *(each.slug for each in named.all())}):
            entity = named.get(slug)
            names = tuple(dict.fromkeys((*entity.names, *self._names[slug])))
            yield entity._replace(names=names, kind=entity.kind or self._declared(slug))

    def _declared(self, slug: str) -> str | None:
        """The kind of entity that most fields naming it declare; of ties, the first."""
        kinds = self._kinds.get(slug)
        return kinds.most_common(1)[0][0] if kinds else None

    def row(self, entity: Entity) -> EntityJson:
        """One entry of `entities`."""
        positions = self._named_by.get(entity.slug)
        return {
            "slug": entity.slug,
            "other_slugs": list(entity.slugs[1:]),
            "names": list(entity.names),
            "kind": entity.kind,
            "events": len(positions or ()),
            "first": positions[0] if positions else None,
            "last": positions[-1] if positions else None,
            "merged_by": self._merged_by(entity) if len(entity.slugs) > 1 else [],
        }

    def _merged_by(self, entity: Entity) -> list[str]:
        """The ids of the amendments that merged its slugs."""
        merges = {
            merge.position: merge.id
            for slug in entity.slugs
            for merge in self._history.names.merges_of(slug)
        }
        return [merges[position] for position in sorted(merges)]


def _kinds_in(event: Event) -> Iterator[tuple[str, str]]:
    """Each entity named in a field that declares its kind, with that kind."""
    for name, field in event.type.fields.items():
        if field.of is not None and name in event.content:
            held = event.content[name]
            for slug in held if field.kind is Kind.ENTITIES else [held]:
                yield slug, field.of
