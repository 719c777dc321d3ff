"""Answers of `chronology` to draw, made without a newsroom."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from timeline import temporal

YEAR = 31_556_952_000_000
FARTHEST = 12_000 * YEAR


def entry(id: str, earliest: int | None, latest: int | None, **more: Any) -> dict[str, Any]:
    """An entry of a chronology, its bounds as instants."""
    bounds = [
        None if side is None else temporal.format_instant(side) for side in (earliest, latest)
    ]
    found: dict[str, Any] = {
        "id": id,
        "position": 1,
        "story": "story",
        "type": "happened",
        "when": "2026",
        "zone": "UTC",
        "bounds": bounds,
        "certainty": "certain",
        "order": "certain",
        "group": 1,
        "headline": f"What happened: {id}",
        "entities": [],
        "standing": "reported",
        "amendments": [],
        "sources": 1,
    }
    return found | more


def day(text: str) -> int:
    """The instant at which a day begins."""
    return temporal.parse_instant(f"{text}T00:00:00Z")


def of_day(id: str, text: str, **more: Any) -> dict[str, Any]:
    """What happened some time on a day."""
    return entry(id, day(text), day(text) + 86_400_000_000, when=text, **more)


def answer(*entries: dict[str, Any]) -> dict[str, Any]:
    """An answer with these entries, in their order."""
    return {
        "projection": "chronology",
        "version": 1,
        "story": "story",
        "entity": None,
        "as_of": "2030",
        "as_known": len(entries),
        "recorded_at": None,
        "events": list(entries),
        "findings": [],
        "digest": "sha256:0123456789abcdef",
    }


@st.composite
def answers(draw: st.DrawFn, most: int = 40) -> dict[str, Any]:
    """Any answer: far years, open sides, spells, rivals, text in any script."""
    entries = []
    for number in range(draw(st.integers(0, most))):
        earliest = draw(st.integers(-FARTHEST, FARTHEST))
        latest = earliest + draw(st.sampled_from([1, 60_000_000, 86_400_000_000, 10 * YEAR]))
        sides = [side if draw(st.integers(0, 5)) else None for side in (earliest, latest)]
        more: dict[str, Any] = {
            "headline": draw(st.text(min_size=1, max_size=80)),
            "order": draw(st.sampled_from(["certain", "possible"])),
            "standing": draw(st.sampled_from(["reported", "confirmed", "disputed"])),
        }
        if not draw(st.integers(0, 4)):
            ends = [latest + YEAR, latest + 2 * YEAR]
            more["until"] = [temporal.format_instant(side) for side in ends]
        entries.append(entry(f"h{number}", *sides, **more))
    for first in range(0, len(entries) - 3, 7):
        together = entries[first : first + draw(st.integers(2, 3))]
        for each in together:
            each["rivals"] = [{"id": other["id"]} for other in together if other is not each]
    return answer(*entries)
