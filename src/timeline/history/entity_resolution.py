"""Which slugs mean one entity, and by what names it goes: settled from the amendments.

`same-entity` joins slugs, `not-same-entity` undoes what has joined them, `alias` says by
what names an entity goes. All that are joined, directly or by way of others, are one
entity, and it reads as the `as` of the latest amendment that joined them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import combinations
from typing import NamedTuple

from timeline.records.record import Content, Record


class Entity(NamedTuple):
    """An entity as it is known at some point of the log.

    `slug` is the one it reads as and `slugs` all that mean it; `names` are those it goes
    by, from its aliases; `kind` is person, organisation, product or place, where said.
    """

    slug: str
    slugs: tuple[str, ...]
    names: tuple[str, ...] = ()
    kind: str | None = None


class Resolver:
    """The amendments of entities up to some position."""

    def __init__(self) -> None:
        self._merges: dict[str, Record] = {}
        self._naming: dict[str, dict[str, Record]] = {}
        self._entities: dict[str, Entity] = {}
        self._aliases: dict[str, Record] = {}
        self._apart: dict[frozenset[str], Record] = {}

    def copy(self) -> Resolver:
        """Names that go their own way from here."""
        other = Resolver()
        other._merges = dict(self._merges)
        other._naming = {slug: dict(merges) for slug, merges in self._naming.items()}
        other._entities = dict(self._entities)
        other._aliases = dict(self._aliases)
        other._apart = dict(self._apart)
        return other

    def apply(self, record: Record) -> set[str]:
        """Take in the next record; the slugs that read as another from here on."""
        match record.type.name:
            case "same-entity":
                concerned = self._all_of(_joined(record))
            case "not-same-entity":
                concerned = self._all_of(record.content["entities"])
            case "alias":
                concerned = self._all_of([record.content["entity"]])
            case _:
                return set()
        before = {slug: self.canonical(slug) for slug in concerned}
        match record.type.name:
            case "same-entity":
                self._merges[record.id] = record
                for slug in _joined(record):
                    self._naming.setdefault(slug, {})[record.id] = record
                self._settle(concerned, _as(record))
            case "not-same-entity":
                self._undo(self.undone_by(record.content), concerned)
                pairs = combinations(sorted(record.content["entities"]), 2)
                self._apart.update((frozenset(pair), record) for pair in pairs)
            case "alias":
                self._aliases[record.content["entity"]] = record
                self._settle(concerned, self.canonical(record.content["entity"]))
        return {slug for slug in concerned if before[slug] != self.canonical(slug)}

    @property
    def joined(self) -> bool:
        """Whether any slug reads as another."""
        return bool(self._merges)

    def canonical(self, slug: str) -> str:
        """The slug that an entity reads as."""
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

    def merges(self) -> Iterator[Record]:
        """The same-entity amendments in force."""
        return iter(self._merges.values())

    def merges_of(self, slug: str) -> list[Record]:
        """Those that name a slug, in order of position."""
        return list(self._naming.get(slug, {}).values())

    def undone_by(self, content: Content) -> list[Record]:
        """The amendments in force that a not-same-entity undoes: they join two of its entities."""
        apart = set(content["entities"])
        naming = {merge.id: merge for slug in apart for merge in self.merges_of(slug)}
        return [merge for merge in naming.values() if len(_joined(merge) & apart) > 1]

    def still_one(self) -> Iterator[tuple[Record, list[str]]]:
        """What was told apart last by a not-same-entity, and is held together by others.

        With it come the slugs by way of which, from end to end.
        """
        for pair, record in self._apart.items():
            one, other = sorted(pair)
            # Whoever joins these very two later on thinks otherwise of them.
            later = (each for each in self.merges_of(one) if each.position > record.position)
            if self.canonical(one) == self.canonical(other) and not any(
                pair <= _joined(merge) for merge in later
            ):
                yield record, self._way(one, other)

    def joining(self, one: str, other: str) -> list[Record]:
        """The amendments in force that join two slugs, in order of position."""
        return [merge for merge in self.merges_of(one) if other in _joined(merge)]

    def _way(self, one: str, other: str) -> list[str]:
        """The fewest slugs by way of which two are one, from end to end."""
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
        """All slugs that mean any of the entities that these mean."""
        return {each for slug in slugs for each in self.get(slug).slugs}

    def _settle(self, slugs: Collection[str], canonical: str) -> None:
        """Let all these slugs mean one entity."""
        aliases = [self._aliases[slug] for slug in slugs if slug in self._aliases]
        aliases.sort(key=lambda record: record.position)
        names = dict.fromkeys(name for each in aliases for name in each.content["names"])
        kinds = [each.content["kind"] for each in aliases if "kind" in each.content]
        ordered = (canonical, *sorted(set(slugs) - {canonical}))
        entity = Entity(canonical, ordered, tuple(names), kinds[-1] if kinds else None)
        self._entities.update(dict.fromkeys(slugs, entity))

    def _undo(self, merges: Iterable[Record], concerned: set[str]) -> None:
        """Take back some merges; the others are joined anew, in their order."""
        for merge in merges:
            del self._merges[merge.id]
            for slug in _joined(merge):
                del self._naming[slug][merge.id]
        for slug in concerned:
            self._entities.pop(slug, None)
            if slug in self._aliases:
                self._settle([slug], slug)
        left = {merge.id: merge for slug in concerned for merge in self.merges_of(slug)}
        for merge in sorted(left.values(), key=lambda record: record.position):
            self._settle(self._all_of(_joined(merge)), _as(merge))


def _joined(merge: Record) -> set[str]:
    return {*merge.content["entities"], _as(merge)}


def _as(merge: Record) -> str:
    """What the entity reads as: the first that is named, where nothing else is said."""
    return str(merge.content.get("as") or merge.content["entities"][0])


def _slug(entity: Entity | None, slug: str) -> str:
    return slug if entity is None else entity.slug
