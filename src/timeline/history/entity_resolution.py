"""Which slugs are one entity, and its names and offices, according to the amendments.

`same-entity` joins slugs, `not-same-entity` undoes the amendments that joined them, `alias`
gives an entity its names, and `office` declares one of its offices; `story` gives a story its
title. Slugs that are joined,
directly or through others, are one entity; its canonical slug is the `as` of the latest amendment
that joined them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import combinations
from typing import NamedTuple

from timeline.history.offices import Office, Offices
from timeline.records.record import Content, Record

# The amendments that the resolver applies.
OF_ENTITIES = ("same-entity", "not-same-entity", "alias", "office", "story")


class Entity(NamedTuple):
    """An entity as it is known at some position of the log.

    `slug` is the canonical slug and `slugs` are all of them, the canonical one first. `names`
    come from aliases; `kind` is person, organisation, product or place, if given.
    """

    slug: str
    slugs: tuple[str, ...]
    names: tuple[str, ...] = ()
    kind: str | None = None


class Resolver:
    """Resolves slugs to entities, by the amendments up to some position."""

    def __init__(self) -> None:
        self._merges: dict[str, Record] = {}
        self._naming: dict[str, dict[str, Record]] = {}
        self._entities: dict[str, Entity] = {}
        self._aliases: dict[str, Record] = {}
        self._apart: dict[frozenset[str], Record] = {}
        self._offices = Offices()
        self._stories: dict[str, Record] = {}

    def copy(self) -> Resolver:
        """An independent copy."""
        other = Resolver()
        other._merges = dict(self._merges)
        other._naming = {slug: dict(merges) for slug, merges in self._naming.items()}
        other._entities = dict(self._entities)
        other._aliases = dict(self._aliases)
        other._apart = dict(self._apart)
        other._offices = self._offices.copy()
        other._stories = dict(self._stories)
        return other

    def apply(self, record: Record) -> set[str]:
        """Apply the next record; the slugs whose canonical slug it changed."""
        match record.type.name:
            case "same-entity":
                concerned = self._all_of(_joined(record))
            case "not-same-entity":
                concerned = self._all_of(record.content["entities"])
            case "alias":
                concerned = self._all_of([record.content["entity"]])
            case "office":
                concerned = self._all_of([record.content["organisation"]])
            case "story":
                self._stories[record.story] = record
                return set()
            case _:
                return set()
        before = {slug: self.canonical(slug) for slug in concerned}
        match record.type.name:
            case "same-entity":
                self._merges[record.id] = record
                for slug in _joined(record):
                    self._naming.setdefault(slug, {})[record.id] = record
                self._join(concerned, _as(record))
            case "not-same-entity":
                self._undo(self.undone_by(record.content), concerned)
                pairs = combinations(sorted(record.content["entities"]), 2)
                self._apart.update((frozenset(pair), record) for pair in pairs)
            case "alias":
                self._aliases[record.content["entity"]] = record
                self._join(concerned, self.canonical(record.content["entity"]))
            case "office":
                self._offices.declare(record)
                self._join(concerned, self.canonical(record.content["organisation"]))
        return {slug for slug in concerned if before[slug] != self.canonical(slug)}

    def story(self, story: str) -> Content:
        """The `title` of a story, and its `description`; empty if it was given none."""
        record = self._stories.get(story)
        names = ("title", "description")
        return (
            {}
            if record is None
            else {name: record.content[name] for name in names if name in record.content}
        )

    @property
    def joined(self) -> bool:
        """Whether any slugs are joined."""
        return bool(self._merges)

    def canonical(self, slug: str) -> str:
        """The canonical slug of the entity that a slug means."""
        return _slug(self._entities.get(slug), slug)

    def get(self, slug: str) -> Entity:
        """The entity that a slug means."""
        return self._entities.get(slug) or Entity(slug, (slug,))

    def __contains__(self, slug: object) -> bool:
        """Whether any amendment in force names a slug."""
        return slug in self._entities

    def all(self) -> Iterator[Entity]:
        """The entities that amendments in force name, each once."""
        return (each for slug, each in self._entities.items() if slug == each.slug)

    def offices(self) -> Iterator[Office]:
        """The offices that were declared, each once."""
        return self._offices.under(self.canonical)

    def office(self, organisation: str, role: str) -> Office | None:
        """The office of an organisation with this role; letter case does not matter."""
        slug = self.canonical(organisation)
        found = (each for each in self.offices() if each.organisation == slug and each.is_of(role))
        return next(found, None)

    def called(self, slug: str) -> str:
        """The first name of the entity that a slug means, or its slug if it has none."""
        entity = self.get(slug)
        return next(iter(entity.names), entity.slug)

    def merges(self) -> Iterator[Record]:
        """The same-entity amendments in force."""
        return iter(self._merges.values())

    def merges_of(self, slug: str) -> list[Record]:
        """Those that name a slug, in order of position."""
        return list(self._naming.get(slug, {}).values())

    def undone_by(self, content: Content) -> list[Record]:
        """The amendments in force that a not-same-entity undoes: they join two of its slugs."""
        apart = set(content["entities"])
        naming = {merge.id: merge for slug in apart for merge in self.merges_of(slug)}
        return [merge for merge in naming.values() if len(_joined(merge) & apart) > 1]

    def still_one(self) -> Iterator[tuple[Record, list[str]]]:
        """Each not-same-entity whose slugs are still joined, through other amendments.

        Yields the amendment, and the slugs that connect the two, from one to the other.
        """
        for pair, record in self._apart.items():
            one, other = sorted(pair)
            # A later amendment that joins the same two slugs overrides it.
            later = (each for each in self.merges_of(one) if each.position > record.position)
            if self.canonical(one) == self.canonical(other) and not any(
                pair <= _joined(merge) for merge in later
            ):
                yield record, self._path(one, other)

    def joining(self, one: str, other: str) -> list[Record]:
        """The amendments in force that join two slugs, in order of position."""
        return [merge for merge in self.merges_of(one) if other in _joined(merge)]

    def _path(self, one: str, other: str) -> list[str]:
        """The shortest path of slugs that connects two joined slugs."""
        seen, ways = {one}, [[one]]
        for found in ways:
            if found[-1] == other:
                return found
            joined = map(_joined, self.merges_of(found[-1]))
            for slug in sorted(set[str]().union(*joined) - seen):
                seen.add(slug)
                ways.append([*found, slug])
        raise AssertionError(f"{one} and {other} are not one")

    def _all_of(self, slugs: Iterable[str]) -> set[str]:
        """All slugs of the entities that these slugs mean."""
        return {each for slug in slugs for each in self.get(slug).slugs}

    def _join(self, slugs: Collection[str], canonical: str) -> None:
        """Make these slugs one entity."""
        aliases = [self._aliases[slug] for slug in slugs if slug in self._aliases]
        aliases.sort(key=lambda record: record.position)
        names = dict.fromkeys(name for each in aliases for name in each.content["names"])
        kinds = [each.content["kind"] for each in aliases if "kind" in each.content]
        ordered = (canonical, *sorted(set(slugs) - {canonical}))
        entity = Entity(canonical, ordered, tuple(names), kinds[-1] if kinds else None)
        self._entities.update(dict.fromkeys(slugs, entity))

    def _undo(self, merges: Iterable[Record], concerned: set[str]) -> None:
        """Undo some merges, and apply the remaining ones again in their order."""
        for merge in merges:
            del self._merges[merge.id]
            for slug in _joined(merge):
                del self._naming[slug][merge.id]
        for slug in concerned:
            self._entities.pop(slug, None)
            if slug in self._aliases or self._offices.names(slug):
                self._join([slug], slug)
        left = {merge.id: merge for slug in concerned for merge in self.merges_of(slug)}
        for merge in sorted(left.values(), key=lambda record: record.position):
            self._join(self._all_of(_joined(merge)), _as(merge))


def _joined(merge: Record) -> set[str]:
    return {*merge.content["entities"], _as(merge)}


def _as(merge: Record) -> str:
    """The canonical slug: `as`, or the first slug named."""
    return str(merge.content.get("as") or merge.content["entities"][0])


def _slug(entity: Entity | None, slug: str) -> str:
    return slug if entity is None else entity.slug
