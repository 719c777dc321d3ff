"""How many people may hold a role of an organisation at once, according to the amendments."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from timeline.records.record import Record


class Office(NamedTuple):
    """A role that at most `holders` people may hold at once.

    `organisation` is the current slug, `role` as it was last declared, `declared_by` the id of
    that amendment, and `story` the story it is in.
    """

    organisation: str
    role: str
    holders: int
    declared_by: str
    story: str

    def is_of(self, role: str) -> bool:
        """Whether it is the office of a role; letter case does not matter."""
        return self.role.casefold() == role.casefold()


class Offices:
    """The offices declared so far. A later declaration of the same office replaces the former."""

    def __init__(self) -> None:
        self._declared: dict[tuple[str, str], Record] = {}

    def copy(self) -> Offices:
        """An independent copy."""
        other = Offices()
        other._declared = dict(self._declared)
        return other

    def declare(self, record: Record) -> None:
        """Take the next declaration."""
        place = record.content["organisation"], record.content["role"].casefold()
        self._declared.pop(place, None)
        self._declared[place] = record

    def names(self, slug: str) -> bool:
        """Whether any declaration names an organisation by this slug."""
        return any(organisation == slug for organisation, _ in self._declared)

    def under(self, canonical: Callable[[str], str]) -> Iterator[Office]:
        """The offices, with the organisation of each under its canonical slug.

        Of those that are one because their organisations were merged, the last declared counts.
        """
        latest = {(canonical(slug), role): each for (slug, role), each in self._declared.items()}
        for (organisation, _), record in latest.items():
            content = record.content
            holders = content.get("holders", 1)
            yield Office(organisation, content["role"], holders, record.id, record.story)
