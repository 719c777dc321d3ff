"""An organisation chart from a snapshot: memberships, and what is part of what."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from timeline.projections.snapshot import SnapshotAnswer

# The most boxes under one; of more, only the number is shown.
MOST = 24

# Properties whose subject is drawn below their value.
_BELOW = ("part-of", "member-of")


class Tie(NamedTuple):
    """A statement that links a box to the one above; `role` if it has one."""

    property: str
    certainty: str
    role: str | None


class Box(NamedTuple):
    """A box of the chart, its ties to the one above, and the boxes below.

    `is_asked` marks the entity that the chart is about. `more` counts boxes left out below.
    """

    slug: str
    ties: tuple[Tie, ...]
    below: tuple[Box, ...]
    more: int
    is_asked: bool

    @property
    def certainty(self) -> str:
        """Whether it is certainly there."""
        certain = not self.ties or any(tie.certainty == "certain" for tie in self.ties)
        return "certain" if certain else "possible"

    @property
    def is_member(self) -> bool:
        """Whether it is a member of the box above, not a part of it."""
        return bool(self.ties) and all(tie.property == "member-of" for tie in self.ties)

    @property
    def size(self) -> int:
        """The number of boxes, including this one."""
        return 1 + sum(each.size for each in self.below)


_Ties = dict[str, dict[str, list[Tie]]]


def chart(answer: SnapshotAnswer) -> list[Box]:
    """The trees that contain the entity of a snapshot, from the top; empty if there are none.

    A snapshot of greater depth shows more of its surroundings.
    """
    below: _Ties = {}
    above: dict[str, list[str]] = {}
    for entry in answer["statements"]:
        if entry["property"] in _BELOW and isinstance(entry["value"], str):
            tie = Tie(entry["property"], entry["certainty"], entry["qualifiers"].get("role"))
            ties = below.setdefault(entry["value"], {}).setdefault(entry["subject"], [])
            ties.append(tie)
            above.setdefault(entry["subject"], []).append(entry["value"])
    asked = answer["entity"]
    if asked not in above and asked not in below:
        return []
    path = _ancestors(asked, above)
    tops = [each for each in path if not any(other in path for other in above.get(each, ()))]
    # In a circle there is no top; start with the entity.
    return [_box(top, (), below, path, asked, ()) for top in tops or [asked]]


def _ancestors(asked: str, above: dict[str, list[str]]) -> dict[str, None]:
    """An entity and everything above it."""
    found = {asked: None}
    waiting = [asked]
    for each in waiting:
        for other in above.get(each, ()):
            if other not in found:
                found[other] = None
                waiting.append(other)
    return found


def _box(
    slug: str,
    ties: Iterable[Tie],
    below: _Ties,
    path: dict[str, None],
    asked: str,
    above: tuple[str, ...],
) -> Box:
    """A box with everything below it; circles are cut."""
    way = (*above, slug)
    hanging = [(each, held) for each, held in below.get(slug, {}).items() if each not in way]
    hanging.sort(key=lambda item: (item[0] not in path, item[1][0].property != "part-of", item[0]))
    boxes = [_box(each, held, below, path, asked, way) for each, held in hanging[:MOST]]
    return Box(slug, tuple(ties), tuple(boxes), max(0, len(hanging) - MOST), slug == asked)
