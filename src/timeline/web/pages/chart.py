"""An organisation chart, as of the time of a snapshot: who is in what, and what is part of what."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from timeline.projections.answer import Answer

# So many under one box; of more, it is said how many are left out.
MOST = 24

# What puts its subject below its value.
_BELOW = ("part-of", "member-of")


class Tie(NamedTuple):
    """One statement that puts something below something else; `role` where it has one."""

    property: str
    certainty: str
    role: str | None


class Box(NamedTuple):
    """A box of the chart, how it hangs on the one above, and what hangs below.

    `is_asked` is the entity that the chart is about. `more` are so many left out below it.
    """

    slug: str
    ties: tuple[Tie, ...]
    below: tuple[Box, ...]
    more: int
    is_asked: bool

    @property
    def certainty(self) -> str:
        """Whether it surely hangs there."""
        certain = not self.ties or any(tie.certainty == "certain" for tie in self.ties)
        return "certain" if certain else "possible"

    @property
    def is_member(self) -> bool:
        """Whether it is in what is above it, rather than a part of that."""
        return bool(self.ties) and all(tie.property == "member-of" for tie in self.ties)

    @property
    def size(self) -> int:
        """How many boxes there are, this one among them."""
        return 1 + sum(each.size for each in self.below)


_Ties = dict[str, dict[str, list[Tie]]]


def chart(answer: Answer) -> list[Box]:
    """The trees of a snapshot that the entity stands in, from the top; none if it stands alone.

    A snapshot of a greater depth gives more of what is around it.
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
    # What is part of itself has no top: it begins with what was asked for.
    return [_box(top, (), below, path, asked, ()) for top in tops or [asked]]


def _ancestors(asked: str, above: dict[str, list[str]]) -> dict[str, None]:
    """An entity and all that is above it."""
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
    """A box with all below it; what is below itself is shown once."""
    way = (*above, slug)
    hanging = [(each, held) for each, held in below.get(slug, {}).items() if each not in way]
    hanging.sort(key=lambda item: (item[0] not in path, item[1][0].property != "part-of", item[0]))
    boxes = [_box(each, held, below, path, asked, way) for each, held in hanging[:MOST]]
    return Box(slug, tuple(ties), tuple(boxes), max(0, len(hanging) - MOST), slug == asked)
