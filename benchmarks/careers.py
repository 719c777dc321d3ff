"""The reference workload *careers*: who joined, left and led what, and who said so.

The same records every time for the same sizes, made one at a time: memory does not grow
with the log. Every record can be imported. 2 % correct earlier records, long after many
of them, and 0.5 % retract one.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.prose import prose
from benchmarks.workload import Workload
from timeline import temporal
from timeline.records import jsonl

STORIES = 20
CORRECTED, RETRACTED = 0.02, 0.005
ROLES = ("reporter", "editor", "engineer", "head", "spokesperson", "adviser", "analyst", "chair")

# One organisation with many members, one person of many posts, one organisation that is
# sold over and over, and one with many products.
HUBS = ("hub-newspaper", "hub-manager", "hub-subsidiary", "hub-publisher")

# Of so many earlier events, any can be amended: a fixed number, so that memory is.
_REMEMBERED = 20_000

_SECOND = 1_000_000
_DAY = 86_400 * _SECOND
_FIRST = temporal.parse_instant("2010-01-01T00:00:00Z")
_LAST = temporal.parse_instant("2026-01-01T00:00:00Z")

# Records of one second are as many numbers apart, so that no two acts on one statement meet.
_APART = 1009

_TYPES = ("joined", "departed", "appointed", "merged", "released", "commented")
_SHARES = (25, 15, 20, 5, 15, 20)


class Sizes(NamedTuple):
    """How large the log is; `acts` is how many records name each hub.

    With `exact` every date is written to the second, for peers that know no other.
    """

    records: int
    entities: int
    acts: int
    exact: bool = False

    @classmethod
    def of(cls, records: int, entities: int | None = None, exact: bool = False) -> Sizes:
        """A hundred records an entity, and hubs of at most 10,000 acts."""
        entities = entities or max(100, records // 100)
        return cls(records, entities, min(10_000, records // 100), exact)


def write(path: Path, sizes: Sizes) -> Workload:
    """Write the portable log."""
    with path.open("wb") as file:
        size = sum(file.write(jsonl.encode(each) + b"\n") for each in records(sizes))
    return workload(path, sizes, size)


def workload(path: Path, sizes: Sizes, size: int) -> Workload:
    """What is in a portable log of so many bytes."""
    days = temporal.format_instant(_FIRST)[:10], temporal.format_instant(_LAST)[:10]
    name = "careers, dates to the second" if sizes.exact else "careers"
    return Workload(name, path, sizes.records, size, _ordinary(sizes), HUBS, days, "story-1")


def records(sizes: Sizes) -> Iterator[dict[str, Any]]:
    """The records, in order of `recorded_at`."""
    return _Desk(sizes).records()


def _ordinary(sizes: Sizes) -> tuple[str, ...]:
    people, organisations, products = _shares(sizes.entities)
    return (
        *(f"person-{number}" for number in range(people)),
        *(f"organisation-{number}" for number in range(organisations)),
        *(f"product-{number}" for number in range(products)),
    )


def _shares(entities: int) -> tuple[int, int, int]:
    """How many of the entities are people, organisations and products."""
    organisations, products = entities // 5, entities // 10
    return entities - organisations - products, organisations, products


class _Desk:
    """What the desk that records all this has in mind."""

    def __init__(self, sizes: Sizes):
        self._sizes = sizes
        self._chance = random.Random(20261125)
        self._people, self._organisations, self._products = _shares(sizes.entities)
        self._remembered: list[tuple[str, dict[str, Any]]] = []
        self._posts: list[tuple[str, str, str | None]] = []
        self._step = (_LAST - _FIRST) // sizes.records

    def records(self) -> Iterator[dict[str, Any]]:
        for number in range(1, self._sizes.records + 1):
            drawn = self._chance.random()
            amending = drawn < CORRECTED + RETRACTED and self._remembered
            body = self._amendment(number, drawn < CORRECTED) if amending else self._told(number)
            instant = _FIRST + number * self._step
            yield {
                "id": f"record-{number}",
                **body,
                "recorded_by": f"desk-{number % 7}",
                "recorded_at": temporal.format_instant(instant),
            }

    def _amendment(self, number: int, corrects: bool) -> dict[str, Any]:
        place = self._chance.randrange(len(self._remembered))
        id, event = self._remembered[place]
        common = {"story": event["story"], "reason": prose(self._chance, 520)}
        if not corrects:
            self._remembered[place] = self._remembered[-1]
            self._remembered.pop()
            return {"type": "retraction", "retracts": id, **common}
        changes = self._changes(number, event)
        return {"type": "correction", "corrects": id, "changes": changes, **common}

    def _changes(self, number: int, event: dict[str, Any]) -> dict[str, Any]:
        match self._chance.randrange(10):
            case 0 if "role" in event:
                return {"role": self._chance.choice(ROLES)}
            case 1 if "person" in event:
                return {"person": self._person()}
            case 2 if event["type"] == "released":
                return {"organisation": self._organisation()}
            case 3:
                return {"body": prose(self._chance, 120)}
            case _:
                return {"when": self._date(number)}

    def _told(self, number: int) -> dict[str, Any]:
        kind, own = self._act()
        # The rest of the record is prose, for 620 to 860 bytes in all.
        length = self._chance.randrange(620, 861) - 400 - len(str(own))
        day = temporal.format_instant(_FIRST + number * self._step)[:10]
        event = {
            "story": f"story-{self._chance.randrange(STORIES)}",
            "type": kind,
            "when": self._date(number),
            **({} if self._sizes.exact or number % 3 else {"zone": "Asia/Shanghai"}),
            **own,
            "headline": prose(self._chance, 40),
            "body": prose(self._chance, max(40, length)),
            "sources": [
                {
                    "url": f"https://example.org/{day}/{number % 9973}",
                    "publisher": f"Paper {self._chance.randrange(40)}",
                    "published": day,
                    "quote": prose(self._chance, 70),
                }
            ],
        }
        self._remember(number, {key: event[key] for key in ("story", "type", *own)})
        return event

    def _remember(self, number: int, event: dict[str, Any]) -> None:
        item = f"record-{number}", event
        if len(self._remembered) < _REMEMBERED:
            self._remembered.append(item)
        else:
            self._remembered[self._chance.randrange(_REMEMBERED)] = item

    def _act(self) -> tuple[str, dict[str, Any]]:
        share = self._sizes.acts / self._sizes.records
        drawn = self._chance.random()
        if drawn < share * len(HUBS):
            return self._act_of_hub(HUBS[int(drawn / share)])
        kind = self._chance.choices(_TYPES, _SHARES)[0]
        match kind:
            case "released":
                own = {"product": self._product(), "organisation": self._organisation()}
                return kind, {**own, "version": f"{self._chance.randrange(1, 30)}.0"}
            case "commented":
                about = [self._organisation(), self._person()]
                return kind, {"speaker": self._person(), "about": about, "quote": self._quote()}
            case "merged":
                first, second, into = (self._organisation() for _ in range(3))
                return kind, {"organisations": [first, second], "into": into}
            case _:
                return self._post(kind, self._person(), self._organisation())

    def _act_of_hub(self, hub: str) -> tuple[str, dict[str, Any]]:
        if hub == "hub-subsidiary":
            into = f"organisation-{self._chance.randrange(min(50, self._organisations))}"
            return "merged", {"organisations": [hub], "into": into}
        if hub == "hub-publisher":
            product = f"product-{self._chance.randrange(min(500, self._products))}"
            return "released", {"product": product, "organisation": hub}
        kind = self._chance.choice(("joined", "departed", "appointed", "commented"))
        if kind == "commented":
            return kind, {"speaker": self._person(), "about": [hub], "quote": self._quote()}
        if hub == "hub-newspaper":
            person = f"person-{self._chance.randrange(min(500, self._people))}"
            return self._post(kind, person, hub)
        organisation = f"organisation-{self._chance.randrange(min(200, self._organisations))}"
        return self._post(kind, hub, organisation)

    def _post(self, kind: str, person: str, organisation: str) -> tuple[str, dict[str, Any]]:
        """Who departs does so from a post that was told of, mostly."""
        role = None
        if kind == "appointed" or self._chance.random() < 0.5:
            role = self._chance.choice(ROLES)
        hub = person in HUBS or organisation in HUBS
        if kind == "departed" and self._posts and not hub and self._chance.random() < 0.8:
            person, organisation, role = self._chance.choice(self._posts)
        elif kind != "departed":
            if len(self._posts) < _REMEMBERED:
                self._posts.append((person, organisation, role))
            else:
                self._posts[self._chance.randrange(_REMEMBERED)] = person, organisation, role
        own = {"person": person, "organisation": organisation}
        if role is not None and (kind != "departed" or self._chance.random() < 0.4):
            own["role"] = role
        return kind, own

    def _date(self, number: int) -> str:
        """Some time before it is recorded: mostly days, sometimes years."""
        late = self._chance.random()
        lag = self._chance.expovariate(1 / 4) if late < 0.85 else self._chance.expovariate(1 / 500)
        instant = max(_FIRST - 2000 * _DAY, _FIRST + number * self._step - int(lag * _DAY) - _DAY)
        second = instant // _SECOND
        second += number % _APART - second % _APART
        text = temporal.format_instant(second * _SECOND)
        if self._sizes.exact:
            return text[:19] + "Z"
        day = text[:10]
        match self._chance.randrange(20):
            case 0 | 1:
                return day + "~"
            case 2 | 3 | 4:
                return day[:7]
            case 5:
                return day[:4]
            case 6:
                return day[:7] + "?"
            case 7:
                earlier = temporal.format_instant(instant - 40 * _DAY)[:10]
                return f"[{earlier}..{day}]"
            case 8:
                return f"{day[:4]}-{self._chance.randrange(21, 25)}"
            case 9 | 10 | 11:
                return text[:16] + "+08:00"
            case 12:
                return text[:19] + "Z"
            case _:
                return day

    def _person(self) -> str:
        return f"person-{self._chance.randrange(self._people)}"

    def _organisation(self) -> str:
        return f"organisation-{self._chance.randrange(self._organisations)}"

    def _product(self) -> str:
        return f"product-{self._chance.randrange(self._products)}"

    def _quote(self) -> str:
        return prose(self._chance, 60)
