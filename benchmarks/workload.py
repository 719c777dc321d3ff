"""A log to measure with, and the questions that are asked about it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple


class Question(NamedTuple):
    """The state of `entity` when the day `as_of` has passed, as known at a position."""

    entity: str
    as_of: str
    as_known: int


class Workload(NamedTuple):
    """A portable log of `records` lines and `size` bytes.

    `entities` are ordinary ones, `hubs` those that very many records name; dates lie
    between the two `days`; `story` is a large one.
    """

    name: str
    path: Path
    records: int
    size: int
    entities: Sequence[str]
    hubs: Sequence[str]
    days: tuple[str, str]
    story: str

    def questions(self, count: int) -> list[Question]:
        """About entities, times and positions drawn at random, the same ones every time."""
        chance = random.Random(20261126)
        return [self._question(chance, chance.choice(self.entities)) for _ in range(count)]

    def about(self, entity: str, count: int) -> list[Question]:
        """The same about one entity, of what is known in the end."""
        chance = random.Random(entity)
        asked = (self._question(chance, entity) for _ in range(count))
        return [each._replace(as_known=self.records) for each in asked]

    def _question(self, chance: random.Random, entity: str) -> Question:
        first, last = (date.fromisoformat(day).toordinal() for day in self.days)
        day = date.fromordinal(chance.randrange(first, last + 1)).isoformat()
        return Question(entity, day, chance.randrange(1, self.records + 1))
