"""A log made up for measuring: the same one every time."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from timeline import temporal
from timeline.records import jsonl

STORIES, PEOPLE, ORGANISATIONS, PRODUCTS = 20, 3000, 300, 2000
ROLES = ("reporter", "editor", "engineer", "head", "spokesperson")
PROSE = (
    "the desk has seen the memo and spoken to two people who know of it; the company did not "
    "answer in time; the day is that of the announcement and not of the paper that tells of it; "
    "a second source puts it a day later and is kept beside this one; 报道称 此事 已获 确认"
)
WORDS = PROSE.split()
CORRECTED, RETRACTED = 0.02, 0.005

# The entity whose snapshot is measured: one with some two hundred records.
ENTITY = "organisation-7"

_FIRST = temporal.parse_instant("2020-01-01T00:00:00Z")
_BETWEEN = 1_500_000_000


def write_log(path: Path, count: int) -> int:
    """Write a portable log of `count` records; its size in bytes."""
    with path.open("wb") as file:
        return sum(file.write(jsonl.encode(record) + b"\n") for record in records(count))


def records(count: int) -> Iterator[dict[str, Any]]:
    """Records of some 700 bytes, in order of their times; 2 % correct, and 0.5 % retract."""
    chance = random.Random(20261124)
    standing: list[str] = []
    for number in range(1, count + 1):
        stamps = {
            "recorded_by": "benchmark",
            "recorded_at": temporal.format_instant(_FIRST + number * _BETWEEN),
        }
        drawn = chance.random()
        if standing and drawn < CORRECTED + RETRACTED:
            yield _amendment(chance, number, standing, drawn < CORRECTED) | stamps
            continue
        record = _event(chance, number)
        standing.append(record["id"])
        yield record | stamps


def _amendment(
    chance: random.Random, number: int, standing: list[str], corrects: bool
) -> dict[str, Any]:
    place = chance.randrange(max(0, len(standing) - 5000), len(standing))
    story = f"story-{number % STORIES}"
    reason = {"reason": _prose(chance, 500)}
    if not corrects:
        standing[place], standing[-1] = standing[-1], standing[place]
        body: dict[str, Any] = {"type": "retraction", "retracts": standing.pop()}
    else:
        changes = {"when": _date(chance, number), "body": _prose(chance, 120)}
        body = {"type": "correction", "corrects": standing[place], "changes": changes}
    return {"id": f"record-{number}", "story": story, **body, **reason}


def _event(chance: random.Random, number: int) -> dict[str, Any]:
    kind = chance.choice(("joined", "departed", "appointed", "released", "commented"))
    organisation = f"organisation-{chance.randrange(ORGANISATIONS)}"
    person = f"person-{chance.randrange(PEOPLE)}"
    own: dict[str, Any]
    match kind:
        case "released":
            own = {"product": f"product-{chance.randrange(PRODUCTS)}", "organisation": organisation}
        case "commented":
            own = {"speaker": person, "about": [organisation], "quote": _prose(chance, 80)}
        case "departed":
            own = {"person": person, "organisation": organisation}
        case _:
            role = chance.choice(ROLES)
            own = {"person": person, "organisation": organisation, "role": role}
    return {
        "id": f"record-{number}",
        "story": f"story-{number % STORIES}",
        "type": kind,
        "when": _date(chance, number),
        "zone": "Asia/Shanghai",
        **own,
        "headline": _prose(chance, 60),
        "body": _prose(chance, 140),
        "sources": [
            {
                "url": f"https://example.org/{number % 997}/article",
                "publisher": f"Paper {chance.randrange(40)}",
                "published": _day(number),
                "quote": _prose(chance, 90),
            }
        ],
    }


def _date(chance: random.Random, number: int) -> str:
    day = _day(number)
    match chance.randrange(6):
        case 0:
            return day + "~"
        case 1:
            return day[:7]
        case 2:
            return f"[{_day(max(1, number - 120))}..{day}]"
        case 3:
            return f"{day}T{chance.randrange(24):02}:{chance.randrange(60):02}+08:00"
        case _:
            return day


def _day(number: int) -> str:
    return temporal.format_instant(_FIRST + number * _BETWEEN)[:10]


def _prose(chance: random.Random, length: int) -> str:
    words: list[str] = []
    while length > 0:
        words.append(chance.choice(WORDS))
        length -= len(words[-1]) + 1
    return " ".join(words)
